"""What visible emissions may have let go: a factor times how long and how many, with a range. Always an estimate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from goedebuur.core.base.plain import fault
from goedebuur.core.base.sourced import Status, Text
from goedebuur.core.emissions.visible.sightings import Place, Sighting


class Per(StrEnum):
    """What a factor is multiplied with."""

    ITEM_HOUR = "item_hour"
    """An emitting item for an hour."""
    SECOND = "second"
    """A second of an event."""
    EVENT = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A row of `rules/tables/visible_factors.csv`.

    Parameters
    ----------
    substance
        Name in the table of substances; empty for what has no row there.
    about
        What is let go, in words.
    value, low, high
        [g] each `per`.
    """

    id: str
    place: Place
    substance: str
    about: Text
    per: Per
    value: Fraction
    low: Fraction
    high: Fraction
    reference: str
    status: Status
    question: Text

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.value <= self.high:
            raise fault("value", "A factor lies in its range.", self.value)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What may have been let go.

    Parameters
    ----------
    amount
        Item-hours, seconds or events.
    mass, low, high
        [mg], rounded to the milligram, halves away from zero.
    """

    factor: str
    amount: Fraction
    mass: int
    low: int
    high: int


def estimate(factor: Factor, sightings: Iterable[Sighting], hours: Fraction | None = None) -> Estimate | None:
    """Return what was let go by a factor; None where there is nothing to multiply it with.

    Parameters
    ----------
    hours
        For rounds: the time that they stand for together. A round is a look at one moment: how many emit on average is
        taken for all of that time.
    """
    chosen = [one for one in sightings if one.place is factor.place]
    amount = _amount(factor.per, chosen, hours)
    if amount is None:
        return None
    low, mass, high = (_milligrams(part * amount) for part in (factor.low, factor.value, factor.high))
    return Estimate(factor.id, amount, mass, low, high)


def _amount(per: Per, chosen: Sequence[Sighting], hours: Fraction | None) -> Fraction | None:
    if per is Per.ITEM_HOUR:
        rounds = [one for one in chosen if one.is_round]
        if not rounds or hours is None:
            return None
        return Fraction(sum(one.emitting or 0 for one in rounds), len(rounds)) * hours
    events = [one for one in chosen if not one.is_round]
    if not events:
        return None
    return Fraction(len(events) if per is Per.EVENT else sum(one.seconds or 0 for one in events))


def _milligrams(grams: Fraction) -> int:
    scaled = grams * 1000
    return (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
