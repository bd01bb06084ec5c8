"""What a delivery must be before it is compared with what is held."""

from __future__ import annotations

import polars as pl
import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import preparing


def steps(*found: tuple[str, int]) -> pl.DataFrame:
    return pl.DataFrame({"series": [s for s, _ in found], "step": [step for _, step in found]})


def test_hours_and_ten_minutes_in_one_series_are_refused() -> None:
    with pytest.raises(GoedeBuurError) as refused:
        preparing.require_one_step(steps(("A.no2.1h", 3600), ("A.no2.1h", 600)), "mixed.csv")
    assert (refused.value.code, refused.value.value) == ("input-mixed-steps", "A.no2.1h")


def test_two_series_may_each_have_their_own_step() -> None:
    preparing.require_one_step(steps(("A.no2.1h", 3600), ("A.no2.10min", 600)), "two.csv")
