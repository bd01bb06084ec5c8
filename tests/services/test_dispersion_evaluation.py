"""Our plume beside an experiment: the files of a small one made here, and every way in which they can be wrong."""

from __future__ import annotations

import csv
import gzip
import io
import math
from pathlib import Path

import numpy as np
import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import dispersion_evaluation
from goedebuur.services.dispersion_evaluation import OURS
from goedebuur.services.dispersion_experiments import STABILITY, stability

ARCS = """yymmddhh,arc_km,obs_CQ_s_m3,aermod02222_CQ,aermod24142_CQ
56071014,0.05,0.002,0.001,0.004
56071014,0.8,-9.0,0.00001,0.00001
56072224,0.1,0.010,0.010,0.009
56072224,0.2,0.004,0.009,0.004
"""
SURFACE = """yy,mm,dd,hh,H_Wm2,ustar,wstar,vptg,zic,zim,L,z0,bowen,albedo,ws,wd,zref,T_K,zT
56,7,10,14,204.4,0.31,2.27,0.005,1539.0,398.0,-9.8,0.006,0.75,0.25,4.02,204.0,1.0,304.4,1.0
56,7,22,24,-8.7,0.09,-9.0,-9.0,-999.0,67.0,34.0,0.006,0.75,0.59,2.0,171.0,1.0,292.7,1.0
"""
PROFILE = """yy,mm,dd,hh,z,top,wd,ws,T_C,sigtheta_deg,sigw
56,7,10,14,1.0,0.0,204.0,4.02,31.2,-999.0,-999.0
56,7,10,14,2.0,1.0,-999.0,4.44,30.3,25.6,0.48
56,7,22,24,1.0,1.0,171.0,2.0,19.5,5.0,99.0
"""


def made(folder: Path, *, arcs: str = ARCS, surface: str = SURFACE, profile: str = PROFILE) -> Path:
    (folder / "pgrass_arcs.csv").write_text(arcs)
    (folder / "pgrass_sfc.csv.gz").write_bytes(gzip.compress(surface.encode()))
    (folder / "pgrass_pfl.csv").write_text(profile)
    return folder


def test_each_model_is_scored_on_the_rows_that_all_have(tmp_path: Path) -> None:
    (compared,), judged = dispersion_evaluation.evaluate(made(tmp_path))
    told = {(one.kind, one.group, one.model): one.scores for one in judged}
    assert {(one.scores.pairs, one.scores.left_out) for one in judged if one.kind == "all"} == {(3, 1)}
    # by hand: AERMOD 24142 has 4 beside 2, 9 beside 10, 4 beside 4 thousandths: FB 2 (16 − 17) ÷ 33, all within two
    found = told["all", "all", "AERMOD 24142"]
    assert found.bias == pytest.approx(-2 / 33)
    assert found.within_two == 1
    # of the other 1 beside 2, 10 beside 10, 9 beside 4: the last is not within two
    assert told["all", "all", "AERMOD 02222"].within_two == pytest.approx(2 / 3)
    # groups in the order of the experiment, and only those that there are
    arcs = [one.group for one in judged if one.kind == "arc" and one.model == OURS]
    assert arcs == ["50 m", "100 m", "200 m", "800 m"]
    assert told["arc", "800 m", OURS].pairs == 0
    classes = [one.group for one in judged if one.kind == "stability" and one.model == OURS]
    assert classes == ["very unstable, -10 m < L < 0", "stable, 10 m ≤ L < 100 m"]
    ours = compared.models[OURS]
    assert ((ours > 0) & np.isfinite(ours)).all()
    # nearer is more, in each hour
    assert ours[0] > ours[1]
    assert ours[2] > ours[3]


@pytest.mark.parametrize(
    ("obukhov", "begins"),
    [(-5, "very unstable"), (-10, "unstable"), (-99, "unstable"), (-100, "near"), (1e5, "near"), (99, "stable"),
     (11, "stable"), (10, "stable"), (100, "near"), (9, "very stable")],
)  # fmt: skip
def test_class_of_an_hour_is_that_of_its_obukhov_length(obukhov: float, begins: str) -> None:
    assert stability(obukhov).startswith(begins)
    assert stability(obukhov) in STABILITY


def test_rows_and_plots_are_written_the_same_each_time(tmp_path: Path) -> None:
    compared, _ = dispersion_evaluation.evaluate(made(tmp_path))
    names = dispersion_evaluation.written(compared, tmp_path / "one")
    assert names == dispersion_evaluation.written(compared, tmp_path / "two")
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == sorted(names)
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    rows = list(csv.DictReader(io.StringIO((tmp_path / "one" / "pgrass-pairs.csv").read_text())))
    assert [row["measured [s/m³]"] for row in rows] == ["0.002", "", "0.01", "0.004"]
    assert [row["arc"] for row in rows] == ["50 m", "800 m", "100 m", "200 m"]
    # the hour that ends at 24:00
    assert rows[2]["start"] == "1956-07-22T23:00"
    plot = (tmp_path / "one" / "pgrass-quantiles.svg").read_text()
    assert "<svg" in plot
    for said in ("Prairie Grass", "Goede Buur", "AERMOD 24142", "measured [s/m³]"):
        assert said in plot


def refused(folder: Path) -> GoedeBuurError:
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_evaluation.evaluate(folder)
    return caught.value


def test_folder_without_an_experiment_says_what_one_needs(tmp_path: Path) -> None:
    error = refused(tmp_path)
    assert error.code == "input-empty"
    assert "pgrass_arcs.csv" in error.hint


def test_file_that_lacks_is_named(tmp_path: Path) -> None:
    (made(tmp_path) / "pgrass_sfc.csv.gz").unlink()
    error = refused(tmp_path)
    assert (error.code, error.value) == ("input-empty", "pgrass_sfc.csv")


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "where"),
    [
        ("arcs", "0.8,-9.0", "0.7,-9.0", "input-number", "pgrass_arcs.csv, line 3, column arc_km"),
        ("arcs", "0.05,0.002", "0.05,-0.002", "input-number", "pgrass_arcs.csv, line 2, column obs_CQ_s_m3"),
        ("arcs", "56072224,0.2", "56072225,0.2", "input-time", "pgrass_arcs.csv, line 5, column yymmddhh"),
        ("arcs", "56072224,0.2", "5607222,0.2", "input-time", "pgrass_arcs.csv, line 5, column yymmddhh"),
        ("arcs", "56072224,0.2", "56072223,0.2", "input-time", "pgrass_arcs.csv, line 5, column yymmddhh"),
        ("arcs", "obs_CQ_s_m3", "obs", "input-missing-column", "pgrass_arcs.csv, line 1"),
        ("surface", "304.4", "31.2", "input-number", "pgrass_sfc.csv, line 2, column T_K"),
        ("surface", "4.02", "nan", "input-number", "pgrass_sfc.csv, line 2, column ws"),
        ("surface", "-9.8", "0", "input-number", "pgrass_sfc.csv, line 2, column L"),
        ("surface", "2.27", "-9.0", "input-number", "pgrass_sfc.csv, line 2, column L"),
        ("surface", "56,7,22,24", "56,7,10,14", "input-duplicate", "pgrass_sfc.csv, line 3, column hh"),
        ("surface", "56,7,22,24", "56,2,30,24", "input-time", "pgrass_sfc.csv, line 3, column hh"),
        ("profile", "14,2.0", "14,-999", "input-number", "pgrass_pfl.csv, line 3, column z"),
        ("profile", "25.6", "much", "input-number", "pgrass_pfl.csv, line 3, column sigtheta_deg"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_place(
    tmp_path: Path, file: str, old: str, new: str, code: str, where: str
) -> None:
    text = {"arcs": ARCS, "surface": SURFACE, "profile": PROFILE}[file]
    assert old in text
    error = refused(made(tmp_path, **{file: text.replace(old, new, 1)}))
    assert (error.code, error.place) == (code, where)
    assert error.hint


def test_damaged_archive_is_refused(tmp_path: Path) -> None:
    folder = made(tmp_path)
    (folder / "pgrass_sfc.csv.gz").write_bytes(b"\x1f\x8b" + bytes(20))
    assert refused(folder).code == "input-archive"


def test_rows_without_a_measurement_have_no_figures(tmp_path: Path) -> None:
    first, second = ARCS.splitlines()[:2]
    _, judged = dispersion_evaluation.evaluate(made(tmp_path, arcs=f"{first}\n{second.replace('0.002', '-9.0')}\n"))
    assert all(math.isnan(one.scores.bias) for one in judged)
