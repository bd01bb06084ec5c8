"""Each case was worked out by hand: what is on time, late, awaited or missing, on both sides of each edge."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from goedebuur.core.base.periods import Clock
from goedebuur.core.expectations import standing
from goedebuur.core.expectations.expected import Expectation, Term, terms
from goedebuur.core.expectations.rows import Arrived, Calendar, Gone, Rows, calendar
from goedebuur.core.expectations.spans import Every, Span, shortest
from goedebuur.core.expectations.standing import Shut, Standing, State
from goedebuur.core.expectations.tallies import Lines, Tally, tallies

NAMES = {600: "10min", 3600: "1h", 86400: "24h"}
CASES = list(csv.DictReader((Path(__file__).parent / "standing.csv").open(encoding="utf-8", newline="")))


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def stretch(text: str) -> tuple[int, int]:
    start, _, end = text.partition("/")
    return seconds(start), seconds(end)


def arrived(text: str) -> list[Arrived]:
    found = []
    for leaf, one in enumerate(part for part in text.split("|") if part):
        period, received, who = one.split(" ")
        found.append(Arrived(*stretch(period), leaf, seconds(received[1:]), who))
    return found


def stand(row: dict[str, str], entered: str = "2000-01-01T00:00Z") -> Standing:
    step = int(row["step"])
    series = f"NL90001.so2.{NAMES[step]}"
    one = Expectation(
        id="e",
        submitter="s",
        series=(series,),
        step=step,
        every=Every(row["every"]),
        clock=Clock(row["clock"]),
        term=Span.read(row["term"]),
        grace=Span.read(row["grace"]),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
    )
    (term,) = terms([(0, datetime.fromisoformat(entered), one)])
    days = calendar(term, datetime.fromisoformat(row["now"]))
    came = arrived(row["arrived"])
    gone = [Gone(*stretch(row["gone"]), 9)] if row["gone"] else []
    closed = [Shut(7, seconds(row["closed"]))] if row["closed"] else []
    found = standing.stand(term, series, days, came, gone=gone, closed=closed)
    require_same(found, counted(term, days, series, came, gone, closed))
    return found


def counted(
    term: Term, days: Calendar, series: str, came: list[Arrived], gone: list[Gone], closed: list[Shut]
) -> Tally:
    """The same in numbers, with other series before and after it on the line."""
    rows = Rows.of(came, gone, "s")
    whole = Rows.of([Arrived(0, 2**32, 0, 0, "s")], (), "s")
    lines = Lines.of({"none": Rows(), series: rows, "whole": whole, "none after it": Rows()})
    found = tallies(term, days, lines, closed)
    assert found["whole"].on_time == found["whole"].past == days.past
    assert found["none"] == found["none after it"]
    assert (found["none"].on_time, found["none"].late) == (0, 0)
    return found[series]


def require_same(found: Standing, counted: Tally) -> None:
    """Both ways of working it out say the same."""
    states = [one.state for one in found.told]
    lacking = states.count(State.PARTLY) + states.count(State.MISSING)
    assert (counted.past, counted.on_time, counted.incomplete) == (found.past, found.on_time, lacking)
    assert counted.late == sum(one.late > 0 for one in found.told)
    assert counted.perhaps_closed == states.count(State.PERHAPS_CLOSED)
    assert (counted.missing, len(counted.gaps)) == (found.missing, len(found.gaps))


def as_text(found: Standing) -> tuple[str, str]:
    def short(moment: datetime) -> str:
        return moment.strftime("%Y-%m-%dT%H:%MZ")

    told = [
        f"{short(one.period.start)} {one.state} {one.expected}={one.on_time}+{one.late}+{one.others}+{one.missing}"
        + (f" by {one.late_by}" if one.late else "")
        for one in found.told
    ]
    gaps = [
        f"{short(gap.period.start)}/{short(gap.period.end)} {gap.steps}" + (" perhaps" if gap.closed else "")
        for gap in found.gaps
    ]
    return "|".join(told), "|".join(gaps)


@pytest.mark.parametrize("row", CASES, ids=[row["case"] for row in CASES])
def test_case(row: dict[str, str]) -> None:
    found = stand(row)
    assert as_text(found) == (row["told"], row["gaps"])
    assert (found.past, found.on_time) == (int(row["past"]), int(row["on_time"]))


def case(name: str) -> dict[str, str]:
    return dict(next(row for row in CASES if row["case"] == name))


def test_expectation_that_was_entered_after_the_delivery_was_due_says_so() -> None:
    row = case("all of a day a second after the grace term")
    assert [one.entered_later for one in stand(row, "2026-03-03T06:00Z").told] == [False]
    assert [one.entered_later for one in stand(row, "2026-03-03T06:00:01Z").told] == [True]


def test_gap_names_the_leaf_that_took_values_back() -> None:
    assert [gap.withdrawn for gap in stand(case("what was taken back is missing")).gaps] == [(9,)]


def test_late_names_the_leaf_that_brought_it() -> None:
    told = stand(case("an hour filled later is late in an otherwise punctual day")).told
    assert [(one.leaves, one.state) for one in told] == [((2,), State.LATE)]


def test_corrected_period_is_told_though_it_was_on_time() -> None:
    row = case("all of a day at the last moment of the grace term")
    term = stand(row).term
    days = calendar(term, datetime.fromisoformat(row["now"]))
    found = standing.stand(
        term, "NL90001.so2.1h", days, arrived(row["arrived"]), corrected=[(seconds("2026-03-02T23:00Z"), 5)]
    )
    assert [(one.state, one.corrected) for one in found.told] == [(State.ON_TIME, (5,))]
    assert found.on_time == 1
    outside = [(seconds("2026-03-03T00:00Z"), 5), (seconds("2026-03-01T23:00Z"), 5)]
    assert standing.stand(term, "NL90001.so2.1h", days, arrived(row["arrived"]), corrected=outside).told == ()


HOUR = 3600


@given(
    every=st.sampled_from(["hour", "day", "week"]),
    clock=st.sampled_from(["UTC", "CET", "local"]),
    step=st.sampled_from([HOUR, 2 * HOUR, 24 * HOUR]),
    stretches=st.lists(
        st.tuples(st.integers(0, 200), st.integers(1, 60), st.integers(0, 400), st.sampled_from("st")), max_size=8
    ),
    taken=st.lists(st.tuples(st.integers(0, 200), st.integers(1, 20)), max_size=2),
    closed=st.lists(st.integers(0, 400), max_size=2),
    now=st.integers(0, 400),
)
def test_numbers_are_those_of_the_periods_and_steps_add_up(
    every: str,
    clock: str,
    step: int,
    stretches: list[tuple[int, int, int, str]],
    taken: list[tuple[int, int]],
    closed: list[int],
    now: int,
) -> None:
    assume(step <= shortest(Every(every), Clock(clock)))
    origin = seconds("2026-03-26T23:00Z")  # three days before the clock change
    one = Expectation(
        id="e",
        submitter="s",
        series=(f"NL90001.so2.{step}s",),
        step=step,
        every=Every(every),
        clock=Clock(clock),
        term=Span(hours=5),
        grace=Span(hours=7),
        valid_from="2026-03-27",
        valid_to="2026-04-06",
    )
    (term,) = terms([(0, datetime.fromisoformat("2020-01-01T00:00Z"), one)])
    days = calendar(term, datetime.fromtimestamp(origin + now * HOUR, UTC))
    rows = Rows()
    came = []
    for leaf, (start, steps, received, who) in enumerate(stretches):
        for a, b in rows.holes(origin + start * step, origin + (start + steps) * step):
            came.append(Arrived(a, b, leaf, min(received, now) * HOUR + origin, who))
            rows.put(came[-1], own=who == "s")
    gone = [Gone(origin + start * step, origin + (start + steps) * step, 99) for start, steps in taken]
    shut = [Shut(50 + i, origin + hour * HOUR) for i, hour in enumerate(closed)]
    found = standing.stand(term, one.series[0], days, came, gone=gone, closed=shut)
    require_same(found, counted(term, days, one.series[0], came, gone, shut))
    there = {a + i * step for a, b, *_ in came for i in range((b - a) // step)}
    there -= {g.start + i * step for g in gone for i in range((g.end - g.start) // step)}
    for told in found.told:
        assert told.expected == told.on_time + told.late + told.others + told.missing
        begun = [t for t in there if told.period.start.timestamp() <= t < told.period.end.timestamp()]
        assert told.on_time + told.late + told.others == len(begun)
