"""Results of another model beside a study: what counts as a value, at which levels they are drawn, who brought them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import Any

import msgspec
import numpy as np
import pytest
from tests.services.around_works import LATITUDE, LONGITUDE, made
from tests.services.deliveries import NOW
from tests.services.test_dispersion_study import asked, now, rd, two_works, worked

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import dispersion_imports, dispersion_outcome
from goedebuur.services.delivery import deliver
from goedebuur.services.dispersion_imports import Imported
from goedebuur.services.dispersion_study import Study
from goedebuur.store.studies import Studies


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Study]]:
    folder = tmp_path_factory.mktemp("imports")
    with closing(made(folder / "record")) as record:
        deliver(record, two_works(), "air_data.csv", now=NOW)
        yield folder / "home", worked(Studies(folder / "home"), record, asked(record))


@pytest.fixture
def study(ready: tuple[Path, Study]) -> Study:
    return ready[1]


@pytest.fixture
def studies(ready: tuple[Path, Study], tmp_path: Path) -> Studies:
    shutil.copytree(ready[0], tmp_path / "home")
    return Studies(tmp_path / "home")


def square(half: int, step: float) -> list[tuple[float, float]]:
    """Return places in rows and columns around the middle of the study, in RD New. [m]"""
    x, y = rd(LATITUDE, LONGITUDE)
    return [(x + step * i, y + step * j) for i in range(-half, half + 1) for j in range(-half, half + 1)]


def table(places: Sequence[tuple[float, float]], values: Sequence[object]) -> tuple[bytes, str]:
    rows = "".join(f"{x:.1f},{y:.1f},{value}\n" for (x, y), value in zip(places, values, strict=True))
    return f"x,y,c\n{rows}".encode(), "nnm.csv"


def put(studies: Studies, study: Study, told: tuple[bytes, str], name: str = "NNM", by: str = "gs") -> Imported:
    return dispersion_imports.put(studies, study, "mean", name, told, now(), by=by)


def with_levels(studies: Studies, study: Study, levels: tuple[float, ...]) -> None:
    """Make the study have come out with other levels."""
    outcome = dispersion_outcome.read(studies, study.id)
    mean = replace(outcome.drawn["mean"], levels=levels, areas=(0.1,) * len(levels))
    changed = replace(outcome, drawn={**outcome.drawn, "mean": mean})
    studies.put(study.id, dispersion_outcome.OUTCOME, msgspec.json.encode(changed))


def drawn(studies: Studies, study: Study, one: Imported) -> list[dict[str, Any]]:
    lines = dispersion_imports.lines(one, dispersion_outcome.read(studies, study.id))
    return list(msgspec.json.decode(lines.geojson)["features"])


def test_code_for_no_value_is_counted_and_in_no_mean(studies: Studies, study: Study) -> None:
    places = square(2, 200.0)
    found = put(studies, study, table(places, [-9999, "", *[0.5] * 23]))
    assert (found.mean, found.highest, found.places, found.without, found.outside) == (0.5, 0.5, 25, 2, 0)


def test_code_that_an_earlier_version_kept_as_a_number_is_none(studies: Studies, study: Study) -> None:
    found = put(studies, study, table(square(2, 200.0), [0.5] * 25))
    kept = msgspec.json.decode(studies.get(study.id, dispersion_imports._file(found)) or b"")
    kept["values"][3] = -9999.0
    studies.put(study.id, dispersion_imports._file(found), msgspec.json.encode(kept))
    (told,) = dispersion_imports.of_study(studies, study, "mean")
    assert (told.mean, told.without) == (0.5, 1)


@pytest.mark.parametrize("first", [(0.1, 0.2), ()], ids=["other levels", "no levels"])
def test_lines_are_at_the_levels_that_the_study_has_now(
    studies: Studies, study: Study, first: tuple[float, ...]
) -> None:
    places = square(5, 200.0)
    with_levels(studies, study, first)
    found = put(studies, study, table(places, [x - places[0][0] for x, _ in places]))
    assert [one["properties"]["level"] for one in drawn(studies, study, found)] == list(first)
    with_levels(studies, study, (500.0, 1500.0))
    (told,) = dispersion_imports.of_study(studies, study, "mean")
    lines = drawn(studies, study, told)
    assert [one["properties"]["level"] for one in lines] == [500.0, 1500.0]
    # the value is how far east of the west side it is: a kilometre of longitude between the two, at this latitude
    east = [np.mean([longitude for longitude, _ in one["geometry"]["coordinates"][0]]) for one in lines]
    kilometre = 1 / (111.32 * np.cos(np.radians(LATITUDE)))
    assert east[1] - east[0] == pytest.approx(kilometre, rel=0.01)


def test_line_ends_at_the_edge_of_its_table_and_says_so(studies: Studies, study: Study) -> None:
    places = square(5, 200.0)
    with_levels(studies, study, (500.0,))
    found = put(studies, study, table(places, [x - places[0][0] for x, _ in places]))
    lines = dispersion_imports.lines(found, dispersion_outcome.read(studies, study.id))
    (one,) = drawn(studies, study, found)
    (line,) = one["geometry"]["coordinates"]
    assert one["geometry"]["type"] == "MultiLineString"
    assert line[0] != line[-1]
    assert (lines.cut, lines.hidden) == (True, False)


def test_table_above_a_level_everywhere_has_no_line_and_says_that_it_goes_on(studies: Studies, study: Study) -> None:
    with_levels(studies, study, (1.0,))
    found = put(studies, study, table(square(2, 200.0), [5.0] * 25))
    assert [one["geometry"] for one in drawn(studies, study, found)] == [None]
    assert dispersion_imports.lines(found, dispersion_outcome.read(studies, study.id)).cut


def test_same_table_is_not_brought_twice_while_it_stands(studies: Studies, study: Study) -> None:
    told = table(square(2, 200.0), [0.5] * 25)
    first = put(studies, study, told)
    with pytest.raises(GoedeBuurError) as caught:
        put(studies, study, told, "Another name")
    assert (caught.value.code, caught.value.value) == ("dispersion-imports", "NNM")
    assert dispersion_imports.of_study(studies, study, "mean") == [first]
    dispersion_imports.put(studies, study, "highest", "Of another statistic", told, now(), by="gs")
    dispersion_imports.withdraw(studies, study, "mean", first.digest, "A wrong name.", now(), by="gs")
    assert put(studies, study, told, "Another name").name == "Another name"


def test_authority_that_brought_and_that_withdrew_is_kept(studies: Studies, study: Study) -> None:
    found = put(studies, study, table(square(2, 200.0), [0.5] * 25), by="od-noord")
    (told,) = dispersion_imports.of_study(studies, study, "mean")
    assert told.by == "od-noord"
    dispersion_imports.withdraw(studies, study, "mean", found.digest, "A wrong year.", now(), by="gs")
    (gone,) = dispersion_imports.withdrawn(studies, study, "mean")
    assert (gone.by, gone.withdrawn_by) == ("od-noord", "gs")


def test_results_of_an_earlier_form_keep_what_they_had(studies: Studies, study: Study) -> None:
    found = put(studies, study, table(square(2, 200.0), [0.5] * 25))
    kept = msgspec.json.decode(studies.get(study.id, dispersion_imports._file(found)) or b"")
    for name in ("x", "y", "values", "by", "withdrawn_by", "without", "why", "withdrawn"):
        del kept[name]
    area = {"type": "MultiPolygon", "coordinates": [[[[4.6, 52.4], [4.7, 52.4], [4.7, 52.5], [4.6, 52.4]]]]}
    feature = {"type": "Feature", "geometry": area, "properties": {"level": 0.3, "cut_off_by_edge": True}}
    kept |= {"mean": 0.7, "ours": 0.2, "outside": 4, "drawn": {"type": "FeatureCollection", "features": [feature]}}
    studies.put(study.id, dispersion_imports._file(found), msgspec.json.encode(kept))
    (told,) = dispersion_imports.of_study(studies, study, "mean")
    assert (told.held, told.mean, told.ours, told.outside, told.by) == (False, 0.7, 0.2, 4, "")
    lines = dispersion_imports.lines(told, dispersion_outcome.read(studies, study.id))
    assert (lines.levels, lines.cut) == ((0.3,), True)
    assert drawn(studies, study, told) == [feature]
    ended = dispersion_imports.withdraw(studies, study, "mean", told.digest, "To bring it again.", now(), by="gs")
    assert (ended.drawn, dispersion_imports.of_study(studies, study, "mean")) == ({}, [])


def test_places_without_rows_and_columns_are_at_most_so_many(studies: Studies, study: Study) -> None:
    places = square(50, 30.0)
    values = np.random.default_rng(1).random(len(places))
    assert len(places) == 10_201
    assert put(studies, study, table(places, values)).places == 10_201, "in rows and columns"
    with pytest.raises(GoedeBuurError) as caught:
        put(studies, study, table(places[1:], values[1:]))
    assert (caught.value.code, caught.value.message) == ("dispersion-imports", dispersion_imports.SHAPE)
    assert "10000" in caught.value.hint


@pytest.mark.parametrize("places", [square(111, 15.0), square(49, 30.0)[1:]], ids=["grid", "scattered"])
def test_largest_table_of_noise_is_drawn_in_seconds(
    studies: Studies, study: Study, places: list[tuple[float, float]]
) -> None:
    # areas put together from triangles took 44 seconds of 50,000 such places
    with_levels(studies, study, (0.1, 0.2, 0.3, 0.5, 0.7, 0.9))
    found = put(studies, study, table(places, np.random.default_rng(1).random(len(places))))
    outcome, began = dispersion_outcome.read(studies, study.id), process_time()
    dispersion_imports.lines(found, outcome)
    took = process_time() - began
    assert took < 10
    began = process_time()
    dispersion_imports.lines(found, outcome)
    assert process_time() - began < 0.5


def test_places_on_one_line_are_not_taken_also_where_there_are_no_levels(studies: Studies, study: Study) -> None:
    with_levels(studies, study, ())
    with pytest.raises(GoedeBuurError) as caught:
        put(
            studies,
            study,
            table([place for place in square(2, 200.0) if place[0] == rd(LATITUDE, LONGITUDE)[0]], [1] * 5),
        )
    assert caught.value.code == "input-empty"
