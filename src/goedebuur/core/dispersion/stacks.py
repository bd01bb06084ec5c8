"""A stack, and what becomes of what it lets out in an hour: how high it goes, and whether it breaks through the lid.

References
----------
EPA-454/R-03-004, section 5.6 (Briggs 1975, 1984; Weil 1988), with its stack-tip downwash and its limits of stable rise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar, Final, Self

import numpy as np
import numpy.typing as npt

from goedebuur.core.weather.profiles import Profiles
from goedebuur.core.weather.sun import Floats
from goedebuur.core.weather.temperatures import GRAVITY, LAPSE

ENTRAINMENT: Final = 0.6
"""β₁, of the rise in neutral and warmed air."""
PIECES: Final = 5
"""How often the rise in stable air is worked out again, at the wind and gradient of its middle."""
NONE: Final = 1e-10
"""Buoyancy of a gas that is no warmer than the air. [m⁴ s⁻³]"""


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack with a round mouth that lets its gas out upward.

    Parameters
    ----------
    height, diameter
        [m]
    temperature
        Of the gas. [K]
    speed
        Of the gas at the mouth. [m s⁻¹]

    Raises
    ------
    ValueError
        For a number that no stack can have.
    """

    height: float
    diameter: float
    temperature: float
    speed: float
    LIMITS: ClassVar[Mapping[str, tuple[float, float]]] = {
        "height": (0.0, 1000.0),
        "diameter": (1e-5, 50.0),
        "temperature": (200.0, 2500.0),
        "speed": (1e-5, 150.0),
    }

    def __post_init__(self) -> None:
        for name, (least, most) in self.LIMITS.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise ValueError(f"{name} {value} is not from {least:g} to {most:g}")


@dataclass(frozen=True, slots=True)
class Release:
    """What goes out of a stack in hours; each of shape (n, 1).

    Parameters
    ----------
    inside
        Whether it goes into a warmed layer; otherwise into stable air, or above the layer.
    wind, upward
        At the mouth. [m s⁻¹]
    gradient, potential
        At the mouth. [K m⁻¹], [K]
    buoyancy, momentum
        [m⁴ s⁻³], [m⁴ s⁻²]
    base
        From which it rises: the mouth, or lower where the wake of the stack draws it down. [m]
    frequency
        Of stable air at the mouth. [s⁻¹]
    far, rise
        Distance at which it has risen, and how far it then has. [m]
    broken
        Part that breaks through the lid, 0 to 1.
    lifted
        How high that part goes above the base. [m]
    mixed_from
        Distance from which it is mixed through the layer. [m]
    settled, settled_rise
        Distance and rise from which its middle goes to the middle of the layer. [m]
    """

    inside: npt.NDArray[np.bool_]
    wind: Floats
    upward: Floats
    gradient: Floats
    potential: Floats
    buoyancy: Floats
    momentum: Floats
    base: Floats
    frequency: Floats
    far: Floats
    rise: Floats
    broken: Floats
    lifted: Floats
    mixed_from: Floats
    settled: Floats
    settled_rise: Floats

    def only(self, hours: npt.NDArray[np.intp]) -> Self:
        """Return what goes out in some of the hours."""
        return type(self)(**{one.name: getattr(self, one.name)[hours] for one in fields(self)})


def release(stack: Stack, air: Profiles) -> Release:
    """Return what goes out of a stack in each hour."""
    mouth = np.full_like(air.mixed, stack.height)
    wind, _, upward = air.carried_at(mouth)
    gradient, potential = air.at("gradient", mouth), air.at("potential", mouth)
    inside = air.unstable & (stack.height < air.mixed)
    outside = potential - LAPSE * stack.height
    part, across = 0.25 / stack.temperature, stack.speed * stack.diameter**2
    warmer = part * across * GRAVITY * (stack.temperature - outside)
    buoyancy = np.where(warmer > 0, warmer, NONE)
    momentum = part * stack.speed * across * outside
    drawn = np.maximum(stack.height - 2 * stack.diameter * (1.5 - stack.speed / wind), 0)
    base = np.where(stack.speed < 1.5 * wind, drawn, stack.height)
    frequency = np.where(inside, 1e-10, air.frequency(gradient, potential))
    cooled = _stable_final(stack, air, wind, gradient, potential, buoyancy, momentum, base)
    warmed = _warm_final(stack, wind, buoyancy, momentum)
    far, rise = (np.where(inside, one, other) for one, other in zip(warmed, cooled, strict=True))
    broken, lifted = _broken(air, inside, wind, buoyancy, base)
    half = np.zeros_like(air.mixed)
    through, _, turning = air.carried(half, air.mixed)
    mixed_from = air.mixed * through / turning
    early = inside & (mixed_from < 1.25 * far)
    settled = np.where(early, 0.8 * mixed_from, far)
    settled_rise = np.where(early, warm_rise(buoyancy, momentum, wind, settled), rise)
    return Release(
        *(inside, wind, upward, gradient, potential, buoyancy, momentum, base, frequency, far, rise),
        *(broken, lifted, mixed_from, settled, settled_rise),
    )


def warm_rise(buoyancy: Floats, momentum: Floats, wind: Floats, distance: Floats) -> Floats:
    """Return how far a plume rose at a distance, in air that does not hold it back. [m]

    Examples
    --------
    By hand, without buoyancy: (3 · 10 · 100 ÷ (0.36 · 25))^⅓ = 6.934.

    >>> one = np.array([1.0])
    >>> warm_rise(0 * one, 10 * one, 5 * one, 100 * one).round(3).tolist()
    [6.934]
    """
    square = ENTRAINMENT**2
    cubed = 3 * momentum * distance / (square * wind**2) + 1.5 * buoyancy * distance**2 / (square * wind**3)
    return np.asarray(np.cbrt(cubed), np.float64)


def neutral_limit(buoyancy: Floats, friction: Floats, wind: Floats, base: Floats) -> Floats:
    """Return how far a plume rises at most in wind that breaks it up. [m]"""
    scale = buoyancy / (wind * friction**2)
    return np.asarray(1.2 * scale**0.6 * (base + 1.2 * scale) ** 0.4, np.float64)


def _warm_final(stack: Stack, wind: Floats, buoyancy: Floats, momentum: Floats) -> tuple[Floats, Floats]:
    """Return the distance at which a plume has risen in air that does not hold it back, and how far."""
    far = np.where(buoyancy >= 55, 119 * buoyancy**0.4, 49 * buoyancy**0.625)
    rise = warm_rise(buoyancy, momentum, wind, far)
    cold = buoyancy <= NONE
    jet = 3 * stack.diameter * stack.speed / wind
    # where it rose as far by its speed alone: a gas without speed does not rise, and has done so at once
    jet_far = jet**3 * (ENTRAINMENT * wind) ** 2 / (3 * momentum)
    return np.where(cold, jet_far, far), np.where(cold, jet, rise)


def _stable_final(
    stack: Stack,
    air: Profiles,
    wind: Floats,
    gradient: Floats,
    potential: Floats,
    buoyancy: Floats,
    momentum: Floats,
    base: Floats,
) -> tuple[Floats, Floats]:
    """Return the same in stable air, at the mean of wind and gradient at the mouth and halfway the rise."""

    def final(carried: Floats, frequency: Floats) -> tuple[Floats, Floats]:
        least = np.minimum(
            2.66 * np.cbrt(buoyancy / (frequency**2 * carried)), neutral_limit(buoyancy, air.friction, carried, base)
        )
        least = np.minimum(least, _warm_final(stack, carried, buoyancy, momentum)[1])
        still = 4 * buoyancy**0.25 / frequency**0.75
        return stable_far(buoyancy, momentum, carried, frequency), np.minimum(least, still)

    far, rise = final(wind, air.frequency(gradient, potential))
    done = np.zeros(rise.shape, np.bool_)
    for piece in range(1, PIECES + 1):
        carried, frequency = halfway(air, wind, gradient, potential, base, rise)
        next_far, next_rise = final(carried, frequency)
        close = np.abs((rise - next_rise) / next_rise) < 0.01
        settled = np.where(close | (piece < PIECES), next_rise, 0.5 * (next_rise + rise))
        far, rise = np.where(done, far, next_far), np.where(done, rise, settled)
        done |= close
    return far, rise


def halfway(
    air: Profiles, wind: Floats, gradient: Floats, potential: Floats, base: Floats, rise: Floats
) -> tuple[Floats, Floats]:
    """Return wind and frequency at the mean of the mouth and the middle of the rise."""
    middle = base + 0.5 * rise
    there, _, _ = air.carried_at(middle)
    frequency = air.frequency(
        0.5 * (gradient + air.at("gradient", middle)), 0.5 * (potential + air.at("potential", middle))
    )
    return 0.5 * (wind + there), frequency


def stable_far(buoyancy: Floats, momentum: Floats, wind: Floats, frequency: Floats) -> Floats:
    """Return the distance at which a plume has risen in stable air. [m]"""
    slowed = 0.7 * frequency
    return np.asarray(wind * np.arctan2(momentum * slowed, -buoyancy) / slowed, np.float64)


def _broken(
    air: Profiles, inside: npt.NDArray[np.bool_], wind: Floats, buoyancy: Floats, base: Floats
) -> tuple[Floats, Floats]:
    """Return which part of a plume breaks through the lid of a warmed layer, and how high that goes."""
    room = np.where(inside, air.mixed - base, 1.0)
    lid = GRAVITY / air.at("potential", air.mixed) * air.above
    part = np.cbrt(2.6**3 * buoyancy / (wind * lid * room**3) + 0.296296)
    broken = np.where(part < 2 / 3, 0.0, np.where(part > 2, 1.0, 1.5 - 1 / part))
    lifted = np.where(broken >= 1, part * room, 0.75 * room * part + 0.5 * room)
    return np.where(inside, broken, 0.0), lifted
