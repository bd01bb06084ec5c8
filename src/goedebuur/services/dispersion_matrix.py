"""What each source brings to each place for each gram a second, hour by hour: made once, kept, and asked many times.

What sources let out is not in it: other emissions, groups of sources or statistics ask no new plume. What is done is
kept when the work is stopped, and goes on where it was; what was kept for other sources, places, weather or an other
plume is refused.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from goedebuur import __version__
from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.services import dispersion_run
from goedebuur.services.dispersion_sources import Field, Receptor, Source
from goedebuur.services.dispersion_weather import Weather
from goedebuur.store import matrices
from goedebuur.store.matrices import Blocks

if TYPE_CHECKING:
    import xarray as xr

    from goedebuur.core.weather.sun import Floats

OTHER: Final = declare("query-other-matrix", "The folder holds a matrix of something else.")
UNFINISHED: Final = declare("query-matrix-unfinished", "The matrix is not whole yet.")
NO_SOURCE: Final = declare("query-unknown-source", "The matrix has no source of that name.")
UNITS: Final = "µg m-3 per g s-1"
LOCAL: Final = "standard time of the place"
TOGETHER: Final = 4
"""Blocks of places that are worked out at once: a plume's own table is then made once for them."""
ASKED: Final = 0.2
"""How long work goes on before it is asked again whether it should stop. [s]"""
OF: Final = ("sources", "places", "weather", "model", "height", "precision")
"""What a receipt says that a matrix is of: with another of these it is another matrix."""
MICROSECOND: Final = timedelta(microseconds=1)

Emissions = Mapping[str, "float | Floats"]
"""Source → what it lets out, in every hour or hour by hour; NaN where that is not known. [g s⁻¹]"""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a matrix is worked out from.

    Parameters
    ----------
    height
        Of the places. [m]
    """

    weather: Weather
    stacks: Sequence[Source]
    fields: Sequence[Field]
    places: Sequence[Receptor]
    height: float

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the names of what lets out, in the order of a matrix."""
        return (*(one.id for one in self.stacks), *(one.id for one in self.fields))


class Matrix:
    """A matrix in a folder: of all sources, hours and places, or what is done of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.blocks = Blocks(path)

    @property
    def receipt(self) -> dict[str, Any]:
        """Return of what it is: digests, versions, and the hours that do not count or are doubtful."""
        return self.blocks.receipt

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Return the names of the sources."""
        return self.blocks.names("source")

    @cached_property
    def places(self) -> tuple[Receptor, ...]:
        """Return the places."""
        east, north = self.blocks.numbers("x"), self.blocks.numbers("y")
        return tuple(
            Receptor(*one) for one in zip(self.blocks.names("place"), east.tolist(), north.tolist(), strict=True)
        )

    @cached_property
    def starts(self) -> tuple[datetime, ...]:
        """Return when the hours start: in UTC, or without a zone on the standard time of the place."""
        zone = None if self.receipt["clock"] == LOCAL else UTC
        first = datetime(1970, 1, 1, tzinfo=zone)
        return tuple(first + int(one) // 1000 * MICROSECOND for one in self.blocks.numbers("hour"))

    @property
    def complete(self) -> bool:
        """Return whether all of it is done."""
        return not any(True for _ in self.left())

    def left(self) -> Iterator[tuple[slice, slice]]:
        """Yield the hours and places that are worked out together, of which a source is not done yet."""
        for hours in self.blocks.hours():
            for places in _together(self.blocks.places()):
                if not all(self.blocks.has(source, hours, places) for source in range(self.blocks.shape[0])):
                    yield hours, places

    def dataset(self) -> xr.Dataset:
        """Return the whole as variables with their units, read when it is used."""
        import xarray as xr

        return xr.open_zarr(self.path, chunks=None, consolidated=False)  # type: ignore[no-any-return]

    def hourly(self, emission: Emissions, places: slice = slice(None)) -> Floats:
        """Return what the named sources bring together, of shape (hours, places). [µg m⁻³]

        NaN in an hour in which what one of them lets out is not known. One thread or more give the same to the last
        bit: sources are added in the order of the matrix.

        Raises
        ------
        GoedeBuurError
            `query-unknown-source`; `input-number` for what nothing can let out; `query-matrix-unfinished`;
            `query-matrix-damaged`.
        """
        from concurrent.futures import ThreadPoolExecutor

        import numpy as np

        grams = self._grams(emission)
        first, stop, _ = places.indices(self.blocks.shape[2])
        total = np.zeros((self.blocks.shape[1], max(stop - first, 0)))

        def add(hours: slice) -> None:
            part = total[hours]
            for source, let_out in grams.items():
                if not self.blocks.has(source, hours, slice(first, stop)):
                    raise self._unfinished()
                part += let_out[hours, None] * self.blocks.read(source, hours, slice(first, stop))

        if total.size:
            with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
                for _ in threads.map(add, self.blocks.hours()):
                    pass
        return total

    def _grams(self, emission: Emissions) -> dict[int, Floats]:
        """Return which source lets out how much in each hour, in the order of the matrix. [g s⁻¹]"""
        import numpy as np

        found: dict[int, Floats] = {}
        for name, told in emission.items():
            if name not in self.sources:
                raise GoedeBuurError(
                    NO_SOURCE,
                    "The matrix has no source of that name.",
                    place=str(self.path),
                    value=name,
                    hint=f"It has {', '.join(self.sources)[:200]}.",
                )
            grams = np.broadcast_to(np.asarray(told, np.float64), (self.blocks.shape[1],))
            if not ((grams >= 0) & (grams < np.inf) | np.isnan(grams)).all():
                raise GoedeBuurError(
                    errors.BAD_NUMBER,
                    "Nothing lets out that much.",
                    place=name,
                    value=f"{grams[~((grams >= 0) & (grams < np.inf))][0]:g} g/s",
                    hint="Give g/s, not below 0.",
                )
            found[self.sources.index(name)] = grams
        return dict(sorted(found.items()))

    def _unfinished(self) -> GoedeBuurError:
        return GoedeBuurError(
            UNFINISHED,
            "The matrix is not whole yet.",
            place=str(self.path),
            hint="Go on with the same sources, places and weather: what is done is kept.",
        )


def opened(path: Path) -> Matrix:
    """Return the matrix in a folder.

    Raises
    ------
    GoedeBuurError
        `query-no-matrix`.
    """
    return Matrix(path)


def make(
    path: Path,
    weather: Weather,
    stacks: Sequence[Source],
    fields: Sequence[Field],
    places: Sequence[Receptor],
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    receptor: float = 0.0,
    single: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
) -> Matrix:
    """Return the matrix of sources and places in a folder: made, gone on with, or as it is there already.

    Parameters
    ----------
    path
        A folder that is not there, is empty, or holds the matrix of the same.
    progress
        Is told how many blocks of hours and places are done, of how many.
    receptor
        Height of the places. [m]
    single
        Whether to keep values in 32 bits: half the room, and no value off by more than one part in 16 million.
    cancelled
        Whether to stop; what is done is kept, and the matrix is not complete.

    Raises
    ------
    GoedeBuurError
        `query-other-matrix` where the folder holds something else; `input-number` for an hour that gives no
        concentration.
    """
    inputs = Inputs(weather, stacks, fields, places, receptor)
    matrix = begun(path, inputs, single=single)
    run_blocks(matrix, inputs, progress, cancelled)
    return matrix


def begun(path: Path, inputs: Inputs, *, single: bool) -> Matrix:
    """Return the matrix in a folder, without any block where it was not there."""
    import numpy as np

    receipt = receipt_of(inputs, single=single)
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        moments = inputs.weather.hours["start"].dt.epoch("ns").to_numpy().astype(np.int64)
        matrices.create(
            path,
            inputs.sources,
            moments,
            [one.id for one in inputs.places],
            np.array([one.x for one in inputs.places], np.float64),
            np.array([one.y for one in inputs.places], np.float64),
            receipt,
            units=UNITS,
            calendar_note=f"start of the hour, {receipt['clock']}",
            single=single,
        )
    matrix = Matrix(path)
    other = [name for name in OF if matrix.receipt.get(name) != receipt[name]]
    if other:
        raise GoedeBuurError(
            OTHER,
            "The folder holds a matrix of something else.",
            place=str(path),
            value=f"other {', '.join(other)}",
            hint="Take another folder, or throw this one away.",
        )
    return matrix


def run_blocks(
    matrix: Matrix, inputs: Inputs, progress: Callable[[int, int], None], cancelled: Callable[[], bool]
) -> None:
    """Work out what is left of a matrix: threads take blocks of hours and places one after the other."""
    from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

    todo, stop = list(matrix.left()), Event()
    with ThreadPoolExecutor(max(1, min(os.cpu_count() or 1, len(todo)))) as threads:
        waiting = {threads.submit(work_out, matrix, inputs, hours, places, stop.is_set) for hours, places in todo}
        try:
            while waiting and not stop.is_set():
                done, waiting = wait(waiting, ASKED, FIRST_COMPLETED)
                for one in done:
                    one.result()
                if done:
                    progress(len(todo) - len(waiting), len(todo))
                if cancelled():
                    stop.set()
        finally:
            stop.set()
            threads.shutdown(cancel_futures=True)


def work_out(matrix: Matrix, inputs: Inputs, hours: slice, places: slice, stopped: Callable[[], bool]) -> None:
    """Work out some hours and places for each source that is not done, and keep it source by source.

    Raises
    ------
    GoedeBuurError
        `input-number` for an hour that gives no concentration.
    """
    import numpy as np

    from goedebuur.core.dispersion import air

    setting = dispersion_run.Setting(inputs.stacks, inputs.fields, inputs.places[places], inputs.height)
    of = air.hours(inputs.weather.air(hours.start, hours.stop - hours.start))
    count = len(inputs.sources)
    for source in range(count):
        if stopped():
            return
        if not matrix.blocks.has(source, hours, places):
            values = np.zeros((hours.stop - hours.start, places.stop - places.start))
            setting.add(values, of, np.broadcast_to(np.eye(count)[source], (len(values), count)))
            dispersion_run.require_numbers(values, inputs.weather, hours.start)
            matrix.blocks.write(source, hours, places, values)


def receipt_of(inputs: Inputs, *, single: bool) -> dict[str, Any]:
    """Return what a matrix of these is of; what the sources let out is not in it."""
    from goedebuur.core.dispersion.source import DIGEST

    weather = inputs.weather
    sources = [
        *({**asdict(one), "emission": type(one.stack).__name__} for one in inputs.stacks),
        *({**asdict(one), "emission": type(one.area).__name__} for one in inputs.fields),
    ]
    return {
        "sources": _digest(sources),
        "places": _digest([asdict(one) for one in inputs.places]),
        "weather": _digest(
            [_columns(weather.hours), _columns(weather.levels), weather.adjusted, *(["apart"] if weather.apart else [])]
        ),
        "model": DIGEST,
        "height": inputs.height,
        "precision": "single" if single else "double",
        "program": __version__,
        "clock": "UTC" if weather.hours["start"][0].tzinfo is not None else LOCAL,
        "hours": weather.hours.height,
        "left_out": dict(weather.left_out),
        "doubtful": dict(weather.doubtful),
    }


def _columns(frame: Any) -> list[Any]:
    """Return the names of the columns of a frame, and the digest of what each holds."""
    import polars as pl

    found = []
    for name in sorted(frame.columns):
        column = frame[name]
        if column.dtype.is_temporal():
            column = column.dt.epoch("us")
        values = column.cast(pl.Float64) if column.dtype.is_float() else column.cast(pl.String)
        data = values.fill_null(float("nan")).to_numpy().tobytes() if column.dtype.is_float() else None
        found.append([name, hashlib.sha256(data).hexdigest() if data is not None else _digest(values.to_list())])
    return found


def _digest(told: Any) -> str:
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _together(places: Sequence[slice]) -> list[slice]:
    """Return places that are worked out at once."""
    return [
        slice(places[first].start, places[min(first + TOGETHER, len(places)) - 1].stop)
        for first in range(0, len(places), TOGETHER)
    ]
