"""The rule book for deliveries: every check that a delivery meets, declared beside the line that applies it.

A check has an identifier that never changes, what follows from it (a delivery is refused, a value is marked, or the
deliverer is told), the rule as a sentence, what it rests on, and the test that has seen it fail. What a check refuses
is made by :meth:`Check.error`, so that no refusal goes without its rule. `tools/rulebook.py` writes the book into the
docs; tests hold that each check is applied somewhere, and that its test sees it at work.

A check that goes on after what it found uses :meth:`Check.refuse`, or :meth:`Check.refuse_rows` for many rows at once.
They raise, unless the caller asked for all findings with :func:`collecting`.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.errors import CATALOGUE, GoedeBuurError
from goedebuur.core.base.sourced import Text

if TYPE_CHECKING:
    import polars as pl

MOST_OF_ONE: Final = 20
"""Findings of one check that are told with their place; the others are counted."""
_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NOTED: Final = re.compile(r"(?s)(.*) \[([a-z0-9]+(?:-[a-z0-9]+)+)\]")


class Severity(StrEnum):
    """What follows where a delivery does not keep to a rule."""

    REFUSE = "refuse"
    FLAG = "flag"
    NOTE = "note"


class BasisKind(StrEnum):
    """What a rule rests on."""

    LAW = "law"
    STANDARD = "standard"
    FORMAT = "format"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Basis:
    """What a rule rests on, and where that is said; of an own choice the reason for it."""

    kind: BasisKind
    reference: Text


def law(reference: str) -> Basis:
    """Return a basis in law: the act and its article."""
    return Basis(BasisKind.LAW, Text(reference, reference))


def standard(reference: str) -> Basis:
    """Return a basis in a published standard: its number and clause."""
    return Basis(BasisKind.STANDARD, Text(reference, reference))


def described(reference: str) -> Basis:
    """Return a basis in the description of a format: whose, and where."""
    return Basis(BasisKind.FORMAT, Text(reference, reference))


def own(nl: str, en: str) -> Basis:
    """Return an own choice, with its reason in both languages."""
    return Basis(BasisKind.OWN, Text(nl, en))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table that a check is applied with: for what, what is held to, and where that comes from."""

    key: str
    held_to: str
    reference: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the rule book.

    Parameters
    ----------
    id
        Stable name: area and rule, as in `rivm-hour-twice`.
    area
        Identifier of its :class:`Area`.
    severity
        What follows.
    said
        The rule, as a sentence about what a delivery keeps to.
    basis
        What it rests on.
    module
        Where in the code it is declared and applied.
    test
        The test that has seen it fail, as pytest names it.
    code
        Of a refusal: the error code. Of a flag: the name of the mark. Empty for a note.
    rows
        The table that it is applied with, where it has one: each row is a bound, unit or word of its own.
    """

    id: str
    area: str
    severity: Severity
    said: Text
    basis: Basis
    module: str
    test: str
    code: str = ""
    rows: tuple[Row, ...] = ()

    def error(self, message: str, *, place: str = "", value: str = "", hint: str = "") -> GoedeBuurError:
        """Return what this check refuses, with its rule; raise it where reading cannot go on."""
        if self.severity is not Severity.REFUSE:
            raise ValueError(f"check {self.id} refuses nothing")
        return GoedeBuurError(self.code, message, place=place, value=value, hint=hint, check=self.id)

    def refuse(self, message: str, *, place: str = "", value: str = "", hint: str = "") -> None:
        """Raise what this check refuses; keep it and go on where all findings are asked for."""
        refuse(self.error(message, place=place, value=value, hint=hint))

    def refuse_rows(self, bad: pl.Series, error: Callable[[int], GoedeBuurError]) -> None:
        """Refuse the rows that are marked; the caller leaves them out and goes on where all findings are asked for.

        Parameters
        ----------
        bad
            Whether each row breaks the rule.
        error
            From the number of a row to what is wrong there.
        """
        if not bad.any():
            return
        rows = bad.fill_null(False).arg_true()
        for row in rows.head(MOST_OF_ONE):
            refuse(error(int(row)))
        found = _FOUND.get()
        if found is not None:
            found.more[self.id] += max(0, len(rows) - MOST_OF_ONE)

    def note(self, text: str) -> str:
        """Return what the deliverer is told, with the rule behind it in brackets."""
        if self.severity is not Severity.NOTE:
            raise ValueError(f"check {self.id} notes nothing")
        return f"{text} [{self.id}]"


@dataclass(frozen=True, slots=True)
class Area:
    """What checks are about: a format, the signature, the values. New checks are declared by its methods.

    Parameters
    ----------
    id
        How the identifiers of its checks begin.
    title
        For readers.
    basis
        What its checks rest on where they say nothing else.
    test
        The test that sees its checks fail, with the identifier of the check as its parameter; a check may name
        another.
    """

    id: str
    title: Text
    basis: Basis
    test: str

    def refuse(
        self,
        name: str,
        code: str,
        nl: str,
        en: str,
        *,
        basis: Basis | None = None,
        test: str = "",
        rows: Sequence[Row] = (),
    ) -> Check:
        """Return a new check that refuses a delivery, with this error code."""
        if code not in CATALOGUE:
            raise ValueError(f"error code {code} is not in the catalogue")
        return self._declared(name, Severity.REFUSE, Text(nl, en), basis, test, code, rows)

    def flag(
        self,
        name: str,
        mark: str,
        nl: str,
        en: str,
        *,
        basis: Basis | None = None,
        test: str = "",
        rows: Sequence[Row] = (),
    ) -> Check:
        """Return a new check that marks values; they are kept, and counted."""
        return self._declared(name, Severity.FLAG, Text(nl, en), basis, test, mark, rows)

    def note(
        self, name: str, nl: str, en: str, *, basis: Basis | None = None, test: str = "", rows: Sequence[Row] = ()
    ) -> Check:
        """Return a new check that tells the deliverer something, and changes nothing."""
        return self._declared(name, Severity.NOTE, Text(nl, en), basis, test, "", rows)

    def _declared(
        self,
        name: str,
        severity: Severity,
        said: Text,
        basis: Basis | None,
        test: str,
        code: str,
        rows: Sequence[Row],
    ) -> Check:
        identity = f"{self.id}-{name}"
        if not _ID.fullmatch(identity):
            raise ValueError(f"{identity} is no identifier of a check")
        if identity in CHECKS:
            raise ValueError(f"check {identity} is declared twice")
        if len({row.key for row in rows}) < len(rows):
            raise ValueError(f"check {identity} has a row twice")
        module = str(sys._getframe(2).f_globals["__name__"])
        named = test or f"{self.test}[{identity}]"
        made = Check(identity, self.id, severity, said, basis or self.basis, module, named, code, tuple(rows))
        CHECKS[identity] = made
        return made


CHECKS: Final[dict[str, Check]] = {}
"""Every check by identifier, in the order in which the modules were read."""
AREAS: Final[dict[str, Area]] = {}
"""Every area by identifier."""


def area(identity: str, nl: str, en: str, basis: Basis, test: str) -> Area:
    """Return a new area of the book; one declared twice is a mistake in the program."""
    if identity in AREAS:
        raise ValueError(f"area {identity} is declared twice")
    AREAS[identity] = Area(identity, Text(nl, en), basis, test)
    return AREAS[identity]


@dataclass(slots=True)
class Found:
    """What was found while all findings were asked for: refusals in order, and how many more there are of a check."""

    errors: list[GoedeBuurError] = field(default_factory=list)
    more: Counter[str] = field(default_factory=Counter)


_FOUND: Final[ContextVar[Found | None]] = ContextVar("found", default=None)


@contextmanager
def collecting() -> Iterator[Found]:
    """Have refusals within kept instead of raised, where reading can go on after them. What cannot is raised still."""
    found = Found()
    before = _FOUND.set(found)
    try:
        yield found
    finally:
        _FOUND.reset(before)


def going_on() -> bool:
    """Return whether all findings are asked for and at least one was kept: what follows may be a result of it."""
    found = _FOUND.get()
    return found is not None and bool(found.errors)


def refuse(error: GoedeBuurError) -> None:
    """Raise an error; keep it and go on where all findings are asked for."""
    found = _FOUND.get()
    if found is None:
        raise error
    found.errors.append(error)


def noted(text: str) -> tuple[str, str]:
    """Return the text of a note and the identifier of its check, empty where it has none.

    >>> noted("The last day is not complete. [knmi-last-day]")
    ('The last day is not complete.', 'knmi-last-day')
    """
    found = _NOTED.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")
