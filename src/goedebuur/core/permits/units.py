"""Units of limits: what can be compared with what, by exact ratios.

Units of one dimension can be compared. Concentrations at reference conditions (`Nm³`) are another dimension than those
in the gas as it is, and a mass of toxic equivalents is another than a mass. Nothing converts between dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.plain import fault
from goedebuur.core.permits import rules


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its name as written, what it measures, and how many of the first unit of its dimension it is."""

    name: str
    dimension: str
    ratio: Fraction


def _family(dimension: str, **units: tuple[int, int]) -> dict[str, Unit]:
    return {name: Unit(name, dimension, Fraction(*ratio)) for name, ratio in units.items()}


_MASS: Final = {"ng": (1, 10**6), "µg": (1, 1000), "mg": (1, 1), "g": (1000, 1)}


def _per(dimension: str, volume: str) -> dict[str, Unit]:
    return _family(dimension, **{f"{mass}/{volume}": ratio for mass, ratio in _MASS.items()})


UNITS: Final[dict[str, Unit]] = {
    **_per("concentration", "Nm³"),
    **_per("concentration as it is", "m³"),
    **_family("toxic equivalents", **{"ng TEQ/Nm³": (1, 1)}),
    **_family("energy", **{"mg/MJ": (1, 1), "g/GJ": (1, 1)}),
    **_family("product", **{"g/t": (1, 1), "kg/t": (1000, 1)}),
    **_family("mass flow", **{"g/h": (1, 1), "kg/h": (1000, 1)}),
    **_family("mass", mg=(1, 10**6), g=(1, 1000), kg=(1, 1), t=(1000, 1), kt=(10**6, 1)),
    **_family("mass of toxic equivalents", **{"mg TEQ": (1, 1), "g TEQ": (1000, 1)}),
    **_family("part of the input", **{"%": (1, 1)}),
    **_per("concentration in water", "l"),
    **_family("flow of water", **{"m³/h": (1, 1), "m³/day": (1, 24)}),
    **_family("acidity", pH=(1, 1)),
    **_family("temperature", **{"°C": (1, 1)}),
    **_family("heat", MW=(1, 1), GJ=(1, 1)),
    **_family("odour concentration", **{"ouE/m³": (1, 1)}),
    **_family("odour flow", **{"ouE/h": (1, 1), "MouE/h": (10**6, 1), "ouE/s": (3600, 1)}),
    **_family("sound", **{"dB(A)": (1, 1)}),
}


def unit(text: str, *dimensions: str) -> Unit:
    """Return the unit that is written so, also in letters that a keyboard has: `mg/Nm3`, `ug/l`.

    Parameters
    ----------
    dimensions
        Those that fit; none for any.

    Raises
    ------
    GoedeBuurError
        `field-value`, with the units that can stand here.

    Examples
    --------
    >>> unit("mg/Nm3").name, unit("ug/Nm3").ratio
    ('mg/Nm³', Fraction(1, 1000))
    """
    name = text.replace("m3", "m³").replace("ug", "µg").replace("μg", "µg")
    found = UNITS.get(name)
    if found is None or (dimensions and found.dimension not in dimensions):
        raise unknown(text, *dimensions)
    return found


def unknown(text: str, *dimensions: str) -> GoedeBuurError:
    """Return the error of a unit that cannot stand in a place."""
    fit = [one.name for one in UNITS.values() if not dimensions or one.dimension in dimensions]
    return fault("unit", "This unit cannot stand here.", text, f"Choose from: {', '.join(fit)}.", check=rules.UNIT)
