"""The list of sites to look at first: whose it is, in which order, and what changes by the hour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.services.casework.people import AUTHORITY, NOW, OPERATOR, ROADS, SITE, Story
from tests.services.casework.test_emission_alerts import found as alerts
from tests.services.stack_week import one_signal
from tests.services.stacks import NOX

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Clock, iso
from goedebuur.core.casework.roles import Person
from goedebuur.core.emissions.alerts import Alert, identifier
from goedebuur.core.emissions.attention import Signal
from goedebuur.core.expectations.expected import Expectation
from goedebuur.core.expectations.spans import Every, Span
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import Authority, EmissionPoint, Operator, Site
from goedebuur.services import (
    attention,
    attention_ahead,
    delivery,
    emission_alerts,
    expectations,
    publishing_findings,
    sites,
    streams,
)
from goedebuur.services.attention import Standing
from goedebuur.services.record import Record
from goedebuur.store.catalogue import Catalogue

ENTERED = NOW - timedelta(days=100)
LAST = NOW - timedelta(hours=48, minutes=1)
"""Start of the last value of the one stream."""
STREAM = replace(NOX, id="H1-nox", site=SITE, emission_point="H1", series="H1.stack_nox.1min", installation="")


def site(name: str, authority: str = AUTHORITY) -> Site:
    return Site(name, (Dated(name.capitalize()),), authorities=(Dated(authority),), simulated=True)


@pytest.fixture
def record(record: Record) -> Record:
    bodies = [Authority(name, "agency", (Dated(name),)) for name in (AUTHORITY, "dcmr")]
    mine = replace(site(SITE), operators=(Dated(OPERATOR),))
    sites.put(record, [*bodies, Operator(OPERATOR, names=(Dated("Hoogoven"),)), mine, site("a-werf")], ENTERED)
    sites.put(record, [site("ver-weg", "dcmr"), replace(site("van-niemand"), authorities=())], ENTERED)
    streams.put(record, [EmissionPoint("H1", SITE, "stack", (Dated("H1"),)), STREAM], ENTERED)
    told = delivery.deliver(record, one_signal(STREAM.series, LAST - timedelta(minutes=9), 10), "een.csv", now=ENTERED)
    assert not told.error
    return record


def worked_out(record: Record) -> None:
    for _ in attention_ahead.refresh(record, NOW):
        pass


def of(record: Record, person: Person, now: datetime = NOW) -> dict[str, Standing]:
    return {one.id: one for one in attention.listing(record, person, now).sites}


def count(record: Record, person: Person, signal: Signal, now: datetime = NOW) -> int:
    return of(record, person, now)[SITE].counts.of(signal)


def alert(name: str, start: datetime) -> Alert:
    one = alerts()[0]
    end = start + timedelta(hours=1)
    return replace(one, id=identifier(one.stream, start), site=name, start=iso(start), end=iso(end))


def take(story: Story, record: Record, road: Iterable[tuple[str, str]]) -> None:
    story.begin()
    for who, event in road:
        if who == "wait":
            story.wait(int(event))
        elif who == "record":
            publishing_findings.settle(record, story.now)
        else:
            story.act(who, event)


def test_sites_are_those_of_ones_own_authority(record: Record, persons: dict[str, Person]) -> None:
    worked_out(record)
    for who in ("writer", "permits", "reviewer", "officer"):
        assert set(of(record, persons[who])) == {SITE, "a-werf"}
    assert set(of(record, persons["other_authority"])) == {"ver-weg"}
    found = attention.listing(record, persons["officer"], NOW)
    assert (found.without, found.waiting) == (1, 0)


def test_authority_of_which_the_time_is_over_sees_the_site_no_more(record: Record, persons: dict[str, Person]) -> None:
    until = (NOW - timedelta(days=1)).date().isoformat()
    before = replace(site("ver-weg"), authorities=(Dated("dcmr", valid_to=until), Dated(AUTHORITY)))
    sites.put(record, [before], NOW, reason="ander gezag")
    worked_out(record)
    assert "ver-weg" in of(record, persons["officer"])
    assert of(record, persons["other_authority"]) == {}


@pytest.mark.parametrize("who", ["company", "administrator"])
def test_whoever_works_for_no_authority_learns_nothing(record: Record, persons: dict[str, Person], who: str) -> None:
    worked_out(record)
    for ask in (
        lambda: attention.listing(record, persons[who], NOW),
        lambda: attention.site(record, persons[who], SITE, NOW),
    ):
        with pytest.raises(GoedeBuurError) as raised:
            ask()
        assert raised.value.code == "case-unknown"


@pytest.mark.parametrize("name", ["ver-weg", "van-niemand", "bestaat-niet"])
def test_site_of_another_authority_and_none_at_all_are_alike(
    record: Record, persons: dict[str, Person], name: str
) -> None:
    worked_out(record)
    with pytest.raises(GoedeBuurError) as raised:
        attention.site(record, persons["officer"], name, NOW)
    assert raised.value.code == "case-unknown"


def test_site_about_which_something_came_in_since_says_so_until_it_is_worked_out(
    record: Record, persons: dict[str, Person]
) -> None:
    officer = persons["officer"]
    assert attention.listing(record, officer, NOW).sites == ()
    worked_out(record)
    renamed = [replace(one, names=(Dated("Anders"),)) for one in (site("a-werf"), site("ver-weg", "dcmr"))]
    sites.put(record, renamed, NOW, reason="andere naam")
    steps = attention_ahead.refresh(record, NOW)
    assert next(steps).total == 2
    assert (of(record, officer)["a-werf"].old, of(record, officer)["a-werf"].name) == (False, "Anders")
    other = persons["other_authority"]
    assert [attention.listing(record, one, NOW).waiting for one in (officer, other)] == [0, 1]
    assert of(record, other)["ver-weg"].old
    assert [one.site for one in steps] == ["ver-weg"]
    assert attention.listing(record, other, NOW).waiting == 0


@pytest.mark.parametrize(
    ("state", "days", "expected"),
    [
        ("draft", 0, (1, 0)),
        ("hearing", 27, (1, 0)),
        ("hearing", 29, (0, 1)),
        ("answered", 40, (1, 0)),
        ("publishing", 0, (1, 0)),
        ("published", 0, (0, 0)),
        ("withheld", 0, (0, 0)),
        ("reconsidering", 0, (1, 0)),
        ("ended", 0, (0, 0)),
        ("dropped", 0, (0, 0)),
    ],
)
def test_findings_count_as_in_progress_or_past_their_term(
    record: Record, persons: dict[str, Person], state: str, days: int, expected: tuple[int, int]
) -> None:
    worked_out(record)
    story = Story(persons)
    take(story, record, ROADS[state])
    now = story.now + timedelta(days=days)
    found = of(record, persons["officer"], now)[SITE].counts
    assert (found.of(Signal.OPEN), found.of(Signal.UNANSWERED)) == expected


def test_findings_of_another_authority_do_not_count(record: Record, persons: dict[str, Person]) -> None:
    sites.put(
        record,
        [replace(site(SITE), operators=(Dated(OPERATOR),), agencies=(Dated("dcmr"),))],
        NOW,
        reason="ook een dienst",
    )
    worked_out(record)
    Story(persons).begin()
    assert count(record, persons["officer"], Signal.OPEN) == 1
    assert count(record, persons["other_authority"], Signal.OPEN) == 0


def test_alert_counts_for_thirty_days_and_until_it_is_retracted(record: Record, persons: dict[str, Person]) -> None:
    worked_out(record)
    start = NOW - timedelta(days=29)
    mine = alert(SITE, start)
    emission_alerts.issue(record, [mine], NOW)
    officer = persons["officer"]
    assert count(record, officer, Signal.ALERT) == 1
    assert count(record, officer, Signal.ALERT, start + timedelta(days=30)) == 1
    assert count(record, officer, Signal.ALERT, start + timedelta(days=30, seconds=1)) == 0
    assert [one.alert.id for one in of(record, officer)[SITE].alerts] == [mine.id]
    emission_alerts.retract(record, mine.id, "het toestel was stuk", NOW)
    assert count(record, officer, Signal.ALERT) == 0


def test_stream_is_silent_after_two_days_and_no_longer_when_a_value_came(
    record: Record, persons: dict[str, Person]
) -> None:
    worked_out(record)
    officer = persons["officer"]
    assert of(record, officer)[SITE].silent == (("H1-nox", LAST),)
    assert count(record, officer, Signal.SILENT, NOW - timedelta(minutes=2)) == 0
    delivery.deliver(record, one_signal(STREAM.series, NOW - timedelta(hours=1), 2), "twee.csv", now=NOW)
    assert count(record, officer, Signal.SILENT) == 0


def test_stream_that_is_agreed_to_come_by_the_month_is_silent_only_when_a_month_failed(
    record: Record, persons: dict[str, Person]
) -> None:
    monthly = Expectation(
        id="maand",
        submitter="bedrijf",
        series=("H1.*.1min",),
        step=60,
        every=Every.MONTH,
        clock=Clock.CET,
        term=Span(days=14),
        grace=Span(days=7),
        valid_from="2026-01-01",
    )
    worked_out(record)
    expectations.add(record, monthly, ENTERED)
    assert [one.site for one in attention_ahead.refresh(record, NOW)] == [SITE]
    # the last value is of 31 October; November is late from 22 December on
    assert count(record, persons["officer"], Signal.SILENT) == 0
    assert count(record, persons["officer"], Signal.SILENT, datetime(2026, 12, 21, 22, tzinfo=NOW.tzinfo)) == 0
    assert count(record, persons["officer"], Signal.SILENT, datetime(2026, 12, 22, 22, tzinfo=NOW.tzinfo)) == 1


def test_stream_that_is_out_of_use_or_never_spoke_is_not_silent(record: Record, persons: dict[str, Person]) -> None:
    other = replace(
        STREAM, id="H1-co", series="H1.stack_co.1min", substance=replace(STREAM.substance, id="co", name="CO")
    )  # type: ignore[type-var]
    ended = replace(STREAM, valid_to=NOW.date() - timedelta(days=1))
    streams.put(record, [ended, other], NOW, reason="toestel weg")
    worked_out(record)
    assert count(record, persons["officer"], Signal.SILENT) == 0


def test_stream_is_silent_up_to_its_last_day_and_not_after(record: Record, persons: dict[str, Person]) -> None:
    streams.put(record, [replace(STREAM, valid_to=NOW.date())], NOW, reason="toestel gaat weg")
    worked_out(record)
    assert count(record, persons["officer"], Signal.SILENT) == 1
    assert count(record, persons["officer"], Signal.SILENT, NOW + timedelta(days=1)) == 0


def test_site_with_an_alert_stands_above_one_whose_stream_is_silent(record: Record, persons: dict[str, Person]) -> None:
    worked_out(record)
    assert [one.id for one in attention.listing(record, persons["officer"], NOW).sites] == [SITE, "a-werf"]
    emission_alerts.issue(record, [alert("a-werf", NOW - timedelta(days=1))], NOW)
    assert [one.id for one in attention.listing(record, persons["officer"], NOW).sites] == ["a-werf", SITE]


def test_one_site_has_its_cases_and_what_was_kept(record: Record, persons: dict[str, Person]) -> None:
    worked_out(record)
    Story(persons).begin()
    found = attention.site(record, persons["officer"], SITE, NOW)
    assert [one.case.sites for one in found.cases] == [(SITE,)]
    assert found.standing.counts.of(Signal.OPEN) == 1
    assert attention.site(record, persons["officer"], "a-werf", NOW).cases == ()


def test_number_of_questions_does_not_grow_with_the_sites(
    record: Record,
    persons: dict[str, Person],
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Any,
) -> None:
    asked: list[str] = []
    every = Catalogue._all

    def counted(self: Catalogue, sql: str, *arguments: Any) -> list[Any]:
        asked.append(sql)
        return every(self, sql, *arguments)

    monkeypatch.setattr(Catalogue, "_all", counted)

    def questions() -> int:
        worked_out(record)
        reader = Record.open(record.data_dir, read_only=True)
        asked.clear()
        with django_assert_num_queries(1):
            attention.listing(reader, persons["officer"], NOW)
        reader.close()
        return len(asked)

    few = questions()
    sites.put(record, [site(f"werf-{n}") for n in range(40)], NOW)
    assert questions() == few
