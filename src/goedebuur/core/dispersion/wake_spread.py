"""How a plume spreads in the wake of a building: by the turbulence there, until that is no more than that of the air.

Both the plume itself and what the cavity lets out again: first in proportion to the distance, further on as the root.

References
----------
Schulman, Strimaitis and Scire (2000); Weil (1996), in the form of EPA-454/R-03-004, section 5.7.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from goedebuur.core.dispersion.air import GRADIENT, POTENTIAL, Hour, at, carried, frequency, mean
from goedebuur.core.dispersion.compiled import compiled
from goedebuur.core.dispersion.convective import NARROW
from goedebuur.core.dispersion.spread import ROOT, across_stable, both
from goedebuur.core.dispersion.wake import DEFICIT, Wake, bounds, captured_spread
from goedebuur.core.weather.profiles import LEAST_PART
from goedebuur.core.weather.sun import Floats

FARTHEST: Final = 15.0
"""Scales from a building, beyond which its wake is taken for the air around. [1]"""
POINTS: Final = 50
"""Of a table of what changes along a plume."""
STEPS: Final = 5000
"""With which such a table is worked out at most."""
_STEP: Final = 2.0
"""[m]"""
_FAR_UP, _FAR_ACROSS = 0.06, 0.08
"""Intensity of the turbulence far behind a building at most: σw and σv over the wind."""
_NEAR: Final = 1.7
"""How much more it is just behind one."""
_RESUMED: Final = 1.3
"""Of that far behind: where the wake is no more turbulent than this, the plume spreads as in the air around."""
UP, ACROSS = 0, 1
"""Which σ."""


class Around(NamedTuple):
    """The air from the ground up to the top of a wake; its gradient of potential temperature [K m⁻¹]."""

    wind: float
    across: float
    upward: float
    gradient: float


class Track(NamedTuple):
    """Heights of a plume at distances from its stack; each of shape (n,), ascending. [m]"""

    distance: Floats
    height: Floats


class Grown(NamedTuple):
    """σ of a plume in a wake, as tables of shape (n,).

    Parameters
    ----------
    distance, up, across
        From the stack; σz and σy. [m]
    more_up, more_across
        σ that goes with that of the air around beyond the tables. [m]
    """

    distance: Floats
    up: Floats
    across: Floats
    more_up: float
    more_across: float


class Washed(NamedTuple):
    """The plume of a stack in the wake of a building, and what the cavity lets out again; and how the plume widens:
    of its radius with the distance, at the distances of its table. [1]
    """

    plume: Grown
    cavity: Grown
    widening: Floats


class _Way(NamedTuple):
    """Steps through a wake, of shape (n,): from the building's side that faces the wind, and from the stack. [m]"""

    along: Floats
    distance: Floats


class _Course(NamedTuple):
    """σ at the steps of a way, of shape (n,), and what goes with that of the air beyond. [m]"""

    values: Floats
    more: float


@compiled
def around(air: Hour, of: Wake) -> Around:
    """Return the air over the height of a wake at its end."""
    high, _ = bounds(of, FARTHEST * of.scale)
    top = min(high, air.mixed) if air.unstable else high
    wind, across, upward = carried(air, 0.0, top)
    return Around(wind, across, upward, mean(air, GRADIENT, 0.0, top))


@compiled
def ambient(air: Hour, that: Around, distance: float, height: float) -> tuple[float, float]:
    """Return the σz and σy that the air around makes of a plume at a height. [m]"""
    time = distance / that.wind
    if air.unstable:
        turning = max(LEAST_PART, that.across / that.wind) * distance
        beta = max(NARROW / max(height, 0.46), 0.7)
        slow, ground = 1.0, 0.0
        if height < 0.1 * air.mixed:
            low = 10 * height / air.mixed
            slow = 0.6 + 0.4 * low
            ground = 0.5 * (1 - low) * (air.friction * time) ** 2 / abs(air.obukhov)
        return both(slow * that.upward * time, ground), float(turning / (1 + beta * turning / air.mixed) ** 0.3)
    held = frequency(that.gradient, at(air, POTENTIAL, height))
    spread = that.upward * time
    aloft = float(spread / np.sqrt(1 + spread * (1 / (0.72 * max(height, 1e-4)) + held / (0.54 * that.upward))))
    part = min(height / air.mixed, 1.0)
    ground = float(np.sqrt(2 / np.pi) * air.friction * time / np.cbrt(1 + 0.7 * distance / air.obukhov))
    return (1 - part) * ground + part * aloft, across_stable(air, distance, height, that.wind, that.across)


@compiled
def resumed(of: Wake, that: Around) -> tuple[float, float]:
    """Return from how far down the wind, from the side that faces it, a plume spreads up and across as in the air. [m]

    Examples
    --------
    By hand, σw ÷ u = 0.06 and no length: (0.7 + (0.102 − 0.018) ÷ 0.018)^1.5 − 1 = 11.43 scales.

    >>> cube = Wake(10.0, 10.0, 0.0, 0.0, 0.0, 10.0, 14.5, 12.2, True)
    >>> round(resumed(cube, Around(5.0, 1.0, 0.3, 0.0))[0] / 10, 2)
    11.43
    """
    return _resumed(of, that.upward / that.wind, _FAR_UP), _resumed(of, that.across / that.wind, _FAR_ACROSS)


@compiled
def _resumed(of: Wake, there: float, most: float) -> float:
    far = min(most, there)
    mean_of_both = max(there, _RESUMED * far)
    way = (DEFICIT + (_NEAR * most - far * (1 - DEFICIT)) / (mean_of_both - far)) ** 1.5
    return float(of.length + of.scale * (way - 1))


@compiled
def ends(of: Wake, that: Around) -> tuple[float, float]:
    """Return the same, but no further than :data:`FARTHEST`. [m]"""
    up, across = resumed(of, that)
    most = of.length + FARTHEST * of.scale
    return min(up, most), min(across, most)


@compiled
def intensity(of: Wake, that: Around, along: float, way: int) -> float:
    """Return the intensity of the turbulence in a wake, up or across: over the roof it grows to that behind."""
    there, most = (that.upward, _FAR_UP) if way == UP else (that.across, _FAR_ACROSS)
    there /= that.wind
    far = min(most, there)
    beyond = float(np.cbrt(max(0.0, along - of.length) / of.scale + 1)) ** 2
    found = far * (1 + (_NEAR * most / far - 1 + DEFICIT) / (beyond - DEFICIT))
    if along < of.length:
        found = there + along / of.length * (found - there)
    return found


@compiled
def _grown(
    of: Wake, that: Around, value: float, matched: float, turn: float, old: float, new: float, way: int
) -> tuple[float, float]:
    """Return a σ after a step in the wake: in proportion to the distance up to a turn, and as the root beyond.

    Parameters
    ----------
    matched
        What the growth as the root has of that in proportion, once it has begun. [1]
    turn, old, new
        From the side of the building that faces the wind. [m]
    """
    turning = intensity(of, that, 0.5 * (old + new), way)
    if new < turn:
        return value + (new - old) * turning, matched
    high, wide = bounds(of, new)
    size = high if way == UP else 2 * wide
    rest = new - old
    if old <= turn:
        value += (turn - old) * turning
        matched, rest = 2 * value / size, new - turn
    return float(np.sqrt(value * value + rest * matched * turning * size)), matched


@compiled
def _course(
    air: Hour,
    of: Wake,
    that: Around,
    steps: _Way,
    track: Track,
    begin: float,
    first: float,
    floor: float,
    way: int,
    wider: tuple[int, float],
    values: Floats,
) -> float:
    """Fill in σ step by step; return what it has more than that of the air where the wake ends, which stays with it.

    Parameters
    ----------
    begin
        From where it grows, from the side of the building that faces the wind. [m]
    first, floor
        What it is there, and at least. [m]
    wider
        At which step it turns out to have been at least this. [m]
    """
    end, turn = ends(of, that)[way], begin + of.cavity
    values[0] = value = first
    more = matched = 0.0
    for number in range(1, len(values)):
        old, new = steps.along[number - 1], steps.along[number]
        if number == wider[0] and wider[1] > first:
            first = wider[1]
            value = max(value, first)
            for before in range(number):
                values[before] = max(values[before], first)
        if new > begin:
            if new < end:
                value, matched = _grown(of, that, value, matched, turn, old, new, way)
            else:
                if old < end and begin <= end:
                    last, _ = _grown(of, that, value, matched, turn, old, end, way)
                    there = ambient(air, that, end + of.upwind, height_of(track, end + of.upwind))[way]
                    more = max(float(np.sqrt(max(last * last - there * there, 0.0))), floor)
                else:
                    more = max(more, first)
                here = steps.distance[number]
                value = both(ambient(air, that, here, height_of(track, here))[way], more)
            value = max(value, floor)
        values[number] = value
    return more


@compiled
def _courses(
    air: Hour,
    of: Wake,
    that: Around,
    steps: _Way,
    track: Track,
    begin: float,
    first: tuple[float, float],
    floors: tuple[float, float],
    wider: tuple[int, float],
) -> tuple[_Course, _Course]:
    """Return σz and σy step by step; what a σy turns out to have been is said of that alone.

    In a loop, so that the compiler makes of :func:`_course` one and not one for each way.
    """
    values, more = np.empty((2, len(steps.along))), np.empty(2)
    for way in range(2):
        late = wider if way == ACROSS else (0, 0.0)
        more[way] = _course(air, of, that, steps, track, begin, first[way], floors[way], way, late, values[way])
    return _Course(values[UP], more[UP]), _Course(values[ACROSS], more[ACROSS])


@compiled
def grow(
    air: Hour,
    of: Wake,
    that: Around,
    start: float,
    first: tuple[float, float],
    track: Track,
    winds: tuple[float, float],
) -> Washed:
    """Return the σ of a plume from where it gets into a wake, and of what the cavity lets out.

    Parameters
    ----------
    start
        Where it gets in, from the side of the building that faces the wind. [m]
    first
        σz and σy there. [m]
    track
        How high the plume is.
    winds
        At the top of the building and of the stack. [m s⁻¹]
    """
    steps = _steps(of, that, start)
    up, across = _courses(air, of, that, steps, track, start, first, (0.0, 0.0), (0, 0.0))
    told = _table(steps.distance, up.values, across.values, start + of.upwind, first, 0)
    plume = Grown(told[0], told[1], told[2], up.more, across.more)
    kept = sampled(len(steps.along))
    widening = np.zeros(len(kept))
    for place in range(1, len(kept)):
        number = kept[place]
        widening[place] = 0.5 * ROOT * (up.values[number] - up.values[number - 1])
        widening[place] /= steps.along[number] - steps.along[number - 1]
    begin = min(max(start, of.length), of.length + of.cavity)
    wide, deep = captured_spread(of, first[ACROSS], winds[0], winds[1])
    if start >= of.length + of.cavity:
        none = np.full(1, begin + of.upwind)
        return Washed(plume, Grown(none, np.full(1, deep), np.full(1, wide), 0.0, 0.0), widening)
    # a plume that gets in before the cavity is as wide as it is where the cavity begins
    beyond, wider = 0, 0.0
    if start < of.length:
        beyond = int(np.searchsorted(steps.along, of.length)) + 1
        if beyond < len(steps.along):
            wider, _ = captured_spread(of, across.values[beyond - 1], winds[0], winds[1])
    ground = Track(np.zeros(1), np.zeros(1))
    out_up, out_across = _courses(air, of, that, steps, ground, begin, (deep, wide), (deep, 0.0), (beyond, wider))
    waited = int(np.searchsorted(steps.along, begin, side="right"))
    told = _table(
        steps.distance,
        out_up.values,
        out_across.values,
        begin + of.upwind,
        (deep, max(wide, wider)),
        waited if waited > 1 else 0,
    )
    return Washed(plume, Grown(told[0], told[1], told[2], out_up.more, out_across.more), widening)


@compiled
def _steps(of: Wake, that: Around, start: float) -> _Way:
    up_end, across_end = ends(of, that)
    cavity_end, last = of.length + of.cavity, max(up_end, across_end)
    reach = (max(last, cavity_end) if start < cavity_end else last) - start + _STEP
    count = min(int(np.floor(reach / _STEP + 0.5)) + 1, STEPS - 1)
    step = reach / (count - 1)
    along, distance = np.empty(count), np.empty(count)
    along[0], distance[0] = start, start + of.upwind
    for number in range(1, count):
        along[number] = along[number - 1] + step
        distance[number] = distance[number - 1] + step
    return _Way(along, distance)


@compiled
def _table(
    distance: Floats, up: Floats, across: Floats, begin: float, first: tuple[float, float], skipped: int
) -> tuple[Floats, Floats, Floats]:
    """Return distances, σz and σy that are kept of the steps after those that are skipped, with the first in front."""
    kept = sampled(len(distance) - skipped)
    for place in range(1, len(kept)):
        kept[place] += skipped
    found = distance[kept], up[kept], across[kept]
    found[0][0], found[1][0], found[2][0] = begin, first[UP], first[ACROSS]
    return found


@compiled
def sampled(count: int) -> npt.NDArray[np.int64]:
    """Return which of so many points are kept in a table of :data:`POINTS`: the last, and more of those near by."""
    if count <= POINTS:
        return np.arange(count)
    kept = np.zeros(POINTS, np.int64)
    wider = 2 * (count - POINTS) / (POINTS * (POINTS - 1))
    place = 1.0
    for number in range(1, POINTS - 1):
        place += 1 + number * wider
        kept[number] = int((number + 1) * (count / POINTS)) - 1 if count <= 2 * POINTS else int(place) - 1
    kept[POINTS - 1] = count - 1
    return kept


@compiled
def height_of(track: Track, distance: float) -> float:
    """Return how high a plume is at a distance. [m]"""
    return between(track.distance, track.height, distance)


@compiled
def between(distances: Floats, values: Floats, distance: float) -> float:
    """Return a value of a table, straight between its distances, and as at its ends beyond these."""
    last = len(distances) - 1
    if distance >= distances[last]:
        return float(values[last])
    if distance < distances[0]:
        return float(values[0])
    low = int(np.searchsorted(distances, distance, side="right")) - 1
    part = (distances[low + 1] - distance) / (distances[low + 1] - distances[low])
    return float(values[low + 1] - (values[low + 1] - values[low]) * part)


@compiled
def of_plume(
    air: Hour, that: Around, grown: Grown, distance: float, height: float, by_itself: float
) -> tuple[float, float]:
    """Return σz and σy of a plume at a distance; before it gets into the wake with what it gets by rising. [m]"""
    if distance < grown.distance[0]:
        up, across = ambient(air, that, distance, height)
        return both(up, by_itself), both(across, by_itself)
    return _of_table(air, that, grown, distance, height)


@compiled
def of_cavity(air: Hour, that: Around, grown: Grown, distance: float) -> tuple[float, float]:
    """Return σz and σy at a distance of what the cavity lets out. [m]"""
    if distance < grown.distance[0] or len(grown.distance) == 1:
        return float(grown.up[0]), float(grown.across[0])
    return _of_table(air, that, grown, distance, 0.0)


@compiled
def _of_table(air: Hour, that: Around, grown: Grown, distance: float, height: float) -> tuple[float, float]:
    if distance > grown.distance[-1]:
        up, across = ambient(air, that, distance, height)
        return both(up, grown.more_up), both(across, grown.more_across)
    return between(grown.distance, grown.up, distance), between(grown.distance, grown.across, distance)
