"""Answers of Luchtmeetnet's API as records."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.adapters.samples import luchtmeetnet, measurements

from goedebuur.adapters.luchtmeetnet import Luchtmeetnet
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.flags import Flag


def test_a_time_is_the_end_of_its_hour_and_digits_are_kept() -> None:
    parsed = Luchtmeetnet().parse(luchtmeetnet(), "page.json")
    assert list(parsed.observations.select("series", "start", "value", "decimals", "unit").iter_rows()) == [
        ("NL90001.bc.1h", datetime(2026, 1, 31, 17, tzinfo=UTC), 5, 1, "µg/m³"),
        ("NL90001.no2.1h", datetime(2026, 1, 31, 17, tzinfo=UTC), 1610, 2, "µg/m³"),
        ("NL90001.no2.1h", datetime(2026, 1, 31, 18, tzinfo=UTC), 15, 0, "µg/m³"),
    ]
    assert parsed.observations["flags"].unique().to_list() == [int(Flag.PROVISIONAL)]


def test_what_is_not_kept_is_counted_by_reason() -> None:
    parsed = Luchtmeetnet().parse(luchtmeetnet(), "page.json")
    assert (parsed.values_in, parsed.skipped) == (5, {"empty": 1, "not kept: BCWB": 1})


def test_a_page_says_nothing_about_what_it_leaves_out() -> None:
    assert Luchtmeetnet().parse(luchtmeetnet(), "page.json").covers is None


def test_the_same_value_twice_is_counted_and_another_value_is_an_error() -> None:
    row = ("NL90001", "NO2", "16.1", "2026-01-31T18:00:00+00:00")
    assert Luchtmeetnet().parse(measurements([row, row]), "p.json").skipped == {"the same twice": 1}
    with pytest.raises(GoedeBuurError) as raised:
        Luchtmeetnet().parse(measurements([row, ("NL90001", "NO2", "16.2", row[3])]), "p.json")
    assert raised.value.code == "input-duplicate"


def test_a_number_with_an_exponent_is_the_number_it_means() -> None:
    frame = (
        Luchtmeetnet()
        .parse(measurements([("NL90001", "NO2", "-1.5e-1", "2026-01-31T18:00:00+00:00")]), "p.json")
        .observations
    )
    assert frame.select("value", "decimals").row(0) == (-15, 2)


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        (("NL90001", "NO2", "1.1", "2026-01-31T18:10:00+00:00"), "input-time", "timestamp_measured"),
        (("NL90001", "NO2", "1.1", "2026-01-31T18:00:00"), "input-time", "timestamp_measured"),
        (("NL90001", "NO2", "1.1", "yesterday"), "input-time", "timestamp_measured"),
        (("NO2", "NO2", "1.1", "2026-01-31T18:00:00+00:00"), "input-missing-column", "station_number"),
        (("NL90001", "NO2", '"high"', "2026-01-31T18:00:00+00:00"), "input-number", "value"),
        (("NL90001", "NO2", "1e300", "2026-01-31T18:00:00+00:00"), "input-number", "value"),
        (("NL90001", "NO2", "1.1234567", "2026-01-31T18:00:00+00:00"), "input-decimals", "value"),
        (("NL90001", "NO2", "99999999999", "2026-01-31T18:00:00+00:00"), "input-magnitude", "value"),
    ],
)
def test_a_fault_ends_in_an_error_with_its_place(row: tuple[str, str, str, str], code: str, field: str) -> None:
    with pytest.raises(GoedeBuurError) as raised:
        Luchtmeetnet().parse(measurements([row]), "p.json")
    assert (raised.value.code, raised.value.place) == (code, f"p.json, data[0].{field}")
