"""What a page shows of the totals of a year: kilograms with a range, how they were found, and what was reported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from goedebuur.core.emissions.annual import Filled, Year, kilograms
from goedebuur.core.emissions.en14181.criteria import written
from goedebuur.core.emissions.register import MG, Against, Method, Part, Row, Standing
from goedebuur.core.emissions.tables import to_milligrams
from goedebuur.rules import substance_names, visible
from goedebuur.services.total_results import TotalsView
from goedebuur.web import words
from goedebuur.web.stack_figures import percent
from goedebuur.web.templatetags.figures import count, reported, upfirst

METHODS: Final = {
    Method.MEASURED: gettext_noop("measured"),
    Method.CALCULATED: gettext_noop("calculated"),
    Method.ESTIMATED: gettext_noop("estimated"),
}
STANDINGS: Final = {
    Standing.ABOVE: gettext_noop("above the threshold"),
    Standing.BELOW: gettext_noop("at most the threshold"),
}
AGAINST: Final = {
    Against.WITHIN: (gettext_noop("what was reported lies in the range"), "meets"),
    Against.NOTHING: (gettext_noop("nothing reported, and as far as known that was not needed"), "none"),
}
"""What is no question → words and shape."""
SAYS_LITTLE: Final = gettext_noop(
    "what was reported lies in the range, which says little: most of the time was filled in"
)
ASKS: Final = {
    Against.LESS_REPORTED: gettext_noop("Why is less reported than follows from these measurements?"),
    Against.MORE_REPORTED: gettext_noop("Why is more reported than follows from these measurements?"),
    Against.NOT_REPORTED: gettext_noop("Has this been reported? It lies above the threshold, and the record has none."),
}
WIDE: Final = 308
LEFT: Final = 6


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of a total.

    Parameters
    ----------
    based
        How much of the year it rests on; empty where it is no measurement.
    filled
        Steps that were filled in, by what, as sentences.
    notes
        What is in the range of how uncertain the measurements are, as sentences.
    """

    what: str
    method: str
    mass: str
    span: str
    based: str
    filled: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plot:
    """A total drawn: its range, itself, the threshold and what was reported, from the left; None where not known."""

    start: int
    end: int
    at: int
    threshold: int | None
    reported: int | None
    top: str
    label: str


@dataclass(frozen=True, slots=True)
class TotalRow:
    """One substance.

    Parameters
    ----------
    based
        How much of the year it rests on.
    against, side
        What the own figure says of the reported one, where that is no question.
    asks
        What a person must answer.
    """

    anchor: str
    what: str
    register: str
    code: str
    method: str
    mass: str
    span: str
    based: str
    accidental: str
    threshold: str
    standing: str
    reported: str
    against: str
    side: str
    asks: tuple[str, ...]
    parts: tuple[PartRow, ...]
    plot: Plot | None


def rows(view: TotalsView) -> list[TotalRow]:
    """Return the table of the year, by name."""
    named = sorted(view.rows, key=lambda one: _name(one).casefold())
    return [_row(view, number, one) for number, one in enumerate(named, 1)]


def table(view: TotalsView) -> Iterator[tuple[str, ...]]:
    """Yield the table of the year as rows of a file, masses in kg as exact text; an empty cell is not known."""
    yield COLUMNS
    for one in view.rows:
        steps = _steps(view, one)
        known = bool(one.parts)
        yield (
            *(str(view.year), one.id, one.name, str(one.method or "")),
            *(_kg(value) if known else "" for value in (one.mass, one.low, one.high, one.accidental)),
            ("yes" if one.complete else "no") if known else "",
            "" if one.threshold is None else _exact(one.threshold),
            str(one.standing),
            "" if one.reported is None else _exact(one.reported),
            str(one.against),
            *(map(str, steps) if steps is not None else ("", "", "", "")),
        )


COLUMNS: Final = (
    *("year", "pollutant", "name", "method", "kg", "kg_low", "kg_high", "kg_accidental", "complete", "threshold_kg"),
    *("standing", "reported_kg", "against", "steps", "steps_measured", "steps_filled_in", "steps_at_rest"),
)


def _row(view: TotalsView, number: int, one: Row) -> TotalRow:
    known = bool(one.parts)
    steps = _steps(view, one)
    told, side = AGAINST.get(one.against, ("", "undetermined"))
    if one.against is Against.WITHIN and steps is not None and steps[2] > steps[1]:
        told, side = SAYS_LITTLE, "undetermined"
    return TotalRow(
        anchor=f"stof-{number}",
        what=upfirst(_name(one)),
        register=one.name,
        code=str(one.method or ""),
        method=_(METHODS[one.method]) if one.method is not None else "",
        mass=_mass(one) if known else "",
        span=_span(one.low, one.high) if known else "",
        based=_based(steps),
        accidental=reported(kilograms(one.accidental)) if known else "",
        threshold="" if one.threshold is None else reported(_exact(one.threshold)),
        standing=_(STANDINGS[one.standing]) if one.standing in STANDINGS else "",
        reported="" if one.reported is None else reported(_exact(one.reported)),
        against=_(told) if told else "",
        side=side,
        asks=tuple(_asks(one)),
        parts=tuple(_part(view, part) for part in one.parts),
        plot=_plot(one) if known and one.high is not None else None,
    )


def _name(one: Row) -> str:
    names = substance_names.names()
    for name in (one.id, *(part.substance for part in one.parts)):
        row = names.of_id(name)
        if row is not None:
            return row.en if get_language() == "en" else row.nl
    return one.name or one.id


def _mass(one: Row) -> str:
    told = reported(kilograms(one.mass))
    return told if one.complete else _("%(mass)s, without what is not known") % {"mass": told}


def _span(low: int, high: int | None) -> str:
    if high is None:
        return _("from %(low)s") % {"low": reported(kilograms(low))}
    return _("%(low)s to %(high)s") % {"low": reported(kilograms(low)), "high": reported(kilograms(high))}


def _steps(view: TotalsView, one: Row) -> tuple[int, int, int, int] | None:
    """Return how many steps the years of its measured parts have, and of how many was measured, filled in, at rest."""
    years = [
        year
        for part in one.parts
        if part.method is Method.MEASURED and (year := view.measured.get((part.about, part.substance))) is not None
    ]
    if not years:
        return None
    steps, measured, rest = (sum(getattr(year, name) for year in years) for name in ("steps", "measured", "at_rest"))
    return steps, measured, steps - measured - rest, rest


def _based(steps: tuple[int, int, int, int] | None) -> str:
    if steps is None or not steps[0]:
        return ""
    whole, measured, filled, rest = steps
    told = _("measured %(part)s %% of the time") % {"part": percent(Fraction(measured, whole))}
    if filled:
        told += "; " + _("filled in %(part)s %%") % {"part": percent(Fraction(filled, whole))}
    if rest:
        told += "; " + _("out of service %(part)s %%") % {"part": percent(Fraction(rest, whole))}
    return told


def _asks(one: Row) -> Iterator[str]:
    if one.parts and one.threshold is None:
        yield _("Does the register ask for this substance? No threshold that holds for this year is confirmed.")
    elif one.parts and one.standing is Standing.UNDETERMINED:
        yield _("Does this lie above the threshold? The range lies on both sides of it, or a part is not known.")
    if one.against in ASKS:
        yield _(ASKS[one.against])
    elif one.against is Against.UNDETERMINED and not one.parts:
        yield _("On what does the reported figure rest? The record has no measurement of it.")
    elif one.against is Against.UNDETERMINED and one.reported is not None:
        yield _("Does the reported figure fit? That can't be told: a part is not known.")


def _part(view: TotalsView, one: Part) -> PartRow:
    year = view.measured.get((one.about, one.substance))
    return PartRow(
        _about(view, one),
        f"{one.method} ({_(METHODS[one.method])})",
        _("not known") if one.mass is None else reported(kilograms(one.mass)),
        _span(one.low, one.high),
        "" if year is None else _based((year.steps, year.measured, _open(year), year.at_rest)),
        () if year is None else tuple(_filled(each) for each in year.filled or ()),
        () if year is None or not year.measured else tuple(_notes(year)),
    )


def _notes(year: Year) -> Iterator[str]:
    if year.uncertainty is None:
        yield _("How uncertain the measured concentrations are is not known, and not in the range.")
    else:
        mass = reported(kilograms(to_milligrams(year.uncertainty)))
        yield _("Uncertainty of the measured concentrations: %(mass)s kg more or less, in the range.") % {"mass": mass}
    if year.above_range:
        yield _(
            "In %(n)s steps the instrument was above its range. More was let go than is counted; how much is not known."
        ) % {"n": count(year.above_range)}


def _about(view: TotalsView, one: Part) -> str:
    if one.method is Method.MEASURED:
        return upfirst(view.points.get(one.about, one.about))
    factor = next((each for each in visible.factors() if each.id == one.basis), None)
    place = upfirst(words.look_up("visible_place", one.about))
    return place if factor is None else f"{place} ({factor.id})"


def _open(year: Year) -> int:
    return year.steps - year.measured - year.at_rest


def _filled(one: Filled) -> str:
    values = {
        "n": count(one.steps),
        "state": words.look_up("filled_state", one.state),
        "by": words.look_up("filled_state", one.by),
        "mass": reported(kilograms(to_milligrams(one.mass))),
    }
    return _("%(n)s steps, state %(state)s: filled in with the mean of %(by)s, %(mass)s kg together") % values


def _plot(one: Row) -> Plot:
    assert one.high is not None
    threshold = None if one.threshold is None else one.threshold * MG
    told = None if one.reported is None else one.reported * MG
    most = max([Fraction(one.high), *(value for value in (threshold, told) if value is not None)]) or Fraction(1)

    def at(value: Fraction | int) -> int:
        return LEFT + int(WIDE * Fraction(value) / most)

    said = [_("own figure %(mass)s kg, range %(span)s kg") % {"mass": _mass(one), "span": _span(one.low, one.high)}]
    if one.threshold is not None:
        said.append(_("threshold %(mass)s kg") % {"mass": reported(_exact(one.threshold))})
    if one.reported is not None:
        said.append(_("reported %(mass)s kg") % {"mass": reported(_exact(one.reported))})
    return Plot(
        at(one.low),
        at(one.high),
        at(one.mass),
        None if threshold is None else at(threshold),
        None if told is None else at(told),
        reported(kilograms(int(most))),
        "; ".join(said),
    )


def _kg(milligrams: int | None) -> str:
    return "" if milligrams is None else written(Fraction(milligrams, MG), 6)


def _exact(value: Fraction) -> str:
    return written(value, 6)
