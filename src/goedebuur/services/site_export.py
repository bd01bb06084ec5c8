"""Sites to take away: one row each for a spreadsheet, or one with all that belongs to it, to be changed and entered."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.spreadsheets import harmless
from goedebuur.core.sites.records import Authority, EmissionPoint, Installation, Operator, Site, SiteRecord
from goedebuur.services import site_decisions, sites
from goedebuur.services.site_views import SiteView

if TYPE_CHECKING:
    from goedebuur.services.record import Record

COLUMNS: Final = (
    *("id", "name", "city", "municipality", "operator", "kvk", "activity_list", "activity", "latitude", "longitude"),
    *("rd_x", "rd_y", "last_report", "looked_at", "open_questions", "simulated", "leaf"),
)
WORDS: Final = frozenset({"id", "name", "city", "municipality", "operator"})
"""Columns of which the text comes from outside."""


def rows(views: Iterable[SiteView]) -> list[dict[str, object]]:
    """Return one row for each site, under the names of :data:`COLUMNS`; what is not known is None."""
    return [dict(zip(COLUMNS, _row(one), strict=True)) for one in views]


def as_csv(views: Iterable[SiteView]) -> bytes:
    """Return the rows as CSV in UTF-8."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows(views):
        writer.writerow([harmless(_text(cell)) if name in WORDS else _text(cell) for name, cell in row.items()])
    return sink.getvalue().encode()


def belonging(record: Record, name: str) -> list[SiteRecord]:
    """Return a site with its operators, authorities, installations and emission points, what others refer to first.

    A facility that the register proposes is a site too.

    Raises
    ------
    GoedeBuurError
        `site-unknown`.
    """
    site = site_decisions.known_sites(record).get(name)
    if site is None:
        raise sites.unknown(Site, name)
    parts = (site.authorities, site.agencies, site.municipalities)
    operators = dict.fromkeys(one.value for one in site.operators)
    authorities = dict.fromkeys(one.value for part in parts for one in part)
    return [
        *(sites.find(record, Operator, one) for one in operators),
        *(sites.find(record, Authority, one) for one in authorities),
        site,
        *(one for _, one in sorted(sites.every(record, Installation).items()) if one.site == name),
        *(one for _, one in sorted(sites.every(record, EmissionPoint).items()) if one.site == name),
    ]


def _row(one: SiteView) -> tuple[object, ...]:
    activity, place = one.main_activity, one.place
    operator = one.operators[-1] if one.operators else None
    return (
        one.id,
        one.name,
        one.city or None,
        one.municipalities[-1].id if one.municipalities else None,
        operator.id if operator is not None else None,
        (operator.kvk or None) if operator is not None else None,
        activity.list if activity is not None else None,
        activity.code if activity is not None else None,
        place.latitude if place is not None else None,
        place.longitude if place is not None else None,
        (place.x or None) if place is not None else None,
        (place.y or None) if place is not None else None,
        one.last_report,
        one.checked,
        one.open_questions,
        one.simulated,
        one.leaf,
    )


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)
