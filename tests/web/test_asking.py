"""What a reader may ask for: moments that no clock can tell are refused like any other mistake in an address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.web import asking

SERIES = "NL90001.so2.1h"
ALL_TIME = "start=0001-01-01T00:00:00Z&end=9999-12-31T23:59:59Z"


@pytest.mark.parametrize(
    "address",
    [
        "/stations/NL90001/so2/?end=0001-01-01T00:00:00Z",
        "/stations/NL90001/so2/?start=9999-12-31T12:00:00Z",
        "/stations/NL90001/so2/?start=9999-12-31",
        f"/stations/NL90001/so2/?{ALL_TIME}",
        "/stations/NL90001/so2/wind/?start=9999-12-31T12:00:00Z",
        f"/download/{SERIES}.csv?{ALL_TIME}",
        f"/download/{SERIES}.parquet?start=9999-12-31T12:00:00Z",
        f"/vergelijk/?left={SERIES}&right=NL90002.so2.1h&{ALL_TIME}",
        f"/api/chart/?series={SERIES}&{ALL_TIME}",
        f"/api/observations/?series={SERIES}&start=2200-01-01T00:00:00Z",
        "/api/wind/?moment=0001-01-01T00:00:00Z",
        "/api/wind/?moment=9999-12-31T23:59:59Z",
        "/api/wind/?moment=1000-01-01T00:00:00Z",
    ],
)
def test_moment_far_away_is_refused_with_what_is_wrong(reader: Client, address: str) -> None:
    answer = reader.get(address)
    assert answer.status_code == 400
    if address.startswith("/api/"):
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "web-parameter"
    else:
        assert "Een deel van het adres kunnen we niet lezen." in answer.content.decode()


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2200-01-01T00:00:00Z"])
@pytest.mark.parametrize("page", ["/herkomst/{}/{}/", "/api/provenance/{}/{}/"])
def test_value_of_a_moment_far_away_is_no_address(reader: Client, page: str, moment: str) -> None:
    assert reader.get(page.format(SERIES, moment)).status_code == 404


@pytest.mark.parametrize("day", ["1900-01-01", "2199-12-31"])
def test_first_and_last_day_that_can_be_asked_are_taken(day: str) -> None:
    assert asking.moment("end", day, end=True) - asking.moment("end", day) == timedelta(days=1)


def test_moment_is_taken_up_to_the_edge_and_not_on_it() -> None:
    assert asking.moment("start", "2199-12-31T23:59:59Z") == datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC)
    with pytest.raises(GoedeBuurError) as error:
        asking.moment("start", "2200-01-01T00:00:00Z")
    assert "1900" in error.value.hint


@pytest.mark.parametrize("period", ["start=1900-01-01&end=2199-12-31", "end=1900-01-01", "start=2199-12-31"])
@pytest.mark.parametrize("page", ["/stations/NL90001/so2/", "/stations/NL90001/so2/wind/", "/api/chart/"])
def test_all_that_may_be_asked_is_answered(reader: Client, page: str, period: str) -> None:
    assert reader.get(f"{page}?series={SERIES}&{period}").status_code == 200
