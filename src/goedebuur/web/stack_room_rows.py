"""What a page shows of the room under limits: what was measured beside each, as figures and as a drawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goedebuur.core.compliance.emissions.explanation import decimal
from goedebuur.core.compliance.emissions.measured import Measured, Span
from goedebuur.services.stack_headroom import Rooms
from goedebuur.web import stack_verdict_rows, stack_words, words
from goedebuur.web.stack_verdict_rows import PointLines, Told
from goedebuur.web.templatetags.figures import civil, count

SPANS: Final = {
    Span.SHORT: gettext_noop("Single averages"),
    Span.DAY: gettext_noop("Days"),
    Span.MONTH: gettext_noop("Months"),
    Span.YEAR: gettext_noop("All that counts"),
}
HIGHEST: Final = {
    Span.SHORT: gettext_noop("highest average"),
    Span.DAY: gettext_noop("highest day"),
    Span.MONTH: gettext_noop("highest month"),
    Span.YEAR: gettext_noop("all that counts"),
}
WIDE: Final = 320
"""Of the drawing, of which the bars take all but :data:`RIGHT`."""
RIGHT: Final = 12
ROW: Final = 34
THICK: Final = 11
"""Of a bar."""
TOP: Final = 6


@dataclass(frozen=True, slots=True)
class SpanRow:
    """One line of the table: averages over one span."""

    name: str
    n: str
    highest: str
    when: str
    limit: str
    left: str
    above: bool
    mean: str


@dataclass(frozen=True, slots=True)
class Bar:
    """The highest of one span in the drawing.

    Parameters
    ----------
    y, below
        Where it begins and ends from the top.
    top
        Where its words stand.
    over
        How much of it lies beyond the limit.
    """

    label: str
    y: int
    top: int
    below: int
    width: int
    over: int


@dataclass(frozen=True, slots=True)
class Plot:
    """The drawing: bars from zero, each with a mark where the limit is.

    Parameters
    ----------
    anchor
        On which side of the mark its words stand.
    """

    high: int
    limit_x: int
    limit_y: int
    anchor: str
    limit: str
    bars: tuple[Bar, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Room:
    """One limit with what was measured beside it; without `rows` nothing counted.

    Parameters
    ----------
    least
        Which part of the limit is left by the highest of its spans; None where nothing counts.
    """

    substance: str
    what: str
    average: str
    stream: str
    unit: str
    articles: tuple[str, ...]
    least: Fraction | None
    rows: tuple[SpanRow, ...]
    plot: Plot | None


@dataclass(frozen=True, slots=True)
class Substance:
    """One substance at an emission point: how many limits it has, and which of these leaves the least room."""

    id: str
    what: str
    limits: int
    average: str
    left: str


def rooms(point: PointLines, measured: Iterable[Rooms]) -> list[Room]:
    """Return the limits that bind at an emission point, the one with the least room first.

    Parameters
    ----------
    measured
        For the limits of each of the published results of the site.
    """
    every = {key: told for one in measured for key, told in one.items()}
    found = [
        _room(told, every.get((told.line["stream"], told.line["requirement"]), ()))
        for told in stack_verdict_rows.ordered(point.lines, floor=False)
    ]
    return sorted(found, key=lambda one: (one.least is None, one.least or 0))


def substances(rooms: Sequence[Room]) -> list[Substance]:
    """Return the substances of limits with the least room that one of these leaves, the least first."""
    found: dict[str, list[Room]] = {}
    for one in rooms:
        found.setdefault(one.substance, []).append(one)
    return [Substance(name, own[0].what, len(own), own[0].average, _said(own[0].least)) for name, own in found.items()]


def _said(room: Fraction | None) -> str:
    return stack_verdict_rows.left(room) if room is not None else _("not known")


def _room(told: Told, measured: Sequence[Measured]) -> Room:
    line = told.line
    limit = _figure(min(one.limit for one in measured)) if measured else ""
    return Room(
        line["substance"],
        told.what,
        stack_verdict_rows.average(line),
        line["stream"],
        line["unit"],
        tuple(line["articles"]),
        min((one.room for one in measured if one.room is not None), default=None),
        tuple(_row(one) for one in measured),
        _plot(measured, limit, line["unit"]) if measured else None,
    )


def _row(one: Measured) -> SpanRow:
    return SpanRow(
        _(SPANS[one.span]),
        count(one.n),
        _figure(one.highest),
        _when(one),
        _figure(one.limit),
        stack_verdict_rows.left(one.room) if one.room is not None else "",
        one.room is not None and one.room < 0,
        _figure(one.mean),
    )


def _when(one: Measured) -> str:
    if one.span is Span.SHORT:
        return civil(datetime.fromisoformat(one.start))
    return stack_words.when_of(one.start)


def _plot(measured: Sequence[Measured], limit: str, unit: str) -> Plot:
    bound = min(one.limit for one in measured)
    most = max([bound, *(one.highest for one in measured)]) or Fraction(1)
    wide = WIDE - RIGHT

    def at(value: Fraction) -> int:
        return int(wide * max(value, Fraction(0)) / most)

    line = at(bound)
    bars = []
    for number, one in enumerate(measured):
        label = f"{_(HIGHEST[one.span])}: {_figure(one.highest)} {unit}"
        y = TOP + ROW * number
        bars.append(Bar(label, y + 16, y + 11, y + 16 + THICK, at(one.highest), max(0, at(one.highest) - line)))
    bottom = TOP + ROW * len(measured)
    told = _("The limit is %(limit)s %(unit)s. %(bars)s.") % {
        "limit": limit,
        "unit": unit,
        "bars": "; ".join(bar.label for bar in bars),
    }
    return Plot(bottom + 16, line, bottom, "end" if 2 * line > wide else "start", limit, tuple(bars), told)


def _figure(value: Fraction) -> str:
    return words.figures(decimal(value, 3))
