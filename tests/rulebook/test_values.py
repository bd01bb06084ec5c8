"""Each check of values marks what its rule says, on both sides of the bound."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from tests.rulebook import seen

from goedebuur.core.base.flags import OUR_CHECKS, Flag
from goedebuur.core.base.quantities import MICRO
from goedebuur.core.base.rulebook import CHECKS
from goedebuur.core.measurements import checks
from goedebuur.core.measurements.check_bounds import CHECK_BOUNDS

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
CASES: dict[str, tuple[str, Sequence[tuple[int, float]], list[int]]] = {
    # EN 14211: nitrogen dioxide up to 500 µg/m³
    "value-range": ("no2", [(0, 400.0), (1, 500.0), (2, 500.1)], [2]),
    "value-step": ("no2", [(0, 10.0), (1, 210.0), (2, 9.9)], [2]),
    "value-stuck": ("no2", [(n, 20.0 + (n == 8)) for n in range(17)], list(range(8)) + list(range(9, 17))),
    # 3.3 times 1 nmol/mol of nitrogen dioxide at 293 K: 6.3 µg/m³
    "value-negative": ("no2", [(0, -6.3), (1, -6.4)], [1]),
    "value-twice": ("no2", [(0, 10.0), (0, 10.0), (1, 10.5)], [1]),
    "value-after-gap": ("no2", [(0, 10.0), (1, 11.0), (3, 12.0)], [2]),
}


@pytest.mark.parametrize("check", list(CASES))
def test_marked(check: str) -> None:
    quantity, values, marked = CASES[check]
    frame = pl.DataFrame(
        {
            "series": [f"A.{quantity}.1h"] * len(values),
            "quantity": [quantity] * len(values),
            "start": [BEGIN + timedelta(hours=hour) for hour, _ in values],
            "step": [3600] * len(values),
            "micro": [round(value * MICRO) for _, value in values],
        },
        schema_overrides={"start": pl.Datetime("us", "UTC"), "step": pl.Int32, "micro": pl.Int64},
    )
    bit = int(Flag[CHECKS[check].code])
    assert [n for n, flags in enumerate(checks.check(frame)) if flags & bit] == marked
    seen.mark(check)


def test_every_bound_is_a_row_of_the_book() -> None:
    area = [check for check in CHECKS.values() if check.area == "value"]
    assert sum(len(check.rows) for check in area) == len(CHECK_BOUNDS)
    assert {Flag[check.code] for check in area} == set(OUR_CHECKS)
