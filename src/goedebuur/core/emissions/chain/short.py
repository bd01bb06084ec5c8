"""Short-term averages: every period that there should be, with what is behind it and what was lost.

Raw values become averages in one of two orders (:class:`goedebuur.core.emissions.processing.Order`): each raw value is
brought to the reference conditions and then averaged, or the calibrated values and all that is measured beside them are
averaged and the average is corrected. EN 17255-1 is believed to mean the latter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import ibis

from goedebuur.core.base.exact import floored, quotient, rounded, whole
from goedebuur.core.base.quantities import MICRO
from goedebuur.core.emissions.chain import conditions
from goedebuur.core.emissions.chain.conditions import AIR, Gas, bit_or, quantised, without
from goedebuur.core.emissions.chain.plans import (
    CONCENTRATION,
    OTHER,
    OUT_OF_SERVICE,
    ROLES,
    STATE,
    SUPPLY,
    UNKNOWN,
    Shape,
)
from goedebuur.core.emissions.chain.values import beyond, flow_bit, out_of_service, side_by_side, supplied, values
from goedebuur.core.emissions.processing import Order
from goedebuur.core.emissions.tables import SHORT, Lost

GAS: Final = ("temperature", "pressure", "moisture", "oxygen")
CORRECTED: Final = (
    *("low", "high", "range_standard", "actual", "wet", "oxygen_wet", "flow_actual", "flow_wet", "flow_included"),
    *("temperature_else", "pressure_else", "moisture_else", "oxygen_else"),
    *("included", "ref_oxygen", "ref_dry", "only_above", "scale", "guard"),
)
"""Columns of the plan that concentrations are corrected by."""
HOUR: Final = 3600
RANKS: Final = 1000
"""More than there are states, so that a count and a rank fit in one number."""


def short_averages(raw: Any, spans: Any, codes: Any, buckets: Any, spread: Any, shape: Shape) -> Any:
    """Return short-term averages in the columns of :data:`goedebuur.core.emissions.tables.SHORT`, in no order.

    One row for each period in `buckets` and each stream whose settings have the order of the shape; also where nothing
    was measured.

    Parameters
    ----------
    raw
        Observations of the series of the plan, starts within the periods: series, start, step, micro, flags.
    spans, codes, spread
        Of :class:`goedebuur.core.emissions.chain.plans.Plan`.
    buckets
        Columns of :data:`goedebuur.core.emissions.chain.plans.BUCKETS`.
    shape
        Which of the settings are followed; one of those of the plan.
    """
    spans = spans.filter(spans.order == str(shape.order))
    roles = (*GAS, "flow") if shape.flow else GAS
    # read by kind: what is read once for all three is kept whole in memory
    mine, others, beside = (values(raw, spans.filter(spans.kind == kind)) for kind in (CONCENTRATION, OTHER, SUPPLY))
    beside = supplied(beside, mixed=shape.mixed, spread=spread)
    of = spans.select(code_no="no", code_series="of_series")
    codes = codes.join(of, codes.of_series == of.code_series)
    out = out_of_service(beside, codes)
    mine = mine.left_join(out, mine.us + mine.group == out.out_key)
    mine = _at_work(mine, ~mine.idle & mine.out_key.isnull())
    others = _at_work(others, ~others.idle)
    grid = _stated(_grid(spans, buckets), _states(beside, codes))
    if shape.order is Order.EACH_VALUE:
        around = side_by_side(beside, roles, mixed=shape.mixed)
        joined = mine.left_join(around, mine.us + mine.group == around.at_key).drop("at_key")
        by = spans.select(*CORRECTED, by_no="no")
        joined = joined.join(by, joined.no == by.by_no).select(
            *_SUMMED, *roles, *(["flow_bit"] if shape.flow else []), *CORRECTED
        )
        sums = _sums(_corrected(joined, joined.calibrated, flow=shape.flow), others, ("standard", "rate"))
        return _shown(_judged_each(_joined(grid, sums)))
    means = _means(beside, out, roles, mixed=shape.mixed)
    return _shown(_judged_averages(_joined(grid, _sums(mine, others, ())), means, roles))


def _at_work(t: Any, work: Any) -> Any:
    """Return values that do not count while the plant was out of service, and `work`."""
    nothing = ibis.null("int64")
    return t.select(
        "no",
        "length",
        "us",
        "group",
        "lost",
        work=work,
        raw=work.ifelse(t.raw, nothing),
        calibrated=work.ifelse(t.calibrated, nothing),
    )


def _corrected(t: Any, calibrated: Any, *, flow: bool) -> Any:
    """Return concentrations with `standard`, `rate` [µg/h], and the bits of what was lost on the way in `lost`."""
    given = {name: ibis.coalesce(t[name], t[f"{name}_else"]) for name in GAS}
    t = t.mutate(**{f"the_{name}": column for name, column in given.items()})
    gas = Gas(t.the_temperature, t.the_pressure, t.the_moisture, t.the_oxygen)
    t = t.mutate(
        normal=conditions.to_normal(calibrated, gas, t.actual, t.wet),
        dry_oxygen=conditions.dry_oxygen(gas, t.oxygen_wet),
    )
    t = t.mutate(standard=conditions.to_reference(t.normal, t.dry_oxygen, t.the_moisture, t))
    t = t.mutate(rate=_rate(t, gas) if flow else ibis.null("int64"))
    measured = calibrated.notnull()
    # a supplier who brought it to a reference has corrected already
    corrects = t.ref_oxygen.notnull() & t.included.isnull()
    high = measured & corrects & (t.dry_oxygen >= t.guard).fill_null(False)
    nothing = measured & t.standard.isnull() & ~high
    stood_in = measured & t.standard.notnull() & _stood_in(t, corrects)
    value = t.range_standard.ifelse(t.standard, calibrated)
    out = t.standard.notnull() & beyond(value, t)
    bits = [
        (high, Lost.OXYGEN_TOO_HIGH),
        (nothing, Lost.NO_PERIPHERAL),
        (stood_in, Lost.SUBSTITUTED),
        (out, Lost.BEYOND_FUNCTION),
    ]
    lost = sum((where.ifelse(int(bit), 0) for where, bit in bits), t.lost)
    if flow:
        lost = lost + measured.ifelse(t.flow_bit.fill_null(0), 0)
    return t.mutate(lost=lost.cast("int32"), beyond=out)


def _rate(t: Any, gas: Gas) -> Any:
    """Return what goes out in an hour, of the gas as it is. [µg/h]"""
    flow = conditions.flow_to_normal(t.flow, gas, t.flow_actual, t.flow_wet)
    flow = t.flow_included.isnull().ifelse(flow, _diluted(flow, t.dry_oxygen, t.flow_included))
    return conditions.mass_rate(conditions.undiluted(t.normal, t.dry_oxygen, t.included), flow)


def _diluted(flow: Any, oxygen: Any, included: Any) -> Any:
    """Return flows at the oxygen as measured, that their supplier brought to another. [10⁻⁶ m³/h]"""
    x = flow.cast("float64") * (AIR - included).cast("float64")
    return quantised(x / (oxygen < AIR).ifelse((AIR - oxygen).cast("float64"), ibis.null()))


def _stood_in(t: Any, corrects: Any) -> Any:
    """Return whether a stated value stood in for something that the correction needed."""
    moist = t.wet | ~t.ref_dry | (corrects & t.oxygen_wet.fill_null(False))
    return (
        (t.actual & (t.temperature.isnull() | t.pressure.isnull()))
        | (moist & t.moisture.isnull())
        | (corrects & t.oxygen.isnull())
    )


_SUMMED: Final = ("no", "length", "us", "work", "lost", "raw", "calibrated")


def _sums(mine: Any, others: Any, corrected: Sequence[str]) -> Any:
    """Return sums and counts by row of the plan and period: `slot` is the period [µs] plus the number of the row.

    Parameters
    ----------
    corrected
        Columns that concentrations alone have, and of which sums are wanted.
    """
    extra = (*corrected, "beyond") if corrected else ()
    nothing = {**dict.fromkeys(corrected, ibis.null("int64")), **({"beyond": ibis.literal(False)} if corrected else {})}
    t = mine.select(*_SUMMED, *extra).union(others.select(*_SUMMED, **nothing))
    t = t.mutate(
        slot=t.us - t.us % (t.length.cast("int64") * MICRO) + t.no,
        bits=t.work.ifelse(t.lost, int(Lost.NOT_AT_WORK)).cast("int32"),
        there=((t.lost & int(Lost.MISSING)) == 0) & t.work,
    )
    summed = ("raw", "calibrated", *corrected)
    return t.group_by("slot").agg(
        **{f"{name}_sum": whole(t[name].sum()) for name in summed},
        **{f"{name}_n": t[name].count().cast("int64") for name in summed},
        **({"beyond_n": t.beyond.sum().cast("int64")} if corrected else {}),
        bits=bit_or(t.bits),
        there=t.there.sum().cast("int64"),
        idle=(~t.work).sum().cast("int64"),
    )


def _grid(spans: Any, buckets: Any) -> Any:
    """Return every period of every stream, with what is done with it."""
    t = spans.filter(spans.kind != SUPPLY)
    return t.join(
        buckets, [t.length == buckets.of_length, t.low_us <= buckets.bucket, buckets.bucket < t.high_us]
    ).drop("of_length")


def _states(beside: Any, codes: Any) -> Any:
    """Return the state of most of each period, by group and length, and how many steps of it were out of service."""
    t = beside.filter(beside.role == STATE)
    c = codes.select("code_no", "code", "state", "rank")
    t = t.left_join(c, [t.no == c.code_no, t.raw == c.code])
    t = t.mutate(bucket=t.us - t.us % (t.length.cast("int64") * MICRO))
    t = t.filter(t.state.notnull())
    each = t.group_by("group", "length", "bucket", "state").agg(n=t.count().cast("int64"), rank=t["rank"].max())
    each = each.mutate(best=each.n * RANKS - each["rank"])
    return each.group_by("group", "length", "bucket").agg(
        most=each.state.argmax(each.best),
        most_n=each.n.max(),
        told=whole(each.n.sum()),
        out_n=whole(each.n.sum(where=each.state == OUT_OF_SERVICE)),
    )


def _stated(grid: Any, states: Any) -> Any:
    """Return the grid with `state`, and `out`: steps of the stream in which the plant was out of service."""
    s = states.rename(of_group="group", for_length="length", of_bucket="bucket")
    t = grid.left_join(s, [grid.group == s.of_group, grid.length == s.for_length, grid.bucket == s.of_bucket])
    untold = quotient(t.length.cast("int64"), t.state_step.cast("int64")) - t.told
    seconds = t.out_n.fill_null(0) * t.state_step.fill_null(1).cast("int64")
    t = t.mutate(
        state=(untold > t.most_n).ifelse(UNKNOWN, t.most).fill_null(UNKNOWN),
        out=quotient(seconds, t.of_step.cast("int64")),
    )
    return without(t, "of_group", "for_length", "of_bucket", "most", "most_n", "told", "out_n")


def _joined(grid: Any, sums: Any) -> Any:
    """Return every period with its sums; zeros and nulls where nothing was measured."""
    t = grid.left_join(sums, grid.bucket + grid.no == sums.slot).drop("slot")
    counts = [name for name in t.columns if name.endswith("_n")]
    t = t.mutate(**{name: t[name].fill_null(0) for name in [*counts, "bits", "there", "idle"]})
    t = t.mutate(expected=quotient(t.length.cast("int64"), t.of_step.cast("int64")))
    t = t.mutate(at_work=t.expected - ibis.least(t.expected, ibis.greatest(t.out, t.idle)))
    return t.mutate(base=t.share_at_work.ifelse(t.at_work, t.expected))


def _enough(n: Any, t: Any) -> Any:
    return (n > 0) & (n * t.share_den >= t.base * t.share_num)


def _judged_each(t: Any) -> Any:
    other = t.kind == OTHER
    t = t.mutate(
        n=other.ifelse(t.calibrated_n, t.standard_n),
        calibrated=rounded(t.calibrated_sum, t.calibrated_n, 1),
        standard=rounded(t.standard_sum, t.standard_n, 1),
        beyond=t.beyond_n,
    )
    rate = _enough(t.rate_n, t).ifelse(rounded(t.rate_sum, t.rate_n, 1), ibis.null())
    return t.mutate(rate=rate, lost=t.bits)


def _means(beside: Any, out: Any, roles: Sequence[str], *, mixed: bool) -> Any:
    """Return by group and period the means of what is measured beside concentrations, and of how many values.

    Columns `mean_group`, `mean_length`, `mean_bucket`, each of the roles, and its number as `temperature_there`.
    """
    t = beside.filter(beside.role != STATE)
    t = t.left_join(out, t.key == out.out_key)
    t = t.filter(t.out_key.isnull())
    t = t.mutate(bucket=t.us - t.us % (t.length.cast("int64") * MICRO))
    counts = {f"{name}_n": t.calibrated.count(where=t.role == ROLES[name]).cast("int64") for name in roles}
    longs = {}
    if mixed:  # of a step shorter than that of the concentrations, several values make one
        covers = t.calibrated.notnull().ifelse(ibis.least(t.of_step, t.group_step), 0).cast("int64")
        longs = {f"{name}_long": whole(covers.sum(where=t.role == ROLES[name])).fill_null(0) for name in roles}
        longs["step"] = t.group_step.max().cast("int64")
    sums = {f"{name}_sum": whole(t.calibrated.sum(where=t.role == ROLES[name])) for name in roles}
    bit = {"flow_bit": bit_or(flow_bit(t))} if "flow" in roles else {}
    t = t.group_by(mean_group=t.group, mean_length=t.length, mean_bucket=t.bucket).agg(**counts, **sums, **longs, **bit)
    means = {name: rounded(t[f"{name}_sum"], t[f"{name}_n"], 1) for name in roles}
    means |= {name: t[name] for name in bit}
    there = {f"{name}_there": quotient(t[f"{name}_long"], t.step) if mixed else t[f"{name}_n"] for name in roles}
    return t.select("mean_group", "mean_length", "mean_bucket", **there, **means)


def _judged_averages(t: Any, means: Any, roles: Sequence[str]) -> Any:
    keys = ("group", "length", "bucket")
    t = t.left_join(means, [t[name] == means[f"mean_{name}"] for name in keys])
    t = without(t, *(f"mean_{name}" for name in keys))
    t = t.mutate(
        **{name: _enough(t[f"{name}_there"], t).fill_null(False).ifelse(t[name], ibis.null()) for name in roles},
        calibrated=rounded(t.calibrated_sum, t.calibrated_n, 1),
        lost=t.bits,
        other=t.kind == OTHER,
    )
    t = _corrected(t, t.other.ifelse(ibis.null(), t.calibrated), flow="flow" in roles)
    counted = t.standard.notnull().ifelse(t.calibrated_n, 0)
    return t.mutate(
        n=t.other.ifelse(t.calibrated_n, counted),
        beyond=t.beyond.ifelse(counted, 0),
        rate=_enough(t.calibrated_n, t).ifelse(t.rate, ibis.null()),
    )


def _shown(t: Any) -> Any:
    """Return the columns of SHORT."""
    valid = _enough(t.n, t) & (t.at_work > 0)
    extra = [
        (t.there < t.at_work, Lost.MISSING),
        (~valid & (t.at_work > 0), Lost.TOO_FEW),
        (t.at_work == 0, Lost.NOT_AT_WORK),
    ]
    lost = t.lost
    for where, bit in extra:
        lost = lost | where.ifelse(int(bit), 0)
    # of a period in which the plant stood still for a part nothing is let go in that part
    part = quotient(ibis.literal(HOUR, type="int64"), t.length.cast("int64")) * t.expected
    t = t.mutate(
        mass=rounded(t.rate * t.at_work, part, 1),
        lost=lost,
        valid=valid,
        raw=rounded(t.raw_sum, t.raw_n, 1),
        measured=t.raw_n,
    )
    narrow = ("length", "measured", "n", "expected", "at_work", "beyond", "lost")
    t = t.mutate(start=floored(t.bucket, MICRO).as_timestamp("s"), **{name: t[name].cast("int32") for name in narrow})
    return t.select(*SHORT)
