"""Each check finds what it is for in a point made by hand, names it, and finds nothing where nothing is wrong."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from tests.core.emissions.checks import points
from tests.core.emissions.checks.points import START, at, stream, with_

from goedebuur.core.base.flags import Flag
from goedebuur.core.emissions.checks import (
    balance,
    catalogue,
    check,
    clocks,
    copies,
    delivered,
    drift,
    levels,
    scales,
    states,
    values,
)
from goedebuur.core.emissions.checks.every import ALL
from goedebuur.core.emissions.checks.findings import Finding
from goedebuur.core.emissions.checks.minutes import Bits, Floats, Minutes, Track
from goedebuur.core.emissions.streams import Role

Change = Callable[[Floats, Bits], None]


@pytest.fixture(scope="module")
def calm() -> Minutes:
    return points.calm()


def put(begin: int, end: int, value: float) -> Change:
    def change(raw: Floats, flags: Bits) -> None:
        raw[begin:end] = value

    return change


def times(begin: int, end: int, factor: float) -> Change:
    def change(raw: Floats, flags: Bits) -> None:
        raw[begin:end] = np.round(raw[begin:end] * factor, 2)

    return change


def at_end(found: Minutes) -> datetime:
    return found.moment(found.length)


def only(found: list[Finding], check: str) -> Finding:
    assert [one.check for one in found] == [check]
    assert all(catalogue.sentence(one).nl and catalogue.sentence(one).en in catalogue.note(one) for one in found)
    return found[0]


def test_nothing_is_found_where_nothing_is_wrong(calm: Minutes) -> None:
    assert check(calm) == []
    assert check(Minutes(START, 60, {})) == []


@pytest.mark.parametrize("length", [1, 2, 29, 60, 719, 1_439, 1_441, 4_000])
def test_a_delivery_of_any_length_can_be_looked_at(calm: Minutes, length: int) -> None:
    short = {name: Track(one.stream, one.values[:length], one.flags[:length]) for name, one in calm.tracks.items()}
    assert check(Minutes(calm.start, 60, short)) == []


def test_thirty_rows_that_are_not_there_are_named_and_twenty_nine_are_not(calm: Minutes) -> None:
    found = only(values.missing(with_(calm, "hcl", put(at(3, 5), at(3, 5, 30), np.nan))), "stack.missing")
    assert (found.streams, found.start, found.end) == (
        ("hcl",),
        START + timedelta(days=3, hours=5),
        START + timedelta(days=3, hours=5, minutes=30),
    )
    assert found.number("minutes") == "30"
    assert values.missing(with_(calm, "hcl", put(at(3, 5), at(3, 5, 29), np.nan))) == []


def test_streams_that_miss_the_same_hours_are_one_finding(calm: Minutes) -> None:
    gone = calm
    for name in calm.tracks:
        gone = with_(gone, name, put(at(4), at(4, 2), np.nan))
    assert only(values.missing(gone), "stack.missing").streams == tuple(sorted(calm.tracks))


def test_a_plant_out_of_service_may_send_nothing_but_its_state(calm: Minutes) -> None:
    stopped = with_(with_(calm, "state", put(at(4), at(5), 0)), "hcl", put(at(4), at(5), np.nan))
    assert values.missing(stopped) == []


def test_a_value_that_stands_still_for_an_hour_is_named(calm: Minutes) -> None:
    found = only(values.stuck(with_(calm, "t", put(at(6, 1), at(6, 2), 139.37))), "stack.stuck")
    assert (found.number("value"), found.number("minutes")) == ("139.4", "60")
    assert values.stuck(with_(calm, "t", put(at(6, 1), at(6, 1, 20), 139.37))) == []


def test_a_coarse_signal_may_repeat_itself_as_long_as_it_always_does(calm: Minutes) -> None:
    def coarse(raw: Floats, flags: Bits) -> None:
        raw[:] = np.repeat(np.arange(len(raw) // 20 + 1) % 7, 20)[: len(raw)]

    assert values.stuck(with_(calm, "t", coarse)) == []


def test_a_pump_that_is_off_may_stand_still(calm: Minutes) -> None:
    assert values.stuck(with_(calm, "lime", put(at(6), at(7), 0.0))) == []


def test_a_greatest_value_that_comes_again_and_again_is_cut_off(calm: Minutes) -> None:
    def cut(raw: Floats, flags: Bits) -> None:
        raw[flags == 0] = np.minimum(raw[flags == 0], 4.5)

    found = only(values.clipped(with_(calm, "hcl", cut)), "stack.clipped")
    assert found.number("value") == "4.5"
    assert int(found.number("times")) > 1_000


def test_zero_in_place_of_what_is_below_it_is_named_and_noise_around_zero_is_not(calm: Minutes) -> None:
    def low(raw: Floats, flags: Bits) -> None:
        raw[flags == 0] -= 3.8

    def cut(raw: Floats, flags: Bits) -> None:
        low(raw, flags)
        raw[:] = np.maximum(np.round(raw, 2), 0)

    assert values.zero_clipped(with_(calm, "hcl", low)) == []
    only(values.zero_clipped(with_(calm, "hcl", cut)), "stack.zero_clipped")


def test_a_straight_line_in_place_of_two_hours_is_named(calm: Minutes) -> None:
    def line(raw: Floats, flags: Bits) -> None:
        raw[at(7, 8) : at(7, 10)] = np.round(np.linspace(3.7, 4.4, 120), 2)

    found = only(values.interpolated(with_(calm, "hcl", line)), "stack.interpolated")
    assert 118 <= int(found.number("minutes")) <= 122


def test_two_hours_that_stand_in_for_others_are_named_with_where_they_come_from(calm: Minutes) -> None:
    def copy(raw: Floats, flags: Bits) -> None:
        raw[at(9, 5, 17) : at(9, 7, 17)] = raw[at(8, 10) : at(8, 12)]

    found = only(copies.copied(with_(calm, "hcl", copy)), "stack.copied")
    assert found.start == START + timedelta(days=9, hours=5, minutes=17)
    assert (found.number("minutes"), found.number("from")) == ("120", "2026-01-13T10:00+00:00")


@pytest.mark.parametrize(
    ("name", "factor", "said"), [("nox", 1_000, "× 1000"), ("nox", 0.001, "÷ 1000"), ("flow", 1 / 3_600, "÷ 3600")]
)
def test_hours_in_another_unit_are_named_with_the_factor(calm: Minutes, name: str, factor: float, said: str) -> None:
    found = only(levels.unit_slip(with_(calm, name, times(at(5, 4), at(5, 9), factor))), "stack.unit_slip")
    assert (found.number("factor"), found.number("hours"), found.streams) == (said, "5", (name,))


def test_a_temperature_in_kelvin_is_named(calm: Minutes) -> None:
    def kelvin(raw: Floats, flags: Bits) -> None:
        raw[at(5) : at(6)] += 273.15

    found = only(levels.unit_slip(with_(calm, "t", kelvin)), "stack.unit_slip")
    assert (found.number("factor"), found.number("hours")) == ("+273.15", "24")


@pytest.mark.parametrize(
    ("name", "factor", "found"),
    [
        ("hcl", 1_000, True),  # span gas of 60 at 60,000, of a range to 80
        ("hcl", 0.001, True),  # at 0.06
        ("hcl", 0.06, True),  # at 3.6, under a twentieth of 80
        ("hcl", 0.07, False),  # at 4.2, above it
        ("hcl", 1.9, False),  # at 114, under one and a half times 80
        ("hcl", 2.1, True),  # at 126, above it
        ("o2", 0.01, True),
        ("o2", 3, True),  # usually 27 % of oxygen
        ("o2", 0.2, False),  # a poor one: usually 1.8 %
        ("h2o", 0.01, True),
        ("h2o", 7, True),  # usually 117 % of water
    ],
)
def test_a_unit_that_was_wrong_all_along_shows_beside_range_and_air(
    calm: Minutes, name: str, factor: float, *, found: bool
) -> None:
    track = calm.tracks[name]
    told = replace(track.stream, range_high="80", series="P.stack_hcl.1min") if name == "hcl" else track.stream
    wrong = Minutes(calm.start, 60, {name: Track(told, track.values * factor, track.flags)})
    made = scales.scale(wrong)
    assert bool(made) is found
    assert all((one.streams, one.start, one.end) == ((name,), calm.start, at_end(calm)) for one in made)


@pytest.mark.parametrize(("level", "found"), [(101.3, True), (1013, False), (799, True), (801, False), (1201, True)])
def test_a_pressure_in_another_unit_all_along_is_named(calm: Minutes, level: float, *, found: bool) -> None:
    track = Track(stream("p", Role.PRESSURE, "hPa"), np.full(calm.length, level), np.zeros(calm.length, np.int32))
    made = scales.scale(Minutes(calm.start, 60, {"p": track}))
    assert bool(made) is found
    assert all(catalogue.sentence(one).en in catalogue.note(one) for one in made)


def test_without_span_gas_half_of_the_time_above_the_range_is_named_and_less_is_not(calm: Minutes) -> None:
    told = replace(calm.tracks["hcl"].stream, range_high="15", series="P.stack_hcl.1min")
    fine = np.zeros(calm.length, np.int32)
    for share, found in ((0.51, True), (0.49, False)):
        values = np.where(np.arange(calm.length) < share * calm.length, 20.0, 4.0)
        assert bool(scales.scale(Minutes(calm.start, 60, {"hcl": Track(told, values, fine)}))) is found


def test_three_times_as_much_is_no_other_unit(calm: Minutes) -> None:
    assert levels.unit_slip(with_(calm, "nox", times(at(5), at(6), 30))) == []


def test_streams_that_show_each_others_span_gas_changed_places(calm: Minutes) -> None:
    one, other = calm.tracks["nox"], calm.tracks["hcl"]
    raws = {"nox": one.values.copy(), "hcl": other.values.copy()}
    raws["nox"][at(8) : at(12)], raws["hcl"][at(8) : at(12)] = other.values[at(8) : at(12)], one.values[at(8) : at(12)]
    tracks = {name: Track(calm.tracks[name].stream, raw, calm.tracks[name].flags) for name, raw in raws.items()}
    found = only(levels.swapped(Minutes(calm.start, 60, {**calm.tracks, **tracks})), "stack.swapped")
    assert (found.streams, found.number("days")) == (("hcl", "nox"), "4")


def test_days_without_noise_are_named(calm: Minutes) -> None:
    def smooth(raw: Floats, flags: Bits) -> None:
        part = slice(at(8), at(10))
        raw[part] = np.where(flags[part] == 0, np.round(4 + 0.05 * (raw[part] - 4), 2), raw[part])

    found = only(levels.noise(with_(calm, "hcl", smooth)), "stack.noise")
    assert found.number("days") == "2"


def test_oxygen_that_is_off_is_told_from_flow_that_is_off(calm: Minutes) -> None:
    # 20.9 − 9 = 11.9 of oxygen used; with 3 too much measured 8.9: 25 % less. Flow times 1.5: 50 % more.
    def more(raw: Floats, flags: Bits) -> None:
        raw[at(10) : at(12)] += 3

    oxygen = only(balance.balance(with_(calm, "o2", more)), "stack.oxygen")
    assert (oxygen.streams, oxygen.number("percent"), oxygen.number("hours")) == (("o2",), "-25", "48")
    flow = only(balance.balance(with_(calm, "flow", times(at(10), at(12), 1.5))), "stack.flow")
    assert (flow.streams, flow.number("percent")) == (("flow", "steam"), "50")


def test_moisture_that_does_not_go_with_the_fire_is_named(calm: Minutes) -> None:
    found = only(balance.moisture(with_(calm, "h2o", times(at(10), at(12), 0.5))), "stack.moisture")
    assert found.number("percent") == "-50"


def test_a_stack_without_a_fire_has_no_balance(calm: Minutes) -> None:
    def air(raw: Floats, flags: Bits) -> None:
        raw[:] = np.where(flags == 0, 20.2, raw)
        raw[at(10) : at(12)] = 19.0

    assert balance.balance(with_(calm, "o2", air)) == []


def _moved(found: Minutes, days: range, by: int) -> Minutes:
    for name in ("nox", "hcl", "o2"):

        def move(raw: Floats, flags: Bits) -> None:
            part = slice(days.start * 1_440, days.stop * 1_440)
            raw[part], flags[part] = np.roll(raw, by)[part], np.roll(flags, by)[part]

        found = with_(found, name, move)
    return found


def test_checks_that_come_an_hour_late_tell_that_a_clock_moved(calm: Minutes) -> None:
    found = only(clocks.clock(_moved(calm, range(10, 15), 60)), "stack.clock")
    assert (found.streams, found.number("minutes"), found.number("days")) == (("hcl", "nox", "o2"), "+60", "5")
    assert clocks.clock(_moved(calm, range(10, 12), 60)) == []


def test_an_hour_from_the_change_of_summer_time_on_is_named_as_such(calm: Minutes) -> None:
    # Summer time began on 29 March 2026; day 10 is that day when the series begins on 19 March.
    spring = Minutes(START.replace(month=3, day=19), 60, calm.tracks)
    assert only(clocks.clock(_moved(spring, range(10, 21), -60)), "stack.summer_time").number("minutes") == "-60"


def test_a_concentration_that_lags_behind_the_oxygen_is_named(calm: Minutes) -> None:
    def late(raw: Floats, flags: Bits) -> None:
        raw[at(7) : at(14)] = np.roll(raw, 45)[at(7) : at(14)]

    found = only(clocks.lag(with_(calm, "nox", late)), "stack.lag")
    assert (found.streams, found.number("minutes"), found.number("days")) == (("nox", "o2"), "+45", "7")


def test_a_span_that_goes_off_by_eight_percent_is_drift(calm: Minutes) -> None:
    def gain(raw: Floats, flags: Bits) -> None:
        raw[at(15) :] = np.round(raw[at(15) :] * 1.08, 2)

    found = only(drift.drift(with_(calm, "nox", gain)), "stack.drift")
    assert (found.number("part"), found.number("before"), found.number("after")) == ("span", "300", "324")


def test_a_span_in_ppm_is_named_with_the_factor(calm: Minutes) -> None:
    found = only(drift.drift(with_(calm, "nox", times(at(15), points.LENGTH, 1 / 2.053))), "stack.drift")
    assert found.number("ppm") == "2.053"


def test_a_zero_that_moves_is_drift(calm: Minutes) -> None:
    def shift(raw: Floats, flags: Bits) -> None:
        raw[at(15) :] += 12

    assert {one.number("part") for one in drift.drift(with_(calm, "nox", shift))} == {"zero", "span"}


def test_starting_up_at_full_load_is_contradicted_and_a_real_start_is_not(calm: Minutes) -> None:
    said = with_(calm, "state", put(at(9), at(9, 2), 1))
    found = only(states.contradicted(said), "stack.state_contradicted")
    assert found.number("state") == "start_up"
    assert float(found.number("usual")) == pytest.approx(50, abs=0.05)

    def ramp(raw: Floats, flags: Bits) -> None:
        raw[at(9) : at(9, 2)] = np.linspace(5, 50, 120)

    assert states.contradicted(with_(said, "steam", ramp)) == []


def test_starting_up_at_more_than_half_load_without_having_stood_still_is_contradicted(calm: Minutes) -> None:
    def slow(load: float, *, still: bool) -> Minutes:
        made = with_(calm, "steam", put(at(5, 6), at(5, 8), load))
        made = with_(made, "state", put(at(5, 6), at(5, 8), 1.0))  # start-up
        return with_(made, "state", put(at(5, 5), at(5, 6), 0.0)) if still else made

    # usually 50: 30 is above half of it, 24 is not
    assert "stack.state_contradicted" in {one.check for one in states.contradicted(slow(30, still=False))}
    assert states.contradicted(slow(24, still=False)) == []
    assert "start_up" not in {one.number("state") for one in states.contradicted(slow(30, still=True))}
    # a start of which the state was not told for some minutes is one start
    lost = with_(slow(24, still=False), "steam", put(at(5, 7), at(5, 8), 30))
    lost = with_(lost, "state", put(at(5, 6) + 58, at(5, 7), np.nan))
    assert states.contradicted(lost) == []


def test_out_of_service_at_full_load_is_contradicted(calm: Minutes) -> None:
    found = only(states.contradicted(with_(calm, "state", put(at(9), at(9, 2), 0))), "stack.state_contradicted")
    assert found.number("state") == "out_of_service"


def test_a_failure_that_no_signal_shows_is_contradicted_and_one_that_shows_is_not(calm: Minutes) -> None:
    said = with_(calm, "state", put(at(9), at(9, 2), 4))
    assert only(states.contradicted(said), "stack.state_contradicted").number("state") == "abatement_failure"
    assert states.contradicted(with_(said, "lime", put(at(9), at(9, 2), 3.0))) == []
    assert states.contradicted(with_(said, "hcl", times(at(9), at(9, 2), 4))) == []
    without = Minutes(said.start, 60, {name: one for name, one in said.tracks.items() if name != "lime"})
    assert states.contradicted(without) == []


def test_a_concentration_as_high_as_it_is_now_and_then_bears_out_no_failure(calm: Minutes) -> None:
    # 8 of 1008 half hours are as high: 0.8 %, less than 1 %, and more than half of that for each of two concentrations
    said = with_(calm, "state", put(at(9), at(9, 2), 4))
    assert states.contradicted(with_(said, "hcl", times(at(9), at(9, 2), 3.0))) == []
    often = with_(with_(said, "hcl", times(at(9), at(9, 2), 3.0)), "hcl", times(at(12), at(12, 4), 3.3))
    only(states.contradicted(often), "stack.state_contradicted")


def test_a_plant_that_stands_still_in_normal_operation_is_noted(calm: Minutes) -> None:
    only(states.unsaid(with_(calm, "steam", put(at(9), at(9, 2), 0.4))), "stack.state_unsaid")


def _flagged(every: int, high: bool) -> Change:
    def change(raw: Floats, flags: Bits) -> None:
        for place in range(600, points.LENGTH - 600, every):
            if high:
                raw[place - 10 : place + 10] = 6.0 + np.round(np.arange(20) / 100, 2)
            flags[place : place + 10] = int(Flag.MAINTENANCE)

    return change


def test_maintenance_that_comes_when_it_is_high_is_named_and_at_any_time_is_not(calm: Minutes) -> None:
    found = only(states.flagged_when_high(with_(calm, "hcl", _flagged(1_000, True))), "stack.flagged_when_high")
    assert found.number("times") == found.number("high") == "30"
    assert states.flagged_when_high(with_(calm, "hcl", _flagged(1_000, False))) == []


def test_a_point_without_load_state_or_oxygen_is_checked_all_the_same(calm: Minutes) -> None:
    alone = Minutes(calm.start, 60, {"hcl": calm.tracks["hcl"]})
    assert check(alone) == []
    assert {one.check for one in check(with_(alone, "hcl", put(at(3), at(4), np.nan)))} == {"stack.missing"}


def test_every_check_has_its_row_and_every_row_its_check() -> None:
    modules = (values, copies, levels, scales, balance, clocks, drift, states, delivered)
    source = "".join(inspect.getsource(module) for module in modules)
    assert set(re.findall(r'"(stack\.[a-z_]+)"', source)) == set(catalogue.CHECKS)
    assert len(set(ALL)) == len(ALL)
