"""Examine a delivery without taking it in: every finding of every severity, and nothing is written.

The checks are those of a real delivery. Where the format allows, reading goes on after what is refused, so that
whoever delivers sees all of it at once; a finding that may follow from an earlier one is left out where reading stops.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from goedebuur.core.base import rulebook
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.flags import Flag
from goedebuur.core.base.periods import iso
from goedebuur.core.base.rulebook import CHECKS, Severity
from goedebuur.services import delivery, doubts, preparing, sequencing, stack_checks, stack_delivery
from goedebuur.services import rulebook as book
from goedebuur.services.preparing import Prepared
from goedebuur.services.sequencing import Unprojected

if TYPE_CHECKING:
    from goedebuur.services.record import Record


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: by which check, where, and how often.

    Parameters
    ----------
    severity
        What follows.
    check
        Its identifier in the rule book; empty for what none of them finds.
    message, place, value, hint
        As of an error.
    code
        Of a refusal its error code, of a mark the name of the flag.
    number
        How many rows or values it is about.
    """

    severity: Severity
    check: str
    message: str
    place: str = ""
    value: str = ""
    hint: str = ""
    code: str = ""
    number: int = 1


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in a delivery.

    Parameters
    ----------
    refusals
        Why it would be refused, in the order of the checks; the first is the one that a real delivery is told.
    more
        Check → how many further rows it refuses, of which the place is not listed.
    prepared
        What was read; without the rows that are refused. None where reading stopped.
    """

    refusals: tuple[GoedeBuurError, ...]
    more: Mapping[str, int] = field(default_factory=dict)
    prepared: Prepared | None = None


def read(
    data: bytes, name: str, adapter: str | None = None, submitter: str | None = None, record: Record | None = None
) -> Examined:
    """Return what is wrong with the bytes of a delivery, of whoever it is.

    Parameters
    ----------
    record
        In which raw signals of a stack must have their streams; None to look at the bytes alone.
    """
    with rulebook.collecting() as found:
        try:
            chosen = preparing.choose(data, name, adapter)
            prepared = preparing.prepare(data, name, chosen, submitter)
            if record is not None:
                stack_delivery.require_streams(record, prepared)
        except GoedeBuurError as error:
            return Examined((*found.errors, error), dict(+found.more))
    return Examined(tuple(found.errors), dict(+found.more), prepared)


def findings(
    refusals: Iterable[GoedeBuurError],
    more: Mapping[str, int],
    prepared: Prepared | None,
    record: Record | None = None,
) -> list[Finding]:
    """Return everything that was found, what is refused first, then marks and notes.

    Parameters
    ----------
    record
        To compare with what holds there; None to look at the delivery alone. It is only read.
    """
    found = [
        Finding(Severity.REFUSE, one.check, one.message, one.place, one.value, one.hint, one.code) for one in refusals
    ]
    refused = bool(found)
    found += [
        Finding(Severity.REFUSE, check, f"As above, in {number} more rows.", code=CHECKS[check].code, number=number)
        for check, number in more.items()
    ]
    if prepared is None:
        return found
    marks = _marks(prepared)
    if refused:  # without the rows that are refused there are gaps, and hours without a line
        return found + [one for one in marks if one.code != Flag.AFTER_GAP.name]
    found += marks
    for text in prepared.doubts + (_compared(record, prepared) if record is not None else ()):
        message, check = rulebook.noted(text)
        found.append(Finding(Severity.NOTE, check, message))
    return found


def worst(found: Iterable[Finding]) -> Severity | None:
    """Return the gravest severity there is; None without any finding."""
    there = {one.severity for one in found}
    return next((one for one in Severity if one in there), None)


def as_answer(found: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as fields for an answer."""
    return [
        {
            "severity": one.severity.value,
            "check": one.check,
            "code": one.code,
            "message": one.message,
            "place": one.place,
            "value": one.value,
            "hint": one.hint,
            "number": one.number,
        }
        for one in found
    ]


def _compared(record: Record, prepared: Prepared) -> tuple[str, ...]:
    """Return the notes about what a delivery would change in what holds."""
    told = delivery.mixed(record, prepared)
    if prepared.release:
        return told
    unprojected = Unprojected()
    told += doubts.sentences(sequencing.difference(record, prepared, unprojected))
    return told + stack_checks.notes(record, prepared, unprojected)


def _marks(prepared: Prepared) -> list[Finding]:
    """Return each mark that values would get, with how many and the first of them."""
    module = f"goedebuur.adapters.{prepared.adapter.partition('/')[0]}"
    found = []
    for check in book.every():
        if check.severity is not Severity.FLAG or not (check.area == "value" or check.module == module):
            continue
        marked = prepared.rows.filter(pl.col("flags") & int(Flag[check.code]) != 0)
        if marked.height:
            first = marked.row(0, named=True)
            value = Decimal(first["value"]).scaleb(-first["decimals"])
            place = f"{prepared.name}, first: series {first['series']} at {iso(first['start'])}"
            text = check.said.en
            found.append(
                Finding(
                    check.severity, check.id, text, place, f"{value} {first['unit']}", "", check.code, marked.height
                )
            )
    return found
