"""How high the air is mixed: what must hold whatever the hours."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from goedebuur.core.weather import mixing
from goedebuur.core.weather.sun import Floats

Bools = npt.NDArray[np.bool_]
HOURS = arrays(np.float64, 48, elements=st.one_of(st.just(float("nan")), st.floats(0.01, 2.5)))
HEAT = arrays(np.float64, 48, elements=st.one_of(st.just(float("nan")), st.floats(-80, 500)))


@given(HOURS)
def test_height_of_wind_lies_between_where_it_was_and_where_it_goes(friction: Floats) -> None:
    found = mixing.by_wind(friction)
    assert (np.isfinite(found) == np.isfinite(friction)).all()
    before = np.nan
    for one, height in zip(friction, found, strict=True):
        if np.isfinite(one):
            end = min(2400 * one**1.5, mixing.HIGHEST)
            low, high = (end, end) if not np.isfinite(before) else sorted((before, end))
            assert low * (1 - 1e-12) <= height <= high * (1 + 1e-12)
        before = height


@given(HEAT, arrays(np.bool_, 48))
def test_height_of_heat_grows_through_the_day_and_is_never_made_up(sensible: Floats, dark: Bools) -> None:
    found = mixing.by_heat(sensible, dark, 0.005)
    for number in range(len(sensible)):
        nights = np.flatnonzero(dark[: number + 1])
        since = int(nights[-1]) if len(nights) else None
        known = since is not None and np.isfinite(sensible[since + 1 : number + 1]).all()
        assert np.isfinite(found[number]) == (known and sensible[number] > 0)
        if np.isfinite(found[number]) and since is not None:
            before = found[since:number]
            assert not (before[np.isfinite(before)] > found[number]).any()


def test_layer_in_air_that_gets_warmer_four_times_as_fast_is_half_as_high() -> None:
    sensible = np.array([-10.0, 50.0, 120.0, 80.0])
    dark = sensible < 0
    slow, fast = mixing.by_heat(sensible, dark, 0.005), mixing.by_heat(sensible, dark, 0.02)
    assert np.allclose(slow[1:], 2 * fast[1:])
