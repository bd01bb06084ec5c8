"""Prairie Grass: releases of tracer at half a metre over grass, caught on five arcs."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from goedebuur.adapters import aermet
from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import tables_csv
from goedebuur.services.dispersion_experiments import STABILITY, Experiment, Files, Release, Row, Setup, stability
from goedebuur.services.dispersion_weather import Weather
from goedebuur.services.tables_csv import Line

if TYPE_CHECKING:
    import polars as pl

_ARCS: Final = {"0.05": (50.0, 2), "0.1": (100.0, 2), "0.2": (200.0, 2), "0.4": (400.0, 2), "0.8": (800.0, 1)}
"""Arc in the table → its distance [m], and the degrees between samplers."""
_SAMPLERS: Final = 1.5
"""Height of the samplers. [m]"""
_OTHERS: Final = {"AERMOD 24142": "aermod24142_CQ", "AERMOD 02222": "aermod02222_CQ"}
_SURFACE: Final = {
    **{"friction": "ustar", "obukhov": "L", "roughness": "z0", "convective": "wstar", "mixed_by_heat": "zic"},
    **{"gradient": "vptg", "mixed_by_wind": "zim", "wind": "ws", "wind_height": "zref", "temperature": "T_K"},
    **{"temperature_height": "zT", "direction": "wd"},
}
"""Quantity of `core/weather/profiles.Ground` → column."""
_WARM: Final = ("convective", "mixed_by_heat", "gradient")
"""Quantities that stable hours lack, written below zero there."""
_PROFILE: Final = {
    **{"height": ("z", 0.0, 1e4), "wind": ("ws", 0.0, 90.0), "temperature": ("T_C", -90.0, 90.0)},
    **{"turn": ("sigtheta_deg", 0.0, 98.9), "rise": ("sigw", 0.0, 98.9), "direction": ("wd", 0.0, 360.0)},
}
"""Quantity of a level → column, and from where to where a number there is one; beyond it stands for none."""


def prairie_grass(files: Files) -> Setup:
    """Return Prairie Grass: releases of tracer at half a metre over grass, caught on five arcs.

    A gas without heat or speed at 0.46 m, samplers at 1.5 m, the highest of an arc counts; of each release 1 g/s.

    Raises
    ------
    GoedeBuurError
        Those of `tables_csv`; `input-time` for an hour that cannot be, or that the weather lacks; `input-number` for an
        arc that there was not.
    """
    from goedebuur.core.dispersion.stacks import Stack

    arcs, surface, levels = PRAIRIE_GRASS.files
    weather = Weather(_hours(files[surface], surface), _levels(files[levels], levels), False, {}, {})
    lengths = dict(weather.hours.select("start", "obukhov").iter_rows())
    receptors: list[tuple[float, float]] = []
    along: dict[str, range] = {}
    for arc, (distance, step) in _ARCS.items():
        first = len(receptors)
        angles = (math.radians(degree) for degree in range(0, 360, step))
        receptors += [(distance * math.sin(one), distance * math.cos(one)) for one in angles]
        along[arc] = range(first, len(receptors))
    rows = []
    for line in tables_csv.lines(files[arcs], arcs, ("yymmddhh", "arc_km", "obs_CQ_s_m3", *_OTHERS.values())):
        start, arc = _start(line, "yymmddhh", line.cells["yymmddhh"].strip()), line.cells["arc_km"].strip()
        if start not in lengths:
            raise _no_weather(line, "yymmddhh", surface)
        if arc not in _ARCS:
            raise GoedeBuurError(
                errors.BAD_NUMBER,
                "There was no such arc.",
                place=line.place("arc_km"),
                value=arc,
                hint=f"The arcs of Prairie Grass are at {', '.join(_ARCS)} km.",
            )
        measured = line.number_in("obs_CQ_s_m3", "-9.0", least=0)
        others = {model: line.number_in(column, "-9.0", least=0) for model, column in _OTHERS.items()}
        groups = {"arc": f"{_ARCS[arc][0]:.0f} m", "stability": stability(lengths[start])}
        rows.append(Row(start, along[arc], measured, others, groups))
    return Setup(
        unit="s/m³",
        scale=1e-6,
        weather=weather,
        releases=(Release(0.0, 0.0, 1.0, Stack(height=0.46, diameter=1e-5, temperature=200.0, speed=1e-5)),),
        receptors=tuple(receptors),
        height=_SAMPLERS,
        rows=tuple(rows),
        groups={"arc": tuple(f"{one:.0f} m" for one, _ in _ARCS.values()), "stability": STABILITY},
    )


PRAIRIE_GRASS: Final = Experiment(
    "pgrass",
    "Prairie Grass, 1956",
    ("pgrass_arcs.csv", "pgrass_sfc.csv", "pgrass_pfl.csv"),
    prairie_grass,
)


def _hours(data: bytes, name: str) -> pl.DataFrame:
    """Return the hours of a surface table, with the columns that a :class:`Weather` has."""
    import polars as pl

    rows: dict[datetime, dict[str, float | None]] = {}
    for line in tables_csv.lines(data, name, ("yy", "mm", "dd", "hh", *_SURFACE.values())):
        start = _start(line, "hh")
        if start in rows:
            raise GoedeBuurError(
                errors.DUPLICATE_KEY,
                "The hour is there more than once.",
                place=line.place("hh"),
                value=f"{start:%Y-%m-%d %H:%M}",
                hint="Keep one of them.",
            )
        told: dict[str, float | None] = {}
        for quantity, column in _SURFACE.items():
            if quantity in _WARM:
                value = line.number_in(column)
                told[quantity] = value if value > 0 else None
            else:
                told[quantity] = line.number_in(column, None, *_LIMITS[quantity])
        if told["obukhov"] == 0 or (line.number_in("L") < 0 and None in (told["convective"], told["mixed_by_heat"])):
            raise GoedeBuurError(
                errors.BAD_NUMBER,
                "That hour cannot be.",
                place=line.place("L"),
                value=line.cells["L"],
                hint="An Obukhov length is not 0; one below 0 goes with wstar and zic above 0.",
            )
        rows[start] = told
    frame = pl.DataFrame([{"start": start, **told} for start, told in rows.items()], infer_schema_length=None)
    return frame.cast({quantity: pl.Float64() for quantity in _SURFACE}).sort("start")


_LIMITS: Final = {
    **{"friction": (1e-3, 10.0), "obukhov": (-1e5, 1e5), "roughness": (1e-5, 10.0), "mixed_by_wind": (1.0, 1e4)},
    **{"wind": (1e-3, 100.0), "wind_height": (0.1, 500.0), "temperature": (200.0, 340.0)},
    **{"temperature_height": (0.1, 500.0), "direction": (0.0, 360.0)},
}
"""Quantity that every hour has → from where to where."""


def _levels(data: bytes, name: str) -> pl.DataFrame:
    """Return what was observed at heights, in the columns of `adapters/aermet.PROFILE`."""
    import polars as pl

    columns = ("yy", "mm", "dd", "hh", *(column for column, _, _ in _PROFILE.values()))
    rows: list[dict[str, object]] = []
    for line in tables_csv.lines(data, name, columns):
        told: dict[str, object] = {"start": _start(line, "hh"), "top": None}
        for quantity, (column, low, high) in _PROFILE.items():
            value = line.number_in(column)
            told[quantity] = value if low <= value <= high else None
        if told["height"] is None:
            raise GoedeBuurError(
                errors.BAD_NUMBER,
                "A level has no height.",
                place=line.place("z"),
                value=line.cells["z"],
                hint="Give its height above the ground, in metres.",
            )
        rows.append(told)
    schema = {"start": pl.Datetime("us"), **dict.fromkeys(aermet.PROFILE, pl.Float64())}
    return pl.DataFrame(rows, schema=schema)


def _start(line: Line, column: str, joined: str = "") -> datetime:
    """Return the start of an hour that is told by its end, in four columns or joined as yymmddhh, of 1950 to 2049."""
    parts = [joined[at : at + 2] for at in range(0, 8, 2)] if joined else [line.cells[one] for one in _ENDS]
    try:
        year, month, day, hour = (int(part) for part in parts)
        if not (0 <= year <= 99 and 1 <= hour <= 24) or (joined and len(joined) != 8):
            raise ValueError
        return datetime(year + (1900 if year >= 50 else 2000), month, day) + timedelta(hours=hour - 1)  # noqa: DTZ001 - the file has no zone
    except ValueError:
        raise GoedeBuurError(
            errors.BAD_TIME,
            "That is no hour.",
            place=line.place(column),
            value=joined or " ".join(parts),
            hint="It is told by two digits each of year, month, day and the hour that ends then, 1 to 24.",
        ) from None


_ENDS: Final = ("yy", "mm", "dd", "hh")


def _no_weather(line: Line, column: str, surface: str) -> GoedeBuurError:
    return GoedeBuurError(
        errors.BAD_TIME,
        "The weather lacks this hour.",
        place=line.place(column),
        value=line.cells[column],
        hint=f"Add the hour to {surface}, or take the line out.",
    )
