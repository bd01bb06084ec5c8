"""What pages show of sites that an officer looks at first: counts in words, each with where to look further."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from goedebuur.core.emissions.attention import LEVELS, Level, Signal
from goedebuur.services.attention import Standing
from goedebuur.web.templatetags.figures import count

LEVEL_WORDS: Final = {
    Level.ACT: gettext_noop("Now"),
    Level.DOUBT: gettext_noop("In doubt"),
    Level.DUE: gettext_noop("Too late"),
    Level.KNOW: gettext_noop("Open"),
}
"""What each column of the list is called."""
MEANINGS: Final = {
    Level.ACT: gettext_noop("something may be wrong outside now, or someone waits for you"),
    Level.DOUBT: gettext_noop("what is reported may not be what is let go"),
    Level.DUE: gettext_noop("something should have been done or delivered"),
    Level.KNOW: gettext_noop("something is open, and says nothing by itself"),
}
SIGNAL_WORDS: Final = {
    Signal.EXCEEDED: gettext_noop("limits exceeded"),
    Signal.ALERT: gettext_noop("alerts of high emissions"),
    Signal.UNANSWERED: gettext_noop("findings of which the term passed"),
    Signal.DIFFERS: gettext_noop("instruments that differ from the control measurement"),
    Signal.FOREIGN: gettext_noop("substances found and not permitted"),
    Signal.FLAG: gettext_noop("raw values that someone must look at"),
    Signal.LATE: gettext_noop("late duties"),
    Signal.SILENT: gettext_noop("signals gone silent"),
    Signal.UNDETERMINED: gettext_noop("limits undetermined"),
    Signal.ASKED: gettext_noop("duties that ask an answer"),
    Signal.UNMEASURED: gettext_noop("substances reported, and not measured or permitted"),
    Signal.OPEN: gettext_noop("findings in progress"),
    Signal.NOTE: gettext_noop("remarks on raw values"),
}
PLACES: Final = {
    Signal.UNANSWERED: "zaken",
    Signal.OPEN: "zaken",
    Signal.ALERT: "meldingen",
    Signal.EXCEEDED: "oordelen",
    Signal.UNDETERMINED: "oordelen",
    Signal.DIFFERS: "metingen",
    Signal.FOREIGN: "stoffen",
    Signal.UNMEASURED: "stoffen",
    Signal.FLAG: "waarden",
    Signal.NOTE: "waarden",
    Signal.LATE: "plichten",
    Signal.ASKED: "plichten",
    Signal.SILENT: "stil",
}
"""Place on the page of a site where each is told one by one."""


@dataclass(frozen=True, slots=True)
class Told:
    """One count in words."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One site of the list: its counts by level, in the order of the levels."""

    standing: Standing
    url: str
    cells: tuple[tuple[str, tuple[Told, ...]], ...]


def row(one: Standing) -> Row:
    """Return a site as a row of the list."""
    url = reverse("attention-site", args=[one.id])
    cells = []
    for level in Level:
        signals = [signal for signal, its in LEVELS.items() if its is level and one.counts.of(signal)]
        told = tuple(Told(said(one, signal), f"{url}#{PLACES[signal]}") for signal in signals)
        cells.append((_(LEVEL_WORDS[level]), told))
    return Row(one, url, tuple(cells))


def said(one: Standing, signal: Signal) -> str:
    """Return how much of something stands out at a site."""
    n = one.counts.of(signal)
    return _SAID[signal](n) % {"n": count(n), "year": one.year}


_SAID: Final[dict[Signal, Callable[[int], str]]] = {
    Signal.EXCEEDED: lambda n: ngettext("%(n)s limit exceeded in %(year)s", "%(n)s limits exceeded in %(year)s", n),
    Signal.ALERT: lambda n: ngettext("%(n)s alert of high emissions", "%(n)s alerts of high emissions", n),
    Signal.UNANSWERED: lambda n: ngettext(
        "%(n)s finding of which the term passed", "%(n)s findings of which the term passed", n
    ),
    Signal.DIFFERS: lambda n: ngettext(
        "%(n)s instrument differs from the control measurement",
        "%(n)s instruments differ from the control measurement",
        n,
    ),
    Signal.FOREIGN: lambda n: ngettext(
        "%(n)s substance found and not permitted", "%(n)s substances found and not permitted", n
    ),
    Signal.FLAG: lambda n: ngettext(
        "%(n)s place in the raw values to look at", "%(n)s places in the raw values to look at", n
    ),
    Signal.LATE: lambda n: ngettext("%(n)s late duty", "%(n)s late duties", n),
    Signal.SILENT: lambda n: ngettext("%(n)s signal gone silent", "%(n)s signals gone silent", n),
    Signal.UNDETERMINED: lambda n: ngettext(
        "%(n)s limit undetermined in %(year)s", "%(n)s limits undetermined in %(year)s", n
    ),
    Signal.ASKED: lambda n: ngettext("%(n)s duty asks an answer", "%(n)s duties ask an answer", n),
    Signal.UNMEASURED: lambda n: ngettext(
        "%(n)s substance reported, and not measured or permitted",
        "%(n)s substances reported, and not measured or permitted",
        n,
    ),
    Signal.OPEN: lambda n: ngettext("%(n)s finding in progress", "%(n)s findings in progress", n),
    Signal.NOTE: lambda n: ngettext("%(n)s remark on the raw values", "%(n)s remarks on the raw values", n),
}


def level(one: Level) -> tuple[str, str, list[str]]:
    """Return what a column is called, what it means, and what is counted in it."""
    return _(LEVEL_WORDS[one]), _(MEANINGS[one]), [_(SIGNAL_WORDS[each]) for each, its in LEVELS.items() if its is one]


def signals() -> list[tuple[str, str]]:
    """Return what can be chosen: each thing that can stand out, with its words."""
    return [(signal.value, _(words)) for signal, words in SIGNAL_WORDS.items()]
