"""Two results beside each other: ten places, of which by hand nine are close and one is not."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import planes
from goedebuur.services.dispersion_sources import Receptor
from goedebuur.services.kept_results import Kept
from goedebuur.services.result_comparison import as_csv, beside, drawn, same_columns

PLACES = tuple(Receptor(str(number), 1000.0 * number, 0.0) for number in range(10))
BASE = np.array([2.0] * 10)


def kept(name: str, values: np.ndarray, places: tuple[Receptor, ...] = PLACES) -> Kept:  # type: ignore[type-arg]
    return Kept(name, places, {"mean": values})


def test_nine_of_ten_places_within_five_percent_are_alike() -> None:
    # 2.1 is 5 % above 2, just close; 2.11 is not
    ours = np.array([2.1, 1.9, *[2.0] * 7, 2.11])
    (one,) = beside(kept("official", BASE), kept("ours", ours), {"mean": ("mean", "mean")}).compared
    assert [pair.close for pair in one.pairs] == [True] * 9 + [False]
    assert (one.share, one.alike) == (pytest.approx(0.9), True)
    assert one.pairs[0].difference == pytest.approx(0.1)
    assert one.pairs[0].ratio == pytest.approx(1.05)


def test_eight_of_ten_are_not() -> None:
    ours = np.array([2.2, *[2.0] * 8, 1.8])
    (one,) = beside(kept("official", BASE), kept("ours", ours), {"mean": ("mean", "mean")}).compared
    assert (one.share, one.alike) == (pytest.approx(0.8), False)


def test_nothing_is_only_close_to_nothing() -> None:
    places = PLACES[:2]
    first, second = kept("a", np.array([0.0, 0.0]), places), kept("b", np.array([0.0, 0.001]), places)
    (one,) = beside(first, second, {"mean": ("mean", "mean")}).compared
    assert [(pair.close, pair.ratio) for pair in one.pairs] == [(True, None), (False, None)]


def test_places_are_one_within_a_metre_whatever_their_names_and_order() -> None:
    there = tuple(Receptor("p" + one.id, one.x + 0.6, one.y - 0.6) for one in reversed(PLACES[:9]))
    far = (Receptor("far", 9000.0, 1.2), Receptor("more", -5.0, 0.0))
    second = kept("ours", np.array([*range(8, -1, -1), 9.0, 9.0]), there + far)
    found = beside(kept("official", np.arange(10.0)), second, {"mean": ("mean", "mean")})
    assert [(pair.id, pair.difference) for pair in found.compared[0].pairs] == [(str(n), 0.0) for n in range(9)]
    assert (found.only_first, found.only_second) == (1, 2)


def test_place_is_matched_once_with_the_nearest() -> None:
    two = (Receptor("a", 0.9, 0.0), Receptor("b", 0.1, 0.0))
    found = beside(
        kept("x", np.array([1.0]), PLACES[:1]), kept("y", np.array([5.0, 1.0]), two), {"m": ("mean", "mean")}
    )
    assert [pair.second for pair in found.compared[0].pairs] == [1.0]
    assert found.only_second == 1


def test_place_without_a_value_is_counted_and_not_compared() -> None:
    ours = np.array([np.nan, *[2.0] * 9])
    (one,) = beside(kept("official", BASE), kept("ours", ours), {"mean": ("mean", "mean")}).compared
    assert (len(one.pairs), one.not_told, one.share) == (9, 1, 1.0)
    nothing = beside(kept("a", BASE), kept("b", BASE * np.nan), {"mean": ("mean", "mean")}).compared[0]
    assert (nothing.share, nothing.alike, nothing.not_told) == (None, None, 10)


def test_columns_go_together_by_name_in_any_case() -> None:
    first, second = Kept("a", (), {"Mean": BASE, "P98": BASE}), Kept("b", (), {"mean": BASE, "p99": BASE})
    assert same_columns(first, second) == {"mean": ("Mean", "mean")}


def test_nothing_in_common_is_said() -> None:
    with pytest.raises(GoedeBuurError) as caught:
        beside(kept("a", BASE), kept("b", BASE), {})
    assert caught.value.code == "input-missing-column"
    elsewhere = tuple(Receptor(one.id, one.x, 50.0) for one in PLACES)
    with pytest.raises(GoedeBuurError) as caught:
        beside(kept("a", BASE), kept("b", BASE, elsewhere), {"mean": ("mean", "mean")})
    assert (caught.value.code, caught.value.value) == ("input-empty", "within 1 m")


def test_table_has_a_line_for_each_place_and_statistic() -> None:
    (one, *_), both = PLACES, {"mean": ("mean", "mean")}
    told = as_csv(beside(kept("of, icial", np.array([4.0]), (one,)), kept("ours", np.array([5.0]), (one,)), both))
    assert list(csv.DictReader(io.StringIO(told))) == [
        {"statistic": "mean", "id": "0", "x": "0.000", "y": "0.000", "of, icial": "4", "ours": "5", "difference": "1"}
        | {"ratio": "1.25"}
    ]


def test_table_has_nothing_that_a_spreadsheet_would_run() -> None:
    (one,) = (Receptor("=cmd()", -5.0, 0.0),)
    told = as_csv(
        beside(kept("@a", np.array([4.0]), (one,)), kept("b", np.array([3.0]), (one,)), {"+x": ("mean", "mean")})
    )
    header, line = csv.reader(io.StringIO(told))
    assert header[4:6] == ["'@a", "b"]
    assert line == ["'+x", "'=cmd()", "-5.000", "0.000", "4", "3", "-1", "0.75"]


def test_contours_of_both_are_told_apart() -> None:
    corners = tuple(Receptor(str(n), float(x), float(y)) for n, (x, y) in enumerate([(0, 0), (9, 0), (0, 9), (9, 9)]))
    rising = np.array([0.0, 9.0, 0.0, 9.0])
    told = drawn(
        [(kept("permitted", rising, corners), "mean"), (kept("actual", rising / 3, corners), "mean")],
        [2.0],
        planes.around(52.0, 5.0),
        "µg/m³",
    )
    assert [(one["properties"]["of"], one["properties"]["area_km2"]) for one in told["features"]] == [
        ("permitted", pytest.approx(7 * 9e-6, rel=1e-2)),
        ("actual", pytest.approx(3 * 9e-6, rel=1e-2)),
    ]


def test_place_of_the_second_is_not_matched_twice() -> None:
    two = (Receptor("a", 0.0, 0.0), Receptor("b", 0.5, 0.0))
    first, second = kept("x", np.array([1.0, 2.0]), two), kept("y", np.array([1.0]), PLACES[:1])
    found = beside(first, second, {"mean": ("mean", "mean")})
    assert [pair.id for pair in found.compared[0].pairs] == ["a"]
    assert (found.only_first, found.only_second) == (1, 0)
