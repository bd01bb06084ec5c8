"""What *now* means for a page: the newest moment with data, the newest year with published verdicts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from goedebuur.core.base.periods import CET, Period
from goedebuur.core.base.quantities import QUANTITIES
from goedebuur.services import assessment, queries
from goedebuur.services.assessment import PublishedVerdicts
from goedebuur.services.record import Record
from goedebuur.services.views import SeriesView, StationView

USUAL_DAYS: Final = 14
WEATHER: Final = frozenset(
    q.id for q in QUANTITIES.values() if not q.stack and not q.unit.endswith("/m³") and q.unit not in ("ppb", "1/cm³")
)
"""Quantities that say what the weather was, not what was in the air."""


def moment(record: Record, as_of: int | None = None) -> datetime:
    """Return the newest moment of which the record holds a value; the wind of the moment is the wind of then."""
    last = queries.overview(record, as_of).last
    return last if last is not None else datetime(1970, 1, 1, tzinfo=UTC)


def years(record: Record, as_of: int | None = None) -> list[int]:
    """Return the calendar years in which air was measured, newest first."""
    air = [
        (s.first, s.last)
        for station in queries.stations(record, as_of)
        for s in station.series
        if s.quantity not in WEATHER and s.first is not None and s.last is not None
    ]
    if not air:
        return []
    first, last = min(a for a, _ in air), max(b for _, b in air)
    return list(range(last.astimezone(CET).year, first.astimezone(CET).year - 1, -1))


def years_of(series: SeriesView) -> list[int]:
    """Return the calendar years on CET from the first to the last value of a series, newest first."""
    if series.first is None or series.last is None:
        return []
    return list(range(series.last.astimezone(CET).year, series.first.astimezone(CET).year - 1, -1))


def published(record: Record, as_of: int | None = None) -> PublishedVerdicts | None:
    """Return the verdicts of the newest year that has published ones."""
    for year in years(record, as_of):
        found = assessment.published(record, year, as_of)
        if found is not None:
            return found
    return None


def usual_period(series: SeriesView, days: int = USUAL_DAYS) -> Period:
    """Return the last days of a series: what its page shows first."""
    whole = whole_period(series)
    return Period(max(whole.end - timedelta(days=days), whole.start), whole.end)


def whole_period(series: SeriesView) -> Period:
    """Return the period from the first to the last value of a series; a day long ago where it has none."""
    if series.first is None or series.last is None:
        start = datetime(1970, 1, 1, tzinfo=UTC)
        return Period(start, start + timedelta(days=1))
    return Period(series.first, series.last + timedelta(seconds=series.step))


def chosen(station: StationView, quantity: str, step: int | None = None) -> SeriesView | None:
    """Return the series of a quantity: of the step that is asked, else hours, else the shortest step."""
    found = [s for s in station.series if s.quantity == quantity]
    if step is not None:
        return next((s for s in found if s.step == step), None)
    return min(found, key=lambda s: (s.step != 3600, s.step), default=None)
