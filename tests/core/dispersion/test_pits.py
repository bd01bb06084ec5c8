"""Open pits: the part that lets out, by hand, and what must hold whatever the wind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.core.dispersion.test_fates import loss
from tests.core.dispersion.test_plume import HOURS, first

from goedebuur.core.dispersion import areas, fates, pits
from goedebuur.core.dispersion.air import WIND, at
from goedebuur.core.dispersion.fates import Loss
from goedebuur.core.dispersion.pits import Pit
from goedebuur.core.weather.profiles import profiles

PIT = Pit(east=0.0, north=0.0, height=2.0, wide=200.0, long=400.0, volume=200.0 * 400 * 22)
EAST, NORTH = np.array([500.0, 1500.0, -300.0, 100.0]), np.array([200.0, 100.0, 200.0, 200.0])
ONE = np.ones((1, 1))


@pytest.mark.parametrize("direction", np.arange(2.5, 360.0, 30.0))
@pytest.mark.parametrize("turned", [0.0, -35.0])
@pytest.mark.parametrize("sides", [(200.0, 400.0), (400.0, 200.0)])
def test_part_that_lets_out_begins_at_the_corner_that_the_wind_meets_first_and_lies_in_the_pit(
    direction: float, turned: float, sides: tuple[float, float]
) -> None:
    pit = Pit(100.0, -50.0, 2.0, *sides, PIT.volume, turned)
    part = pit.part(direction)
    turn = np.radians(direction)
    upwind = [east * np.sin(turn) + north * np.cos(turn) for east, north in pit.outline]
    assert part.outline[0] == pytest.approx(pit.outline[int(np.argmax(upwind))])
    middle = np.mean(part.outline, axis=0)
    east, north = (middle[one] + 0.999 * (np.array(part.outline)[:, one] - middle[one]) for one in range(2))
    assert pit.holds(east, north).all()


def test_part_is_smaller_the_deeper_the_pit_is_beside_its_length_along_the_wind() -> None:
    # wind along 400 m: (22 − 2) ÷ 400 = 0.05, √(1 − 1.7 · 0.05^⅓) = 0.61132 of it; its width stays
    along, across = PIT.part(0.0), PIT.part(90.0)
    assert along.size == pytest.approx(0.61132 * 200 * 400, rel=2e-5)
    assert np.ptp(np.array(along.outline), axis=0) == pytest.approx([200, 0.61132 * 400], rel=2e-5)
    # across: 20 ÷ 200 = 0.1, √(1 − 1.7 · 0.1^⅓) = 0.45927
    assert np.ptp(np.array(across.outline), axis=0) == pytest.approx([0.45927 * 200, 400], rel=2e-5)
    # in between, at 45°: along (400 + 200) ÷ 2, 20 ÷ 300 → 0.55739, of both sides its root
    assert PIT.part(45.0).size == pytest.approx(0.55739 * 200 * 400, rel=2e-5)
    assert np.ptp(np.array(PIT.part(45.0).outline), axis=0) == pytest.approx(
        np.sqrt(0.55739) * np.array([200, 400]), rel=2e-5
    )
    # begins with a σz of 22 ÷ 4.3, at the edge
    assert (along.deep, along.height) == (pytest.approx(22 / 4.3), 0)


def test_deep_pit_lets_out_of_a_twelfth_of_itself() -> None:
    # 82 ÷ 400 is over 0.2: 0.08
    assert replace(PIT, volume=200.0 * 400 * 84).part(180.0).size == pytest.approx(0.08 * 200 * 400)


def test_pit_brings_what_its_part_brings_and_says_nothing_of_itself() -> None:
    air, total, whole = profiles(HOURS["neutral"]), np.zeros((1, 4)), np.zeros((1, 4))
    pits.add(total, [PIT], ONE, air, EAST, NORTH)
    # wind from the west
    areas.add(whole, [PIT.part(270.0)], ONE, air, EAST, NORTH)
    assert total[0, :3] == pytest.approx(whole[0, :3], rel=1e-12)
    assert total[0, 0] > 0
    assert total[0, 2] == total[0, 3] == 0
    assert whole[0, 3] > 0


def test_coarse_particles_stay_in_the_pit() -> None:
    air = profiles(HOURS["neutral"])
    two = Loss(np.array([0.0, 0.3]), 0.5 * np.ones((1, 2)), np.zeros((1, 2)), np.zeros((1, 2)), np.ones(1), 0.0)
    found = pits.escaping(two, air)
    # 9 m/s were observed at ten metres; between fixed heights it is 8.93: 1 ÷ (1 + 0.3 ÷ (0.029 · 8.93)) = 0.4633
    assert at(first(air), WIND, 10.0) == pytest.approx(8.93, rel=1e-3)
    assert found.share[0] == pytest.approx([0.5, 0.5 * 0.4633], rel=1e-3)


def test_what_comes_down_of_a_pit_is_told_beside_the_concentration() -> None:
    air, totals, bare = profiles(HOURS["neutral"]), fates.nothing(1, 4), np.zeros((1, 4))
    pits.add(totals, [PIT], ONE, air, EAST, NORTH, losses=[loss(dry=0.02, wet=1e-4)])
    pits.add(bare, [PIT], ONE, air, EAST, NORTH)
    assert 0 < totals.concentration[0, 1] < bare[0, 1]
    assert totals.dry[0, 0] > 0
    assert totals.wet[0, 0] > 0
    with pytest.raises(ValueError, match="losses go with totals"):
        pits.add(bare, [PIT], ONE, air, EAST, NORTH, losses=[loss()])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"wide": np.nan}, "wide nan"),
        ({"volume": 0.0}, "volume 0"),
        ({"long": 2500.0}, "more than ten times"),
        ({"height": 30.0}, "height 30 is above the edge, 22 m"),
        ({"angle": 400.0}, "angle 400"),
    ],
)
def test_pit_that_cannot_be_is_refused(changes: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(PIT, **changes)
