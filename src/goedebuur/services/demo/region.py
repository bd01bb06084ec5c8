"""The region of the demonstration: a harbour that does not exist, its stations and what they measure.

Names, places and emissions are invented. The place on the map is open polder and water.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

NAME: Final = "Havenregio Westerwerf (gesimuleerd)"
CENTRE: Final = (52.905, 5.005)
"""Latitude and longitude of the origin of the local coordinates. [°]"""
_METRES_PER_DEGREE: Final = 111_200.0
WEATHER_STATION: Final = "999"

OPERATOR: Final = "Simulatie"
SERIES_DECIMALS: Final = 1
COMPONENTS: Final = {
    "pm10": ("PM10", "Gesimuleerde bètastralingsverzwakking"),
    "pm25": ("PM2.5", "Gesimuleerde bètastralingsverzwakking"),
    "no2": ("NO2", "Gesimuleerde chemiluminescentie"),
    "so2": ("SO2", "Gesimuleerde UV-fluorescentie"),
    "o3": ("O3", "Gesimuleerde UV-absorptie"),
    "h2s": ("H2S", "Gesimuleerde UV-fluorescentie"),
    "bc": ("BC", "Gesimuleerde absorptiefotometrie"),
}
"""Quantity → component as written in the file, and measuring principle."""


@dataclass(frozen=True, slots=True)
class Place:
    """A simulated station; metres east and north of :data:`CENTRE`."""

    code: str
    name: str
    east: float
    north: float
    area: str
    kind: str
    quantities: tuple[str, ...]

    @property
    def latitude(self) -> str:
        """Degrees with six decimals, as RIVM writes them."""
        return f"{CENTRE[0] + self.north / _METRES_PER_DEGREE:.6f}"

    @property
    def longitude(self) -> str:
        """Degrees with six decimals, as RIVM writes them."""
        return f"{CENTRE[1] + self.east / (_METRES_PER_DEGREE * math.cos(math.radians(CENTRE[0]))):.6f}"


@dataclass(frozen=True, slots=True)
class EmissionPoint:
    """A simulated emission point; metres, and grams per second by quantity.

    Parameters
    ----------
    incidents
        Number of incidents a year, each some hours long, in which it emits several times as much.
    wind_driven
        Whether it emits more in strong wind, as open storage does.
    """

    name: str
    east: float
    north: float
    height: float
    emission: dict[str, float]
    incidents: int
    wind_driven: bool = False


_ALL: Final = ("pm10", "pm25", "no2", "so2", "h2s", "bc")
_TOWN: Final = ("pm10", "pm25", "no2", "o3")
PLACES: Final = (
    Place("SIM01", "Zeedorp-Kerkplein", 1_150, 950, "stad", "industrie", _ALL),
    Place("SIM02", "Zeedorp-Duinweg", 300, 1_900, "stad", "industrie", ("pm10", "pm25", "no2", "so2", "h2s")),
    Place("SIM03", "Westerwerf-Sluisplein", 2_300, -300, "stad", "industrie", ("pm10", "pm25", "no2", "so2", "bc")),
    Place("SIM04", "Westerwerf-Havenkade", 1_500, -1_700, "stad", "verkeer", ("pm10", "pm25", "no2", "bc")),
    Place("SIM05", "Oosterbuurt-Lindelaan", 4_300, 1_800, "stad", "achtergrond", ("pm10", "pm25", "no2", "o3", "so2")),
    Place("SIM06", "Oosterbuurt-Ringweg", 5_100, 400, "stad", "verkeer", ("pm10", "pm25", "no2", "bc")),
    Place("SIM07", "Noorderzijl-School", 2_600, 4_200, "voorstad", "achtergrond", _TOWN),
    Place("SIM08", "Zuiderpolder-Boerenweg", -600, -4_800, "regionaal", "achtergrond", ("pm10", "no2", "o3")),
    Place("SIM09", "Molenveld-Park", 7_400, 3_300, "voorstad", "achtergrond", _TOWN),
    Place("SIM10", "Molenveld-Spoorlaan", 8_200, 1_200, "stad", "verkeer", ("pm10", "no2", "bc")),
    Place("SIM11", "Dijkhuizen-Dijk", -3_400, 2_300, "regionaal", "achtergrond", ("pm10", "pm25", "o3", "so2")),
    Place("SIM12", "Hoge Kreek-Fabrieksweg", 700, -700, "regionaal", "industrie", ("pm10", "so2", "h2s")),
    Place("SIM13", "Hoge Kreek-Steiger", -900, -900, "regionaal", "industrie", ("no2", "so2", "bc")),
    Place("SIM14", "Achterland-Torenhoek", 11_500, 6_500, "regionaal", "achtergrond", ("pm10", "pm25", "no2", "o3")),
)
EMISSION_POINTS: Final = (
    EmissionPoint(
        "staalwerk", 0, 0, 40, {"pm10": 9.0, "pm25": 3.2, "so2": 10.0, "no2": 6.0, "h2s": 1.2, "bc": 0.5}, 45
    ),
    EmissionPoint("overslag", 350, 250, 12, {"pm10": 5.5, "pm25": 0.9}, 60, wind_driven=True),
    EmissionPoint("slakkenkoeling", -150, 200, 10, {"h2s": 1.1, "so2": 3.0}, 30),
    EmissionPoint("centrale", -700, -1_300, 150, {"so2": 26.0, "no2": 30.0, "pm10": 4.0, "pm25": 2.5}, 4),
    EmissionPoint("haven", 1_000, -1_200, 20, {"no2": 3.6, "so2": 1.2, "pm25": 0.7, "pm10": 0.8, "bc": 0.35}, 0),
)
