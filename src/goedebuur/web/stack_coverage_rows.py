"""What a page shows of the substances of a site: permitted, reported, measured, found, and how long ago."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from goedebuur.core.emissions.measuring.coverage import Cell, Duty, Finding, Measured, Reported
from goedebuur.core.permits.conditions import Manner
from goedebuur.services.coverage_views import CoverageView
from goedebuur.web import stack_verdict_rows, words
from goedebuur.web.templatetags.figures import count, reported, upfirst

WEIGHTS: Final = {
    Finding.FOUND_NOT_PERMITTED: 4,
    Finding.NEVER_MEASURED: 3,
    Finding.OVERDUE: 3,
    Finding.REPORTED_NOT_MEASURED: 2,
    Finding.REPORTED_NOT_PERMITTED: 2,
    Finding.NO_DUTY: 1,
}
"""How much each asks to be looked at: what weighs most stands first. A choice."""
ASKS: Final = {
    Finding.FOUND_NOT_PERMITTED: gettext_noop("Which decision permits this? It was found, and the record has none."),
    Finding.REPORTED_NOT_MEASURED: gettext_noop(
        "On what does the reported figure rest? The record has no measurement."
    ),
    Finding.REPORTED_NOT_PERMITTED: gettext_noop(
        "Which decision permits this? It is reported, and the record has none."
    ),
    Finding.NEVER_MEASURED: gettext_noop("Has it been measured? A condition asks for it, and the record has none."),
    Finding.OVERDUE: gettext_noop("Has it been measured since? The day on which it was due has passed."),
    Finding.NO_DUTY: gettext_noop(
        "How often must it be measured? A condition or the regime of control (Bal 5.32) says it; the emission at"
        " failure is needed for that."
    ),
}
"""What must be answered: the record knows what is in it alone, so nothing here is a verdict."""
ALL, STANDS_OUT = "all", "stands-out"


@dataclass(frozen=True, slots=True)
class Row:
    """One substance at a point.

    Parameters
    ----------
    ago
        How long ago it was measured; empty where it never was.
    asked
        How often it must be, by each duty.
    asks
        Questions that it raises.
    weight
        How much it asks to be looked at.
    """

    what: str
    permitted: int
    reported: str
    measured: str
    found: bool
    ago: str
    asked: tuple[str, ...]
    due: str
    asks: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class PointRows:
    """The substances at one emission point; those of the site as a whole have no point."""

    id: str
    name: str
    rows: tuple[Row, ...]
    told: str
    weight: int


def points(view: CoverageView, shown: str = ALL) -> list[PointRows]:
    """Return the substances by emission point, what asks most to be looked at first.

    Parameters
    ----------
    shown
        :data:`ALL`, or those that raise a question alone.
    """
    by_point: dict[str, list[Row]] = {}
    for cell in view.cells:
        row = _row(cell, view.on)
        if shown == ALL or row.asks:
            by_point.setdefault(cell.spot.emission_point, []).append(row)
    found = [_point(view, name, rows) for name, rows in by_point.items()]
    return sorted(found, key=lambda one: (-one.weight, not one.id, one.name.casefold()))


def counts(cells: Iterable[Cell]) -> list[tuple[str, int]]:
    """Return how many substances raise which question, in words, the weightiest first."""
    tally = Counter(finding for cell in cells for finding in cell.findings)
    return [(words.look_up("coverage_finding", one), tally[one]) for one in WEIGHTS if tally[one]]


def table(view: CoverageView) -> Iterator[tuple[str, ...]]:
    """Yield the matrix as rows of a file; an empty cell is not there, or not known."""
    yield COLUMNS
    for one in view.cells:
        last = one.measured[0] if one.measured else None
        yield (
            one.spot.emission_point,
            one.spot.substance,
            " ".join(one.permitted),
            *(("", "") if one.reported is None else (str(one.reported.year), one.reported.amount)),
            *(("", "", "") if last is None else (last.last.isoformat(), str(last.manner), last.source)),
            "yes" if any(each.found for each in one.measured) else "no",
            "" if one.days is None else str(one.days),
            " ".join(f"{each.manner}:{each.times or ''}/{each.months or ''}:{each.source}" for each in one.duties),
            "" if one.due is None else one.due.isoformat(),
            " ".join(one.findings),
        )


COLUMNS: Final = (
    *("emission_point", "substance", "permitted_by", "reported_year", "reported", "last_measured", "manner"),
    *("measured_in", "found", "days_since", "asked", "due", "findings"),
)


def _point(view: CoverageView, name: str, rows: Sequence[Row]) -> PointRows:
    ordered = tuple(sorted(rows, key=lambda one: (-one.weight, one.what.casefold())))
    asking = sum(bool(one.asks) for one in rows)
    told = ngettext("%(n)s substance", "%(n)s substances", len(rows)) % {"n": count(len(rows))}
    if asking:
        told += ", " + ngettext("%(n)s with a question", "%(n)s with a question", asking) % {"n": count(asking)}
    named = upfirst(view.points.get(name, name)) if name else _("The site as a whole")
    return PointRows(name, named, ordered, told, max((one.weight for one in rows), default=0))


def _row(cell: Cell, on: date) -> Row:
    last = cell.measured[0] if cell.measured else None
    return Row(
        upfirst(stack_verdict_rows.substance(cell.spot.substance, None)),
        len(cell.permitted),
        _reported(cell.reported) if cell.reported is not None else "",
        _measured(last) if last is not None else "",
        any(one.found for one in cell.measured),
        _ago(cell.days) if cell.days is not None else "",
        tuple(dict.fromkeys(_duty(one) for one in cell.duties)),
        _due(cell.due, on) if cell.due is not None else "",
        tuple(_(ASKS[one]) for one in sorted(cell.findings, key=lambda one: -WEIGHTS[one])),
        max((WEIGHTS[one] for one in cell.findings), default=0),
    )


def _reported(one: Reported) -> str:
    amount, _space, unit = one.amount.partition(" ")
    return _("%(amount)s in %(year)s") % {"amount": f"{reported(amount)} {unit}", "year": one.year}


def _measured(last: Measured) -> str:
    if last.manner is Manner.CONTINUOUS:
        return _("all the time, until %(day)s") % {"day": _day(last.last)}
    return _day(last.last)


def _ago(days: int) -> str:
    return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": count(days)}


def _duty(one: Duty) -> str:
    if one.manner is Manner.CONTINUOUS:
        return _("all the time")
    if one.manner is Manner.CALCULATED:
        return _("calculated")
    if one.times is None or one.months is None:
        return _("now and then: how often is not known")
    if one.times == 1:
        return ngettext("once a month", "once in %(n)s months", one.months) % {"n": one.months}
    return ngettext("%(times)s times a month", "%(times)s times in %(n)s months", one.months) % {
        "times": one.times,
        "n": one.months,
    }


def _due(due: date, on: date) -> str:
    if due < on:
        return _("it was due by %(day)s") % {"day": _day(due)}
    return _("next by %(day)s") % {"day": _day(due)}


def _day(day: date) -> str:
    return str(formats.date_format(day, "j F Y"))
