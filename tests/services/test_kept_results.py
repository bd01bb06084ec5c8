"""Tables of results of this and other programs, as they are saved, and what cannot be one."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import planes
from goedebuur.services.dispersion_grids import Grid
from goedebuur.services.dispersion_sources import Receptor
from goedebuur.services.kept_results import read_results, write_results

OURS = b"id,x,y,mean,p98\na,101000,497000,1.5,20\nb,102000,497000,,30\n"


@pytest.mark.parametrize(
    "table",
    [
        OURS,
        OURS.replace(b",", b";").replace(b".", b","),
        OURS.replace(b",", b"\t").replace(b".", b","),
        b"\xef\xbb\xbf" + OURS.replace(b"\n", b"\r\n"),
        OURS.replace(b"id,x,y", b"Naam,RD_X,rd_y"),
    ],
)
def test_table_is_read_whatever_stands_between_its_cells(table: bytes) -> None:
    found = read_results(table, "r.csv", (), planes.RD)
    assert found.places == (Receptor("a", 101_000.0, 497_000.0), Receptor("b", 102_000.0, 497_000.0))
    assert list(found.values) == ["mean", "p98"]
    assert found.values["mean"] == pytest.approx([1.5, np.nan], nan_ok=True)
    assert found.values["p98"] == pytest.approx([20, 30])


def test_code_for_no_value_is_none_and_is_counted() -> None:
    table = b"x,y,mean,p98\n0,0,-9999,1\n0,5,-999.0,2\n5,0,-99,\n5,5,0.5,3\n"
    found = read_results(table, "r.csv")
    assert found.values["mean"] == pytest.approx([np.nan, np.nan, np.nan, 0.5], nan_ok=True)
    assert found.without == {"mean": 3, "p98": 1}
    assert read_results(table, "r.csv", ["p98"]).without == {"p98": 1}


def test_name_that_a_spreadsheet_would_run_is_marked_and_read_as_it_was() -> None:
    names = ["=cmd()", "+1 and", "-3", "@home", "'=quoted", "'s-Gravenhage", "Kade"]
    places = [Receptor(name, float(number), 0.0) for number, name in enumerate(names)]
    told = write_results(places, {"mean": np.ones(len(names))})
    assert [line.split(",")[0] for line in told.splitlines()[1:]] == [
        "'=cmd()",
        "'+1 and",
        "-3",
        "'@home",
        "''=quoted",
        "'s-Gravenhage",
        "Kade",
    ]
    assert read_results(told.encode(), "r.csv").places == tuple(places)


@pytest.mark.parametrize(
    ("cells", "doubtful"),
    [
        (("0,5", "1.234"), "1.234"),
        (("1.234.567", "0,5"), "1.234.567"),
        (("1,234", "0.5"), "1,234"),
        # one mark, or what cannot be thousands
        (("0.5", "1.234"), ""),
        (("0,5", "1,234"), ""),
        (("0,5", "0.234"), ""),
        (("0,5", "12.34"), ""),
    ],
)
def test_number_that_may_be_thousands_is_refused_where_both_marks_are_used(
    cells: tuple[str, str], doubtful: str
) -> None:
    table = f"naam;x;y;mean\n1.234;0;0;{cells[0]}\nb;0;5;{cells[1]}\n".encode()
    if not doubtful:
        wanted = [float(one.replace(",", ".")) for one in cells]
        assert read_results(table, "r.csv").values["mean"] == pytest.approx(wanted)
        return
    with pytest.raises(GoedeBuurError) as caught:
        read_results(table, "r.csv")
    assert (caught.value.code, caught.value.value) == ("input-number", doubtful)
    assert caught.value.place == f"r.csv, line {2 + cells.index(doubtful)}, column mean"
    assert "thousands" in caught.value.hint


def test_label_is_no_column_of_values() -> None:
    table = b"x,y,mean,study,substance,years,simulated,model\n0,0,1.5,een,so2,2019,no,a plume\n"
    assert list(read_results(table, "r.csv").values) == ["mean"]


def test_places_that_are_all_those_of_a_grid_are_one_in_any_order() -> None:
    table = b"x,y,mean\n10,0,2\n0,0,1\n0,5,3\n10,5,4\n"
    layout, values = read_results(table, "r.csv").ordered()
    assert isinstance(layout, Grid)
    assert (layout.x, layout.y) == ((0.0, 10.0), (0.0, 5.0))
    assert list(values["mean"]) == [1, 2, 3, 4]
    some, told = read_results(table.replace(b"10,5,4\n", b""), "r.csv").ordered()
    assert not isinstance(some, Grid)
    assert list(told["mean"]) == [2, 1, 3]


def test_what_is_written_is_read_again() -> None:
    grid = Grid("g", (0.0, 10.0), (0.0, 5.0))
    values = {"mean": np.array([1.0, np.nan, 3.25, 1e-7]), "p98": np.arange(4.0)}
    found = read_results(write_results(grid, values).encode(), "r.csv")
    assert list(found.places) == grid.places
    for name, told in values.items():
        assert found.values[name] == pytest.approx(told, nan_ok=True)


@pytest.mark.parametrize(
    ("table", "columns", "code", "value"),
    [
        (OURS.replace(b",x,", b",east,"), (), "input-missing-column", "x"),
        (OURS, ("p99",), "input-missing-column", "p99"),
        (b"id,x,y\na,101000,497000\n", (), "input-missing-column", "id, x, y"),
        (OURS.replace(b"b,102000", b"b,101000"), (), "input-duplicate", "101000, 497000"),
        (OURS.replace(b"1.5", b"veel"), (), "input-number", "veel"),
        (OURS.replace(b"1.5", b"-0.1"), (), "input-number", "-0.1"),
        (OURS.replace(b"1.5", b"-9998"), (), "input-number", "-9998"),
        (OURS.replace(b"101000", b"1010"), ("mean",), "", ""),
        (OURS.replace(b"497000", b"1010"), (), "input-number", "1010"),
        (OURS.replace(b"1.5,20", b"1.5"), (), "input-truncated", "4 of 5"),
        (OURS.replace(b"1.5", b"1.234,56"), (), "input-truncated", "6 of 5"),
        (OURS.replace(b",", b";").replace(b"1.5", b"1.234,56"), (), "input-number", "1.234,56"),
        (b"id,x,y,mean\n", (), "input-empty", ""),
        (b"\xff\xfe", (), "input-encoding", "ff fe"),
    ],
)
def test_table_that_is_none_is_refused(table: bytes, columns: tuple[str, ...], code: str, value: str) -> None:
    if not code:
        assert read_results(table, "r.csv", columns, planes.RD).places
        return
    with pytest.raises(GoedeBuurError) as caught:
        read_results(table, "r.csv", columns, planes.RD)
    assert (caught.value.code, caught.value.value) == (code, value)
    assert "r.csv" in caught.value.place
    assert caught.value.hint


def test_table_is_read_up_to_the_places_and_bytes_that_are_taken() -> None:
    table = b"x,y,c\n" + b"".join(b"%d,480000,1\n" % (100_000 + number) for number in range(9)) + b"no,place,\n"
    assert len(read_results(table, "t.csv", most=4).places) == 4
    packed = gzip.compress(b"x,y,c\n1,2,3\n" + b"\n" * 2**21)
    with pytest.raises(GoedeBuurError) as caught:
        read_results(packed, "t.csv.gz", largest=2**20)
    assert caught.value.code == "input-too-large"
