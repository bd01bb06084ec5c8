"""What the map and the pages show of sites, in the words of the page's language."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from goedebuur.core.sites.history import Dated, Spanning, latest
from goedebuur.core.sites.records import Activity, EmissionPoint, Place
from goedebuur.core.sites.reported import REGISTER
from goedebuur.rules import activities
from goedebuur.services.settings import Bounds
from goedebuur.services.site_import import IMPORTED
from goedebuur.services.site_views import Party, SiteView
from goedebuur.services.views import ReleaseView
from goedebuur.web import words

_REPORTED: Final = f"{REGISTER}, reported over "


@dataclass(frozen=True, slots=True)
class Entry:
    """One site on the map and in lists."""

    site: SiteView
    url: str
    summary: str
    activity: str


@dataclass(frozen=True, slots=True)
class Substance:
    """What one site reported of one substance, newest year first."""

    name: str
    releases: tuple[ReleaseView, ...]

    @property
    def newest(self) -> ReleaseView:
        """Return the release of the newest year."""
        return self.releases[0]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a history: what held, from when to when, who says so, and something beside it."""

    value: str
    span: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """An installation with its emission points, or emission points of which only the site is known."""

    name: str
    activities: tuple[str, ...]
    span: str
    points: tuple[str, ...]


def parts(site: SiteView) -> list[Part]:
    """Return the installations of a site, each with where it lets go, and last what belongs to none of them."""
    found = [
        Part(
            _name(one.names),
            tuple(f"{activity(done.list, done.code)} ({done.code})" for done in one.activities),
            span(one),
            tuple(_point(point) for point in site.emission_points if one.id in point.installations),
        )
        for one in site.installations
    ]
    loose = tuple(_point(point) for point in site.emission_points if not point.installations)
    return [*found, Part("", (), "", loose)] if loose else found


def entries(sites: Iterable[SiteView], bounds: Bounds | None = None) -> list[Entry]:
    """Return the sites by name; with bounds (west, south, east, north) [°] only those whose place lies there."""
    found = [
        Entry(site, reverse("site", args=[site.id]), summary(site), main_activity(site))
        for site in sites
        if bounds is None or _inside(site, bounds)
    ]
    return sorted(found, key=lambda entry: (entry.site.name.casefold(), entry.site.id))


def summary(site: SiteView) -> str:
    """Return one sentence on what a site reported last."""
    year = site.last_report
    if year is None:
        return _("%(place)s. Nothing to the air was reported to the register.") % {"place": site.city or "–"}
    number = sum(release.year == year for release in site.releases)
    return ngettext(
        "%(place)s. Reported over %(year)d: %(n)d substance to air.",
        "%(place)s. Reported over %(year)d: %(n)d substances to air.",
        number,
    ) % {"place": site.city or "–", "year": year, "n": number}


def substances(site: SiteView) -> list[Substance]:
    """Return the releases by substance, in the order of their names; in each the newest year first."""
    ordered = sorted(site.releases, key=lambda release: (release.pollutant, -release.year))
    groups = [
        Substance(words.look_up("pollutant", name), tuple(releases))
        for name, releases in groupby(ordered, key=lambda release: release.pollutant)
    ]
    return sorted(groups, key=lambda group: group.name.casefold())


def on_map(entry: Entry) -> dict[str, object]:
    """Return what the map draws of a site."""
    return {
        "id": entry.site.id,
        "name": entry.site.name,
        "latitude": entry.site.latitude,
        "longitude": entry.site.longitude,
        "url": entry.url,
        "summary": entry.summary,
        "simulated": entry.site.simulated,
    }


def main_activity(site: SiteView) -> str:
    """Return the main activity in words; empty where not known."""
    found = site.main_activity
    return activity(found.list, found.code) if found is not None else ""


def activity(name: str, code: str) -> str:
    """Return an activity in words, with a capital; its code where the table lacks it."""
    found = activities.activities().get(f"{name}:{code}")
    if found is None:
        return code
    said = found.text.en if get_language() == "en" else found.text.nl
    return said[:1].upper() + said[1:]


def choice_of_activity(identity: str) -> tuple[str, str]:
    """Return an activity by which can be asked, `eprtr:4(a)`, with its words."""
    name, _colon, code = identity.partition(":")
    return identity, f"{code} {activity(name, code)}"


def dated(history: Iterable[Dated]) -> list[Fact]:
    """Return the lines of a history, the last first."""
    return [Fact(one.value, span(one), source(one.source)) for one in reversed(tuple(history))]


def parties(history: Iterable[Party]) -> list[Fact]:
    """Return the lines of who had to do with a site, the last first; with KvK number, earlier names and address."""
    return [Fact(one.name, span(one), source(one.source), _about(one)) for one in reversed(tuple(history))]


def done(history: Iterable[Activity]) -> list[Fact]:
    """Return the lines of what is done at a site, the last first, with list and code."""
    lists = {"eprtr": _("Register of emissions (E-PRTR)"), "ied": _("Industrial Emissions Directive")}
    return [
        Fact(activity(one.list, one.code), span(one), source(one.source), f"{lists[one.list]}, {one.code}")
        for one in reversed(tuple(history))
    ]


def unchecked(history: Iterable[Activity]) -> bool:
    """Return whether the words of an activity were not held against the text of the law yet."""
    rows = activities.activities()
    return any(not rows[f"{one.list}:{one.code}"].status.decides for one in history if f"{one.list}:{one.code}" in rows)


def places(history: Sequence[Place]) -> list[Fact]:
    """Return the lines of where a site lies, the last first, in both forms and with what was judged."""
    return [Fact(_position(one), span(one), source(one.source), _judged(one)) for one in reversed(history)]


def source(text: str) -> str:
    """Return who says so; of the register in the language of the page."""
    if text.startswith(_REPORTED):
        return _("E-PRTR, reported over %(years)s") % {"years": text.removeprefix(_REPORTED)}
    return text


def reason(text: str) -> str:
    """Return why something changed; of an import in the language of the page."""
    return _("taken over from the register E-PRTR") if text == IMPORTED else text


def span(one: Spanning) -> str:
    """Return from when to when in words; empty where neither is known, or where the years of reports say it."""
    if getattr(one, "source", "").startswith(_REPORTED):
        return ""
    first, last = day(one.valid_from), day(one.valid_to)
    if first and last:
        return _("from %(first)s up to and including %(last)s") % {"first": first, "last": last}
    if first:
        return _("since %(first)s; no end is known") % {"first": first}
    if last:
        return _("up to and including %(last)s") % {"last": last}
    return ""


def _name(history: Sequence[Dated]) -> str:
    found = latest(history)
    return found.value if found is not None else ""


def _point(one: EmissionPoint) -> str:
    said = [_name(one.names), words.look_up("point", one.kind)]
    if one.height:
        said.append(_("%(height)s m high") % {"height": words.figures(one.height)})
    if one.valid_from or one.valid_to:
        said.append(span(one))
    return ", ".join(said)


def day(text: str) -> str:
    """Return an ISO day as the language writes it."""
    if not text:
        return ""
    return text if get_language() == "en" else date.fromisoformat(text).strftime("%d-%m-%Y")


def _about(one: Party) -> str:
    said = [_("KvK number %(kvk)s") % {"kvk": one.kvk}] if one.kvk else []
    address = latest(one.addresses)
    if address is not None:
        said.append(address.value)
    earlier = [name for name in reversed(one.names) if name.value != one.name]
    if earlier:
        named = ", ".join(f"{name.value} ({span(name)})" if span(name) else name.value for name in earlier)
        said.append(_("earlier called %(names)s") % {"names": named})
    return "; ".join(said)


def _position(one: Place) -> str:
    degrees = f"{words.figures(one.latitude)}° N, {words.figures(one.longitude)}° {_('E')}"
    return f"{degrees}; RD {one.x}, {one.y}" if one.x else degrees


def _judged(one: Place) -> str:
    if not one.judged:
        return ""
    said = _("judged right") if one.judged == "right" else _("judged wrong")
    return f"{said}: {one.reason} ({words.look_up('role', one.role)})"


def _inside(site: SiteView, bounds: Bounds) -> bool:
    west, south, east, north = bounds
    known = not math.isnan(site.longitude + site.latitude)
    return known and west <= site.longitude <= east and south <= site.latitude <= north
