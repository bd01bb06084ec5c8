"""The questions on sites that wait for a person, and what was decided, in the words of the page's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from goedebuur.core.sites.likeness import Term
from goedebuur.core.sites.merges import MergeState, SiteMerge
from goedebuur.core.sites.moves import Position
from goedebuur.core.sites.reported import spans
from goedebuur.services.site_decisions import Moved, Pair
from goedebuur.services.site_views import SiteView
from goedebuur.web import site_rows, words
from goedebuur.web.templatetags.figures import count, number

STATES: Final = {
    MergeState.MERGED: gettext_noop("these are one site"),
    MergeState.SPLIT: gettext_noop("these are two sites after all"),
    MergeState.APART: gettext_noop("these are two sites"),
}
DOUBTS: Final = {
    "not_a_number": gettext_noop("no coordinates were given"),
    "swapped": gettext_noop("latitude and longitude are likely swapped"),
    "outside": gettext_noop("this lies outside the Netherlands"),
    "far_from_city": gettext_noop("this lies far from all other companies of the same town"),
    "came_back": gettext_noop("the years before and after have another place"),
    "datum": gettext_noop(
        "it lies off as the Dutch and the worldwide system do: a conversion was likely missed or done twice"
    ),
}


@dataclass(frozen=True, slots=True)
class Named:
    """A site by name, with its page."""

    name: str
    url: str
    register: str


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two facilities that may be one site, with the reasons, and what was decided."""

    sites: tuple[Named, Named]
    points: int
    reasons: tuple[str, ...]
    decision: str
    open: bool


@dataclass(frozen=True, slots=True)
class PositionRow:
    """One place of a facility, with its years and what speaks against it."""

    place: str
    years: str
    doubts: tuple[str, ...]
    judged: str


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A facility whose coordinates moved, or are doubted."""

    site: Named
    distance: str
    positions: tuple[PositionRow, ...]
    open: bool


def pairs(found: Iterable[Pair], names: Mapping[str, str]) -> list[PairRow]:
    """Return the rows of pairs.

    Parameters
    ----------
    names
        Site → its name.
    """
    return [
        PairRow(
            sites=(
                _named(pair.sites[0], names, pair.likeness.first),
                _named(pair.sites[1], names, pair.likeness.second),
            ),
            points=pair.likeness.points,
            reasons=tuple(filter(None, map(_reason, pair.likeness.terms))),
            decision=decided(pair.decision) if pair.decision is not None else _("merged by way of another site"),
            open=pair.open,
        )
        for pair in found
    ]


def moved(found: Iterable[Moved], names: Mapping[str, str]) -> list[MovedRow]:
    """Return the rows of facilities that moved."""
    return [
        MovedRow(
            site=_named(one.site, names, one.move.facility),
            distance=_far(1000 * one.move.distance) if one.move.distance else "",
            positions=tuple(map(_position, one.move.positions, one.judged)),
            open=one.open,
        )
        for one in found
    ]


def names(views: Iterable[SiteView]) -> dict[str, str]:
    """Return site → its name, also for those that go on under another."""
    found = {}
    for view in views:
        found[view.id] = view.name
        found |= {decision.gone: view.name for decision in view.merged}
    return found


def decided(decision: SiteMerge) -> str:
    """Return a decision in words, with role, day and reason."""
    return _("%(what)s, decided by %(role)s on %(day)s: %(reason)s") % {
        "what": _(STATES[decision.state]),
        "role": words.look_up("role", decision.role),
        "day": site_rows.day(decision.decided_on),
        "reason": decision.reason,
    }


def _named(site: str, known: Mapping[str, str], register: str) -> Named:
    return Named(known.get(site, site), reverse("site", args=[site]), register)


def _reason(term: Term) -> str:
    if term.about == "name":
        if term.measure == "0":
            return _("the names share no word")
        return _("%(share)s%% of the words of the names are shared") % {"share": term.measure}
    if term.about == "distance":
        return _("they lie %(far)s apart") % {"far": _far(float(term.measure))} if term.measure else ""
    if term.about == "city":
        return _("both name %(town)s as their town") % {"town": term.measure} if term.measure else ""
    if term.about == "activity":
        return _("both do the same (%(code)s)") % {"code": term.measure} if term.measure else ""
    if term.points > 0:
        return _("no year has a report of both")
    years = int(term.measure)
    return ngettext(
        "both reported in %(n)d same year: that speaks against it",
        "both reported in %(n)d same years: that speaks against it",
        years,
    ) % {"n": years}


def _position(one: Position, judged: str) -> PositionRow:
    place = f"{words.figures(one.latitude)}° N, {words.figures(one.longitude)}° {_('E')}" if one.latitude else "–"
    said = {"right": _("judged right"), "wrong": _("judged wrong")}.get(judged, "")
    return PositionRow(place, spans(one.years), tuple(_(DOUBTS[doubt]) for doubt in one.doubts), said)


def _far(metres: float) -> str:
    return f"{number(metres / 1000)} km" if metres >= 1000 else f"{count(round(metres))} m"
