"""How well a model agrees with what was measured, pair by pair: the figures that the field publishes of its models.

References
----------
Chang and Hanna (2004), Meteorol. Atmos. Phys. 87, 167-196; Cox and Tikvart (1990), Atmos. Environ. 24A, 2387-2395.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
HIGHEST: Final = 26
"""How many of the highest values the robust highest concentration rests on, of Cox and Tikvart."""


@dataclass(frozen=True, slots=True)
class Scores:
    """How a model does; NaN where a figure has no meaning.

    Parameters
    ----------
    pairs
        Measured and modelled values that both are numbers; the others are left out.
    left_out
        Pairs of which one is no number.
    bias
        FB, 2 (measured − modelled) ÷ (measured + modelled) of the means: above zero where the model is too low.
    error
        NMSE, mean square of the difference ÷ product of the means.
    within_two
        FAC2, part of the pairs with a model of half to twice what was measured; both nothing counts.
    correlation
        Pearson's.
    geometric_bias, geometric_variance
        MG and VG, of the pairs that are both above zero.
    logarithmic
        How many pairs these rest on.
    highest_measured, highest_modelled
        Robust highest concentration, in the unit of the values.
    """

    pairs: int
    left_out: int
    bias: float
    error: float
    within_two: float
    correlation: float
    geometric_bias: float
    geometric_variance: float
    logarithmic: int
    highest_measured: float
    highest_modelled: float


def scores(measured: Floats, modelled: Floats) -> Scores:
    """Return how a model does on pairs of values.

    Parameters
    ----------
    measured, modelled
        Shape (n,), one unit, not below zero; NaN for none.

    Raises
    ------
    ValueError
        For two lengths, or a value below zero.

    Examples
    --------
    By hand: means 2 and 2; differences −1 and 1; NMSE 1 ÷ 4; the pairs 1 and 2, and 3 and 2, are within two.

    >>> found = scores(np.array([1.0, 3.0]), np.array([2.0, 2.0]))
    >>> found.bias, found.error, found.within_two
    (0.0, 0.25, 1.0)
    """
    if measured.shape != modelled.shape or measured.ndim != 1:
        raise ValueError(f"{measured.shape} measured and {modelled.shape} modelled")
    there = np.isfinite(measured) & np.isfinite(modelled)
    o, p = measured[there], modelled[there]
    if (o < 0).any() or (p < 0).any():
        raise ValueError(f"a value below zero: {min(o.min(), p.min())}")
    both = (o > 0) & (p > 0)
    logs = np.log(o[both]) - np.log(p[both])
    return Scores(
        pairs=len(o),
        left_out=len(measured) - len(o),
        bias=_part(2 * (_mean(o) - _mean(p)), _mean(o) + _mean(p)),
        error=_part(_mean((o - p) ** 2), _mean(o) * _mean(p)),
        within_two=_mean(((p >= o / 2) & (p <= 2 * o)).astype(np.float64)),
        correlation=_correlation(o, p),
        geometric_bias=math.exp(_mean(logs)),
        geometric_variance=math.exp(_mean(logs**2)),
        logarithmic=int(both.sum()),
        highest_measured=robust_highest(o),
        highest_modelled=robust_highest(p),
    )


def robust_highest(values: Floats, count: int = HIGHEST) -> float:
    """Return the robust highest concentration: from an exponential tail through the highest values.

    Of fewer than `count` values it rests on all; of fewer than three there is none.

    Examples
    --------
    By hand, of 1, 2, 3, 4 and 3 highest: x(3) = 2, the mean of the higher two 3.5, 2 + 1.5 · ln(8 ÷ 2) = 4.079.

    >>> round(robust_highest(np.array([1.0, 2.0, 3.0, 4.0]), 3), 3)
    4.079
    """
    used = min(count, len(values))
    if used < 3:
        return math.nan
    highest = np.sort(values)[::-1][:used]
    least, mean = float(highest[-1]), float(highest[:-1].mean())
    return least + (mean - least) * math.log((3 * used - 1) / 2)


def quantiles(measured: Floats, modelled: Floats) -> tuple[Floats, Floats]:
    """Return both, each sorted by itself: the points of a quantile-quantile plot of the pairs that are numbers."""
    there = np.isfinite(measured) & np.isfinite(modelled)
    return np.sort(measured[there]), np.sort(modelled[there])


def by_group(measured: Floats, modelled: Floats, groups: Sequence[str]) -> dict[str, Scores]:
    """Return how a model does in each group of pairs, as those of one distance; in the order in which they come.

    Parameters
    ----------
    groups
        Of which each pair is.

    Raises
    ------
    ValueError
        For another number of groups than of pairs; those of :func:`scores`.
    """
    return {name: scores(measured[at], modelled[at]) for name, at in _places(measured, groups).items()}


def residuals(measured: Floats, modelled: Floats, groups: Sequence[str]) -> dict[str, Floats]:
    """Return in each group the model as part of what was measured, from low to high, of pairs that both are above zero.

    1 where they agree, 2 where the model is twice too high. Raises as :func:`by_group`.

    Examples
    --------
    >>> residuals(np.array([1.0, 4.0, 0.0]), np.array([2.0, 1.0, 1.0]), ["near", "near", "far"])
    {'near': array([0.25, 2.  ]), 'far': array([], dtype=float64)}
    """
    found = {}
    for name, at in _places(measured, groups).items():
        o, p = measured[at], modelled[at]
        both = np.isfinite(o) & np.isfinite(p) & (o > 0) & (p > 0)
        found[name] = np.sort(p[both] / o[both])
    return found


def _places(measured: Floats, groups: Sequence[str]) -> dict[str, npt.NDArray[np.intp]]:
    if len(groups) != len(measured):
        raise ValueError(f"{len(measured)} pairs and {len(groups)} groups")
    told = np.asarray(groups)
    return {name: np.flatnonzero(told == name) for name in dict.fromkeys(groups)}


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else math.nan


def _part(above: float, below: float) -> float:
    return above / below if below else math.nan


def _correlation(o: Floats, p: Floats) -> float:
    if len(o) < 2 or not o.std() or not p.std():
        return math.nan
    return float(np.corrcoef(o, p)[0, 1])
