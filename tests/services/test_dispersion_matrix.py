"""A matrix that is made, stopped, gone on with and asked: what comes out is what a run says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from tests.adapters.test_aermet import DAY, NIGHT, surface

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.dispersion import source
from goedebuur.core.dispersion.areas import Area
from goedebuur.core.dispersion.stacks import Stack, Volume
from goedebuur.services import dispersion_matrix, dispersion_run
from goedebuur.services.dispersion_matrix import Matrix, make, opened
from goedebuur.services.dispersion_sources import Field, Receptor, Source
from goedebuur.services.dispersion_weather import Weather, of_aermet
from goedebuur.store import matrices

STACKS = (
    Source("A", 0.0, 0.0, 2.0, Stack(60, 2.5, 400, 12)),
    Source("heap", 50.0, 20.0, 0.5, Volume(5, 20, 4)),
)
FIELDS = (Field("field", 3.0, Area(((-20, -20), (20, -20), (20, 20), (-20, 20)), 5.0, 4.0)),)
PLACES = tuple(Receptor(f"p{number}", 300.0 + 100 * number, -1000.0) for number in range(5))
GRAMS = {"A": 2.0, "heap": 0.5, "field": 3.0}


def told(hours: int = 10) -> Weather:
    """Return hours of a day, and one of a night."""
    lines = [DAY.replace(" 181 13 ", f" 181 {number + 6} ") for number in range(hours - 1)]
    return of_aermet(surface(*lines, NIGHT), "a.sfc")


@pytest.fixture(scope="module")
def weather() -> Weather:
    return told()


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make blocks of three hours and two places, two of which are worked out together: eight times to work."""
    monkeypatch.setattr(matrices, "HOURS", 3)
    monkeypatch.setattr(matrices, "PLACES", 2)
    monkeypatch.setattr(dispersion_matrix, "TOGETHER", 2)


def made(path: Path, weather: Weather, **more: Any) -> Matrix:
    return make(path, weather, STACKS, FIELDS, PLACES, **more)


@pytest.fixture(scope="module")
def wanted(weather: Weather) -> npt.NDArray[np.float64]:
    return dispersion_run.hourly(weather, STACKS, PLACES, fields=FIELDS)


def test_matrix_times_emissions_is_what_a_run_says(
    weather: Weather, wanted: npt.NDArray[np.float64], tmp_path: Path
) -> None:
    matrix = made(tmp_path / "m", weather)
    assert matrix.complete
    assert (matrix.sources, matrix.places) == (("A", "heap", "field"), PLACES)
    assert matrix.starts == tuple(weather.hours["start"])
    assert wanted.min() > 0
    assert matrix.hourly(GRAMS) == pytest.approx(wanted, rel=1e-12)
    assert np.array_equal(matrix.hourly(GRAMS, slice(1, 4)), matrix.hourly(GRAMS)[:, 1:4])
    assert np.array_equal(opened(tmp_path / "m").hourly(GRAMS), matrix.hourly(GRAMS))


def test_sources_add_up_and_an_hour_has_its_own_emission(weather: Weather, tmp_path: Path) -> None:
    matrix = made(tmp_path / "m", weather)
    alone = [matrix.hourly({name: 1.0}) for name in matrix.sources]
    rising = np.arange(10.0)
    assert matrix.hourly({"A": rising, "field": 2.0}) == pytest.approx(
        rising[:, None] * alone[0] + 2 * alone[2], rel=1e-14
    )
    assert not matrix.hourly({}).any()


def test_hour_in_which_an_emission_is_not_known_has_no_concentration(weather: Weather, tmp_path: Path) -> None:
    grams = np.ones(10)
    grams[4] = np.nan
    found = made(tmp_path / "m", weather).hourly({"A": grams, "heap": 1.0})
    assert np.isnan(found[4]).all()
    assert np.isfinite(np.delete(found, 4, axis=0)).all()


def test_work_that_is_stopped_is_kept_and_gone_on_with(
    weather: Weather, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    worked = spied(monkeypatch)
    path, steps = tmp_path / "m", list[tuple[int, int]]()
    half = made(path, weather, progress=lambda *step: steps.append(step), cancelled=lambda: len(steps) >= 3)
    assert not half.complete
    assert steps[:3] == [(1, 8), (2, 8), (3, 8)]
    before, done = files(path), len(worked)
    assert 9 <= done < 24
    with pytest.raises(GoedeBuurError) as caught:
        half.hourly(GRAMS)
    assert caught.value.code == "query-matrix-unfinished"
    whole = made(path, weather)
    assert whole.complete
    assert len(worked) == 24
    assert {name: files(path)[name] for name in before} == before
    assert np.array_equal(whole.hourly(GRAMS), made(tmp_path / "at once", weather).hourly(GRAMS))


def test_key_that_breaks_it_off_loses_nothing(weather: Weather, tmp_path: Path) -> None:
    def broken(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made(tmp_path / "m", weather, progress=broken)
    assert len(files(tmp_path / "m")) >= 3
    assert made(tmp_path / "m", weather).complete


def test_whole_matrix_is_not_worked_out_again(
    weather: Weather, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path / "m", weather)
    worked = spied(monkeypatch)
    assert make(tmp_path / "m", weather, [replace(STACKS[0], emission=9.0), STACKS[1]], FIELDS, PLACES).complete
    assert worked == []


def spied(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return what grows by one each time that a source is worked out."""
    worked: list[int] = []
    add = dispersion_run.Setting.add

    def counted(self: dispersion_run.Setting, *arguments: Any) -> None:
        worked.append(1)
        add(self, *arguments)

    monkeypatch.setattr(dispersion_run.Setting, "add", counted)
    return worked


def files(path: Path) -> dict[str, int]:
    """Return the blocks that are there, and when each was written."""
    return {str(one): one.stat().st_mtime_ns for one in (path / "per_gram" / "c").rglob("*") if one.is_file()}


def other_wind(weather: Weather) -> Weather:
    return replace(weather, hours=weather.hours.with_columns(wind=pl.col("wind") * 1.0001))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda w, p: make(p, w, [replace(STACKS[0], x=1.0), STACKS[1]], FIELDS, PLACES), "sources"),
        (
            lambda w, p: make(p, w, [replace(STACKS[0], stack=Stack(61, 2.5, 400, 12)), STACKS[1]], FIELDS, PLACES),
            "sources",
        ),
        (lambda w, p: make(p, w, STACKS, [], PLACES), "sources"),
        (lambda w, p: make(p, w, STACKS, FIELDS, PLACES[:4]), "places"),
        (lambda w, p: made(p, other_wind(w)), "weather"),
        (lambda w, p: made(p, replace(w, adjusted=True)), "weather"),
        (lambda w, p: made(p, told(9)), "weather"),
        (lambda w, p: made(p, w, receptor=1.5), "height"),
        (lambda w, p: made(p, w, single=True), "precision"),
    ],
)
def test_matrix_of_something_else_is_refused(
    weather: Weather, tmp_path: Path, change: Callable[[Weather, Path], Matrix], said: str
) -> None:
    made(tmp_path / "m", weather)
    before = files(tmp_path / "m")
    with pytest.raises(GoedeBuurError) as caught:
        change(weather, tmp_path / "m")
    assert (caught.value.code, caught.value.value) == ("query-other-matrix", f"other {said}")
    assert files(tmp_path / "m") == before


def test_matrix_of_another_version_of_the_plume_is_refused(
    weather: Weather, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path / "m", weather)
    monkeypatch.setattr(source, "DIGEST", "of another")
    with pytest.raises(GoedeBuurError, match="other model"):
        made(tmp_path / "m", weather)


def test_folder_with_something_else_is_left_alone(weather: Weather, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Geachte")
    for work in (lambda: made(tmp_path, weather), lambda: opened(tmp_path), lambda: opened(tmp_path / "none")):
        with pytest.raises(GoedeBuurError) as caught:
            work()
        assert caught.value.code == "query-no-matrix"
    assert [one.name for one in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("grams", "code", "value"),
    [
        ({"B": 1.0}, "query-unknown-source", "B"),
        ({"A": -1.0}, "input-number", "-1 g/s"),
        ({"A": np.array([1.0] * 9 + [np.inf])}, "input-number", "inf g/s"),
    ],
)
def test_emission_that_cannot_be_is_refused(
    weather: Weather, tmp_path: Path, grams: dict[str, Any], code: str, value: str
) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        made(tmp_path / "m", weather).hourly(grams)
    assert (caught.value.code, caught.value.value) == (code, value)


def test_block_that_a_power_cut_emptied_is_made_again_and_a_spoiled_one_is_named(
    weather: Weather, tmp_path: Path, wanted: npt.NDArray[np.float64]
) -> None:
    matrix = made(tmp_path / "m", weather)
    (tmp_path / "m/per_gram/c/0/1/1").write_bytes(b"")
    assert not matrix.complete
    assert made(tmp_path / "m", weather).hourly(GRAMS) == pytest.approx(wanted, rel=1e-12)
    (tmp_path / "m/per_gram/c/0/1/1").write_bytes(b"spoiled")
    with pytest.raises(GoedeBuurError) as caught:
        matrix.hourly(GRAMS)
    assert caught.value.code == "query-matrix-damaged"


def test_hour_that_gives_no_number_is_named_by_its_time(weather: Weather, tmp_path: Path) -> None:
    seventh = pl.int_range(pl.len()) == 7
    spoiled = weather.hours.with_columns(temperature=pl.when(~seventh).then("temperature"))
    with pytest.raises(GoedeBuurError) as caught:
        made(tmp_path / "m", replace(weather, hours=spoiled))
    assert (caught.value.code, caught.value.place) == ("input-number", "2024-06-29 12:00")


def test_one_thread_or_more_give_the_same_to_the_last_bit(
    weather: Weather, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for threads in (1, 4):
        monkeypatch.setattr("os.cpu_count", lambda threads=threads: threads)
        found.append(made(tmp_path / str(threads), weather).hourly(GRAMS))
    assert np.array_equal(*found)


def test_values_of_32_bits_are_off_by_no_more_than_half_a_step(weather: Weather, tmp_path: Path) -> None:
    double, single = (made(tmp_path / str(one), weather, single=one) for one in (False, True))
    assert single.dataset()["per_gram"].dtype == np.float32
    exact, found = double.hourly(GRAMS), single.hourly(GRAMS)
    off = np.abs(found / exact - 1).max()
    # rounding to 24 bits is off by at most 2⁻²⁴ of a value, and so is a sum of what is nowhere below nought
    assert 0 < off <= 2.0**-24 * (1 + 1e-6)


def test_dataset_has_units_names_and_the_receipt(weather: Weather, tmp_path: Path) -> None:
    matrix = made(tmp_path / "m", weather)
    told = matrix.dataset()
    assert told["per_gram"].dims == ("source", "hour", "place")
    assert told["per_gram"].attrs["units"] == "µg m-3 per g s-1"
    assert told["x"].attrs["units"] == "m"
    assert list(told["source"].values) == ["A", "heap", "field"]
    assert told["hour"].values[0] == np.datetime64("2024-06-29T05:00:00")
    assert told.attrs["weather"] == matrix.receipt["weather"]
    one = told["per_gram"].sel(source="A", place="p3").values
    assert np.array_equal(one, matrix.hourly({"A": 1.0})[:, 3])


def test_hours_in_utc_come_back_in_utc(weather: Weather, tmp_path: Path) -> None:
    hours, levels = (
        one.with_columns(pl.col("start").dt.replace_time_zone("UTC")) for one in (weather.hours, weather.levels)
    )
    aware = replace(weather, hours=hours, levels=levels)
    assert made(tmp_path / "m", aware).starts[0] == datetime(2024, 6, 29, 5, tzinfo=UTC)
