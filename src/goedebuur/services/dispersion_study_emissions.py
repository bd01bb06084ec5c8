"""What the facilities of a study let out: as the register has it, as it is given, or as their permits allow at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.permits.conditions import LoadCap
from goedebuur.core.permits.limits import Averaging
from goedebuur.core.permits.units import unit
from goedebuur.services import inventory, permit_views, permits, reported_beside_measured, site_views
from goedebuur.services.dispersion_study import Basis, Emitter, Study
from goedebuur.services.reported_beside_measured import NO_REPORT, REPORTED_AS, kilograms, year_of

if TYPE_CHECKING:
    from goedebuur.core.permits.records import Condition
    from goedebuur.core.weather.sun import Floats
    from goedebuur.services.record import Record
    from goedebuur.services.views import FacilityView

NO_FACILITY: Final = declare("query-no-facility", "The register has no such facility, or not where it is.")
NO_CAP: Final = declare("query-no-cap", "The permits in the record allow no total of this substance in a year.")


@dataclass(frozen=True, slots=True)
class Offered:
    """A facility that reported the substance over a year, and what it may let out in a year at most, where known. [kg]

    Parameters
    ----------
    capped
        Of that whole facility, or of the emission points of the conditions alone.
    """

    id: str
    name: str
    place: str
    latitude: float
    longitude: float
    reported: float
    permitted: float | None
    capped: tuple[str, ...]
    simulated: bool


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


def offered(record: Record, substance: str, year: int, as_of: int | None = None) -> list[Offered]:
    """Return the facilities that reported a substance over a year and of which it is known where they are."""
    reported_beside_measured.require_substance(substance)
    sites = _sites(record, as_of)
    found = []
    for one in inventory.facilities(record, as_of):
        told = kilograms(one, substance, year)
        if told is not None and _placed(one):
            cap, named = _cap(record, sites.get(one.id), substance, year, as_of)
            where = (one.place, one.latitude, one.longitude)
            found.append(Offered(one.id, one.name, *where, told, cap, named, one.simulated))
    return sorted(found, key=lambda one: (-one.reported, one.name))


def of_study(record: Record, study: Study) -> tuple[Let, ...]:
    """Return what the facilities of a study let out.

    Raises
    ------
    GoedeBuurError
        `query-no-facility`; `query-no-report` where one reported nothing over a year; `query-no-cap`.
    """
    there = {one.id: one for one in inventory.facilities(record, study.size)}
    sites = _sites(record, study.size)
    return tuple(_let(record, study, one, there.get(one.facility), sites.get(one.facility)) for one in study.emitters)


def _let(record: Record, study: Study, emitter: Emitter, one: FacilityView | None, site: str | None) -> Let:
    if one is None or not _placed(one):
        raise GoedeBuurError(
            NO_FACILITY,
            "The register has no such facility, or does not say where it is.",
            place="facility",
            value=emitter.facility,
            hint="Choose one of the register.",
        )
    reported = tuple(kilograms(one, study.substance, year) for year in study.years)
    caps = [_cap(record, site, study.substance, year, study.size) for year in study.years]
    permitted = tuple(cap for cap, _ in caps)
    told = {
        Basis.REPORTED: reported,
        Basis.PERMITTED: permitted,
        Basis.GIVEN: (emitter.kilograms,) * len(study.years),
    }[emitter.basis]
    for year, value in zip(study.years, told, strict=True):
        if value is None:
            raise GoedeBuurError(
                NO_REPORT if emitter.basis is Basis.REPORTED else NO_CAP,
                "It is not known how much this facility lets out.",
                place="facility, year",
                value=f"{one.id} {year}",
                hint="Give the emission in kilograms a year, or take years of which it is known.",
            )
    named = tuple(sorted({name for _, names in caps for name in names}))
    where = (one.id, one.name, one.latitude, one.longitude)
    amounts = tuple(value or 0.0 for value in told)
    return Let(*where, emitter.basis, emitter.stack, emitter.mouth, amounts, reported, permitted, named)


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


def _sites(record: Record, as_of: int | None) -> dict[str, str]:
    """Return facility → the site that has permits of which it is part."""
    permitted = permits.sites_with_permits(record, as_of)
    return {
        facility: one.id
        for one in site_views.every(record, as_of).values()
        if not permitted.keys().isdisjoint(one.members)
        for facility in ([part.value for part in one.facilities] or [one.id])
    }


def _cap(
    record: Record, site: str | None, substance: str, year: int, as_of: int | None
) -> tuple[float | None, tuple[str, ...]]:
    """Return what may be let out in a year at most by the permit that holds at its end, and the conditions. [kg]

    The lowest of the caps on the whole site; without one the sum of those on parts of it.
    """
    if site is None:
        return None, ()
    wanted = REPORTED_AS.get(substance, substance)
    held = permit_views.view(record, site, date(year, 12, 31), as_of).found.in_force
    caps = [(one, cap) for one in held if (cap := _kilograms(one, wanted)) is not None]
    whole = [(cap, one.id) for one, cap in caps if not one.emission_points and not one.installations]
    if whole:
        lowest = min(whole)
        return float(lowest[0]), (lowest[1],)
    return (float(sum(cap for _, cap in caps)), tuple(one.id for one, _ in caps)) if caps else (None, ())


def _kilograms(one: Condition, substance: str) -> Fraction | None:
    form = one.form
    if not isinstance(form, LoadCap) or form.substance.id != substance or form.period is not Averaging.YEAR:
        return None
    found = unit(form.unit)
    return Fraction(str(form.value)) * found.ratio if found.dimension == "mass" else None
