"""What the rows of a chart's table are of: moments on the Dutch clock, days on the clock of the verdicts."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from tests.services.deliveries import NOW, open_record, station_file
from tests.web.conftest import reading

from goedebuur.services import delivery
from goedebuur.web import chart_table


def at(*moment: int) -> int:
    """Return a UTC moment in seconds since 1970."""
    return int(datetime(*moment, tzinfo=UTC).timestamp())  # type: ignore[arg-type, misc]


def test_page_shows_a_day_of_pollution_on_the_day_of_the_verdict(tmp_path: Path) -> None:
    # 100 in all of 2 July 2019 (the 183rd day) in CET, 0 else
    values = ["0"] * 24 * 365
    values[24 * 182 : 24 * 183] = ["100"] * 24
    record = open_record(tmp_path / "record")
    delivery.deliver(record, station_file({"NL90001": values}), "2019_SO2.csv", now=NOW)
    record.close()
    with reading(tmp_path) as client:
        page = client.get("/stations/NL90001/so2/?start=2019-01-01&end=2019-12-31").content.decode()
    rows = dict(re.findall(r'<tr><th scope="row">([^<]*)</th><td class="gb-number">([^<]*)</td>', page))
    assert len(rows) == 365
    assert next(iter(rows)) == "01-01-2019"
    assert list(rows)[-1] == "31-12-2019"
    assert float(rows.pop("02-07-2019").replace(",", ".")) == 100
    assert {float(mean.replace(",", ".")) for mean in rows.values()} == {0}
    assert "Dagen lopen van middernacht tot middernacht CET (wintertijd)" in page


def test_single_values_read_as_they_were_reported_and_means_with_two_decimals(tmp_path: Path) -> None:
    record = open_record(tmp_path / "record")
    delivery.deliver(record, station_file({"NL90001": ["27", "27.0", "12.25", "-0.4"] * 600}), "2019_SO2.csv", now=NOW)
    record.close()
    with reading(tmp_path) as client:
        hours = client.get("/stations/NL90001/so2/?start=2019-01-01&end=2019-01-05").content.decode()
        days = client.get("/stations/NL90001/so2/?start=2019-01-01&end=2019-04-01&points=100").content.decode()
    shown = re.findall(r'<td class="gb-number"><a class="nl-link" href="[^"]*">([^<]*)</a></td>', hours)
    assert shown[:4] == ["27", "27,0", "12,25", "−0,4"]
    # (27 + 27 + 12.25 - 0.4) / 4 = 16.4625
    means = re.findall(r'</th><td class="gb-number">([^<]*)</td>', days)
    assert means[1] == "16,46"


def test_hour_that_comes_twice_is_told_apart() -> None:
    # clocks went back on 27 October 2019 at 01:00 UTC
    chart = {"step": 3600, "x": [at(2019, 10, 26, 23), at(2019, 10, 27, 0), at(2019, 10, 27, 1)]}
    assert chart_table.labels(chart) == ["27-10-2019 01:00", "27-10-2019 02:00 CEST", "27-10-2019 02:00 CET"]


def test_point_of_several_days_names_the_first_and_the_last_which_may_be_earlier() -> None:
    week = 7 * 86_400
    start = at(2019, 6, 30, 23)
    chart = {"step": week, "x": [start, start + week], "end": at(2019, 7, 16, 23)}
    assert chart_table.labels(chart) == ["01-07-2019 – 07-07-2019", "08-07-2019 – 16-07-2019"]
    chart["end"] = at(2019, 7, 8, 23)
    assert chart_table.labels(chart)[-1] == "08-07-2019"


def test_point_of_less_than_a_day_is_named_by_its_moment_on_the_dutch_clock() -> None:
    chart = {"step": 43_200, "x": [at(2019, 6, 30, 12), at(2019, 12, 30, 12)], "end": at(2019, 12, 31)}
    assert chart_table.labels(chart) == ["30-06-2019 14:00", "30-12-2019 13:00"]
