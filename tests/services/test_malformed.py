"""Files that no parser can make sense of are refused by name, and stop nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.services.deliveries import NOW, A, B, hour, open_record, station_file

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import delivery
from goedebuur.services.record import Record


def value(record: Record, series: str) -> int:
    rows = record.observations.read(series=[series], start=hour(0), end=hour(1))
    return int(rows["micro"].item())


def luchtmeetnet(formula: str, moment: str) -> bytes:
    row = f'{{"station_number":"NL90001","formula":"{formula}","value":1,"timestamp_measured":"{moment}"}}'
    return f'{{"pagination":{{}},"data":[{row}]}}'.encode()


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return open_record(tmp_path / "record")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("q_LML.csv", b'station_number,date,SO2\n"NL90001,2019-01-01 00:00:00,7.0\n', "input-not-this-format"),
        ("q_LML.csv", b'station_number,date,SO2\nNL90001,2019-01-01 00:00:00,7"0\n', "input-not-this-format"),
        ("y_LML.csv", b"station_number,date,SO2\nNL90001,9999-12-31 23:00:00,7.0\n", "input-time"),
        ("deep.json", b'{"timestamp_measured":1,"station_number":' + b"[" * 200_000, "input-not-this-format"),
        ("year.json", luchtmeetnet("NO2", "0001-01-01T00:00:00+05:00"), "input-time"),
        ("year.json", luchtmeetnet("NO2", "0001-01-01T00:00:00+00:00"), "input-time"),
        ("half.json", luchtmeetnet("\\ud800", "2020-01-01T00:00:00Z"), "input-not-this-format"),
        ("uurgeg.txt", b"# STN,YYYYMMDD,   HH,   DD,   FH\n240,99991231,24,10,10\n", "input-time"),
    ],
)
def test_malformed_file_is_refused_and_the_others_go_on(
    record: Record, tmp_path: Path, name: str, data: bytes, code: str
) -> None:
    paths = [tmp_path / each for each in ("a.csv", name, "z.csv")]
    for path, content in zip(
        paths, (station_file({"NL90001": ["1"]}), data, station_file({"NL90002": ["2"]})), strict=True
    ):
        path.write_bytes(content)
    outcomes = delivery.deliver_files(record, paths, now=NOW)
    assert [one.status for one in outcomes] == ["stored", "refused", "stored"]
    assert outcomes[1].error is not None
    assert outcomes[1].error["code"] == code
    assert name in outcomes[1].error["place"]
    assert (value(record, A), value(record, B)) == (1_000_000, 2_000_000)


def test_parser_that_fails_as_it_never_should_refuses_the_file_by_name(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("one over nothing")

    monkeypatch.setattr("goedebuur.adapters.rivm_lml.RivmLml.parse", fails)
    with pytest.raises(GoedeBuurError) as error:
        delivery.deliver(record, station_file({"NL90001": ["1"]}), "2019_SO2.csv", now=NOW)
    assert (error.value.code, error.value.place) == ("input-unreadable", "2019_SO2.csv")
    assert isinstance(error.value.__cause__, ZeroDivisionError)


def test_what_is_logged_is_projected_also_where_the_rest_stops(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path, station in zip(paths, ("NL90001", "NL90002"), strict=True):
        path.write_bytes(station_file({station: ["1"]}))
    put = record.evidence.put_payload

    def full(data: bytes) -> str:
        if data == paths[1].read_bytes():
            raise OSError("no space left")
        return put(data)

    monkeypatch.setattr(record.evidence, "put_payload", full)
    with pytest.raises(OSError, match="no space"):
        delivery.deliver_files(record, paths, now=NOW)
    assert record.observations.size == record.size > 0
    assert value(record, A) == 1_000_000


def test_weather_file_with_hours_left_out_withdraws_nothing(record: Record) -> None:
    header = b"# STN,YYYYMMDD,   HH,   DD,   FH\n"
    lines = [b"240,20200101,%d,10,50\n" % hour for hour in range(1, 25)]
    delivery.deliver(record, header + b"".join(lines), "uurgeg.txt", now=NOW)
    outcome = delivery.deliver(record, header + b"".join(lines[:12]) + lines[-1], "uurgeg.txt", now=NOW)
    assert (outcome.status, outcome.counts["unchanged"]) == ("unchanged", 26)
    assert any("11 hours" in doubt for doubt in outcome.doubts)
