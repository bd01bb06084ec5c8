"""When rows first came in, and which were taken back: a part of the catalogue, as stretches without a hole.

`arrived` holds of each submitter and series every step once, with the leaf that first brought it; so as of N are the
stretches with a leaf below N. `gone` holds what was taken back, with the leaf by which it came back, if it did.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from goedebuur.core.expectations.rows import Arrived, Gone, Rows

SCHEMA: Final = """
CREATE TABLE arrived (
    series TEXT NOT NULL, submitter TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    leaf INTEGER NOT NULL, received INTEGER NOT NULL, PRIMARY KEY (series, submitter, start)
) WITHOUT ROWID;
CREATE TABLE gone (
    series TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, leaf INTEGER NOT NULL, back INTEGER,
    PRIMARY KEY (series, start, leaf)
) WITHOUT ROWID;
"""
Ask = Callable[..., list[Any]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows of one series in one leaf that follow each other: from start to end, received when. [s since 1970]"""

    series: str
    start: int
    end: int
    received: int
    withdrawn: bool


def enter(db: sqlite3.Connection, leaf: int, submitter: str, stretches: Iterable[Stretch]) -> None:
    """Enter the rows of a leaf, given by series and start."""
    for series, group in groupby(stretches, key=lambda one: one.series):
        rows = list(group)
        taken = [one for one in rows if one.withdrawn]
        given = [one for one in rows if not one.withdrawn]
        if given:
            _give(db, leaf, submitter, series, given)
        db.executemany(
            "INSERT OR REPLACE INTO gone VALUES (?, ?, ?, ?, NULL)",
            [(series, one.start, one.end, leaf) for one in taken],
        )


def _give(db: sqlite3.Connection, leaf: int, submitter: str, series: str, rows: Sequence[Stretch]) -> None:
    first, last = rows[0].start, max(one.end for one in rows)
    held = db.execute(
        'SELECT start, "end" FROM arrived WHERE series = ? AND submitter = ? AND start < ? AND "end" > ? '
        "ORDER BY start",
        (series, submitter, last, first),
    ).fetchall()
    new = [(start, end, one.received) for one in rows for start, end in _holes(held, one.start, one.end)]
    if len(new) == 1 and _prolonged(db, series, submitter, leaf, new[0]):
        new = []
    db.executemany(
        "INSERT INTO arrived VALUES (?, ?, ?, ?, ?, ?)",
        [(series, submitter, start, end, leaf, received) for start, end, received in new],
    )
    away = db.execute(
        'SELECT start, "end", leaf FROM gone WHERE series = ? AND start < ? AND "end" > ? AND back IS NULL',
        (series, last, first),
    ).fetchall()
    for start, end, by in away:
        _bring_back(db, series, (start, end, by), leaf, rows)


def _prolonged(db: sqlite3.Connection, series: str, submitter: str, leaf: int, new: tuple[int, int, int]) -> bool:
    """Return whether what is new goes on where another stretch of this leaf and moment ends; it is made longer then."""
    start, end, received = new
    found = db.execute(
        'UPDATE arrived SET "end" = ? WHERE series = ? AND submitter = ? AND "end" = ? AND leaf = ? AND received = ?',
        (end, series, submitter, start, leaf, received),
    )
    return found.rowcount > 0


def _bring_back(
    db: sqlite3.Connection, series: str, gone: tuple[int, int, int], leaf: int, rows: Sequence[Stretch]
) -> None:
    """Mark what came back of a stretch that was taken back, and leave the rest gone."""
    start, end, by = gone
    back = [(max(one.start, start), min(one.end, end)) for one in rows if one.start < end and one.end > start]
    if not back:
        return
    db.execute("DELETE FROM gone WHERE series = ? AND start = ? AND leaf = ?", (series, start, by))
    parts: list[tuple[int, int, int | None]] = [(a, b, leaf) for a, b in back]
    parts += [(a, b, None) for a, b in _holes(sorted(back), start, end)]
    db.executemany("INSERT INTO gone VALUES (?, ?, ?, ?, ?)", [(series, a, b, by, to) for a, b, to in parts])


def _holes(held: Sequence[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Return the parts of [start, end) that none of some stretches, ascending, hold."""
    found = []
    for other_start, other_end in held:
        if other_end <= start:
            continue
        if other_start >= end:
            break
        if other_start > start:
            found.append((start, other_start))
        start = max(start, other_end)
    if start < end:
        found.append((start, end))
    return found


def arrived(ask: Ask, series: Sequence[str] | None, as_of: int | None) -> dict[str, list[Arrived]]:
    """Return series → the stretches that had arrived at a tree size, of every submitter; of all series for None."""
    where, arguments = _where(series, as_of)
    found: dict[str, list[Arrived]] = {}
    sql = f'SELECT series, start, "end", leaf, received, submitter FROM arrived WHERE {where}'  # noqa: S608
    for name, start, end, leaf, received, submitter in ask(sql, *arguments):
        found.setdefault(name, []).append(Arrived(start, end, leaf, received, submitter))
    return found


def rows(ask: Ask, submitter: str, as_of: int | None) -> dict[str, Rows]:
    """Return series → its rows at a tree size, those of one submitter as the expected ones; of all series."""
    where, arguments = _where(None, as_of)
    sql = (
        f'SELECT series, submitter, start, "end", received, leaf FROM arrived WHERE {where} '  # noqa: S608
        "ORDER BY series, submitter, start"
    )
    found = ask(sql, *arguments)
    columns = [list(column) for column in zip(*found, strict=True)] or [[]] * 6
    names, who, *times = columns
    result: dict[str, Rows] = {}
    first = 0
    while first < len(names):
        last = bisect_right(names, names[first], first)
        if who[first] == who[last - 1]:
            starts, ends, received, leaves = (column[first:last] for column in times)
            result[names[first]] = Rows(starts, ends, received, leaves, [who[first] == submitter] * (last - first))
        else:
            came = [
                Arrived(start, end, leaf, received, name)
                for name, start, end, received, leaf in zip(
                    *(column[first:last] for column in (who, *times)), strict=True
                )
            ]
            result[names[first]] = Rows.of(came, (), submitter)
        first = last
    return result


def gone(ask: Ask, series: Sequence[str] | None, as_of: int | None) -> dict[str, list[Gone]]:
    """Return series → the stretches that were taken back and not there again at a tree size."""
    where, arguments = _where(series, as_of)
    found: dict[str, list[Gone]] = {}
    sql = f'SELECT series, start, "end", leaf FROM gone WHERE {where} AND (back IS NULL OR back >= ?)'  # noqa: S608
    for name, start, end, leaf in ask(sql, *arguments, arguments[0]):
        found.setdefault(name, []).append(Gone(start, end, leaf))
    return found


def _where(series: Sequence[str] | None, as_of: int | None) -> tuple[str, list[Any]]:
    arguments: list[Any] = [2**62 if as_of is None else as_of]
    if series is None:
        return "leaf < ?", arguments
    return "leaf < ? AND series IN (SELECT value FROM json_each(?))", [*arguments, json.dumps(list(series))]
