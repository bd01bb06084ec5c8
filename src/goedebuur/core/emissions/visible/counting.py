"""Sightings counted as a condition words it: which part of the doors, how long a charge, how often, in which period.

Without any look in a period nothing is said of it: what nobody looked at is not clean. A level of the BAT conclusions
binds nobody by itself: it is held beside, and only a condition of a permit can be exceeded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final

from goedebuur.core.base.periods import Clock, zone
from goedebuur.core.base.sourced import Status, Text, holds
from goedebuur.core.emissions.visible.sightings import Place, Sighting
from goedebuur.core.permits.conditions import Comparison, Requirement
from goedebuur.core.permits.limits import Averaging


class Measure(StrEnum):
    """What is counted."""

    SHARE = "share"
    """Emitting over looked at, of all rounds together. [%]"""
    SECONDS_EACH = "seconds_each"
    """Mean length of an event. [s]"""
    SECONDS = "seconds"
    """Of all events together. [s]"""
    COUNT = "count"
    """Number of events."""
    OPACITY = "opacity"
    """The highest. [%]"""


class Outcome(StrEnum):
    """Where a period stands against a level."""

    WITHIN = "within"
    ABOVE = "above"
    UNDETERMINED = "undetermined"


class Why(StrEnum):
    """Why a period is undetermined."""

    NOTHING_SEEN = "nothing_seen"
    """Nobody looked."""
    TOO_FEW = "too_few"
    """Fewer looks than the condition asks."""
    NOT_CONFIRMED = "not_confirmed"
    INCOMPLETE = "incomplete"
    """A sum or number of events only says what was seen: nobody looked all the time."""
    NOT_OVER = "not_over"
    """The period is not over: what is seen in the rest of it can change a share or a mean."""
    HELD_IN_PART = "held_in_part"
    """The level did not hold in all of the period."""
    NOT_PLACED = "not_placed"
    """Something was seen of which it is not said at which installation, and other installations have levels too."""


MONTH: Final = "month"
_WINDOW: Final = re.compile(r"([1-9][0-9]{0,2})d")
_PARAMETER: Final = re.compile(r"visible ([a-z_]+) ([a-z_]+)(?: ([1-9][0-9]{0,2}d))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleLimit:
    """A level that visible emissions are held against.

    Parameters
    ----------
    places
        Kinds of places that count together.
    value, inclusive
        The level, and whether it may be reached. [unit of the measure]
    window
        `month` for calendar months; `30d` for a running period of days.
    least
        Fewest looks in a period; 1 where it is not stated.
    binds
        Whether it is a condition of a permit; else a level of the BAT conclusions, which binds nobody by itself.
    installations
        To which it is bound; empty: to all of the site.
    """

    id: str
    places: tuple[Place, ...]
    measure: Measure
    value: Fraction
    inclusive: bool
    window: str
    least: int
    binds: bool
    valid_from: date
    valid_to: date | None
    article: str
    status: Status
    question: Text
    installations: tuple[str, ...] = ()

    def in_force(self, on: date) -> bool:
        """Return whether it holds on a day."""
        return holds(self.valid_from, self.valid_to, on)


@dataclass(frozen=True, slots=True)
class Counted:
    """One period.

    Parameters
    ----------
    first, last
        Days, both counted.
    looks
        Sightings that were counted.
    total, n
        The value is total / n: emitting and looked at (times 100), seconds and events. n is 0 without any.
    """

    limit: str
    first: date
    last: date
    looks: int
    total: int
    n: int
    outcome: Outcome
    why: Why | None

    @property
    def value(self) -> Fraction | None:
        """Return what was counted; None without any look."""
        return Fraction(self.total, self.n) if self.n else None


def of_requirement(
    name: str,
    article: str,
    asked: Requirement,
    valid_from: date,
    valid_to: date | None,
    installations: tuple[str, ...] = (),
) -> VisibleLimit | None:
    """Return the level that a condition of a permit sets; None where it is about something else.

    The parameter is written `visible PLACE MEASURE`, with days where the period runs: `visible oven_door share 30d`.
    Without days the averaging of the requirement says it: a month.
    """
    found = _PARAMETER.fullmatch(asked.parameter)
    if found is None or found[1] not in list(Place) or found[2] not in list(Measure):
        return None
    if asked.comparison is not Comparison.AT_MOST:
        return None
    window = found[3] or (MONTH if asked.averaging is Averaging.MONTH else "")
    if not window:
        return None
    return VisibleLimit(
        id=name,
        places=(Place(found[1]),),
        measure=Measure(found[2]),
        value=Fraction(asked.value),
        inclusive=True,
        window=window,
        least=1,
        binds=True,
        valid_from=valid_from,
        valid_to=valid_to,
        article=article,
        status=Status.CONFIRMED,
        question=Text(),
        installations=installations,
    )


def placed(one: Sighting, known: Iterable[str]) -> str | None:
    """Return at which installation something was seen: the one whose identifier its item is, or begins with.

    >>> from goedebuur.core.emissions.visible.sightings import Means, Observer
    >>> seen = Sighting("s", Place.RAW_PUSH, "kf2.battery-1", "2026-03-01T10:00:00Z", "VIDEO", Means.CAMERA,
    ...                 Observer.AUTOMATIC, 40)
    >>> placed(seen, ["kf1", "kf2"]), placed(seen, ["kf"])
    ('kf2', None)
    """
    found = [name for name in known if one.item == name or one.item.startswith(f"{name}.")]
    return max(found, key=len, default=None)


def counted(
    limit: VisibleLimit,
    sightings: Iterable[Sighting],
    first: date,
    last: date,
    clock: Clock,
    beside: Iterable[VisibleLimit] = (),
    today: date | None = None,
) -> tuple[Counted, ...]:
    """Return each calendar month from that of the first day to that of the last, or a running period for each day.

    Parameters
    ----------
    sightings
        Also those before the first day, as far as a running period reaches back.
    clock
        On which days are cut.
    beside
        Other levels at the site. Where one of another installation is of the same, only what was seen at those of this
        level counts, and a period in which something was seen nobody knows where is undetermined.
    today
        Day on which is asked: a period that ends after it is not over. None: all are.
    """
    local = zone(clock)
    known = _rivals(limit, beside)
    chosen = []
    for one in sightings:
        if one.place in limit.places and _fits(limit.measure, one):
            at = placed(one, known) if known else None
            if at is None or at in limit.installations:
                chosen.append((one.began.astimezone(local).date(), one, bool(known) and at is None))
    found = []
    for begin, end in _periods(limit.window, first, last):
        inside = [one for day, one, lost in chosen if begin <= day <= end and not lost]
        lost = any(begin <= day <= end and lost for day, _, lost in chosen)
        open_ = today is not None and end > today
        found.append(_counted(limit, begin, end, inside, lost=lost, open_=open_))
    return tuple(found)


def _rivals(limit: VisibleLimit, beside: Iterable[VisibleLimit]) -> set[str]:
    """Return the installations that have to be told apart; none where one level is of all that was seen."""
    if not limit.installations:
        return set()
    same = [one for one in beside if one.measure is limit.measure and set(one.places) & set(limit.places)]
    found = {name for one in [limit, *same] for name in one.installations}
    return found if found > set(limit.installations) else set()


def _fits(measure: Measure, one: Sighting) -> bool:
    """Return whether a sighting says something of what is measured."""
    if measure is Measure.SHARE:
        return one.is_round
    if measure is Measure.OPACITY:
        return bool(one.opacity)
    return not one.is_round


def _periods(window: str, first: date, last: date) -> list[tuple[date, date]]:
    if window == MONTH:
        found, begin = [], date(first.year, first.month, 1)
        while begin <= last:
            after = date(begin.year + begin.month // 12, begin.month % 12 + 1, 1)
            found.append((begin, after - timedelta(days=1)))
            begin = after
        return found
    matched = _WINDOW.fullmatch(window)
    if matched is None:
        raise ValueError(f"no period {window}")
    reach = timedelta(days=int(matched[1]) - 1)
    days = (last - first).days + 1
    return [(first + timedelta(days=k) - reach, first + timedelta(days=k)) for k in range(days)]


def _counted(
    limit: VisibleLimit, begin: date, end: date, inside: Sequence[Sighting], *, lost: bool, open_: bool
) -> Counted:
    total, n = _sum(limit.measure, inside)
    outcome, why = _outcome(limit, total, n, len(inside), end)
    mean = limit.measure in (Measure.SHARE, Measure.SECONDS_EACH)
    firm = outcome is not Outcome.UNDETERMINED
    if lost:
        outcome, why = Outcome.UNDETERMINED, Why.NOT_PLACED
    elif firm and not limit.in_force(begin):
        outcome, why = Outcome.UNDETERMINED, Why.HELD_IN_PART
    elif firm and open_ and mean:
        outcome, why = Outcome.UNDETERMINED, Why.NOT_OVER
    return Counted(limit.id, begin, end, len(inside), total, n, outcome, why)


def _sum(measure: Measure, inside: Sequence[Sighting]) -> tuple[int, int]:
    if not inside:
        return 0, 0
    if measure is Measure.SHARE:
        return 100 * sum(one.emitting or 0 for one in inside), sum(one.observed or 0 for one in inside)
    if measure is Measure.COUNT:
        return len(inside), 1
    if measure is Measure.OPACITY:
        highest = max(Fraction(one.opacity) for one in inside)
        return highest.numerator, highest.denominator
    seconds = sum(one.seconds or 0 for one in inside)
    return seconds, len(inside) if measure is Measure.SECONDS_EACH else 1


def _outcome(limit: VisibleLimit, total: int, n: int, looks: int, end: date) -> tuple[Outcome, Why | None]:
    if not n:
        return Outcome.UNDETERMINED, Why.NOTHING_SEEN
    if looks < limit.least:
        return Outcome.UNDETERMINED, Why.TOO_FEW
    if limit.status is not Status.CONFIRMED or not limit.in_force(end):
        return Outcome.UNDETERMINED, Why.NOT_CONFIRMED
    over = total > limit.value * n or (total == limit.value * n and not limit.inclusive)
    if over:
        return Outcome.ABOVE, None
    if limit.measure in (Measure.COUNT, Measure.SECONDS, Measure.OPACITY):
        return Outcome.UNDETERMINED, Why.INCOMPLETE
    return Outcome.WITHIN, None


def days_since(sightings: Iterable[Sighting], place: Place, at: datetime) -> int | None:
    """Return how many days ago someone last looked at a kind of place; None where nobody did."""
    looked = [one.began for one in sightings if one.place is place and one.began <= at]
    return (at - max(looked)).days if looked else None
