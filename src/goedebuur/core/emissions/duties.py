"""When something has to be done at a stack: tests of instruments, measurements, reports and notices, each with its day.

What is done is asked of the record; what has to be done follows from rows of law and conditions. Where the law leaves
the day open, there are two days: before the first nothing is late, after the last everything is, and in between a
person says what holds. A row that is not confirmed makes nothing late: it asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from goedebuur.core.base.periods import Clock, zone
from goedebuur.core.base.plain import fault
from goedebuur.core.base.sourced import Status, Text, holds
from goedebuur.core.permits.records import months_later

NO_QUESTION: Final = Text()


class DutyKind(StrEnum):
    """What has to be done."""

    QAL2 = "qal2"
    QAL2_RANGE = "qal2_range"
    """A new QAL2, since too much was measured outside the range of the function."""
    AST = "ast"
    PERIODIC = "periodic"
    ANNOUNCEMENT = "announcement"
    """Telling the authority of a measurement before it is made."""
    MEASUREMENT_REPORT = "measurement_report"
    YEARLY_REPORT = "yearly_report"
    NOTICE = "notice"
    """Telling the authority of other than normal operation."""


TITLES: Final[Mapping[DutyKind, Text]] = {
    DutyKind.QAL2: Text("QAL2 doen", "Do a QAL2"),
    DutyKind.QAL2_RANGE: Text("Nieuwe QAL2 doen", "Do a new QAL2"),
    DutyKind.AST: Text("AST doen", "Do an AST"),
    DutyKind.PERIODIC: Text("Meting doen", "Have it measured"),
    DutyKind.ANNOUNCEMENT: Text("Meting melden", "Announce a measurement"),
    DutyKind.MEASUREMENT_REPORT: Text("Meetverslag inleveren", "Hand in the report of a measurement"),
    DutyKind.YEARLY_REPORT: Text("Jaarverslag inleveren", "Hand in the yearly report"),
    DutyKind.NOTICE: Text("Storing melden", "Tell of a failure"),
}
"""What is to be done, to be read by people."""


class State(StrEnum):
    """Where a duty stands on a day."""

    DONE = "done"
    DONE_LATE = "done_late"
    OPEN = "open"
    LATE = "late"
    UNDETERMINED = "undetermined"
    """The day is past by one reading of the law, or by a row that is not confirmed: a person says."""


class Reading(StrEnum):
    """How a term in months is counted from the last time."""

    INTERVAL = "interval"
    """From day to day."""
    CALENDAR_YEARS = "calendar_years"
    """To the end of the calendar year in which it ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRule:
    """A row of `rules/tables/emission_duties.csv`.

    Parameters
    ----------
    months, days, hours
        Term; of these three one is there. Days before something are negative.
    fixed
        Month and day of each year (`03-31`), in place of a term; empty without.
    readings
        How the term can be counted, as far as the law leaves that open.
    who
        `operator`, `laboratory` or `authority`.
    """

    id: str
    kind: DutyKind
    months: int | None
    days: int | None
    hours: int | None
    fixed: str
    readings: tuple[Reading, ...]
    who: str
    valid_from: date
    valid_to: date | None
    reference: str
    article: str
    status: Status
    text: Text
    question: Text

    def __post_init__(self) -> None:
        terms = [one for one in (self.months, self.days, self.hours, self.fixed or None) if one is not None]
        if len(terms) != 1:
            raise fault("months", "A duty has one term, or one day of the year.", len(terms))
        if (self.months is not None) != bool(self.readings):
            raise fault("readings", "A term in months says how it can be counted, and no other does.", self.readings)

    def in_force(self, on: date) -> bool:
        """Return whether the row holds on a day."""
        return holds(self.valid_from, self.valid_to, on)


@dataclass(frozen=True, slots=True)
class Turn:
    """Which measurement of a condition it is, where several are asked for: they can share a last day.

    Parameters
    ----------
    number
        1 for the first since `from_day`.
    times, months
        How many are asked for, in each so many months.
    """

    number: int
    times: int
    months: int
    from_day: date


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to be done, once.

    Parameters
    ----------
    key
        What tells it from every other duty, the same each time it is worked out.
    about
        Stream, emission point, site or condition.
    since
        Day from which the term runs.
    due, due_latest
        Last day by the strictest and by the widest reading.
    done_on
        None: not yet, as far as the record knows.
    rule
        Row of law, or the condition.
    turn
        Of a measurement that a condition asks for more than once in its months; None for anything else.
    """

    key: str
    kind: DutyKind
    site: str
    about: str
    who: str
    since: date
    due: date
    due_latest: date
    done_on: date | None
    rule: str
    article: str
    status: Status
    question: Text = NO_QUESTION
    turn: Turn | None = None

    def state(self, on: date) -> State:
        """Return where the duty stands at the end of a day."""
        day = self.done_on if self.done_on is not None else on
        if day <= self.due:
            return State.DONE if self.done_on is not None else State.OPEN
        if self.status is not Status.CONFIRMED or day <= self.due_latest:
            return State.UNDETERMINED
        return State.DONE_LATE if self.done_on is not None else State.LATE


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a duty is about: the site, and the stream, emission point or condition in it."""

    site: str
    about: str


def recurring(rule: DutyRule, subject: Subject, first: date, done: Iterable[date]) -> tuple[Duty, ...]:
    """Return what is to be done again and again, each with the day on which it was, and the next at the end.

    Parameters
    ----------
    first
        Day from which the first term runs: when the instrument came into use.
    done
        Days on which it was done. One before `first` starts a term as well.
    """
    if rule.months is None:
        raise fault("months", "Only a term in months comes again.", rule.id)
    since, found = first, []
    for day in sorted(set(done)):
        if day > first:
            found.append(_duty(rule, subject, since, day))
        since = max(since, day) if day <= first else day
    return (*found, _duty(rule, subject, since, None))


def _duty(rule: DutyRule, subject: Subject, since: date, done: date | None) -> Duty:
    ends = [_end(since, rule.months or 0, reading) for reading in rule.readings]
    return made(rule, subject, since, min(ends), max(ends), done)


def _end(since: date, months: int, reading: Reading) -> date:
    last = months_later(since, months)
    return date(last.year, 12, 31) if reading is Reading.CALENDAR_YEARS else last


def made(rule: DutyRule, subject: Subject, since: date, due: date, due_latest: date | None, done: date | None) -> Duty:
    """Return one duty of a row of law."""
    return Duty(
        key=f"{rule.id}:{subject.site}:{subject.about}:{since.isoformat()}",
        kind=rule.kind,
        site=subject.site,
        about=subject.about,
        who=rule.who,
        since=since,
        due=due,
        due_latest=due_latest or due,
        done_on=done,
        rule=rule.id,
        article=rule.article,
        status=rule.status,
        question=rule.question,
    )


def once(rule: DutyRule, subject: Subject, since: date, done: date | None = None) -> Duty:
    """Return what is to be done once after (or before) a day."""
    if rule.months is not None:
        return _duty(rule, subject, since, done)
    if rule.days is None:
        raise fault("days", "This row has no term in days or months.", rule.id)
    due = since + timedelta(days=rule.days)
    return made(rule, subject, since, due, None, done)


def yearly(rule: DutyRule, subject: Subject, years: Iterable[int], done: dict[int, date]) -> tuple[Duty, ...]:
    """Return what is due on one day of the year after each of these.

    Parameters
    ----------
    years
        Years about which is reported.
    done
        Year → day of the report.
    """
    if not rule.fixed:
        raise fault("fixed", "This row names no day of the year.", rule.id)
    month, day = map(int, rule.fixed.split("-"))
    return tuple(
        made(rule, subject, date(year, 12, 31), date(year + 1, month, day), None, done.get(year)) for year in years
    )


def notice(rule: DutyRule, subject: Subject, began: datetime, told: datetime | None, clock: Clock) -> Duty:
    """Return the notice of a disturbance that began at a moment; due on the day on which its hours have passed.

    What is told in time to the minute is done, what is told later is late: the days of the duty follow from that.
    """
    if rule.hours is None:
        raise fault("hours", "This row has no term in hours.", rule.id)
    until = began + timedelta(hours=rule.hours)
    local = zone(clock)
    due = until.astimezone(local).date()
    duty = made(rule, subject, began.astimezone(local).date(), due, None, None)
    duty = replace(duty, key=f"{rule.id}:{subject.site}:{subject.about}:{began.isoformat()}")
    if told is None:
        return duty
    day = told.astimezone(local).date()
    # told on the last day, after the hours had passed: late by one day, since days is what a duty has
    return replace(duty, done_on=day if told <= until or day > due else day + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Measuring:
    """How often a condition has something measured: `times` in each `months`.

    Parameters
    ----------
    condition
        Its identifier.
    article
        On which it rests.
    report_within
        Days after a measurement; None where it is not stated.
    """

    condition: str
    article: str
    times: int
    months: int
    valid_from: date
    report_within: int | None = None


def periodic(
    duty: Measuring, subject: Subject, measured: Sequence[date], reported: dict[date, date]
) -> tuple[Duty, ...]:
    """Return the measurements and reports that a condition asks for.

    In each stretch of `months` there are `times` measurements: the next is due when, of the last ones, the first drops
    out of the stretch. So two in twelve months may both be made in spring, but not again a year and a half later.

    Parameters
    ----------
    measured
        Days of the measurements that were made.
    reported
        Day of measurement → day of its report.
    """
    days = sorted(day for day in set(measured) if day >= duty.valid_from)
    found = []
    for number in range(len(days) + 1):
        base = duty.valid_from if number < duty.times else days[number - duty.times]
        due = months_later(base, duty.months)
        done = days[number] if number < len(days) else None
        turn = Turn(number + 1, duty.times, duty.months, duty.valid_from) if duty.times > 1 else None
        asked = _of_condition(duty, DutyKind.PERIODIC, subject, base, due, done, number)
        found.append(replace(asked, turn=turn))
    if duty.report_within is not None:
        found += [
            _of_condition(
                duty,
                DutyKind.MEASUREMENT_REPORT,
                subject,
                day,
                day + timedelta(days=duty.report_within),
                reported.get(day),
                number,
            )
            for number, day in enumerate(days)
        ]
    return tuple(found)


def _of_condition(
    duty: Measuring, kind: DutyKind, subject: Subject, since: date, due: date, done: date | None, number: int
) -> Duty:
    return Duty(
        key=f"{duty.condition}:{kind}:{subject.about}:{since.isoformat()}:{number}",
        kind=kind,
        site=subject.site,
        about=subject.about,
        who="operator",
        since=since,
        due=due,
        due_latest=due,
        done_on=done,
        rule=duty.condition,
        article=duty.article,
        status=Status.CONFIRMED,
    )


def ordered(duties: Iterable[Duty], on: date) -> tuple[Duty, ...]:
    """Return duties as someone reads them: what is late first, then what a person has to say, then by day."""
    rank = {State.LATE: 0, State.UNDETERMINED: 1, State.OPEN: 2, State.DONE_LATE: 3, State.DONE: 4}
    return tuple(sorted(duties, key=lambda one: (rank[one.state(on)], one.due, one.key)))
