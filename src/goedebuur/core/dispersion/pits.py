"""What open pits let out: from the part of the pit up the wind, out of which the wind carries it.

A pit whirls the air round: what is let out in it leaves near the edge that the wind comes over. That part is an area;
it is the smaller, the deeper the pit is beside its length along the wind. Coarse particles stay in the pit.

References
----------
EPA-454/B-24-007, User's Guide of AERMOD, open pit sources; Winges and Gwynn (1994), fluid modelling of open coal mines.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt

from goedebuur.core.dispersion import area_fates, areas
from goedebuur.core.dispersion.air import DIRECTION, WIND, Hours, at, hour, hours
from goedebuur.core.dispersion.areas import Area
from goedebuur.core.dispersion.fates import Loss, Totals
from goedebuur.core.dispersion.stacks import require_within
from goedebuur.core.weather.profiles import Profiles
from goedebuur.core.weather.sun import Floats

ESCAPE: Final = 0.029
"""Which part of the wind at ten metres carries particles out of a pit."""
DEEP: Final = 0.2
"""Depth beside the length along the wind, from which on the part that lets out stays as small as it is."""
SMALLEST: Final = 0.08
"""That part. [1]"""
REFERENCE: Final = 10.0
"""Of that wind. [m]"""
DEPTHS: Final = 4.3
"""How many σz that a pit begins with are its depth, as of a volume."""


@dataclass(frozen=True, slots=True)
class Pit:
    """An open pit with four straight sides.

    Parameters
    ----------
    east, north
        Of the corner from which its sides are measured: where `angle` is 0 the south-western. [m]
    height
        Of what lets out above the floor. [m]
    wide, long
        Of the side to the east and of that to the north, where `angle` is 0. [m]
    volume
        [m³]
    angle
        By which it is turned, clockwise. [°]

    Raises
    ------
    ValueError
        For a number that none can have, a pit more than ten times as long as wide, or what lets out above its edge.
    """

    east: float
    north: float
    height: float
    wide: float
    long: float
    volume: float
    angle: float = 0.0
    LIMITS: ClassVar[Mapping[str, tuple[float, float]]] = {
        "east": (-1e7, 1e7),
        "north": (-1e7, 1e7),
        "height": (0.0, 200.0),
        "wide": (1.0, 20_000.0),
        "long": (1.0, 20_000.0),
        "volume": (1.0, 1e12),
        "angle": (-360.0, 360.0),
    }

    def __post_init__(self) -> None:
        require_within(self, self.LIMITS)
        if max(self.wide, self.long) > 10 * min(self.wide, self.long):
            raise ValueError(f"sides of {self.wide:g} and {self.long:g} m, one more than ten times the other")
        if self.height > self.depth:
            raise ValueError(f"height {self.height:g} is above the edge, {self.depth:g} m over the floor")

    @property
    def depth(self) -> float:
        """Return how deep it is, as if it were flat. [m]"""
        return self.volume / (self.wide * self.long)

    @property
    def outline(self) -> tuple[tuple[float, float], ...]:
        """Return its corners, clockwise. [m]"""
        return _rectangle(self.east, self.north, self.wide, self.long, self.angle)

    def part(self, direction: float) -> Area:
        """Return the part that lets out, of wind from a direction. [°]"""
        axis = self.angle + (90.0 if self.wide > self.long else 0.0)
        off = (direction - axis) % 180.0
        theta = min(off, 180.0 - off)
        most, least = max(self.wide, self.long), min(self.wide, self.long)
        along = most * (1 - theta / 90) + least * theta / 90
        relative = (self.depth - self.height) / along
        part = SMALLEST if relative >= DEEP else math.sqrt(1 - 1.7 * math.cbrt(relative))
        square = math.cos(math.radians(theta)) ** 2
        sides = part**square * most, part ** (1 - square) * least
        long, wide = sides if self.long >= self.wide else sides[::-1]
        corners = self.outline
        turn = math.radians(direction)
        number = min(range(4), key=lambda one: -_dot(corners[one], turn))
        if number % 2:
            long, wide = wide, long
        return Area(_rectangle(*corners[number], wide, long, self.angle + 90 * number), 0.0, self.depth / DEPTHS)

    def holds(self, east: Floats, north: Floats) -> npt.NDArray[np.bool_]:
        """Return which places lie in it."""
        turn = math.radians(self.angle)
        x, y = east - self.east, north - self.north
        across = x * math.cos(turn) - y * math.sin(turn)
        along = x * math.sin(turn) + y * math.cos(turn)
        return np.asarray((across > 0) & (across < self.wide) & (along > 0) & (along < self.long))


def escaping(loss: Loss, air: Profiles | Hours) -> Loss:
    """Return the loss of particles of which only a part leaves the pit, the less the faster they fall.

    The emission stays that of all that is let out in the pit.
    """
    of = air if isinstance(air, Hours) else hours(air)
    wind = np.array([at(hour(of, number), WIND, REFERENCE) for number in range(len(of.mixed))])
    return loss._replace(share=loss.share / (1 + loss.fall / (ESCAPE * wind[:, None])))


def add(
    totals: Totals | Floats,
    pits: Sequence[Pit],
    emission: Floats,
    air: Profiles | Hours,
    east: Floats,
    north: Floats,
    receptor: float = 0.0,
    losses: Sequence[Loss] | None = None,
) -> None:
    """Add what pits bring to receptors, hour by hour; in a pit itself nothing is said.

    Parameters
    ----------
    totals
        Concentrations [µg m⁻³], shape (n, m); with losses also what comes down.
    emission
        Of whole pits, shape (n, s); of particles all that is let out in it. [g s⁻¹]
    east, north
        Of the receptors, on the grid of the pits, shape (m,). [m]
    receptor
        Their height. [m]
    losses
        Of each pit: of particles that of :func:`escaping`.

    Raises
    ------
    ValueError
        For a receptor that is farther from a pit than the table goes, or losses without totals of what comes down.
    """
    of = air if isinstance(air, Hours) else hours(air)
    if (losses is not None) != isinstance(totals, Totals):
        raise ValueError("losses go with totals of what comes down, and not without")
    for one, pit in enumerate(pits):
        outside = np.flatnonzero(~pit.holds(east, north))
        at_east, at_north = east[outside], north[outside]
        for number in np.flatnonzero(emission[:, one]).tolist():
            now = _now(of, number)
            part, grams = pit.part(at(hour(now, 0), DIRECTION, 0.0)), emission[number : number + 1, one : one + 1]
            if isinstance(totals, Totals) and losses is not None:
                lost = _hour(losses[one], number)
                found = Totals(*(np.zeros((1, len(outside))) for _ in Totals._fields))
                area_fates.add(found, [part], [lost], grams, now, at_east, at_north, receptor)
                for whole, more in zip(totals, found, strict=True):
                    whole[number, outside] += more[0]
            elif not isinstance(totals, Totals):
                told = np.zeros((1, len(outside)))
                areas.add(told, [part], grams, now, at_east, at_north, receptor)
                totals[number, outside] += told[0]


def _now(of: Hours, number: int) -> Hours:
    parts = {name: getattr(of, name)[number : number + 1] for name in of._fields if name != "vectors"}
    return of._replace(**parts)


def _hour(lost: Loss, number: int) -> Loss:
    hour_of = slice(number, number + 1)
    return lost._replace(
        share=lost.share[hour_of], dry=lost.dry[hour_of], wet=lost.wet[hour_of], height=lost.height[hour_of]
    )


def _dot(corner: tuple[float, float], turn: float) -> float:
    """Return how far a corner lies toward where the wind comes from. [m]"""
    return corner[0] * math.sin(turn) + corner[1] * math.cos(turn)


def _rectangle(east: float, north: float, wide: float, long: float, angle: float) -> tuple[tuple[float, float], ...]:
    """Return the corners of a rectangle from one of them, clockwise: along its long side first. [m]"""
    turn = math.radians(angle)
    sine, cosine = math.sin(turn), math.cos(turn)
    up, side = (long * sine, long * cosine), (wide * cosine, -wide * sine)
    return (
        (east, north),
        (east + up[0], north + up[1]),
        (east + up[0] + side[0], north + up[1] + side[1]),
        (east + side[0], north + side[1]),
    )
