"""What *now* means for a page: the newest moment with data, the newest year with published verdicts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from goedebuur.core.base.periods import CET, Period
from goedebuur.services import assessment, queries
from goedebuur.services.assessment import PublishedVerdicts
from goedebuur.services.record import Record
from goedebuur.services.views import SeriesView, StationView

USUAL_DAYS = 14


def moment(record: Record) -> datetime:
    """Return the newest moment of which the record holds a value; the wind of the moment is the wind of then."""
    last = queries.overview(record).last
    return last if last is not None else datetime(1970, 1, 1, tzinfo=UTC)


def years(record: Record) -> list[int]:
    """Return the calendar years with measurements, newest first."""
    held = queries.overview(record)
    if held.first is None or held.last is None:
        return []
    return list(range(held.last.astimezone(CET).year, held.first.astimezone(CET).year - 1, -1))


def published(record: Record, as_of: int | None = None) -> PublishedVerdicts | None:
    """Return the verdicts of the newest year that has published ones."""
    for year in years(record):
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
