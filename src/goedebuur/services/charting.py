"""Series for the eye: rows, charts of any length, comparisons, roses, the wind of a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import nan, sqrt
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from goedebuur.core.base.flags import UNUSABLE
from goedebuur.core.base.quantities import MICRO, QUANTITIES
from goedebuur.core.measurements import levels
from goedebuur.core.measurements import roses as rose
from goedebuur.core.measurements.wind import knmi_direction
from goedebuur.services import inventory
from goedebuur.services.views import Comparison, RoseView, StationView, WindView

if TYPE_CHECKING:
    from goedebuur.services.record import Record

COLUMNS: Final = ("series", "start", "step", "micro", "flags", "remark", "leaf")
REPORTED: Final = (*COLUMNS, "decimals", "unit")
DAY: Final = 86_400
AHEAD: Final = 3_600
"""CET is ahead of UTC. [s]"""
SUMMER: Final = 3_600
"""Dutch summer time is ahead of CET. [s]"""
MOST_GAPS: Final = 2_000
"""Gaps told of one series in one chart; with more of them the empty points tell the rest."""
SECTORS: Final = 12
LEAST: Final = 20
"""Fewest hours for which the mean of a sector is shown."""
WIND_WITHIN: Final = timedelta(days=2)
HOUR: Final = timedelta(hours=1)
VARIABLE: Final = 990
_usable = pl.col("flags") & int(UNUSABLE) == 0


def read_series(
    record: Record, series_ids: Sequence[str], start: datetime, end: datetime, as_of: int | None = None
) -> pl.DataFrame:
    """Return rows [series, start, step, micro, flags, remark, leaf, decimals, unit] with start in [start, end), sorted.

    `decimals` and `unit` are those in which the supplier reported.
    """
    return record.observations.read(series=series_ids, start=start, end=end, as_of=as_of, columns=REPORTED)


def chart(
    record: Record, series_ids: Sequence[str], start: datetime, end: datetime, points: int, as_of: int | None = None
) -> dict[str, Any]:
    """Return the points of a chart in columns, at most about `points` of them, gaps kept.

    Points of a day or more are cut at midnight CET (UTC+1 all year), the clock on which verdicts cut their days, and
    every day counts whole: the days in which the period starts and ends are read to their ends. A start in the last
    hour of a CET day (midnight in Dutch summer time) is taken for the day that follows.

    Returns
    -------
    dict
        `x`: start of each point [s since 1970]; `step`: its width [s]; `end`: end of the last point [s since 1970],
        which may be narrower than the others; `series`: id → `mean`, `min`, `max`, lists as
        long as `x` in the canonical unit, None in a gap; where each point is one value also `decimals`, with how many
        it was reported; `gaps`: id → list of [from, to) [s since 1970]; `units` and
        `quantities`: id → canonical unit and quantity.

    Raises
    ------
    GoedeBuurError
        `query-unknown-series`.
    """
    views = [inventory.series(record, name, as_of) for name in series_ids]
    step = max((view.step for view in views), default=3600)
    width = levels.bucket_width(start, end, points, step)
    present = as_of is None or as_of >= record.observations.size
    anchor = 0
    if width % DAY == 0:
        start, end = _whole_days(start, end)
        anchor = int(start.timestamp())
    if width % DAY == 0 and step < DAY and present:
        pieces = _rolled(record, series_ids, start, end)
    else:
        columns = REPORTED if width <= step else COLUMNS
        pieces = _pieces(
            record.observations.read(series=series_ids, start=start, end=end, as_of=as_of, columns=columns)
        )
    until = int(end.timestamp())
    first, last = (int(start.timestamp()) - anchor) // width, -(-(until - anchor) // width)
    x = pl.DataFrame({"x": pl.int_range(first, last, eager=True, dtype=pl.Int64)})
    found = pieces.group_by("series", x=(pl.col("begin") - anchor) // width).agg(
        mean=pl.col("total").sum() / pl.col("n").sum() / MICRO,
        min=pl.col("minimum").min() / MICRO,
        max=pl.col("maximum").max() / MICRO,
        **({"decimals": pl.col("decimals").max()} if "decimals" in pieces.columns else {}),
    )
    lines = {}
    for name in series_ids:
        line = x.join(found.filter(pl.col("series") == name), on="x", how="left", maintain_order="left")
        lines[name] = {side: line[side].to_list() for side in found.columns if side not in ("series", "x")}
    return {
        "x": (x["x"] * width + anchor).to_list(),
        "step": width,
        "end": until if width % DAY == 0 else last * width,
        "series": lines,
        "gaps": {name: _gaps(pieces.filter(pl.col("series") == name), start, end) for name in series_ids},
        "units": {view.id: view.unit for view in views},
        "quantities": {view.id: view.quantity for view in views},
    }


def _pieces(rows: pl.DataFrame) -> pl.DataFrame:
    """Return usable rows as stretches of time with a sum: series, begin, finish [s], total, n, minimum, maximum.

    Of rows that say how they were reported also `decimals`, in the canonical unit.
    """
    reported = {"decimals": _decimals()} if "decimals" in rows.columns else {}
    begin = pl.col("start").dt.epoch("s")
    return rows.filter(_usable & pl.col("micro").is_not_null()).select(
        "series",
        begin=begin,
        finish=begin + pl.col("step"),
        total="micro",
        n=pl.lit(1, pl.Int64),
        minimum="micro",
        maximum="micro",
        **reported,
    )


def _decimals() -> pl.Expr:
    """Return how many decimals a value was reported with; in another unit than the canonical one, how many it needs."""
    canonical = {name: quantity.unit for name, quantity in QUANTITIES.items()}
    unit = pl.col("series").str.split(".").list.get(-2).replace_strict(canonical, default=None)
    zeros = pl.sum_horizontal(*((pl.col("micro") % 10**digits == 0).cast(pl.Int8) for digits in range(1, 7)))
    return pl.when(pl.col("unit") == unit).then(pl.col("decimals")).otherwise(6 - zeros).cast(pl.Int8)


def _rolled(record: Record, series_ids: Sequence[str], start: datetime, end: datetime) -> pl.DataFrame:
    """Return whole CET days from the roll-up."""
    begin = pl.col("cet_day").cast(pl.Datetime("us", "UTC")).dt.epoch("s") - AHEAD
    days = record.observations.days(series_ids, start, end).filter(pl.col("n") > 0)
    return days.select(
        "series",
        begin=begin,
        finish=begin + DAY,
        total="total",
        n=pl.col("n").cast(pl.Int64),
        minimum="minimum",
        maximum="maximum",
    )


def _whole_days(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """Return the least run of CET days around a period; a civil midnight in summer counts as the CET one after it."""
    low = (int(start.timestamp()) + AHEAD + SUMMER) // DAY
    high = max(-(-(int(end.timestamp()) + AHEAD) // DAY), low + 1)
    first, last = (datetime.fromtimestamp(day * DAY - AHEAD, UTC) for day in (low, high))
    return first, last


def _gaps(pieces: pl.DataFrame, start: datetime, end: datetime) -> list[list[int]]:
    low, high = int(start.timestamp()), int(end.timestamp())
    told = pieces.select("begin", "finish").sort("begin", "finish")
    before = pl.concat([pl.Series([low], dtype=pl.Int64), told["finish"].cum_max()])
    after = pl.concat([told["begin"], pl.Series([high], dtype=pl.Int64)])
    found = pl.DataFrame({"from": before, "to": after}).filter(pl.col("to") > pl.col("from"))
    return [list(row) for row in found.head(MOST_GAPS).iter_rows()]


def compare(
    record: Record, left: str, right: str, start: datetime, end: datetime, as_of: int | None = None
) -> Comparison:
    """Return two series compared on the steps that both have; usable values alone.

    Raises
    ------
    GoedeBuurError
        `query-unknown-series`.
    """
    for name in (left, right):
        inventory.series(record, name, as_of)
    rows = read_series(record, [left, right], start, end, as_of).filter(_usable)
    a, b = (rows.filter(pl.col("series") == name).select("start", "step", "micro") for name in (left, right))
    both = a.join(b, on=["start", "step"], how="inner", suffix="_right").rename({"micro_right": "other"})
    apart = both.select(d=(pl.col("micro") - pl.col("other")) / MICRO)["d"]
    count = both.height
    hours = (
        both.group_by(hour=pl.col("start").dt.hour())
        .agg(left=pl.col("micro").mean() / MICRO, right=pl.col("other").mean() / MICRO)
        .sort("hour")
    )
    every = pl.DataFrame({"hour": list(range(24))}, schema={"hour": pl.Int8}).join(hours, on="hour", how="left")
    return Comparison(
        left=left,
        right=right,
        start=start,
        end=end,
        pairs=count,
        left_only=a.height - count,
        right_only=b.height - count,
        left_total=int(both["micro"].sum()),
        right_total=int(both["other"].sum()),
        mean_difference=_number(apart.mean()) if count else nan,
        root_mean_square=sqrt(_number((apart * apart).mean())) if count else nan,
        correlation=_number(both.select(pl.corr("micro", "other")).item()) if count > 2 else nan,
        hours={name: every[name].to_list() for name in ("hour", "left", "right")},
    )


def roses(
    record: Record, series_id: str, weather_station: str, start: datetime, end: datetime, as_of: int | None = None
) -> RoseView:
    """Return how often the wind came from where at a weather station, and the mean of a series for each direction.

    Raises
    ------
    GoedeBuurError
        `query-unknown-series`, `query-unknown-station` (also for a station without wind).
    """
    inventory.series(record, series_id, as_of)
    wind = _wind(record, inventory.station(record, weather_station, as_of), start, end, as_of)
    rows = read_series(record, [series_id], start, end, as_of).filter(_usable)
    hourly = rows.group_by(start=pl.col("start").dt.truncate("1h")).agg(pl.col("micro").mean().round().cast(pl.Int64))
    joined = wind.join(hourly, on="start", how="left")
    blown = rose.wind_rose(joined, SECTORS)
    held = rose.concentration_rose(joined, SECTORS)
    total = int(blown["n"].sum())
    share = pl.when(total > 0).then(pl.col("n") * 100 / max(total, 1)).otherwise(0.0)
    shares = blown.with_columns(share=share)
    centres = [360, *range(360 // SECTORS, 360, 360 // SECTORS)]
    by_sector = {row["sector"]: row for row in held.iter_rows(named=True)}
    return RoseView(
        series=series_id,
        weather_station=weather_station,
        start=start,
        end=end,
        sectors=tuple(float(centre % 360) for centre in centres),
        speed_classes=(0.0, *rose.SPEED_EDGES),
        frequency=tuple(
            tuple(shares.filter(pl.col("sector") == centre).sort("speed_class")["share"].to_list())
            for centre in centres
        ),
        calm=_number(shares.filter(pl.col("sector") == 0)["share"].sum()),
        mean=tuple(by_sector[c]["mean"] if by_sector[c]["n"] >= LEAST else None for c in centres),
        count=tuple(by_sector[c]["n"] for c in centres),
        calm_mean=by_sector[0]["mean"] if by_sector[0]["n"] >= LEAST else None,
        calm_count=by_sector[0]["n"],
        hours=total,
        both=int(held["n"].sum()),
        least=LEAST,
    )


def wind_now(record: Record, moment: datetime, as_of: int | None = None) -> list[WindView]:
    """Return the last known wind at or before a moment, at most two days old; one row a weather station."""
    return [
        view
        for station in inventory.weather_stations(record, as_of)
        if (view := _wind_at(record, station, moment, as_of)) is not None
    ]


def _wind_at(record: Record, station: StationView, moment: datetime, as_of: int | None) -> WindView | None:
    wind = _wind(record, station, moment - WIND_WITHIN, moment + timedelta(microseconds=1), as_of)
    known = wind.filter(pl.col("speed").is_not_null()).sort("start")
    if known.is_empty():
        return None
    return _view_of(station, known.row(-1, named=True))


def _view_of(station: StationView, last: Mapping[str, Any]) -> WindView:
    return WindView(
        station=station.id,
        name=station.name,
        latitude=station.latitude,
        longitude=station.longitude,
        start=last["start"],
        direction=round(last["direction"]) if last["direction"] is not None and last["speed"] > 0 else None,
        speed=last["speed"],
        variable=last["code"] == VARIABLE,
        simulated=station.simulated,
    )


def wind_of_hours(
    record: Record, station: StationView, moments: Sequence[datetime], as_of: int | None = None
) -> list[WindView | None]:
    """Return the wind at a weather station in the hour of each moment; None where it is not known."""
    if not moments:
        return []
    wind = _wind(record, station, min(moments) - HOUR, max(moments) + timedelta(microseconds=1), as_of)
    known = {row["start"]: row for row in wind.filter(pl.col("speed").is_not_null()).iter_rows(named=True)}
    starts = [one.astimezone(UTC).replace(minute=0, second=0, microsecond=0) for one in moments]
    return [_view_of(station, known[start]) if start in known else None for start in starts]


def _wind(record: Record, station: StationView, start: datetime, end: datetime, as_of: int | None) -> pl.DataFrame:
    """Return start, direction [°, null for calm and variable], code (the direction as reported) and speed [m/s]."""
    names = inventory.wind_series(station)
    if names is None:
        raise inventory.no_wind(station.id)
    rows = record.observations.read(series=names, start=start, end=end, as_of=as_of, columns=COLUMNS)
    value = pl.col("micro") / MICRO
    # the codes for calm and variable are kept as values that no average counts: here they are told apart
    direction = rows.filter(pl.col("series") == names[0]).select("start", code=value, direction=knmi_direction(value))
    speed = rows.filter((pl.col("series") == names[1]) & _usable).select("start", speed=value)
    return direction.join(speed, on="start", how="full", coalesce=True).sort("start")


def _number(value: Any) -> float:
    return nan if value is None else float(value)
