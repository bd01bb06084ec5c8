"""Records of measuring: station, sampling point, series, observation, submission.

Observations are columnar: a frame with :data:`OBSERVATIONS`, sorted by series, start and step. The value is the
reported decimal as an integer and its number of decimals, so that `16.150` stays `16150` with three decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

import polars as pl

from goedebuur.core.base.periods import Period, iso

OBSERVATIONS: Final[dict[str, Any]] = {
    "series": pl.String(),
    "start": pl.Datetime("us", "UTC"),
    "step": pl.Int32(),  # [s]
    "value": pl.Int64(),  # reported digits without the point; null in a tombstone only
    "decimals": pl.Int8(),
    "unit": pl.String(),  # as reported
    "flags": pl.Int32(),  # goedebuur.core.base.flags.Flag
    "remark": pl.String(),  # the supplier's words, null without
}
KEY: Final = ("series", "start", "step")
TOLD_IN_PARTS: Final = frozenset({"station", "sampling_point", "series", "release"})
"""Kinds of catalogue record of which a later one adds to an earlier one: suppliers each know a part. Of every other
kind a record is whole, and takes the place of the one before it with all that it leaves empty."""
STEP_NAMES: Final = {60: "1min", 600: "10min", 900: "15min", 1800: "30min", 3600: "1h", 86400: "24h"}
"""Length of a step [s] → how identifiers write it; any other is written in seconds."""


@dataclass(frozen=True, slots=True)
class Station:
    """A place with a name where something is measured. Coordinates as the supplier gave them, WGS84 degrees."""

    id: str
    name: str
    latitude: str
    longitude: str
    operator: str = ""
    area: str = ""
    kind: str = ""
    municipality: str = ""


@dataclass(frozen=True, slots=True)
class SamplingPoint:
    """One instrument's inlet at a station: the principle and set-up by which one quantity is measured there."""

    id: str
    station: str
    quantity: str
    principle: str = ""
    instrument: str = ""
    accreditation: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One quantity at one sampling point in steps of one length. The identifier comes from :func:`series_id`."""

    id: str
    station: str
    sampling_point: str
    quantity: str
    unit: str
    step: int  # [s]
    max_decimals: int
    clock: str  # the clock on which the supplier labels its hours, for the reader; starts are UTC


@dataclass(frozen=True, slots=True)
class CatalogueRecord:
    """One fact that gives numbers their meaning, valid from a moment on. The key is (kind, id, valid_from).

    Of a kind in :data:`TOLD_IN_PARTS` it may leave fields empty that others filled; otherwise it is whole.
    """

    kind: str  # "station" | "sampling_point" | "series" | "release" | "submitter" | "site" | …
    id: str
    valid_from: str  # ISO date, UTC
    body: Mapping[str, Any]

    @classmethod
    def of(cls, record: Station | SamplingPoint | Series, valid_from: datetime) -> CatalogueRecord:
        """Return the catalogue record of a station, sampling point or series."""
        kinds = {Station: "station", SamplingPoint: "sampling_point", Series: "series"}
        return cls(kinds[type(record)], record.id, iso(valid_from), asdict(record))


@dataclass(frozen=True, slots=True)
class Parsed:
    """What an adapter made of one file.

    `values_in == observations.height + sum(skipped.values())` holds always: a cell is either a row or counted.

    Parameters
    ----------
    observations
        Frame with :data:`OBSERVATIONS`, unique by :data:`KEY`.
    catalogue
        Stations, sampling points and series that the file describes.
    covers
        Per series the period for which this file is complete: what is absent there now was not measured or was
        withdrawn. None where a file says nothing about what it leaves out (no tombstones follow from it).
    values_in
        Number of value cells in the file, empty ones included.
    skipped
        Reason → number of value cells that did not become a row, e.g. `{"empty": 120}`.
    doubts
        Sentences about what was read but looks wrong, for the person who delivered it.
    """

    observations: pl.DataFrame
    catalogue: tuple[CatalogueRecord, ...]
    covers: Period | None
    values_in: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.values_in != self.observations.height + sum(self.skipped.values()):
            raise ValueError(
                f"{self.values_in} values went in, but {self.observations.height} are rows and "
                f"{sum(self.skipped.values())} are counted as skipped"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One delivery: whose it is and which bytes. Its identity is their digest with the parser and its version."""

    submitter: str
    adapter: str  # parser and version, "rivm_lml/1"
    name: str  # of the delivered file
    sha256: str

    @property
    def id(self) -> str:
        """Return the identity under which the same delivery is recognised."""
        return submission_id(self.sha256, self.adapter)


def submission_id(sha256: str, adapter: str) -> str:
    """Return the identity of a delivery: the digest of its bytes, and the parser with its version."""
    return f"{sha256}:{adapter}"


def series_id(station: str, quantity: str, step: int) -> str:
    """Return the identifier of a series, independent of who supplies it.

    >>> series_id("NL49553", "pm10", 3600)
    'NL49553.pm10.1h'
    """
    return f"{station}.{quantity}.{STEP_NAMES.get(step, f'{step}s')}"


def step_of(series: str) -> int | None:
    """Return the step in the identifier of a series [s]; None where that is none.

    >>> step_of("NL49553.pm10.1h"), step_of("NL49553.pm10.300s")
    (3600, 300)
    """
    name = series.rpartition(".")[2]
    known = next((step for step, short in STEP_NAMES.items() if short == name), None)
    return known or (int(name[:-1]) if name.endswith("s") and name[:-1].isdecimal() and len(name) < 10 else None)
