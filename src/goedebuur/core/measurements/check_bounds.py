"""What the checks hold a value against: one row a check and quantity, with its basis and how sure that is.

Status is `confirmed` (read in the named source), `memory` (known, not read again) or `judgement` (ours: no source sets
it). No verdict rests on these bounds: they mark values for a person to look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from goedebuur.core.base.quantities import MICRO, QUANTITIES
from goedebuur.core.base.rulebook import Row


class Check(StrEnum):
    """The checks that need a bound."""

    RANGE = "range"
    STEP = "step"
    STUCK = "stuck"
    NEGATIVE = "negative"


@dataclass(frozen=True, slots=True)
class Bound:
    """The bound of one check for one quantity.

    Parameters
    ----------
    check, quantity
        For which check and quantity.
    low, high
        In canonical units; for `STUCK` the number of equal values in a row. Empty: no bound on that side.
    reference
        Where it comes from.
    status
        `confirmed`, `memory` or `judgement`.
    """

    check: Check
    quantity: str
    low: str
    high: str
    reference: str
    status: str

    @property
    def low_micro(self) -> int | None:
        """Return the lower bound. [10⁻⁶ canonical units]"""
        return int(Decimal(self.low) * MICRO) if self.low else None

    @property
    def high_micro(self) -> int | None:
        """Return the upper bound. [10⁻⁶ canonical units]"""
        return int(Decimal(self.high) * MICRO) if self.high else None


_WMO: Final = "WMO-No. 8, Guide to Instruments and Methods of Observation, annex 1.A"
_OWN: Final = "None: chosen wide, so that a mark is worth a look"
_ZERO: Final = "3.3 times the largest repeatability at zero"

_RANGES: Final = (
    ("pm10", "", "10000", "EN 16450:2017 clause 1, hourly values", "confirmed"),
    ("pm25", "", "10000", "EN 16450:2017 clause 1, hourly values", "confirmed"),
    ("no2", "", "500", "EN 14211:2012 clause 1, certification range", "confirmed"),
    ("no", "", "1200", "EN 14211:2012 clause 1, certification range", "confirmed"),
    ("nox", "", "2340", "EN 14211:2012 clause 1: 500 of NO₂ and 1200 of NO counted as NO₂ (46/30)", "confirmed"),
    ("so2", "", "1000", "EN 14212 clause 1, certification range", "confirmed"),
    ("co", "", "100000", "EN 14626 clause 1, certification range", "confirmed"),
    ("o3", "", "500", "EN 14625 clause 1, certification range", "memory"),
    ("c6h6", "", "50", "EN 14662-3 clause 1, certification range", "memory"),
    ("ox", "", "500", _OWN, "judgement"),
    ("h2s", "", "1000", _OWN, "judgement"),
    ("nh3", "", "2000", _OWN, "judgement"),
    ("bc", "", "200", _OWN, "judgement"),
    ("wind_direction", "0", "360", _WMO, "memory"),
    ("wind_speed", "0", "75", _WMO, "memory"),
    ("wind_speed_10min", "0", "75", _WMO, "memory"),
    ("wind_gust", "0", "150", _WMO, "memory"),
    ("temperature", "-80", "60", _WMO, "memory"),
    ("dew_point", "-80", "35", _WMO, "memory"),
    ("pressure", "500", "1080", _WMO, "memory"),
    ("relative_humidity", "0", "100", _WMO, "memory"),
    ("sunshine", "0", "1", "Part of an hour", "confirmed"),
    ("rain_duration", "0", "1", "Part of an hour", "confirmed"),
    ("rain", "0", "150", _OWN, "judgement"),
    ("radiation", "0", "500", "Solar constant 1361 W m⁻² for an hour is 490 J cm⁻²", "confirmed"),
    ("cloud_cover", "0", "9", "KNMI: 0 to 8 octas, 9 is sky invisible", "confirmed"),
)
_STEPS: Final = (
    ("pm10", "500"),
    ("pm25", "500"),
    ("no2", "200"),
    ("no", "500"),
    ("nox", "800"),
    ("o3", "120"),
    ("ox", "100"),
    ("so2", "400"),
    ("co", "10000"),
    ("h2s", "100"),
    ("nh3", "300"),
    ("bc", "30"),
    ("temperature", "15"),
    ("dew_point", "15"),
    ("pressure", "10"),
    ("wind_speed", "20"),
)
_STUCK: Final = (
    ("pm10", "8"),
    ("pm25", "8"),
    ("no2", "8"),
    ("no", "8"),
    ("nox", "8"),
    ("o3", "8"),
    ("ox", "8"),
    ("so2", "24"),
    ("co", "24"),
    ("h2s", "24"),
    ("nh3", "12"),
    ("bc", "12"),
    ("temperature", "24"),
    ("pressure", "24"),
)
_NEGATIVES: Final = (
    ("no2", "-6.3", f"EN 14211: {_ZERO} (1 nmol/mol)", "memory"),
    ("no", "-4.1", f"EN 14211: {_ZERO} (1 nmol/mol)", "memory"),
    ("nox", "-6.3", f"EN 14211: {_ZERO} (1 nmol/mol)", "memory"),
    ("o3", "-6.6", f"EN 14625: {_ZERO} (1 nmol/mol)", "memory"),
    ("so2", "-8.8", f"EN 14212: {_ZERO} (1 nmol/mol)", "memory"),
    ("co", "-1150", f"EN 14626: {_ZERO} (0.3 µmol/mol)", "memory"),
    ("ox", "-6.6", _OWN, "judgement"),
    ("pm10", "-10", _OWN, "judgement"),
    ("pm25", "-10", _OWN, "judgement"),
    ("h2s", "-4.7", f"{_OWN}; 3.3 nmol/mol as for sulphur dioxide", "judgement"),
    ("nh3", "-2.3", f"{_OWN}; 3.3 nmol/mol", "judgement"),
    ("bc", "-1", _OWN, "judgement"),
    *((quantity, "-0.5", _OWN, "judgement") for quantity in ("c6h6", "c7h8", "c8h10")),
    *((quantity, "-10", _OWN, "judgement") for quantity in ("lead", "arsenic", "cadmium", "nickel")),
    ("benzo_a_pyrene", "-1", _OWN, "judgement"),
    ("ps", "-100", _OWN, "judgement"),
)

CHECK_BOUNDS: Final[tuple[Bound, ...]] = (
    *(Bound(Check.RANGE, *row) for row in _RANGES),
    *(Bound(Check.STEP, quantity, "", most, _OWN, "judgement") for quantity, most in _STEPS),
    *(Bound(Check.STUCK, quantity, "", count, _OWN, "judgement") for quantity, count in _STUCK),
    *(Bound(Check.NEGATIVE, quantity, low, "", *basis) for quantity, low, *basis in _NEGATIVES),
)


def rows(check: Check) -> list[Row]:
    """Return the bounds of a check as rows of the rule book."""
    return [Row(one.quantity, _held_to(one), one.reference, one.status) for one in CHECK_BOUNDS if one.check is check]


def _held_to(one: Bound) -> str:
    unit = "" if one.check is Check.STUCK else f" {QUANTITIES[one.quantity].unit}"
    ends = [f"{sign} {end}{unit}" for sign, end in (("≥", one.low), ("≤", one.high)) if end]
    return f"< {one.high}" if one.check is Check.STUCK else ", ".join(ends)
