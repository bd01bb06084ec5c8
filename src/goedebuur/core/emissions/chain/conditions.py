"""Temperature, pressure, moisture, oxygen: a value brought from the gas in the duct to the gas that a limit means.

Written for columns of a table, so that raw values and averages take the same way. Amounts are integers of 10⁻⁶ mg/m³,
°C, hPa, % by volume and m³/h; null is unknown and stays so.

References
----------
Directive 2010/75/EU Annex V part 1, Annex VI parts 6 and 7; EN 14181; EN ISO 16911-1
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import ibis
import ibis.expr.datatypes as dt

from goedebuur.core.base.quantities import MICRO
from goedebuur.core.emissions.processing import OXYGEN_OF_AIR

ZERO_CELSIUS: Final = 273_150_000
"""[10⁻⁶ K]"""
NORMAL_PRESSURE: Final = 1013 * MICRO
"""101.3 kPa. [10⁻⁶ hPa]"""
WHOLE: Final = 100 * MICRO
"""[10⁻⁶ %]"""
AIR: Final = OXYGEN_OF_AIR * MICRO
"""[10⁻⁶ %]"""
RATE: Final = 1e9
"""10⁻⁶ mg/m³ times 10⁻⁶ m³/h, over this, is µg/h."""


@dataclass(frozen=True, slots=True)
class Gas:
    """The gas at the instrument: columns of integers, null where not known. [10⁻⁶ °C], [10⁻⁶ hPa], [10⁻⁶ %]"""

    temperature: Any
    pressure: Any
    moisture: Any
    oxygen: Any


def quantised(x: Any) -> Any:
    """Return a float column as the nearest integer, halves away from zero: the end of a step."""
    return x.round().cast("int64")


def without(t: Any, *names: str) -> Any:
    """Return a table without some columns, written the same in every process.

    Ibis' own `drop` writes several columns in an order that differs from one process to the next, and by the text of an
    expression is known what was computed before.
    """
    return t.select(*(name for name in t.columns if name not in names))


@ibis.udf.agg.builtin(signature=((dt.int32,), dt.int32))
def bit_or(bits):  # type: ignore[no-untyped-def]
    """Return all bits that are set in any row; every engine has it under this name."""


def to_normal(value: Any, gas: Gas, actual: Any, wet: Any) -> Any:
    """Return concentrations in dry gas at 273.15 K and 101.3 kPa. [10⁻⁶ mg/m³]

    `value · T/273.15 · 101.3/p / (1 - x)`, each factor only where it is needed; null where one is needed and unknown.

    Parameters
    ----------
    value
        In the gas at the instrument. [10⁻⁶ mg/m³]
    actual
        Whether that gas has the temperature and pressure of the duct.
    wet
        Whether it has its water vapour; null where nobody knows.
    """
    return _through(value, gas, actual, wet, up=True)


def flow_to_normal(flow: Any, gas: Gas, actual: Any, wet: Any) -> Any:
    """Return volume flows of dry gas at 273.15 K and 101.3 kPa: `Q · 273.15/T · p/101.3 · (1 - x)`. [10⁻⁶ m³/h]"""
    return _through(flow, gas, actual, wet, up=False)


def _through(value: Any, gas: Gas, actual: Any, wet: Any, *, up: bool) -> Any:
    kelvin = _positive(gas.temperature + ZERO_CELSIUS).cast("float64")
    pressure = _positive(gas.pressure).cast("float64")
    dry = _positive(WHOLE - gas.moisture).cast("float64")
    x = value.cast("float64")
    if up:
        x = actual.ifelse(x * kelvin / float(ZERO_CELSIUS) * float(NORMAL_PRESSURE) / pressure, x)
        x = wet.ifelse(x * float(WHOLE) / dry, (~wet).ifelse(x, ibis.null()))
    else:
        x = actual.ifelse(x * float(ZERO_CELSIUS) / kelvin * pressure / float(NORMAL_PRESSURE), x)
        x = wet.ifelse(x * dry / float(WHOLE), (~wet).ifelse(x, ibis.null()))
    return quantised(x)


def dry_oxygen(gas: Gas, wet: Any) -> Any:
    """Return the content of oxygen of the dry gas: `o / (1 - x)` where it was measured wet. [10⁻⁶ %]"""
    dry = _positive(WHOLE - gas.moisture).cast("float64")
    measured = gas.oxygen.cast("float64")
    return quantised(wet.ifelse(measured * float(WHOLE) / dry, (~wet).ifelse(measured, ibis.null())))


def to_reference(normal: Any, oxygen: Any, moisture: Any, to: Any) -> Any:
    """Return concentrations at the reference conditions. [10⁻⁶ mg/m³]

    `normal · scale · (21 - O_R)/(21 - O_M) · (1 - x)`: the factor of oxygen where there is a reference content, and
    with `only_above` only where O_M > O_R; the factor of moisture where the reference is wet.

    Parameters
    ----------
    normal
        In dry gas at 273.15 K and 101.3 kPa. [10⁻⁶ mg/m³]
    oxygen
        Of the dry gas. [10⁻⁶ %] From `to.guard` on the outcome is null.
    moisture
        Of the wet gas. [10⁻⁶ %]
    to
        Row with `ref_oxygen` (null: as measured), `included` (to which the supplier brought it; null: to none) and
        `guard` [10⁻⁶ %], `only_above`, `ref_dry`, and `scale`: 273.15/T · p/101.3 of the reference.
    """
    x = normal.cast("float64") * to.scale
    measured = (oxygen < to.guard).ifelse((AIR - oxygen).cast("float64"), ibis.null())
    asked = to.ref_oxygen.isnull().ifelse(AIR - oxygen, AIR - to.ref_oxygen).cast("float64")
    supplied = (AIR - to.included).cast("float64")
    corrected = (to.only_above & (oxygen <= to.ref_oxygen)).ifelse(x, x * asked / measured)
    x = to.included.notnull().ifelse(x * asked / supplied, to.ref_oxygen.isnull().ifelse(x, corrected))
    wet = _positive(WHOLE - moisture).cast("float64")
    return quantised(to.ref_dry.ifelse(x, x * wet / float(WHOLE)))


def undiluted(normal: Any, oxygen: Any, included: Any) -> Any:
    """Return concentrations at the oxygen as measured, of those that their supplier brought to another.

    `normal · (21 - O_M)/(21 - O_included)`; others as they are. [10⁻⁶ mg/m³]
    """
    back = normal.cast("float64") * (AIR - oxygen).cast("float64") / (AIR - included).cast("float64")
    return included.isnull().ifelse(normal, quantised(back))


def mass_rate(concentration: Any, flow: Any) -> Any:
    """Return what goes out in an hour at this concentration and flow, of the same gas. [µg/h]"""
    return quantised(concentration.cast("float64") * flow.cast("float64") / RATE)


def _positive(x: Any) -> Any:
    return (x > 0).ifelse(x, ibis.null())
