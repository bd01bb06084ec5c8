"""The exponential, as polynomials that a compiler can work out for several numbers at once.

The C library's takes one number at a time. Relative error at most 2e-15 from −700 up to 700; under that it is nothing.
Between distances of a table, which is itself not as exact, shorter ones do.

References
----------
Cody and Waite (1980), Software Manual for the Elementary Functions, chapter 6.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from goedebuur.core.dispersion.compiled import compiled

LEAST: Final = -700.0
_PER_LN2: Final = 1 / float(np.log(2))
_LN2_HIGH: Final = float.fromhex("0x1.62e42fee00000p-1")
"""The first bits of ln 2, of which whole multiples are exact."""
_LN2_LOW: Final = float.fromhex("0x1.a39ef35793c76p-33")
_BIAS: Final = 1023
_FRACTION: Final = 52
"""Of a double: what is added to its exponent, and the bits after the point."""


@compiled
def _parted(number: float) -> tuple[float, float]:
    """Return how many whole times ln 2 goes into a number, and what is left of it: at most half of ln 2."""
    inside = max(number, LEAST)
    whole = np.floor(inside * _PER_LN2 + 0.5)
    return whole, inside - whole * _LN2_HIGH - whole * _LN2_LOW


@compiled
def _joined(number: float, whole: float, series: float) -> float:
    """Return two to the whole times the series of the rest; nothing of what is too far below zero."""
    found = series * np.int64((np.int64(whole) + _BIAS) << _FRACTION).view(np.float64)
    return 0.0 if number < LEAST else found + 0.0 * number


@compiled
def exponential(number: float) -> float:
    """Return e to a number that is at most 700.

    Examples
    --------
    >>> abs(exponential(1.0) - np.e) < 1e-14, exponential(0.0), exponential(-1e4)
    (True, 1.0, 0.0)
    """
    whole, rest = _parted(number)
    series = 1 / 479001600
    series = series * rest + 1 / 39916800
    series = series * rest + 1 / 3628800
    series = series * rest + 1 / 362880
    series = series * rest + 1 / 40320
    series = series * rest + 1 / 5040
    series = series * rest + 1 / 720
    series = series * rest + 1 / 120
    series = series * rest + 1 / 24
    series = series * rest + 1 / 6
    series = series * rest + 0.5
    series = series * rest + 1
    series = series * rest + 1
    return _joined(number, whole, series)


@compiled
def nearly(number: float) -> float:
    """Return e to a number that is at most 700, with a relative error of at most 3e-10.

    The first term that is left out is at most (½ ln 2)⁹ ÷ 9! = 2.0e-10.

    Examples
    --------
    >>> abs(nearly(-1.0) * np.e - 1) < 3e-10, nearly(-1e4)
    (True, 0.0)
    """
    whole, rest = _parted(number)
    series = 1 / 40320
    series = series * rest + 1 / 5040
    series = series * rest + 1 / 720
    series = series * rest + 1 / 120
    series = series * rest + 1 / 24
    series = series * rest + 1 / 6
    series = series * rest + 0.5
    series = series * rest + 1
    series = series * rest + 1
    return _joined(number, whole, series)


@compiled
def of_little(number: float) -> float:
    """Return e to a number from −½ to ½, with a relative error of at most 2e-7.

    The first term that is left out is at most ½⁸ ÷ 8! = 9.7e-8.

    Examples
    --------
    >>> abs(of_little(-0.5) ** 2 * np.e - 1) < 4e-7, of_little(0.0)
    (True, 1.0)
    """
    series = 1 / 5040
    series = series * number + 1 / 720
    series = series * number + 1 / 120
    series = series * number + 1 / 24
    series = series * number + 1 / 6
    series = series * number + 0.5
    series = series * number + 1
    return series * number + 1
