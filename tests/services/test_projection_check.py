"""A projection that was changed is found by comparison with a rebuild, and the first row that differs is named."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from tests.services import flips
from tests.services.deliveries import SIGNER, A

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services.projection_check import verify
from goedebuur.services.record import Record
from goedebuur.store.observations import Observations
from goedebuur.store.observations.schema import NAMES


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return flips.make(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def root(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "record"))


def found(root: Path) -> list[tuple[str, str]]:
    return [(problem.place, problem.what) for problem in verify(root)]


def table(root: Path, name: str) -> Path:
    """The file of a table with most rows."""
    files = (root / "projections" / "observations" / name).rglob("*.parquet")
    return max(files, key=lambda path: pl.read_parquet(path, hive_partitioning=False).height)


def rewrite(path: Path, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    change(pl.read_parquet(path, hive_partitioning=False)).write_parquet(path)


def first(column: str, value: object) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """What sets a column of the first row."""
    at = pl.int_range(pl.len()) == 0

    def change(rows: pl.DataFrame) -> pl.DataFrame:
        return rows.with_columns(pl.when(at).then(pl.lit(value, rows.schema[column])).otherwise(column).alias(column))

    return change


def test_projections_that_were_left_alone_are_those_of_a_rebuild_and_stay_untouched(root: Path) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    told: list[tuple[str, int, int]] = []
    assert verify(root, lambda *said: told.append(said)) == []
    assert told[-1][1] == told[-1][2]
    after = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert {path for path in after if not path.name.endswith(("-shm", "-wal"))} <= set(before)
    assert {path for path in before if after.get(path) != before[path]} == set()


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("current", "micro", 1),
        ("current", "unit", "ppb"),
        ("current", "flags", 7),
        ("current", "remark", "changed"),
        ("current", "leaf", 0),
        ("history", "value", None),
        ("history", "decimals", 3),
        ("superseded", "by", 0),
        ("daily", "total", 99),
        ("daily", "n", 24),
        ("daily", "maximum", None),
    ],
)
def test_one_changed_cell_is_found_and_named(root: Path, name: str, column: str, value: object) -> None:
    rewrite(table(root, name), first(column, value))
    said = [what for place, what in found(root) if place == name]
    assert len(said) == 1
    assert said[0].startswith("series NL9000")
    assert f"{column} is {value}, a rebuild gives " in said[0] or f"{column} {value}" in said[0]


@pytest.mark.parametrize("name", ["current", "history", "daily"])
def test_row_that_went_came_or_came_twice_is_named(root: Path, name: str) -> None:
    path = table(root, name)
    before = path.read_bytes()
    for change, words in (
        (lambda rows: rows.slice(1), "is not there"),
        (lambda rows: pl.concat([rows, rows.tail(1)]), "is not in the evidence"),
        (first("series", A.replace("so2", "pm10")), "is not there"),
    ):
        rewrite(path, change)
        assert any(words in what for place, what in found(root) if place == name), words
        path.write_bytes(before)
    assert found(root) == []


def test_file_that_is_gone_or_damaged_is_named(root: Path) -> None:
    path = table(root, "current")
    place = path.relative_to(root / "projections" / "observations").as_posix()
    path.write_bytes(path.read_bytes()[:100])
    assert place in [place for place, _ in found(root)]
    path.unlink()
    problems = dict(found(root))
    assert problems[place].startswith("it cannot be read")
    assert "is not there" in problems["current"]


def test_bounds_in_the_log_of_a_table_by_which_rows_would_be_passed_over_are_found(root: Path) -> None:
    log = root / "projections" / "observations" / "current" / "_delta_log"
    for path in sorted(log.glob("*.json")):
        text = path.read_text()
        path.write_text(
            text.replace('\\"series\\":\\"NL90001', '\\"series\\":\\"NL90000').replace(
                '\\"series\\": \\"NL90001', '\\"series\\": \\"NL90000'
            )
        )
    said = [what for place, what in found(root) if place.startswith("current/")]
    assert said
    assert all("the log of the table says another first_series" in what for what in said)


def test_table_whose_log_went_is_said_to_hold_nothing(root: Path) -> None:
    shutil.rmtree(root / "projections" / "observations" / "daily")
    ((place, what),) = found(root)
    assert place == "daily"
    assert what.startswith("it holds 0 of ")


def change_sql(root: Path, statement: str) -> None:
    with sqlite3.connect(root / "projections" / "catalogue.sqlite3") as db:
        assert db.execute(statement).rowcount > 0
    db.close()


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("record", "UPDATE record SET body = replace(body, 'Eendorp', 'Tweedorp')"),
        ("record", "DELETE FROM record WHERE kind = 'station'"),
        ("leaf", "UPDATE leaf SET submitter = 'another' WHERE leaf = 1"),
        ("submission", "DELETE FROM submission WHERE leaf = (SELECT max(leaf) FROM submission)"),
        ("delivered", "UPDATE delivered SET start = '1999-01-01T00:00:00Z' WHERE series = 'NL90001.so2.1h'"),
        (
            "validated",
            "INSERT INTO validated VALUES ('NL90001.so2.1h', '2001-01-01T00:00:00Z', '2002-01-01T00:00:00Z')",
        ),
        ("signed", "UPDATE signed SET nonce = 'ff'"),
        ("correcting", "DELETE FROM correcting"),
        ("mark", "UPDATE mark SET size = size - 1"),
    ],
)
def test_changed_row_of_the_catalogue_is_found_and_named(root: Path, name: str, statement: str) -> None:
    change_sql(root, statement)
    places = [place for place, _ in found(root)]
    assert f"catalogue.sqlite3, {name}" in places or (name == "mark" and "catalogue.sqlite3" in places)


def test_dropped_index_and_added_table_of_the_catalogue_are_found(root: Path) -> None:
    with sqlite3.connect(root / "projections" / "catalogue.sqlite3") as db:
        db.execute("DROP INDEX leaf_kind")
        db.execute("CREATE TABLE more (one TEXT)")
        db.execute("INSERT INTO more VALUES ('x')")
    db.close()
    assert {place for place, _ in found(root)} == {"catalogue.sqlite3, its form", "catalogue.sqlite3, more"}


@pytest.mark.parametrize("seed", range(12))
def test_random_bit_in_a_projection_is_found_or_changes_no_row(root: Path, seed: int) -> None:
    """A bit of a Parquet file may mean nothing; then every row reads as before, which is looked at apart."""
    chance = random.Random(seed)
    tables = Observations(root / "projections" / "observations").tables
    name = chance.choice(NAMES)
    path = tables[name].root / chance.choice(tables[name].select()).path  # of those that are read
    before = pl.read_parquet(path, hive_partitioning=False)
    data = bytearray(path.read_bytes())
    bit = chance.randrange(len(data) * 8)
    data[bit // 8] ^= 1 << bit % 8
    path.write_bytes(bytes(data))
    if not found(root):
        assert pl.read_parquet(path, hive_partitioning=False).equals(before)


def test_rebuild_mends_what_was_found(root: Path) -> None:
    rewrite(table(root, "current"), first("micro", 1))
    change_sql(root, "DELETE FROM correcting")
    assert found(root)
    record = Record.open(root, signer=SIGNER)
    record.rebuild()
    record.close()
    assert found(root) == []


def test_folder_without_a_record_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        verify(tmp_path)
    assert caught.value.code == "ledger-missing"
