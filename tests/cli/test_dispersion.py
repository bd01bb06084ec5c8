"""The air near the ground with the commands alone: hours of one station, the clouds of another, and what they lack."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from tests.adapters.samples import KNMI_LEGEND
from tests.adapters.test_aermet import CALM, DAY, LEVELS, surface
from tests.cli.test_expectations import Clock, wiring
from tests.services import around_works
from tests.services.deliveries import station_file
from tests.services.test_dispersion_run import RECEPTORS, SOURCES

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring

__all__ = ["wiring"]
Told = pytest.CaptureFixture[str]
COAST = KNMI_LEGEND.replace("FH,   FF,   FX,    T, T10N,   SQ,   RH,    N,   WW", "FH")
INLAND = KNMI_LEGEND.replace("901", "902").replace("FF,   FX,    T, T10N,   SQ,   RH,    N,   WW", "T,    N")
WEATHER = (
    *("dispersion", "weather", "KNMI901", "--roughness", "0.1"),
    *("--from", "2019-12-31T20:00:00Z", "--until", "2020-01-01T00:00:00Z"),
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def here(wiring: Wiring, tmp_path: Path, capsys: Told) -> Wiring:
    """Four hours: a wind under a clear sky, a calm, a wind from no one side, and a sky that is not seen."""
    coast = (
        "901,20191231,   21,  250,   50",
        "901,20191231,   22,    0,    0",
        "901,20191231,   23,  990,   30",
        "901,20191231,   24,  240,   40",
    )
    inland = (
        "902,20191231,   21,  250,   30,   50,    0",
        "902,20191231,   22,  250,   30,   50,    0",
        "902,20191231,   23,  250,   30,   50,    8",
        "902,20191231,   24,  250,   30,   50,    9",
    )
    for name, legend, rows in (("uurgeg_901.txt", COAST, coast), ("uurgeg_902.txt", INLAND, inland)):
        file = tmp_path / name
        file.write_bytes((legend + "\r\n".join(f"  {row}" for row in rows) + "\r\n").encode())
        assert run(["ingest", str(file)], wiring) == Exit.OK
    capsys.readouterr()
    return wiring


def test_hours_that_lack_something_are_counted_with_what_they_lack(here: Wiring, capsys: Told) -> None:
    assert run([*WEATHER, "--clouds", "KNMI902", "--json"], here) == Exit.OK
    counts = json.loads(capsys.readouterr().out)["counts"]
    assert {why: n for why, n in counts.items() if n} == {
        "": 1,
        "calm": 1,
        "calm or variable direction": 1,
        "sky invisible": 1,
    }


def test_station_of_wind_alone_has_nothing_without_another(here: Wiring, capsys: Told) -> None:
    assert run([*WEATHER, "--json"], here) == Exit.OK
    counts = json.loads(capsys.readouterr().out)["counts"]
    assert {why: n for why, n in counts.items() if n} == {"calm": 1, "no temperature": 3}


def test_each_hour_is_written_with_its_own_figures_and_none_are_filled_in(here: Wiring, capsys: Told) -> None:
    assert run([*WEATHER, "--clouds", "KNMI902", "--csv"], here) == Exit.OK
    told = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert [row["start"] for row in rows] == [f"2019-12-31T{hour}:00:00Z" for hour in (20, 21, 22, 23)]
    assert (rows[0]["wind"], rows[0]["temperature"], rows[0]["cloud"], rows[0]["sunlight"]) == (
        "5.0",
        "5.0",
        "0.0",
        "0.0",
    )
    # a clear night: less than the 0.4 · 5 ÷ ln(100) = 0.4343 of neutral air, and stable
    assert 0.3 < float(rows[0]["friction"]) < 0.4343
    assert float(rows[0]["obukhov"]) > 0
    assert (rows[1]["friction"], rows[1]["why"]) == ("", "calm")
    assert (rows[2]["direction"], rows[2]["why"]) == ("", "calm or variable direction")
    assert rows[2]["friction"]
    assert (rows[3]["friction"], rows[3]["why"]) == ("", "sky invisible")
    assert "1 hours: sky invisible" in told.err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("--roughness", "0"), "query-roughness"),
        (("--roughness", "3"), "query-roughness"),
        (("--clouds", "KNMI999"), "query-unknown-station"),
    ],
)
def test_mistake_is_named(here: Wiring, capsys: Told, change: tuple[str, str], said: str) -> None:
    assert run([*WEATHER, *change, "--json"], here) != Exit.OK
    assert said in capsys.readouterr().err


def scored(wiring: Wiring, told: Told, file: Path, text: bytes, *more: str) -> tuple[int, str, str]:
    file.write_bytes(text)
    told.readouterr()
    code = run(["dispersion", "score", str(file), "--measured", "o", "--modelled", "p", *more], wiring)
    found = told.readouterr()
    return code, found.out, found.err


def test_model_that_agrees_is_scored_from_a_table(wiring: Wiring, tmp_path: Path, capsys: Told) -> None:
    text = b"id,o,p\na,1,2\nb,3,2\nc,,4\nd,-9,1\n"
    code, out, _ = scored(wiring, capsys, tmp_path / "t.csv", text, "--missing", "-9")
    assert code == Exit.OK
    # means 2 and 2; (1 + 1) ÷ 2 ÷ 4
    told = dict(
        line.split(maxsplit=1) for line in out.splitlines() if line.startswith(("FB", "NMSE", "FAC2", "pairs "))
    )
    assert (told["FB"], told["NMSE"], told["FAC2"]) == ("0.000", "0.250", "1.000")
    assert "left out" in out


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (b"o,q\n1,2\n", "input-missing-column", "t.csv, line 1"),
        (b"o,p\n1,2\n1,veel\n", "input-number", "t.csv, line 3, column p"),
        (b"o,p\n-1,2\n", "input-number", "t.csv, line 2, column o"),
        (b"o,p\n1,2\n1\n", "input-truncated", "t.csv, line 3"),
        (b"o,p\n", "input-empty", "t.csv"),
        (b"", "input-missing-column", "t.csv, line 1"),
        (b"o,p\n\xff,2\n", "input-encoding", "t.csv, byte 4"),
    ],
)
def test_table_that_cannot_be_read_says_where(
    wiring: Wiring, tmp_path: Path, capsys: Told, text: bytes, code: str, place: str
) -> None:
    ended, _, err = scored(wiring, capsys, tmp_path / "t.csv", text)
    assert ended != Exit.OK
    assert code in err
    assert place in err


def test_files_of_aermet_are_counted_and_written(wiring: Wiring, tmp_path: Path, capsys: Told) -> None:
    file, beside = tmp_path / "a.sfc", tmp_path / "a.pfl"
    file.write_bytes(surface(DAY, CALM))
    beside.write_text(LEVELS)
    assert run(["dispersion", "aermet", str(file), "--profile", str(beside), "--json"], wiring) == Exit.OK
    counts = json.loads(capsys.readouterr().out)
    assert (counts["hours"], counts["unstable"], counts["calm"], counts["levels"]) == (2, 1, 1, 2)
    assert run(["dispersion", "aermet", str(file), "--csv"], wiring) == Exit.OK
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert (rows[0]["start"], rows[0]["obukhov"], rows[1]["obukhov"]) == ("2024-06-29T12:00:00", "-9.8", "")


def test_run_writes_what_stacks_add_at_each_place(wiring: Wiring, tmp_path: Path, capsys: Told) -> None:
    for name, data in (("a.sfc", surface(DAY, CALM)), ("s.csv", SOURCES), ("r.csv", RECEPTORS)):
        (tmp_path / name).write_bytes(data)
    paths = [str(tmp_path / name) for name in ("a.sfc", "s.csv", "r.csv")]
    command = ["dispersion", "run", "--surface", paths[0], "--sources", paths[1], "--receptors", paths[2]]
    assert run([*command, "--json"], wiring) == Exit.OK
    found = json.loads(capsys.readouterr().out)
    assert (found["hours"], found["left_out"]) == (1, {"calm": 1, "missing": 0})
    assert [one["id"] for one in found["places"]] == ["near", "far"]
    assert run(command, wiring) == Exit.OK
    told = capsys.readouterr()
    assert "near" in told.out
    assert "1 hours; left out: 1 calm" in told.err


def test_run_takes_weather_of_a_station_of_the_record(wiring: Wiring, tmp_path: Path, capsys: Told) -> None:
    paths = []
    for name, data in (("uurgeg_901.txt", around_works.knmi([270] * 48)), ("s.csv", SOURCES), ("r.csv", RECEPTORS)):
        (tmp_path / name).write_bytes(data)
        paths.append(str(tmp_path / name))
    assert run(["ingest", paths[0]], wiring) == Exit.OK
    capsys.readouterr()
    command = ["dispersion", "run", "--sources", paths[1], "--receptors", paths[2]]
    period = ["--from", "2019-06-01T00:00:00Z", "--until", "2019-06-03T00:00:00Z"]
    assert run([*command, "--station", "KNMI901", "--roughness", "0.1", *period], wiring) == Exit.OK
    told = capsys.readouterr()
    assert "48 hours; left out: none" in told.err
    # moments of the record are in UTC, and say so
    assert re.search(r"near\t.*\t2019-06-0[12] \d\d:00Z", told.out)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "Give --surface or --station"),
        (["--surface", __file__, "--roughness", "0.1"], "go with --station"),
        (["--station", "KNMI901", "--profile", __file__], "goes with --surface"),
        (["--station", "KNMI901"], "--roughness, --from"),
        (["--station", "KNMI901", "--roughness", "0.1", "--from", "2020-01-02", "--until", "2020-01-01"], "--until"),
    ],
)
def test_run_without_weather_says_what_to_give(
    wiring: Wiring, tmp_path: Path, capsys: Told, given: list[str], said: str
) -> None:
    for name, data in (("s.csv", SOURCES), ("r.csv", RECEPTORS)):
        (tmp_path / name).write_bytes(data)
    files = ["--sources", str(tmp_path / "s.csv"), "--receptors", str(tmp_path / "r.csv")]
    assert run(["dispersion", "run", *files, *given], wiring) == Exit.USAGE
    assert said in capsys.readouterr().err


AROUND = f"{around_works.LATITUDE},{around_works.LONGITUDE}"
BESIDE = (
    *("dispersion", "stations", "so2", "--year", "2019", "--station", "KNMI901", "--roughness", "0.1"),
    *("--within", "5", "--around", AROUND),
)


@pytest.fixture
def works(wiring: Wiring, tmp_path: Path, capsys: Told) -> Wiring:
    files = {
        "uurgeg_901.txt": around_works.knmi([270] * 24 + [90] * 24),
        "air_data.csv": around_works.releases(1.0),
        "2019_SO2.csv": station_file({"NL90001": ["20"] * 25 + ["5"] * 24}, "20190601"),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        assert run(["ingest", str(tmp_path / name)], wiring) == Exit.OK
    capsys.readouterr()
    return wiring


def test_stations_stand_beside_what_works_reported(works: Wiring, capsys: Told) -> None:
    assert run([*BESIDE, "--sea", "200,340"], works) == Exit.OK
    told = capsys.readouterr()
    assert "31,536 kg reported by Een Staal BV" in told.err
    assert "48 hours; left out:" in told.err
    assert "outside what this model can say: onshore by day" in told.err
    assert "NL90001 Eendorp-NL90001" in told.out
    assert run([*BESIDE, "--json"], works) == Exit.OK
    (one,) = json.loads(capsys.readouterr().out)["stations"]
    assert one["measured"] == 12.5
    assert set(one["computed"]) == {"low", "middle", "high"}


def test_middle_that_is_not_two_numbers_is_refused(works: Wiring, capsys: Told) -> None:
    assert run([*BESIDE, "--around", "hier"], works) == Exit.USAGE
    assert "'hier' is not two numbers" in capsys.readouterr().err


@pytest.mark.parametrize("around", ["95,4", "nan,4", "52,400"])
def test_middle_that_is_nowhere_is_refused(works: Wiring, capsys: Told, around: str) -> None:
    assert run([*BESIDE, "--around", around], works) == Exit.USAGE
    assert "--around" in capsys.readouterr().err


def test_year_that_nobody_reported_over_says_so(works: Wiring, capsys: Told) -> None:
    command = [*BESIDE]
    command[command.index("2019")] = "2018"
    assert run(command, works) != Exit.OK
    assert "what to do" in capsys.readouterr().err
