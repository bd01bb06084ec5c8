"""Hand-made reports of invented facilities."""

from __future__ import annotations

from collections.abc import Iterable

from goedebuur.core.sites.reported import Facility, Report


def facility(
    name: str,
    called: str = "Steenfabriek Eendorp BV",
    years: Iterable[int] = (2007, 2008),
    at: tuple[str, str] = ("52.10000", "5.10000"),
    city: str = "Eendorp",
    activity: str = "3(g)",
) -> Facility:
    """A facility that says the same in every year."""
    return Facility(name, tuple(Report(name, year, called, city, activity, *at) for year in years))


def moving(name: str, *places: tuple[int, str, str], city: str = "Eendorp") -> Facility:
    """A facility with its place in each year: year, latitude, longitude."""
    return Facility(name, tuple(Report(name, y, "Werk", city, "3(g)", lat, lon) for y, lat, lon in places))
