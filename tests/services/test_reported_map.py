"""The map of what works reported: how its contours are labelled."""

from __future__ import annotations

import numpy as np
import pytest

from goedebuur.services import planes, reported_map
from goedebuur.services.dispersion_grids import cartesian
from goedebuur.services.dispersion_maps import Map
from goedebuur.services.reported_map import ReportedMap


@pytest.mark.parametrize(
    ("statistic", "unit"),
    [("mean", "µg/m³"), ("p98", "µg/m³"), ("hours-over-20", "hours"), ("days-over-50", "days")],
)
def test_unit_is_that_of_the_statistic(statistic: str, unit: str) -> None:
    grid = cartesian((0.0, 0.0), 1000.0, 500.0)
    one = Map(grid, {statistic: np.arange(25.0)}, 8760, {}, {}, {})
    found = ReportedMap("so2", 2020, planes.around(52.1, 5.1), {"low": one}, (), (), (2020,), False)
    (drawn,) = reported_map.drawn(found, statistic, [20.0])["features"]
    assert (drawn["properties"]["statistic"], drawn["properties"]["unit"]) == (statistic, unit)
