"""How many points a chart has: no more than asked, and none narrower than the step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from goedebuur.core.measurements.levels import WIDTHS, bucket_width

START = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("years", [1, 3, 10, 40])
@pytest.mark.parametrize("points", [200, 1000, 2000])
def test_a_chart_has_no_more_points_than_asked(years: int, points: int) -> None:
    end = START + timedelta(days=365 * years)
    width = bucket_width(START, end, points, 3600)
    assert (end - START).total_seconds() / width <= points
    assert width in WIDTHS or width > max(WIDTHS)


def test_a_bucket_is_never_narrower_than_the_step() -> None:
    assert bucket_width(START, START + timedelta(days=1), 10_000, 3600) == 3600
