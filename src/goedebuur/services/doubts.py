"""What is doubtful in a delivery: counted per check for the leaf, and said to the one who delivers where it is much.

Nothing is left out for it. That a delivery changes most of what held, or a factor of thousand, is the mark of a unit or
column that was mistaken; it is taken in all the same, since only the supplier knows.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from goedebuur.core.base import rulebook
from goedebuur.core.base.flags import DOUBTFUL, OUR_CHECKS
from goedebuur.core.measurements.corrections import Difference

FLAGGED: Final = "flagged:"
"""How the names of these counts begin; after it the name of the flag in small letters."""
LARGE_PART: Final = (1, 10)
"""Of the values of a delivery that are doubtful. Ours: no source sets it."""
MOST_CHANGED: Final = (1, 5)
"""Of what held in the period and is changed or withdrawn. Ours."""

_BOOK: Final = rulebook.area(
    "doubt",
    "Twijfel aan de hele levering",
    "Doubt about the whole delivery",
    rulebook.own(
        "alleen de leverancier weet het; het komt erin, en wordt gemeld",
        "only the supplier knows; it is taken in, and said",
    ),
    "tests/rulebook/test_doubts.py::test_noted",
)
MANY_DOUBTFUL: Final = _BOOK.note(
    "many-marked",
    f"Ten hoogste {LARGE_PART[0]} op de {LARGE_PART[1]} waarden heeft een merk van twijfel.",
    f"At most {LARGE_PART[0]} in {LARGE_PART[1]} values carries a mark of doubt.",
)
MUCH_CHANGED: Final = _BOOK.note(
    "much-changed",
    f"Een correctie verandert of trekt ten hoogste {MOST_CHANGED[0]} op de {MOST_CHANGED[1]} eerdere waarden in.",
    f"A correction changes or withdraws at most {MOST_CHANGED[0]} in {MOST_CHANGED[1]} of the values that were there.",
)
THOUSANDFOLD: Final = _BOOK.note(
    "thousandfold",
    "Gecorrigeerde waarden zijn niet voor het merendeel duizend keer zo groot of zo klein geworden.",
    "Corrected values have not for the most part become a thousand times as large or as small.",
    basis=rulebook.own("dat is het teken van een verkeerde eenheid", "that is the mark of a unit that was mistaken"),
)


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
        told = f"{doubtful} of {values} values are doubtful to our checks ({counts}); they are kept, and count"
        said.append(MANY_DOUBTFUL.note(told))
    gone = found.changed + found.withdrawn
    if gone * MOST_CHANGED[1] > found.held * MOST_CHANGED[0]:
        said.append(MUCH_CHANGED.note(f"{gone} of {found.held} values that held are changed or withdrawn"))
    if found.scaled * 2 > found.changed:
        told = f"{found.scaled} of the changed values are a thousand times what held, or a thousandth"
        said.append(THOUSANDFOLD.note(f"{told}: was another unit meant?"))
    return tuple(said)


def _number(rows: pl.DataFrame, bits: int) -> int:
    return int(((rows["flags"] & bits) != 0).sum()) if rows.height else 0
