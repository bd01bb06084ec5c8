"""What a page shows of published verdicts month by month, in the words of the page's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goedebuur.web import stack_verdict_rows
from goedebuur.web.stack_verdict_rows import ORDER, PointLines, Told
from goedebuur.web.templatetags.figures import count

WIDTH: Final = 40
"""Of a month in the drawing."""
NONE: Final = "NOT_JUDGED"


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a limit.

    Parameters
    ----------
    side
        Shape by which it is drawn: `meets`, `exceeds`, `undetermined` or `none`.
    told
        How many days or averages of it came to what; empty where the month is one whole.
    x, middle
        Where it begins in the drawing, and where its middle is.
    """

    name: str
    letter: str
    side: str
    words: str
    told: tuple[str, ...]
    url: str
    x: int
    middle: int


@dataclass(frozen=True, slots=True)
class Line:
    """One limit through a year.

    Parameters
    ----------
    reason
        Why it came out so.
    months
        Empty where it is judged over the year alone, or not by anything.
    label
        The drawing in words.
    """

    what: str
    average: str
    stream: str
    articles: tuple[str, ...]
    side: str
    words: str
    reason: str
    months: tuple[Month, ...]
    label: str


def lines(point: PointLines) -> list[Line]:
    """Return the limits that bind at an emission point, what is exceeded first."""
    return [_line(told) for told in stack_verdict_rows.ordered(point.lines, floor=False)]


def _line(told: Told) -> Line:
    line = told.line
    words, side = stack_verdict_rows.outcome(line["year"]["outcome"])
    found = _by_month(line["periods"])
    months = tuple(_month(told, number, found.get(number, ())) for number in range(1, 13)) if found else ()
    return Line(
        told.what,
        stack_verdict_rows.average(line),
        line["stream"],
        tuple(line["articles"]),
        side,
        words,
        stack_verdict_rows.reason(line["year"]["code"]),
        months,
        _("%(year)s: %(months)s") % {"year": told.year, "months": ", ".join(f"{m.name} {m.words}" for m in months)},
    )


def _by_month(periods: Iterable[Mapping[str, Any]]) -> dict[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = {}
    for one in periods:
        if len(one["start"]) > len("2026"):
            found.setdefault(int(one["start"][5:7]), []).append(one)
    return found


def _month(told: Told, number: int, periods: Iterable[Mapping[str, Any]]) -> Month:
    first = date(told.year, number, 1)
    name = str(formats.date_format(first, "F"))
    outcomes = Counter(str(one["outcome"]) for one in periods)
    worst = min(outcomes, key=ORDER.index, default=NONE)
    words, side = stack_verdict_rows.outcome(worst) if worst != NONE else (_("nothing to judge"), "none")
    days = any(len(one["start"]) > len("2026-03") for one in periods)
    address = reverse("stack-verdict", args=[told.site, told.line["stream"], told.line["requirement"]])
    x = WIDTH * (number - 1)
    return Month(
        name,
        name[:1],
        side,
        words,
        tuple(_counted(outcomes)) if days else (),
        f"{address}?{urlencode({'year': told.year, 'period': f'{first:%Y-%m}'})}" if outcomes else "",
        x,
        x + WIDTH // 2,
    )


def _counted(outcomes: Mapping[str, int]) -> Iterable[str]:
    for name in ORDER:
        n = outcomes.get(name, 0)
        if n:
            words = stack_verdict_rows.outcome(name)[0]
            yield ngettext("%(n)s day %(words)s", "%(n)s days %(words)s", n) % {"n": count(n), "words": words}
