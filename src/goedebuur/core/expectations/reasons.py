"""Why values are missing, as a supplier or the keeper of the record states it: a code, a series and a period.

Statements stand in the `inputs` of a leaf, `{"gaps": [[series, start, end, code], …]}`. A later one over the same
series and period by the same supplier replaces the earlier one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from goedebuur.core.base import canonical
from goedebuur.core.base.periods import Period, iso

GAPS: Final = "gaps"
KIND: Final = "gap_reason"
"""Under which the catalogue keeps reasons."""
UNKNOWN: Final = "unknown"
"""Code of a gap for which no reason was given."""
LATE, REJECTED, LOST_HERE = "late", "rejected", "lost-here"
"""Codes that the record itself can know."""
MOST_BYTES: Final = 30_000
"""Of the statements in one leaf, as JSON: its header has to stay below 65,535 bytes with certificates in it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What was stated of a series over a period.

    Parameters
    ----------
    code
        Of the table of reasons.
    submitter
        Whose words these are.
    stated
        When they were received.
    leaf
        Where they stand.
    signed
        Whether the supplier signed them.
    """

    series: str
    period: Period
    code: str
    submitter: str
    stated: datetime
    leaf: int
    signed: bool


def row(series: str, period: Period, code: str) -> tuple[str, str, str, str]:
    """Return a statement as a leaf keeps it, in a list there."""
    return series, iso(period.start), iso(period.end), code


def body(statement: Sequence[str]) -> dict[str, str]:
    """Return a statement as a record of the catalogue keeps it."""
    series, start, end, code = statement
    return {"series": series, "start": start, "end": end, "code": code}


def record_id(statement: Mapping[str, str], submitter: str) -> str:
    """Return what tells one statement from another: whose it is, of which series and period."""
    return f"{submitter}:{statement['series']}:{statement['start']}:{statement['end']}"


def stated(inputs: Mapping[str, Any] | None) -> list[dict[str, str]]:
    """Return the statements in the inputs of a leaf; none where it has none, or not in this form."""
    found = (inputs or {}).get(GAPS)
    if not isinstance(found, list):
        return []
    told = []
    for one in found:
        if isinstance(one, list) and len(one) == 4 and all(isinstance(part, str) for part in one):
            try:
                Period(datetime.fromisoformat(one[1]), datetime.fromisoformat(one[2]))
            except (ValueError, TypeError):
                continue
            told.append(body(one))
    return told


def parts(statements: Sequence[Sequence[str]]) -> list[list[list[str]]]:
    """Return statements in as many parts as leaves are needed."""
    found: list[list[list[str]]] = []
    size = MOST_BYTES
    for one in statements:
        length = len(canonical.encode({"": list(one)}))
        if size + length > MOST_BYTES:
            found.append([])
            size = 0
        found[-1].append(list(one))
        size += length
    return found


def over(reasons: Iterable[Reason], start: datetime, end: datetime) -> tuple[Reason, ...]:
    """Return the reasons that touch a stretch of time, newest first; what says nothing (any more) left out."""
    found = [one for one in reasons if one.period.start < end and start < one.period.end and one.code != UNKNOWN]
    return tuple(sorted(found, key=lambda one: one.leaf, reverse=True))


@dataclass(frozen=True, slots=True)
class ParsedReasons:
    """What an adapter made of one file with reasons.

    `values_in == len(rows) + sum(skipped.values())` holds always.

    Parameters
    ----------
    rows
        Statements as :func:`row` makes them, sorted, one for each series and period.
    values_in
        Number of statements in the file.
    """

    rows: tuple[tuple[str, str, str, str], ...]
    values_in: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.values_in != len(self.rows) + sum(self.skipped.values()):
            raise ValueError("a statement is neither a row nor counted as skipped")
