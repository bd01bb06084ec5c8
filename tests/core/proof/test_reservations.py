"""What a check that holds says beside it: that a value is not valid, or simulated, or rules may be old."""

from __future__ import annotations

import dataclasses

import pytest
from tests.core.proof import cases, verdict_cases
from tests.core.proof.verdict_cases import LIMITS

from goedebuur.core.proof import checking


def unproven(data: bytes) -> list[str]:
    return [finding.code for finding in checking.check(data).unproven]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("value", []),
        ("value beside one that is not valid", []),
        ("value that the supplier called invalid", ["not-usable"]),
        ("value that is a code", ["not-usable"]),
        ("withdrawn later", ["not-usable"]),
        ("mean without unusable", []),
        ("value that was simulated", ["simulated"]),
        ("mean of which one was simulated", ["simulated"]),
    ],
)
def test_figure_that_is_no_measurement_says_so(name: str, said: list[str]) -> None:
    found = unproven(cases.accepted()[name])
    assert [code for code in found if code in ("simulated", "not-usable")] == said


def test_verdict_by_a_table_that_was_replaced_says_that_there_may_be_newer_rules() -> None:
    """No path shows that another leaf is not in the log: a table of before is in it as well as that of now."""
    found = verdict_cases.legal(next(at for at, (_, row) in enumerate(verdict_cases.ROWS) if row["reason_code"]))
    earlier = [row | {"reference": "an earlier edition"} for row in found.rules[LIMITS]]
    before = dataclasses.replace(found, rules=found.rules | {LIMITS: earlier})
    assert before.encode() != found.encode()
    assert "newer-rules" in unproven(found.encode())
    assert "newer-rules" in unproven(before.encode())
