"""The table of quantities: what can be measured, its canonical unit, and the exact ratio from each accepted unit.

Projections hold every value as an integer count of 10⁻⁶ canonical units (*micro*). A reported value with at most six
decimals in the canonical unit converts exactly; anything that would not is an error, never a rounding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from goedebuur.core.base import errors, rulebook, stack_signals

CONVERSION_VERSION: Final = 1
CANONICAL_DECIMALS: Final = 6
MICRO: Final = 10**CANONICAL_DECIMALS
MAX_ABS_MICRO: Final = 10**13
"""Largest |value| in micro units: 900,000 of them still sum within a signed 64-bit integer."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One thing that can be measured.

    Parameters
    ----------
    id
        Stable lower-case name, used in series identifiers.
    symbol
        As written for people.
    name_nl, name_en
        As said to people.
    unit
        Canonical unit.
    ratios
        Accepted unit → (numerator, denominator): canonical = reported · numerator / denominator.
    cas
        CAS registry number, empty for what is not one substance.
    """

    id: str
    symbol: str
    name_nl: str
    name_en: str
    unit: str
    ratios: dict[str, tuple[int, int]] = field(default_factory=dict)
    cas: str = ""

    @property
    def stack(self) -> bool:
        """Return whether it is measured in a stack or at an installation, not in the air outside."""
        return self.id.startswith(stack_signals.PREFIX)


_UG: Final = {"µg/m³": (1, 1), "ug/m3": (1, 1), "mg/m³": (1000, 1), "mg/m3": (1000, 1), "ng/m³": (1, 1000)}
_PPB: Final = {"ppb": (1, 1)}
_NG: Final = {"ng/m³": (1, 1), "µg/m³": (1000, 1)}

QUANTITIES: Final[dict[str, Quantity]] = {
    q.id: q
    for q in (
        Quantity("pm10", "PM10", "fijnstof (PM10)", "particulate matter (PM10)", "µg/m³", _UG),
        Quantity("pm25", "PM2.5", "fijnstof (PM2.5)", "fine particulate matter (PM2.5)", "µg/m³", _UG),
        Quantity("no2", "NO₂", "stikstofdioxide", "nitrogen dioxide", "µg/m³", _UG, "10102-44-0"),
        Quantity("no", "NO", "stikstofmonoxide", "nitrogen monoxide", "µg/m³", _UG, "10102-43-9"),
        Quantity("nox", "NOx", "stikstofoxiden (als NO₂)", "nitrogen oxides (as NO₂)", "µg/m³", _UG),
        Quantity("o3", "O₃", "ozon", "ozone", "µg/m³", _UG, "10028-15-6"),
        Quantity("ox", "Ox", "oxidant (O₃ + NO₂)", "oxidant (O₃ + NO₂)", "ppb", _PPB),
        Quantity("so2", "SO₂", "zwaveldioxide", "sulphur dioxide", "µg/m³", _UG, "7446-09-5"),
        Quantity("h2s", "H₂S", "zwavelwaterstof", "hydrogen sulphide", "µg/m³", _UG, "7783-06-4"),
        Quantity("nh3", "NH₃", "ammoniak", "ammonia", "µg/m³", _UG, "7664-41-7"),
        Quantity("co", "CO", "koolmonoxide", "carbon monoxide", "µg/m³", _UG, "630-08-0"),
        Quantity("bc", "BC", "roet (zwarte koolstof)", "black carbon", "µg/m³", _UG),
        Quantity("c6h6", "C₆H₆", "benzeen", "benzene", "µg/m³", _UG, "71-43-2"),
        Quantity("c7h8", "C₇H₈", "tolueen", "toluene", "µg/m³", _UG, "108-88-3"),
        Quantity("c8h10", "C₈H₁₀", "xylenen", "xylenes", "µg/m³", _UG),
        Quantity("ps", "PS", "deeltjesaantal", "particle number", "1/cm³", {"1/cm³": (1, 1)}),
        Quantity("wind_direction", "DD", "windrichting", "wind direction", "°", {"°": (1, 1)}),
        Quantity(
            "wind_speed", "FH", "windsnelheid (uur)", "wind speed (hour)", "m/s", {"m/s": (1, 1), "0.1 m/s": (1, 10)}
        ),
        Quantity(
            "wind_speed_10min",
            "FF",
            "windsnelheid (laatste 10 minuten)",
            "wind speed (last 10 minutes)",
            "m/s",
            {"m/s": (1, 1), "0.1 m/s": (1, 10)},
        ),
        Quantity("wind_gust", "FX", "windstoot", "wind gust", "m/s", {"m/s": (1, 1), "0.1 m/s": (1, 10)}),
        Quantity("temperature", "T", "temperatuur", "temperature", "°C", {"°C": (1, 1), "0.1 °C": (1, 10)}),
        Quantity("dew_point", "TD", "dauwpunt", "dew point", "°C", {"°C": (1, 1), "0.1 °C": (1, 10)}),
        Quantity("sunshine", "SQ", "zonneschijnduur", "sunshine duration", "h", {"h": (1, 1), "0.1 h": (1, 10)}),
        Quantity("radiation", "Q", "globale straling", "global radiation", "J/cm²", {"J/cm²": (1, 1)}),
        Quantity("rain_duration", "DR", "neerslagduur", "rain duration", "h", {"h": (1, 1), "0.1 h": (1, 10)}),
        Quantity("rain", "RH", "neerslag", "rainfall", "mm", {"mm": (1, 1), "0.1 mm": (1, 10)}),
        Quantity(
            "pressure",
            "P",
            "luchtdruk op zeeniveau",
            "air pressure at sea level",
            "hPa",
            {"hPa": (1, 1), "0.1 hPa": (1, 10)},
        ),
        Quantity("cloud_cover", "N", "bewolking", "cloud cover", "octa", {"octa": (1, 1)}),
        Quantity("relative_humidity", "U", "relatieve vochtigheid", "relative humidity", "%", {"%": (1, 1)}),
        Quantity("lead", "Pb", "lood", "lead", "ng/m³", _NG, "7439-92-1"),
        Quantity("arsenic", "As", "arseen", "arsenic", "ng/m³", _NG, "7440-38-2"),
        Quantity("cadmium", "Cd", "cadmium", "cadmium", "ng/m³", _NG, "7440-43-9"),
        Quantity("nickel", "Ni", "nikkel", "nickel", "ng/m³", _NG, "7440-02-0"),
        Quantity("benzo_a_pyrene", "BaP", "benzo(a)pyreen", "benzo(a)pyrene", "ng/m³", _NG, "50-32-8"),
        *(Quantity(*row) for row in stack_signals.ROWS),
    )
}


def _ways(known: Iterable[Quantity]) -> list[rulebook.Row]:
    """Return each way in which units go over, once: many quantities share one."""
    found = {}
    for one in known:
        said = ", ".join(f"{unit} × {above}/{below}" for unit, (above, below) in one.ratios.items())
        found[f"{one.unit}: {', '.join(one.ratios)}"] = said.replace("/1,", ",").removesuffix("/1")
    return [rulebook.Row(key, said, "") for key, said in found.items()]


_BOOK: Final = rulebook.area(
    "quantity",
    "Grootheid en eenheid",
    "Quantity and unit",
    rulebook.own(
        "een waarde telt alleen als haar eenheid precies om te rekenen is",
        "a value counts only where its unit goes over into the canonical one exactly",
    ),
    "tests/rulebook/test_cells.py::test_refused",
)
KNOWN_QUANTITY: Final = _BOOK.refuse(
    "known",
    errors.UNKNOWN_QUANTITY,
    "De stof of grootheid staat in de tabel van grootheden.",
    "The substance or quantity is in the table of quantities.",
)
KNOWN_UNIT: Final = _BOOK.refuse(
    "unit",
    errors.UNKNOWN_UNIT,
    "De eenheid is er een waarin deze grootheid wordt aangenomen.",
    "The unit is one in which this quantity is taken.",
    rows=_ways(QUANTITIES.values()),
)


def quantity(quantity_id: str) -> Quantity:
    """Return the quantity with this identifier.

    Raises
    ------
    GoedeBuurError
        `input-quantity` if the table does not hold it.
    """
    try:
        return QUANTITIES[quantity_id]
    except KeyError:
        raise KNOWN_QUANTITY.error(
            "This quantity is not in the table of quantities.",
            value=quantity_id,
            hint="Add a row to QUANTITIES in core/base/quantities.py, or for a stack in core/base/stack_signals.py.",
        ) from None


def ratio(quantity_id: str, unit: str) -> tuple[int, int]:
    """Return (numerator, denominator) from the reported unit to the canonical one.

    Raises
    ------
    GoedeBuurError
        `input-quantity` or `input-unit`.
    """
    found = quantity(quantity_id).ratios.get(unit)
    if found is None:
        raise KNOWN_UNIT.error(
            f"The unit is not known for {quantity_id}.",
            value=unit,
            hint=f"Known units: {', '.join(quantity(quantity_id).ratios)}. Add the ratio if it is exact.",
        )
    return found
