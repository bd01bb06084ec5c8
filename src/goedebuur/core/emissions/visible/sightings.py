"""One look at a place where emissions are seen: of how many items how many emitted, or how long one thing did.

Who looked is a role, never a person; what was seen is numbers and words of a table, never free text: a leaf is for
ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Final

from goedebuur.core.base import plain
from goedebuur.core.base.periods import iso
from goedebuur.core.base.plain import Pattern, fault
from goedebuur.core.permits.records import SiteId

KIND: Final = "visible_emission"
"""Under which the catalogue keeps them."""
Item = Annotated[str, Pattern(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,119}", "Letters, digits, `_`, `.` and `-`.")]
MethodCode = Annotated[str, Pattern(r"[A-Za-z0-9][A-Za-z0-9./\-]{0,39}", "A code without spaces, as EPA-303.")]
Opacity = Annotated[str, Pattern(r"([0-9]{1,3}(\.[0-9])?)?", "Write per cent, as 40.")]
Moment = Annotated[
    str, Pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", "Write it in UTC, as 2026-03-01T12:00:00Z.")
]


class Place(StrEnum):
    """What kind of place it is."""

    OVEN_DOOR = "oven_door"
    CHARGING_LID = "charging_lid"
    OFFTAKE = "offtake"
    CHARGING = "charging"
    """Filling an oven with coal."""
    RAW_PUSH = "raw_push"
    """Pushing coke that is not done."""
    PUSH = "push"
    QUENCH = "quench"
    ROOF_VENT = "roof_vent"
    SLAG_PIT = "slag_pit"
    STOCKPILE = "stockpile"
    FLARE = "flare"
    OTHER = "other"


class Means(StrEnum):
    """By what it was seen."""

    INSPECTION = "inspection"
    CAMERA = "camera"
    DRONE = "drone"


class Observer(StrEnum):
    """In which role someone looked; never who."""

    OPERATOR = "operator"
    AUTHORITY = "authority"
    BUREAU = "bureau"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One look.

    Parameters
    ----------
    place, item
        What kind of place, and which: a battery, a vent, a pit. Where levels differ by installation it begins with
        the identifier of one: `kooks-2.battery-1`.
    start
        When the looking began, or the emission did.
    seconds
        How long was looked, of a round; how long it emitted, of an event. None where that is not known.
    observed, emitting
        Of a round: how many doors or lids were looked at, and how many emitted. None for an event.
    opacity
        The highest that was read. [%]
    """

    site: SiteId
    place: Place
    item: Item
    start: Moment
    method: MethodCode
    means: Means
    observer: Observer
    seconds: int | None = None
    observed: int | None = None
    emitting: int | None = None
    opacity: Opacity = ""

    def __post_init__(self) -> None:
        if (self.observed is None) != (self.emitting is None):
            raise fault("emitting", "How many emitted goes with how many were looked at.", self.emitting or "")
        if self.observed is None and self.seconds is None:
            raise fault("seconds", "An event says how long it lasted; a round says how many were looked at.")
        if self.observed is not None and self.emitting is not None:
            if self.observed < 1:
                raise fault("observed", "A round looks at one at least.", self.observed)
            if not 0 <= self.emitting <= self.observed:
                raise fault("emitting", "More emitted than were looked at.", self.emitting)
        if self.seconds is not None and not 0 < self.seconds <= 86_400:
            raise fault(
                "seconds", "It lasts more than nothing, and a day at most.", self.seconds, "Cut it at midnight."
            )
        if self.opacity and Fraction(self.opacity) > 100:
            raise fault("opacity", "This is more than all.", self.opacity, "0 to 100 %.")
        try:
            datetime.fromisoformat(self.start)
        except ValueError:
            raise fault("start", "There is no such moment.", self.start) from None

    @property
    def id(self) -> str:
        """Return what tells one look from another; a later one of the same takes its place."""
        return f"{self.site}:{self.place}:{self.item}:{self.start}"

    @property
    def began(self) -> datetime:
        """Return the moment at which it began."""
        return datetime.fromisoformat(self.start)

    @property
    def ended(self) -> datetime:
        """Return the moment at which it ended; the one at which it began where that is not known."""
        return self.began + timedelta(seconds=self.seconds or 0)

    @property
    def is_round(self) -> bool:
        """Return whether several items were looked at."""
        return self.observed is not None


@dataclass(frozen=True, slots=True)
class ParsedSightings:
    """What an adapter made of one file with sightings.

    `values_in == len(rows) + sum(skipped.values())` holds always.

    Parameters
    ----------
    rows
        Sorted by identifier, each once.
    values_in
        Number of lines.
    """

    rows: tuple[Sighting, ...]
    values_in: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.values_in != len(self.rows) + sum(self.skipped.values()):
            raise ValueError("a sighting is neither a row nor counted as skipped")


def read(said: Mapping[str, Any]) -> Sighting:
    """Return the sighting in the fields of a catalogue record.

    Raises
    ------
    GoedeBuurError
        The first fault.
    """
    return plain.require(Sighting, said)


def moment(at: datetime) -> str:
    """Return a moment as a sighting has it."""
    return iso(at)
