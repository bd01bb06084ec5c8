"""Raw values one by one: what the instrument says of itself, the calibration function of the day, the ranges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import ibis

from goedebuur.core.base.exact import rounded, whole
from goedebuur.core.base.flags import Flag
from goedebuur.core.base.quantities import MICRO
from goedebuur.core.emissions.chain.conditions import bit_or, quantised, without
from goedebuur.core.emissions.chain.plans import OUT_OF_SERVICE, ROLES, STATE
from goedebuur.core.emissions.tables import Lost
from goedebuur.core.measurements.averaging import clocks

STATUS: Final = (
    (Flag.SUPPLIER_INVALID | Flag.NOT_A_VALUE | Flag.SUBSTITUTE, Lost.SUPPLIER_INVALID),
    (Flag.MAINTENANCE, Lost.MAINTENANCE),
    (Flag.MALFUNCTION, Lost.MALFUNCTION),
    (Flag.CALIBRATING, Lost.CALIBRATING),
)
"""Which bits of an observation make a raw value unusable, and what it is then lost to."""
READ: Final = (
    *("no", "of_series", "of_step", "low_us", "high_us", "role", "length", "group", "group_step"),
    *("times", "over", "least", "top", "above_lost", "known", "offset", "slope", "gain", "loss"),
)
"""Columns of the plan that raw values are read by."""
KEPT: Final = ("no", "of_step", "role", "length", "group", "group_step")
"""Those that tell them apart afterwards."""
UNREAD: Final = Lost.MISSING | Lost.SUPPLIER_INVALID | Lost.MAINTENANCE | Lost.MALFUNCTION | Lost.CALIBRATING
"""Bits with which nothing was measured."""
_FUNCTION: Final = ("known", "offset", "slope", "gain", "loss")


def values(raw: Any, spans: Any) -> Any:
    """Return raw values beside the row of the plan that each is of: :data:`KEPT`, and the columns below.

    ============ ======= =======================================================================
    `us`         int64   start [µs since 1970, UTC]
    `raw`        int64   as reported, null where it is lost [10⁻⁶ unit of the stream]
    `calibrated` int64   after the calibration function, null where it is lost [10⁻⁶ mg/m³, °C, hPa, %, m³/h]
    `lost`       int32   bits of :class:`Lost`
    `idle`       boolean the supplier says that the plant was out of service
    ============ ======= =======================================================================

    Parameters
    ----------
    raw
        Observations: series, start (UTC), step [s], micro [10⁻⁶ canonical units], flags. A start that is no multiple
        of its step or lies before 1970, and a step that the stream does not have, has no place.
    spans
        Columns of :data:`goedebuur.core.emissions.chain.plans.SPANS`.
    """
    t = raw.select("series", "step", "micro", "flags", us=clocks.epoch_us(raw.start))
    t = t.filter(t.us >= 0, t.us % (t.step.cast("int64") * MICRO) == 0)
    s = spans.select(*READ)
    t = t.join(s, [t.series == s.of_series, t.step == s.of_step, t.us >= s.low_us, t.us < s.high_us])
    t = t.select("us", "flags", *KEPT, *_FUNCTION, "least", "top", "above_lost", signal=_signal(t))
    t = t.select("us", *KEPT, *_FUNCTION, "above_lost", "signal", lost=_lost(t), idle=_any(t.flags, Flag.NOT_AT_WORK))
    usable = ((t.lost & int(UNREAD)) == 0) & ~(((t.lost & int(Lost.OUTSIDE_RANGE)) != 0) & t.above_lost)
    t = t.select("us", *KEPT, *_FUNCTION, "lost", "idle", raw=usable.ifelse(t.signal, ibis.null()))
    linear = (t.offset + t.slope * t.raw.cast("float64")) * t.gain / t.loss
    calibrated = t.known.ifelse(quantised(linear), ibis.null())
    return t.select("us", *KEPT, "lost", "idle", "raw", calibrated=calibrated)


def beyond(value: Any, t: Any) -> Any:
    """Return whether values lie outside the valid range of their function; one without a range has no outside."""
    return (value < t.low).fill_null(False) | (value > t.high).fill_null(False)


def supplied(t: Any, *, mixed: bool, spread: Any) -> Any:
    """Return what is used beside concentrations: columns of :func:`values`, and `key`: moment [µs] plus group.

    Parameters
    ----------
    t
        What :func:`values` returns of the rows of this kind.
    mixed
        Whether some of it comes in other steps than the concentrations do: a longer one holds for all of its step, and
        a shorter one has several rows for one key.
    spread
        Columns of :data:`goedebuur.core.emissions.chain.plans.SPREAD`; used where `mixed`.
    """
    if mixed:
        t = t.join(spread, [t.of_step == spread.from_step, t.group_step == spread.to_step])
        t = without(t, "from_step", "to_step")
        width = t.group_step.cast("int64") * MICRO
        t = t.mutate(us=t.us + t.after - (t.us + t.after) % width)
    return t.mutate(key=t.us + t.group)


def out_of_service(beside: Any, codes: Any) -> Any:
    """Return the keys of moments at which a stream of states says that the plant was out of service: `out_key`."""
    states = beside.filter(beside.role == STATE)
    out = codes.filter(codes.state == OUT_OF_SERVICE).select("code_no", "code")
    return states.join(out, [states.no == out.code_no, states.raw == out.code]).select(out_key="key").distinct()


def side_by_side(beside: Any, roles: Sequence[str], *, mixed: bool) -> Any:
    """Return what is used beside concentrations, one row a key: `at_key` and a column for each role, null without.

    With `flow` among the roles `flow_bit` is :attr:`Lost.FLOW_OUTSIDE_RANGE` where that was above its range, else 0.
    """

    def of(role: str) -> Any:
        mine = beside.role == ROLES[role]
        if not mixed:
            return beside.calibrated.max(where=mine)
        count = beside.calibrated.count(where=mine).cast("int64")
        return rounded(whole(beside.calibrated.sum(where=mine)), count, 1)

    bit = {"flow_bit": bit_or(flow_bit(beside))} if "flow" in roles else {}
    return beside.group_by(at_key=beside.key).agg(**{role: of(role) for role in roles}, **bit)


def flow_bit(beside: Any) -> Any:
    """Return :attr:`Lost.FLOW_OUTSIDE_RANGE` for each flow above the range of its instrument, 0 for all else."""
    above = (beside.role == ROLES["flow"]) & ((beside.lost & int(Lost.OUTSIDE_RANGE)) != 0)
    return above.ifelse(int(Lost.FLOW_OUTSIDE_RANGE), 0).cast("int32")


def _signal(t: Any) -> Any:
    """Return micro in the unit of the stream, where that is another than the canonical one."""
    other = quantised(t.micro.cast("float64") * t.times / t.over)
    return (t.times == t.over).ifelse(t.micro, other)


def _lost(t: Any) -> Any:
    missing = t.signal.isnull() | _any(t.flags, Flag.TOMBSTONE)
    bits = missing.ifelse(int(Lost.MISSING), 0)
    for flag, lost in STATUS:
        bits = bits + _any(t.flags, flag).ifelse(int(lost), 0)
    fault = (t.signal < t.least).fill_null(False) & ~_any(t.flags, Flag.MALFUNCTION)
    bits = bits + fault.ifelse(int(Lost.MALFUNCTION), 0)
    # an instrument that goes no further reads the end of its range
    above = _any(t.flags, Flag.ABOVE_RANGE) | (t.signal >= t.top).fill_null(False)
    bits = bits + above.ifelse(int(Lost.OUTSIDE_RANGE), 0)
    return (bits + t.known.ifelse(0, int(Lost.NO_FUNCTION))).cast("int32")


def _any(flags: Any, wanted: Flag) -> Any:
    return (flags & int(wanted)) != 0
