"""The same averages by hand: dictionaries, one raw value at a time, straight from the records and without a plan.

Arithmetic within a step is done in the number type that is asked for: floats must give the digits of the expressions,
fractions say how far these are from exact arithmetic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from goedebuur.core.base.flags import Flag
from goedebuur.core.emissions.processing import Above, Order, Processing, RangeOf, Reference, ShareOf
from goedebuur.core.emissions.streams import Basis, CalibrationFunction, Role, Stream
from goedebuur.core.emissions.tables import Lost

Rows = Mapping[tuple[str, int], tuple[int | None, int]]
"""(series, start [s since 1970 UTC]) → micro, flags"""
ZONES = {"UTC": ZoneInfo("UTC"), "CET": ZoneInfo("Etc/GMT-1"), "local": ZoneInfo("Europe/Amsterdam")}
UNREAD = Lost.MISSING | Lost.SUPPLIER_INVALID | Lost.MAINTENANCE | Lost.MALFUNCTION | Lost.CALIBRATING


def half_away(x: Any) -> int:
    exact = Fraction(x)
    whole = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return whole if exact >= 0 else -whole


def mean(values: Sequence[int]) -> int | None:
    return half_away(Fraction(sum(values), len(values))) if values else None


def micro(number: str) -> int | None:
    return half_away(Fraction(number) * 10**6) if number else None


@dataclass
class Value:
    lost: Lost
    idle: bool
    raw: int | None = None
    calibrated: int | None = None
    standard: int | None = None
    rate: int | None = None
    beyond: bool = False


@dataclass
class Oracle:
    settings: Sequence[Processing]
    streams: Sequence[Stream]
    functions: Sequence[CalibrationFunction]
    rows: Rows
    number: Any = float
    by_id: dict[str, Stream] = field(init=False)

    def __post_init__(self) -> None:
        self.by_id = {one.id: one for one in self.streams}

    def all(self, start: int, end: int) -> dict[tuple[str, str, int, int], tuple[Any, ...]]:
        """Return (stream, reference, start, length) → raw, calibrated, standard, mass, measured, n, expected, at_work,
        beyond, lost, state, valid."""
        found = {}
        for stream in self.streams:
            if stream.role is Role.STATE:
                continue
            for at in range(start, end, 600):
                one = self.setting(at)
                if one is None or not self.in_use(stream, self.day(at, one)):
                    continue
                own = one.of_stream(stream.id)
                for length in own.lengths:
                    if at % length:
                        continue
                    if stream.role is not Role.CONCENTRATION:
                        found[stream.id, "", at, length] = self.other(one, stream, at, length)
                        continue
                    for to in own.references:
                        average = self.each if one.order is Order.EACH_VALUE else self.averaged
                        found[stream.id, to.key, at, length] = average(one, stream, to, at, length)
        return found

    def setting(self, at: int) -> Processing | None:
        held = [one for one in self.settings if one.in_force(self.day(at, one))]
        return max(held, key=lambda one: one.valid_from) if held else None

    def day(self, at: int, one: Processing) -> date:
        return datetime.fromtimestamp(at, UTC).astimezone(ZONES[one.clock]).date()

    def in_use(self, stream: Stream, day: date) -> bool:
        return (stream.valid_from or day) <= day <= (stream.valid_to or day)

    def read(self, one: Processing, stream: Stream, at: int) -> Value:
        """Return one raw value, whatever the plant did."""
        day = self.day(at, one)
        value, flags = self.rows.get((stream.series, at), (None, 0)) if self.in_use(stream, day) else (None, 0)
        lost = Lost(0)
        if value is None or flags & Flag.TOMBSTONE:
            lost |= Lost.MISSING
        if flags & (Flag.SUPPLIER_INVALID | Flag.NOT_A_VALUE | Flag.SUBSTITUTE):
            lost |= Lost.SUPPLIER_INVALID
        for flag, bit in (
            (Flag.MAINTENANCE, Lost.MAINTENANCE),
            (Flag.MALFUNCTION, Lost.MALFUNCTION),
            (Flag.CALIBRATING, Lost.CALIBRATING),
        ):
            lost |= bit if flags & flag else Lost(0)
        own = one.of_stream(stream.id)
        if own.least and value is not None and value < Fraction(own.least) * 10**6:
            lost |= Lost.MALFUNCTION
        above = stream.range_high and value is not None and value >= Fraction(stream.range_high) * 10**6
        if above or flags & Flag.ABOVE_RANGE:
            lost |= Lost.OUTSIDE_RANGE
        function = self.function(stream, day)
        known = function is not None or own.delivered or stream.role is not Role.CONCENTRATION
        lost |= Lost(0) if known else Lost.NO_FUNCTION
        found = Value(lost, bool(flags & Flag.NOT_AT_WORK))
        if not lost & UNREAD and not (lost & Lost.OUTSIDE_RANGE and one.above_range is Above.LOST):
            found.raw = value
            if value is not None and known:
                found.calibrated = value
                if function is not None:
                    offset = self.number(Fraction(function.offset) * 10**6)
                    found.calibrated = half_away(offset + self.number(Fraction(function.slope)) * value)
        return found

    def function(self, stream: Stream, day: date) -> CalibrationFunction | None:
        held = [f for f in self.functions if f.stream == stream.id and f.valid_from <= day]
        held = [f for f in held if f.valid_to is None or day <= f.valid_to]
        return max(held, key=lambda f: (f.valid_from, f.id)) if held else None

    def moments(self, one: Processing, name: str, at: int, step: int) -> list[tuple[int, Value]]:
        """Return the values of a stream beside a concentration that hold in a step: moment and value."""
        stream = self.by_id.get(name)
        if stream is None:
            return []
        moments = [at - at % stream.step] if stream.step >= step else range(at, at + step, stream.step)
        found = [(at, self.read(one, stream, t)) for t in moments]
        for _, value in found:
            if value.lost & Lost.OUTSIDE_RANGE and stream.role is not Role.FLOW:  # what the gas was is not known
                value.raw = value.calibrated = None
        return found

    def state(self, one: Processing, stream: Stream, at: int) -> list[str]:
        name = one.beside(stream.id).state
        if not name:
            return []
        codes = {code.code * 10**6: code.state for code in self.by_id[name].codes}
        told = [codes.get(value.raw) for _, value in self.moments(one, name, at, stream.step) if value.raw is not None]
        return [state for state in told if state is not None]

    def out(self, one: Processing, stream: Stream, at: int) -> bool:
        return "out_of_service" in self.state(one, stream, at)

    def raw_values(self, one: Processing, stream: Stream, at: int, length: int) -> list[Value]:
        """Return the raw values of a period, with what the plant did."""
        found = []
        for moment in range(at, at + length, stream.step):
            value = self.read(one, stream, moment)
            value.idle = value.idle or (stream.role is Role.CONCENTRATION and self.out(one, stream, moment))
            if value.idle:
                value.raw = value.calibrated = None
                there = not value.lost & Lost.MISSING
                value.lost = Lost.NOT_AT_WORK if there or (stream.series, moment) in self.rows else Lost(0)
                value.beyond = False
            elif (stream.series, moment) not in self.rows:
                value.lost = Lost(0)
            found.append(value)
        return found

    def beside(
        self, one: Processing, stream: Stream, moments: Sequence[int], base: int | None
    ) -> dict[str, int | None]:
        """Return what holds beside a concentration: the mean over moments; with a base, of a share of it only."""
        found: dict[str, int | None] = {}
        row = one.beside(stream.id)
        for role in ("temperature", "pressure", "moisture", "oxygen", "flow"):
            taken = row.taken().get(role)
            values: list[int] = []
            covered = 0
            above = False
            for at in moments:
                if base is not None and self.out(one, stream, at):
                    continue
                for _, value in self.moments(one, taken.stream, at, stream.step) if taken else []:
                    above = above or bool(value.lost & Lost.OUTSIDE_RANGE)
                    if value.calibrated is not None:
                        values.append(value.calibrated)
                        covered += min(self.by_id[taken.stream].step, stream.step) if taken else 0
            there = covered // stream.step
            enough = base is None or (there > 0 and there >= Fraction(one.share) * base)
            found[role] = mean(values) if enough else None
            found[f"measured_{role}"] = found[role]
            found[f"above_{role}"] = int(above)
            if found[role] is None and taken is not None and taken.otherwise:
                found[role] = micro(taken.otherwise)
        return found

    def correct(
        self,
        one: Processing,
        stream: Stream,
        to: Reference,
        value: int | None,
        gas: Mapping[str, int | None],
        day: date,
    ) -> tuple[int | None, int | None, Lost, bool]:
        """Return standard, rate, lost, beyond."""
        if value is None:
            return None, None, Lost(0), False
        n = self.number
        row = one.beside(stream.id)
        oxygen_stream = self.by_id.get(row.oxygen.stream) if row.oxygen else None
        normal = self.normal(n(value), gas, stream.basis is Basis.ACTUAL, stream.wet, up=True)
        oxygen = self.dry_oxygen(gas, oxygen_stream.wet if oxygen_stream else False)
        included = micro(stream.oxygen_included)
        guard, want = micro(one.oxygen_guard), micro(to.oxygen)
        assert guard is not None
        corrects = want is not None and included is None
        scale = n(Fraction("273.15") / Fraction(to.temperature) * Fraction(to.pressure) / Fraction("101.3"))
        standard = None
        if normal is not None:
            x: Any = n(normal) * scale
            over = n(21 * 10**6 - oxygen) if oxygen is not None and oxygen < guard else None
            if included is not None:
                top = (
                    n(21 * 10**6 - want) if want is not None else n(21 * 10**6 - oxygen) if oxygen is not None else None
                )
                x = None if top is None else x * top / n(21 * 10**6 - included)
            elif want is not None and not (to.only_above and oxygen is not None and oxygen <= want):
                x = None if over is None else x * n(21 * 10**6 - want) / over
            if x is not None and not to.dry:
                x = (
                    None
                    if gas["moisture"] is None or gas["moisture"] >= 10**8
                    else x * n(10**8 - gas["moisture"]) / n(10**8)
                )
            standard = None if x is None else half_away(x)
        lost = Lost(0)
        if corrects and oxygen is not None and oxygen >= guard:
            lost |= Lost.OXYGEN_TOO_HIGH
        elif standard is None:
            lost |= Lost.NO_PERIPHERAL
        beyond = False
        if standard is not None:
            moist = stream.wet or not to.dry or (corrects and oxygen_stream is not None and bool(oxygen_stream.wet))
            absent = [
                name
                for name in ("temperature", "pressure")
                if stream.basis is Basis.ACTUAL and gas[f"measured_{name}"] is None
            ]
            absent += ["moisture"] if moist and gas["measured_moisture"] is None else []
            absent += ["oxygen"] if corrects and gas["measured_oxygen"] is None else []
            lost |= Lost.SUBSTITUTED if absent else Lost(0)
            beyond = self.beyond(one, stream, value if one.range_of is RangeOf.CALIBRATED else standard, day)
            lost |= Lost.BEYOND_FUNCTION if beyond else Lost(0)
        lost |= Lost.FLOW_OUTSIDE_RANGE if gas["above_flow"] else Lost(0)
        return standard, self.rate(one, stream, normal, oxygen, gas), lost, beyond

    def normal(self, x: Any, gas: Mapping[str, int | None], actual: bool, wet: bool | None, *, up: bool) -> int | None:
        n = self.number
        if wet is None:
            return None
        if actual:
            t, p = gas["temperature"], gas["pressure"]
            if t is None or p is None or t + 273_150_000 <= 0 or p <= 0:
                return None
            kelvin, zero, own, norm = n(t + 273_150_000), n(273_150_000), n(p), n(1_013_000_000)
            x = x * kelvin / zero * norm / own if up else x * zero / kelvin * own / norm
        if wet:
            water = gas["moisture"]
            if water is None or water >= 10**8:
                return None
            x = x * n(10**8) / n(10**8 - water) if up else x * n(10**8 - water) / n(10**8)
        return half_away(x)

    def dry_oxygen(self, gas: Mapping[str, int | None], wet: bool | None) -> int | None:
        oxygen, water = gas["oxygen"], gas["moisture"]
        if oxygen is None or wet is None or (wet and (water is None or water >= 10**8)):
            return None
        n = self.number
        return half_away(n(oxygen) * n(10**8) / n(10**8 - water)) if wet and water is not None else oxygen

    def rate(
        self, one: Processing, stream: Stream, normal: int | None, oxygen: int | None, gas: Mapping[str, int | None]
    ) -> int | None:
        n = self.number
        name = one.beside(stream.id).flow
        meter = self.by_id.get(name)
        if meter is None or normal is None or gas["flow"] is None:
            return None
        flow = self.normal(n(gas["flow"]), gas, meter.basis is Basis.ACTUAL, meter.wet, up=False)
        if meter.oxygen_included and flow is not None:
            if oxygen is None or oxygen >= 21 * 10**6:
                return None
            flow = half_away(n(flow) * n(21 * 10**6 - (micro(meter.oxygen_included) or 0)) / n(21 * 10**6 - oxygen))
        if stream.oxygen_included:
            if oxygen is None:
                return None
            normal = half_away(
                n(normal) * n(21 * 10**6 - oxygen) / n(21 * 10**6 - (micro(stream.oxygen_included) or 0))
            )
        return None if flow is None else half_away(n(normal) * n(flow) / n(10**9))

    def beyond(self, one: Processing, stream: Stream, value: int, day: date) -> bool:
        function = self.function(stream, day)
        if function is None:
            return False
        low, high = micro(function.valid_low), micro(function.valid_high)
        return (low is not None and value < low) or (high is not None and value > high)

    def other(self, one: Processing, stream: Stream, at: int, length: int) -> tuple[Any, ...]:
        values = self.raw_values(one, stream, at, length)
        count = [value.calibrated for value in values if value.calibrated is not None]
        return self.shown(one, stream, values, at, length, len(count), None, None, 0, Lost(0))

    def each(self, one: Processing, stream: Stream, to: Reference, at: int, length: int) -> tuple[Any, ...]:
        values = self.raw_values(one, stream, at, length)
        for k, value in enumerate(values):
            if value.idle:
                continue
            moment = at + k * stream.step
            gas = self.beside(one, stream, [moment], None)
            day = self.day(at, one)
            value.standard, value.rate, lost, value.beyond = self.correct(one, stream, to, value.calibrated, gas, day)
            value.lost |= lost
        standards = [value.standard for value in values if value.standard is not None]
        rates = [value.rate for value in values if value.rate is not None]
        return self.shown(
            *(one, stream, values, at, length, len(standards), mean(standards)),
            *((mean(rates), len(rates)), sum(value.beyond for value in values), Lost(0)),
        )

    def averaged(self, one: Processing, stream: Stream, to: Reference, at: int, length: int) -> tuple[Any, ...]:
        values = self.raw_values(one, stream, at, length)
        calibrated = [value.calibrated for value in values if value.calibrated is not None]
        base = self.base(one, stream, values, at, length)[1]
        gas = self.beside(one, stream, range(at, at + length, stream.step), base)
        standard, rate, lost, beyond = self.correct(one, stream, to, mean(calibrated), gas, self.day(at, one))
        n = len(calibrated) if standard is not None else 0
        return self.shown(
            *(one, stream, values, at, length, n, standard, (rate, len(calibrated)), n if beyond else 0, lost)
        )

    def base(self, one: Processing, stream: Stream, values: Sequence[Value], at: int, length: int) -> tuple[int, int]:
        """Return the raw values while at work, and those of which a share must be there."""
        expected = length // stream.step
        out = 0
        flagged = sum(value.idle and bool(value.lost) for value in values)
        if stream.role is Role.CONCENTRATION and one.beside(stream.id).state:
            state = self.by_id[one.beside(stream.id).state]
            told = [s for t in range(at, at + length, stream.step) for s in self.state(one, stream, t)]
            out = told.count("out_of_service") * min(state.step, stream.step) // stream.step
        at_work = expected - min(expected, max(out, flagged))
        return at_work, at_work if one.share_of is ShareOf.AT_WORK else expected

    def shown(
        self,
        one: Processing,
        stream: Stream,
        values: Sequence[Value],
        at: int,
        length: int,
        n: int,
        standard: int | None,
        rate: tuple[int | None, int] | None,
        beyond: int,
        lost: Lost,
    ) -> tuple[Any, ...]:
        at_work, base = self.base(one, stream, values, at, length)
        share = Fraction(one.share)
        valid = n > 0 and n >= share * base and at_work > 0
        for value in values:
            lost |= value.lost
        there = sum(
            not v.idle and (stream.series, at + k * stream.step) in self.rows and not v.lost & Lost.MISSING
            for k, v in enumerate(values)
        )
        lost |= Lost.MISSING if there < at_work else Lost(0)
        lost |= Lost.TOO_FEW if not valid and at_work else Lost(0)
        lost |= Lost(0) if at_work else Lost.NOT_AT_WORK
        mass = None
        if rate is not None and rate[0] is not None and rate[1] > 0 and rate[1] >= share * base:
            mass = half_away(Fraction(rate[0] * at_work * stream.step, 3600))
        raws = [value.raw for value in values if value.raw is not None]
        calibrated = [value.calibrated for value in values if value.calibrated is not None]
        told = (
            [s for t in range(at, at + length, stream.step) for s in self.state(one, stream, t)]
            if stream.role is Role.CONCENTRATION
            else []
        )
        return (
            *(mean(raws), mean(calibrated), standard, mass, len(raws), n, length // stream.step, at_work, beyond),
            *(int(lost), self.most(one, stream, told, length), valid),
        )

    def most(self, one: Processing, stream: Stream, told: Sequence[str], length: int) -> str:
        if not told:
            return "unknown"
        state = self.by_id[one.beside(stream.id).state]
        counts = Counter(told)
        order = ["normal", "start_up", "shut_down", "malfunction", "out_of_service"]
        best = min(counts, key=lambda name: (-counts[name], order.index(name)))
        expected = length // min(state.step, stream.step)
        return "unknown" if expected - len(told) > counts[best] else best
