"""A table of measured and modelled values, and how well they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from goedebuur.services import tables_csv

if TYPE_CHECKING:
    from goedebuur.core.dispersion.evaluation import Scores


def of_table(data: bytes, name: str, measured: str, modelled: str, missing: str = "") -> Scores:
    """Return how well two columns of a table agree.

    Parameters
    ----------
    data
        CSV in UTF-8 with the names of its columns in the first line; numbers with a point, none below zero.
    name
        Of the file, for errors.
    measured, modelled
        Names of the columns.
    missing
        What stands for no value, beside an empty cell.

    Raises
    ------
    GoedeBuurError
        Those of :mod:`goedebuur.services.tables_csv`.
    """
    import numpy as np

    from goedebuur.core.dispersion import evaluation

    columns = (measured, modelled)
    pairs = np.array(
        [
            [line.number_in(column, missing, least=0) for column in columns]
            for line in tables_csv.lines(data, name, columns)
        ],
        np.float64,
    )
    return evaluation.scores(pairs[:, 0], pairs[:, 1])
