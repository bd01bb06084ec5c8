"""What the facilities of a study let out: as the register has it, as it is given, or as their permits allow at most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import hypot, isfinite
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.permits.conditions import LoadCap
from goedebuur.core.permits.limits import Averaging
from goedebuur.core.permits.units import unit
from goedebuur.core.sites.history import holds
from goedebuur.services import (
    dispersion_grids,
    inventory,
    permit_views,
    permits,
    planes,
    reported_beside_measured,
    site_views,
)
from goedebuur.services.dispersion_sources import FAR, Source
from goedebuur.services.dispersion_study import Basis, Emitter, Study, bad
from goedebuur.services.reported_beside_measured import NO_REPORT, REPORTED_AS, kilograms, year_of

if TYPE_CHECKING:
    from goedebuur.core.permits.records import Condition
    from goedebuur.core.weather.sun import Floats
    from goedebuur.services.planes import Plane
    from goedebuur.services.record import Record
    from goedebuur.services.site_views import SiteView
    from goedebuur.services.views import FacilityView

NO_FACILITY: Final = declare("query-no-facility", "The register has no such facility, or not where it is.")
NO_CAP: Final = declare("query-no-cap", "The permits in the record allow no total of this substance in a year.")


class Unknown(StrEnum):
    """Why it is not known what a facility may let out in a year at most, where its permits have a total."""

    SHARED = "cap-shared"
    """The total is of a site of which more facilities reported, or of which this one did not."""
    OVERLAPPING = "cap-overlapping"
    """The totals are of parts of the site that may have something in common."""
    PARTIAL = "cap-partial"
    """The totals are of some parts of the site; of the others there is none."""
    EXEMPT = "cap-exempt"
    """What is let out in some states of the plant does not count for the total."""


WHY: Final[Mapping[Unknown, str]] = {
    Unknown.SHARED: "The total in the permit is of a site with more facilities in the register.",
    Unknown.OVERLAPPING: "The totals in the permit are of parts that may have something in common.",
    Unknown.PARTIAL: "The totals in the permit are of some parts of the site; of the others there is none.",
    Unknown.EXEMPT: "What is let out in some states of the plant does not count for the total in the permit.",
}


@dataclass(frozen=True, slots=True)
class Cap:
    """What a facility may let out in a year at most; None where that is not known. [kg]

    Parameters
    ----------
    conditions
        Which allow that.
    unknown
        Why it is not known; None where there is no total, or where it is known.
    """

    kilograms: float | None = None
    conditions: tuple[str, ...] = ()
    unknown: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """A facility that reported the substance over one of some years.

    Parameters
    ----------
    reported, permitted
        What it reported and what it may let out at most, in each of the years, where that is known. [kg]
    capped
        The conditions that allow that.
    unknown
        Why in some year it is not known, although the permits have a total; None where they have none, or it is known.
    """

    id: str
    name: str
    place: str
    latitude: float
    longitude: float
    reported: tuple[float | None, ...]
    permitted: tuple[float | None, ...]
    capped: tuple[str, ...]
    simulated: bool
    unknown: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Let:
    """A facility of a study with what it lets out in each year of it. [kg]

    Parameters
    ----------
    mouth
        Height [m], diameter [m], temperature [K] and speed [m/s] of its stack.
    reported, permitted
        Beside that, where known: what it reported and may let out, in each year.
    conditions
        Which allow that.
    unknown
        Why in some year it is not known what it may let out, although the permits have a total.
    """

    id: str
    name: str
    latitude: float
    longitude: float
    basis: Basis
    stack: str
    mouth: tuple[float, float, float, float]
    kilograms: tuple[float, ...]
    reported: tuple[float | None, ...]
    permitted: tuple[float | None, ...]
    conditions: tuple[str, ...]
    unknown: Unknown | None = None


@dataclass(frozen=True, slots=True)
class _Register:
    """The facilities of the register, and of which site with permits each is part: site and facilities of that site."""

    record: Record
    as_of: int | None
    there: Mapping[str, FacilityView]
    sites: Mapping[str, tuple[SiteView, tuple[str, ...]]]

    @classmethod
    def of(cls, record: Record, as_of: int | None) -> _Register:
        permitted = permits.sites_with_permits(record, as_of)
        sites: dict[str, tuple[SiteView, tuple[str, ...]]] = {}
        for one in site_views.every(record, as_of).values():
            if not permitted.keys().isdisjoint(one.members):
                parts = tuple(dict.fromkeys(part.value for part in one.facilities)) or (one.id,)
                sites.update(dict.fromkeys(parts, (one, parts)))
        return cls(record, as_of, {one.id: one for one in inventory.facilities(record, as_of)}, sites)

    def cap(self, facility: str, substance: str, year: int) -> Cap:
        """Return what a facility may let out in a year at most, by the permit that holds at the end of it.

        The lowest of the caps on the whole site; without one the sum of those on parts of it that have nothing in
        common and are together all of it. A cap is of a whole site: where more facilities of it reported over that
        year it is of none of them.
        """
        if facility not in self.sites:
            return Cap()
        site, parts = self.sites[facility]
        wanted, end = {substance, REPORTED_AS.get(substance, substance)}, date(year, 12, 31)
        held = permit_views.view(self.record, site.id, end, self.as_of).found.in_force
        caps = [(cap, one) for one in held if (cap := _kilograms(one, wanted)) is not None]
        reported = [one for one in parts if one in self.there and _reported(self.there[one], year)]
        if caps and len(parts) > 1 and reported != [facility]:
            return Cap(unknown=Unknown.SHARED)
        always = [(cap, one) for cap, one in caps if not _exempts(one)]
        whole = [(cap, one.id) for cap, one in always if not one.emission_points and not one.installations]
        if whole:
            lowest = min(whole)
            return Cap(float(lowest[0]), (lowest[1],))
        if len(always) < len(caps):
            return Cap(unknown=Unknown.EXEMPT)
        return _of_parts(caps, site, end)


def _exempts(one: Condition) -> bool:
    return isinstance(one.form, LoadCap) and bool(one.form.exemptions)


def _of_parts(caps: Sequence[tuple[Fraction, Condition]], site: SiteView, day: date) -> Cap:
    """Return the sum of caps on all parts of a site: of several on the same part the lowest."""
    if not caps:
        return Cap()
    of_points = all(one.emission_points for _, one in caps)
    lowest: dict[frozenset[str], tuple[Fraction, str]] = {}
    for cap, one in caps:
        part = frozenset(one.emission_points if of_points else one.installations)
        lowest[part] = min((cap, one.id), lowest.get(part, (cap, one.id)))
    if not all(lowest) or len(frozenset().union(*lowest)) < sum(map(len, lowest)):
        return Cap(unknown=Unknown.OVERLAPPING)
    if not _into_air(site, day, of_points=of_points) <= frozenset().union(*lowest):
        return Cap(unknown=Unknown.PARTIAL)
    return Cap(float(sum(cap for cap, _ in lowest.values())), tuple(name for _, name in lowest.values()))


def _into_air(site: SiteView, day: date, *, of_points: bool) -> frozenset[str]:
    """Return the emission points to air, or the installations, that a site is known to have on a day."""
    if of_points:
        return frozenset(one.id for one in site.emission_points if one.kind != "discharge" and holds(one, day))
    return frozenset(one.id for one in site.installations if holds(one, day))


def _reported(one: FacilityView, year: int) -> bool:
    return any(release.year == year for release in one.releases)


def offered(record: Record, substance: str, years: Sequence[int], as_of: int | None = None) -> list[Offered]:
    """Return the facilities that reported a substance over one of these years and of which it is known where they are.

    What let out most in one of them comes first.
    """
    reported_beside_measured.require_substance(substance)
    register = _Register.of(record, as_of)
    found = []
    for one in register.there.values():
        told = tuple(kilograms(one, substance, year) for year in years)
        if _placed(one) and any(value is not None for value in told):
            where = (one.place, one.latitude, one.longitude)
            allowed = _allowed([register.cap(one.id, substance, year) for year in years])
            found.append(Offered(one.id, one.name, *where, told, *allowed[:2], one.simulated, allowed[2]))
    return sorted(found, key=lambda one: (-max(value or 0.0 for value in one.reported), one.name))


def _allowed(caps: Sequence[Cap]) -> tuple[tuple[float | None, ...], tuple[str, ...], Unknown | None]:
    """Return what may be let out in each year, the conditions that allow that, and why in some year it is not known."""
    named = tuple(sorted({name for cap in caps for name in cap.conditions}))
    return tuple(cap.kilograms for cap in caps), named, next((cap.unknown for cap in caps if cap.unknown), None)


def of_study(record: Record, study: Study) -> tuple[Let, ...]:
    """Return what the facilities of a study let out.

    Raises
    ------
    GoedeBuurError
        `query-no-facility`; `query-no-report` where one reported nothing over a year; `query-no-cap`;
        `dispersion-study` for one too far from a corner of the square, or where all of it is too near to them.
    """
    register = _Register.of(record, study.size)
    found = tuple(_let(register, study, one) for one in study.emitters)
    _require_near(study, found)
    return found


def unplaced(record: Record, study: Study) -> tuple[str, ...]:
    """Return the facilities that reported over one of the years, and of which it is not known where they are."""
    return tuple(
        f"{one.name} ({one.id})"
        for one in inventory.facilities(record, study.size)
        if not _placed(one) and any(kilograms(one, study.substance, year) is not None for year in study.years)
    )


def sources_of(plane: Plane, lets: Sequence[Let]) -> tuple[Source, ...]:
    """Return facilities as stacks on a plane, without what they let out."""
    from goedebuur.core.dispersion.stacks import Stack

    return tuple(Source(one.id, *plane.placed(one.latitude, one.longitude), 0.0, Stack(*one.mouth)) for one in lets)


def _require_near(study: Study, lets: Sequence[Let]) -> None:
    """Refuse a square of which something lies farther from a facility than a plume is right for, or all too near."""
    grid = dispersion_grids.cartesian((0.0, 0.0), study.area.half, study.area.step)
    sources = sources_of(planes.around(study.area.latitude, study.area.longitude), lets)
    away = [hypot(abs(one.x) + grid.x[-1], abs(one.y) + grid.y[-1]) for one in sources]
    farthest = max(range(len(lets)), key=lambda at: away[at])
    if away[farthest] > FAR:
        one = lets[farthest]
        raise bad(
            "half",
            f"A facility lies more than {FAR / 1000:g} km from a corner of the square, and a plume says nothing there.",
            f"{one.name[:40]} ({one.id}): {away[farthest] / 1000:.1f} km",
            "Leave it out, take a smaller square, or move its middle.",
        )
    if not dispersion_grids.kept(grid.places, sources).places:
        near = f"{len(grid.places)} places"
        raise bad("half", "All of the square is too near to the facilities.", near, "Take a greater square.")


def _let(register: _Register, study: Study, emitter: Emitter) -> Let:
    one = register.there.get(emitter.facility)
    if one is None or not _placed(one):
        raise GoedeBuurError(
            NO_FACILITY,
            "The register has no such facility, or does not say where it is.",
            place="facility",
            value=emitter.facility,
            hint="Choose one of the register.",
        )
    reported = tuple(kilograms(one, study.substance, year) for year in study.years)
    caps = [register.cap(one.id, study.substance, year) for year in study.years]
    permitted, named, unknown = _allowed(caps)
    told = {
        Basis.REPORTED: reported,
        Basis.PERMITTED: permitted,
        Basis.GIVEN: (emitter.kilograms,) * len(study.years),
    }[emitter.basis]
    for year, value, cap in zip(study.years, told, caps, strict=True):
        if value is None:
            why = WHY[cap.unknown] + " " if emitter.basis is Basis.PERMITTED and cap.unknown else ""
            raise GoedeBuurError(
                NO_REPORT if emitter.basis is Basis.REPORTED else NO_CAP,
                "It is not known how much this facility lets out.",
                place="facility, year",
                value=f"{one.id} {year}",
                hint=f"{why}Give the emission in kilograms a year, or take years of which it is known.",
            )
    where = (one.id, one.name, one.latitude, one.longitude)
    amounts = tuple(value or 0.0 for value in told)
    return Let(*where, emitter.basis, emitter.stack, emitter.mouth, amounts, reported, permitted, named, unknown)


def per_second(lets: Sequence[Let], years: Sequence[int], year_of_hour: Sequence[int]) -> dict[str, Floats]:
    """Return facility → its emission in each hour, spread evenly over each year. [g s⁻¹]

    Parameters
    ----------
    year_of_hour
        In which year each hour lies, in UTC.
    """
    import numpy as np

    turn = np.searchsorted(np.array(years), np.array(year_of_hour))
    seconds = np.array([(year_of(year).end - year_of(year).start).total_seconds() for year in years])
    return {one.id: (1000 * np.array(one.kilograms) / seconds)[turn] for one in lets}


def _placed(one: FacilityView) -> bool:
    return isfinite(one.latitude) and isfinite(one.longitude)


def _kilograms(one: Condition, substances: set[str]) -> Fraction | None:
    form = one.form
    if not isinstance(form, LoadCap) or form.substance.id not in substances or form.period is not Averaging.YEAR:
        return None
    found = unit(form.unit)
    return Fraction(str(form.value)) * found.ratio if found.dimension == "mass" else None
