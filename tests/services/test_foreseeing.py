"""What is found in a delivery before it is signed is what is found once it is, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.adapters.samples import SAMPLES, stack_long
from tests.rulebook import test_other_formats, test_rivm, test_stack
from tests.services.deliveries import NOW, open_record, station_file
from tests.services.measuring import MEASURING, report_file
from tests.services.signing import BUREAU, FILE, OTHER_KEY, enter, key, sign, statement
from tests.services.stacks import ALL
from tests.services.test_examining import bytes_in
from tests.services.test_instrument_tests import QAL2, report

from goedebuur.adapters import stack_tables
from goedebuur.core.base.rulebook import Severity
from goedebuur.core.ledger.submitters import Scope
from goedebuur.services import delivery, examining, foreseeing, streams, submitters, submitting
from goedebuur.services import stack_tables as tables
from goedebuur.services.foreseeing import Foreseen
from goedebuur.services.record import Record

NAME = "2019_SO2.csv"
METHOD = "NEN-EN 14212:2012"
CASES = test_rivm.CASES | test_other_formats.CASES | test_stack.CASES


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    everything = replace(BUREAU, scope=(*BUREAU.scope, Scope(("stack_csv",), ("*",), ("K1*",)), *MEASURING.scope))
    enter(found, everything)
    streams.put(found, ALL, NOW)
    yield found
    found.close()


def both(
    record: Record, data: bytes, name: str = NAME, method: str = METHOD, adapter: str = ""
) -> tuple[Foreseen, list[dict[str, object]]]:
    """Return what is foreseen, and what the dry run of a signed delivery of the same says."""
    found = foreseeing.foresee(record, data, name, NOW, submitter="meetbureau", method=method, adapter=adapter)
    said = statement(data, name=name, adapter=found.adapter or "rivm_lml", method=method)
    checked = submitting.check(record, sign(said), data, NOW, every=True)
    return found, submitting.as_answer(checked, record)["found"]


def test_good_file_has_no_refusal_and_the_values_that_it_holds(record: Record) -> None:
    found, told = both(record, FILE)
    assert (found.refused, found.values, found.rows, found.adapter) == (False, 4, 4, "rivm_lml")
    assert [one.id for one in found.keys] == ["k1"]
    assert examining.as_answer(found.found) == told


@pytest.mark.parametrize("check", list(CASES))
def test_what_is_foreseen_is_what_the_dry_run_of_a_signed_delivery_says(record: Record, check: str) -> None:
    adapter, name, data = SAMPLES[CASES[check].sample]
    found, told = both(record, CASES[check].change(data), name, adapter=adapter)
    assert found.refused
    assert examining.as_answer(found.found) == told


def test_place_quantity_and_method_outside_the_scope_are_foreseen(record: Record) -> None:
    elsewhere = station_file({"NL80001": ["12.5"]})
    found, told = both(record, elsewhere)
    assert [one.check for one in found.found if one.severity is Severity.REFUSE] == ["submitter-own-site"]
    assert examining.as_answer(found.found) == told
    found, told = both(record, FILE, method="met de hand")
    assert [one.check for one in found.found if one.severity is Severity.REFUSE] == ["submitter-scope-method"]
    assert examining.as_answer(found.found) == told


def test_report_with_another_accreditation_is_foreseen(record: Record) -> None:
    data = report_file([report("qal2", QAL2) | {"accreditation": "L123"}])
    found, told = both(record, data, "rapport.json", "EN 14792")
    assert "statement-report-accreditation" in [one.check for one in found.found]
    assert examining.as_answer(found.found) == told


def test_correction_is_compared_with_what_is_in_the_record(record: Record) -> None:
    delivery.deliver(record, FILE, NAME, now=NOW)
    changed = FILE.replace(b"12.5", b"12.7")
    found, told = both(record, changed)
    assert any(one.severity is Severity.NOTE for one in found.found)
    assert examining.as_answer(found.found) == told


def test_nobody_named_is_a_look_at_the_file_and_the_streams(record: Record) -> None:
    found = foreseeing.foresee(record, stack_long().replace(b"K1.", b"K9."), "ruw.csv", NOW)
    assert found.submitter is None
    assert "stack-record-stream-known" in [one.check for one in found.found]


def test_submitter_who_is_unknown_or_has_no_key_that_counts_is_told_so(tmp_path: Path) -> None:
    record = open_record(tmp_path)
    found = foreseeing.foresee(record, FILE, NAME, NOW, submitter="niemand")
    assert next(one.check for one in found.found) == "submitter-known"
    enter(record, BUREAU, valid_to="2026-01-15")
    found = foreseeing.foresee(record, FILE, NAME, NOW, submitter="meetbureau", method=METHOD)
    assert next(one.check for one in found.found) == "submitter-key-term"
    assert found.keys == ()
    record.close()


def test_one_key_that_counts_is_enough(tmp_path: Path) -> None:
    record = open_record(tmp_path)
    enter(record, BUREAU, valid_to="2026-01-15")
    submitters.add_key(record, "meetbureau", key(id="k2", vkey=OTHER_KEY.vkey), NOW)
    found = foreseeing.foresee(record, FILE, NAME, NOW, submitter="meetbureau", method=METHOD)
    assert ([one.id for one in found.keys], found.refused) == (["k2"], False)
    record.close()


@pytest.mark.parametrize("name", ["x" * 201, "regel\nbreuk.csv"])
def test_name_that_a_statement_cannot_have_is_foreseen(record: Record, name: str) -> None:
    found = foreseeing.foresee(record, FILE, name, NOW, submitter="meetbureau", method=METHOD)
    assert "submission-malformed" in [one.code for one in found.found]


def test_table_set_is_looked_at_with_the_sheet_row_and_column_of_each_fault(record: Record) -> None:
    held = tables.export(record, "werk")
    data = stack_tables.as_workbook(held)
    found = foreseeing.foresee(record, data, "werk.xlsx", NOW)
    assert (found.adapter, found.refused) == ("stack_tables", False)
    assert ("streams", 0, 0, 3) in found.counts
    header, rows = held["streams"]
    wrong = [dict(row) | ({"role": "rol"} if row["id"] == "K1-nox" else {}) for row in rows]
    data = stack_tables.as_zip(held | {"streams": (header, wrong)})
    (fault,) = foreseeing.foresee(record, data, "werk.zip", NOW).found
    assert (fault.severity, fault.value) == (Severity.REFUSE, "rol")
    assert fault.place.startswith("sheet streams, row ")
    assert fault.place.endswith(", column role")


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00" * 1000, b"PK\x03\x04" + b"\xff" * 100, b"{" * 100_000, b"a;b\n" * 1000, bytes(range(256)) * 50],
    ids=["empty", "zeros", "broken archive", "deep", "nothing known", "every byte"],
)
def test_hostile_file_is_refused_and_nothing_is_kept(record: Record, tmp_path: Path, data: bytes) -> None:
    before = bytes_in(tmp_path)
    for who in ("", "meetbureau"):
        assert foreseeing.foresee(record, data, "bestand", NOW, submitter=who).refused
    assert bytes_in(tmp_path) == before


def test_nothing_is_kept_of_a_good_file(record: Record, tmp_path: Path) -> None:
    before = bytes_in(tmp_path)
    assert not foreseeing.foresee(record, FILE, NAME, NOW, submitter="meetbureau", method=METHOD).refused
    assert bytes_in(tmp_path) == before
