"""What sources bring to places hour by hour, in a folder: blocks of hours and places that are written once.

A group of Zarr, version 3. It is whole from its first moment: it gets its name when the sizes, the names and the
receipt (its attributes) are in it. A block is there or is not: it is written under another name and then given its
own. Nothing here knows of plumes.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base.errors import GoedeBuurError, declare

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from goedebuur.core.weather.sun import Floats

NO_MATRIX: Final = declare("query-no-matrix", "The folder holds no matrix of sources and places.")
DAMAGED: Final = declare("query-matrix-damaged", "A part of a kept matrix cannot be read.")
VALUES: Final = "per_gram"
HOURS: Final = 744
"""Hours in a block: a month."""
PLACES: Final = 2_500
"""Places in a block, at most."""
SINCE: Final = "nanoseconds since 1970-01-01"


class Blocks:
    """The blocks of one folder.

    Parameters
    ----------
    folder
        That :func:`create` made.

    Raises
    ------
    GoedeBuurError
        `query-no-matrix`.
    """

    def __init__(self, folder: Path) -> None:
        import zarr

        self.folder = folder
        try:
            self._group: Any = zarr.open_group(folder, mode="r+" if os.access(folder, os.W_OK) else "r")
            self.receipt: dict[str, Any] = dict(self._group.attrs)
            self._values: Any = self._group[VALUES]
        except (OSError, ValueError, KeyError) as error:
            raise GoedeBuurError(
                NO_MATRIX,
                "This folder holds no matrix of sources and places.",
                place=str(folder),
                value=type(error).__name__,
                hint="Make one with `goedebuur dispersion keep`, in a folder that is not there yet.",
            ) from None

    @property
    def shape(self) -> tuple[int, int, int]:
        """Return how many sources, hours and places it has."""
        sources, hours, places = self._values.shape
        return sources, hours, places

    def names(self, axis: str) -> tuple[str, ...]:
        """Return the names along `source` or `place`."""
        return tuple(str(one) for one in self._group[axis][:])

    def numbers(self, name: str) -> npt.NDArray[Any]:
        """Return what is kept along an axis: `hour` [ns since 1970], `x` or `y`. [m]"""
        return self._group[name][:]  # type: ignore[no-any-return]

    def hours(self) -> tuple[slice, ...]:
        """Return the hours of each block, in order."""
        return _steps(self.shape[1], self._values.chunks[1])

    def places(self) -> tuple[slice, ...]:
        """Return the places of each block, in order."""
        return _steps(self.shape[2], self._values.chunks[2])

    def has(self, source: int, hours: slice, places: slice) -> bool:
        """Return whether all blocks of a source are there that hold these hours and places."""
        spans = [
            range(span.start // size, -(-span.stop // size))
            for span, size in zip((hours, places), self._values.chunks[1:], strict=True)
        ]
        return all(self._is_there(source, hour, place) for hour in spans[0] for place in spans[1])

    def write(self, source: int, hours: slice, places: slice, values: Floats) -> None:
        """Write whole blocks of a source, of shape (hours, places)."""
        self._values[source, hours, places] = values.astype(self._values.dtype, copy=False)

    def read(self, source: int, hours: slice, places: slice) -> npt.NDArray[np.floating[Any]]:
        """Return some of what is kept of a source; NaN where no block is there.

        Raises
        ------
        GoedeBuurError
            `query-matrix-damaged`.
        """
        try:
            return self._values[source, hours, places]  # type: ignore[no-any-return]
        except (OSError, ValueError, RuntimeError) as error:
            raise GoedeBuurError(
                DAMAGED,
                "A part of the matrix cannot be read.",
                place=str(self.folder),
                value=f"source {source}, hours from {hours.start}, places from {places.start}: {error}",
                hint="Throw the folder away and make it again: it can be computed anew.",
            ) from None

    def _is_there(self, *block: int) -> bool:
        path = self.folder.joinpath(VALUES, "c", *(str(one) for one in block))
        # a machine that went down may leave the name of a block without its bytes
        return path.is_file() and path.stat().st_size > 0


def create(
    folder: Path,
    sources: Sequence[str],
    hours: npt.NDArray[np.int64],
    places: Sequence[str],
    x: Floats,
    y: Floats,
    receipt: Mapping[str, Any],
    *,
    units: str,
    calendar_note: str,
    single: bool,
) -> Blocks:
    """Return a new folder without any block; one that is there already and is not empty gives `OSError`.

    Parameters
    ----------
    hours
        [ns since 1970]
    x, y
        Of the places. [m]
    units, calendar_note
        Of a value, and of which clock the hours are.
    single
        Whether values are kept in 32 bits, in place of 64.
    """
    import zarr
    from zarr.codecs import BloscCodec

    made = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        group = zarr.create_group(made, attributes=dict(receipt))
        shape = (len(sources), len(hours), len(places))
        group.create_array(
            VALUES,
            shape=shape,
            chunks=(1, min(HOURS, shape[1]), min(PLACES, shape[2])),
            dtype="float32" if single else "float64",
            compressors=BloscCodec(cname="zstd", clevel=1, shuffle="shuffle"),
            fill_value=float("nan"),
            dimension_names=("source", "hour", "place"),
            attributes={"units": units, "long_name": "concentration for each gram a second", "coordinates": "x y"},
        )
        for name, axis, values, said in (
            ("source", "source", sources, {}),
            ("hour", "hour", hours, {"units": SINCE, "calendar": "proleptic_gregorian", "long_name": calendar_note}),
            ("place", "place", places, {}),
            ("x", "place", x, {"units": "m", "long_name": "east on the grid of the sources"}),
            ("y", "place", y, {"units": "m", "long_name": "north on the grid of the sources"}),
        ):
            kind: Any = str if name == axis != "hour" else getattr(values, "dtype", None)
            array = group.create_array(
                name, shape=(len(values),), dtype=kind, dimension_names=(axis,), attributes={**said}
            )
            array[:] = list(values) if kind is str else values
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return Blocks(folder)


def _steps(length: int, size: int) -> tuple[slice, ...]:
    return tuple(slice(first, min(first + size, length)) for first in range(0, length, size))
