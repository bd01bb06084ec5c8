"""The command that holds our plume against experiments."""

from __future__ import annotations

from pathlib import Path

import click

from goedebuur.cli.options import OUTPUT_FOLDER, Command
from goedebuur.cli.session import current, table

COLUMNS = (
    *("experiment", "by", "group", "model", "pairs", "FB", "NMSE", "FAC2", "R", "MG", "VG"),
    *("RHC measured", "RHC modelled"),
)


@click.command(cls=Command)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--output",
    type=OUTPUT_FOLDER,
    metavar="FOLDER",
    help="Write the rows (CSV) and the plots (SVG) into this folder.",
)
@click.option("--only", metavar="EXPERIMENT", default="", help="Take this one alone: pgrass or bowline.")
def evaluate(folder: Path, output: Path | None, only: str) -> None:
    """Hold our plume against experiments in the open air, of which FOLDER has the files, beside other models.

    FB, NMSE, FAC2, R, MG, VG and the robust highest concentration, of all rows, by place and by stability; on the same
    rows for each model. With --output also every row, quantile-quantile plots and plots of residuals.
    """
    from goedebuur.services import dispersion_evaluation

    chosen = [one for one in dispersion_evaluation.EXPERIMENTS if only in ("", one.name)]
    if not chosen:
        names = ", ".join(one.name for one in dispersion_evaluation.EXPERIMENTS)
        raise click.BadParameter(f"{only!r} is none of {names}", param_hint="--only")
    session = current()
    with session.progress() as progress:
        compared, judged = dispersion_evaluation.evaluate(
            folder, lambda done, total: progress("experiments", done, total), chosen
        )
    files = dispersion_evaluation.written(compared, output) if output is not None else ()
    for one in compared:
        whole = next(each.scores for each in judged if each.experiment == one.name)
        session.remark(f"{one.title}: {whole.pairs} rows count; {whole.left_out} lack a measurement or a model")
    for name in files:
        session.remark(f"written: {name}")
    rows = [
        (
            *(one.experiment, one.kind, one.group, one.model, str(one.scores.pairs)),
            *(f"{number:.3f}" for number in (one.scores.bias, one.scores.error, one.scores.within_two)),
            *(f"{number:.3f}" for number in (one.scores.correlation, one.scores.geometric_bias)),
            f"{one.scores.geometric_variance:.3f}",
            *(f"{number:.4g}" for number in (one.scores.highest_measured, one.scores.highest_modelled)),
        )
        for one in judged
    ]
    session.answer({"scores": judged, "files": files}, lambda: table(COLUMNS, rows, right=COLUMNS[4:]))
