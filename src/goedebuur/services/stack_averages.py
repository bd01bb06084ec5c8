"""Short-term and longer averages of emission points, from the raw values in the record, a month of a point at a time.

What was computed is kept (`projections/stacks`) and used again as long as no leaf changed a raw value in it and the
same is done with them; where a few hours changed, these alone are computed again. A reader that may not write computes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import CET, Clock, Period, microseconds
from goedebuur.core.emissions.processing import Processing, Reference
from goedebuur.core.emissions.streams import Stream
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.services import projection, streams
from goedebuur.store.short_averages import ShortAverages

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.core.emissions.chain import Plan
    from goedebuur.services.record import Record
    from goedebuur.store.observations import Observations

NO_PROCESSING: Final = declare("stack-no-processing", "Nothing says how the signals of an emission point are averaged.")
HOUR: Final = timedelta(hours=1)
FEW_HOURS: Final = 200
"""Hours of a month that are computed by themselves; of more, the month is."""
PER: Final = ("day", "month", "year")
KEYS: Final = ("stream", "reference", "length", "start")
"""What tells one short-term average from another."""


@dataclass(frozen=True, slots=True)
class Step:
    """What was done for one month of one emission point.

    Parameters
    ----------
    how
        `kept`: nothing had changed; `hours`: some hours were computed again; `whole`: all of it.
    done, total
        How many of the months of all points.
    """

    point: str
    month: str
    how: str
    done: int
    total: int


def plan_of(
    record: Record, site: str, point: str, as_of: int | None = None, references: Sequence[Reference] = ()
) -> Plan:
    """Return what is done with the raw values of an emission point, on any day.

    Parameters
    ----------
    references
        Reference conditions that are wanted besides those of the settings, of every concentration.

    Raises
    ------
    GoedeBuurError
        `stack-no-processing` where no settings of the point are in the record.
    """
    from goedebuur.core.emissions.chain import plan

    settings = streams.processing(record, site, as_of, emission_point=point)
    if not settings:
        raise GoedeBuurError(
            NO_PROCESSING,
            "Nothing in the record says how the signals of this emission point become averages.",
            place=f"{site}/{point}",
            hint="Enter the processing of the point: order, lengths, share, reference conditions.",
        )
    of = streams.of_site(record, site, as_of, emission_point=point)
    functions = [one for stream in of for one in streams.functions(record, stream.id, as_of)]
    return plan([_also(one, references) for one in settings], of, functions)


def _also(settings: Processing, references: Sequence[Reference]) -> Processing:
    """Return settings with more reference conditions."""

    def more(held: tuple[Reference, ...]) -> tuple[Reference, ...]:
        return tuple({one.key: one for one in (*held, *references)}.values())

    own = tuple(replace(one, references=more(one.references)) if one.references else one for one in settings.streams)
    return replace(settings, references=more(settings.references), streams=own)


def points(record: Record, site: str | None = None, as_of: int | None = None) -> tuple[tuple[str, str], ...]:
    """Return (site, emission point) of all that have settings, sorted."""
    held = streams.every(record, Processing, as_of).values()
    return tuple(sorted({(one.site, one.emission_point) for one in held if site in (None, one.site)}))


def short(
    record: Record,
    site: str,
    point: str,
    period: Period,
    as_of: int | None = None,
    references: Sequence[Reference] = (),
) -> pl.DataFrame:
    """Return the short-term averages that begin in a period, sorted by stream, reference, length and start.

    Columns :data:`goedebuur.core.emissions.tables.SHORT`. There is a row for each period of each stream, also where
    nothing was measured: do not ask for days that are still to come.

    Parameters
    ----------
    references
        Reference conditions that are wanted besides those of the settings, of every concentration.

    Raises
    ------
    GoedeBuurError
        `stack-no-processing`.
    """
    import polars as pl

    from goedebuur.core.emissions.tables import SHORT

    made = plan_of(record, site, point, as_of, references)
    parts = [pl.DataFrame(schema=SHORT)]
    for stretch, there in _stretches(months_of(period), _span(record, made.series, as_of)):
        if references or not there or _past(record, as_of):
            frame = computed(record.observations, made, stretch, as_of)
        else:
            frame, _ = _kept(record, f"{site}/{point}", made, stretch)
        within = pl.col("start").is_between(pl.lit(period.start), pl.lit(period.end), closed="left")
        parts.append(frame.filter(within))
    return pl.concat(parts).sort(*KEYS)


def refresh(record: Record, period: Period, site: str | None = None) -> Iterator[Step]:
    """Bring what is kept up to date for all emission points, one month of one point a step.

    Each step is complete in itself, so that whoever stops asking loses nothing.
    """
    todo = [(place, month) for place in points(record, site) for month in months_of(period)]
    made: dict[tuple[str, str], Plan] = {}
    for done, ((of, point), month) in enumerate(todo, 1):
        if (of, point) not in made:
            made = {(of, point): plan_of(record, of, point)}
        _, how = _kept(record, f"{of}/{point}", made[of, point], month)
        yield Step(f"{of}/{point}", f"{month.start:%Y-%m}", how, done, len(todo))


def longer(record: Record, frame: pl.DataFrame, per: str, clock: Clock, value: str = "standard") -> pl.DataFrame:
    """Return days, months or years of short-term averages, sorted; see :mod:`goedebuur.core.emissions.chain.longer`.

    Parameters
    ----------
    frame
        What :func:`short` returns, with any column `value` that is to be averaged. Of what is no concentration, the
        calibrated values are.
    per
        Among :data:`PER`.
    """
    import ibis
    import polars as pl

    from goedebuur.core.emissions import chain

    if value == "standard":  # what is no concentration has no reference conditions
        own = pl.when(pl.col("reference") == "").then("calibrated").otherwise("standard")
        frame = frame.with_columns(standard=own)
    table = ibis.memtable(frame.to_arrow(compat_level=pl.CompatLevel.oldest()))
    if per == "day":
        expression = chain.days(table, clock, value=value)
    else:
        found = frame.select(first=pl.col("start").min(), last=pl.col("start").max()).row(0)
        years = [] if found[0] is None else list(range(found[0].year, (found[1] + timedelta(days=1)).year + 1))
        make = {"month": chain.months, "year": chain.years}[per]
        expression = make(table, clock, years or [1970], value=value)
    made: pl.DataFrame = record.observations.connection.to_polars(expression)
    return made.sort("stream", "reference", "length", per)


def months_of(period: Period) -> list[Period]:
    """Return the months (in UTC) that a period touches."""
    found, first = [], period.start.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while first < period.end:
        after = (first + timedelta(days=31)).replace(day=1)
        found.append(Period(first, after))
        first = after
    return found


def _stretches(months: Sequence[Period], values: Period | None) -> Iterator[tuple[Period, bool]]:
    """Yield months with values one by one, and months without any together; and whether there are values."""
    for there, some in groupby(months, lambda month: values is not None and month.overlaps(values)):
        found = list(some)
        yield from [(one, True) for one in found] if there else [(Period(found[0].start, found[-1].end), False)]


def computed(
    observations: Observations,
    made: Plan,
    period: Period,
    as_of: int | None = None,
    hours: Iterable[datetime] | None = None,
) -> pl.DataFrame:
    """Return the short-term averages of a plan that begin in a period, from the raw values, in no order.

    Parameters
    ----------
    hours
        Only those that begin in these hours.
    """
    import ibis
    import polars as pl

    from goedebuur.core.emissions.chain import Buckets
    from goedebuur.core.emissions.chain.sql import short_averages_sql
    from goedebuur.core.emissions.tables import SHORT

    within = made.within(period)
    if within.spans.is_empty():
        return pl.DataFrame(schema=SHORT)
    connection = observations.connection
    raw = observations.of_series(within.series, _hour(period.start), _hour(period.end + HOUR - _TICK), as_of)
    buckets = Buckets.of(period, within.lengths).frame
    if hours is not None:
        wanted = sorted({microseconds(_hour(one)) for one in hours})
        width = microseconds(datetime(1970, 1, 1, 1, tzinfo=UTC))
        buckets = buckets.filter((pl.col("bucket") - pl.col("bucket") % width).is_in(wanted))
        raw = raw.filter(ibis.or_(False, *(_in_hour(raw, one, width) for one in wanted)))
    text = ibis.to_sql(raw.select("series", "start", "step", "micro", "flags"), dialect="duckdb")
    connection.raw_sql(f"CREATE OR REPLACE TEMP VIEW raw AS {text}")
    frames = {"spans": within.spans, "codes": made.codes, "buckets": buckets, "spread": within.spread}
    for name, frame in frames.items():
        connection.con.register(name, frame.to_arrow())
    found = [pl.DataFrame(schema=SHORT)]
    for shape in within.shapes:
        rows = connection.con.execute(short_averages_sql(shape)).pl()
        found.append(rows.select(pl.col(name).cast(kind) for name, kind in SHORT.items()))
    for name in frames:
        connection.con.unregister(name)
    return pl.concat(found)


def changed_hours(record: Record, made: Plan, a: int, b: int, period: Period) -> set[datetime]:
    """Return the hours of a period in which leaves from tree size `a` to `b` changed a raw value of a plan."""
    import polars as pl

    found: set[datetime] = set()
    if not record.observations.changed_since(a, made.series, period.start, period.end):
        return found
    for rows in record.observations.changes(a, b, made.series):
        changed = rows.filter(
            pl.col("start").is_between(pl.lit(period.start), pl.lit(period.end), closed="left")
            & (pl.col("micro").ne_missing(pl.col("micro_before")) | pl.col("flags").ne_missing(pl.col("flags_before")))
        )
        found |= set(changed.select(pl.col("start").dt.truncate("1h").unique()).to_series())
    return found


def digest(made: Plan, period: Period) -> str:
    """Return the digest of what is done with the raw values of a period, and by which version of the computation."""
    from goedebuur.core.emissions.chain.sql import short_averages_sql

    told = hashlib.sha256()
    within = made.within(period)
    for frame in (spans_of(within, period), made.codes):
        told.update(frame.write_csv().encode())
    for shape in within.shapes:
        told.update(short_averages_sql(shape).encode())
    return told.hexdigest()


def spans_of(made: Plan, period: Period) -> pl.DataFrame:
    """Return what is done in a period, whatever is done before and after it."""
    import polars as pl

    low, high = (pl.lit(microseconds(moment)) for moment in (period.start, period.end))
    spans = made.spans.filter((pl.col("low_us") < high) & (pl.col("high_us") > low)).drop("no")
    return spans.with_columns(
        low_us=pl.max_horizontal("low_us", low),
        high_us=pl.min_horizontal("high_us", high),
        group=pl.col("group").rank("dense"),
    ).sort("of_series", "kind", "stream", "reference", "length", "low_us", "group", "role", nulls_last=True)


@dataclass
class RecordAverages:
    """The short-term averages of the record at a tree size, for the verdicts of `emission_verdicts`."""

    record: Record
    as_of: int | None = None
    _frames: dict[tuple[str, str, int], pl.DataFrame] = field(default_factory=dict)
    _read: dict[str, Period] = field(default_factory=dict)

    def short(self, stream: Stream, year: int) -> pl.DataFrame:
        """Return the short averages of a stream in a year and the year before, on any clock, up to the last raw value.

        Empty where no settings of the emission point are in the record: nothing can be averaged then.
        """
        import polars as pl

        key = (stream.site, stream.emission_point, year)
        if key not in self._frames:
            period = self._until_now(two_years(year), stream)
            self._frames[key] = self._of_point(stream, period)
        return self._frames[key].filter(pl.col("stream") == stream.id)

    def inputs(self) -> Sequence[str]:
        """Return the digests of the batches that hold raw values that were read."""
        size = self.record.observations.size if self.as_of is None else self.as_of
        found = set()
        for leaf in self.record.ledger.leaves(0, size):
            if not isinstance(leaf, Leaf) or leaf.kind not in projection.OBSERVATION_KINDS:
                continue
            if leaf.batch is None or leaf.period is None:
                continue
            covers = Period(*(datetime.fromisoformat(moment) for moment in leaf.period))
            if any(covers.overlaps(self._read[name]) for name in leaf.series if name in self._read):
                found.add(str(leaf.batch["sha256"]))
        return tuple(sorted(found))

    def _of_point(self, stream: Stream, period: Period | None) -> pl.DataFrame:
        import polars as pl

        from goedebuur.core.emissions.tables import SHORT

        settled = streams.processing(self.record, stream.site, self.as_of, emission_point=stream.emission_point)
        if period is None or not settled:
            return pl.DataFrame(schema=SHORT)
        for one in streams.of_site(self.record, stream.site, self.as_of, emission_point=stream.emission_point):
            self._read[one.series] = period
        return short(self.record, stream.site, stream.emission_point, period, self.as_of)

    def _until_now(self, period: Period, stream: Stream) -> Period | None:
        """Return the part of a period up to the hour of the last raw value of the emission point; None before any."""
        known = measured(self.record, stream, self.as_of)
        if known is None or known.end <= period.start:
            return None
        return Period(period.start, min(period.end, known.end))


def two_years(year: int) -> Period:
    """Return a year and the year before, whichever clock they are cut on."""
    # an hour at the turn of the year on the local clock is an hour of the year before in UTC
    return Period(datetime(year - 1, 1, 1, tzinfo=CET).astimezone(UTC), Period.year(year, Clock.UTC).end)


def measured(record: Record, stream: Stream, as_of: int | None = None) -> Period | None:
    """Return the hours from the first to the last raw value of the emission point of a stream; None without any."""
    of = streams.of_site(record, stream.site, as_of, emission_point=stream.emission_point)
    return _span(record, [one.series for one in of], as_of)


def _span(record: Record, series: Iterable[str], as_of: int | None) -> Period | None:
    """Return the hours from the first to the last raw value of some series; None without any."""
    import polars as pl

    told = record.observations.summary(as_of).filter(pl.col("series").is_in(list(series)))
    first, last = told["first"].min(), told["last"].max()
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return None
    return Period(_hour(first), _hour(last) + HOUR)


_TICK: Final = timedelta(microseconds=1)


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _in_hour(raw: Any, begin: int, width: int) -> Any:
    import ibis

    low, high = (
        ibis.literal(datetime.fromtimestamp(at // 10**6, UTC), type="timestamp('UTC')") for at in (begin, begin + width)
    )
    return (raw.start >= low) & (raw.start < high)


def kept_in(record: Record) -> ShortAverages:
    """Return where short-term averages of a record are kept."""
    return ShortAverages(record.data_dir / "projections" / "stacks")


def _past(record: Record, as_of: int | None) -> bool:
    return as_of is not None and as_of < record.observations.size


def _kept(record: Record, place: str, made: Plan, month: Period) -> tuple[pl.DataFrame, str]:
    """Return the short-term averages of a month, and how they were come by; see :class:`Step`."""
    import polars as pl

    store = kept_in(record)
    size, name = record.observations.size, f"{month.start:%Y-%m}"
    by = digest(made, month)
    kept = store.read(place, name, by, size)
    if kept is not None:
        hours = changed_hours(record, made.within(month), kept.size, size, month)
        if not hours:
            return kept.frame, "kept"
        if len(hours) <= FEW_HOURS:
            fresh = computed(record.observations, made, month, None, hours)
            old = kept.frame.filter(~pl.col("start").dt.truncate("1h").is_in(sorted(hours)))
            frame = pl.concat([old, fresh]).sort(*KEYS)
            if not record.read_only:
                store.write(place, name, by, size, frame)
            return frame, "hours"
    frame = computed(record.observations, made, month).sort(*KEYS)
    if not record.read_only:
        store.write(place, name, by, size, frame)
    return frame, "whole"
