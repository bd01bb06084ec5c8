"""How a concentration depends on the load: the same hours cut in classes of load, with equal numbers of hours each.

A limit that holds over a day says nothing of the load at which a plant emits most. That shows here, without a model:
what was measured in each class, in exact numbers. Time plays no part, only which load and which value belong together.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import polars as pl

LEAST: Final = 20
"""Fewest steps in a class for which it is said to be high or low. Ours."""
MUCH: Final = 2
"""Times the median of all, from which a class is said to be high. Ours."""


@dataclass(frozen=True, slots=True)
class LoadClass:
    """The steps with a load in one class.

    Parameters
    ----------
    low, high
        Lowest and highest load that occurs in it. [10⁻⁶ unit of the load]
    steps
        Number of steps.
    mean, median, p95
        Of the concentration: sum ÷ n; the middle value (the lower of two), and the value that 95 % does not exceed.
        [10⁻⁶ unit of the concentration]
    share
        Part of the sum of concentration times load that lies in this class: about its part of the emission, where the
        flow goes with the load. None where that sum is not above zero.
    is_high
        Whether its median is at least twice that of all.
    """

    low: int
    high: int
    steps: int
    mean: Fraction
    median: int
    p95: int
    share: Fraction | None
    is_high: bool


@dataclass(frozen=True, slots=True)
class ByLoad:
    """A concentration by class of load.

    Parameters
    ----------
    classes
        From low to high load.
    steps, without
        Steps with both, and steps of the concentration without a load.
    median
        Of all. [10⁻⁶ unit]
    """

    classes: tuple[LoadClass, ...]
    steps: int
    without: int
    median: int


def by_load(concentration: pl.DataFrame, load: pl.DataFrame, number: int = 10) -> ByLoad:
    """Return a concentration in classes of load with as equal numbers of steps as equal loads allow.

    Parameters
    ----------
    concentration, load
        `start` and `micro`, at most one row a start; what does not count is left out already.
    number
        How many classes.

    Raises
    ------
    ValueError
        For fewer than one class.
    """
    if number < 1:
        raise ValueError(f"there is no cutting into {number} classes")
    both = concentration.join(load.rename({"micro": "load"}), on="start").sort("load", "micro")
    if both.is_empty():
        return ByLoad((), 0, concentration.height, 0)
    edges = {both["load"][min(both.height - 1, both.height * place // number)] for place in range(1, number)}
    middle, total = _at(both["micro"], Fraction(1, 2)), _weight(both)
    ends = [int(both["load"].search_sorted(edge, "left")) for edge in sorted(edges)]
    begin, found = 0, []
    for end in [*ends, both.height]:
        if end > begin:
            found.append(_class(both[begin:end], middle, total))
            begin = end
    return ByLoad(tuple(found), both.height, concentration.height - both.height, middle)


def _class(part: pl.DataFrame, middle: int, total: int) -> LoadClass:
    median = _at(part["micro"], Fraction(1, 2))
    return LoadClass(
        low=int(part["load"][0]),
        high=int(part["load"][-1]),
        steps=part.height,
        mean=Fraction(int(part["micro"].sum()), part.height),
        median=median,
        p95=_at(part["micro"], Fraction(95, 100)),
        share=Fraction(_weight(part), total) if total > 0 else None,
        is_high=part.height >= LEAST and middle > 0 and median >= MUCH * middle,
    )


def _at(values: pl.Series, part: Fraction) -> int:
    """Return the smallest value that at least a part of the values does not exceed."""
    ordered = values.sort()
    return int(ordered[max(0, -(-part.numerator * len(ordered) // part.denominator) - 1)])


def _weight(part: pl.DataFrame) -> int:
    """Return the sum of concentration times load, exactly; loads and values below zero count as they are."""
    return sum(a * b for a, b in zip(part["micro"].to_list(), part["load"].to_list(), strict=True))
