"""The order in which to look at sites, and when a stream is silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from goedebuur.core.emissions.attention import LEVELS, Counts, Level, Signal, ordered, silent

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


def order(*sites: tuple[str, dict[Signal, int]]) -> list[str]:
    return ordered((Counts(found), name, name) for name, found in sites)


def test_any_number_of_what_is_lighter_stands_below_one_of_what_is_heavier() -> None:
    assert order(("a", {Signal.LATE: 99}), ("b", {Signal.DIFFERS: 1}), ("c", {Signal.EXCEEDED: 1})) == ["c", "b", "a"]


def test_all_of_one_level_count_alike() -> None:
    assert order(("a", {Signal.EXCEEDED: 2}), ("b", {Signal.ALERT: 2, Signal.UNANSWERED: 1})) == ["b", "a"]


def test_next_level_tells_where_the_heavier_are_as_many() -> None:
    assert order(
        ("a", {Signal.EXCEEDED: 1, Signal.NOTE: 5}), ("b", {Signal.ALERT: 1, Signal.FLAG: 1}), ("c", {Signal.ALERT: 1})
    ) == ["b", "a", "c"]


def test_name_tells_where_all_are_as_many_whatever_its_capitals() -> None:
    assert order(("b", {}), ("C", {}), ("a", {})) == ["a", "b", "C"]


def test_every_signal_has_a_level_and_every_level_a_signal() -> None:
    assert set(LEVELS) == set(Signal)
    assert set(LEVELS.values()) == set(Level)


def test_site_of_which_all_counts_are_zero_is_quiet() -> None:
    assert Counts({Signal.LATE: 0}).quiet
    assert not Counts({Signal.NOTE: 1}).quiet


@pytest.mark.parametrize(("hours", "expected"), [(48, False), (49, True)])
def test_stream_without_an_agreed_delivery_is_silent_after_two_days(hours: int, expected: bool) -> None:
    assert silent(NOW - timedelta(hours=hours), NOW, None) is expected


def test_stream_with_an_agreed_delivery_is_silent_when_nothing_of_the_newest_due_period_came() -> None:
    february = datetime(2026, 2, 1, tzinfo=UTC)
    assert silent(february - timedelta(minutes=1), NOW, (february,))
    assert not silent(february, NOW, (february,))
    assert not silent(february - timedelta(days=90), NOW, ())
    assert silent(february, NOW, (datetime(2026, 1, 1, tzinfo=UTC), february + timedelta(hours=1)))
