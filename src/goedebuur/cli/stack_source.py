"""Where commands about stacks take short averages from: the raw values in the record, or a file made elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from goedebuur.services.emission_files import Averages
    from goedebuur.services.record import Record

averages_option = click.option(
    "--averages",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Parquet file of short averages (docs/methods/emission-verdicts.md). Without, those of the record.",
)


def source(record: Record, averages: Path | None, as_of: int | None) -> Averages:
    """Return the short averages in a file, or those that follow from the raw values in the record."""
    from goedebuur.services import emission_files, stack_averages

    return stack_averages.RecordAverages(record, as_of) if averages is None else emission_files.FileAverages(averages)
