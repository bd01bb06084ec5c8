"""When a term ends: counted from the day after, suspended, prolonged, and extended over weekends and holidays.

References: Algemene termijnenwet (BWBR0002448) art. 1, 2 and 4; Awb art. 4:15; Woo art. 4.4. Which terms there are is
in `rules/tables/casework_terms.csv`. Terms that are counted back from a day (art. 1(2)) are not computed here.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from goedebuur.core.base.amsterdam import AMSTERDAM
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.sourced import Status, Text
from goedebuur.core.casework.calendar import Calendar

BAD_LENGTH: Final = declare("case-term", "A term of this length cannot be set here.")


class Unit(StrEnum):
    """In what a term is described."""

    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class PauseUntil(StrEnum):
    """With which day a suspension ends."""

    THROUGH = "through"
    """The day of the answer is suspended too (Woo art. 4.4(3): *tot en met de dag*)."""
    BEFORE = "before"
    """The term runs again on the day of the answer (Awb art. 4:15(1): *tot de dag*)."""
    NEVER = "never"
    """This term is not suspended."""


LONGEST_EXTENDED: Final = {Unit.HOURS: 0, Unit.DAYS: 90, Unit.WEEKS: 12, Unit.MONTHS: 3, Unit.YEARS: 0}
"""Up to which number, in each unit, a term is extended at all. Algemene termijnenwet art. 4(a)."""
SHORT_FROM: Final = 3
"""From which number of days a term must hold :data:`WORKING_DAYS` working days. Algemene termijnenwet art. 2."""
WORKING_DAYS: Final = 2
_SOME_DAY: Final = date(2001, 1, 1)
"""To compare lengths in different units by where they end."""


@dataclass(frozen=True, slots=True, order=True)
class Length:
    """How long, as it is described: twelve weeks are not 84 days to the law."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise GoedeBuurError(BAD_LENGTH, "A term has at least one hour, day, week, month or year.", value=str(self))

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"

    @property
    def extended(self) -> bool:
        """Return whether the Algemene termijnenwet holds for a term that is described so (art. 4(a))."""
        return self.amount <= LONGEST_EXTENDED[self.unit]

    def after(self, day: date) -> date:
        """Return the day on which this length ends where the day itself does not count."""
        if self.unit is Unit.HOURS:
            raise ValueError("hours are counted from a moment")
        if self.unit is Unit.DAYS:
            return day + timedelta(days=self.amount)
        if self.unit is Unit.WEEKS:
            return day + timedelta(weeks=self.amount)
        ahead = day.month - 1 + self.amount * (12 if self.unit is Unit.YEARS else 1)
        year, month = day.year + ahead // 12, ahead % 12 + 1
        return date(year, month, min(day.day, months.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which a term stood still, the first and the last counted."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Return how many days; none where the last lies before the first."""
        return max((self.last - self.first).days + 1, 0)

    @classmethod
    def between(cls, asked: date, answered: date, until: PauseUntil) -> Pause:
        """Return the suspension from the day after something was asked."""
        last = answered if until is PauseUntil.THROUGH else answered - timedelta(days=1)
        return cls(asked + timedelta(days=1), last)


@dataclass(frozen=True, slots=True)
class TermRow:
    """One row of `casework_terms.csv`.

    Parameters
    ----------
    kind
        Of the cases in which it runs.
    states
        Of such a case, in which it runs; in any other it is closed.
    length
        How long it is when nobody says otherwise.
    least
        The shortest that may be set, with a reason; None where it cannot be shortened.
    extension
        With how much it may be prolonged, with a reason; None where it cannot.
    extended
        Whether the Algemene termijnenwet is applied.
    pause
        Whether and how it is suspended.
    """

    id: str
    kind: str
    states: frozenset[str]
    length: Length
    least: Length | None
    extension: Length | None
    extended: bool
    pause: PauseUntil
    reference: str
    article: str
    status: Status
    text: Text
    question: Text

    def shorter(self, length: Length) -> bool:
        """Return whether a length is shorter than this term usually is."""
        return length.after(_SOME_DAY) < self.length.after(_SOME_DAY)

    def require(self, length: Length, reason: str) -> None:
        """Refuse a length that this term cannot have: shorter than its least, or shorter than usual without a reason.

        Raises
        ------
        GoedeBuurError
            `case-term`.
        """
        start, shorter = _SOME_DAY, self.shorter(length)
        if shorter and (self.least is None or length.after(start) < self.least.after(start)):
            raise GoedeBuurError(
                BAD_LENGTH,
                "This term cannot be so short.",
                place=self.id,
                value=str(length),
                hint=f"Give at least {self.least or self.length}.",
            )
        if shorter and not reason.strip():
            raise GoedeBuurError(
                BAD_LENGTH,
                "A term that is shorter than usual needs a reason.",
                place=self.id,
                value=str(length),
                hint="Say which danger cannot wait. The operator reads the reason.",
            )


@dataclass(frozen=True, slots=True)
class Ending:
    """When a term ends.

    Parameters
    ----------
    day
        The last day on which there is time, on the Dutch clock.
    counted
        The day on which it would end without weekends and holidays.
    articles
        By which articles the two differ; of what does not hold for this term, the article that says so.
    until
        The first instant at which it has passed, UTC.
    certain
        Whether the holidays of that year are all known; where not, it may in truth end later.
    """

    day: date
    counted: date
    articles: tuple[str, ...]
    until: datetime
    certain: bool


def ends(
    start: datetime,
    lengths: Sequence[Length],
    calendar: Calendar,
    *,
    extended: bool = True,
    pauses: Sequence[Pause] = (),
) -> Ending:
    """Return when a term ends that began by something that happened at a moment.

    Parameters
    ----------
    start
        When the notice was sent or the request was received. Its civil day does not count; hours count from it.
    lengths
        The term, and after it each prolongation.
    extended
        Whether the Algemene termijnenwet is applied, as far as its art. 4 allows.
    pauses
        Days on which it stood still; they are added before weekends and holidays are looked at.

    References
    ----------
    Algemene termijnenwet art. 1(1), 2, 4(a)

    >>> from goedebuur.core.casework.calendar import Calendar
    >>> ends(datetime(2026, 11, 27, 9, tzinfo=UTC), [Length(1, Unit.DAYS)], Calendar((), 2026, 2026)).day.isoformat()
    '2026-11-30'
    """
    if not lengths:
        raise GoedeBuurError(BAD_LENGTH, "A term has a length.")
    if lengths[0].unit is Unit.HOURS:
        return _hours(start, lengths, calendar)
    began = start.astimezone(AMSTERDAM).date()
    counted = began
    for length in lengths:
        counted = length.after(counted)
    counted += timedelta(days=sum(pause.days for pause in pauses))
    if not extended:
        return _ending(counted, counted, (), calendar)
    if not all(length.extended for length in lengths):
        return _ending(counted, counted, ("Algemene termijnenwet 4(a)",), calendar)
    articles = []
    day = calendar.next_working(counted)
    if day != counted:
        articles.append("Algemene termijnenwet 1(1)")
    if (counted - began).days >= SHORT_FROM:
        enough = day
        while calendar.working(began + timedelta(days=1), enough) < WORKING_DAYS:
            enough = calendar.next_working(enough + timedelta(days=1))
        if enough != day:
            articles.append("Algemene termijnenwet 2")
        day = enough
    return _ending(day, counted, tuple(articles), calendar)


def _hours(start: datetime, lengths: Sequence[Length], calendar: Calendar) -> Ending:
    if any(length.unit is not Unit.HOURS for length in lengths):
        raise GoedeBuurError(BAD_LENGTH, "A term in hours is prolonged in hours alone.")
    until = start.astimezone(UTC) + timedelta(hours=sum(length.amount for length in lengths))
    day = (until - timedelta(microseconds=1)).astimezone(AMSTERDAM).date()
    return Ending(day, day, ("Algemene termijnenwet 4(a)",), until, certain=True)


def _ending(day: date, counted: date, articles: tuple[str, ...], calendar: Calendar) -> Ending:
    until = datetime.combine(day + timedelta(days=1), time(), AMSTERDAM).astimezone(UTC)
    known = calendar.complete(day.year) or "Algemene termijnenwet 4(a)" in articles
    return Ending(day, counted, articles, until, certain=known)
