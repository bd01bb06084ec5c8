"""The answered finding of the demonstration: two days that are too high, two claims, one of them accepted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, open_record

from goedebuur.core.compliance.emissions.outcomes import Outcome
from goedebuur.services import answer_sides, case_check, publications
from goedebuur.services.demo import answered, permits
from goedebuur.services.record import Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path / "examples")
    permits.load(found, NOW, "simulatie")
    yield found
    found.close()


def test_accepted_start_up_leaves_one_day_too_high(record: Record) -> None:
    answered.load(record)
    (finding,) = publications.every(record)
    shown = finding.now.finding
    assert (shown.simulated, shown.operators, "verzonnen" in shown.subject) == (True, (answered.OPERATOR,), True)
    told = answer_sides.of_publication(record, shown)
    assert [one.word for one in told.claims] == ["ACCEPTED", "REFUSED"]
    (only,) = told.compared
    days = {row.start: row for row in only.periods}
    # (8 × 126 + 16 × 44) / 24 = 71.333 and (10 × 111 + 14 × 44) / 24 = 71.917, of 66; without the eight hours 44
    third, fifth = days["2026-01-13"], days["2026-01-15"]
    assert (float(third.reported.high or 0), float(third.accepted.high or 0)) == (pytest.approx(71.3333, abs=1e-4), 44)
    assert (third.reported.outcome, third.accepted.outcome) == (Outcome.EXCEEDS, Outcome.MEETS)
    assert float(fifth.accepted.high or 0) == pytest.approx(71.9167, abs=1e-4)
    assert (fifth.reported.outcome, fifth.accepted.outcome) == (Outcome.EXCEEDS, Outcome.EXCEEDS)
    assert (only.reported.outcome, only.accepted.outcome) == (Outcome.EXCEEDS, Outcome.EXCEEDS)
    assert len(only.averages_accepted) == 8
    assert case_check.histories() == []


def test_done_again_nothing_is_added(record: Record) -> None:
    answered.load(record)
    size = record.size
    answered.load(record)
    assert record.size == size
