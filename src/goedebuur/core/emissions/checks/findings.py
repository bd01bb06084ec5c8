"""What a check of raw values found: one record, with its numbers and a sentence in Dutch and English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from goedebuur.core.base import rulebook
from goedebuur.core.base.sourced import Text


class Severity(StrEnum):
    """What follows from a finding."""

    FLAG = "flag"
    """A person must look at it before anything is built on these values."""
    NOTE = "note"
    """It may be right; it is shown beside the values."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the values of an emission point.

    Parameters
    ----------
    id
        Stable: `stack.stuck`.
    rule
        What it holds to and on which basis, in the rule book.
    sentence
        What is said when it finds something, with `{name}` where a number of the finding belongs.
    """

    id: str
    rule: rulebook.Check
    severity: Severity
    sentence: Text


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Parameters
    ----------
    check
        Identifier of the check.
    streams
        Of which it is, in order.
    start, end
        First moment, and the moment after the last.
    numbers
        Name → value as written in the sentence.
    """

    check: str
    streams: tuple[str, ...]
    start: datetime
    end: datetime
    numbers: tuple[tuple[str, str], ...] = ()

    def number(self, name: str) -> str:
        """Return one of the numbers; `KeyError` where there is none of that name."""
        return dict(self.numbers)[name]


def decimal(value: float, digits: int = 4) -> str:
    """Return a number as text with so many significant digits, never with an exponent.

    >>> decimal(0.000123456), decimal(1234567.0), decimal(-3.0)
    ('0.0001235', '1235000', '-3')
    """
    text = f"{float(f'{value:.{digits}g}'):.12f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
