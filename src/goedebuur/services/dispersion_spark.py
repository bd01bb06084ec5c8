"""The same matrix and statistics on Spark, for when one machine is outgrown: a block of hours and places a task.

Every worker has this program, and sees the folder of the matrix under the same path: it writes its blocks there itself.
A block is worked out by the same machine code wherever it is, so that the results are those of one machine.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Clock
from goedebuur.services import dispersion_matrix, dispersion_results, engines
from goedebuur.services.dispersion_matrix import Emissions, Inputs, Matrix
from goedebuur.services.dispersion_results import Groups, Results
from goedebuur.store import spark

if TYPE_CHECKING:
    from goedebuur.core.weather.sun import Floats

Task = TypeVar("Task")
Found = TypeVar("Found")
EACH: Final = 4
"""Tasks for each core of the cluster between two times that it is asked how far it is."""


def make(
    path: Path,
    inputs: Inputs,
    backend: str,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    single: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
) -> Matrix:
    """Return the matrix of sources and places in a folder, as `dispersion_matrix.make` does.

    Parameters
    ----------
    backend
        `spark` for a cluster on loopback, or the address of one.

    Raises
    ------
    GoedeBuurError
        Those of `dispersion_matrix.make`; `spark-missing`, `spark-start`.
    """
    matrix = dispersion_matrix.begun(path, inputs, single=single)
    folder = path.absolute()

    def work(given: Inputs, block: tuple[slice, slice]) -> None:
        dispersion_matrix.work_out(Matrix(folder), given, *block, lambda: False)

    _run(backend, list(matrix.left()), inputs, work, progress, cancelled)
    return matrix


def of_matrix(
    matrix: Matrix,
    emission: Emissions,
    names: Sequence[str],
    groups: Groups,
    backend: str,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    clock: Clock = Clock.CET,
) -> Results:
    """Return statistics at all places, of groups of sources, as `dispersion_results.of_matrix` does."""
    blocks = [(group, places) for group in groups for places in dispersion_results.blocks_of(matrix)]
    folder = matrix.path.absolute()

    def work(given: Emissions, block: tuple[str, slice]) -> dict[str, Floats]:
        group, places = block
        mine = dispersion_results.of_group(given, groups, group)
        return dispersion_results.of_block(Matrix(folder), mine, names, places, clock)

    found = _run(backend, blocks, emission, work, progress, lambda: False)
    return dispersion_results.gathered(matrix, emission, groups, names, [group for group, _ in blocks], found)


def _run(
    backend: str,
    tasks: Sequence[Task],
    shared: Any,
    work: Callable[[Any, Task], Found],
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> list[Found]:
    """Return what each task gives, in order; of those that were done before it was cancelled."""
    if not tasks:
        return []
    with engines.spark_session(backend) as session:
        context = session.sparkContext
        if spark.LOOPBACK in context.master:  # its workers are on this machine, and have this Python
            context.pythonExec = sys.executable
            context.environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
        given = context.broadcast(shared)

        def told(task: Task) -> tuple[Found | None, dict[str, str] | None]:
            try:
                return work(given.value, task), None
            except GoedeBuurError as error:
                return None, error.as_dict()

        found: list[Any] = []
        at_once = EACH * context.defaultParallelism
        while len(found) < len(tasks) and not cancelled():
            part = tasks[len(found) : len(found) + at_once]
            for one, error in context.parallelize(part, len(part)).map(told).collect():
                if error is not None:
                    raise GoedeBuurError(**error)
                found.append(one)
            progress(len(found), len(tasks))
    return found
