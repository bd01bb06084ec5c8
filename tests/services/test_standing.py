"""How a station stands: law and advice apart, and what is unknown never passed over."""

from __future__ import annotations

import pytest

from goedebuur.core.compliance.verdicts import Outcome, Standing, Verdict
from goedebuur.services.standing import NOT_ASSESSED, by_station, standing


def verdict(
    kind: str, outcome: Outcome, quantity: str = "pm10", at: Standing | None = None, station: str = "A"
) -> Verdict:
    law = kind == "limit_value"
    return Verdict(
        series=f"{station}.{quantity}.1h",
        station=station,
        quantity=quantity,
        year=2021,
        limit_id="x",
        set="x",
        kind=kind,
        statistic="year_mean",
        standing=at or (Standing.IN_FORCE if law else Standing.ADVICE),
        outcome=outcome,
        reason_code="",
        reason="",
        reason_en="",
        value_text="",
        limit_text="40",
        unit="µg/m³",
        exceedances=None,
        allowed=None,
        capture_num=0,
        capture_den=1,
        required_num=0,
        required_den=0,
        total=0,
        n=0,
        question="",
        question_en="",
        reservations=("x",),
        reservations_en=("x",),
    )


MET = verdict("limit_value", Outcome.MEETS)
EXCEEDED = verdict("limit_value", Outcome.EXCEEDS, "no2")
UNKNOWN = verdict("limit_value", Outcome.UNDETERMINED, "so2")
WITHIN = verdict("guideline", Outcome.WITHIN_GUIDELINE)
ABOVE = verdict("guideline", Outcome.ABOVE_GUIDELINE, "pm25")
ADVICE_UNKNOWN = verdict("guideline", Outcome.UNDETERMINED)


@pytest.mark.parametrize(
    ("verdicts", "symbol"),
    [
        ([], "none"),
        ([MET, WITHIN], "below"),
        ([MET, ABOVE], "above-guideline"),
        ([EXCEEDED, WITHIN], "above-limit"),
        ([EXCEEDED, ABOVE, UNKNOWN], "above-limit"),
        ([MET, UNKNOWN, WITHIN], "unknown"),
        ([MET, WITHIN, ADVICE_UNKNOWN], "unknown"),
        ([UNKNOWN, ABOVE], "above-guideline"),
        ([MET], "below"),
    ],
)
def test_worst_outcome_is_what_the_map_shows(verdicts: list[Verdict], symbol: str) -> None:
    assert standing(verdicts).symbol == symbol


def test_limit_that_did_not_bind_yet_does_not_count() -> None:
    later = verdict("limit_value", Outcome.EXCEEDS, at=Standing.LOOKING_AHEAD)
    assert standing([MET, WITHIN, later]).symbol == "below"


def test_advice_of_later_counts_and_is_said_to_be_of_later() -> None:
    # air of 2019 above the advice of 2021 was shown as within the guidelines, with which nothing had been compared
    later = verdict("guideline", Outcome.ABOVE_GUIDELINE, at=Standing.LATER_ADVICE)
    found = standing([MET, later])
    assert (found.symbol, found.above_guidelines, found.later_advice) == ("above-guideline", ("pm10",), True)
    assert not standing([MET, ABOVE]).later_advice


@pytest.mark.parametrize("kind", ["interim_target_1", "interim_target_4"])
def test_interim_target_does_not_count(kind: str) -> None:
    assert standing([MET, WITHIN, verdict(kind, Outcome.ABOVE_GUIDELINE)]).symbol == "below"


def test_quantities_that_exceed_are_named_by_law_and_advice_apart() -> None:
    found = standing([MET, EXCEEDED, UNKNOWN, ABOVE])
    assert (found.above_limits, found.above_guidelines) == (("no2",), ("pm25",))
    assert (found.undetermined, found.assessed) == (1, 4)


def test_each_station_has_its_own_standing() -> None:
    found = by_station([MET, verdict("limit_value", Outcome.EXCEEDS, station="B")])
    assert (found["A"].limit, found["B"].limit) == (Outcome.MEETS, Outcome.EXCEEDS)


def test_nothing_assessed_has_no_outcome() -> None:
    assert standing([]) == NOT_ASSESSED
