"""Which sites to look at first: what stands out at each, in four levels, and the order that follows.

Nothing is added up to one figure: a limit that was exceeded is not worth so many late tests. A site with more of what
is heaviest comes first; where two have as many, the next level tells, and last the name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Final, TypeVar

SILENT_AFTER: Final = timedelta(hours=48)
"""After how long without a value a stream of which no delivery is agreed is called silent. A choice."""
ALERTS_OF: Final = timedelta(days=30)
"""For how long an alert that was not retracted counts. A choice."""
Item = TypeVar("Item")


class Signal(StrEnum):
    """One thing that can stand out at a site."""

    EXCEEDED = "exceeded"
    """Limits that were exceeded in the newest year of which verdicts are published."""
    ALERT = "alert"
    """Alerts of the last days that were not retracted."""
    UNANSWERED = "unanswered"
    """Findings of which the term to answer has passed, and nothing was done since."""
    DIFFERS = "differs"
    """Instruments that differed from the last control measurement beside them."""
    FOREIGN = "foreign"
    """Substances that were found, and that nothing in the record permits."""
    FLAG = "flag"
    """Findings of checks of raw values at which a person must look before anything is built on them."""
    LATE = "late"
    """Duties that are late by every reading of the law."""
    SILENT = "silent"
    """Streams of which no value comes any more."""
    UNDETERMINED = "undetermined"
    """Limits of which nothing could be said."""
    ASKED = "asked"
    """Duties of which a person must say whether they are late."""
    UNMEASURED = "unmeasured"
    """Substances that were reported, and never measured or nowhere permitted."""
    OPEN = "open"
    """Findings that are being worked on."""
    NOTE = "note"
    """Findings of checks of raw values that may be right."""


class Level(IntEnum):
    """How heavy what stands out is."""

    ACT = 1
    """Something may be wrong outside now, or someone waits for the authority."""
    DOUBT = 2
    """What is reported may not be what is let go."""
    DUE = 3
    """Something should have been done or delivered."""
    KNOW = 4
    """Something is open that says nothing of itself."""


LEVELS: Final[Mapping[Signal, Level]] = {
    Signal.EXCEEDED: Level.ACT,
    Signal.ALERT: Level.ACT,
    Signal.UNANSWERED: Level.ACT,
    Signal.DIFFERS: Level.DOUBT,
    Signal.FOREIGN: Level.DOUBT,
    Signal.FLAG: Level.DOUBT,
    Signal.LATE: Level.DUE,
    Signal.SILENT: Level.DUE,
    Signal.UNDETERMINED: Level.KNOW,
    Signal.ASKED: Level.KNOW,
    Signal.UNMEASURED: Level.KNOW,
    Signal.OPEN: Level.KNOW,
    Signal.NOTE: Level.KNOW,
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of what stands out at a site."""

    found: Mapping[Signal, int] = field(default_factory=dict)

    def of(self, signal: Signal) -> int:
        """Return how many there are of one thing."""
        return self.found.get(signal, 0)

    def at(self, level: Level) -> int:
        """Return how many there are of one level."""
        return sum(number for signal, number in self.found.items() if LEVELS[signal] is level)

    @property
    def quiet(self) -> bool:
        """Return whether nothing stands out."""
        return not any(self.found.values())


def ordered(sites: Iterable[tuple[Counts, str, Item]]) -> list[Item]:
    """Return sites, given with their counts and names, in the order in which to look at them.

    Examples
    --------
    >>> late, exceeded = Counts({Signal.LATE: 9}), Counts({Signal.EXCEEDED: 1})
    >>> ordered([(late, "A", "a"), (exceeded, "B", "b"), (Counts(), "C", "c"), (late, "A a", "d")])
    ['b', 'a', 'd', 'c']
    """
    return [item for _, _, item in sorted(sites, key=lambda one: _key(one[0], one[1]))]


def _key(counts: Counts, name: str) -> tuple[list[int], str, str]:
    return [-counts.at(level) for level in Level], name.casefold(), name


def silent(last: datetime, now: datetime, wanted: Iterable[datetime] | None) -> bool:
    """Return whether a stream has gone silent.

    Parameters
    ----------
    last
        Start of its last value.
    wanted
        Beginnings of the newest periods that are due by what was agreed of it; None where nothing was: then
        :data:`SILENT_AFTER` tells.
    """
    return now - last > SILENT_AFTER if wanted is None else any(last < start for start in wanted)
