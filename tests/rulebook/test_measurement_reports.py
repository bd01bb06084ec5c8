"""A report of a measurement that breaks one rule is refused for that rule, by place and value."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.adapters.samples import measurement_json
from tests.rulebook.cases import Case, require_refused, to
from tests.services.deliveries import open_record
from tests.services.measuring import enter_bureau, submit

from goedebuur.core.base.errors import GoedeBuurError

JSON, TABLE = "measurement json", "measurement table"
CASES = {
    "measurement-report-form": Case(JSON, to("goedebuur-measurement/1", "goedebuur-measurement/9"), ", format"),
    "measurement-report-field": Case(TABLE, to(",58.8,", ",58;8,"), ", line 3.value", "58;8"),
}


@pytest.mark.parametrize("check", list(CASES))
def test_refused(check: str) -> None:
    require_refused(check, CASES[check])


def test_accreditation_of_another_is_refused(tmp_path: Path) -> None:
    record = open_record(tmp_path)
    enter_bureau(record)
    with pytest.raises(GoedeBuurError) as raised:
        submit(record, measurement_json().replace(b'"L999"', b'"L998"', 1))
    assert (raised.value.check, raised.value.value) == ("statement-report-accreditation", "L998")
    record.close()
