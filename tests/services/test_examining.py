"""A delivery can be examined beforehand: all that would be refused, marked or noted, with the same checks."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tests.adapters.samples import SAMPLES, knmi, rivm_until_2022, stack_long
from tests.rulebook import test_cells, test_knmi, test_other_formats, test_rivm, test_stack
from tests.services.deliveries import NOW, open_record, station_file
from tests.services.signing import BUREAU, enter, sign, statement

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.rulebook import MOST_OF_ONE, Severity
from goedebuur.services import delivery, examining, preparing, submitting
from goedebuur.services.examining import Finding

NAME = "2019_SO2.csv"
CASES = test_rivm.CASES | test_knmi.CASES | test_other_formats.CASES | test_cells.CASES | test_stack.CASES


def found(data: bytes, name: str = NAME) -> list[Finding]:
    looked = examining.read(data, name)
    return examining.findings(looked.refusals, looked.more, looked.prepared)


def bytes_in(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_all_cells_at_fault_are_told_and_not_only_the_first() -> None:
    data = rivm_until_2022().replace(b"-0.5", b"veel").replace(b"16.150", b"1,5").replace(b"2.25", b"99999999")
    assert sorted((one.check, one.place, one.value) for one in found(data) if one.severity is Severity.REFUSE) == [
        ("cell-magnitude", f"{NAME}, line 13, column NL90002", "99999999 with 0 decimals, in µg/m³"),
        ("cell-number", f"{NAME}, line 11, column NL90001", "veel"),
        ("cell-number", f"{NAME}, line 13, column NL90001", "1,5"),
    ]


def test_times_and_cells_at_fault_are_told_together() -> None:
    data = rivm_until_2022().replace(b"20190101 01:00;20190101 02:00", b"20190101 01:00;20190101 04:00")
    data = data.replace(b"16.150", b"x")
    assert [one.check for one in found(data)] == ["rivm-hour-long", "cell-number", "value-range"]


@pytest.mark.parametrize("check", list(CASES))
def test_first_finding_is_what_a_real_delivery_is_refused_for(check: str) -> None:
    case = CASES[check]
    adapter, name, data = SAMPLES[case.sample]
    changed = case.change(data)
    with pytest.raises(GoedeBuurError) as raised:
        preparing.prepare(changed, name, preparing.choose(changed, name, adapter))
    looked = examining.read(changed, name, adapter)
    assert looked.refusals[0].as_dict() == raised.value.as_dict()


@pytest.mark.parametrize("what", list(SAMPLES))
def test_sample_that_is_taken_in_has_no_refusal(what: str) -> None:
    adapter, name, data = SAMPLES[what]
    looked = examining.read(data, name, adapter)
    assert looked.refusals == ()
    assert looked.prepared is not None
    assert looked.prepared.rows.equals(preparing.prepare(data, name, preparing.choose(data, name, adapter)).rows)


def test_all_that_is_wrong_with_raw_signals_is_told() -> None:
    data = stack_long().decode().replace("nox;2026-01-31 23:00", "no;2026-01-31 23:00").replace("1,25;7", "1.25;8")
    data = data.replace("o2;2026-01-31 23:00", "o2;gisteren").replace(
        "o2;2026-01-31 23:02;11", "o2;2026-01-31 23:02;elf"
    )
    assert [(one.check, one.value) for one in examining.read(data.encode(), "januari.csv").refusals] == [
        ("stack-stream-described", "no"),
        ("stack-time", "gisteren"),
        ("stack-status-explained", "8"),
        ("cell-number", "elf"),
    ]


def test_many_rows_at_fault_are_listed_to_a_number_and_counted_beyond() -> None:
    data = station_file({"NL90001": ["x"] * 100})
    listed = found(data)
    assert [one.check for one in listed] == ["cell-number"] * (MOST_OF_ONE + 1)
    assert listed[-1].number == 100 - MOST_OF_ONE


def test_what_follows_from_a_refusal_is_not_told_besides() -> None:
    data = knmi().replace(b"20191231,   22,", b"20191231,   2x,")
    assert [one.check for one in found(data, "uurgeg_901.txt") if one.severity is Severity.REFUSE] == ["knmi-hour"]
    checks = {one.check for one in found(data, "uurgeg_901.txt")}
    assert not checks & {"knmi-hours-missing", "value-after-gap"}


def test_marks_are_counted_with_the_first_of_them() -> None:
    (mark,) = (one for one in found(knmi(), "uurgeg_901.txt") if one.check == "knmi-code")
    assert (mark.severity, mark.code, mark.number) == (Severity.FLAG, "NOT_A_VALUE", 5)
    assert mark.place == "uurgeg_901.txt, first: series KNMI901.cloud_cover.1h at 2019-12-31T20:00:00Z"


def test_examining_writes_nothing_and_says_what_would_change(tmp_path: Path) -> None:
    record = open_record(tmp_path / "record")
    enter(record, BUREAU)
    plain = [str(3 + n % 7) for n in range(48)]
    delivery.deliver(record, station_file({"NL90001": plain}), NAME, now=NOW)
    record.close()
    before = bytes_in(tmp_path)
    record = open_record(tmp_path / "record")
    data = station_file({"NL90001": [*["8.5"] * 20, *plain[20:]]})
    checked = submitting.check(record, sign(statement(data)), data, NOW, every=True)
    notes = [one["check"] for one in submitting.as_answer(checked, record)["found"] if one["severity"] == "note"]
    record.close()
    assert notes == ["doubt-much-changed"]
    assert bytes_in(tmp_path) == before


def test_signed_delivery_is_told_both_what_its_statement_and_what_its_bytes_break(tmp_path: Path) -> None:
    record = open_record(tmp_path / "record")
    enter(record)
    data = station_file({"NL90001": ["x", "y"]})
    checked = submitting.check(record, sign(statement(data, method="met de hand")), data, NOW, every=True)
    assert [one.check for one in checked.findings] == ["submitter-scope-method", "cell-number", "cell-number"]
    first = submitting.check(record, sign(statement(data, method="met de hand")), data, NOW)
    assert first.findings[0].as_dict() == checked.findings[0].as_dict()


def test_gravest_severity_counts() -> None:
    note, mark, refusal = (Finding(one, "", "") for one in (Severity.NOTE, Severity.FLAG, Severity.REFUSE))
    assert examining.worst([note, mark]) is Severity.FLAG
    assert examining.worst([mark, refusal]) is Severity.REFUSE
    assert examining.worst([]) is None
