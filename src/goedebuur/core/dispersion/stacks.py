"""A stack, and what becomes of what it lets out in an hour: how high it goes, and whether it breaks through the lid.

References
----------
EPA-454/R-03-004, section 5.6 (Briggs 1975, 1984; Weil 1988), with its stack-tip downwash and its limits of stable rise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, NamedTuple, Self, get_args

import numpy as np

from goedebuur.core.dispersion.air import DIRECTION, GRADIENT, POTENTIAL, Hour, at, carried, carried_at, frequency
from goedebuur.core.dispersion.compiled import compiled
from goedebuur.core.weather.sun import Floats
from goedebuur.core.weather.temperatures import GRAVITY, LAPSE

ENTRAINMENT: Final = 0.6
"""β₁, of the rise in neutral and warmed air."""
PIECES: Final = 5
"""How often the rise in stable air is worked out again, at the wind and gradient of its middle."""
NONE: Final = 1e-10
"""Buoyancy of a gas that is no warmer than the air. [m⁴ s⁻³]"""
Opening = Literal["up", "capped", "horizontal"]
"""How a stack lets out its gas; under a cap or sideways nothing pushes it up."""
UP, CAPPED, HORIZONTAL = (float(number) for number in range(len(get_args(Opening))))
NO_PUSH: Final = 0.001
"""Speed upward that is left of such a gas. [m s⁻¹]"""


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack with a round mouth.

    Parameters
    ----------
    height, diameter
        [m]
    temperature
        Of the gas. [K]
    speed
        Of the gas at the mouth. [m s⁻¹]
    mouth
        Whether it lets out upward, under a cap or sideways.

    Raises
    ------
    ValueError
        For a number that no stack can have.
    """

    height: float
    diameter: float
    temperature: float
    speed: float
    mouth: Opening = "up"
    LIMITS: ClassVar[Mapping[str, tuple[float, float]]] = {
        "height": (0.0, 1000.0),
        "diameter": (1e-5, 50.0),
        "temperature": (200.0, 2500.0),
        "speed": (1e-5, 150.0),
    }

    def __post_init__(self) -> None:
        require_within(self, self.LIMITS)
        if self.mouth not in get_args(Opening):
            raise ValueError(f"mouth {self.mouth!r} is not one of {', '.join(get_args(Opening))}")


@dataclass(frozen=True, slots=True)
class Volume:
    """What comes out of a building, a heap or a plant at many places at once, and does not rise.

    Parameters
    ----------
    height
        Of its middle. [m]
    wide, deep
        σy and σz that it begins with. [m]

    Raises
    ------
    ValueError
        For a number that none can have.
    """

    height: float
    wide: float
    deep: float
    LIMITS: ClassVar[Mapping[str, tuple[float, float]]] = {
        "height": (0.0, 1000.0),
        "wide": (0.0, 2000.0),
        "deep": (0.0, 500.0),
    }

    def __post_init__(self) -> None:
        require_within(self, self.LIMITS)


def require_within(one: object, limits: Mapping[str, tuple[float, float]]) -> None:
    """Raise `ValueError` for a field that is not within its limits."""
    for name, (least, most) in limits.items():
        value = getattr(one, name)
        if not least <= value <= most:
            raise ValueError(f"{name} {value} is not from {least:g} to {most:g}")


class Mouth(NamedTuple):
    """A stack or a volume as the compiled functions take it; of a volume the gas has no speed, of a stack no width."""

    height: float
    diameter: float
    temperature: float
    speed: float
    wide: float
    deep: float
    opening: float

    @classmethod
    def of(cls, one: Stack | Volume) -> Self:
        """Return a stack or a volume in this form."""
        if isinstance(one, Volume):
            return cls(float(one.height), 0.0, 0.0, 0.0, float(one.wide), float(one.deep), UP)
        opening = float(get_args(Opening).index(one.mouth))
        return cls(float(one.height), float(one.diameter), float(one.temperature), float(one.speed), 0.0, 0.0, opening)


@compiled
def mouth(row: Floats) -> Mouth:
    """Return a row of an array of these, of shape (7,), as one."""
    return Mouth(row[0], row[1], row[2], row[3], row[4], row[5], row[6])


class Release(NamedTuple):
    """What goes out of a stack in an hour.

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

    inside: bool
    wind: float
    upward: float
    gradient: float
    potential: float
    buoyancy: float
    momentum: float
    base: float
    frequency: float
    far: float
    rise: float
    broken: float
    lifted: float
    mixed_from: float
    settled: float
    settled_rise: float


@compiled
def release(stack: Mouth, air: Hour) -> Release:
    """Return what goes out of a stack in an hour."""
    wind, _, upward = carried_at(air, stack.height)
    gradient, potential = at(air, GRADIENT, stack.height), at(air, POTENTIAL, stack.height)
    inside = air.unstable and stack.height < air.mixed
    if stack.speed == 0:
        through, _, turning = carried(air, 0.0, air.mixed)
        mixed_from = air.mixed * through / turning
        held = frequency(gradient, potential)
        return Release(
            inside, wind, upward, gradient, potential, NONE, 0.0, stack.height, held, 0.0, 0.0, 0.0, 0.0,
            mixed_from, 0.0, 0.0,
        )  # fmt: skip
    outside = potential - LAPSE * stack.height
    part, across = 0.25 / stack.temperature, stack.speed * stack.diameter**2
    warmer = part * across * GRAVITY * (stack.temperature - outside)
    buoyancy = warmer if warmer > 0 else NONE
    push = _push(stack)
    momentum = part * push * across * outside
    base = stack.height
    if push < 1.5 * wind and stack.opening != HORIZONTAL:
        base = max(stack.height - 2 * stack.diameter * (1.5 - push / wind), 0.0)
    if inside:
        held = 1e-10
        far, rise = _warm_final(stack, wind, buoyancy, momentum)
        broken, lifted = _broken(air, wind, buoyancy, base)
        through, _, turning = carried(air, 0.0, air.mixed)
        mixed_from = air.mixed * through / turning
    else:
        held = frequency(gradient, potential)
        far, rise = _stable_final(stack, air, wind, gradient, potential, buoyancy, momentum, base)
        broken, lifted, mixed_from = 0.0, 0.0, 0.0
    settled, settled_rise = far, rise
    if inside and mixed_from < 1.25 * far:
        settled = 0.8 * mixed_from
        settled_rise = warm_rise(buoyancy, momentum, wind, settled)
    return Release(
        inside,
        wind,
        upward,
        gradient,
        potential,
        buoyancy,
        momentum,
        base,
        held,
        far,
        rise,
        broken,
        lifted,
        mixed_from,
        settled,
        settled_rise,
    )


@compiled
def _push(stack: Mouth) -> float:
    """Return the speed with which a gas is let out upward. [m s⁻¹]"""
    return stack.speed if stack.opening == UP else NO_PUSH


@compiled
def heading(stack: Mouth, gas: Release, air: Hour) -> float:
    """Return from where the wind blows halfway the rise. [°]"""
    return at(air, DIRECTION, stack.height + 0.5 * gas.rise)


@compiled
def warm_rise(buoyancy: float, momentum: float, wind: float, distance: float) -> float:
    """Return how far a plume rose at a distance, in air that does not hold it back. [m]

    Examples
    --------
    By hand, without buoyancy: (3 · 10 · 100 ÷ (0.36 · 25))^⅓ = 6.934.

    >>> round(warm_rise(0.0, 10.0, 5.0, 100.0), 3)
    6.934
    """
    square = ENTRAINMENT**2
    cubed = 3 * momentum * distance / (square * wind**2) + 1.5 * buoyancy * distance**2 / (square * wind**3)
    return float(np.cbrt(cubed))


@compiled
def up_to_neutral(rise: float, buoyancy: float, friction: float, wind: float, base: float) -> float:
    """Return a rise, or how far a plume rises at most in wind that breaks it up where that is less. [m]

    That is 1.2 Λ^⅗ (h + 1.2 Λ)^⅖ with Λ = F ÷ (u u*²); its fifth power says first whether it is less.

    Examples
    --------
    By hand, Λ = 50 ÷ (5 · 0.25) = 40, h = 52: 1.2 · 40^0.6 · 100^0.4 = 69.25.

    >>> round(up_to_neutral(500.0, 50.0, 0.5, 5.0, 52.0), 2), up_to_neutral(60.0, 50.0, 0.5, 5.0, 52.0)
    (69.25, 60.0)
    """
    scale = buoyancy / (wind * friction**2)
    fifth = scale * scale * scale * (base + 1.2 * scale) ** 2
    part = rise / 1.2
    return rise if part * part * part * part * part <= fifth else 1.2 * fifth**0.2


@compiled
def _warm_final(stack: Mouth, wind: float, buoyancy: float, momentum: float) -> tuple[float, float]:
    """Return the distance at which a plume has risen in air that does not hold it back, and how far."""
    if buoyancy <= NONE:
        jet = 3 * stack.diameter * _push(stack) / wind
        # where it rose as far by its speed alone: a gas without speed does not rise, and has done so at once
        return jet**3 * (ENTRAINMENT * wind) ** 2 / (3 * momentum), jet
    far = 119 * buoyancy**0.4 if buoyancy >= 55 else 49 * buoyancy**0.625
    return far, warm_rise(buoyancy, momentum, wind, far)


@compiled
def _stable_final(
    stack: Mouth,
    air: Hour,
    wind: float,
    gradient: float,
    potential: float,
    buoyancy: float,
    momentum: float,
    base: float,
) -> tuple[float, float]:
    """Return the same in stable air, at the mean of wind and gradient at the mouth and halfway the rise."""
    far, rise = _held_back(stack, air, wind, frequency(gradient, potential), buoyancy, momentum, base)
    for piece in range(1, PIECES + 1):
        there, held = halfway(air, wind, gradient, potential, base, rise)
        far, found = _held_back(stack, air, there, held, buoyancy, momentum, base)
        close = abs((rise - found) / found) < 0.01
        rise = found if close or piece < PIECES else 0.5 * (found + rise)
        if close:
            break
    return far, rise


@compiled
def _held_back(
    stack: Mouth, air: Hour, wind: float, held: float, buoyancy: float, momentum: float, base: float
) -> tuple[float, float]:
    """Return the same with the wind and the frequency that hold it back: the least of stable, neutral and calm air."""
    least = min(
        2.66 * float(np.cbrt(buoyancy / (held**2 * wind))),
        _warm_final(stack, wind, buoyancy, momentum)[1],
        4 * buoyancy**0.25 / held**0.75,
    )
    return stable_far(buoyancy, momentum, wind, held), up_to_neutral(least, buoyancy, air.friction, wind, base)


@compiled
def halfway(air: Hour, wind: float, gradient: float, potential: float, base: float, rise: float) -> tuple[float, float]:
    """Return wind and frequency at the mean of the mouth and the middle of the rise."""
    middle = base + 0.5 * rise
    there, _, _ = carried_at(air, middle)
    held = frequency(0.5 * (gradient + at(air, GRADIENT, middle)), 0.5 * (potential + at(air, POTENTIAL, middle)))
    return 0.5 * (wind + there), held


@compiled
def stable_far(buoyancy: float, momentum: float, wind: float, held: float) -> float:
    """Return the distance at which a plume has risen in stable air. [m]"""
    slowed = 0.7 * held
    return wind * float(np.arctan2(momentum * slowed, -buoyancy)) / slowed


@compiled
def _broken(air: Hour, wind: float, buoyancy: float, base: float) -> tuple[float, float]:
    """Return which part of a plume breaks through the lid of a warmed layer, and how high that goes."""
    room = air.mixed - base
    lid = GRAVITY / at(air, POTENTIAL, air.mixed) * air.above
    part = float(np.cbrt(2.6**3 * buoyancy / (wind * lid * room**3) + 0.296296))
    broken = 0.0 if part < 2 / 3 else (1.0 if part > 2 else 1.5 - 1 / part)
    return broken, part * room if broken >= 1 else 0.75 * room * part + 0.5 * room
