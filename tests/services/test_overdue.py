"""Whoever follows a log hears once what came late or did not come, from its leaves alone, also where nothing is new."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.services.test_monitoring import Ear
from tests.services.test_publishing import LOG, no_post, plan

from goedebuur.core.base.periods import Clock, iso
from goedebuur.core.expectations.expected import Expectation
from goedebuur.core.expectations.spans import Every, Span
from goedebuur.core.ledger import closing, leaves
from goedebuur.core.ledger.events import Watch
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.services.monitoring import Following, Monitor
from goedebuur.services.publishing import publish
from goedebuur.store.ledger import Ledger
from goedebuur.store.ledger.publication import Publication
from goedebuur.store.monitor import MonitorStore

H = timedelta(hours=1)
A, B = "NL90001.so2.1h", "NL90002.so2.1h"
DAILY = Expectation(
    id="daily",
    submitter="bureau",
    series=("NL9000?.so2.1h",),
    step=3600,
    every=Every.DAY,
    clock=Clock.UTC,
    term=Span(hours=6),
    grace=Span(hours=2),
    valid_from="2026-03-02",
)


def day(number: int) -> datetime:
    """The start of a day of March 2026; the second is the first on which something is expected."""
    return datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=number - 1)


def expects(one: Expectation = DAILY, received: datetime | None = None) -> Leaf:
    entered = iso(received or day(1))
    return Leaf("catalogue", "goedebuur", "", entered, inputs={"expects": one.body()}, counts={"records": 1})


def rows(number: int, received: datetime, *series: str, who: str = "bureau", **changed: Any) -> Leaf:
    """The rows of one day."""
    period = (iso(day(number)), iso(day(number + 1)))
    return Leaf("observations", who, "x/1", iso(received), series=series or (A, B), period=period, **changed)


class Followed:
    """A log that grows, a monitor that looks at it, and a clock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger = Ledger.open(folder / "record", LOG)
        self.now = day(1)
        self.ear = Ear()

    def add(self, *more: Leaf | ClosedLeaf) -> None:
        self.ledger.append(list(more))
        publish(self.ledger, plan(self.ledger), no_post, lambda: self.now)

    def look(self, at: datetime, watch: Watch | None = None, **options: Any) -> list[dict[str, Any]]:
        """Look once; return what the ear heard of late, missing and found."""
        self.now = at
        before = len(self.ear.heard)
        read = Publication(self.ledger.root / "public").read
        how = Following(read, (LOG.vkey,), watch=watch or Watch(), **options)
        Monitor(how, MonitorStore(self.folder / "monitor"), (self.ear,), lambda: self.now).look()
        heard = self.ear.heard[before:]
        return [one for one in heard if one["kind"] in ("late", "missing", "found")]


@pytest.fixture
def log(tmp_path: Path) -> Followed:
    made = Followed(tmp_path)
    made.add(expects(), rows(1, day(1)))
    made.look(day(1))
    return made


def test_absence_is_told_once_when_grace_term_and_margin_are_over_though_nothing_is_new(log: Followed) -> None:
    deadline = day(3) + 8 * H + timedelta(minutes=90)
    assert log.look(deadline) == []
    (told,) = log.look(deadline + timedelta(seconds=1))
    assert (told["kind"], told["expectation"], told["series"]) == ("missing", "daily", [A, B])
    assert (told["period"], told["late_from"]) == ([iso(day(2)), iso(day(3))], iso(day(3) + 8 * H))
    assert "No reason was given." in told["text"]
    assert log.look(deadline + H) == []


def test_delivery_on_time_is_not_told_and_one_a_second_late_is(log: Followed) -> None:
    log.add(rows(2, day(3) + 8 * H))
    assert log.look(day(3) + 12 * H) == []
    log.add(rows(3, day(4) + 8 * H + timedelta(seconds=1)))
    (told,) = log.look(day(4) + 12 * H)
    assert (told["kind"], told["leaf"], told["seconds_late"], told["series"]) == ("late", 3, 1, [A, B])


def test_one_series_of_two_that_is_missing_is_named_alone_and_its_coming_is_told(log: Followed) -> None:
    log.add(rows(2, day(3) + H, A))
    (told,) = log.look(day(3) + 10 * H)
    assert (told["kind"], told["series"]) == ("missing", [B])
    log.add(rows(2, day(3) + 20 * H, B))
    (late,) = log.look(day(3) + 21 * H)
    assert (late["kind"], late["series"], late["seconds_late"]) == ("late", [B], 12 * 3600)
    log.add(rows(2, day(5), B))
    assert [one for one in log.look(day(3) + 22 * H) if one["kind"] == "late"] == []


def test_small_delivery_that_was_received_in_time_takes_the_word_missing_back(log: Followed) -> None:
    assert [one["kind"] for one in log.look(day(3) + 10 * H)] == ["missing"]
    received = [iso(day(3) + 7 * H), iso(day(3) + 7 * H)]
    sealed = replace(rows(2, day(3) + 11 * H), kind="sealed", inputs={"received": received})
    log.add(sealed)
    (told,) = log.look(day(3) + 12 * H)
    assert (told["kind"], told["seconds_late"]) == ("found", 0)


def test_delivery_of_another_supplier_or_of_another_day_does_not_count(log: Followed) -> None:
    log.add(rows(2, day(3), who="somebody"), rows(1, day(3)))
    assert [one["kind"] for one in log.look(day(3) + 10 * H)] == ["missing"]


def test_file_that_reaches_an_hour_into_the_day_is_not_that_of_the_day(log: Followed) -> None:
    over = replace(rows(1, day(3)), period=(iso(day(1) + H), iso(day(2) + H)))
    log.add(over)
    assert [one["kind"] for one in log.look(day(3) + 10 * H)] == ["missing"]


def test_closed_delivery_that_may_be_it_is_named_and_its_opening_takes_the_word_back(log: Followed) -> None:
    salt = bytes(32)
    header = rows(2, day(3) + H)
    log.add(ClosedLeaf(leaves.commit(header, salt), iso(day(3) + H), "2026-04-01", "inspector", "Woo 5.1(6)"))
    (told,) = log.look(day(3) + 10 * H)
    assert (told["kind"], told["closed_leaves"]) == ("missing", [2])
    assert "It may be in a closed delivery: leaf 2." in told["text"]
    opened = closing.opened(replace(header, received=iso(day(9))), header, 2, salt)
    log.add(opened)
    first = log.look(day(9))
    assert [one["kind"] for one in first if one["period"][0] == iso(day(2))] == ["found"]
    # of the day on which it was closed it might have been as well, as long as nobody could see what it was
    assert [one["closed_leaves"] for one in first if one["period"][0] == iso(day(3))] == [[]]


def test_reason_stands_beside_and_is_told_itself(log: Followed) -> None:
    gap = [A, iso(day(2)), iso(day(3)), "instrument-down"]
    log.add(Leaf("catalogue", "bureau", "gap_reasons/1", iso(day(3)), series=(A,), inputs={"gaps": [gap]}))
    (told,) = log.look(day(3) + 10 * H)
    assert [(one["series"], one["code"]) for one in told["stated"]] == [(A, "instrument-down")]
    assert "Reason given: instrument-down." in told["text"]
    (reason,) = [one for one in log.ear.heard if one["kind"] == "gap-reason"]
    assert reason["stated"] == [{"series": A, "start": gap[1], "end": gap[2], "code": "instrument-down"}]


@pytest.mark.parametrize(
    ("watch", "series"),
    [
        (Watch(sites=frozenset({"NL90002"})), [B]),
        (Watch(series=frozenset({A})), [A]),
        (Watch(submitters=frozenset({"bureau"})), [A, B]),
    ],
)
def test_only_what_is_watched_is_told(tmp_path: Path, watch: Watch, series: list[str]) -> None:
    log = Followed(tmp_path)
    log.add(expects(), rows(1, day(1)))
    log.look(day(1), watch)
    (told,) = log.look(day(3) + 10 * H, watch)
    assert told["series"] == series


def test_site_or_supplier_that_is_not_watched_is_not_told(tmp_path: Path) -> None:
    for name, watch in (("a", Watch(sites=frozenset({"NL8"}))), ("b", Watch(submitters=frozenset({"rivm"})))):
        log = Followed(tmp_path / name)
        log.add(expects(), rows(1, day(1)))
        log.look(day(1), watch)
        assert log.look(day(3) + 10 * H, watch) == []


def test_series_named_in_full_of_which_nothing_ever_came_is_missing(tmp_path: Path) -> None:
    log = Followed(tmp_path)
    log.add(expects(replace(DAILY, series=("NL70001.so2.1h",))))
    log.look(day(1), Watch(sites=frozenset({"NL70001"})))
    (told,) = log.look(day(3) + 10 * H, Watch(sites=frozenset({"NL70001"})))
    assert told["series"] == ["NL70001.so2.1h"]


def test_first_visit_tells_nothing_of_before_and_a_chosen_begin_does(tmp_path: Path) -> None:
    log = Followed(tmp_path)
    log.add(expects(), rows(1, day(1)))
    assert log.look(day(5)) == []
    other = Followed(tmp_path / "other")
    other.add(expects(), rows(1, day(1)))
    told = other.look(day(5), start=0)
    assert [(one["kind"], one["period"][0]) for one in told] == [("missing", iso(day(2))), ("missing", iso(day(3)))]


def test_nobody_is_late_by_an_expectation_that_was_entered_afterwards(tmp_path: Path) -> None:
    log = Followed(tmp_path)
    log.add(rows(1, day(1)))
    log.look(day(1))
    log.add(expects(received=day(4) + 9 * H))
    assert [one["period"][0] for one in log.look(day(5) + 12 * H)] == [iso(day(4))]


def test_ended_expectation_asks_nothing_more(log: Followed) -> None:
    log.add(expects(replace(DAILY, valid_to="2026-03-02"), received=day(3)))
    assert [one["period"][0] for one in log.look(day(20))] == [iso(day(2))]


def test_who_was_away_hears_it_later_and_once(log: Followed) -> None:
    log.ear.away = True
    assert log.look(day(3) + 10 * H) == []
    log.ear.away = False
    (told,) = log.look(day(3) + 11 * H)
    assert told["kind"] == "missing"
    assert log.look(day(3) + 12 * H) == []


def test_what_was_told_before_a_crash_is_told_again_with_the_same_identity(log: Followed) -> None:
    class Dying(Ear):
        def send(self, notice: dict[str, Any]) -> None:
            super().send(notice)
            raise KeyboardInterrupt

    log.ear = Dying()
    with pytest.raises(KeyboardInterrupt):
        log.look(day(3) + 10 * H)
    first = log.ear.heard[0]
    log.ear = Ear()
    (again,) = log.look(day(3) + 11 * H)
    assert again == first


def test_memory_that_is_lost_is_made_again_and_tells_nothing_of_before(log: Followed) -> None:
    log.look(day(3) + 10 * H)
    (log.folder / "monitor" / "expected").unlink()
    assert log.look(day(3) + 11 * H) == []
    assert [one["period"][0] for one in log.look(day(4) + 10 * H)] == [iso(day(3))]


def test_without_expectations_nothing_of_them_is_told(tmp_path: Path) -> None:
    log = Followed(tmp_path)
    log.add(expects(), rows(1, day(1)))
    log.look(day(1), expectations=False)
    assert log.look(day(9), expectations=False) == []
    assert not (tmp_path / "monitor" / "expected").exists()


def test_memory_does_not_grow_with_every_day(log: Followed) -> None:
    sizes: list[int] = []
    for number in range(2, 40):
        log.add(rows(number, day(number + 1) + H))
        assert log.look(day(number + 1) + 12 * H) == []
        sizes.append((log.folder / "monitor" / "expected").stat().st_size)
    assert max(sizes[10:]) <= sizes[10] + 40
