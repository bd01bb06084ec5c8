"""What is doubtful in a delivery: counted per check for the leaf, and said to the one who delivers where it is much.

Nothing is left out for it. That a delivery changes most of what held, or a factor of thousand, is the mark of a unit or
column that was mistaken; it is taken in all the same, since only the supplier knows.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from goedebuur.core.base.flags import DOUBTFUL, OUR_CHECKS
from goedebuur.core.measurements.corrections import Difference

FLAGGED: Final = "flagged:"
"""How the names of these counts begin; after it the name of the flag in small letters."""
LARGE_PART: Final = (1, 10)
"""Of the values of a delivery that are doubtful. Ours: no source sets it."""
MOST_CHANGED: Final = (1, 5)
"""Of what held in the period and is changed or withdrawn. Ours."""


def flagged(rows: pl.DataFrame) -> dict[str, int]:
    """Return how many values carry each flag of doubt, by the name of the count; only what occurs."""
    found = {f"{FLAGGED}{str(flag.name).lower()}": _number(rows, int(flag)) for flag in OUR_CHECKS if flag & DOUBTFUL}
    return {name: number for name, number in found.items() if number}


def sentences(found: Difference) -> tuple[str, ...]:
    """Return what the one who delivered is asked to look at again; empty without a reason to."""
    said = []
    values = found.rows.height - found.withdrawn
    doubtful = _number(found.rows, int(DOUBTFUL))
    if doubtful * LARGE_PART[1] > values * LARGE_PART[0]:
        counts = ", ".join(
            f"{name.removeprefix(FLAGGED).replace('_', ' ')} {number}" for name, number in flagged(found.rows).items()
        )
        said.append(f"{doubtful} of {values} values are doubtful to our checks ({counts}); they are kept, and count")
    gone = found.changed + found.withdrawn
    if gone * MOST_CHANGED[1] > found.held * MOST_CHANGED[0]:
        said.append(f"{gone} of {found.held} values that held are changed or withdrawn")
    if found.scaled * 2 > found.changed:
        said.append(
            f"{found.scaled} of the changed values are a thousand times what held, or a thousandth: "
            "was another unit meant?"
        )
    return tuple(said)


def _number(rows: pl.DataFrame, bits: int) -> int:
    return int(((rows["flags"] & bits) != 0).sum()) if rows.height else 0
