"""Judge a year: what the rules say of each series, why, and the published result with its receipt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from goedebuur.core.base.receipts import Receipt
from goedebuur.core.compliance.verdicts import Explanation, Verdict

if TYPE_CHECKING:
    from goedebuur.services.record import Record

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class PublishedVerdicts:
    """A published year of verdicts. `newer` is true where the year's measurements changed since."""

    year: int
    leaf: int
    published: datetime
    receipt: Receipt
    verdicts: tuple[Verdict, ...]
    newer: bool


def assess(
    record: Record,
    year: int,
    *,
    on: date | None = None,
    sets: Sequence[str] | None = None,
    stations: Sequence[str] | None = None,
    as_of: int | None = None,
    backend: str = "duckdb",
    progress: Progress | None = None,
) -> list[Verdict]:
    """Return one verdict a series and rule for a calendar year, by station, quantity and rule."""
    raise NotImplementedError


def explain(record: Record, series: str, limit_id: str, year: int, as_of: int | None = None) -> Explanation:
    """Return one verdict taken apart; errors `query-unknown-series`, `rules-unknown-rule`."""
    raise NotImplementedError


def publish(record: Record, year: int, now: datetime, progress: Progress | None = None) -> int:
    """Return the leaf under which the verdicts of a year are recorded."""
    raise NotImplementedError


def published(record: Record, year: int, as_of: int | None = None) -> PublishedVerdicts | None:
    """Return the newest published verdicts of a year, None where there are none."""
    raise NotImplementedError


def record_rules(record: Record, now: datetime) -> list[int]:
    """Return the leaves under which rule tables were recorded that were not yet in this form; empty if all were."""
    raise NotImplementedError
