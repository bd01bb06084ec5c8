"""Signals of a stack: their flags, their quantities and exact units, and how their series are called."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.flags import OUR_CHECKS, SUPPLIER_BITS, UNUSABLE, Flag
from goedebuur.core.base.quantities import QUANTITIES, ratio
from goedebuur.core.base.stack_signals import PREFIX, SUBSTANCES
from goedebuur.core.emissions.signals import series_id
from goedebuur.core.measurements.conversion import to_canonical
from goedebuur.rules.substance_names import names


@pytest.mark.parametrize(
    ("flag", "counts"),
    [
        (Flag.MAINTENANCE, False),
        (Flag.MALFUNCTION, False),
        (Flag.CALIBRATING, False),
        (Flag.SUBSTITUTE, False),
        (Flag.ABOVE_RANGE, True),
        (Flag.NOT_AT_WORK, True),
    ],
)
def test_status_of_an_instrument_is_a_bit_of_the_supplier_and_keeps_a_value_out_of_averages(
    flag: Flag, counts: bool
) -> None:
    assert flag & SUPPLIER_BITS == flag
    assert flag not in OUR_CHECKS
    assert bool(flag & UNUSABLE) is not counts


def test_quantities_of_a_stack_are_no_quantities_of_the_air_outside() -> None:
    outside = {name for name, one in QUANTITIES.items() if not one.stack}
    assert {"nox", "temperature", "pm10"} <= outside
    assert not any(name.startswith(PREFIX) for name in outside)
    assert {"stack_nox", "stack_nox_ppm", "stack_o2", "stack_signal_ma"} <= QUANTITIES.keys() - outside


def test_each_substance_that_is_measured_in_a_stack_is_a_row_of_the_table_of_substances() -> None:
    for name in SUBSTANCES:
        row = names().of_id(name)
        assert row is not None, name
        assert QUANTITIES[f"stack_{name}"].cas == row.cas


@pytest.mark.parametrize(
    ("quantity", "unit", "value", "decimals", "micro"),
    [
        ("stack_nox", "mg/Nm³", 1834, 1, 183_400_000),
        ("stack_mercury", "µg/m³", 25, 1, 2_500),  # 2.5 µg is 0.0025 mg
        ("stack_nox_ppm", "%", 12, 2, 1_200_000_000),  # 0.12 % of the volume is 1,200 ppm
        ("stack_flow", "Nm³/s", 105, 1, 37_800_000_000),  # 10.5 m³ a second is 37,800 m³ an hour
        ("stack_pressure", "kPa", 1013, 1, 1_013_000_000),
        ("stack_signal_ma", "mA", 12345, 3, 12_345_000),
    ],
)
def test_reported_units_become_canonical_without_a_rest(
    quantity: str, unit: str, value: int, decimals: int, micro: int
) -> None:
    row = {"series": series_id("K1", quantity, 60), "start": datetime(2026, 1, 1, tzinfo=UTC), "step": 60}
    rows = pl.DataFrame([{**row, "value": value, "decimals": decimals, "unit": unit}])
    assert to_canonical(rows)["micro"].to_list() == [micro]


def test_a_current_is_not_taken_for_a_concentration() -> None:
    with pytest.raises(GoedeBuurError) as caught:
        ratio("stack_nox", "mA")
    assert caught.value.code == "input-unit"


def test_two_instruments_for_one_substance_at_one_point_are_two_series() -> None:
    assert series_id("K1", "stack_nox", 60) == "K1.stack_nox.1min"
    assert series_id("K1", "stack_nox", 60, "a") == "K1--a.stack_nox.1min"
    assert series_id("K1", "stack_nox", 5, "b") == "K1--b.stack_nox.5s"


@pytest.mark.parametrize(("point", "instrument"), [("K.1", ""), ("K1", "a.b"), ("K" * 70, "")])
def test_a_series_that_could_not_be_read_again_is_refused(point: str, instrument: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        series_id(point, "stack_nox", 60, instrument)
    assert caught.value.code == "field-value"
