"""A year beside a power station, here of two hours: an hour without weather, a stack that stands still, bad files."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import dispersion_evaluation
from goedebuur.services.dispersion_bowline import BOWLINE
from goedebuur.services.dispersion_evaluation import OURS

SIZES = {"BUILDHGT": 60.0, "BUILDWID": 80.0, "BUILDLEN": 90.0, "XBADJ": -45.0, "YBADJ": 10.0}
FILES = {
    "BOWLINE.SFC": "  41.2N  73.97W  UA_ID: 14735  SF_ID: 14734  OS_ID: 99999  VERSION: 02222\n"
    "81 1 1 1 1 -30.9 0.404 -9.000 -9.000 -999. 600. 200.0 0.100 1.00 1.00 6.60 309. 100.0 265.0 100.0 999 0.\n"
    "81 1 1 1 2 -999.0 -9.000 -9.000 -9.000 -999. -999. -99999.0 0.100 1.00 1.00 0.00 0. 100.0 264.0 100.0 999 0.\n",
    "BOWLINE.PFL": "81  1  1  1  100.0 1  309.    6.60    -8.1   99.0   99.00\n"
    "81  1  1  2  100.0 1    0.    0.00    -9.1   99.0   99.00\n",
    "HOURSRC.DAT": "SO HOUREMIS  81  1  1  1    1    152.39    359.99      9.33\n"
    "SO HOUREMIS  81  1  1  1    2      0.00    400.00     10.00\n",
    "bow01.obs": "81  1  1  1    20.000  -99.000   10.000  -99.000\n81  1  1  2     0.000    5.100  -99.000    6.500\n",
    "AER01HR.PST": "   659.0   -534.0    15.0    0.00     0.00     0.00    1-HR  ALL       81010101\n"
    "   308.0   -216.0    10.04    0.00     0.00     0.00    1-HR  ALL       81010101\n",
    "BOWAERPR.INP": "".join(
        f"SO {keyword} {stack} " + " ".join([f"{value}"] * 6) + "\n"
        for stack in "12"
        for keyword, value in SIZES.items()
        for _ in range(6)
    ),
}


def made(folder: Path, **other: str) -> Path:
    (folder / "bowline").mkdir()
    for name, text in (FILES | other).items():
        (folder / "bowline" / name).write_text(text)
    return folder


def test_hour_without_weather_is_counted_and_a_stack_that_stands_still_brings_nothing(tmp_path: Path) -> None:
    (compared,), judged = dispersion_evaluation.evaluate(made(tmp_path), experiments=[BOWLINE])
    told = {(one.kind, one.group, one.model): one.scores for one in judged}
    # two places in the first hour; the second is calm
    found = told["all", "all", "AERMOD"]
    assert (found.pairs, found.left_out) == (2, 2)
    # 15 beside 20, and 10.04, which is 10.0 to the digit that was measured, beside 10: FB 2 (30 − 25) ÷ 55
    assert found.bias == pytest.approx(10 / 55)
    assert told["monitor", "Bowline", OURS].pairs == told["monitor", "Boat Ramp", OURS].pairs == 1
    assert [one.group for one in judged if one.kind == "stability"] == ["near neutral, |L| ≥ 100 m"] * 2
    ours = compared.models[OURS]
    # both places are south-east of the stacks, in wind from the north-west
    assert ours[0] > 0
    assert ours[1] > 0
    assert all(math.isnan(value) for value in ours[2:])


def test_nothing_let_out_is_nothing_at_the_places(tmp_path: Path) -> None:
    still = FILES["HOURSRC.DAT"].replace("152.39", "0.00")
    (compared,), _ = dispersion_evaluation.evaluate(made(tmp_path, **{"HOURSRC.DAT": still}), experiments=[BOWLINE])
    assert compared.models[OURS][:2].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "place"),
    [
        ("HOURSRC.DAT", "152.39", "-1.0", "input-number", "HOURSRC.DAT, line 1"),
        ("HOURSRC.DAT", "359.99", "35.99", "input-number", "HOURSRC.DAT, line 1"),
        ("HOURSRC.DAT", "  9.33", "", "input-truncated", "HOURSRC.DAT, line 1"),
        ("HOURSRC.DAT", "81  1  1  1    2", "81  1  1  2    2", "input-empty", "HOURSRC.DAT"),
        ("HOURSRC.DAT", "81  1  1  1    1", "81  1 41  1    1", "input-time", "HOURSRC.DAT, line 1"),
        ("AER01HR.PST", "81010101", "81010125", "input-time", "AER01HR.PST, line 1"),
        ("AER01HR.PST", " 15.0", " veel", "input-number", "AER01HR.PST, line 1"),
        ("bow01.obs", "20.000", "nan", "input-number", "bow01.obs, line 1"),
        ("BOWAERPR.INP", "60.0", "sixty", "input-number", "BOWAERPR.INP, line 1"),
        ("BOWAERPR.INP", "SO XBADJ 1", "** XBADJ 1", "input-number", "BOWAERPR.INP"),
        ("BOWLINE.SFC", "UA_ID", "UA", "input-not-this-format", "BOWLINE.SFC, line 1"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_place(
    tmp_path: Path, file: str, old: str, new: str, code: str, place: str
) -> None:
    assert old in FILES[file]
    folder = made(tmp_path, **{file: FILES[file].replace(old, new, 1)})
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_evaluation.evaluate(folder, experiments=[BOWLINE])
    assert (caught.value.code, caught.value.place) == (code, place)
    assert caught.value.hint


def test_file_that_lacks_is_named(tmp_path: Path) -> None:
    (made(tmp_path) / "bowline" / "bow01.obs").unlink()
    with pytest.raises(GoedeBuurError, match=r"bow01\.obs"):
        dispersion_evaluation.evaluate(tmp_path, experiments=[BOWLINE])
