"""The tables that go from one part to the next on the way from signal to verdict: names, types and units of columns.

Raw, corrected and judged values stand in columns of their own, and none is ever written over another.
"""

from __future__ import annotations

from enum import IntFlag
from typing import Any, Final

import polars as pl

from goedebuur.core.base.sourced import Text

MICROGRAM_IN_KG: Final = 10**9
MICROGRAM_IN_MG: Final = 1000


class Lost(IntFlag):
    """Why raw values do not count in an average, or an average does not count: one bit each."""

    NONE = 0
    MISSING = 1 << 0
    SUPPLIER_INVALID = 1 << 1
    MAINTENANCE = 1 << 2
    MALFUNCTION = 1 << 3
    CALIBRATING = 1 << 4
    NO_FUNCTION = 1 << 5
    """No calibration function holds on that day."""
    NO_PERIPHERAL = 1 << 6
    """Temperature, pressure, moisture or oxygen that the correction needs is not there."""
    OXYGEN_TOO_HIGH = 1 << 7
    """So much oxygen that the correction says nothing."""
    TOO_FEW = 1 << 8
    """Too small a part of the period was measured."""
    OUTSIDE_RANGE = 1 << 9
    """At the end of what the instrument can measure, or above it: so much, or more."""
    BEYOND_FUNCTION = 1 << 10
    """Outside the valid range of the calibration function: counts, and is counted."""
    NOT_AT_WORK = 1 << 11
    """The plant is out of service."""
    SUBSTITUTED = 1 << 12
    """A stated value stood in for a peripheral that was not measured: counts, and is counted."""
    FLOW_OUTSIDE_RANGE = 1 << 13
    """The same of the flow that makes a mass of the concentration."""


LOST: Final[dict[Lost, Text]] = {
    Lost.MISSING: Text("niet geleverd", "not delivered"),
    Lost.SUPPLIER_INVALID: Text("door het bedrijf ongeldig genoemd", "called invalid by the company"),
    Lost.MAINTENANCE: Text("meettoestel in onderhoud", "instrument in maintenance"),
    Lost.MALFUNCTION: Text("meettoestel gestoord", "instrument out of order"),
    Lost.CALIBRATING: Text("meettoestel werd gekalibreerd of gecontroleerd", "instrument being calibrated or checked"),
    Lost.NO_FUNCTION: Text("geen kalibratiefunctie op die dag", "no calibration function on that day"),
    Lost.NO_PERIPHERAL: Text(
        "temperatuur, druk, vocht of zuurstof niet bekend", "temperature, pressure, moisture or oxygen not known"
    ),
    Lost.OXYGEN_TOO_HIGH: Text("te veel zuurstof om om te rekenen", "too much oxygen to correct for"),
    Lost.TOO_FEW: Text("te klein deel gemeten", "too small a part measured"),
    Lost.OUTSIDE_RANGE: Text("boven het meetbereik", "above the range of the instrument"),
    Lost.BEYOND_FUNCTION: Text(
        "buiten het geldige bereik van de kalibratie", "outside the valid range of the function"
    ),
    Lost.NOT_AT_WORK: Text("buiten bedrijf", "out of service"),
    Lost.SUBSTITUTED: Text("met een vaste waarde omgerekend", "corrected with a stated value"),
    Lost.FLOW_OUTSIDE_RANGE: Text("debiet boven het meetbereik", "flow above the range of its instrument"),
}
"""What each bit says, to be read by people."""


def reasons(lost: int) -> tuple[Text, ...]:
    """Return what was lost in words, in the order of the bits."""
    return tuple(text for bit, text in LOST.items() if lost & bit)


SHORT: Final[dict[str, Any]] = {
    "stream": pl.String(),
    "reference": pl.String(),  # Reference.key of core/emissions/processing.py; empty for what is no concentration
    "start": pl.Datetime("us", "UTC"),
    "length": pl.Int32(),  # [s]
    "raw": pl.Int64(),  # mean of the usable raw values [10⁻⁶ unit of the stream]; null without any
    "calibrated": pl.Int64(),  # mean after the calibration function [10⁻⁶ mg/m³, as measured; °C, hPa, % for others]
    "standard": pl.Int64(),  # at the reference conditions [10⁻⁶ mg/m³]; null for what is no concentration
    "mass": pl.Int64(),  # let go in the period [µg]; null where the flow or the average is not known
    "measured": pl.Int32(),  # raw values in `raw` and `calibrated`
    "n": pl.Int32(),  # raw values in `standard`; of what is no concentration, in `calibrated`
    "expected": pl.Int32(),  # raw values that the period has
    "at_work": pl.Int32(),  # of those: while the plant was not out of service
    "beyond": pl.Int32(),  # of n: outside the valid range of the function
    "lost": pl.Int32(),  # bits of Lost that touched any raw value or the average
    "state": pl.String(),  # operating state of most of the period; `normal`, `unknown`, `out_of_service`, or a state
    "valid": pl.Boolean(),
}
"""Short-term averages: half hours, hours, ten minutes. Sorted by stream, reference, start."""


def to_milligrams(micrograms: int) -> int:
    """Return a mass in whole milligrams, halves away from zero.

    >>> to_milligrams(1_499), to_milligrams(1_500), to_milligrams(-1_500)
    (1, 2, -2)
    """
    size = (2 * abs(micrograms) + MICROGRAM_IN_MG) // (2 * MICROGRAM_IN_MG)
    return -size if micrograms < 0 else size
