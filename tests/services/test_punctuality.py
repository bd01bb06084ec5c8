"""What came late, what is missing and why, from expectations and deliveries in a record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.services.deliveries import A, B, open_record, station_file
from tests.services.expecting import DAILY, ENTERED, bring, day, expect, hours
from tests.services.signing import BUREAU, enter, sign, statement

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import iso
from goedebuur.core.expectations.standing import State
from goedebuur.core.ledger.submitters import Scope
from goedebuur.services import delivery, embargo, expectations, punctuality, submitting
from goedebuur.services.delivery import deliver
from goedebuur.services.punctuality import SeriesPunctuality
from goedebuur.services.record import Record

H = timedelta(hours=1)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    made = open_record(tmp_path)
    yield made
    made.close()


def standing(record: Record, now: datetime, as_of: int | None = None) -> SeriesPunctuality:
    (found,) = punctuality.of_series(record, A, now, as_of)
    return found


def states(record: Record, now: datetime, as_of: int | None = None) -> dict[datetime, State]:
    return {one.standing.period.start: one.standing.state for one in standing(record, now, as_of).periods}


def reasons_file(*lines: str) -> bytes:
    return "\n".join(("series,start,end,reason", *lines, "")).encode()


def state_reason(
    record: Record, start: datetime, end: datetime, code: str, now: datetime, who: str = "meetbureau"
) -> None:
    data = reasons_file(f"{A},{iso(start)},{iso(end)},{code}")
    deliver(record, data, "reasons.csv", submitter=who, now=now)


def test_day_on_time_is_not_told_and_the_late_and_missing_ones_are(record: Record) -> None:
    expect(record)
    bring(record, 1, day(2) + 8 * H)
    bring(record, 2, day(3) + 10 * H)
    now = day(4) + 9 * H
    assert states(record, now) == {day(2): State.LATE, day(3): State.MISSING, day(4): State.NOT_DUE}
    found = standing(record, now)
    assert (found.past, found.on_time) == (3, 1)
    late = next(one for one in found.periods if one.standing.period.start == day(2))
    assert (late.standing.late_by, late.standing.late, late.why.known) == (2 * 3600, 24, ("late",))
    assert [(one.gap.period.start, one.gap.steps) for one in found.gaps] == [(day(3), 24)]


def test_series_of_which_nothing_is_expected_is_not_told(record: Record) -> None:
    expect(record)
    deliver(record, station_file({"NL90002": ["1"]}), "b.csv", now=ENTERED)
    assert punctuality.of_series(record, B, day(9)) == ()


def test_series_of_which_nothing_ever_came_is_missing(record: Record) -> None:
    expect(record)
    assert states(record, day(2) + 9 * H) == {day(1): State.MISSING, day(2): State.NOT_DUE}


def test_as_of_an_earlier_size_knows_what_was_expected_and_there_then(record: Record) -> None:
    expect(record)
    bring(record, 1, day(2) + 3 * H)
    then = record.size
    expect(record, day(2) + 4 * H, grace=replace(DAILY.grace, hours=99))
    bring(record, 2, day(3) + 20 * H)
    assert standing(record, day(9)).term.expectation.grace.hours == 99
    assert states(record, day(9), then) == {day(2): State.NOT_DUE}
    assert standing(record, day(9), then).term.expectation.grace.hours == 2
    assert punctuality.of_series(record, A, day(9), 0) == ()


def test_withdrawn_hours_are_a_gap_with_the_leaf_that_took_them_back_and_come_back(record: Record) -> None:
    expect(record, valid_to="2019-01-01")
    bring(record, 1, day(2))
    bring(record, 1, day(5), frozenset({3, 4}))
    took = record.size - 1
    (gap,) = standing(record, day(9)).gaps
    assert (gap.gap.period.start, gap.gap.steps, gap.gap.withdrawn) == (day(1) + 3 * H, 2, (took,))
    before = record.size
    bring(record, 1, day(7), frozenset({4}))
    assert [(one.gap.period.start, one.gap.steps) for one in standing(record, day(9)).gaps] == [(day(1) + 4 * H, 1)]
    assert [one.gap.steps for one in standing(record, day(9), before).gaps] == [2]
    corrected = next(iter(standing(record, day(9)).periods))
    assert took in corrected.standing.corrected
    record.rebuild()
    assert [(one.gap.period.start, one.gap.steps) for one in standing(record, day(9)).gaps] == [(day(1) + 4 * H, 1)]


def test_reason_of_the_supplier_stands_beside_what_the_record_knows(record: Record) -> None:
    expect(record)
    bring(record, 1, day(2) + 10 * H)
    state_reason(record, day(1), day(3), "instrument-down", day(4))
    found = standing(record, day(3) + 9 * H)
    late = next(one for one in found.periods if one.standing.period.start == day(1))
    assert [one.code for one in late.why.stated] == ["instrument-down"]
    assert (late.why.known, late.why.differ) == (("late",), True)
    (gap,) = found.gaps
    assert [(one.code, one.submitter, one.signed) for one in gap.why.stated] == [
        ("instrument-down", "meetbureau", False)
    ]


def test_later_statement_over_the_same_time_replaces_and_unknown_takes_back(record: Record) -> None:
    expect(record)
    first = record.size
    state_reason(record, day(1), day(2), "instrument-down", day(4))
    then = record.size
    state_reason(record, day(1), day(2), "not-measured", day(5))
    assert [one.code for one in standing(record, day(9)).gaps[0].why.stated] == ["not-measured"]
    assert [one.code for one in standing(record, day(9), then).gaps[0].why.stated] == ["instrument-down"]
    assert standing(record, day(9), first).gaps == ()  # when that leaf was received nothing was due
    state_reason(record, day(1), day(2), "unknown", day(6))
    assert standing(record, day(9)).gaps[0].why.stated == ()


def test_statement_that_says_nothing_new_adds_nothing(record: Record) -> None:
    state_reason(record, day(1), day(2), "late", day(4))
    size = record.size
    state_reason(record, day(1), day(2), "late", day(5))
    assert record.size == size


def test_statement_outside_the_gap_is_not_its_reason(record: Record) -> None:
    expect(record)
    state_reason(record, day(3), day(4), "late", day(4))
    (gap,) = standing(record, day(2) + 9 * H).gaps
    assert gap.why.stated == ()


@pytest.mark.parametrize("code", ["my neighbour was ill", "Broken", "no-such-reason", ""])
def test_words_that_are_not_in_the_table_are_refused_and_not_repeated(record: Record, code: str) -> None:
    with pytest.raises(GoedeBuurError) as raised:
        state_reason(record, day(1), day(2), code, day(4))
    assert raised.value.code.startswith("input-")
    assert not code or code not in raised.value.as_text()
    assert record.size == 0


def test_signed_statement_says_that_it_is_signed_and_scope_holds_for_it(record: Record) -> None:
    scope = (*BUREAU.scope, Scope(("gap_reasons",), ("so2",), ("NL90001",)))
    enter(record, replace(BUREAU, scope=scope))
    expect(record)
    now = datetime(2026, 2, 1, tzinfo=UTC)
    good = reasons_file(f"{A},{iso(day(1))},{iso(day(2))},instrument-down")
    said = statement(good, name="reasons.csv", adapter="gap_reasons", method="")
    receipt = submitting.submit(record, sign(said), good, now)
    assert receipt.leaves
    again = submitting.submit(record, sign(said), good, now)
    assert again.signature == receipt.signature
    assert [(one.code, one.signed) for one in standing(record, now).gaps[0].why.stated] == [("instrument-down", True)]
    other = reasons_file(f"{B},{iso(day(1))},{iso(day(2))},instrument-down")
    elsewhere = statement(other, name="r.csv", adapter="gap_reasons", method="", nonce="ff" * 16)
    with pytest.raises(GoedeBuurError) as raised:
        submitting.submit(record, sign(elsewhere), other, now)
    assert raised.value.code == "submission-other-site"


def test_small_signed_statement_counts_once_it_is_sealed(record: Record) -> None:
    scope = (*BUREAU.scope, Scope(("gap_reasons",), ("so2",), ("NL90001",)))
    enter(record, replace(BUREAU, scope=scope))
    expect(record)
    now = datetime(2026, 2, 1, tzinfo=UTC)
    data = reasons_file(f"{A},{iso(day(1))},{iso(day(2))},lost-on-the-way")
    said = statement(data, name="reasons.csv", adapter="gap_reasons", method="")
    submitting.submit(record, sign(said), data, now, small=True)
    delivery.seal(record, now)
    assert [(one.code, one.signed) for one in standing(record, now).gaps[0].why.stated] == [("lost-on-the-way", True)]


def test_small_delivery_is_on_time_by_its_own_moment_and_not_by_that_of_sealing(record: Record) -> None:
    expect(record)
    delivery.accept_small(record, hours(1), "d1.csv", submitter="meetbureau", now=day(2) + 7.5 * H)
    delivery.accept_small(record, hours(2), "d2.csv", submitter="meetbureau", now=day(3) + 9 * H)
    delivery.seal(record, day(3) + 10 * H)
    assert states(record, day(4)) == {day(2): State.LATE, day(3): State.NOT_DUE}
    late = next(one for one in standing(record, day(4)).periods if one.standing.state is State.LATE)
    assert late.standing.late_by == 3600
    record.rebuild()
    assert states(record, day(4)) == {day(2): State.LATE, day(3): State.NOT_DUE}


def test_opened_delivery_is_on_time_by_the_moment_at_which_it_was_closed(record: Record) -> None:
    expect(record, valid_to="2019-01-02")
    deliver(record, station_file({"NL90002": ["1"]}), "other.csv", submitter="meetbureau", now=ENTERED)
    leaf = embargo.close(
        record,
        hours(1),
        "day.csv",
        opens=(day(20) + H).date(),
        role="inspector",
        ground="Woo 5.1(6)",
        now=day(2) + H,
        submitter="meetbureau",
    )
    now = day(9)
    assert states(record, now) == {day(1): State.PERHAPS_CLOSED, day(2): State.PERHAPS_CLOSED}
    assert [one.gap.closed for one in standing(record, now).gaps] == [(leaf,)]
    embargo.open_(record, leaf, day(25))
    assert states(record, day(26)) == {day(2): State.MISSING}
    assert [one.gap.closed for one in standing(record, day(26)).gaps] == [()]
    assert standing(record, day(26)).on_time == 1


def test_small_deliveries_in_one_leaf_keep_their_own_moments(record: Record) -> None:
    expect(record, valid_to="2019-01-02")

    def extract(number: int) -> bytes:
        lines = [f'"NL90001","2019-01-{number:02d} {hour:02d}:00:00",1.5' for hour in range(24)]
        return "\n".join(("station_number,date,SO2", *lines, "")).encode()

    for number, received in ((1, day(2) + 7 * H), (2, day(3) + 10 * H)):
        delivery.accept_small(record, extract(number), f"{number}.csv", submitter="meetbureau", now=received)
    delivery.seal(record, day(3) + 11 * H)
    assert record.catalogue.received([record.size - 1])[record.size - 1][1] == iso(day(3) + 11 * H)
    for _ in range(2):
        found = standing(record, day(9))
        assert [(one.standing.period.start, one.standing.late_by) for one in found.periods] == [(day(2), 2 * 3600)]
        assert found.on_time == 1
        record.rebuild()


def test_reasons_are_never_closed(record: Record) -> None:
    with pytest.raises(GoedeBuurError) as raised:
        embargo.close(
            record,
            reasons_file(f"{A},{iso(day(1))},{iso(day(2))},late"),
            "r.csv",
            opens=day(20).date(),
            role="inspector",
            ground="Woo 5.1(6)",
            now=day(2),
        )
    assert raised.value.code == "closing-gap-reasons"


def test_refused_delivery_is_known_where_it_was_surely_the_suppliers(record: Record) -> None:
    enter(record)
    expect(record, valid_from="2026-01-31", valid_to="2026-01-31")
    now = datetime(2026, 2, 1, tzinfo=UTC)
    data = hours(1)
    with pytest.raises(GoedeBuurError):  # not theirs: the signature is of another key
        submitting.submit(record, replace(sign(statement(data)), value=bytes(64)), data, now)
    later = now + timedelta(days=1)
    assert standing(record, later).gaps[0].why.known == ()
    with pytest.raises(GoedeBuurError):
        submitting.submit(record, sign(statement(data, method="by eye")), data, now)
    assert standing(record, later).gaps[0].why.known == ("rejected",)
    assert standing(record, later).gaps[0].why.differ is False


def test_overview_lists_what_is_late_or_missing_worst_first(record: Record) -> None:
    expect(record, series=("NL9000*.so2.1h",), valid_to="2019-01-02")
    data = station_file({"NL90001": ["1"] * 48, "NL90002": ["1"] * 40 + [""] * 8, "NL90003": ["1"] * 48})
    deliver(record, data, "two.csv", submitter="meetbureau", now=day(2))
    late = station_file({"NL90003": ["2"] * 1}, first="20190103")
    deliver(record, late, "three.csv", submitter="meetbureau", now=day(4))
    rows = punctuality.overview(record, day(9))
    assert [(row.series, row.missing, row.gaps, row.unexplained) for row in rows] == [(B, 8, 1, 1)]
    assert punctuality.chosen(rows, submitter="rivm") == ()
    assert punctuality.chosen(rows, station="NL90002", submitter="meetbureau") == rows
    assert punctuality.overview(record, day(9), 1) == ()


def test_expectation_is_entered_once_and_changed_by_a_later_leaf(record: Record) -> None:
    first = expect(record)
    assert expect(record) is None
    changed = expect(record, valid_to="2019-03-31")
    assert (first, changed) == (0, 1)
    assert record.ledger.leaf(1).supersedes == (0,)  # type: ignore[union-attr]
    (term,) = expectations.terms(record)
    assert (term.leaf, term.entered) == (1, ENTERED)
    (before,) = expectations.terms(record, 1)
    assert (before.leaf, before.end) == (0, None)


def test_end_of_an_expectation_is_a_leaf_and_not_put_later(record: Record) -> None:
    expect(record)
    assert expectations.end(record, "bureau-daily", "2019-06-30", day(9)) == 1
    assert expectations.end(record, "bureau-daily", "2019-06-30", day(9)) is None
    for last in ("2019-07-31", "2018-12-31"):
        with pytest.raises(GoedeBuurError) as raised:
            expectations.end(record, "bureau-daily", last, day(9))
        assert raised.value.code == "expectation-ended"
    with pytest.raises(GoedeBuurError) as raised:
        expectations.end(record, "nobody", "2019-06-30", day(9))
    assert raised.value.code == "query-unknown-expectation"
