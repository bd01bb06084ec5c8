"""How much room a limit leaves: by how much what is judged stays under it, at the least that may be taken off.

Of a mean it is what is left above it. Where a part of the averages may be above, it is what is left above the first of
those that may not. Nothing here is a verdict: what is missing is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Final

import polars as pl

from goedebuur.core.compliance.emissions import parts
from goedebuur.core.compliance.emissions.means import COUNTED
from goedebuur.core.compliance.emissions.outcomes import EmissionVerdict
from goedebuur.core.compliance.emissions.regimes import SECONDS
from goedebuur.core.compliance.emissions.requirements import Requirement
from goedebuur.core.compliance.emissions.slots import Slots
from goedebuur.core.permits.limits import Averaging

_COUNTS: Final = COUNTED & (pl.col("limit_low") > 0)


@dataclass(frozen=True, slots=True)
class Room:
    """The room that a limit leaves.

    Parameters
    ----------
    start
        Period with the least room.
    value, limit
        [unit of the limit]
    share
        Part of the limit that is left; below zero where it is passed. [1]
    n
        Of how many averages.
    """

    requirement: str
    start: str
    value: Fraction
    limit: Fraction
    share: Fraction
    n: int


def least(verdict: EmissionVerdict, requirement: Requirement, cuts: Sequence[Slots]) -> Room | None:
    """Return the least room that a requirement leaves in a year, by whatever it is held to; None where nothing counts.

    Where a part of the averages of each day or month may be above, the day or month with the least room tells.

    Parameters
    ----------
    cuts
        The short averages of the year that it was judged by (`judge.cuts`).
    """
    if requirement.key.averaging not in SECONDS:
        return of_means(verdict)
    share, part = parts.share_of(requirement)
    found: list[Room] = []
    for told in cuts:
        for (start,), inside in told.frame.filter(_COUNTS).group_by([parts.COLUMN[part]], maintain_order=True):
            room = of_share(verdict.requirement, str(start), Slots(inside, told.scale), share)
            found += [room] if room is not None else []
    return min(found, key=lambda one: (one.share, one.start), default=None)


def of_means(verdict: EmissionVerdict) -> Room | None:
    """Return the least room of the days, months or year of a verdict on means; None without a mean."""
    found = [*verdict.periods, verdict.year] if verdict.averaging is not Averaging.YEAR else [verdict.year]
    told = [
        Room(verdict.requirement, one.start, one.high, one.limit_low, one.room, one.n)
        for one in found
        if one.high is not None and one.limit_low is not None and one.room is not None
    ]
    return min(told, key=lambda one: (one.share, one.start), default=None)


def of_share(name: str, start: str, found: Slots, share: Fraction) -> Room | None:
    """Return the room of the first of the averages that must not be above; None where none counts.

    With a limit that changes, each average is taken against its own. A limit of zero leaves no part of itself.

    Examples
    --------
    Of 100 half hours of which 3 may be above, the fourth highest is the one that must not be.
    """
    counted = found.frame.filter(_COUNTS).select("high", "limit_low")
    if not counted.height:
        return None
    allowed = floor((1 - share / 100) * counted.height)
    told = sorted(counted.iter_rows(), key=lambda one: Fraction(*one), reverse=True)
    high, limit = told[allowed]
    value, bound = found.scale.down(high), found.scale.down(limit)
    return Room(name, start, value, bound, 1 - Fraction(high, limit), counted.height)
