"""The works of the simulated region in the layout of the release register: what they would report a year."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from goedebuur.services.demo.region import EMISSION_POINTS, Place

SECONDS: Final = 365 * 86_400
"""In a year that is no leap year. [s]"""
KILOGRAM: Final = 1000
"""[g]"""
YEARS: Final = 5
NAME: Final = "E-PRTR_gesimuleerd.tsv"
COLUMNS: Final = (
    *("Unnamed: 0", "Country", "EPRTRSectorCode", "eprtrSectorName", "EPRTRAnnexIMainActivityCode"),
    *("EPRTRAnnexIMainActivityLabel", "FacilityInspireID", "facilityName", "Longitude", "Latitude", "City"),
    *("Pollutant", "Emissions", "Year", "Air", "Water"),
)
_METALS: Final = ("2", "Production and processing of metals", "2(b)")
_ENERGY: Final = ("1", "Energy sector", "1(c)")
_OTHER: Final = ("9", "Other activities", "9(e)")
WORKS: Final = {
    "staalwerk": ("SIM.WERK/1.FACILITY", "Staalwerk Westerwerf (gesimuleerd)", "Westerwerf", _METALS),
    "overslag": ("SIM.WERK/2.FACILITY", "Overslag Westerwerf (gesimuleerd)", "Westerwerf", _OTHER),
    "slakkenkoeling": ("SIM.WERK/3.FACILITY", "Slakkenkoeling Westerwerf (gesimuleerd)", "Westerwerf", _METALS),
    "centrale": ("SIM.WERK/4.FACILITY", "Centrale Hoge Kreek (gesimuleerd)", "Hoge Kreek", _ENERGY),
}
"""Emission point of the region → identifier, name, place and sector of the works."""
POLLUTANTS: Final = {
    "pm10": ("Particulate matter (PM10)", 50_000),
    "no2": ("Nitrogen oxides (NOX)", 100_000),
    "so2": ("Sulphur oxides (SOX)", 150_000),
}
"""Quantity → name in the register and threshold of Regulation (EC) 166/2006, Annex II. [kg a⁻¹]"""


def release_file(year: int) -> bytes:
    """Return the releases of the years up to and including this one; each year back was two per cent higher."""
    lines = ["\t".join(COLUMNS)]
    for point in EMISSION_POINTS:
        if point.name not in WORKS:
            continue
        identity, name, city, (sector, sector_name, activity) = WORKS[point.name]
        at = Place("", name, point.east, point.north, "", "", ())
        for quantity, (pollutant, threshold) in POLLUTANTS.items():
            for back in range(YEARS):
                kilograms = point.emission.get(quantity, 0) * SECONDS / KILOGRAM * (1 + 0.02 * back)
                if kilograms < threshold:
                    continue
                cells = (str(len(lines)), "SIMULATIE", sector, sector_name, activity, "", identity, name)
                where = (at.longitude, at.latitude, city)
                what = (pollutant, f"{round(kilograms, -2):.1f}", str(year - back), "1", "0")
                lines.append("\t".join((*cells, *where, *what)))
    return ("\n".join(lines) + "\n").encode()


def received(year: int) -> datetime:
    """Return when the releases up to a year are said to have come in."""
    return datetime(year + 1, 3, 31, 9, tzinfo=UTC)
