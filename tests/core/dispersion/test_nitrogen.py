"""NO2 as far as there is ozone: by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from goedebuur.core.dispersion import nitrogen
from goedebuur.core.weather.sun import Floats


def one(value: float) -> Floats:
    return np.array([[value]])


def test_ozone_that_is_enough_turns_all_no_up_to_the_equilibrium() -> None:
    # 50 µg/m³ with a tenth NO2: 45 of NO needs 45 · 48 ÷ 46 = 46.96 of ozone
    told = nitrogen.ozone_limited([one(50.0)], [0.1], np.array([47.0]))
    assert told.nitrogen_dioxide[0, 0] == pytest.approx(45.0)
    whole = nitrogen.ozone_limited([one(50.0)], [0.1], np.array([47.0]), equilibrium=1.0)
    assert whole.nitrogen_dioxide[0, 0] == pytest.approx(50.0)


def test_ozone_that_is_not_enough_turns_as_much_as_there_is_of_it() -> None:
    # 20 + 24 · 46 ÷ 48 = 43
    told = nitrogen.ozone_limited([one(200.0)], [0.1], np.array([24.0]))
    assert told.nitrogen_dioxide[0, 0] == pytest.approx(43.0)


def test_sources_share_the_ozone() -> None:
    # 10 + 30 in the stack, and 24 · 46 ÷ 48 = 23 once for both; each for itself would be 33 + 53
    told = nitrogen.ozone_limited([one(100.0), one(150.0)], [0.1, 0.2], np.array([24.0]))
    assert told.nitrogen_dioxide[0, 0] == pytest.approx(63.0)


def test_hour_without_ozone_has_no_number_and_is_counted() -> None:
    told = nitrogen.ozone_limited([np.full((3, 2), 10.0)], [0.1], np.array([np.nan, 80.0, np.nan]))
    assert np.isnan(told.nitrogen_dioxide[[0, 2]]).all()
    assert told.nitrogen_dioxide[1].tolist() == [9, 9]
    assert told.without_ozone == 2


def test_without_nitrogen_oxides_there_is_no_nitrogen_dioxide() -> None:
    assert nitrogen.ozone_limited([one(0.0)], [0.5], np.array([80.0])).nitrogen_dioxide[0, 0] == 0


@pytest.mark.parametrize(
    ("sources", "parts", "ozone", "said"),
    [
        ([], [], [1.0], "0 parts of 0 sources"),
        ([one(1.0)], [0.1, 0.2], [1.0], "2 parts of 1 sources"),
        ([one(1.0)], [0.1], [1.0, 2.0], "source 1 has"),
        ([one(1.0), np.ones((1, 2))], [0.1, 0.1], [1.0], "source 2 has"),
        ([one(1.0)], [np.nan], [1.0], "part 1: nan"),
        ([one(1.0)], [0.1], [-2.0], "ozone -2.0 is below 0"),
    ],
)
def test_what_cannot_be_is_refused(
    sources: Sequence[Floats], parts: Sequence[float], ozone: Sequence[float], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        nitrogen.ozone_limited(sources, parts, np.array(ozone))
