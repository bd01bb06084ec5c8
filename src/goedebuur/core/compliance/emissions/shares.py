"""When a part of the averages must stay under a value: counts that are certain against counts that may be."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from goedebuur.core.compliance.emissions.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Tally:
    """Averages of a period, by what is known of them.

    Parameters
    ----------
    n, over, over_may
        That count; of these above the limit for certain, and above it by one reading at least.
    may_n, may_over, may_over_may
        The same of those of which it is not known whether they count.
    missing
        That count or may count, with any value at all.
    at_least
        Of those above it by one reading at least: how many are so because they are above what the instrument can
        measure. [for the reason alone]
    """

    n: int
    over: int
    over_may: int
    may_n: int = 0
    may_over: int = 0
    may_over_may: int = 0
    missing: int = 0
    at_least: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(a + b for a, b in zip(self._all(), other._all(), strict=True)))

    def _all(self) -> tuple[int, ...]:
        known = (self.n, self.over, self.over_may, self.may_n, self.may_over, self.may_over_may)
        return (*known, self.missing, self.at_least)


def side(tally: Tally, share: Fraction) -> tuple[Outcome, str]:
    """Return whether the part of the averages stays under the limit whatever is not known, and why.

    Parameters
    ----------
    share
        Part that must. [%]

    Notes
    -----
    The worst case takes each missing average as above and counts of the doubtful ones those that are above; the best
    takes each missing one as below and counts of the doubtful ones those that are not. With `a` the part that may be
    above, more are than may when `over > a · n`; one more average that is above raises the left side by 1 and the
    right by `a` < 1, one that is not above raises the right alone: so these are the extremes.

    Examples
    --------
    >>> side(Tally(n=100, over=3, over_may=3), Fraction(97))[0].value
    'MEETS'
    >>> side(Tally(n=100, over=4, over_may=4), Fraction(97))[0].value
    'EXCEEDS'
    >>> side(Tally(n=99, over=3, over_may=3, missing=1), Fraction(97))[0].value
    'UNDETERMINED'
    """
    part = 1 - share / 100
    if not tally.n and not tally.may_n and not tally.missing:
        return Outcome.NOT_JUDGED, "nothing-counts"
    worst = tally.over_may + tally.may_over_may + tally.missing
    may_exceed = worst > part * (tally.n + tally.may_over_may + tally.missing)
    may_meet = tally.over <= part * (tally.n + tally.may_n - tally.may_over + tally.missing)
    if may_exceed and may_meet:
        return Outcome.UNDETERMINED, open_because(tally)
    if may_exceed:
        return Outcome.EXCEEDS, "share-above" if share < 100 else "average-above"
    return Outcome.MEETS, "share-not-above" if share < 100 else "averages-not-above"


def open_because(tally: Tally) -> str:
    """Return the first thing that keeps from a verdict."""
    if tally.missing:
        return "missing"
    if tally.at_least:
        return "above-range"
    if tally.may_n:
        return "state-open"
    return "uncertainty-open"
