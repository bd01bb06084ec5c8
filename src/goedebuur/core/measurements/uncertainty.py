"""One model of uncertainty that survives averaging: an independent and a systematic part.

The independent part (noise) differs from one value to the next and averages out; the systematic part (calibration,
inlet, flow) is shared by all values of one instrument and stays. Kept apart, a year computed from days and the same
year computed from its hours have one uncertainty.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import hypot, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

COVERAGE_FACTOR: Final = 2.0
"""Factor for about 95 %. JCGM 100:2008 (GUM) 6.3.3."""


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """Standard uncertainty of one value or mean, in two parts. [canonical units]

    `count` is the number of values behind it: what a mean of means weighs by.
    """

    independent: float
    systematic: float
    count: int = 1

    def __post_init__(self) -> None:
        if not (self.independent >= 0 and self.systematic >= 0):
            raise ValueError("a standard uncertainty is not negative")
        if self.count < 1:
            raise ValueError("an uncertainty belongs to at least one value")

    @property
    def standard(self) -> float:
        """Return both parts together: root of the sum of squares. JCGM 100:2008, eq. 10."""
        return hypot(self.independent, self.systematic)

    @property
    def expanded(self) -> float:
        """Return the half-width of the interval that holds the true value in about 95 % of cases."""
        return COVERAGE_FACTOR * self.standard


@dataclass(frozen=True, slots=True)
class Method:
    """How sure one method is of one value: constant parts [canonical units] and parts that grow with the value [-]."""

    independent: float
    independent_relative: float
    systematic: float
    systematic_relative: float
    reference: str
    status: str

    def of_values(self, values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the independent and systematic standard uncertainty of each value; NaN stays NaN.

        Parameters
        ----------
        values : ndarray, shape (n,)
            Measured values. [canonical units]
        """
        size = np.abs(values)
        independent = np.hypot(self.independent, self.independent_relative * size)
        systematic = np.hypot(self.systematic, self.systematic_relative * size)
        return independent, systematic


def of_mean(independent: NDArray[np.float64], systematic: NDArray[np.float64]) -> Uncertainty:
    """Return the uncertainty of the mean of values of one instrument.

    u_ind = √(Σ uᵢ²) / n, u_sys = Σ sᵢ / n: independent parts add as squares, shared ones as they are. NaN is a missing
    value and does not count.

    Parameters
    ----------
    independent, systematic : ndarray, shape (n,)
        Standard uncertainties of the values. [canonical units]

    Raises
    ------
    ValueError
        If no value is there.

    References
    ----------
    JCGM 100:2008 (GUM) 5.1.2 (uncorrelated) and 5.2.2 note 1 (fully correlated). ISO 11222:2002.
    """
    known = ~(np.isnan(independent) | np.isnan(systematic))
    n = int(known.sum())
    if n == 0:
        raise ValueError("a mean has at least one value")
    return Uncertainty(float(np.sqrt(np.sum(independent[known] ** 2)) / n), float(systematic[known].sum() / n), n)


def of_means(parts: list[Uncertainty]) -> Uncertainty:
    """Return the uncertainty of the mean of all values behind several means of one instrument.

    Equal to :func:`of_mean` over the values themselves, however they were grouped.
    """
    if not parts:
        raise ValueError("a mean has at least one value")
    n = sum(part.count for part in parts)
    independent = sqrt(sum((part.independent * part.count) ** 2 for part in parts)) / n
    return Uncertainty(independent, sum(part.systematic * part.count for part in parts) / n, n)


def of_missing(standard_deviation: float, n: int, expected: int) -> float:
    """Return the standard uncertainty of a mean from the values that are missing. [canonical units]

    s·√((1 - n/N)/n): zero when nothing is missing. It holds where what is missing is missing at random; a monitor that
    fails in every storm is worse than this says.

    Parameters
    ----------
    standard_deviation
        Of the n values. [canonical units]
    n, expected
        Number of values that are there, and that there should be.

    References
    ----------
    ISO 11222:2002, as 2008/50/EC annex I part A note (a) prescribes; finite population correction.
    """
    if not 1 <= n <= expected:
        raise ValueError(f"{n} of {expected} values cannot be")
    return standard_deviation * sqrt((1 - n / expected) / n)


def at_most(share: tuple[int, int], mean: Fraction, limit: Fraction, n: int) -> Uncertainty:
    """Return the largest uncertainty of a mean that a data quality objective admits, in the unit of the mean.

    The objective is a part of the value near the limit. Below the limit its absolute size at the limit is taken, above
    it the part of the mean. All of it is taken as systematic: nothing averages out, which errs on the careful side.

    Parameters
    ----------
    share
        Expanded uncertainty (95 %) as a part of the value, e.g. (15, 100).
    mean, limit
        Of the measurements, and of the limit value that the objective belongs to.
    n
        Number of values in the mean.

    References
    ----------
    2008/50/EC annex I part A.
    """
    return Uncertainty(0.0, float(Fraction(*share) * max(mean, limit)) / COVERAGE_FACTOR, n)
