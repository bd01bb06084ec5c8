"""What an expectation is, when it holds, and what a leaf says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Clock
from goedebuur.core.expectations import expected, facts, reasons, spans
from goedebuur.core.expectations.expected import Expectation
from goedebuur.core.expectations.spans import Every, Span
from goedebuur.core.ledger import leaves
from goedebuur.core.ledger.leaves import Leaf

ENTERED = datetime(2026, 1, 1, tzinfo=UTC)
ONE = Expectation(
    id="bureau-hours",
    submitter="bureau",
    series=("NL9000*.so2.1h", "NL80001.h2s.1h"),
    step=3600,
    every=Every.DAY,
    clock=Clock.CET,
    term=Span(hours=6),
    grace=Span(hours=2),
    valid_from="2026-01-05",
)


def leaf(**changed: Any) -> Leaf:
    said = {"kind": "catalogue", "submitter": "goedebuur", "adapter": "", "received": "2026-01-01T00:00:00Z"}
    return Leaf(**said | changed)


@pytest.mark.parametrize("text", ["P2M", "P14D", "PT36H", "PT90M", "P1M2DT3H4M", "PT0H"])
def test_span_is_written_as_it_is_read(text: str) -> None:
    assert str(Span.read(text)) == text


@pytest.mark.parametrize("text", ["", "P", "PT", "P1Y", "14d", "P1W", "P-1D", "P1DT", "P1D ", "P1.5D"])
def test_other_text_is_no_span(text: str) -> None:
    with pytest.raises(GoedeBuurError) as raised:
        Span.read(text)
    assert raised.value.code == "expectation-malformed"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "two words"),
        ("submitter", ""),
        ("series", ()),
        ("series", ("everything",)),
        ("series", ("NL80001.h2s.24h",)),
        ("step", 0),
        ("basis", "habit"),
        ("basis", "rule"),
        ("valid_from", "2026-13-01"),
        ("valid_from", "2026-1-1"),
        ("valid_to", "2026-01-04"),
    ],
)
def test_field_that_cannot_be_is_refused(field: str, value: Any) -> None:
    with pytest.raises(GoedeBuurError) as raised:
        replace(ONE, **{field: value})
    assert raised.value.code == "expectation-malformed"


def test_refusal_of_a_field_says_what_was_given_and_what_a_day_looks_like() -> None:
    with pytest.raises(GoedeBuurError) as raised:
        replace(ONE, valid_from="01-11-2026")
    assert raised.value.place.endswith(", valid_from")
    assert raised.value.value == "01-11-2026"
    assert "2026-01-31" in raised.value.hint


@pytest.mark.parametrize(
    ("every", "clock", "most"),
    [("hour", "UTC", 3600), ("day", "CET", 86_400), ("day", "local", 82_800), ("month", "UTC", 28 * 86_400)],
)
def test_step_is_no_longer_than_the_shortest_period(every: str, clock: str, most: int) -> None:
    said = {"every": Every(every), "clock": Clock(clock)}
    replace(ONE, series=(f"NL1.so2.{most}s",), step=most, **said)
    with pytest.raises(GoedeBuurError):
        replace(ONE, series=(f"NL1.so2.{most + 1}s",), step=most + 1, **said)


def test_expectation_is_read_from_the_leaf_that_holds_it() -> None:
    assert facts.expectation(leaf(inputs={"expects": ONE.body()})) == ONE


@pytest.mark.parametrize(
    "changed", [{"step": "3600"}, {"every": "fortnight"}, {"term": "soon"}, {"extra": 1}, {"series": 5}]
)
def test_leaf_with_another_form_expects_nothing(changed: dict[str, Any]) -> None:
    assert facts.expectation(leaf(inputs={"expects": ONE.body() | changed})) is None


def test_series_that_fit_are_those_of_the_pattern_with_that_step_and_those_named() -> None:
    known = ["NL90001.so2.1h", "NL90001.so2.24h", "NL90002.no2.1h", "NL90009.so2.1h", "NL70001.so2.1h"]
    assert ONE.among(known) == ["NL80001.h2s.1h", "NL90001.so2.1h", "NL90009.so2.1h"]


def test_later_version_ends_the_one_before_and_a_correction_replaces_it() -> None:
    later = replace(ONE, valid_from="2026-06-01", every=Every.WEEK)
    corrected = replace(ONE, term=Span(hours=12))
    told = [(1, ENTERED, ONE), (5, ENTERED + timedelta(days=9), later), (8, ENTERED + timedelta(days=20), corrected)]
    first, second = expected.terms(told)
    assert (first.expectation, first.leaf, first.entered) == (corrected, 8, ENTERED + timedelta(days=20))
    assert (first.start, first.end) == (
        datetime(2026, 1, 4, 23, tzinfo=UTC),
        datetime(2026, 5, 31, 23, tzinfo=UTC),
    )
    assert (second.expectation, second.end) == (later, None)
    assert [one.expectation for one in expected.terms(told[:1])] == [ONE]


def test_ending_it_leaves_the_moment_at_which_it_was_entered() -> None:
    ended = replace(ONE, valid_to="2026-02-01")
    (only,) = expected.terms([(1, ENTERED, ONE), (9, ENTERED + timedelta(days=40), ended)])
    assert (only.entered, only.end) == (ENTERED, datetime(2026, 2, 1, 23, tzinfo=UTC))


def test_leap_day_a_year_later_is_the_28th() -> None:
    leap = datetime(2028, 2, 29, tzinfo=UTC)
    assert Span(months=12).after(leap, Clock.UTC) == datetime(2029, 2, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    ("every", "first", "second"),
    [
        ("hour", (2026, 5, 6, 7), (2026, 5, 6, 8)),
        ("day", (2026, 5, 6), (2026, 5, 7)),
        ("week", (2026, 5, 4), (2026, 5, 11)),
        ("month", (2026, 5, 1), (2026, 6, 1)),
        ("quarter", (2026, 4, 1), (2026, 7, 1)),
        ("half_year", (2026, 1, 1), (2026, 7, 1)),
        ("year", (2026, 1, 1), (2027, 1, 1)),
    ],
)
def test_period_that_holds_a_moment(every: str, first: tuple[int, ...], second: tuple[int, ...]) -> None:
    moment = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
    (found,) = spans.periods(Every(every), Clock.UTC, moment, moment + timedelta(seconds=1))
    assert (found.start, found.end) == (datetime(*first, tzinfo=UTC), datetime(*second, tzinfo=UTC))  # type: ignore[misc]


@given(
    st.sampled_from(list(Every)),
    st.sampled_from(list(Clock)),
    st.integers(0, 40 * 366 * 86_400),
)
def test_periods_follow_each_other_without_a_hole(every: Every, clock: Clock, second: int) -> None:
    start = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    found = list(spans.periods(every, clock, start, start + timedelta(days=1, microseconds=1)))
    assert found[0].start <= start < found[0].end
    assert all(a.end == b.start for a, b in pairwise(found))


def test_statements_in_another_form_are_left_out() -> None:
    good = ["NL90001.so2.1h", "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z", "not-measured"]
    swapped = [good[0], good[2], good[1], good[3]]
    assert reasons.stated({"gaps": [good, swapped, good[:3], [1, 2, 3, 4], "x"]}) == [reasons.body(good)]
    assert reasons.stated({"gaps": "none"}) == reasons.stated(None) == []


def test_receipt_of_an_opened_delivery_is_that_of_the_closed_one() -> None:
    said = {"opens": 3, "salt": "00" * 32, "header": {"received": "2025-12-01T00:00:00Z"}}
    assert facts.received(leaf(inputs=said)) == datetime(2025, 12, 1, tzinfo=UTC)
    assert facts.received(leaf(inputs=said | {"header": {}})) == ENTERED
    sealed = leaf(kind="sealed", inputs={"received": ["2025-12-31T23:10:00Z", "2025-12-31T23:50:00Z"]})
    assert facts.received(sealed) == datetime(2025, 12, 31, 23, 10, tzinfo=UTC)


GOLDEN = Path(__file__).resolve().parents[1] / "ledger" / "golden"


def test_golden_leaves_say_what_they_say() -> None:
    expects = leaves.decode((GOLDEN / "v1-expectation.json").read_bytes())
    found = facts.expectation(expects)
    assert found is not None
    assert (found.id, str(found.term), str(found.grace), found.every) == ("bureau-months", "P14D", "P7D", Every.MONTH)
    assert [one["kind"] for one in facts.records(expects)] == ["expectation"]
    states = leaves.decode((GOLDEN / "v1-gap-reasons.json").read_bytes())
    (told,) = facts.records(states)
    assert (told["kind"], told["body"]["code"], told["valid_from"]) == (
        "gap_reason",
        "instrument-down",
        "2026-03-01T00:00:00Z",
    )


def newest(one: Expectation, moment: datetime) -> tuple[str, str] | None:
    (term,) = expected.terms([(1, ENTERED, one)])
    found = expected.newest_due(term, moment)
    return None if found is None else (found.start.isoformat(), found.end.isoformat())


def test_newest_due_day_is_the_last_of_which_term_and_grace_are_over() -> None:
    # 20 January ends at 23:00 UTC on winter time; with 6 and 2 hours its delivery is late from 07:00 UTC on
    before, at = datetime(2026, 1, 21, 7, 0, tzinfo=UTC), datetime(2026, 1, 21, 7, 1, tzinfo=UTC)
    assert newest(ONE, before) == ("2026-01-18T23:00:00+00:00", "2026-01-19T23:00:00+00:00")
    assert newest(ONE, at) == ("2026-01-19T23:00:00+00:00", "2026-01-20T23:00:00+00:00")


def test_nothing_is_due_before_the_first_period_has_its_grace_behind_it() -> None:
    # the first day, 5 January, is due at 05:00 UTC of the sixth, and late from 07:00
    assert newest(ONE, datetime(2026, 1, 6, 7, 0, tzinfo=UTC)) is None
    assert newest(ONE, datetime(2026, 1, 6, 7, 1, tzinfo=UTC)) is not None


def test_newest_due_month_is_found_with_a_term_of_months() -> None:
    # two months and a week after the end of January: 8 April 00:00 on winter time
    monthly = replace(ONE, every=Every.MONTH, term=Span(months=2), grace=Span(days=7), valid_from="2025-01-01")
    assert newest(monthly, datetime(2026, 4, 7, 23, 1, tzinfo=UTC)) == (
        "2025-12-31T23:00:00+00:00",
        "2026-01-31T23:00:00+00:00",
    )
    assert newest(monthly, datetime(2026, 4, 7, 23, 0, tzinfo=UTC)) == (
        "2025-11-30T23:00:00+00:00",
        "2025-12-31T23:00:00+00:00",
    )


def test_expectation_that_ended_has_nothing_due() -> None:
    ended = replace(ONE, valid_to="2026-01-31")
    assert newest(ended, datetime(2026, 1, 31, 12, tzinfo=UTC)) is not None
    assert newest(ended, datetime(2026, 2, 1, 12, tzinfo=UTC)) is None


@settings(deadline=None)
@given(
    every=st.sampled_from([one for one in Every if one is not Every.HOUR]),
    months=st.integers(0, 13),
    hours=st.integers(0, 999),
    after=st.integers(0, 1200 * 24),
)
@example(every=Every.HOUR, months=1, hours=0, after=80 * 24)
@example(every=Every.HOUR, months=0, hours=5, after=7)
def test_newest_due_is_what_walking_along_all_periods_gives(every: Every, months: int, hours: int, after: int) -> None:
    one = replace(ONE, every=every, term=Span(months=months), grace=Span(hours=hours))
    (term,) = expected.terms([(1, ENTERED, one)])
    now = term.start + timedelta(hours=after)
    every_one = [
        period
        for period in spans.periods(every, one.clock, term.start, now)
        if one.grace.after(one.term.after(period.end, one.clock), one.clock) < now
    ]
    found = expected.newest_due(term, now)
    assert (found is None) == (not every_one)
    if found is not None:
        assert (found.start, found.end) == (max(every_one[-1].start, term.start), every_one[-1].end)
