"""When rows first came in: the same from the table, whoever delivered, as from a plain reckoning of sets."""

from __future__ import annotations

import sqlite3
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from goedebuur.core.expectations.rows import Rows
from goedebuur.store import arrivals
from goedebuur.store.arrivals import Stretch

SERIES = ("NL1.so2.1s", "NL2.so2.1s")
LEAF = st.tuples(
    st.sampled_from(["a", "b"]),
    st.lists(
        st.tuples(st.sampled_from(SERIES), st.integers(0, 30), st.integers(1, 6), st.booleans()), min_size=1, max_size=5
    ),
)


def stretches(given_rows: list[tuple[str, int, int, bool]], received: int) -> list[Stretch]:
    """The rows of a leaf as it can be: of each series and step one at most, by series and start."""
    taken: dict[str, set[int]] = {}
    found = []
    for series, start, length, gone in given_rows:
        held = taken.setdefault(series, set())
        if held.isdisjoint(range(start, start + length)):
            held.update(range(start, start + length))
            found.append(Stretch(series, start, start + length, received, gone))
    return sorted(found, key=lambda one: (one.series, one.start))


@given(st.lists(LEAF, max_size=6), st.integers(0, 7))
def test_table_says_what_sets_of_steps_say(leaves: list[Any], as_of: int) -> None:
    db = sqlite3.connect(":memory:")
    db.executescript(arrivals.SCHEMA)

    def ask(sql: str, *arguments: Any) -> list[Any]:
        return db.execute(sql, arguments).fetchall()

    first: dict[tuple[str, str, int], tuple[int, int]] = {}
    there: dict[str, dict[int, bool]] = {series: {} for series in SERIES}
    for leaf, (who, told) in enumerate(leaves):
        listed = stretches(told, 100 - leaf)
        arrivals.enter(db, leaf, who, listed)
        for one in listed if leaf < as_of else ():
            for step in range(one.start, one.end):
                there[one.series][step] = not one.withdrawn
                if not one.withdrawn:
                    first.setdefault((one.series, who, step), (leaf, one.received))
    arrived, gone = arrivals.arrived(ask, None, as_of), arrivals.gone(ask, None, as_of)
    told_first = {
        (series, one.submitter, step): (one.leaf, one.received)
        for series, found in arrived.items()
        for one in found
        for step in range(one.start, one.end)
    }
    assert told_first == first
    quick = arrivals.rows(ask, "a", as_of)
    for series in SERIES:
        for rows in (Rows.of(arrived.get(series, ()), gone.get(series, ()), "a"), quick.get(series, Rows())):
            for one in gone.get(series, ()):
                rows.take(one.start, one.end)
            held = {step for a, b in zip(rows.starts, rows.ends, strict=True) for step in range(a, b)}
            assert held == {step for step, present in there[series].items() if present}
            assert rows.starts == sorted(rows.starts)
            assert all(a <= b for a, b in zip(rows.ends, rows.starts[1:], strict=False))
