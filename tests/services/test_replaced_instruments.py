"""An instrument that was replaced within a year: the limit is on the point, so the year is of both instruments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from tests.core.permits.decisions import decision
from tests.rules.averages import short
from tests.services.deliveries import NOW, open_record
from tests.services.stacks import ALL, NOX, PROCESSING

from goedebuur.core.base.sourced import Status
from goedebuur.core.compliance.emissions import explanation
from goedebuur.core.compliance.emissions.outcomes import EmissionVerdict, Outcome
from goedebuur.core.emissions.streams import Stream
from goedebuur.services import emission_verdicts, permits, streams
from goedebuur.services.emission_verdicts import SiteYear
from goedebuur.services.record import Record

YEAR = 2026
OLD = replace(NOX, valid_to=date(2026, 3, 3))
NEW = replace(NOX, id="K1-nox-b", valid_from=date(2026, 3, 4))
TURN = datetime(2026, 3, 3, 23, tzinfo=UTC)
"""4 March begins on winter time."""
RULES = [{"rule": one, "emission_points": ["K1"], "oxygen": "11"} for one in ("bal.4.73", "bal.4.73.month")]
SETTLED = replace(PROCESSING, status=Status.CONFIRMED, question="")


class Given:
    """The averages of both instruments: of each the days on which it was in use."""

    def __init__(self, values: str) -> None:
        frame = short(values, YEAR, 30).with_columns(reference=pl.lit("o2=11 dry"))
        name = pl.when(pl.col("start") < TURN).then(pl.lit("K1-nox")).otherwise(pl.lit("K1-nox-b"))
        self.frame = frame.with_columns(stream=name)

    def short(self, stream: Stream, year: int) -> pl.DataFrame:
        return self.frame.filter(pl.col("stream") == stream.id)

    def inputs(self) -> Sequence[str]:
        return ("ab" * 32,)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    there = [{NOX: OLD, PROCESSING: SETTLED}.get(one, one) for one in ALL]  # type: ignore[call-overload]
    streams.put(found, [*there, NEW], NOW)
    permits.publish(found, decision("regels", "2023-01-01", site="werk", general_rules=RULES, example=True), NOW)
    yield found
    found.close()


def assess(record: Record, values: str, shown: dict[str, Fraction]) -> SiteYear:
    return emission_verdicts.assess(record, "werk", YEAR, Given("@2026-03-03T00:00 " + values), shown=shown)


def only(found: SiteYear, requirement: str) -> EmissionVerdict:
    (one,) = [one for one in found.verdicts if one.requirement == requirement]
    return one


SAME = {"K1-nox": Fraction(14), "K1-nox-b": Fraction(14)}


@pytest.mark.parametrize(
    ("values", "over", "outcome"),
    [
        # 1 on 3 March and 2 on 4 March: 3 > 0.03 × 96 = 2.88
        ("47x114 1x115 46x114 2x115", 3, Outcome.EXCEEDS),
        ("47x114 1x115 47x114 1x115", 2, Outcome.MEETS),
    ],
)
def test_year_is_counted_over_both_instruments(record: Record, values: str, over: int, outcome: Outcome) -> None:
    found = only(assess(record, values, SAME), "nox-half_hour-97-year")
    assert (found.stream, found.year.n, found.year.over, found.outcome) == ("K1-nox", 96, over, outcome)


def test_month_is_the_mean_of_both_instruments(record: Record) -> None:
    # (48 × (80 − 14) + 48 × (88 − 14)) / 96 = 70 ≤ 70, by days too
    assert only(assess(record, "48x80 48x88", SAME), "nox-month").outcome is Outcome.MEETS
    assert only(assess(record, "48x80 48x88.000001", SAME), "nox-month").outcome is Outcome.EXCEEDS


@pytest.mark.parametrize(("value", "outcome"), [("110", Outcome.MEETS), ("110.000001", Outcome.EXCEEDS)])
def test_from_each_value_goes_what_was_shown_of_its_own_instrument(
    record: Record, value: str, outcome: Outcome
) -> None:
    # 114 − 14 = 100 on 3 March, 110 − 10 = 100 on 4 March
    shown = {"K1-nox": Fraction(14), "K1-nox-b": Fraction(10)}
    assert only(assess(record, f"48x114 48x{value}", shown), "nox-day").outcome is outcome


def test_where_nothing_was_shown_of_the_second_its_days_stay_open(record: Record) -> None:
    found = only(assess(record, "48x114 48x110", {"K1-nox": Fraction(14)}), "nox-day")
    told = {one.start: one.outcome for one in found.periods if one.outcome is not Outcome.NOT_JUDGED}
    assert told == {"2026-03-03": Outcome.MEETS, "2026-03-04": Outcome.UNDETERMINED}
    assert found.question


def test_explanation_says_which_instrument_measured_when(record: Record) -> None:
    values = Given("@2026-03-03T00:00 48x114 48x114")
    told = emission_verdicts.one(record, "werk", YEAR, "K1-nox-b", "nox-day", values, shown=SAME)
    verdict, requirement, shorts, book = told
    said = (
        "Measured by K1-nox from 2026-01-01 up to and including 2026-03-03; "
        "by K1-nox-b from 2026-03-04 up to and including 2026-12-31."
    )
    lines = explanation.explain(verdict, requirement, shorts, YEAR, "2026", book).lines
    assert said in [one.en for one in lines]


def test_two_instruments_side_by_side_are_each_judged(record: Record) -> None:
    beside = replace(NEW, valid_from=date(2026, 3, 3), series="K1--b.stack_nox.1min")
    streams.put(record, [beside], NOW.replace(hour=NOW.hour + 1), reason="een dag eerder")
    found = assess(record, "48x114 48x114", SAME)
    assert {one.stream for one in found.verdicts if one.requirement == "nox-day"} == {"K1-nox", "K1-nox-b"}
