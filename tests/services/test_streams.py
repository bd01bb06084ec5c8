"""Streams and what belongs to them are entered under one leaf, checked, and read as of any state and on any day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.services.deliveries import NOW, open_record
from tests.services.stacks import ALL, FILTER, FUNCTION, NOX, OTHER, OXYGEN, POINT, PROCESSING, SITE, STATE

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.emissions.abatement import Abatement
from goedebuur.core.emissions.processing import OfStream, Peripherals, Taken
from goedebuur.core.emissions.streams import CalibrationFunction, Stream
from goedebuur.core.permits.limits import Substance
from goedebuur.core.sites.records import EmissionPoint
from goedebuur.services import inventory, sites, streams
from goedebuur.services.record import Record


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    streams.put(found, ALL, NOW)
    yield found
    found.close()


def refused(record: Record, *ones: Any, reason: str = "a reason") -> GoedeBuurError:
    """The error with which these are refused; nothing is written."""
    size = record.size
    with pytest.raises(GoedeBuurError) as caught:
        streams.put(record, ones, NOW + timedelta(hours=1), reason=reason)
    assert record.size == size
    return caught.value


def test_points_streams_functions_and_settings_stand_under_one_leaf(record: Record) -> None:
    assert record.size == 1
    assert streams.of_site(record, "werk") == (NOX, OXYGEN, STATE)
    assert streams.of_site(record, "werk", emission_point="K2") == ()
    assert streams.functions(record, "K1-nox") == (FUNCTION,)
    assert streams.processing(record, "werk", emission_point="K1") == (PROCESSING,)
    assert streams.abatement(record, "werk", emission_point="K1") == (FILTER,)
    assert streams.find(record, Abatement, "K1-doek") == FILTER
    assert sites.find(record, EmissionPoint, "K1") == POINT
    assert streams.by_series(record)["K1.stack_nox.1min"] == (NOX,)


def test_everything_is_there_again_when_the_projections_are_made_anew(record: Record) -> None:
    record.rebuild()
    assert streams.of_site(record, "werk") == (NOX, OXYGEN, STATE)
    assert streams.functions(record, "K1-nox") == (FUNCTION,)


def test_a_change_needs_a_reason_and_leaves_what_was_known_readable(record: Record) -> None:
    wider = replace(NOX, range_high="600")
    assert refused(record, wider, reason=" ").code == "stack-no-reason"
    leaf = streams.put(record, (wider,), NOW + timedelta(hours=1), reason="meetbereik vergroot")
    assert streams.find(record, Stream, "K1-nox") == wider
    assert streams.find(record, Stream, "K1-nox", leaf) == NOX
    assert streams.of_site(record, "werk", leaf)[0] == NOX


def test_function_of_a_day_is_the_last_that_began(record: Record) -> None:
    later = replace(FUNCTION, id="K1-nox-2026", slope="1.1", valid_from=date(2026, 6, 1), valid_to=date(2026, 6, 30))
    streams.put(record, (later,), NOW + timedelta(hours=1))

    def on(*day: int) -> str:
        found = streams.functions_on(record, date(*day)).get("K1-nox")
        return found.id if found is not None else ""

    assert on(2025, 5, 31) == ""
    assert on(2025, 6, 1) == "K1-nox-2025"
    assert on(2026, 5, 31) == "K1-nox-2025"
    assert on(2026, 6, 1) == on(2026, 6, 30) == "K1-nox-2026"
    assert on(2026, 7, 1) == "K1-nox-2025"
    assert streams.functions_on(record, date(2026, 6, 1), 1).get("K1-nox") == FUNCTION


def test_streams_of_a_day_leave_out_an_instrument_that_was_taken_away(record: Record) -> None:
    first = replace(NOX, valid_to=date(2025, 12, 31))
    second = replace(NOX, id="K1-nox-b", valid_from=date(2026, 1, 1))
    streams.put(record, (first, second), NOW + timedelta(hours=1), reason="vervangen")
    held = [one.id for one in streams.of_site(record, "werk", on=date(2026, 1, 1))]
    assert held == ["K1-nox-b", "K1-o2", "K1-toestand"]
    assert streams.by_series(record)["K1.stack_nox.1min"] == (first, second)


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"emission_point": "K9"}, "stack-reference", "stream K1-nox, emission_point"),
        ({"site": "elders"}, "stack-reference", "stream K1-nox, emission_point"),
        ({"installation": "lijn-9"}, "stack-reference", "stream K1-nox, installation"),
        ({"series": "K1.rook.1min"}, "stack-series", "stream K1-nox, series"),
        ({"series": "K1.stack_nox.1h"}, "stack-series", "stream K1-nox, series"),
        ({"series": "K1.stack_so2.1min"}, "stack-series", "stream K1-nox, series"),
        ({"unit": "mA"}, "stack-series", "stream K1-nox, unit"),
        ({"substance": Substance("NOx", id="nix")}, "stack-substance", "stream K1-nox, substance.id"),
        ({"substance": Substance("NOx", "10102-44-0", "nox")}, "stack-substance", "stream K1-nox, substance.cas"),
    ],
)
def test_stream_that_does_not_fit_the_record_is_refused_with_its_place(
    record: Record, change: dict[str, Any], code: str, place: str
) -> None:
    error = refused(record, replace(NOX, **change))
    assert (error.code, error.place) == (code, place)


def test_two_instruments_at_once_are_two_series(record: Record) -> None:
    twin = replace(NOX, id="K1-nox-b")
    assert refused(record, twin).code == "stack-series"
    streams.put(record, (replace(twin, series="K1--b.stack_nox.1min"),), NOW + timedelta(hours=1))
    assert len(streams.of_site(record, "werk")) == 4


def test_two_functions_that_begin_on_one_day_are_refused(record: Record) -> None:
    assert refused(record, replace(FUNCTION, id="nog-een")).code == "stack-overlap"


def test_function_of_no_stream_and_filter_watched_by_no_states_are_refused(record: Record) -> None:
    assert refused(record, replace(FUNCTION, stream="K1-so2")).code == "stack-reference"
    assert refused(record, replace(FILTER, state_stream="K1-nox")).code == "stack-reference"
    assert refused(record, replace(FILTER, substances=("nix",))).code == "stack-substance"


@pytest.mark.parametrize(
    "change",
    [
        {"streams": (OfStream("K1-h2o"),)},
        {"peripherals": (Peripherals(("K1-nix",)),)},
        {"peripherals": (Peripherals(moisture=Taken("K1-h2o")),)},
        {"peripherals": (Peripherals(oxygen=Taken("K1-nox")),)},
        {"peripherals": (Peripherals(flow="K1-o2"),)},
        {"peripherals": (Peripherals(state="K1-nox"),)},
    ],
)
def test_processing_with_a_stream_that_is_not_there_or_tells_something_else_is_refused(
    record: Record, change: dict[str, Any]
) -> None:
    assert refused(record, replace(PROCESSING, **change)).code == "stack-reference"


def test_two_processings_of_one_point_from_one_day_are_refused(record: Record) -> None:
    assert refused(record, replace(PROCESSING, id="nog-een")).code == "stack-overlap"


def test_nothing_of_a_set_is_entered_where_one_part_is_wrong(record: Record) -> None:
    refused(record, replace(OTHER, height="90"), replace(FUNCTION, stream="K1-so2"))
    assert sites.find(record, EmissionPoint, "K2") == OTHER


def test_unknown_name_is_said_so(record: Record) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        streams.find(record, CalibrationFunction, "nix")
    assert caught.value.code == "stack-unknown"


def test_site_is_entered_only_once(record: Record) -> None:
    assert streams.put(record, (SITE, NOX), NOW + timedelta(hours=1)) is None


def test_emission_points_are_no_stations(record: Record) -> None:
    assert inventory.stations(record) == []
