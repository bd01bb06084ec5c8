"""Laying settings, instruments and functions of one emission point side by side, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final

import polars as pl

from goedebuur.core.base import quantities
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Clock, microseconds, zone
from goedebuur.core.base.quantities import MICRO
from goedebuur.core.emissions.chain.plans import (
    CODES,
    CONCENTRATION,
    EVER,
    NORMAL,
    OTHER,
    OUT_OF_SERVICE,
    ROLES,
    SPANS,
    SUPPLY,
    Plan,
    numbered,
)
from goedebuur.core.emissions.processing import (
    NORMAL_KELVIN,
    NORMAL_KILOPASCAL,
    Above,
    Order,
    Peripherals,
    Processing,
    RangeOf,
    Reference,
    ShareOf,
    Taken,
)
from goedebuur.core.emissions.signals import quantity_of
from goedebuur.core.emissions.streams import Basis, CalibrationFunction, Role, Stream

CANONICAL: Final = {
    Role.OXYGEN: "stack_o2",
    Role.MOISTURE: "stack_moisture",
    Role.TEMPERATURE: "stack_temperature",
    Role.PRESSURE: "stack_pressure",
    Role.FLOW: "stack_flow",
}
"""Quantity in whose canonical unit the property enters the corrections."""
A_CONCENTRATION: Final = "stack_dust"
"""Any quantity that is counted in mg/m³."""
_STATED: Final = ("temperature", "pressure", "moisture", "oxygen")


def plan(settings: Sequence[Processing], streams: Sequence[Stream], functions: Sequence[CalibrationFunction]) -> Plan:
    """Return what is done with the series of one emission point.

    Parameters
    ----------
    settings
        Of the emission point, of any days. On a day on which several hold, the last to begin does.
    streams
        At the emission point.
    functions
        Of these streams, of any days.
    """
    made = _Making({one.id: one for one in streams}, tuple(functions))
    for one, first, last in _in_turn(settings):
        made.settled(one, first, last)
    spans = numbered(pl.DataFrame(made.rows, schema={k: v for k, v in SPANS.items() if k != "no"}, orient="row"))
    codes = [
        {"of_series": one.series, "code": code.code * MICRO, "state": code.state, "rank": _rank(code.state)}
        for one in streams
        for code in one.codes
    ]
    return Plan(spans, pl.DataFrame(codes, schema=CODES), tuple(dict.fromkeys(made.questions)))


def _rank(state: str) -> int:
    """Return the order in which states win where two held equally long: the one in which limits count comes first."""
    from goedebuur.core.permits.limits import OperatingState

    order = [NORMAL, *OperatingState, OUT_OF_SERVICE]
    return order.index(state) if state in order else len(order)


def _in_turn(settings: Sequence[Processing]) -> Iterator[tuple[Processing, date, date | None]]:
    """Yield settings with the first and last day on which they hold, without overlap."""
    ordered = sorted(settings, key=lambda one: (one.valid_from, one.id))
    for one, after in zip(ordered, [*ordered[1:], None], strict=True):
        last = one.valid_to
        if after is not None:
            before = after.valid_from - timedelta(days=1)
            last = before if last is None else min(last, before)
        if last is None or last >= one.valid_from:
            yield one, one.valid_from, last


def first_moment(day: date, clock: Clock) -> int:
    """Return the moment with which a day begins on a clock. [µs since 1970, UTC]"""
    return microseconds(datetime(day.year, day.month, day.day, tzinfo=zone(clock)).astimezone(UTC))


class _Making:
    """Rows of one emission point in the making."""

    def __init__(self, streams: dict[str, Stream], functions: tuple[CalibrationFunction, ...]) -> None:
        self.streams = streams
        self.functions = functions
        self.rows: list[dict[str, Any]] = []
        self.questions: list[str] = []
        self.groups: dict[tuple[str, Peripherals, int], int] = {}

    def settled(self, one: Processing, first: date, last: date | None) -> None:
        """Add the rows of all streams under settings that hold from one day to another."""
        for stream in self.streams.values():
            if stream.role is not Role.CONCENTRATION:
                if stream.role is not Role.STATE:
                    self._averaged(one, stream, first, last)
                continue
            group = (one.id, one.beside(stream.id), stream.step)
            if group not in self.groups:
                self.groups[group] = len(self.groups)
                self._beside(one, stream, self.groups[group], first, last)
            self._corrected(one, stream, self.groups[group], first, last)

    def _averaged(self, one: Processing, stream: Stream, first: date, last: date | None) -> None:
        own = one.of_stream(stream.id)
        for day, end in self._days([stream], first, last):
            for length in own.lengths:
                common = self._common(one, stream, day, end)
                self.rows.append({**common, "kind": OTHER, "reference": "", "length": length, **_share(one)})

    def _beside(self, one: Processing, beneath: Stream, group: int, first: date, last: date | None) -> None:
        """Add the rows of what is used beside a concentration and all others that use the same."""
        row = one.beside(beneath.id)
        same = [s.id for s in self.streams.values() if s.role is Role.CONCENTRATION and one.beside(s.id) == row]
        lengths = sorted({length for name in same for length in one.of_stream(name).lengths})
        for role, taken in row.taken().items():
            if not taken.stream:
                continue
            stream = self.streams.get(taken.stream)
            if stream is None or stream.role != role:
                self.questions.append(f"Which stream measures {role} at {one.emission_point}? {taken.stream} does not.")
                continue
            # a raw value is looked up by its moment alone; all else is counted by period
            several = one.order is Order.AVERAGE or role == Role.STATE
            for day, end in self._days([stream], first, last):
                said = {**self._common(one, stream, day, end), "kind": SUPPLY}
                said |= {"group": group, "group_step": beneath.step}
                # what the gas was cannot be left at so much, or more: a concentration can rise by it or fall
                said |= {} if role == Role.FLOW else {"above_lost": True}
                self.rows += [{**said, "length": length} for length in (lengths if several else lengths[:1])]

    def _corrected(self, one: Processing, stream: Stream, group: int, first: date, last: date | None) -> None:
        own, beside = one.of_stream(stream.id), one.beside(stream.id)
        used = [self.streams[t.stream] for t in beside.taken().values() if t.stream in self.streams]
        if stream.wet is None:
            self.questions.append(f"Is the gas that {stream.id} measures wet or dry?")
        flow, state = self.streams.get(beside.flow), self.streams.get(beside.state)
        oxygen = self.streams.get(beside.oxygen.stream) if beside.oxygen else None
        fixed = {
            "group": group,
            "group_step": stream.step,
            "state_step": min(state.step, stream.step) if state else None,
            "actual": stream.basis is Basis.ACTUAL,
            "wet": stream.wet,
            "included": _micro(stream.oxygen_included),
            # a stated content is of dry gas, as tables give it
            "oxygen_wet": oxygen.wet if oxygen else False,
            "flow_actual": flow.basis is Basis.ACTUAL if flow else None,
            "flow_wet": flow.wet if flow else None,
            "flow_included": _micro(flow.oxygen_included) if flow else None,
            "guard": _micro(one.oxygen_guard),
            "range_standard": one.range_of is RangeOf.STANDARD,
            **{f"{name}_else": _otherwise(getattr(beside, name)) for name in _STATED},
            **_share(one),
        }
        for day, end in self._days([stream, *used], first, last):
            common = {**self._common(one, stream, day, end), **fixed, "kind": CONCENTRATION}
            for length in own.lengths:
                self.rows += [{**common, "length": length, **_reference(to)} for to in own.references]

    def _days(self, of: Sequence[Stream], first: date, last: date | None) -> Iterator[tuple[date, date | None]]:
        """Yield stretches of days in which nothing changes and the first stream is in use: first day, day after."""
        after = None if last is None else last + timedelta(days=1)
        edges = {first}
        names = {one.id for one in of}
        dated: list[Stream | CalibrationFunction] = [*of, *(f for f in self.functions if f.stream in names)]
        for one in dated:
            edges |= {one.valid_from} if one.valid_from else set()
            edges |= {one.valid_to + timedelta(days=1)} if one.valid_to else set()
        inside = sorted(day for day in edges if first <= day and (after is None or day < after))
        for day, end in zip(inside, [*inside[1:], after], strict=True):
            own = of[0]
            if (own.valid_from is None or own.valid_from <= day) and (own.valid_to is None or day <= own.valid_to):
                yield day, end

    def _common(self, one: Processing, stream: Stream, day: date, end: date | None) -> dict[str, Any]:
        own = one.of_stream(stream.id)
        reported = quantities.quantity(quantity_of(stream.series))
        over, times = quantities.ratio(reported.id, stream.unit)
        return {
            "of_series": stream.series,
            "of_step": stream.step,
            "low_us": first_moment(day, one.clock),
            "high_us": EVER if end is None else first_moment(end, one.clock),
            "role": ROLES[stream.role],
            "stream": stream.id,
            "order": one.order,
            "times": float(times),
            "over": float(over),
            "least": _micro(own.least),
            "top": _micro(stream.range_high),
            "above_lost": one.above_range is Above.LOST,
            **self._function(stream, own.delivered, day),
        }

    def _function(self, stream: Stream, delivered: bool, day: date) -> dict[str, Any]:
        held = [one for one in self.functions if one.stream == stream.id and one.valid_from <= day]
        held = sorted(
            (one for one in held if one.valid_to is None or day <= one.valid_to),
            key=lambda one: (one.valid_from, one.id),
        )
        if held:
            function = held[-1]
            gain = _gain(stream, function.unit)
            if gain is None:
                self.questions.append(f"How many of its own unit is {function.unit}, that {function.id} gives?")
            top, bottom = gain or (1, 1)
            return {
                "known": gain is not None,
                "offset": float(Fraction(function.offset) * MICRO),
                "slope": float(Fraction(function.slope)),
                "gain": float(top),
                "loss": float(bottom),
                "low": _micro(function.valid_low, (top, bottom)),
                "high": _micro(function.valid_high, (top, bottom)),
            }
        gain = _gain(stream, stream.unit)
        asked = stream.role is Role.CONCENTRATION and not delivered
        if gain is None and not asked:
            self.questions.append(f"What is a value of {stream.id} in {stream.unit}? No function says so.")
        top, bottom = gain or (1, 1)
        return {"known": gain is not None and not asked, "offset": 0.0, "slope": 1.0} | {
            "gain": float(top),
            "loss": float(bottom),
        }


def _gain(stream: Stream, unit: str) -> tuple[int, int] | None:
    """Return the ratio from a unit to the one in which a stream enters the corrections; None where there is none."""
    if stream.role is Role.CONCENTRATION:
        quantity = A_CONCENTRATION
    else:
        quantity = CANONICAL.get(stream.role) or quantity_of(stream.series)
    try:
        return quantities.ratio(quantity, unit)
    except GoedeBuurError:
        return None


def _micro(number: str, times: tuple[int, int] = (1, 1)) -> int | None:
    if not number:
        return None
    exact = Fraction(number) * MICRO * Fraction(*times)
    whole = int(abs(exact) + Fraction(1, 2))
    return whole if exact >= 0 else -whole


def _otherwise(taken: Taken | None) -> int | None:
    return _micro(taken.otherwise) if taken is not None else None


def _share(one: Processing) -> dict[str, Any]:
    share = Fraction(one.share)
    return {
        "share_num": share.numerator,
        "share_den": share.denominator,
        "share_at_work": one.share_of is ShareOf.AT_WORK,
    }


def _reference(to: Reference) -> dict[str, Any]:
    scale = Fraction(NORMAL_KELVIN) / Fraction(to.temperature) * Fraction(to.pressure) / Fraction(NORMAL_KILOPASCAL)
    return {
        "reference": to.key,
        "ref_oxygen": _micro(to.oxygen),
        "ref_dry": to.dry,
        "only_above": to.only_above,
        "scale": float(scale),
    }
