"""Settings of an emission point are whole, name reference conditions once, and ask where they are not sure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Clock
from goedebuur.core.base.plain import read, write
from goedebuur.core.base.sourced import Status
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
from goedebuur.core.permits.limits import ReferenceConditions

WASTE = Reference("11", dry=True)
SETTINGS = Processing(
    id="line-1.2026",
    site="plant",
    emission_point="line-1",
    valid_from=date(2026, 1, 1),
    clock=Clock.CET,
    order=Order.AVERAGE,
    lengths=(1800,),
    share="2/3",
    share_of=ShareOf.PERIOD,
    oxygen_guard="20",
    above_range=Above.COUNTS,
    range_of=RangeOf.STANDARD,
    references=(WASTE,),
    peripherals=(
        Peripherals(temperature=Taken("t"), oxygen=Taken("o2"), moisture=Taken(otherwise="14.5"), state="state"),
        Peripherals(streams=("co",), oxygen=Taken("o2-b", "9")),
    ),
    basis="EN 17255-1, as remembered",
    status=Status.MEMORY_MEDIUM,
    question="What does EN 17255-1 ask of the share of valid raw values?",
    streams=(OfStream("co", lengths=(600, 1800)), OfStream("dust", delivered=True)),
)


def test_settings_are_the_same_after_they_were_written_and_read() -> None:
    faults: list[GoedeBuurError] = []
    assert read(Processing, write(SETTINGS), faults) == SETTINGS
    assert faults == []


def test_a_stream_has_its_own_lengths_and_peripherals_or_those_of_the_point() -> None:
    assert SETTINGS.of_stream("co") == OfStream("co", lengths=(600, 1800), references=(WASTE,))
    assert SETTINGS.of_stream("hcl") == OfStream("hcl", lengths=(1800,), references=(WASTE,))
    assert SETTINGS.beside("co").taken() == {"oxygen": Taken("o2-b", "9")}
    assert list(SETTINGS.beside("hcl").taken()) == ["temperature", "moisture", "oxygen", "state"]


def test_without_a_row_for_it_a_stream_has_nothing_beside_it() -> None:
    alone = replace(SETTINGS, peripherals=(Peripherals(streams=("co",), flow="flow"),))
    assert alone.beside("hcl") == Peripherals()


def test_equal_conditions_have_one_name_however_they_are_written() -> None:
    assert Reference("11.0", dry=True, pressure="101.30").key == WASTE.key
    keys = {Reference(o, dry=d, only_above=a).key for o in ("3", "11") for d in (True, False) for a in (True, False)}
    assert len(keys) == 8


def test_conditions_that_leave_something_out_are_not_guessed() -> None:
    assert Reference.of(ReferenceConditions("11", True, "273.15", "101.3")) == WASTE
    for less in (
        ReferenceConditions("11", None, "273.15", "101.3"),
        ReferenceConditions("11", True, "", "101.3"),
        ReferenceConditions("11", True, "273.15", ""),
    ):
        assert Reference.of(less) is None
    no_oxygen = Reference.of(ReferenceConditions("", True, "273.15", "101.3"), only_above=True)
    assert no_oxygen == Reference("", dry=True)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"lengths": ()}, "lengths"),
        ({"lengths": (900,)}, "lengths"),
        ({"lengths": (600, 600)}, "lengths"),
        ({"share": "3/2"}, "share"),
        ({"share": "0"}, "share"),
        ({"oxygen_guard": "21"}, "oxygen_guard"),
        ({"oxygen_guard": ""}, "oxygen_guard"),
        ({"valid_to": date(2025, 12, 31)}, "valid_to"),
        ({"question": ""}, "question"),
        ({"streams": (OfStream("co"), OfStream("co"))}, "streams"),
        ({"peripherals": (Peripherals(), Peripherals())}, "peripherals"),
    ],
)
def test_settings_that_cannot_be_are_refused_with_their_field(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(GoedeBuurError) as refused:
        replace(SETTINGS, **changed)
    assert refused.value.place == field


def test_conditions_that_no_gas_has_are_refused() -> None:
    wrong: tuple[dict[str, Any], ...] = ({"oxygen": "21"}, {"temperature": "00"}, {"oxygen": "", "only_above": True})
    for one in wrong:
        with pytest.raises(GoedeBuurError):
            replace(WASTE, **one)
    with pytest.raises(GoedeBuurError):
        Taken()
