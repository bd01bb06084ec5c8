from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Clock
from goedebuur.core.base.sourced import Status
from goedebuur.core.emissions import agenda, duties
from goedebuur.core.emissions.duties import DutyKind, Measuring, State, Subject
from goedebuur.rules import emission_duties, reading

RULES = emission_duties.duties()
STREAM = Subject("hoogoven-noord", "HN-K1-NOX")
CONFIRMED = replace(RULES["qal2"], status=Status.CONFIRMED)


def test_qal2_is_due_five_years_after_the_last_and_late_the_day_after() -> None:
    *_, now = duties.recurring(CONFIRMED, STREAM, date(2015, 3, 1), [date(2021, 6, 30)])
    assert (now.since, now.due) == (date(2021, 6, 30), date(2026, 6, 30))
    assert (now.state(date(2026, 6, 30)), now.state(date(2026, 7, 1))) == (State.OPEN, State.LATE)


def test_qal2_that_came_too_late_stays_known_as_late() -> None:
    told = duties.recurring(CONFIRMED, STREAM, date(2015, 3, 1), [date(2021, 6, 30)])
    assert [(one.due, one.done_on, one.state(date(2022, 1, 1))) for one in told[:-1]] == [
        (date(2020, 3, 1), date(2021, 6, 30), State.DONE_LATE)
    ]


def test_row_that_is_not_confirmed_asks_and_makes_nothing_late() -> None:
    *_, now = duties.recurring(RULES["qal2"], STREAM, date(2015, 3, 1), [])
    assert now.state(date(2026, 1, 1)) is State.UNDETERMINED
    assert now.question.nl.endswith("?")


def test_ast_between_a_year_and_the_end_of_the_calendar_year_is_for_a_person_to_say() -> None:
    *_, now = duties.recurring(RULES["ast-waste"], STREAM, date(2020, 1, 1), [date(2025, 4, 10)])
    assert (now.due, now.due_latest) == (date(2026, 4, 10), date(2026, 12, 31))
    told = [now.state(day) for day in (date(2026, 4, 10), date(2026, 4, 11), date(2026, 12, 31), date(2027, 1, 1))]
    assert told == [State.OPEN, State.UNDETERMINED, State.UNDETERMINED, State.LATE]


def test_test_made_before_the_instrument_came_into_use_here_starts_no_term_of_its_own() -> None:
    told = duties.recurring(CONFIRMED, STREAM, date(2020, 1, 1), [date(2019, 5, 1)])
    assert [(one.since, one.done_on) for one in told] == [(date(2020, 1, 1), None)]


@pytest.mark.parametrize(
    ("times", "months", "measured", "due"),
    [
        (1, 12, [], date(2025, 1, 1)),
        (1, 12, [date(2024, 5, 6)], date(2025, 5, 6)),
        (2, 12, [date(2024, 5, 6)], date(2025, 1, 1)),
        # two in spring: the next is due a year after the first of them
        (2, 12, [date(2024, 4, 1), date(2024, 5, 6)], date(2025, 4, 1)),
        (1, 36, [date(2024, 2, 29)], date(2027, 2, 28)),
    ],
)
def test_next_measurement_is_due_when_the_stretch_would_hold_too_few(
    times: int, months: int, measured: list[date], due: date
) -> None:
    duty = Measuring("bp-2024/3.1", "Ow 5.34", times, months, date(2024, 1, 1))
    told = duties.periodic(duty, Subject("s", "HN-K1"), measured, {})
    assert (told[-1].due, told[-1].done_on) == (due, None)
    assert len(told) == len(measured) + 1


def test_measurements_that_share_a_last_day_are_told_apart_by_their_number() -> None:
    # two in twelve months from 8 April 2021: both are due on 8 April 2022, and one was made in 2025
    duty = Measuring("bp-2021/1.5.4", "Ow 5.34", 2, 12, date(2021, 4, 8))
    told = duties.periodic(duty, Subject("s", "A1 hf"), [date(2025, 11, 29)], {})
    assert [(one.due, one.done_on, one.turn) for one in told] == [
        (date(2022, 4, 8), date(2025, 11, 29), duties.Turn(1, 2, 12, date(2021, 4, 8))),
        (date(2022, 4, 8), None, duties.Turn(2, 2, 12, date(2021, 4, 8))),
    ]


def test_measurement_that_is_asked_for_once_in_its_months_has_no_number() -> None:
    duty = Measuring("bp-2021/1.5.4", "Ow 5.34", 1, 12, date(2021, 4, 8))
    assert {one.turn for one in duties.periodic(duty, Subject("s", "A1 hf"), [date(2025, 11, 29)], {})} == {None}


def test_report_of_a_measurement_is_due_its_days_after_and_done_when_it_came() -> None:
    duty = Measuring("bp-2024/3.1", "Ow 5.34", 1, 12, date(2024, 1, 1), report_within=60)
    measured = [date(2024, 5, 6), date(2025, 5, 1)]
    told = duties.periodic(duty, Subject("s", "HN-K1"), measured, {date(2024, 5, 6): date(2024, 7, 6)})
    reports = [one for one in told if one.kind is DutyKind.MEASUREMENT_REPORT]
    assert [(one.due, one.state(date(2025, 6, 30))) for one in reports] == [
        (date(2024, 7, 5), State.DONE_LATE),
        (date(2025, 6, 30), State.OPEN),
    ]


def test_measurement_is_announced_two_weeks_before() -> None:
    one = duties.once(RULES["announce"], STREAM, date(2026, 5, 20), date(2026, 5, 7))
    assert (one.due, one.state(date(2026, 6, 1))) == (date(2026, 5, 6), State.DONE_LATE)
    assert (
        duties.once(RULES["announce"], STREAM, date(2026, 5, 20), date(2026, 5, 6)).state(date(2026, 6, 1))
        is State.DONE
    )


def test_new_qal2_is_due_six_months_after_the_week_that_asked_for_it() -> None:
    one = duties.once(replace(RULES["qal2-range"], status=Status.CONFIRMED), STREAM, date(2026, 8, 31))
    assert one.due == date(2027, 2, 28)


def test_yearly_report_is_due_on_31_march_of_the_year_after() -> None:
    told = duties.yearly(RULES["yearly-report"], Subject("s", "s"), [2024, 2025], {2024: date(2025, 3, 31)})
    assert [(one.due, one.state(date(2026, 4, 1))) for one in told] == [
        (date(2025, 3, 31), State.DONE),
        (date(2026, 3, 31), State.LATE),
    ]


def test_failure_of_abatement_is_told_within_48_hours_to_the_minute() -> None:
    began = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
    rule, on = RULES["notice-abatement"], date(2026, 4, 1)
    until = began + timedelta(hours=48)
    states = [
        duties.notice(rule, STREAM, began, told, Clock.LOCAL).state(on)
        for told in (until, until + timedelta(minutes=1), until + timedelta(days=2), None)
    ]
    assert states == [State.DONE, State.DONE_LATE, State.DONE_LATE, State.LATE]


def test_what_is_late_stands_first_then_what_asks_then_by_day() -> None:
    late = duties.yearly(RULES["yearly-report"], Subject("s", "s"), [2025], {})[0]
    asks = duties.recurring(RULES["qal2"], STREAM, date(2015, 3, 1), [])[0]
    soon = duties.yearly(RULES["yearly-report"], Subject("s", "s"), [2026], {})[0]
    on = date(2026, 6, 1)
    assert duties.ordered([soon, asks, late], on) == (late, asks, soon)
    assert len({one.key for one in (late, asks, soon)}) == 3


def test_agenda_has_an_event_of_one_day_for_each_duty_and_no_line_is_too_long() -> None:
    one = duties.yearly(RULES["yearly-report"], Subject("s", "s"), [2025], {})[0]
    now = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
    text = agenda.calendar([one], date(2026, 2, 3), now, lambda _: "Verslag; é" + "e" * 160, lambda _: "a,b\nc")
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")
    assert "DTSTART;VALUE=DATE:20260331" in lines
    assert "DTEND;VALUE=DATE:20260401" in lines
    assert "DTSTAMP:20260203T040506Z" in lines
    assert "SUMMARY:Verslag\\; é" + "e" * 160 in lines
    assert "DESCRIPTION:a\\,b\\nc" in lines
    assert "UID:yearly-report:s:s:2025-12-31@goedebuur" in lines


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"qal2,qal2,60,", b"qal2,qal2,60,3"),
        (b"03-31", b"31-03"),
        (b"interval|calendar_years", b"interval|someday"),
        (b",operator,", b",neighbour,"),
        (b"interval,operator", b",operator"),
    ],
)
def test_table_that_cannot_be_is_refused_with_its_line(old: bytes, new: bytes) -> None:
    data = reading.shipped("emission_duties")
    assert old in data
    with pytest.raises(GoedeBuurError, match=r"rules-table.*\n.*emission_duties.csv, line"):
        emission_duties.parse(data.replace(old, new, 1))
