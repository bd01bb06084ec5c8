"""A delivery that is to be closed meets the checks of an open one, and nothing of it is told or left anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, open_record
from tests.services.stacks import ALL, NOX
from tests.services.test_embargo import LATER, elsewhere, held
from tests.services.test_examining import bytes_in
from tests.services.test_stack_delivery import HEAD, ROWS, SPAN, STILL

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.rulebook import Severity
from goedebuur.services import delivery, embargo, examining, streams
from goedebuur.services.examining import Finding
from goedebuur.services.record import Record

TERMS = {"opens": date(2026, 6, 1), "role": "inspector", "ground": "Woo 5.1(6)", "now": NOW}
RAW = HEAD + ROWS
WRONG = {
    "stack-record-stream-known": RAW.replace("K1.stack_o2", "K9.stack_o2"),
    "stack-record-unit": RAW.replace("[mg/m³]", "[µg/m³]").replace("183,4", "183400"),
    "stack-record-day": RAW.replace("nox;2026-01-01 00:01", "nox;2026-01-02 00:00"),
    "cell-number": RAW.replace("183,4", "veel"),
    "stack-status-explained": RAW.replace("12;1", "12;8"),
}
CONTENT = ("K1", "K9", "stack", "nox", "veel", "183", "µg", "2026", "raw")
"""What none of these deliveries may be told by, beside the names of the rules."""


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path / "record")
    streams.put(found, ALL, NOW)
    streams.put(found, [replace(NOX, valid_to=date(2026, 1, 1))], NOW + timedelta(hours=1), reason="weg")
    yield found
    found.close()


def examine(record: Record, data: bytes) -> list[Finding]:
    return embargo.examine(record, data, "raw.csv", **TERMS)  # type: ignore[arg-type]


def close(record: Record, data: bytes) -> int:
    return embargo.close(record, data, "raw.csv", **TERMS)  # type: ignore[arg-type]


def told(found: list[Finding]) -> list[tuple[Severity, str, str]]:
    return list(dict.fromkeys((one.severity, one.check, one.code) for one in found))


def opened(record: Record, data: bytes) -> list[Finding]:
    looked = examining.read(data, "raw.csv", record=record)
    return examining.findings(looked.refusals, looked.more, looked.prepared, record)


@pytest.mark.parametrize("check", list(WRONG))
def test_what_an_open_delivery_is_refused_for_is_not_closed_either(record: Record, check: str) -> None:
    data = WRONG[check].encode()
    with pytest.raises(GoedeBuurError) as public:
        delivery.deliver(record, data, "raw.csv", now=NOW)
    size = record.size
    with pytest.raises(GoedeBuurError) as caught:
        close(record, data)
    assert (caught.value.code, caught.value.check) == (public.value.code, check)
    assert (caught.value.place, caught.value.value) == ("file", "")
    said = f"{caught.value.message} {caught.value.hint}"
    assert [one for one in CONTENT if one in said] == []
    assert (record.size, held(record)) == (size, [])


@pytest.mark.parametrize("data", [*WRONG.values(), STILL.decode(), RAW])
def test_dry_run_finds_what_that_of_an_open_delivery_finds_and_writes_nothing(record: Record, data: str) -> None:
    before = bytes_in(record.data_dir)
    found = examine(record, data.encode())
    assert told(found) == told(opened(record, data.encode()))
    for one in examining.as_answer(found):
        said = json.dumps({name: one[name] for name in ("message", "place", "value", "hint")})
        assert [word for word in CONTENT if word in said] == []
    assert bytes_in(record.data_dir) == before


def test_closed_raw_signals_are_nowhere_until_they_are_opened(record: Record) -> None:
    data = STILL.replace(b"# stream: nox", b"# stream: geheim").replace(b"\nnox;", b"\ngeheim;")
    assert [one.check for one in examine(record, data)] == ["stack-values-stuck"]
    leaf = close(record, data)
    assert b"geheim" not in elsewhere(record)
    read = {"series": [NOX.series], "start": SPAN[0], "end": SPAN[1]}
    assert record.observations.read(**read).is_empty()
    embargo.open_(record, leaf, LATER)
    assert record.observations.read(**read).height == 12 * 60


def test_raw_signals_of_a_stack_tell_of_emissions_and_are_not_closed_on_a_ground_for_other_things(
    record: Record,
) -> None:
    """Woo art. 5.1(7): the grounds of its first two paragraphs do not hold for emissions; its sixth does."""
    terms = TERMS | {"ground": "Woo 5.1(2)(d)"}
    with pytest.raises(GoedeBuurError) as caught:
        embargo.close(record, RAW.encode(), "raw.csv", **terms)  # type: ignore[arg-type]
    assert caught.value.code == "closing-emissions"
    found = embargo.examine(record, RAW.encode(), "raw.csv", **terms)  # type: ignore[arg-type]
    assert [(one.severity, one.code) for one in found] == [(Severity.REFUSE, "closing-emissions")]
    close(record, RAW.encode())
