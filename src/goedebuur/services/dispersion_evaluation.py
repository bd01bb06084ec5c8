"""How well our plume agrees with experiments in the open air, beside other models on the same rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from goedebuur.adapters import payloads
from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services.dispersion_bowline import BOWLINE
from goedebuur.services.dispersion_experiments import Experiment, Files, Setup
from goedebuur.services.dispersion_prairie_grass import PRAIRIE_GRASS

if TYPE_CHECKING:
    from goedebuur.core.dispersion.evaluation import Scores
    from goedebuur.core.weather.sun import Floats

EXPERIMENTS: Final = (PRAIRIE_GRASS, BOWLINE)
OURS: Final = "Goede Buur"
ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Compared:
    """What was measured in an experiment, and what models say of the same rows.

    Parameters
    ----------
    measured
        Shape (n,), in the unit of the experiment; NaN where nothing was.
    models
        Model → shape (n,); ours first.
    groups
        Kind of group → group of each row; `order` has the groups of each kind in order.
    """

    name: str
    title: str
    unit: str
    measured: Floats
    models: Mapping[str, Floats]
    groups: Mapping[str, Sequence[str]]
    order: Mapping[str, Sequence[str]]
    starts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Judged:
    """How a model does in a group of rows of an experiment; `kind` is what the rows are grouped by."""

    experiment: str
    kind: str
    group: str
    model: str
    scores: Scores


def evaluate(
    folder: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
    experiments: Sequence[Experiment] = EXPERIMENTS,
) -> tuple[tuple[Compared, ...], tuple[Judged, ...]]:
    """Return what came of each experiment of which the files are in a folder, and how models do in it.

    The files are in the folder itself or in one in it that has the name of the experiment.

    Raises
    ------
    GoedeBuurError
        `input-empty` where no experiment is there, or one lacks a file; those of `payloads` and of reading it.
    """
    there = [(one, found) for one in experiments if (found := _found(folder, one))]
    if not there:
        raise GoedeBuurError(
            errors.EMPTY_INPUT,
            "There is no experiment in the folder.",
            place=str(folder),
            hint="It holds the files of one: "
            + "; ".join(f"{one.title}: {', '.join(one.files)}" for one in experiments)
            + ". Each may end in .gz.",
        )
    compared = []
    for number, (experiment, files) in enumerate(there):
        compared.append(of(experiment, files))
        progress(number + 1, len(there))
    return tuple(compared), tuple(one for each in compared for one in judged(each))


def of(experiment: Experiment, files: Files) -> Compared:
    """Return what was measured in an experiment, and what models say, ours worked out now."""
    import numpy as np

    setup = experiment.setup(files)
    rows = setup.rows
    models = {OURS: modelled(setup)}
    for model in rows[0].others:
        models[model] = np.array([row.others[model] for row in rows])
    if setup.decimals is not None:
        models = {name: np.round(values, setup.decimals) for name, values in models.items()}
    return Compared(
        experiment.name,
        experiment.title,
        setup.unit,
        np.array([row.measured for row in rows]),
        models,
        {kind: tuple(row.groups[kind] for row in rows) for kind in setup.groups},
        setup.groups,
        tuple(f"{row.start:%Y-%m-%dT%H:%M}" for row in rows),
    )


def modelled(setup: Setup) -> Floats:
    """Return what our plume says of each row, at the very distances of the receptors; NaN without weather."""
    import numpy as np

    air = setup.air()
    east, north = (np.array([place[axis] for place in setup.receptors]) for axis in (0, 1))
    total = np.zeros((len(air.mixed), len(east)))
    for one in setup.releases:
        total += one.brings(air, east, north, setup.height)
    number = {start: at for at, start in enumerate(setup.weather.hours["start"])}
    found = np.full(len(setup.rows), np.nan)
    for at, row in enumerate(setup.rows):
        if row.start in number:
            found[at] = total[number[row.start], row.receptors.start : row.receptors.stop].max()
    return setup.scale * found


def judged(compared: Compared) -> tuple[Judged, ...]:
    """Return how each model does on the rows that were measured and of which every model says something."""
    import numpy as np

    from goedebuur.core.dispersion.evaluation import by_group, scores

    there = np.isfinite([compared.measured, *compared.models.values()]).all(axis=0)
    measured = np.where(there, compared.measured, np.nan)
    told = {(ALL, ALL, model): scores(measured, values) for model, values in compared.models.items()}
    for kind, groups in compared.groups.items():
        by = {model: by_group(measured, values, groups) for model, values in compared.models.items()}
        for group in compared.order[kind]:
            told |= {(kind, group, model): of[group] for model, of in by.items() if group in of}
    return tuple(Judged(compared.name, *names, found) for names, found in told.items())


def pairs_csv(compared: Compared) -> str:
    """Return every row of an experiment as CSV: its hour, its groups, what was measured and what models say."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(["start", *compared.groups, f"measured [{compared.unit}]", *compared.models])
    for at, start in enumerate(compared.starts):
        values = (compared.measured[at], *(values[at] for values in compared.models.values()))
        told = [f"{value:.6g}" if value == value else "" for value in values]
        writer.writerow([start, *(groups[at] for groups in compared.groups.values()), *told])
    return sink.getvalue()


def written(compared: Sequence[Compared], out: Path) -> tuple[str, ...]:
    """Write the rows and the plots of experiments into a folder, and return the names of the files."""
    from goedebuur.services import dispersion_plots

    out.mkdir(parents=True, exist_ok=True)
    names = []
    for one in compared:
        (out / f"{one.name}-pairs.csv").write_text(pairs_csv(one), encoding="utf-8")
        figures = {"quantiles": dispersion_plots.quantiles(one)}
        figures |= {f"residuals-{kind}": dispersion_plots.residuals(one, kind) for kind in one.groups}
        for name, figure in figures.items():
            (out / f"{one.name}-{name}.svg").write_bytes(dispersion_plots.svg(figure))
        names += [f"{one.name}-pairs.csv", *(f"{one.name}-{name}.svg" for name in figures)]
    return tuple(names)


def _found(folder: Path, experiment: Experiment) -> dict[str, bytes]:
    """Return the files of an experiment, unpacked; none where it has none of them."""
    paths: dict[str, Path | None] = {}
    for name in experiment.files:
        near = [place / each for place in (folder, folder / experiment.name) for each in (name, f"{name}.gz")]
        paths[name] = next((path for path in near if path.is_file()), None)
    lacking = [name for name, path in paths.items() if path is None]
    if len(lacking) == len(paths):
        return {}
    if lacking:
        raise GoedeBuurError(
            errors.EMPTY_INPUT,
            f"A file of {experiment.title} is not there.",
            place=str(folder),
            value=lacking[0],
            hint=f"It takes {', '.join(experiment.files)}; each may end in .gz.",
        )
    found = {}
    for name, path in paths.items():
        assert path is not None
        with path.open("rb") as stream:
            found[name] = payloads.decompress(payloads.read(stream, path.name), path.name)
    return found
