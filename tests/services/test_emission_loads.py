"""Caps on loads at a site: each is told of, and one that cannot be added up says what must be answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.core.permits.decisions import condition, decision
from tests.rules.averages import short
from tests.services.deliveries import NOW, open_record
from tests.services.stacks import ALL, NOX, PROCESSING

from goedebuur.core.base.sourced import Status
from goedebuur.core.compliance.emissions.outcomes import Outcome
from goedebuur.core.emissions.streams import Stream
from goedebuur.services import emission_loads, permits, streams
from goedebuur.services.emission_loads import LoadVerdict
from goedebuur.services.record import Record

YEAR = 2026
MASS = 25_000_000
"""25 kg in each half hour. [mg]"""
CONFIRMED = replace(PROCESSING, status=Status.CONFIRMED, question="")
TWELVE_HUNDRED = "@2026-03-03T00:00 48x10"
"""48 × 25 kg = 1,200 kg; all the rest of the year the plant stood still."""
MORE = "@2026-03-03T00:00 49x10"


class Each:
    """The same averages for every stream."""

    def __init__(self, values: str) -> None:
        self.frame = short(values, YEAR, 30, mass=MASS)

    def short(self, stream: Stream, year: int) -> pl.DataFrame:
        return self.frame.with_columns(stream=pl.lit(stream.id))

    def inputs(self) -> Sequence[str]:
        return ()


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    streams.put(found, [CONFIRMED if one == PROCESSING else one for one in ALL], NOW)
    yield found
    found.close()


def judged(record: Record, values: str, unit: str = "t", period: str = "year", **fields: Any) -> LoadVerdict:
    form = {"substance": {"name": "NOx", "id": "nox"}, "value": "1.2", "unit": unit, "period": period}
    begins = fields.pop("begins", "2025-01-01")
    told = condition("1", kind="load_cap", form=form, **fields)
    permits.publish(record, decision("plafond", begins, told, site="werk", example=True), NOW)
    (found,) = emission_loads.of_site(record, "werk", YEAR, Each(values))
    return found


def test_load_of_the_points_that_a_cap_names_is_added_up(record: Record) -> None:
    found = judged(record, TWELVE_HUNDRED, emission_points=["K1"])
    assert [(one.start, one.outcome, one.high) for one in found.periods] == [("2026", Outcome.MEETS, Fraction(1200))]
    assert not found.question


def test_point_without_an_instrument_leaves_a_cap_open_and_is_named(record: Record) -> None:
    found = judged(record, TWELVE_HUNDRED, emission_points=["K1", "K2"])
    assert [one.outcome for one in found.periods] == [Outcome.UNDETERMINED]
    assert found.question.en == "How much NOx leaves K2? No instrument in the record tells."


def test_cap_that_one_point_alone_passes_is_exceeded_whatever_the_others_let_go(record: Record) -> None:
    found = judged(record, MORE, emission_points=["K1", "K2"])
    assert [one.outcome for one in found.periods] == [Outcome.EXCEEDS]
    assert not found.question


def test_cap_on_the_whole_site_is_about_points_without_instruments_too(record: Record) -> None:
    found = judged(record, TWELVE_HUNDRED)
    assert [one.outcome for one in found.periods] == [Outcome.UNDETERMINED]
    assert "K2" in found.question.en


def test_two_streams_of_one_time_are_a_question(record: Record) -> None:
    streams.put(record, [replace(NOX, id="K1-nox-b", series="K1--b.stack_nox.1min")], NOW + timedelta(hours=1))
    found = judged(record, TWELVE_HUNDRED, emission_points=["K1"])
    assert [one.outcome for one in found.periods] == [Outcome.UNDETERMINED]
    assert "K1-nox, K1-nox-b" in found.question.en


def test_cap_that_began_within_the_year_decides_nothing_of_the_year(record: Record) -> None:
    found = judged(record, MORE, emission_points=["K1"], begins="2026-03-02")
    assert [(one.outcome, one.code) for one in found.periods] == [(Outcome.UNDETERMINED, "cap-part")]
    assert "throughout" in found.question.en


def test_cap_that_began_within_the_year_counts_for_the_months_after(record: Record) -> None:
    found = judged(record, TWELVE_HUNDRED, "t", "month", emission_points=["K1"], begins="2026-02-15")
    told = {one.start: (one.outcome, one.code) for one in found.periods}
    assert "2026-01" not in told
    assert told["2026-02"] == (Outcome.UNDETERMINED, "cap-part")
    assert told["2026-03"] == (Outcome.MEETS, "load-not-above")


def test_load_that_no_mass_converts_to_is_a_question(record: Record) -> None:
    found = judged(record, TWELVE_HUNDRED, "g TEQ", emission_points=["K1"])
    assert [(one.outcome, one.code) for one in found.periods] == [(Outcome.UNDETERMINED, "load-not-added")]
    assert "added up" in found.question.en


def test_settings_that_are_not_confirmed_decide_no_load(record: Record) -> None:
    streams.put(record, (PROCESSING,), NOW + timedelta(hours=1), reason="toch niet bevestigd")
    found = judged(record, MORE, emission_points=["K1"])
    assert [(one.outcome, one.code) for one in found.periods] == [(Outcome.UNDETERMINED, "settings-open")]
    assert found.question.en == PROCESSING.question
