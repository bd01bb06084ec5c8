"""Each formula gives what a hand computation gives, and rounds once, at the end of its step."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from tests.core.emissions.chain.engine import Engine

from goedebuur.core.base.flags import Flag
from goedebuur.core.base.periods import Clock, Period
from goedebuur.core.base.sourced import Status
from goedebuur.core.emissions.chain import plan
from goedebuur.core.emissions.processing import (
    Above,
    OfStream,
    Order,
    Peripherals,
    Processing,
    RangeOf,
    Reference,
    ShareOf,
    Taken,
)
from goedebuur.core.emissions.streams import Basis, CalibrationFunction, Code, Role, Stream
from goedebuur.core.emissions.tables import Lost
from goedebuur.core.permits.limits import Substance

NINE = datetime(2026, 3, 10, 9, tzinfo=UTC)
HALF_HOUR = Period(NINE, NINE + timedelta(minutes=30))
WASTE = Reference("11", dry=True)
HAZARDOUS = Reference("11", dry=True, only_above=True)


def stream(name: str, role: Role, quantity: str, unit: str, **more: Any) -> Stream:
    return Stream(name, "plant", "line-1", role, f"L1.stack_{quantity}.1min", unit, 60, **more)


def nox(**more: Any) -> Stream:
    made = {"wet": False, "substance": Substance("NOx"), **more}
    return stream("nox", Role.CONCENTRATION, "nox", "mg/m³", **made)


T = stream("t", Role.TEMPERATURE, "temperature", "°C")
P = stream("p", Role.PRESSURE, "pressure", "hPa")
WATER = stream("h2o", Role.MOISTURE, "moisture", "%")
OXYGEN = stream("o2", Role.OXYGEN, "o2", "%", wet=False)
FLOW = stream("q", Role.FLOW, "flow", "m³/h", wet=True, basis=Basis.ACTUAL)
STATE = stream(
    *("s", Role.STATE, "state", "code"),
    codes=(Code(1, "normal"), Code(2, "start_up"), Code(9, "out_of_service")),
)
ALL = Peripherals((), Taken("t"), Taken("p"), Taken("h2o"), Taken("o2"), flow="q", state="s")


def settings(**more: Any) -> Processing:
    made: dict[str, Any] = {
        **{"id": "set", "site": "plant", "emission_point": "line-1", "valid_from": date(2026, 1, 1)},
        **{"clock": Clock.CET, "order": Order.EACH_VALUE, "lengths": (1800,), "share": "2/3"},
        **{"share_of": ShareOf.PERIOD, "oxygen_guard": "20", "above_range": Above.COUNTS},
        **{"range_of": RangeOf.CALIBRATED, "references": (WASTE,), "peripherals": (ALL,)},
        **{"streams": (OfStream("nox", delivered=True),), "basis": "the test", "status": Status.CONFIRMED},
    }
    return Processing(**{**made, **more})


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def raw(**values: Any) -> pl.DataFrame:
    """Return half an hour of minutes: the same value of a stream all the time, or a list of (value, flags)."""
    by = {one.id: one.series for one in (nox(), T, P, WATER, OXYGEN, FLOW, STATE)}
    rows = []
    for name, given in values.items():
        listed = given if isinstance(given, list) else [(given, 0)] * 30
        for minute, (value, flags) in enumerate(listed):
            if value != "gone":
                micro = None if value is None else round(Fraction(str(value)) * 10**6)
                rows.append((by[name], NINE + timedelta(minutes=minute), 60, micro, int(flags)))
    schema = {
        "series": pl.String,
        "start": pl.Datetime("us", "UTC"),
        "step": pl.Int32,
        "micro": pl.Int64,
        "flags": pl.Int32,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def average(
    engine: Engine,
    rows: pl.DataFrame,
    of: list[Stream],
    by: Processing | None = None,
    functions: tuple[CalibrationFunction, ...] = (),
) -> dict[str, Any]:
    """Return the one half-hour of nitrogen oxides."""
    found = engine.short(plan([by or settings()], of, functions), rows, HALF_HOUR)
    return found.filter(pl.col("stream") == "nox").row(0, named=True)


def test_calibration_function_is_offset_plus_slope_times_raw(engine: Engine) -> None:
    # 4.25 + 12.5 · 8.4 mA = 109.25 mg/m³
    signal = Stream(
        *("nox", "plant", "line-1", Role.CONCENTRATION, "L1.stack_signal_ma.1min", "mA", 60),
        substance=Substance("NOx"),
        wet=False,
    )
    function = CalibrationFunction("f", "nox", "4.25", "12.5", "mg/m³", "0", "100", date(2026, 1, 5), date(2026, 1, 5))
    rows = raw(nox=8.4).with_columns(series=pl.lit("L1.stack_signal_ma.1min"))
    by = settings(streams=(), references=(Reference("", dry=True),))
    found = average(engine, rows, [signal], by, (function,))
    assert (found["raw"], found["calibrated"], found["standard"]) == (8_400_000, 109_250_000, 109_250_000)
    assert (found["beyond"], found["valid"]) == (30, True)
    assert found["lost"] == Lost.BEYOND_FUNCTION


def test_temperature_and_pressure_bring_to_the_normal_cubic_metre(engine: Engine) -> None:
    # 100 · (273.15 + 136.575)/273.15 · 101.3/100 = 100 · 1.5 · 1.013 = 151.95
    as_it_is = settings(references=(Reference("", dry=True),))
    found = average(engine, raw(nox=100, t=136.575, p=1000), [nox(basis=Basis.ACTUAL), T, P], as_it_is)
    assert (found["calibrated"], found["standard"]) == (100_000_000, 151_950_000)


def test_moisture_divides_by_the_dry_part(engine: Engine) -> None:
    # 100 / (1 - 0.2) = 125
    by = settings(references=(Reference("", dry=True),))
    assert average(engine, raw(nox=100, h2o=20), [nox(wet=True), WATER], by)["standard"] == 125_000_000


def test_oxygen_brings_to_the_reference_with_21(engine: Engine) -> None:
    # 100 · (21 - 11)/(21 - 8.5) = 80; with 20.9 it would be 79.84
    assert average(engine, raw(nox=100, o2=8.5), [nox(), OXYGEN])["standard"] == 80_000_000


def test_oxygen_that_was_measured_wet_is_brought_to_dry_gas_first(engine: Engine) -> None:
    # 6.8 / (1 - 0.2) = 8.5
    wet = stream("o2", Role.OXYGEN, "o2", "%", wet=True)
    assert average(engine, raw(nox=100, o2=6.8, h2o=20), [nox(), wet, WATER])["standard"] == 80_000_000


@pytest.mark.parametrize(
    ("oxygen", "always", "only_above"),
    # above the reference both correct: 100 · 10/8 = 125; below it the rule for hazardous waste leaves 100 as it is
    [("13", 125_000_000, 125_000_000), ("11", 100_000_000, 100_000_000), ("8.5", 80_000_000, 100_000_000)],
)
def test_hazardous_waste_is_corrected_only_above_the_reference(
    engine: Engine, oxygen: str, always: int, only_above: int
) -> None:
    rows = raw(nox=100, o2=oxygen)
    assert average(engine, rows, [nox(), OXYGEN])["standard"] == always
    assert average(engine, rows, [nox(), OXYGEN], settings(references=(HAZARDOUS,)))["standard"] == only_above


def test_from_the_oxygen_guard_on_nothing_is_said(engine: Engine) -> None:
    # at 19.999999 % the factor is 10/1.000001: 100 → 999.999000001 → 999.999000
    assert average(engine, raw(nox=100, o2="19.999999"), [nox(), OXYGEN])["standard"] == 999_999_000
    found = average(engine, raw(nox=100, o2=20), [nox(), OXYGEN])
    assert (found["standard"], found["n"], found["measured"], found["valid"]) == (None, 0, 30, False)
    assert found["lost"] == Lost.OXYGEN_TOO_HIGH | Lost.TOO_FEW


def test_values_of_a_supplier_at_another_reference_need_no_measured_oxygen(engine: Engine) -> None:
    # delivered at 3 %: 180 · (21 - 11)/(21 - 3) = 100
    assert average(engine, raw(nox=180), [nox(oxygen_included="3")])["standard"] == 100_000_000


def test_mass_is_concentration_times_flow_of_the_same_gas(engine: Engine) -> None:
    # 100 mg/m³ dry and normal; 150 000 m³/h wet at 136.575 °C and 1013 hPa with 20 % water is 80 000 m³/h dry and
    # normal: 8 kg/h, 4 kg in half an hour. Oxygen is not in it: at the guard the mass is still known
    rows = raw(nox=100, t=136.575, p=1013, h2o=20, o2=20.5, q=150_000)
    found = average(engine, rows, [nox(), T, P, WATER, OXYGEN, FLOW])
    assert (found["mass"], found["standard"]) == (4_000_000_000, None)


def test_mass_of_a_period_goes_by_its_mean_and_not_by_what_was_measured(engine: Engine) -> None:
    # 24 of 30 minutes: still 4 kg, since nobody knows of the six that they were zero
    minutes: list[Any] = [(100, 0)] * 24 + [("gone", 0)] * 6
    rows = raw(nox=minutes, t=0, p=1013, h2o=0, o2=9, q=80_000)
    found = average(engine, rows, [nox(), T, P, WATER, OXYGEN, FLOW])
    assert (found["mass"], found["n"], found["lost"]) == (4_000_000_000, 24, Lost.MISSING)
    few: list[Any] = [(100, 0)] * 19 + [("gone", 0)] * 11
    found = average(engine, raw(nox=few, t=0, p=1013, h2o=0, o2=9, q=80_000), [nox(), T, P, WATER, OXYGEN, FLOW])
    assert (found["mass"], found["valid"]) == (None, False)


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize(("at_work", "mass"), [(30, 4_000_000_000), (15, 2_000_000_000), (6, 800_000_000)])
def test_mass_of_a_period_is_of_the_time_in_which_the_plant_was_at_work(
    engine: Engine, order: Order, at_work: int, mass: int
) -> None:
    # 8 kg/h while it works: 4 kg in 30 minutes, 2 kg in 15, 0.8 kg in 6
    state: list[Any] = [(1, 0)] * at_work + [(9, 0)] * (30 - at_work)
    rows = raw(nox=100, t=0, p=1013, h2o=0, o2=9, q=80_000, s=state)
    streams = [nox(), T, P, WATER, OXYGEN, FLOW, STATE]
    found = average(engine, rows, streams, settings(share_of=ShareOf.AT_WORK, order=order))
    assert (found["mass"], found["valid"]) == (mass, True)


@pytest.mark.parametrize(("there", "valid"), [(20, True), (19, False)])
def test_two_thirds_of_half_an_hour_are_twenty_minutes(engine: Engine, there: int, valid: bool) -> None:
    minutes: list[Any] = [(100, 0)] * there + [(100, Flag.CALIBRATING)] * (30 - there)
    found = average(engine, raw(nox=minutes, o2=8.5), [nox(), OXYGEN])
    assert (found["n"], found["expected"], found["valid"]) == (there, 30, valid)
    assert found["lost"] == Lost.CALIBRATING | (Lost(0) if valid else Lost.TOO_FEW)
    assert found["standard"] == 80_000_000  # readable, valid or not


def test_the_order_of_steps_matters_and_both_orders_are_there(engine: Engine) -> None:
    # 15 minutes 100 at 8.5 %, 15 minutes 40 at 13 %: each to 11 %: (80 + 50)/2 = 65
    # averages first: 70 · 10/(21 - 10.75) = 68.292683
    rows = raw(nox=[(100, 0)] * 15 + [(40, 0)] * 15, o2=[(8.5, 0)] * 15 + [(13, 0)] * 15)
    assert average(engine, rows, [nox(), OXYGEN])["standard"] == 65_000_000
    found = average(engine, rows, [nox(), OXYGEN], settings(order=Order.AVERAGE))
    assert (found["calibrated"], found["standard"]) == (70_000_000, 68_292_683)


def test_a_stated_value_stands_in_and_is_marked(engine: Engine) -> None:
    beside = Peripherals(oxygen=Taken("o2", "8.5"))
    rows = raw(nox=100, o2=[(13, 0)] * 20 + [("gone", 0)] * 10)
    found = average(engine, rows, [nox(), OXYGEN], settings(peripherals=(beside,)))
    # 20 · 125 + 10 · 80 = 3300, over 30
    assert (found["standard"], found["lost"], found["n"]) == (110_000_000, Lost.SUBSTITUTED, 30)
    found = average(engine, rows, [nox(), OXYGEN])
    assert (found["standard"], found["lost"], found["n"]) == (125_000_000, Lost.NO_PERIPHERAL, 20)


def test_a_concentration_without_a_function_that_holds_is_lost(engine: Engine) -> None:
    function = CalibrationFunction(
        "f", "nox", "0", "1", "mg/m³", "0", "500", date(2026, 1, 5), date(2026, 1, 5), date(2026, 3, 9)
    )
    by = settings(streams=())
    found = average(engine, raw(nox=100, o2=8.5), [nox(), OXYGEN], by, (function,))
    assert (found["raw"], found["calibrated"], found["n"]) == (100_000_000, None, 0)
    assert found["lost"] == Lost.NO_FUNCTION | Lost.TOO_FEW


def test_what_the_plant_does_not_emit_out_of_service_is_not_missing(engine: Engine) -> None:
    state = [(1, 0)] * 6 + [(9, 0)] * 24
    rows = raw(nox=[(100, 0)] * 6 + [("gone", 0)] * 24, o2=8.5, s=state)
    found = average(engine, rows, [nox(), OXYGEN, STATE], settings(share_of=ShareOf.AT_WORK))
    assert (found["at_work"], found["n"], found["valid"], found["state"]) == (6, 6, True, "out_of_service")
    assert found["lost"] == 0
    found = average(engine, rows, [nox(), OXYGEN, STATE])
    assert (found["valid"], found["lost"]) == (False, Lost.TOO_FEW)
    found = average(engine, raw(o2=8.5, s=9), [nox(), OXYGEN, STATE])
    assert (found["at_work"], found["valid"], found["lost"]) == (0, False, Lost.NOT_AT_WORK)


@pytest.mark.parametrize(
    ("minutes", "state"),
    [
        ([(1, 0)] * 15 + [(2, 0)] * 15, "normal"),  # as long: the state in which limits count
        ([(1, 0)] * 14 + [(2, 0)] * 16, "start_up"),
        ([(2, 0)] * 14 + [("gone", 0)] * 16, "unknown"),
        ([(2, 0)] * 15 + [("gone", 0)] * 15, "start_up"),
        ([(7, 0)] * 30, "unknown"),  # a code that stands for nothing
    ],
)
def test_the_state_of_a_period_is_that_of_most_of_it(engine: Engine, minutes: list[Any], state: str) -> None:
    assert average(engine, raw(nox=100, o2=8.5, s=minutes), [nox(), OXYGEN, STATE])["state"] == state


@pytest.mark.parametrize(("above", "n", "standard"), [(Above.COUNTS, 30, 90_000_000), (Above.LOST, 20, 80_000_000)])
def test_above_the_range_a_value_counts_or_is_lost_as_was_settled(
    engine: Engine, above: Above, n: int, standard: int
) -> None:
    rows = raw(nox=[(100, 0)] * 20 + [(137.5, 0)] * 10, o2=8.5)  # 137.5 → 110; (20 · 80 + 10 · 110)/30 = 90
    found = average(engine, rows, [nox(range_high="120"), OXYGEN], settings(above_range=above))
    assert (found["n"], found["standard"], found["lost"]) == (n, standard, Lost.OUTSIDE_RANGE)


def test_a_value_at_the_end_of_the_range_may_have_been_higher(engine: Engine) -> None:
    # an instrument that goes no further reads the end of its range: 120 → 96, (29 · 80 + 96)/30 = 80.533333
    rows = raw(nox=[(100, 0)] * 29 + [(120, 0)], o2=8.5)
    found = average(engine, rows, [nox(range_high="120"), OXYGEN], settings(above_range=Above.COUNTS))
    assert (found["n"], found["standard"], found["lost"]) == (30, 80_533_333, Lost.OUTSIDE_RANGE)
    rows = raw(nox=[(100, 0)] * 29 + [(119.999999, 0)], o2=8.5)
    assert average(engine, rows, [nox(range_high="120"), OXYGEN])["lost"] == Lost.NONE


@pytest.mark.parametrize(("above", "mass"), [(Above.COUNTS, 4_005_000_000), (Above.LOST, 4_000_000_000)])
@pytest.mark.parametrize("order", list(Order))
def test_with_a_flow_above_its_range_the_mass_is_so_much_or_more(
    engine: Engine, order: Order, above: Above, mass: int
) -> None:
    # 100 mg/m³ · 80,000 m³/h = 8 kg/h, 4 kg in the half hour; one minute at 83,000: (29 · 8 + 8.3)/30/2 = 4.005 kg
    rows = raw(nox=100, t=0, p=1013, h2o=0, o2=9, q=[(80_000, 0)] * 29 + [(83_000, 0)])
    meter = replace(FLOW, range_high="83000")
    by = settings(order=order, above_range=above)
    found = average(engine, rows, [nox(), T, P, WATER, OXYGEN, meter], by)
    assert (found["mass"], found["lost"]) == (mass, Lost.FLOW_OUTSIDE_RANGE)
    assert average(engine, rows, [nox(), T, P, WATER, OXYGEN, FLOW], by)["lost"] == Lost.NONE


def test_what_the_gas_was_above_the_range_of_its_instrument_is_not_known(engine: Engine) -> None:
    # 21 - 8.5 and 21 - 11: 100 · 10/12.5 = 80; at the end of the range there may have been more oxygen, or much more
    rows = raw(nox=100, o2=[(8.5, 0)] * 29 + [(12, 0)])
    found = average(engine, rows, [nox(), replace(OXYGEN, range_high="12")])
    assert (found["n"], found["standard"], found["lost"]) == (29, 80_000_000, Lost.NO_PERIPHERAL)


def test_a_raw_value_under_the_least_is_a_fault_of_the_instrument(engine: Engine) -> None:
    by = settings(streams=(OfStream("nox", delivered=True, least="3.6"),))
    found = average(engine, raw(nox=[(3.6, 0)] * 20 + [(3.59, 0)] * 10, o2=8.5), [nox(), OXYGEN], by)
    assert (found["n"], found["raw"], found["lost"]) == (20, 3_600_000, Lost.MALFUNCTION)


def test_what_is_measured_wet_or_dry_is_never_guessed(engine: Engine) -> None:
    beside = Peripherals(oxygen=Taken("o2"), pressure=Taken("gone"))
    made = plan([settings(peripherals=(beside,))], [nox(wet=None), OXYGEN], ())
    assert made.questions == (
        "Which stream measures pressure at line-1? gone does not.",
        "Is the gas that nox measures wet or dry?",
    )
    found = average(engine, raw(nox=100, o2=8.5), [nox(wet=None), OXYGEN])
    assert (found["standard"], found["lost"]) == (None, Lost.NO_PERIPHERAL | Lost.TOO_FEW)
