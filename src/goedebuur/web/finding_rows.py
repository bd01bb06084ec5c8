"""What was found in a delivery as a table shows it: the rule in words with its place in the rule book, row, column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language

from goedebuur.core.base.rulebook import CHECKS, Severity
from goedebuur.services.examining import Finding
from goedebuur.web import finding_words

MOST: Final = 200
"""Findings that are listed; the others are counted."""
LONGEST: Final = 300
"""Of a value that stands in the table. [character]"""
SYMBOLS: Final = {Severity.REFUSE: "exceeds", Severity.FLAG: "above-guideline", Severity.NOTE: "none"}
_ROW: Final = re.compile(r"(?:line|row) ([0-9]+)")
_COLUMN: Final = re.compile(r"column (.+)")
_SHEET: Final = re.compile(r"sheet (.+)")


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding.

    Parameters
    ----------
    said
        The rule, in the language of the reader; empty for what no rule says.
    message, hint
        What is wrong and what to do, in the language of the reader; empty where it is not known in that.
    original
        What of both is not, as programs are told it: in English.
    row, column
        Of the file; empty where it has none.
    where
        What else tells the place.
    """

    severity: str
    symbol: str
    check: str
    code: str
    said: str
    message: str
    row: str
    column: str
    where: str
    value: str
    hint: str
    original: tuple[str, ...]
    number: int


def rows(found: Iterable[Finding], name: str) -> list[FindingRow]:
    """Return findings as rows, the first ones.

    Parameters
    ----------
    name
        Of the file, which needs not be said of each place in it.
    """
    return [_row(one, name) for one, _ in zip(found, range(MOST), strict=False)]


def tally(found: Iterable[Finding]) -> list[tuple[str, str, int]]:
    """Return severity, symbol and how many findings there are of it, the gravest first."""
    every = list(found)
    return [(one.value, SYMBOLS[one], sum(each.severity is one for each in every)) for one in Severity]


def _row(one: Finding, name: str) -> FindingRow:
    check = CHECKS.get(one.check)
    dutch = (get_language() or "nl").startswith("nl")
    row, column, where = place(one.place, name)
    told = [(text, finding_words.said(text, one.check)) for text in (one.message, one.hint)]
    message, hint = (known or "" for _text, known in told)
    rule = "" if check is None else check.said.nl if dutch else check.said.en
    return FindingRow(
        severity=one.severity.value,
        symbol=SYMBOLS[one.severity],
        check=one.check if check is not None else "",
        code=one.code,
        said=rule,
        message=message if message != rule else "",
        row=row,
        column=column,
        where=", ".join(finding_words.said(part) or part for part in where.split(", ")) if where else "",
        value=finding_words.value(one.value) if len(one.value) <= LONGEST else f"{one.value[:LONGEST]}…",
        hint=hint,
        original=tuple(text for text, known in told if known is None),
        number=one.number,
    )


def place(text: str, name: str) -> tuple[str, str, str]:
    """Return row, column and whatever else tells a place; the name of the file is left out.

    >>> place("a.csv, line 12, column NOx", "a.csv")
    ('12', 'NOx', '')
    >>> place("sheet streams, row 4, column role", "werk.xlsx")
    ('4', 'role', 'streams')
    >>> place("a.csv, first: series K1.stack_nox.1min at 2026-01-01T00:00:00Z", "a.csv")
    ('', '', 'first: series K1.stack_nox.1min at 2026-01-01T00:00:00Z')
    """
    row, column, rest = "", "", []
    if text.startswith(name):
        text = text[len(name) :].removeprefix(",")
    for part in (each.strip() for each in text.split(", ")):
        if found := _ROW.fullmatch(part):
            row = found[1]
        elif found := _COLUMN.fullmatch(part):
            column = found[1]
        elif found := _SHEET.fullmatch(part):
            rest.append(found[1])
        elif part:
            rest.append(part)
    return row, column, ", ".join(rest)
