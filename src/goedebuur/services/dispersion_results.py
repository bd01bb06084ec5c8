"""What the hours of a matrix come to at places: statistics of its sources together, or of groups.

Hours in which what a source lets out is not known do not count, and are counted. All hours at all places are never in
memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Clock
from goedebuur.services import tables_csv
from goedebuur.services.dispersion_matrix import NO_SOURCE, Emissions, Matrix
from goedebuur.services.dispersion_sources import Receptor
from goedebuur.services.dispersion_statistics import UNITS, Statistic, of_hours

if TYPE_CHECKING:
    import xarray as xr

    from goedebuur.core.weather.sun import Floats

IN_MEMORY: Final = 2**31
"""Bytes of hours at places that are in memory at once."""
GROUPS: Final = ("group", "source")
"""Columns of a table of groups."""

Groups = Mapping[str, Sequence[str]]
"""Name of a group → its sources."""


@dataclass(frozen=True)
class Results:
    """Statistics at places, of groups of sources.

    Parameters
    ----------
    groups
        Group → name of the statistic → its values, of shape (places,).
    hours, without_emission
        Group → how many hours count, and how many do not since what one of its sources lets out is not known.
    """

    places: tuple[Receptor, ...]
    groups: Mapping[str, Mapping[str, Floats]]
    hours: Mapping[str, int]
    without_emission: Mapping[str, int]

    def dataset(self) -> xr.Dataset:
        """Return the same as variables of (group, place), each with its unit."""
        import numpy as np
        import xarray as xr

        names = dict.fromkeys(name for told in self.groups.values() for name in told)
        return xr.Dataset(
            {
                name: (
                    ("group", "place"),
                    np.stack([told[name] for told in self.groups.values()]),
                    {"units": Statistic.named(name).units},
                )
                for name in names
            }
            | {
                "hours": ("group", list(self.hours.values()), {"long_name": "hours that count"}),
                "without_emission": (
                    "group",
                    list(self.without_emission.values()),
                    {"long_name": "hours in which what a source lets out is not known"},
                ),
            },
            coords={"group": list(self.groups), **_coordinates(self.places)},
        )


def of_matrix(
    matrix: Matrix,
    emission: Emissions,
    names: Sequence[str],
    groups: Groups,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    clock: Clock = Clock.CET,
) -> Results:
    """Return statistics at all places, of groups of sources.

    Parameters
    ----------
    emission
        As :meth:`Matrix.hourly` takes it; of all sources of the groups.
    progress
        Is told how many blocks of places are done, of how many.

    Raises
    ------
    GoedeBuurError
        `query-unknown-statistic`, and those of :meth:`Matrix.hourly`; `query-unknown-source` for a source of a group of
        which nothing says what it lets out.
    """
    blocks = [(group, places) for group in groups for places in blocks_of(matrix)]
    found = []
    for number, (group, places) in enumerate(blocks, 1):
        found.append(of_block(matrix, of_group(emission, groups, group), names, places, clock))
        progress(number, len(blocks))
    return gathered(matrix, emission, groups, names, [group for group, _ in blocks], found)


def blocks_of(matrix: Matrix) -> list[slice]:
    """Return places of which all hours are in memory at once."""
    most = max(1, IN_MEMORY // (8 * max(matrix.blocks.shape[1], 1)))
    return [
        slice(first, min(first + most, block.stop))
        for block in matrix.blocks.places()
        for first in range(block.start, block.stop, most)
    ]


def of_block(
    matrix: Matrix, emission: Emissions, names: Sequence[str], places: slice, clock: Clock
) -> dict[str, Floats]:
    """Return statistics of some sources at some places."""
    return of_hours(matrix.hourly(emission, places), matrix.starts, names, clock)


def groups_of(table: tuple[bytes, str], sources: Sequence[str], taken: Groups) -> dict[str, list[str]]:
    """Return the groups of a table with the columns of :data:`GROUPS`.

    Parameters
    ----------
    sources
        That there are.
    taken
        Groups whose names are not to be given.

    Raises
    ------
    GoedeBuurError
        Those of `tables_csv`; `query-unknown-source`; `input-duplicate` for a source that comes twice in a group, or a
        name that is taken.
    """
    found: dict[str, list[str]] = {}
    for line in tables_csv.lines(*table, GROUPS):
        group, source = (line.cells[one].strip() for one in GROUPS)
        if source not in sources:
            raise GoedeBuurError(
                NO_SOURCE,
                "There is no source of that name.",
                place=line.place("source"),
                value=source,
                hint=f"There are {', '.join(sources)[:200]}.",
            )
        if group in taken or not group or source in found.get(group, ()):
            column = "source" if group in found else "group"
            raise GoedeBuurError(
                errors.DUPLICATE_KEY,
                "The name is taken already." if group else "The group has no name.",
                place=line.place(column),
                value=line.cells[column],
                hint="Give each group its own name, and each source in it once.",
            )
        found.setdefault(group, []).append(source)
    return found


def of_group(emission: Emissions, groups: Groups, group: str) -> dict[str, float | Floats]:
    """Return what the sources of a group let out."""
    for name in groups[group]:
        if name not in emission:
            raise GoedeBuurError(
                NO_SOURCE,
                "Nothing says what this source of a group lets out.",
                place=f"group {group}",
                value=name,
                hint=f"Give its emission; there is that of {', '.join(emission)[:200] or 'none'}.",
            )
    return {name: emission[name] for name in groups[group]}


def gathered(
    matrix: Matrix,
    emission: Emissions,
    groups: Groups,
    names: Sequence[str],
    of: Sequence[str],
    blocks: Sequence[Mapping[str, Floats]],
) -> Results:
    """Return what blocks of places of groups come to together, each group's in the order of the places."""
    import numpy as np

    def whole(group: str) -> dict[str, Floats]:
        mine = [block for its, block in zip(of, blocks, strict=True) if its == group]
        return {name: np.concatenate([np.empty(0), *(one[name] for one in mine)]) for name in names}

    length = matrix.blocks.shape[1]
    unknown = {
        group: int(
            np.any(
                [np.isnan(np.broadcast_to(one, length)) for one in of_group(emission, groups, group).values()], axis=0
            ).sum()
        )
        for group in groups
    }
    hours = {group: length - count for group, count in unknown.items()}
    return Results(matrix.places, {group: whole(group) for group in groups}, hours, unknown)


def concentrations(matrix: Matrix, emission: Emissions, groups: Groups, places: slice = slice(None)) -> xr.Dataset:
    """Return the hours themselves, of groups of sources at some places: `concentration` of (group, hour, place).

    All of it is in memory: ask for a few places of a large matrix.
    """
    import numpy as np
    import xarray as xr

    values = np.stack([matrix.hourly(of_group(emission, groups, group), places) for group in groups])
    kept = matrix.dataset()
    return xr.Dataset(
        {"concentration": (("group", "hour", "place"), values, {"units": UNITS})},
        coords={"group": list(groups), "hour": kept["hour"], **_coordinates(matrix.places[places])},
    )


def _coordinates(places: Sequence[Receptor]) -> dict[str, tuple[str, list[str] | list[float], dict[str, str]]]:
    return {
        "place": ("place", [one.id for one in places], {}),
        "x": ("place", [one.x for one in places], {"units": "m"}),
        "y": ("place", [one.y for one in places], {"units": "m"}),
    }
