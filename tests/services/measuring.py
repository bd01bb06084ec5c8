"""Reports of measurements in a record, delivered signed by an invented bureau."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tests.services.deliveries import NOW
from tests.services.signing import BUREAU, enter, sign, statement

from goedebuur.core.ledger.receipts import Receipt
from goedebuur.core.ledger.submitters import Scope, Submitter
from goedebuur.services import submitting
from goedebuur.services.record import Record

MEASURING: Submitter = replace(
    BUREAU, scope=(Scope(("measurement_report",), ("nox", "dust"), ("werk",), ("EN 14792*", "EN 13284*")),)
)


def report_file(reports: Sequence[Mapping[str, Any]]) -> bytes:
    """The bytes of reports."""
    return json.dumps({"format": "goedebuur-measurement/1", "reports": list(reports)}, ensure_ascii=False).encode()


def submit(record: Record, data: bytes, number: int = 1, **said: Any) -> Receipt:
    """Deliver a file with reports, signed by the bureau."""
    told = statement(data, name="rapport.json", adapter="measurement_report", method="EN 14792", nonce=f"{number:032x}")
    return submitting.submit(record, sign(replace(told, **said)), data, NOW)


def enter_bureau(record: Record) -> None:
    """Put the bureau, its key and its scope into the record."""
    enter(record, MEASURING)
