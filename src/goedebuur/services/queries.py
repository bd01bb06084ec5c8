"""What pages and commands ask of the record: one function a question, plain frozen records as answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from goedebuur.services.views import (
    Change,
    Comparison,
    DeliveryView,
    FacilityView,
    Method,
    Provenance,
    RecordView,
    ReleaseView,
    RoseView,
    SeriesView,
    StationView,
    Version,
    WindView,
)

if TYPE_CHECKING:
    from goedebuur.services.record import Record

__all__ = [
    "Change",
    "Comparison",
    "DeliveryView",
    "FacilityView",
    "Method",
    "Provenance",
    "RecordView",
    "ReleaseView",
    "RoseView",
    "SeriesView",
    "StationView",
    "Version",
    "WindView",
]


def overview(record: Record) -> RecordView:
    """Return the state of the whole record."""
    raise NotImplementedError


def stations(record: Record, as_of: int | None = None) -> list[StationView]:
    """Return all stations with their series, by identifier."""
    raise NotImplementedError


def station(record: Record, station_id: str, as_of: int | None = None) -> StationView:
    """Return one station; error `query-unknown-station`."""
    raise NotImplementedError


def series(record: Record, series_id: str, as_of: int | None = None) -> SeriesView:
    """Return one series; error `query-unknown-series`."""
    raise NotImplementedError


def read_series(
    record: Record, series_ids: Sequence[str], start: datetime, end: datetime, as_of: int | None = None
) -> pl.DataFrame:
    """Return rows [series, start, step, micro, flags, remark, leaf] with start in [start, end), sorted."""
    raise NotImplementedError


def chart(
    record: Record, series_ids: Sequence[str], start: datetime, end: datetime, points: int, as_of: int | None = None
) -> dict[str, Any]:
    """Return columnar `{"x": [epoch s], "series": {id: {"mean", "min", "max"}}, "gaps": {id: [[from, to]]}, ...}`.

    Values are floats in the canonical unit, None in a gap; also "step" [s] of x, "units" {id: unit}, "quantities".
    """
    raise NotImplementedError


def provenance(record: Record, series_id: str, start: datetime, as_of: int | None = None) -> Provenance:
    """Return all versions of one observation, newest first; error `query-unknown-observation`."""
    raise NotImplementedError


def deliveries(
    record: Record, limit: int = 50, before: int | None = None, kind: str | None = None
) -> list[DeliveryView]:
    """Return leaves, newest first, below position `before`."""
    raise NotImplementedError


def delivery(record: Record, leaf: int) -> DeliveryView:
    """Return one leaf; error `query-unknown-delivery`."""
    raise NotImplementedError


def difference(
    record: Record, a: int, b: int, series_ids: Sequence[str] | None = None, limit: int = 100_000
) -> list[Change]:
    """Return what reads differently at tree size `b` than at tree size `a` (a ≤ b)."""
    raise NotImplementedError


def compare(
    record: Record, left: str, right: str, start: datetime, end: datetime, as_of: int | None = None
) -> Comparison:
    """Return two series compared on the steps that both have."""
    raise NotImplementedError


def roses(
    record: Record, series_id: str, weather_station: str, start: datetime, end: datetime, as_of: int | None = None
) -> RoseView:
    """Return wind rose and concentration rose."""
    raise NotImplementedError


def wind_now(record: Record, moment: datetime) -> list[WindView]:
    """Return the last known wind at or before a moment, one row a weather station."""
    raise NotImplementedError


def weather_stations(record: Record, as_of: int | None = None) -> list[StationView]:
    """Return the stations that have wind direction and speed."""
    raise NotImplementedError


def facilities(record: Record, as_of: int | None = None) -> list[FacilityView]:
    """Return the facilities of the release register, by identifier."""
    raise NotImplementedError


def export(
    record: Record,
    series_ids: Sequence[str],
    start: datetime,
    end: datetime,
    format: str,
    as_of: int | None = None,
) -> bytes:
    """Return a file, format "csv" or "parquet", with units, flags and leaf columns."""
    raise NotImplementedError
