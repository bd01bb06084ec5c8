"""Bowline Point: a year beside two stacks of a power station with its buildings, measured at two places.

The files are those of EPA's evaluation database for AERMOD.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import dispersion_weather
from goedebuur.services.dispersion_experiments import STABILITY, Experiment, Files, Hourly, Row, Setup, stability

if TYPE_CHECKING:
    from goedebuur.core.dispersion.buildings import Building
    from goedebuur.core.dispersion.stacks import Stack

STACKS: Final = {"1": (7.78, -44.13), "2": (-7.78, 44.13)}
"""Stack → east and north. [m]"""
HEIGHT, DIAMETER = 86.87, 5.72
"""Of both. [m]"""
MONITORS: Final = {"Bowline": ((659.0, -534.0), 0), "Boat Ramp": ((308.0, -216.0), 2)}
"""Place that was measured → east and north [m], and its column in the measurements."""
THEIRS: Final = "AERMOD"
_SIZES: Final = ("BUILDHGT", "BUILDWID", "BUILDLEN", "XBADJ", "YBADJ")
_Line = tuple[list[str], str]
"""Words of a line, and where it is."""


def bowline(files: Files) -> Setup:
    """Return Bowline Point: hour by hour what the stacks let out, at both places what was measured.

    Raises
    ------
    GoedeBuurError
        Those of `dispersion_weather.of_aermet`; `input-truncated` for a line that lacks something, `input-number` and
        `input-time` for a number or an hour that cannot be, `input-empty` for an hour of which nothing is told.
    """
    from goedebuur.core.dispersion.stacks import Stack

    surface, profile, emissions, measured, modelled, inputs = BOWLINE.files
    weather = dispersion_weather.of_aermet(files[surface], surface, (files[profile], profile))
    let_out: dict[tuple[datetime, str], tuple[float, Stack | None]] = {}
    for words, place in _lines(files[emissions], emissions, 10):
        kelvin, speed, grams = _number(words[8], place), _number(words[9], place), _number(words[7], place, 0.0)
        try:
            stack = Stack(HEIGHT, DIAMETER, kelvin, speed) if grams > 0 else None
        except ValueError as error:
            raise _wrong(f"{words[8]} {words[9]}", place, f"Of a stack, {error}.") from None
        let_out[_start(words[2:6], place), words[6]] = grams, stack
    theirs: dict[tuple[datetime, tuple[float, float]], float] = {}
    for words, place in _lines(files[modelled], modelled, 9):
        at = _number(words[0], place), _number(words[1], place)
        joined = words[8]
        theirs[_start([joined[one : one + 2] for one in range(0, 8, 2)], place), at] = _number(words[2], place, 0.0)
    hours = list(weather.hours["start"])
    releases = []
    for name, (x, y) in STACKS.items():
        told = [_of_hour(let_out, (hour, name), emissions) for hour in hours]
        building = _building(files[inputs], inputs, name)
        releases.append(Hourly(x, y, [grams for grams, _ in told], [stack for _, stack in told], building))
    lengths = dict(weather.hours.select("start", "obukhov").iter_rows())
    rows = []
    for words, place in _lines(files[measured], measured, 8):
        start = _start(words[:4], place)
        length = lengths.get(start)
        for number, (monitor, (at, column)) in enumerate(MONITORS.items()):
            value = _number(words[4 + column], place)
            groups = {"monitor": monitor, "stability": stability(length) if length is not None else NO_WEATHER}
            others = {THEIRS: theirs.get((start, at), math.nan)}
            rows.append(Row(start, range(number, number + 1), value if value >= 0 else math.nan, others, groups))
    return Setup(
        unit="µg/m³",
        scale=1.0,
        weather=weather,
        releases=tuple(releases),
        receptors=tuple(at for at, _ in MONITORS.values()),
        height=0.0,
        rows=tuple(rows),
        groups={"monitor": tuple(MONITORS), "stability": STABILITY},
        decimals=1,
        vectors=True,
    )


NO_WEATHER: Final = "no weather"
BOWLINE: Final = Experiment(
    "bowline",
    "Bowline Point, 1981",
    ("BOWLINE.SFC", "BOWLINE.PFL", "HOURSRC.DAT", "bow01.obs", "AER01HR.PST", "BOWAERPR.INP"),
    bowline,
)


def _of_hour(
    told: Mapping[tuple[datetime, str], tuple[float, Stack | None]], key: tuple[datetime, str], name: str
) -> tuple[float, Stack | None]:
    if key not in told:
        raise GoedeBuurError(
            errors.EMPTY_INPUT,
            "Of an hour is not told what a stack let out.",
            place=name,
            value=f"{key[0]:%Y-%m-%d %H:%M}, stack {key[1]}",
            hint="Give a line for each hour of the weather and each stack.",
        )
    return told[key]


def _building(data: bytes, name: str, stack: str) -> Building:
    """Return the building that an input file of AERMOD tells of a stack."""
    from goedebuur.core.dispersion.buildings import Building

    found: dict[str, list[float]] = {size: [] for size in _SIZES}
    for words, place in _lines(data, name, 0):
        told = words[1:] if words[:1] == ["SO"] else words
        if len(told) > 2 and told[0] in found and told[1] == stack:
            found[told[0]] += [_number(word, place) for word in told[2:]]
    try:
        return Building(*(tuple(found[size]) for size in _SIZES))
    except ValueError as error:
        raise _wrong(f"stack {stack}", name, f"Of its building, {error}.") from None


def _lines(data: bytes, name: str, count: int) -> Iterator[_Line]:
    """Yield the lines that hold something, as words, of which there are at least so many."""
    for number, line in enumerate(data.decode("latin-1").splitlines(), 1):
        words, place = line.split(), f"{name}, line {number}"
        if words and len(words) < count:
            raise GoedeBuurError(
                errors.TRUNCATED_INPUT,
                "The line lacks something.",
                place=place,
                value=f"{len(words)} words, not {count}",
                hint="Deliver the whole file, as EPA publishes it.",
            )
        if words:
            yield words, place


def _number(word: str, place: str, least: float = -math.inf) -> float:
    try:
        found = float(word)
    except ValueError:
        found = math.nan
    if not least <= found < math.inf:
        raise _wrong(word, place, "It is a number with a point" + ("." if least < 0 else f", not below {least:g}."))
    return found


def _wrong(value: str, place: str, hint: str) -> GoedeBuurError:
    return GoedeBuurError(errors.BAD_NUMBER, "That number cannot be right.", place=place, value=value, hint=hint)


def _start(words: list[str], place: str) -> datetime:
    """Return the start of an hour that is told by year, month, day and the hour that ends then, of 1950 to 2049."""
    try:
        year, month, day, hour = (int(word) for word in words)
        if not (0 <= year <= 99 and 1 <= hour <= 24):
            raise ValueError
        whole = year + (1900 if year >= 50 else 2000)
        return datetime(whole, month, day) + timedelta(hours=hour - 1)  # noqa: DTZ001 - the file has no zone
    except ValueError:
        raise GoedeBuurError(
            errors.BAD_TIME,
            "That is no hour.",
            place=place,
            value=" ".join(words),
            hint="It is told by year, month, day and the hour that ends then, 1 to 24.",
        ) from None
