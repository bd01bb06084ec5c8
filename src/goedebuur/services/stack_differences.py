"""Which averages at a stack, and which verdicts on them, are not what they were at an earlier tree size: by name.

Only the hours in which a raw value changed are computed again, at both sizes; where the settings, instruments or
functions are others, the months in which these hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Clock, Period, zone
from goedebuur.services import emission_verdicts, stack_averages
from goedebuur.services.stack_averages import KEYS, NO_PROCESSING, PER, RecordAverages

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.core.compliance.emissions.outcomes import PeriodOutcome
    from goedebuur.core.emissions.chain import Plan
    from goedebuur.services.record import Record

BEFORE: Final = "_before"
"""Of the columns that say what was."""
LONGER: Final = ("total", "n", "invalid", "idle", "lost", "mass", "mass_n", "micro")


@dataclass(frozen=True, slots=True)
class Changed:
    """The averages of an emission point that differ, each with what it was.

    Parameters
    ----------
    short
        Short-term averages: the columns of SHORT, and all but those of the key again with the suffix `_before`.
    longer
        `day`, `month` and `year` → means that differ, in the same way. What is only in one of both has nulls.
    """

    short: pl.DataFrame
    longer: Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class OtherVerdict:
    """A verdict that is another than it was; None where there was none, or is none any more."""

    stream: str
    requirement: str
    period: str
    before: PeriodOutcome | None
    after: PeriodOutcome | None


def averages(record: Record, site: str, point: str, a: int, b: int, clock: Clock) -> Changed:
    """Return the averages of an emission point that are others at tree size `b` than at `a`.

    Parameters
    ----------
    clock
        On which days, months and years are cut.
    """
    import polars as pl

    from goedebuur.core.emissions.tables import SHORT

    parts = []
    for month, hours in _touched(record, site, point, a, b):
        before, after = (
            stack_averages.computed(record.observations, made, month, size, hours)
            if made is not None
            else pl.DataFrame(schema=SHORT)
            for made, size in ((_plan(record, site, point, a), a), (_plan(record, site, point, b), b))
        )
        parts.append(compared(before, after, KEYS))
    short = pl.concat(parts) if parts else compared(pl.DataFrame(schema=SHORT), pl.DataFrame(schema=SHORT), KEYS)
    short = short.sort(*KEYS)
    return Changed(short, _longer(record, site, point, short, b, clock))


def verdicts(record: Record, site: str, year: int, a: int, b: int) -> list[OtherVerdict]:
    """Return the verdicts of a year at the stacks of a site that are others at tree size `b` than at `a`."""
    sides: list[dict[tuple[str, str, str], PeriodOutcome]] = []
    for size in (a, b):
        found = emission_verdicts.assess(record, site, year, RecordAverages(record, size), as_of=size)
        sides.append(
            {
                (one.stream, one.requirement, f"{told.period} {told.start}"): told
                for one in found.verdicts
                for told in (one.year, *one.periods)
            }
        )
    before, after = sides
    return [
        OtherVerdict(*key, before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


def compared(before: pl.DataFrame, after: pl.DataFrame, keys: tuple[str, ...]) -> pl.DataFrame:
    """Return the rows that differ, with what they were in columns with the suffix `_before`."""
    import polars as pl

    values = [name for name in after.columns if name not in keys]
    was = before.rename({name: f"{name}{BEFORE}" for name in values})
    both = after.join(was, on=list(keys), how="full", coalesce=True, nulls_equal=True)
    other = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}{BEFORE}")) for name in values)
    return both.filter(other).select(*keys, *values, *(f"{name}{BEFORE}" for name in values))


def _plan(record: Record, site: str, point: str, as_of: int) -> Plan | None:
    try:
        return stack_averages.plan_of(record, site, point, as_of)
    except GoedeBuurError as error:
        if error.code == NO_PROCESSING:
            return None
        raise


def _touched(record: Record, site: str, point: str, a: int, b: int) -> list[tuple[Period, list[datetime] | None]]:
    """Return the months in which something may differ, with the hours; None for all of them."""
    plans = [one for one in (_plan(record, site, point, size) for size in (a, b)) if one is not None]
    span = _span(record, plans, b)
    if span is None:
        return []
    found: list[tuple[Period, list[datetime] | None]] = []
    for month in stack_averages.months_of(span):
        told = [(stack_averages.spans_of(one, month), one.codes) for one in plans]
        same = len(told) == 2 and all(x.equals(y) for x, y in zip(*told, strict=True))
        if not same:
            found.append((month, None))
        elif hours := stack_averages.changed_hours(record, plans[-1], a, b, month):
            found.append((month, sorted(hours)))
    return found


def _span(record: Record, plans: list[Plan], b: int) -> Period | None:
    """Return from when to when there are raw values of these plans, in whole hours; None without any."""
    import polars as pl

    names = sorted({name for one in plans for name in one.series})
    history = record.observations.tables["history"]
    moments = [
        (file.first, file.last)
        for file in history.select()
        if file.first_leaf < b and any(file.first_series <= name <= file.last_series for name in names)
    ]
    if not moments:
        return None
    first, last = min(one for one, _ in moments), max(one for _, one in moments)
    begin, end = (pl.Series([at]).cast(pl.Datetime("us", "UTC")).dt.truncate("1h").item() for at in (first, last))
    return Period(begin, end.replace(tzinfo=UTC) + stack_averages.HOUR)


def _longer(
    record: Record, site: str, point: str, short: pl.DataFrame, b: int, clock: Clock
) -> Mapping[str, pl.DataFrame]:
    import polars as pl

    from goedebuur.core.emissions.tables import SHORT

    if short.is_empty():
        none = {per: stack_averages.longer(record, pl.DataFrame(schema=SHORT), per, clock) for per in PER}
        return {per: compared(rows, rows, _keys(per)) for per, rows in none.items()}
    first, last = short["start"].min(), short["start"].max()
    assert isinstance(first, datetime)  # there is a row
    assert isinstance(last, datetime)
    years = [Period.year(moment.astimezone(zone(clock)).year, clock) for moment in (first, last)]
    plans = [one for one in (_plan(record, site, point, size) for size in (b,)) if one is not None]
    told = _span(record, plans, b)
    # beyond the last raw value there is nothing yet to be counted
    until = max(last + stack_averages.HOUR, min(years[1].end, told.end) if told is not None else last)
    period = Period(years[0].start, until)
    values = [name for name in SHORT if name not in KEYS]
    gone = _plan(record, site, point, b) is None
    after = pl.DataFrame(schema=SHORT) if gone else stack_averages.short(record, site, point, period, b)
    was = short.filter(pl.col(f"valid{BEFORE}").is_not_null()).select(
        *KEYS, *(pl.col(f"{name}{BEFORE}").alias(name) for name in values)
    )
    before = pl.concat([after.join(short, on=list(KEYS), how="anti"), was.select(after.columns)])
    return {
        per: compared(
            stack_averages.longer(record, before, per, clock),
            stack_averages.longer(record, after, per, clock),
            _keys(per),
        )
        for per in PER
    }


def _keys(per: str) -> tuple[str, ...]:
    return ("stream", "reference", "length", per)
