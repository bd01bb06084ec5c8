"""How the published verdicts of a year at the stacks of a site came to be others: one publication beside one before.

Read from what was published, so that nothing is worked out again: the lines of both, and the averages that both judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.exact import as_text
from goedebuur.core.base.periods import iso
from goedebuur.services import emission_results, site_views, stack_verdicts
from goedebuur.services.stack_averages import KEYS
from goedebuur.services.stack_differences import BEFORE, compared
from goedebuur.services.stack_verdicts import PublishedAverages, PublishedYear

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.services.record import Record

JUDGED: Final = ("standard", "state", "valid")
"""Columns of the averages by which a verdict is come to."""
COLUMNS: Final = (*KEYS, *JUDGED, *(f"{name}{BEFORE}" for name in JUDGED))
"""Of the table of averages that differ: `standard` in the unit of the stream at the conditions of the limit."""
DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication of the verdicts of a year: its leaf, when it came, and the tree size that it is made of."""

    leaf: int
    site: str
    published: datetime
    tree_size: int


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A period of which the verdict on a limit is another than it was.

    Parameters
    ----------
    period
        `2026-03-03`, `2026-03`, or the year.
    line
        The line of the verdict, as published later; as before where it is gone.
    before, after
        What was said of the period; None where nothing was said.
    """

    line: Mapping[str, Any]
    period: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class YearChange:
    """Two publications of a year, and what is different.

    Parameters
    ----------
    publications
        All of the year, newest first.
    before, after
        The two that are compared; None where there is only one, or none.
    lines
        By stream, limit and period; the year before its parts.
    averages
        Averages that differ: the columns of KEYS, those of JUDGED, and what these were with the suffix `_before`; the
        units of :data:`~goedebuur.core.emissions.tables.SHORT`. What only one of both has, has nulls.
    """

    year: int | None
    publications: tuple[Publication, ...]
    before: PublishedYear | None
    after: PublishedYear | None
    lines: tuple[ChangedLine, ...]
    averages: pl.DataFrame


def of_year(
    record: Record, site: str, year: int | None, leaf: int | None = None, as_of: int | None = None
) -> YearChange:
    """Return how a publication of the verdicts of a year differs from the one before it.

    Parameters
    ----------
    year
        None for none: nothing is compared.
    leaf
        Of the publication; None for the newest that has one before it, or the newest.

    Raises
    ------
    GoedeBuurError
        `site-unknown`; `emission-not-published` where no publication of the year has that leaf.
    """
    members = site_views.find(record, site, as_of).members
    every = tuple(sorted(_publications(record, members, year, as_of), key=lambda one: -one.leaf))
    if not every and leaf is None:
        return YearChange(year, (), None, None, (), _none())
    after = _chosen(every, leaf, site)
    before = _before(every, after)
    assert year is not None  # there is a publication of it
    now = stack_verdicts.publication(record, after.site, year, after.leaf, as_of)
    if before is None:
        return YearChange(year, every, None, now, (), _none())
    was = stack_verdicts.publication(record, before.site, year, before.leaf, as_of)
    averages = record.remembered(("stack changes", was.leaf, now.leaf), lambda: _averages(record, was, now))
    return YearChange(year, every, was, now, tuple(_lines(was, now)), averages)


def table(averages: pl.DataFrame) -> list[tuple[str, ...]]:
    """Return averages that differ as text, in order of :data:`COLUMNS`; empty where there is none."""
    return [tuple(_cell(name, row[name]) for name in COLUMNS) for row in averages.iter_rows(named=True)]


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return iso(value)
    if name.startswith("standard"):
        return as_text(value, DECIMALS)
    return str(value)


def _publications(
    record: Record, members: tuple[str, ...], year: int | None, as_of: int | None
) -> Iterator[Publication]:
    for member in members if year is not None else ():
        for leaf, _ in emission_results.published(record, member, year, as_of):
            told = stack_verdicts.publication(record, member, int(year or 0), leaf, as_of)
            yield Publication(leaf, member, told.published, told.receipt.tree_size)


def _before(every: tuple[Publication, ...], after: Publication) -> Publication | None:
    return next((one for one in every if one.site == after.site and one.leaf < after.leaf), None)


def _chosen(every: tuple[Publication, ...], leaf: int | None, site: str) -> Publication:
    if leaf is None:
        return next((one for one in every if _before(every, one) is not None), every[0])
    found = next((one for one in every if one.leaf == leaf), None)
    if found is None:
        raise GoedeBuurError(
            stack_verdicts.NOT_PUBLISHED,
            "No verdicts of that site and year were published with that entry.",
            place="leaf",
            value=f"{site} {leaf}",
            hint="The page without `leaf` lists the publications of the year.",
        )
    return found


def _lines(was: PublishedYear, now: PublishedYear) -> Iterator[ChangedLine]:
    sides = [{(one["stream"], one["requirement"]): one for one in side.verdicts} for side in (was, now)]
    for key in sorted(sides[0].keys() | sides[1].keys()):
        lines = [side.get(key) for side in sides]
        line = lines[1] or lines[0]
        assert line is not None
        before, after = ({} if one is None else _periods(one) for one in lines)
        for period in sorted(before.keys() | after.keys(), key=lambda start: (len(start), start)):
            if before.get(period) != after.get(period):
                yield ChangedLine(line, period, before.get(period), after.get(period))


def _periods(line: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {one["start"]: one for one in (line["year"], *line["periods"])}


def _averages(record: Record, was: PublishedYear, now: PublishedYear) -> pl.DataFrame:
    columns = [*KEYS, *JUDGED]
    before, after = (
        _none(bare=True) if not one.averages else PublishedAverages(record, one.averages).frame.select(columns)
        for one in (was, now)
    )
    return compared(before, after, KEYS).sort("start", "stream", "reference", "length")


def _none(*, bare: bool = False) -> pl.DataFrame:
    import polars as pl

    from goedebuur.core.emissions.tables import SHORT

    found = pl.DataFrame(schema={name: SHORT[name] for name in (*KEYS, *JUDGED)})
    return found if bare else compared(found, found, KEYS)
