"""What held from one day to another: a name, an address, an operator, each with the source that says so.

Days are ISO days of the Dutch calendar. `valid_from` is the first day, empty where the start is not known; `valid_to`
is the last day, empty where no end is known: that something still holds today does not follow from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.rulebook import Check
from goedebuur.core.sites import rules


class Spanning(Protocol):
    """Anything with a first and a last day."""

    @property
    def valid_from(self) -> str:
        """Return the first day, ISO; empty where the start is not known."""

    @property
    def valid_to(self) -> str:
        """Return the last day, ISO; empty where no end is known."""


Span = TypeVar("Span", bound=Spanning)


@dataclass(frozen=True, slots=True)
class Dated:
    """One value of something that changes: a name, an address, the identifier of an operator.

    Parameters
    ----------
    value
        What held.
    valid_from, valid_to
        First and last day, ISO; empty where not known.
    source
        Who or what says so: `E-PRTR, reported over 2007-2012`, `KvK extract of 2024-02-01`. No names of persons.
    """

    value: str
    valid_from: str = ""
    valid_to: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if not self.value.strip():
            raise malformed("A value with dates is empty.", "value", check=rules.FILLED)
        require_days(self, self.value)


def holds(one: Spanning, day: date) -> bool:
    """Return whether something is known to hold on a day: not before its first day, not after its last.

    >>> holds(Dated("Hoogoven", "2007-01-01", "2010-12-31"), date(2010, 12, 31))
    True
    """
    text = day.isoformat()
    return one.valid_from <= text and (not one.valid_to or text <= one.valid_to)


def on(history: Sequence[Span], day: date) -> Span | None:
    """Return what holds on a day; of several the one that began last, None where none is known to hold."""
    found = [one for one in history if holds(one, day)]
    return max(found, key=lambda one: one.valid_from, default=None)


def latest(history: Sequence[Span]) -> Span | None:
    """Return the one that began last, of these the one without an end; None of an empty history."""
    return max(history, key=lambda one: (one.valid_from, one.valid_to or "9999"), default=None)


def require_days(one: Spanning, place: str) -> None:
    """Check that first and last day are days, in this order; `site-malformed` otherwise."""
    for day in (one.valid_from, one.valid_to):
        try:
            fit = not day or date.fromisoformat(day).isoformat() == day
        except ValueError:
            fit = False
        if not fit:
            raise malformed("This is not a day in the form 2026-12-31.", place, day, rules.DAY)
    if one.valid_to and one.valid_to < one.valid_from:
        value = f"{one.valid_from} to {one.valid_to}"
        raise malformed("The last day comes before the first.", place, value, rules.DAYS_IN_ORDER)


def malformed(message: str, place: str, value: str = "", check: Check | None = None) -> GoedeBuurError:
    """Return the error of a record that is not in the form that it has, by the rule of the book that it breaks."""
    hint = "docs/developers/api.md has the fields of sites and their forms."
    if check is not None:
        return check.error(message, place=place, value=value, hint=hint)
    return GoedeBuurError(rules.SITE_MALFORMED, message, place=place, value=value, hint=hint)
