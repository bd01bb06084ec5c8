"""The form of a dispersion study: what can be chosen, what was typed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any, Final

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goedebuur.core.base.distances import distance
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import dispersion_study, dispersion_study_emissions, inventory, reported_beside_measured
from goedebuur.services.dispersion_study import OWN, Area, Basis, Emitter, Study, Wind
from goedebuur.services.dispersion_study_emissions import Offered
from goedebuur.services.record import Record
from goedebuur.services.tables_csv import GROUPED
from goedebuur.services.views import StationView
from goedebuur.web import dispersion_words as words

MOST: Final = 60
"""Facilities in the form: those nearest to the middle. A request has a thousand fields at most."""
LONGEST: Final = 30
"""Of a number that is typed. [character]"""
OWN_FIELDS: Final = ("height", "diameter", "temperature", "speed")
WRONG: Final = {
    "title": gettext_noop("Give a title of at most 120 characters."),
    "years": gettext_noop("Choose years of which there are releases and weather, at most ten."),
    "emitters": gettext_noop("Choose one facility or more."),
    "middle": gettext_noop("Give a latitude and a longitude in degrees, such as 52.47 and 4.60."),
    "grid": gettext_noop("Give half the side in km, from 0.5 to 25, and a step in m that is smaller than that."),
    "step": gettext_noop("These are more than 10,000 places: take a greater step or a smaller square."),
    "statistics": gettext_noop("Choose one statistic or more."),
    "levels": gettext_noop("Give at most six levels, the lowest first, with spaces between them: 0.5 1 2."),
    "station": gettext_noop("Choose the station that measures the wind."),
    "roughness": gettext_noop("Give a roughness in m, above 0 and under 1.4: 0.1 for farmland, 0.5 for a village."),
    "sea": gettext_noop("Give two directions from 0 to 360 degrees, clockwise, or leave both empty."),
    "stack": gettext_noop("Give height, width, temperature and speed of the stack as they can be (m, m, K, m/s)."),
    "kilograms": gettext_noop("Give the emission in kilograms a year, 0 or more."),
    "thousands": gettext_noop("Leave out separators of thousands: 3160 or 3,16, not 3.160."),
}
"""Field → what to do."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A facility in the form, with what was typed of it."""

    number: int
    id: str
    name: str
    place: str
    away: str
    reported: str
    permitted: str
    chosen: bool
    basis: str
    kilograms: str
    stack: str
    own: Mapping[str, str]
    wrong: str


@dataclass
class Typed:
    """What was typed, and what is wrong with it: field → sentence."""

    post: QueryDict
    wrong: dict[str, str] = field(default_factory=dict)

    def number(self, name: str, key: str, least: float, most: float) -> float:
        """Return a number, with a comma or a point; 0 where it cannot be, which is noted."""
        found = _number(self.post.get(name, ""))
        if found is None or not least <= found <= most:
            self.refuse(key)
            return 0.0
        return found

    def kilograms(self, facility: str) -> float:
        """Return kilograms in a year; what may be thousands or a fraction is refused."""
        key = f"kilograms:{facility}"
        if GROUPED.fullmatch(self.post.get(key, "").strip()):
            self.wrong.setdefault(key, _(WRONG["thousands"]))
            return 0.0
        return self.number(key, key, 0, 1e11)

    def refuse(self, key: str) -> None:
        """Note what is wrong with a field; of a facility the part before the colon says what."""
        self.wrong.setdefault(key, _(WRONG.get(key.partition(":")[0], WRONG["title"])))


def _number(text: str) -> float | None:
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return found if isfinite(found) else None


def _exactly(value: float) -> str:
    """Return a number as it is read again, and not as groups of thousands: of a fraction one digit more.

    >>> _exactly(12345678.0), _exactly(1.125)
    ('12345678', '1.1250')
    """
    text = repr(float(value)).removesuffix(".0")
    return f"{text}0" if GROUPED.fullmatch(text) else text


def substances(record: Record) -> list[str]:
    """Return the quantities that both a station and the register know."""
    held = {series.quantity for one in inventory.stations(record) for series in one.series}
    return [one for one in reported_beside_measured.known_substances() if one in held]


def years(record: Record, substance: str) -> list[int]:
    """Return the years over which a substance was reported and in which a station measured wind, the newest first."""
    facilities = inventory.facilities(record)
    told = {release.year for one in facilities for release in one.releases}
    windy = {year for one in inventory.stations(record) for year in _windy(one)}
    kilograms = reported_beside_measured.kilograms
    found = (year for year in told & windy if any(kilograms(one, substance, year) for one in facilities))
    return sorted(found, reverse=True)


def _windy(station: StationView) -> range:
    """Return the years from the first to the last wind that a station measured."""
    held = [one for one in station.series if one.quantity == "wind_speed"]
    spans = [(one.first, one.last) for one in held if one.first is not None and one.last is not None]
    return range(spans[0][0].year, spans[0][1].year + 1) if spans else range(0)


def running(known: Sequence[int], first: str, last: str) -> tuple[int, ...]:
    """Return the years from the first to the last that were chosen, of those that are known; without these the newest.

    A last one before the first, or farther on than a study may go, is as far as can be.
    """
    ends = [next((year for year in known if str(year) == text), None) for text in (first, last)]
    begin = ends[0] if ends[0] is not None else ends[1] if ends[1] is not None else max(known)
    end = ends[1] if ends[1] is not None else begin
    end = min(max(begin, end), begin + dispersion_study.MOST_YEARS - 1)
    return tuple(range(begin, end + 1))


def winds(record: Record) -> list[tuple[str, str]]:
    """Return the stations that measure wind."""
    return _measuring(record, {"wind_speed", "wind_direction"})


def clouds(record: Record) -> list[tuple[str, str]]:
    """Return the stations that see the clouds."""
    return _measuring(record, {"cloud_cover"})


def _measuring(record: Record, quantities: set[str]) -> list[tuple[str, str]]:
    stations = inventory.stations(record)
    return [(one.id, one.name) for one in stations if quantities <= {series.quantity for series in one.series}]


def middle(offered: Sequence[Offered]) -> tuple[float, float]:
    """Return where a square begins: in the middle of the map, else at the facility that lets out most. [°]"""
    bounds = settings.GOEDEBUUR.map_bounds
    if bounds is not None:
        return (bounds[1] + bounds[3]) / 2, (bounds[0] + bounds[2]) / 2
    return (offered[0].latitude, offered[0].longitude) if offered else (52.1, 5.2)


def choices(offered: Sequence[Offered], at: tuple[float, float], typed: Typed | None) -> list[Choice]:
    """Return the facilities nearest to a place, with what was typed; those within fifteen kilometres are chosen."""
    away = {one.id: distance(*at, one.latitude, one.longitude) for one in offered}
    near = sorted(offered, key=lambda one: away[one.id])[:MOST]
    return [
        _choice(number, one, f"{away[one.id]:.0f}", typed, chosen=away[one.id] <= 15) for number, one in enumerate(near)
    ]


def _choice(number: int, one: Offered, away: str, typed: Typed | None, *, chosen: bool) -> Choice:
    post = typed.post if typed is not None else QueryDict()
    wrong = [typed.wrong.get(f"{key}:{one.id}", "") for key in ("kilograms", "stack")] if typed is not None else []
    return Choice(
        number=number,
        id=one.id,
        name=one.name,
        place=one.place,
        away=away,
        reported=words.masses(one.reported),
        permitted=words.masses(one.permitted) if None not in one.permitted else "",
        chosen=one.id in post.getlist("facility") if typed is not None else chosen,
        basis=post.get(f"basis:{one.id}", Basis.REPORTED.value),
        kilograms=post.get(f"kilograms:{one.id}", "")[:LONGEST],
        stack=post.get(f"stack:{one.id}", "middle"),
        own={name: post.get(f"{name}:{one.id}", "")[:LONGEST] for name in OWN_FIELDS},
        wrong=" ".join(one for one in wrong if one),
    )


def of_base(record: Record, base: Study, typed: Typed | None) -> list[Choice]:
    """Return the facilities of a base with what was typed, else with what they are there."""
    offered = dispersion_study_emissions.offered(record, base.substance, base.years, base.size)
    known = {one.id: one for one in offered}
    found = []
    for number, emitter in enumerate(base.emitters):
        told = known.get(emitter.facility)
        if told is None:
            told = Offered(emitter.facility, emitter.facility, "", 0.0, 0.0, (None,), (None,), (), simulated=False)
        post = QueryDict(mutable=True)
        post.update(
            {
                f"basis:{told.id}": emitter.basis.value,
                f"kilograms:{told.id}": "" if emitter.kilograms is None else _exactly(emitter.kilograms),
                f"stack:{told.id}": emitter.stack,
                "facility": told.id,
            }
        )
        for name, value in zip(OWN_FIELDS, emitter.own or (), strict=False):
            post[f"{name}:{told.id}"] = _exactly(value)
        found.append(_choice(number, told, "", typed or Typed(post), chosen=True))
    return found


def emitters(typed: Typed, known: Sequence[str]) -> tuple[Emitter, ...]:
    """Return the facilities that were chosen, of those that are offered."""
    found = []
    for name in typed.post.getlist("facility"):
        if name not in known:
            typed.refuse("emitters")
            continue
        basis = typed.post.get(f"basis:{name}", "")
        if basis not in set(Basis):
            typed.refuse(f"kilograms:{name}")
            continue
        kilograms = typed.kilograms(name) if basis == Basis.GIVEN else None
        stack, own = typed.post.get(f"stack:{name}", ""), None
        if stack == OWN:
            numbers = [typed.number(f"{one}:{name}", f"stack:{name}", 0, 1e4) for one in OWN_FIELDS]
            own = (numbers[0], numbers[1], numbers[2], numbers[3])
        found.append(Emitter(name, Basis(basis), kilograms, stack, own))
    if not found:
        typed.refuse("emitters")
    return tuple(found)


def study(
    record: Record, typed: Typed, substance: str, asked_years: tuple[int, ...], known: Sequence[str]
) -> Study | None:
    """Return the study that was typed; None where something is wrong with it, which is noted."""
    from goedebuur.services import queries

    post, overview = typed.post, queries.overview(record)
    station = post.get("station", "")
    if station not in dict(winds(record)):
        typed.refuse("station")
    seen = post.get("clouds", "")
    sea_text = (post.get("sea_from", "").strip(), post.get("sea_until", "").strip())
    sea = (typed.number("sea_from", "sea", 0, 360), typed.number("sea_until", "sea", 0, 360)) if any(sea_text) else None
    levels = [_number(one) for one in post.get("levels", "").replace(";", " ").split()]
    if any(one is None for one in levels):
        typed.refuse("levels")
    if [post.get("year"), post.get("until") or post.get("year")] != [
        str(one) for one in (asked_years[0], asked_years[-1])
    ]:
        typed.refuse("years")
    asked = Study(
        id="",
        title=" ".join(post.get("title", "").split()),
        made="",
        substance=substance,
        years=asked_years,
        emitters=emitters(typed, known),
        wind=Wind(
            station,
            typed.number("roughness", "roughness", 0.0001, 1.4),
            seen if seen in dict(clouds(record)) and seen != station else "",
            sea,
        ),
        area=Area(
            typed.number("latitude", "middle", -85, 85),
            typed.number("longitude", "middle", -180, 180),
            1000 * typed.number("half", "grid", 0.5, 25),
            typed.number("step", "grid", 10, 10_000),
        ),
        statistics=tuple(one for one in words.STATISTICS if one in post.getlist("statistics")),
        levels=tuple(one for one in levels if one is not None),
        size=overview.tree_size,
        simulated=overview.simulated,
    )
    return checked(record, typed, asked)


def scenario(record: Record, typed: Typed, base: Study) -> Study | None:
    """Return the scenario that was typed; None where something is wrong with it, which is noted."""
    found = emitters(typed, [one.facility for one in base.emitters])
    title = " ".join(typed.post.get("title", "").split())
    asked = dispersion_study.scenario(base, title, found)
    chosen = {one.facility for one in found}
    kept = tuple(one for one in asked.emitters if one.facility in chosen)
    return checked(record, typed, replace(asked, emitters=kept))


def checked(record: Record, typed: Typed, asked: Study) -> Study | None:
    """Return the study where all is well with it, also what the record knows of its facilities."""
    if typed.wrong:
        return None
    try:
        dispersion_study.require(asked)
        dispersion_study_emissions.of_study(record, asked)
    except GoedeBuurError as error:
        if error.code in (dispersion_study.BAD_STUDY, "query-grid"):
            typed.refuse(error.place)
        elif error.code in (reported_beside_measured.NO_REPORT, dispersion_study_emissions.NO_CAP):
            typed.refuse(f"kilograms:{error.value.rpartition(' ')[0]}")
        else:
            raise
    return None if typed.wrong else asked


def usual(record: Record, at: tuple[float, float]) -> dict[str, Any]:
    """Return what the fields begin with: the station nearest to the middle, and a square of ten kilometres."""
    places = {one.id: distance(*at, one.latitude, one.longitude) for one in inventory.stations(record)}

    def nearest(found: Sequence[tuple[str, str]]) -> str:
        return min((one for one, _ in found), key=lambda one: places[one], default="")

    wind = nearest(winds(record))
    seen = nearest(clouds(record))
    return {
        "latitude": f"{at[0]:.3f}",
        "longitude": f"{at[1]:.3f}",
        "half": "5",
        "step": "250",
        "roughness": "0,1",
        "station": wind,
        "clouds": "" if seen == wind else seen,
        "statistics": ["mean", "p98"],
        "title": "",
    }


def names() -> list[tuple[str, str]]:
    """Return the statistics that are offered."""
    return [(one, words.statistic(one)) for one in words.STATISTICS]
