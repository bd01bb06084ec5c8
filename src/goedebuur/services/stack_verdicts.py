"""What pages and the API show of published verdicts at the stacks of a site, and of one verdict taken apart.

All of it is read from the published result: nothing is judged again for a reader, and what is said is what was
published. Taken apart, a verdict is worked out from the averages that were published with it, and the rules, limits and
streams of the tree size of its receipt.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.receipts import Receipt
from goedebuur.core.compliance.emissions import explanation
from goedebuur.core.compliance.emissions.explanation import EmissionExplanation
from goedebuur.core.emissions.streams import Stream
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.services import emission_results, emission_verdicts, projection, site_views, streams

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.services.record import Record

NOT_PUBLISHED: Final = declare(
    "emission-not-published", "No verdicts on the stacks of that site and year are published."
)
NO_PERIOD: Final = declare("emission-period", "A verdict has no such day or month.")


@dataclass(frozen=True, slots=True)
class PublishedYear:
    """The published verdicts of a site and year.

    Parameters
    ----------
    verdicts, alternatives, loads, hours, days, reports
        Lines of the result, as published: numbers are exact text.
    unmeasured
        Requirements of substances that no stream measures.
    shown
        Stream → uncertainty that was shown of its instrument. [mg/Nm³]
    averages
        SHA-256 of the file with the averages that were judged; empty where none was published.
    newer
        Whether raw values of a stream of the site came in or changed since.
    """

    site: str
    year: int
    leaf: int
    published: datetime
    receipt: Receipt
    verdicts: tuple[Mapping[str, Any], ...]
    alternatives: tuple[Mapping[str, Any], ...]
    loads: tuple[Mapping[str, Any], ...]
    hours: tuple[Mapping[str, Any], ...]
    days: tuple[Mapping[str, Any], ...]
    reports: tuple[Mapping[str, Any], ...]
    unmeasured: tuple[str, ...]
    shown: Mapping[str, str]
    averages: str
    newer: bool


@dataclass(frozen=True, slots=True)
class YearView:
    """What is published of a site: of one year, where there is something, and of which years."""

    site: str
    name: str
    simulated: bool
    year: int | None
    years: tuple[int, ...]
    published: tuple[PublishedYear, ...]
    """Of each site that is one with it and has published verdicts."""
    streams: Mapping[str, Stream]
    points: Mapping[str, str]
    """Emission point → its name."""


def view(record: Record, site: str, year: int | None = None, as_of: int | None = None) -> YearView:
    """Return the published verdicts of a site in a year; without a year in the newest of which there are any.

    Raises
    ------
    GoedeBuurError
        `site-unknown`.
    """
    found = site_views.find(record, site, as_of)
    told = {member: emission_results.newest(record, as_of).get(member, {}) for member in found.members}
    years = tuple(sorted({one for leaves in told.values() for one in leaves}, reverse=True))
    asked = year if year is not None else years[0] if years else None
    published = [
        publication(record, member, asked, leaves[asked], as_of)
        for member, leaves in told.items()
        if asked is not None and asked in leaves
    ]
    of = {one.id: one for member in found.members for one in streams.of_site(record, member, as_of)}
    points = {one.id: one.names[-1].value if one.names else one.id for one in found.emission_points}
    return YearView(found.id, found.name, found.simulated, asked, years, tuple(published), of, points)


def publication(record: Record, site: str, year: int, position: int, as_of: int | None = None) -> PublishedYear:
    """Return the verdicts of a site and year that were published with a leaf."""
    return record.remembered(("stack verdicts", position, as_of), lambda: _parsed(record, site, year, position, as_of))


def _parsed(record: Record, site: str, year: int, position: int, as_of: int | None) -> PublishedYear:
    leaf = record.ledger.leaf(position)
    assert isinstance(leaf, Leaf)
    lines = record.evidence.records(str((leaf.batch or {})["sha256"]))
    receipt = Receipt.from_record(leaf.inputs or {})

    def of(kind: str) -> tuple[Mapping[str, Any], ...]:
        return tuple(one for one in lines if one["type"] == kind)

    return PublishedYear(
        site,
        year,
        position,
        datetime.fromisoformat(leaf.received),
        receipt,
        of("verdict"),
        of("alternative"),
        of("load"),
        of("hours"),
        of("days"),
        of("report"),
        tuple(lines[0].get("unmeasured", ())),
        lines[0].get("shown", {}),
        str((leaf.payload or {}).get("sha256", "")),
        _newer(record, site, receipt.tree_size, as_of),
    )


def _newer(record: Record, site: str, since: int, as_of: int | None) -> bool:
    """Return whether raw values of the site came in after a tree size."""
    series = {one.series for one in streams.of_site(record, site, as_of)}
    for leaf in record.ledger.leaves(since, record.observations.size if as_of is None else as_of):
        if isinstance(leaf, Leaf) and leaf.kind in projection.OBSERVATION_KINDS and series & set(leaf.series):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Apart:
    """One published verdict taken apart: the line as it was published, and a period of it down to its averages.

    Parameters
    ----------
    period
        `2026-03-03`, `2026-03`, or the year.
    judged
        Whether the period is judged by itself; else the outcome and the sum are those of the year that it is a part of.
    """

    view: YearView
    published: PublishedYear
    line: Mapping[str, Any]
    stream: Stream
    period: str
    judged: bool
    found: EmissionExplanation

    @property
    def outcome(self) -> str:
        """Return what is said of the period, or of the year where the period is not judged by itself."""
        return str(self.found.period.outcome)


class PublishedAverages:
    """The averages that were published with verdicts."""

    def __init__(self, record: Record, sha256: str) -> None:
        import polars as pl

        self.frame = pl.read_parquet(io.BytesIO(record.evidence.payload(sha256)))
        self.sha256 = sha256

    def short(self, stream: Stream, year: int) -> pl.DataFrame:
        """Return the short averages of a stream."""
        return self.frame.filter(self.frame["stream"] == stream.id)

    def inputs(self) -> Sequence[str]:
        """Return the digest of the file."""
        return (self.sha256,)


def apart(
    record: Record, view: YearView, stream: str, requirement: str, period: str = "", *, above_alone: bool = False
) -> Apart:
    """Return one published verdict taken apart.

    Parameters
    ----------
    period
        `2026-03-03`, `2026-03`, or empty for the whole year.
    above_alone
        Whether of more than a day only the averages above the limit are listed.

    Raises
    ------
    GoedeBuurError
        `emission-not-published`, `emission-unknown`; `emission-period` for no day or month of the year.
    """
    if not view.published:
        raise GoedeBuurError(
            NOT_PUBLISHED,
            "No verdicts on the stacks of that site and year are published.",
            value=f"{view.site} {view.year or ''}".strip(),
            hint="`goedebuur stack verdicts SITE YEAR --publish` publishes them.",
        )
    published, line = _line(view, stream, requirement)
    year, size = published.year, published.receipt.tree_size
    start = period_of(year, period)
    verdict, asked, shorts, book = emission_verdicts.one(
        record,
        published.site,
        year,
        stream,
        requirement,
        PublishedAverages(record, published.averages),
        as_of=size,
        shown={name: Fraction(value) for name, value in published.shown.items()},
    )
    told = explanation.explain(
        verdict,
        asked,
        shorts,
        year,
        start,
        book,
        above_alone=above_alone and len(start) < len("2026-03-03"),
        at=published.published,
    )
    of = streams.find(record, Stream, stream, size)
    return Apart(view, published, line, of, start, told.period.start == start, told)


def _line(found: YearView, stream: str, requirement: str) -> tuple[PublishedYear, Mapping[str, Any]]:
    for published in found.published:
        for line in published.verdicts:
            if (line["stream"], line["requirement"]) == (stream, requirement) and published.averages:
                return published, line
    raise GoedeBuurError(
        emission_verdicts.NO_REQUIREMENT,
        "There is no published verdict of that stream and requirement.",
        value=f"{stream} {requirement}",
        hint="The page of the verdicts of the site lists them.",
    )


def period_of(year: int, period: str) -> str:
    """Return the period that is asked: the year, a month of it, or a day of it.

    Raises
    ------
    GoedeBuurError
        `emission-period`.
    """
    if period in ("", str(year)):
        return str(year)
    try:
        day = date.fromisoformat(period if len(period) > len("2026-03") else f"{period}-01")
    except ValueError:
        day = date.min
    if day.year != year or not day.isoformat().startswith(period):
        hint = f"Give a day or a month of {year}, as {year}-03-01 or {year}-03."
        raise GoedeBuurError(
            NO_PERIOD, "The verdict has no such day or month.", place="period", value=period, hint=hint
        )
    return period
