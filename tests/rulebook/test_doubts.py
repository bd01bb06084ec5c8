"""Who delivers is told what makes the delivery as a whole doubtful, with the rule behind it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.adapters.samples import SAMPLES
from tests.services.deliveries import NOW, open_record, station_file

from goedebuur.core.base.rulebook import noted
from goedebuur.services import delivery
from goedebuur.services.record import Record

PLAIN = [str(3 + n % 7) for n in range(48)]


def corrected(record: Record, cells: list[str]) -> tuple[str, ...]:
    delivery.deliver(record, station_file({"NL90001": PLAIN}), "2019_SO2.csv", now=NOW)
    return delivery.deliver(record, station_file({"NL90001": cells}), "2019_SO2.csv", now=NOW).doubts


def simulated(record: Record) -> tuple[str, ...]:
    delivery.deliver(record, station_file({"NL90001": PLAIN}), "2019_SO2.csv", now=NOW)
    _, name, data = SAMPLES["simulated knmi"]
    return delivery.deliver(record, data, name, now=NOW).doubts


# one in ten, and one in five, is let through: 4 of 48 above 1000 µg/m³ (EN 14212), 9 of 48 changed
CASES = {
    "doubt-many-marked": (
        lambda record: corrected(record, [*PLAIN[:43], *["1500"] * 5]),
        lambda record: corrected(record, [*PLAIN[:44], *["50"] * 4]),
    ),
    "doubt-much-changed": (
        lambda record: corrected(record, [*["8.5"] * 10, *PLAIN[10:]]),
        lambda record: corrected(record, [*["8.5"] * 9, *PLAIN[9:]]),
    ),
    "doubt-thousandfold": (
        lambda record: corrected(record, [f"0.00{cell}" for cell in PLAIN]),
        lambda record: corrected(record, [f"0.0{cell}" for cell in PLAIN]),
    ),
    "record-simulated-apart": (
        simulated,
        lambda record: delivery.deliver(record, SAMPLES["simulated knmi"][2], "uurgeg.txt", now=NOW).doubts,
    ),
}


@pytest.mark.parametrize("check", list(CASES))
def test_noted(check: str, tmp_path: Path) -> None:
    broken, kept = CASES[check]
    assert check in [noted(told)[1] for told in broken(open_record(tmp_path / "a"))]
    assert check not in [noted(told)[1] for told in kept(open_record(tmp_path / "b"))]
