"""How fast a substance comes down and is washed out: by hand, in an hour of which the numbers are round."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goedebuur.core.dispersion import deposition, scavenging
from goedebuur.core.dispersion.deposition import Cover
from goedebuur.core.dispersion.substances import FineParticles, Gas, Particles
from goedebuur.core.dispersion.surface import FREEZING, Surface, aerodynamic, sunlight, wetted
from goedebuur.core.weather.sun import Floats

WATER = Cover((7,) * 36, (1,) * 12)
FOREST = Cover((4,) * 36, (1,) * 12)


def surface(**changes: float | Floats) -> Surface:
    """Return a dry neutral hour at noon in June: u* 0.4 m/s, z0 0.1 m, so cold that the viscosity is 1.505e-5 m²/s."""
    numbers = {
        **{"friction": 0.4, "obukhov": 1e9, "roughness": 0.1, "convective": np.nan, "temperature": FREEZING},
        **{"pressure": 1013.0, "humidity": 50.0, "rain": 0.0, "cloud": 5.0, "sensible": 0.0, "bowen": 1.0},
        **{"albedo": 0.2, "roots": 1.0},
    }
    told = {name: np.atleast_1d(np.array(changes.get(name, value), np.float64)) for name, value in numbers.items()}
    count = max(len(one) for one in told.values())
    told = {name: np.broadcast_to(one, count) for name, one in told.items()}
    hour = np.broadcast_to(np.atleast_1d(np.array(changes.get("hour", 12))), count)
    return Surface(
        **told, frozen=np.zeros(count, np.bool_), wetted=wetted(told["rain"]), hour=hour, month=np.full(count, 6)
    )


NOON = surface()
SOUTH = np.array([180.0])


def test_air_holds_back_by_the_logarithm_of_height_and_less_where_the_ground_warms_it() -> None:
    # ln(1.1 ÷ 0.1) ÷ (0.4 · 0.4) = 14.987; with L = 11 m 5 · 1.1 ÷ 11 = 0.5 more: 2.8979 ÷ 0.16 = 18.112
    assert aerodynamic(NOON)[0] == pytest.approx(14.987, rel=1e-4)
    assert aerodynamic(surface(obukhov=11.0))[0] == pytest.approx(18.112, rel=1e-4)
    # L = −100 m: √(1 + 16 · 1.1 ÷ 100) = 1.084435, √1.016 = 1.007968; ln(0.084435 · 2.007968 ÷ (2.084435 · 0.007968))
    assert aerodynamic(surface(obukhov=-100.0))[0] == pytest.approx(14.519, rel=1e-3)


def test_fine_and_coarse_particles_come_down_as_their_parts_do() -> None:
    # fine: 1 ÷ (14.987 + 500 ÷ 0.4) = 7.9052e-4; coarse 0.002 + 1 ÷ (1264.987 + 0.002 · 14.987 · 1250) = 2.76777e-3
    found = deposition.particles(NOON, FineParticles(0.7, 1.0))
    assert found[0, 0] == pytest.approx(0.7 * 7.9052e-4 + 0.3 * 2.76777e-3, rel=1e-4)
    # L = −100 m: 500 ÷ (0.4 · (1 + 300 ÷ 100)) = 312.5
    warm = deposition.particles(surface(obukhov=-100.0), FineParticles(1.0, 1.0))
    assert warm[0, 0] == pytest.approx(1 / (14.519 + 312.5), rel=1e-4)


def test_particles_of_a_size_come_down_by_falling_and_by_hitting_the_ground() -> None:
    # 10 µm of 2 g/cm³ fall 1.9988 · 9.80616 · 1e-6 · 1.016341 ÷ 3.258e-3 = 6.1144e-3 m/s, stop in 6.2353e-4 s:
    # St = 6.2353e-4 · 0.16 ÷ 1.505e-5 = 6.6289, 10^(−3 ÷ St) = 0.35273; Sc = 1.505e-5 ÷ 2.24597e-12 = 6.7009e6
    # layer 1 ÷ (0.4 · (0.35273 + 2.81e-5)) = 7.0871; 1 ÷ (14.987 + 7.087 + 14.987 · 7.087 · 6.1144e-3) + 6.1144e-3
    found = deposition.particles(NOON, Particles((10.0,), (1.0,), (2.0,)))
    assert found[0, 0] == pytest.approx(0.050122, rel=1e-3)


def test_gusts_of_a_warmed_layer_bring_more_particles_through_the_layer_at_the_ground() -> None:
    size = Particles((1.0,), (1.0,), (1.0,))
    still, gusty = (surface(obukhov=-1e9, convective=one) for one in (0.0, 2.0))
    # v = 1 ÷ (ra + rd + ra rd vg) + vg, with vg = 0.9988 · 9.80616e-8 · 1.16341 ÷ 3.258e-3 = 3.4976e-5
    air, fall = aerodynamic(still)[0], 3.4976e-5
    layers = [(1 / (deposition.particles(one, size)[0, 0] - fall) - air) / (1 + air * fall) for one in (still, gusty)]
    # 1 + 0.24 · 4 ÷ 0.16 = 7
    assert layers[0] / layers[1] == pytest.approx(7.0, rel=1e-3)


def test_soluble_gas_comes_down_on_water_as_fast_as_the_air_lets_it() -> None:
    # layer 2.2 · (1.505e-5 ÷ 1e-5)^(2/3) ÷ 0.16 = 18.058; frost 1e3 · e^(−3.96) = 19.063, water 1e-5 · 19.063e3 = 0.191
    found = deposition.gas(NOON, Gas(0.1, 1e-5, 1e4, 1e-5), WATER, SOUTH)
    assert found[0] == pytest.approx(1 / (14.987 + 18.058 + 0.191), rel=1e-3)


def test_ozone_meets_the_ground_of_water_as_its_table_says() -> None:
    # ground 2000 + 19 of frost over 1 + 0.1; cuticle of water as good as none
    found = deposition.gas(NOON, Gas(0.1, 1e-5, 1e6, 1e3, 1.0), WATER, SOUTH)
    assert found[0] == pytest.approx(1 / (14.987 + 18.058 + 2019.063 / 1.1), rel=1e-2)


def test_gas_is_taken_up_by_leaves_in_the_sun_and_not_at_night() -> None:
    reactive = Gas(0.15, 1e-5, 1e6, 1.0, 1.0)
    lit = surface(obukhov=-30.0, convective=1.5, sensible=200.0, temperature=298.0, humidity=70.0)
    dark = surface(obukhov=30.0, temperature=298.0, humidity=70.0, friction=0.4)
    by_day, at_night = (deposition.gas(one, reactive, FOREST, SOUTH)[0] for one in (lit, dark))
    assert by_day > 1.5 * at_night
    # net (1 + 1) · 200 ÷ 0.9 = 444.4: (444.4 · 1.12 − 371.9 + 447.2 − 30) ÷ 0.8 = 678.8
    assert sunlight(lit)[0] == pytest.approx(678.8, rel=1e-3)
    assert sunlight(dark)[0] == 0


def test_rain_wets_the_leaves_for_two_hours_after_it() -> None:
    fell = wetted(np.array([0.0, 2.0, 0.0, np.nan, 0.0]))
    assert fell.tolist() == [False, True, True, True, False]
    rained = deposition.gas(surface(rain=1.0), Gas(0.1, 1e-5, 1e6, 0.1), FOREST, SOUTH)
    assert rained > deposition.gas(NOON, Gas(0.1, 1e-5, 1e6, 0.1), FOREST, SOUTH)


def test_ground_lies_where_the_wind_blows_to() -> None:
    # 36 sectors from 10° on: the last lies to the north, and wind from the south blows there
    cover = Cover((*(1,) * 35, 7), (1,) * 12)
    assert cover.use(np.array([180.0, 190.0, 176.0, 0.0])).tolist() == [7, 1, 7, 1]


def test_rain_washes_fine_particles_out_as_their_ratio_says() -> None:
    # 1e5 · (1.2 · 0.55 + 6 · 0.45) = 3.36e5 times the rain, 1 mm an hour, out of 1000 m: 3.36e5 · 1e-3 ÷ 3600 ÷ 1000
    found = scavenging.particles(surface(rain=1.0), FineParticles(0.55, 1.2), np.array([1000.0]))
    assert found[0, 0] == pytest.approx(9.3333e-5, rel=1e-4)


def test_drop_collects_particles_that_spread_to_it_touch_it_and_hit_it() -> None:
    # drops of 0.0552181 cm at 3.75 m/s, Re = 137.586: spread 2.492e-5, touch 8.678e-3, and with St = 4.2276 over
    # St* = 0.2716 hit 0.855784^1.5 · √½ = 0.5598; 0.5685 · 1.5 ÷ (2 · 0.0552181 · 36,000)
    found = scavenging.particles(surface(rain=1.0), Particles((10.0,), (1.0,), (2.0,)), np.array([1000.0]))
    assert found[0, 0] == pytest.approx(2.1449e-4, rel=1e-3)


def test_gas_that_hardly_dissolves_is_washed_out_as_much_as_drops_hold() -> None:
    # R T ÷ H = 8.3145 · 288.15 ÷ 557 = 4.3013 of the rain: 4.3013 · 1e-3 ÷ 3600 ÷ 1000
    found = scavenging.gas(surface(rain=1.0, temperature=288.15), Gas(0.09, 1e-5, 1e4, 557.0), np.array([1000.0]))
    assert found[0] == pytest.approx(1.19480e-9, rel=1e-4)


@pytest.mark.parametrize("name", ["rain", "pressure", "temperature", "humidity"])
def test_hour_of_which_the_weather_is_not_known_has_no_velocity_or_no_rate(name: str) -> None:
    one = surface(**{name: np.nan})
    gas, depth = Gas(0.1, 1e-5, 1e4, 557.0), np.array([1000.0])
    dry, wet = deposition.gas(one, gas, FOREST, SOUTH), scavenging.gas(one, gas, depth)
    assert np.isnan(dry + wet).all()


def test_without_rain_nothing_is_washed_out() -> None:
    assert scavenging.gas(NOON, Gas(0.1, 1e-5, 1e4, 557.0), np.array([1000.0])) == 0
    assert scavenging.particles(NOON, FineParticles(0.5, 1.0), np.array([1000.0])) == 0


def test_part_of_the_hours_is_those_hours() -> None:
    three = surface(rain=np.array([0.0, 1.0, 2.0]))
    assert three.part(1, 2).rain.tolist() == [1, 2]
    with pytest.raises(ValueError, match="not as many hours"):
        replace(three, rain=np.zeros(2))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (((1.0,), (0.5, 0.5), (1.0,)), "1 diameters, 2 fractions, 1 densities"),
        (((), (), ()), "0 sizes"),
        (((1.0, 5.0), (0.5, 0.4), (1.0, 1.0)), "fractions are 0.9 together"),
        (((1.0, np.nan), (0.5, 0.5), (1.0, 1.0)), "diameters 2: nan"),
        (((1.0,), (1.0,), (0.0,)), "densities 1: 0"),
    ],
)
def test_sizes_that_cannot_be_are_refused(given: tuple[tuple[float, ...], ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Particles(*given)


@pytest.mark.parametrize(
    ("uses", "seasons", "autumn", "said"),
    [
        ((4,) * 35, (1,) * 12, 0.5, "35 uses, not 36"),
        ((4,) * 36, (1,) * 11, 0.5, "11 seasons, not 12"),
        ((4,) * 35 + (10,), (1,) * 12, 0.5, "uses 36: 10 is not from 1 to 9"),
        ((4,) * 36, (0,) + (1,) * 11, 0.5, "seasons 1: 0 is not from 1 to 5"),
        ((4,) * 36, (1,) * 12, np.nan, "autumn nan"),
    ],
)
def test_cover_that_cannot_be_is_refused(
    uses: tuple[int, ...], seasons: tuple[int, ...], autumn: float, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        Cover(uses, seasons, autumn)


@pytest.mark.parametrize(
    ("name", "value"), [("in_air", 0.0), ("henry", np.nan), ("cuticle", -1.0), ("reactivity", 2.0)]
)
def test_gas_that_cannot_be_is_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        replace(Gas(0.1, 1e-5, 1e4, 557.0), **{name: value})


@pytest.mark.parametrize(("name", "value"), [("fine", 1.1), ("diameter", 0.0)])
def test_fine_particles_that_cannot_be_are_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        replace(FineParticles(0.5, 1.0), **{name: value})
