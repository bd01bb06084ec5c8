"""Drawings of measurements by bureaus: both values with their uncertainty, and the load of the year."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _

from goedebuur.core.emissions.measuring.comparison import Comparison
from goedebuur.services.control_results import LoadClass, Stood
from goedebuur.web import stack_scale
from goedebuur.web.stack_figures import percent, plus_minus, short
from goedebuur.web.stack_scale import Scale
from goedebuur.web.templatetags.figures import civil

LEFT: Final = 6
WIDE: Final = 308
"""Of what is drawn to scale; the drawing has :data:`LEFT` on both sides."""
ROW: Final = 40
TALL: Final = 60
"""Of the highest bar of a class of load."""
BASE: Final = 64
"""On which the bars stand, from the top."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its uncertainty in the drawing: where it begins, lies and ends from the left, and from the top."""

    start: int
    at: int
    end: int
    y: int


@dataclass(frozen=True, slots=True)
class PlotRow:
    """One partial measurement in the drawing: its words, the bureau and the company."""

    label: str
    y: int
    bureau: Interval
    company: Interval


@dataclass(frozen=True, slots=True)
class Plot:
    """The partial measurements, drawn to one scale."""

    high: int
    scale: Scale
    rows: tuple[PlotRow, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One class of load: a bar for the part of the hours and one for that of the emission, and both in words."""

    x: int
    mass_x: int
    width: int
    hours: int
    hours_y: int
    mass: int
    mass_y: int
    load: str
    hours_told: str
    mass_told: str


@dataclass(frozen=True, slots=True)
class LoadPlot:
    """How the year lies over the load, and at which loads was measured.

    Parameters
    ----------
    marks
        Where those lie, from the left.
    weighed
        Whether the emission is known.
    """

    bars: tuple[Bar, ...]
    marks: tuple[int, ...]
    top: str
    weighed: bool
    label: str


def pairs(found: Comparison, unit: str) -> Plot:
    """Return the partial measurements of a comparison that has some, with the bureau above the company."""
    ends = [
        value
        for one in found.pairs
        for middle, u in ((one.control, one.u_control), (one.company, one.u_company))
        for value in (middle - (u or 0), middle + (u or 0))
    ]
    scale = stack_scale.over(min(ends), max(ends), LEFT, WIDE)
    made = []
    for number, one in enumerate(found.pairs):
        y = ROW * number
        made.append(
            PlotRow(
                civil(one.start),
                y + 11,
                _interval(scale, one.control, one.u_control, y + 19),
                _interval(scale, one.company, one.u_company, y + 30),
            )
        )
    told = "; ".join(
        _("%(when)s: bureau %(bureau)s, company %(company)s")
        % {
            "when": civil(one.start),
            "bureau": plus_minus(one.control, one.u_control),
            "company": plus_minus(one.company, one.u_company),
        }
        for one in found.pairs
    )
    return Plot(ROW * len(made) + 22, scale, tuple(made), f"{told} {unit}")


def _interval(scale: Scale, value: Fraction, u: Fraction | None, y: int) -> Interval:
    return Interval(scale.at(value - (u or 0)), scale.at(value), scale.at(value + (u or 0)), y)


def load(stood: Stood, unit: str) -> LoadPlot:
    """Return how the year lies over the load, of a measurement of which that is known."""
    most = max(max(one.hours, one.mass or Fraction(0)) for one in stood.classes) or Fraction(1)
    top = Fraction(stood.classes[-1].high)
    width = WIDE // len(stood.classes)
    wide = width * len(stood.classes)
    weighed = any(one.mass is not None for one in stood.classes)
    bars = tuple(_bar(one, LEFT + width * n, width, most, unit, weighed) for n, one in enumerate(stood.classes))
    marks = tuple(LEFT + int(wide * min(Fraction(one), top) / top) for one in stood.loads)
    measured = ", ".join(short(one) for one in stood.loads)
    told = _("Load of the plant over the year, from 0 to %(top)s %(unit)s. Measured at %(loads)s %(unit)s.") % {
        "top": short(stood.classes[-1].high),
        "unit": unit,
        "loads": measured,
    }
    return LoadPlot(bars, marks, f"{short(stood.classes[-1].high)} {unit}".strip(), weighed, told)


def _bar(one: LoadClass, x: int, width: int, most: Fraction, unit: str, weighed: bool) -> Bar:
    hours, mass = (int(TALL * (part or 0) / most) for part in (one.hours, one.mass))
    half = (width - 2) // 2
    return Bar(
        x + 1,
        x + 1 + half,
        half if weighed else 2 * half,
        hours,
        BASE - hours,
        mass,
        BASE - mass,
        f"{short(one.low)}–{short(one.high)} {unit}".strip(),
        percent(one.hours),
        "" if one.mass is None else percent(one.mass),
    )
