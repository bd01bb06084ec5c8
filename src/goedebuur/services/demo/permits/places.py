"""The four invented sites of the demonstration, with their installations and emission points, as records."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import (
    Activity,
    Authority,
    EmissionPoint,
    Installation,
    Operator,
    Place,
    Site,
    SiteRecord,
)
from goedebuur.services import coordinates
from goedebuur.services.demo import region

SOURCE: Final = "verzonnen voor de demonstratie"
PROVINCE: Final = Authority("gs-westerland", "province", (Dated("Gedeputeerde Staten van Westerland (verzonnen)"),))
AGENCY: Final = Authority("od-westerland", "agency", (Dated("Omgevingsdienst Westerland (verzonnen)"),))
MUNICIPALITY: Final = Authority("gemeente-westerwerf", "municipality", (Dated("Gemeente Westerwerf (verzonnen)"),))

Point = tuple[str, str, str, str]
"""Installation, kind, height and inner width of the mouth; the last two empty where there is no mouth. [m]"""


@dataclass(frozen=True, slots=True)
class Example:
    """One invented site.

    Parameters
    ----------
    operators
        Name and first day of each that has run it, in order.
    east, north
        Metres from :data:`region.CENTRE`.
    activities
        List and code of Annex I, the main one first.
    points
        Name of each emission point → what it is.
    facility
        Under which the demonstration's release register reports on it; empty for none.
    """

    id: str
    name: str
    city: str
    operators: Sequence[tuple[str, str]]
    east: float
    north: float
    activities: Sequence[tuple[str, str]]
    installations: Sequence[str]
    points: Mapping[str, Point]
    facility: str = ""


def part_id(site: str, name: str) -> str:
    """Return the identifier of a part of a site, from the names of both.

    >>> part_id("voorbeeld-chemie-molenveld", "schoorsteen M1 (kraakoven)")
    'chemie-molenveld.schoorsteen-m1-kraakoven'
    """
    return f"{site.removeprefix('voorbeeld-')}.{_slug(name)}"


def records(example: Example) -> list[SiteRecord]:
    """Return everything that the record keeps of one invented site."""
    lasts = [_day_before(first) for _, first in example.operators[1:]] + [""]
    runners = [(_slug(name), name, first, last) for (name, first), last in zip(example.operators, lasts, strict=True)]
    at = region.Place("", example.name, example.east, example.north, "", "", ())
    x, y = coordinates.to_rd(float(at.latitude), float(at.longitude))
    site = Site(
        example.id,
        names=(Dated(f"{example.name} (voorbeeld)", source=SOURCE),),
        cities=(Dated(example.city, source=SOURCE),),
        places=(Place(at.latitude, at.longitude, x, y, source=SOURCE),),
        operators=tuple(Dated(runner, first, last, SOURCE) for runner, _, first, last in runners),
        authorities=(Dated(PROVINCE.id, source=SOURCE),),
        agencies=(Dated(AGENCY.id, source=SOURCE),),
        municipalities=(Dated(MUNICIPALITY.id, source=SOURCE),),
        activities=tuple(
            Activity(register, code, main=not number, source=SOURCE)
            for number, (register, code) in enumerate(example.activities)
        ),
        facilities=(Dated(example.facility, source=SOURCE),) if example.facility else (),
        checked=True,
        simulated=True,
    )
    operators = [Operator(runner, names=(Dated(name, first),), simulated=True) for runner, name, first, _ in runners]
    installations = [
        Installation(part_id(example.id, name), example.id, (Dated(name),)) for name in example.installations
    ]
    points = [
        EmissionPoint(
            part_id(example.id, name),
            example.id,
            kind,
            (Dated(name),),
            (part_id(example.id, installation),) if installation else (),
            height,
            width,
        )
        for name, (installation, kind, height, width) in example.points.items()
    ]
    return [*operators, PROVINCE, AGENCY, MUNICIPALITY, site, *installations, *points]


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
