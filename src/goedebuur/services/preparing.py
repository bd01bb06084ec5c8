"""Everything about a delivery that needs no lock: recognise, parse, convert, check. Nothing is stored here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl

from goedebuur import adapters  # noqa: F401 - fills the registry
from goedebuur.adapters import cells, payloads
from goedebuur.adapters.base import Adapter, named, recognise
from goedebuur.core.base import canonical, errors, plain, rulebook
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.flags import Flag
from goedebuur.core.base.periods import Period
from goedebuur.core.emissions.measuring import reports
from goedebuur.core.emissions.measuring.reports import ParsedReports
from goedebuur.core.emissions.visible import sightings
from goedebuur.core.emissions.visible.sightings import ParsedSightings
from goedebuur.core.expectations import reasons
from goedebuur.core.expectations.reasons import ParsedReasons
from goedebuur.core.measurements import checks
from goedebuur.core.measurements.conversion import to_canonical
from goedebuur.core.measurements.records import OBSERVATIONS, CatalogueRecord, Parsed, Submission, submission_id
from goedebuur.core.measurements.releases import ParsedReleases
from goedebuur.rules import gap_reasons

ALWAYS: Final = "1970-01-01T00:00:00Z"
"""From when a report is valid: a correction may move the day of measuring, and takes its place all the same."""
UNREADABLE_FILE: Final = declare("input-unreadable-file", "The file that was named cannot be read.")
MIXED_STEPS: Final = declare("input-mixed-steps", "One series has values over stretches of different lengths.")
UNREADABLE: Final = declare("input-unreadable", "The parser failed on the file in a way that it does not expect.")

_BOOK: Final = rulebook.area(
    "delivery",
    "De levering als geheel",
    "The delivery as a whole",
    rulebook.own("een levering komt er helemaal in of helemaal niet", "a delivery is taken in whole or not at all"),
    "tests/rulebook/test_deliveries.py::test_refused",
)
READ_FROM_DISK: Final = _BOOK.refuse(
    "file",
    UNREADABLE_FILE,
    "Het bestand is te openen.",
    "The file can be opened.",
)
PARSER_STANDS: Final = _BOOK.refuse(
    "parser",
    UNREADABLE,
    "De parser leest het bestand zonder vast te lopen.",
    "The parser reads the file without failing.",
    basis=rulebook.own(
        "wat de parser niet voorziet is geweigerd, en houdt geen ander bestand tegen",
        "what the parser does not foresee is refused, and stops no other file",
    ),
)
YEAR: Final = _BOOK.refuse(
    "year",
    errors.BAD_TIME,
    f"Elke tijd ligt in de jaren {cells.YEARS[0]} tot en met {cells.YEARS[1]}.",
    f"Each time lies in the years {cells.YEARS[0]} to {cells.YEARS[1]}.",
    basis=rulebook.own(
        "de oudste Nederlandse temperatuurreeks begint in 1706; verwisselde kolommen geven andere jaren",
        "the oldest Dutch series of temperatures begins in 1706; swapped columns give other years",
    ),
)
ONE_STEP: Final = _BOOK.refuse(
    "one-step",
    MIXED_STEPS,
    "Een reeks heeft waarden over stappen van één lengte.",
    "A series has values over steps of one length.",
    basis=rulebook.own(
        "een gemiddelde zou dezelfde lucht twee keer tellen", "an average would count the same air twice"
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared(Submission):
    """A delivery, read and checked, ready to be compared with what is held.

    Parameters
    ----------
    rows : DataFrame
        Observations with quantity and micro, our checks in their flags.
    named
        Series for which the file is complete over `covers`.
    release
        Whether the catalogue records are the content (releases, reasons for gaps, reports), not what goes with
        observations.
    signature
        The submitter's own, as a leaf keeps it (`core/ledger/statements.py`), or None.
    """

    data: bytes
    title: str
    rows: pl.DataFrame
    catalogue: tuple[CatalogueRecord, ...]
    named: tuple[str, ...]
    covers: Period | None
    values_in: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    release: bool = False
    signature: Mapping[str, Any] | None = None

    @property
    def validated(self) -> list[tuple[str, Period]]:
        """Return the series and period for which this is the validated word; nothing for any other delivery."""
        if self.covers is None or self.rows.is_empty():
            return []
        said = self.rows["flags"] & int(Flag.VALIDATED | Flag.PROVISIONAL)
        if (said != int(Flag.VALIDATED)).any():
            return []
        return [(series, self.covers) for series in self.named]

    @property
    def period(self) -> Period | None:
        """Return the period that the rows and the file's own claim of completeness span."""
        return span(self.rows, self.covers)


def span(rows: pl.DataFrame, covers: Period | None = None) -> Period | None:
    """Return from the first start to the last end of some rows, widened to `covers`; None without either."""
    if rows.is_empty():
        return covers
    ends = rows.select(pl.col("start").min(), end=(pl.col("start") + pl.duration(seconds="step")).max()).row(0)
    if covers is None:
        return Period(*ends)
    return Period(min(ends[0], covers.start), max(ends[1], covers.end))


def read_file(path: Path) -> bytes:
    """Return the bytes of a file to deliver.

    Raises
    ------
    GoedeBuurError
        `input-unreadable-file`, `input-too-large`.
    """
    try:
        with path.open("rb") as stream:
            return payloads.read(stream, path.name)
    except OSError as error:
        raise READ_FROM_DISK.error(
            "This file cannot be read.",
            place=path.name,
            value=error.strerror or "",
            hint="Check its name and that you may read it.",
        ) from None


def choose(data: bytes, name: str, adapter: str | None) -> Adapter:
    """Return the adapter that was named, or the one that recognises the bytes; errors as `adapters.base`."""
    with guarded(name):
        return named(adapter) if adapter is not None else recognise(name, data[: payloads.HEAD])


def identity(data: bytes, adapter: Adapter) -> str:
    """Return the identity of a delivery without parsing it."""
    return submission_id(canonical.sha256(data), f"{adapter.id}/{adapter.version}")


def prepare(data: bytes, name: str, adapter: Adapter, submitter: str | None = None) -> Prepared:
    """Return a delivery parsed, converted and checked.

    Raises
    ------
    GoedeBuurError
        An `input-…` error that names the place. Nothing was stored.
    """
    with guarded(name):
        return _prepare(data, name, adapter, submitter)


@contextmanager
def guarded(name: str) -> Iterator[None]:
    """Turn whatever goes wrong in reading a file into an error that names it, so that it stops no other file.

    Raises
    ------
    GoedeBuurError
        As it came, or `input-unreadable` from anything else but lack of memory.
    """
    try:
        yield
    except (GoedeBuurError, MemoryError):
        raise
    except (Exception, pl.exceptions.PanicException) as error:
        raise PARSER_STANDS.error(
            "This file cannot be read, in a way that its parser does not expect.",
            place=name,
            value=f"{type(error).__name__}: {error}",
            hint="Deliver the file as the supplier published it; if it is that, report this as a fault of the parser.",
        ) from error


def _prepare(data: bytes, name: str, adapter: Adapter, submitter: str | None) -> Prepared:
    parsed = adapter.parse(data, name)
    who = submitter or adapter.submitter
    rows, covers = no_rows(), None
    told: tuple[CatalogueRecord, ...] = ()
    if isinstance(parsed, ParsedReleases):
        told = tuple(_releases(parsed.releases))
    elif isinstance(parsed, ParsedReasons):
        for row in parsed.rows:
            gap_reasons.require((row[3],), f"{name}, series {row[0]} from {row[1]}, column reason")
        told = tuple(_reasons(parsed, who))
    elif isinstance(parsed, ParsedReports):
        told = tuple(_reports(parsed, who))
    elif isinstance(parsed, ParsedSightings):
        told = tuple(CatalogueRecord(sightings.KIND, one.id, one.start, plain.write(one)) for one in parsed.rows)
    else:
        rows, told, covers = converted(parsed.observations, name), parsed.catalogue, parsed.covers
    if rows.height:
        rows = rows.with_columns(flags=rows["flags"] | checks.check(rows))
    _require_years(rows, covers, name)
    require_one_step(rows, name)
    canonical.encode({"doubts": list(parsed.doubts), "skipped": dict(parsed.skipped)})  # both go into the log
    series = {record.id for record in told if record.kind == "series"}
    series.update(rows["series"].unique().to_list())
    return Prepared(
        data=data,
        name=name,
        sha256=canonical.sha256(data),
        adapter=f"{adapter.id}/{adapter.version}",
        submitter=who,
        title=adapter.title,
        rows=rows,
        catalogue=told,
        named=tuple(sorted(series)),
        covers=covers,
        values_in=parsed.values_in,
        skipped=parsed.skipped,
        doubts=parsed.doubts,
        release=not isinstance(parsed, Parsed),
    )


def _require_years(rows: pl.DataFrame, covers: Period | None, name: str) -> None:
    period = None if rows.is_empty() else rows.select(pl.col("start").min(), pl.col("start").max().alias("last")).row(0)
    moments = [*(period or ()), *((covers.start, covers.end) if covers is not None else ())]
    for moment in moments:
        if not cells.YEARS[0] <= moment.year <= cells.YEARS[1]:
            raise YEAR.error(
                "A time is none at which anything was measured.",
                place=name,
                value=str(moment),
                hint=f"Expected are years from {cells.YEARS[0]} to {cells.YEARS[1]}: were columns swapped?",
            )


def require_one_step(rows: pl.DataFrame, name: str) -> None:
    """Refuse a series with hours and, say, ten minutes in it: an average would count the same air twice.

    Raises
    ------
    GoedeBuurError
        `input-mixed-steps`.
    """
    mixed = rows.group_by("series").agg(steps=pl.col("step").n_unique()).filter(pl.col("steps") > 1)
    if mixed.height:
        raise ONE_STEP.error(
            "A series has values over stretches of different lengths.",
            place=name,
            value=min(mixed["series"].to_list()),
            hint="Hours and shorter steps are series of their own: `records.series_id` has the step in its name.",
        )


def converted(rows: pl.DataFrame, place: str = "") -> pl.DataFrame:
    """Return observations with quantity and micro added; errors as :func:`to_canonical`."""
    return to_canonical(rows.select([pl.col(name).cast(kind) for name, kind in OBSERVATIONS.items()]), place)


def no_rows() -> pl.DataFrame:
    """Return observations without any row."""
    return pl.DataFrame(schema=OBSERVATIONS | {"quantity": pl.String(), "micro": pl.Int64()})


def _reasons(parsed: ParsedReasons, submitter: str) -> Iterator[CatalogueRecord]:
    for row in parsed.rows:
        body = reasons.body(row)
        yield CatalogueRecord(reasons.KIND, reasons.record_id(body, submitter), body["start"], body)


def _reports(parsed: ParsedReports, submitter: str) -> Iterator[CatalogueRecord]:
    for one in parsed.reports:
        yield CatalogueRecord(reports.KIND, reports.record_id(one.id, submitter), ALWAYS, plain.write(one))


def _releases(releases: pl.DataFrame) -> list[CatalogueRecord]:
    return [
        CatalogueRecord(
            "release",
            f"{row['facility']}:{row['medium']}:{row['pollutant']}:{row['year']}",
            f"{row['year']:04d}-01-01T00:00:00Z",
            row,
        )
        for row in releases.iter_rows(named=True)
    ]
