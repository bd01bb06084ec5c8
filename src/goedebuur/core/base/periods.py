"""Which clock a rule means, and periods on it.

Times are aware UTC everywhere inside; an index marks the *start* of its step. A rule says on which clock its day,
month and year are cut: that is a column of the rule, never a default.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


class Clock(StrEnum):
    """The clock on which a rule cuts its days, months and years."""

    UTC = "UTC"
    CET = "CET"
    """UTC+1 all year, as the Dutch monitoring networks report (no summer time)."""
    LOCAL = "local"
    """Europe/Amsterdam: civil days have 23, 24 or 25 hours."""


CET: Final = timezone(timedelta(hours=1), "CET")
POLARS_ZONE: Final[dict[Clock, str]] = {Clock.UTC: "UTC", Clock.CET: "Etc/GMT-1", Clock.LOCAL: "Europe/Amsterdam"}


def zone(clock: Clock) -> timezone | ZoneInfo:
    """Return the time zone of a clock."""
    if clock is Clock.LOCAL:
        from goedebuur.core.base.amsterdam import AMSTERDAM  # a machine with Python alone may know no time zones

        return AMSTERDAM
    return UTC if clock is Clock.UTC else CET


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A half-open stretch of time, both ends aware and in UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a period has aware times")
        if self.end <= self.start:
            raise ValueError(f"a period ends after it starts, not {self.start} to {self.end}")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))

    @classmethod
    def year(cls, year: int, clock: Clock) -> Period:
        """Return the calendar year on a clock."""
        z = zone(clock)
        return cls(datetime(year, 1, 1, tzinfo=z), datetime(year + 1, 1, 1, tzinfo=z))

    def steps(self, step: timedelta) -> int:
        """Return how many whole steps fit."""
        return int((self.end - self.start) // step)

    def overlaps(self, other: Period) -> bool:
        """Return whether the two share an instant."""
        return self.start < other.end and other.start < self.end


def microseconds(moment: datetime) -> int:
    """Return an aware moment as a count. [µs since 1970, UTC]"""
    return (moment - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)


def iso(moment: datetime) -> str:
    """Return an aware moment as `2019-12-31T23:00:00Z`, with microseconds only where there are any."""
    if moment.tzinfo is None:
        raise ValueError("an aware time is needed")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
