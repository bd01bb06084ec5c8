"""Results at places as somebody kept them: of this program or of another model, a table with named columns.

Models of the New National Model have no published form of their results; what they all can be saved as is a table with
x and y in RD New and a column a statistic.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from goedebuur.adapters import payloads
from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.sites.records import RD_EAST, RD_NORTH
from goedebuur.services import planes, tables_csv
from goedebuur.services.dispersion_grids import Grid
from goedebuur.services.dispersion_sources import Receptor

if TYPE_CHECKING:
    from goedebuur.core.weather.sun import Floats
    from goedebuur.services.planes import Plane
    from goedebuur.services.tables_csv import Line

EAST: Final = ("x", "rd_x", "x_rd", "x-coord", "x_coord", "x [m]")
NORTH: Final = ("y", "rd_y", "y_rd", "y-coord", "y_coord", "y [m]")
"""Names of the columns with places, in any case."""
NAMES: Final = ("id", "name", "naam", "receptor")
LABELS: Final = ("study", "substance", "years", "simulated", "model", "stacks", "basis", "hours", "assumed")
"""Columns that say from what results are."""
SEPARATORS: Final = ",;\t"
_COMMA: Final = re.compile(r"\s*-?\d+,\d+(?:[eE][-+]?\d+)?\s*")


@dataclass(frozen=True, slots=True)
class Kept:
    """Places with values.

    Parameters
    ----------
    name
        Of the file.
    places
        On the plane that the table is in. [m]
    values
        Column → value of each place, NaN where it is not told.
    """

    name: str
    places: tuple[Receptor, ...]
    values: Mapping[str, Floats]

    def ordered(self) -> tuple[Grid | tuple[Receptor, ...], Mapping[str, Floats]]:
        """Return the places as a grid where they are all those of one, with the values in its order."""
        import numpy as np

        x, y = sorted({one.x for one in self.places}), sorted({one.y for one in self.places})
        if len(x) < 2 or len(y) < 2 or len(x) * len(y) != len(self.places):
            return self.places, self.values
        order = np.array(sorted(range(len(self.places)), key=lambda at: (self.places[at].y, self.places[at].x)))
        return Grid(self.name, tuple(x), tuple(y)), {name: told[order] for name, told in self.values.items()}


def read_results(
    data: bytes,
    name: str,
    columns: Sequence[str] = (),
    plane: Plane | None = None,
    *,
    largest: int = payloads.MAX_PLAIN,
    most: int | None = None,
) -> Kept:
    """Return places with values from a table; what stands between its cells is seen from its first line.

    Parameters
    ----------
    data, name
        Cells with commas, semicolons or tabs between them; with the last two a comma may stand for the point.
    columns
        Of the values; none for all but those with names, places and labels.
    plane
        On which its places are, where that is known: places in RD New lie in the country.
    largest
        Content that is taken, unpacked. [byte]
    most
        Places after which reading stops; None for all.

    Raises
    ------
    GoedeBuurError
        Those of `payloads` and `tables_csv`; `input-missing-column` without a column with x, y or values;
        `input-duplicate` for a place that comes twice.
    """
    import numpy as np

    table = _with_commas(payloads.text(payloads.decompress(data, name, largest), name, "utf-8").removeprefix("\ufeff"))
    header = tables_csv.columns_of(table.encode(), name)
    lower = {one.strip().lower(): one for one in header}
    east, north = (next((lower[one] for one in names if one in lower), names[0]) for names in (EAST, NORTH))
    called = next((lower[one] for one in NAMES if one in lower), None)
    told = list(columns) or [one for one in header if one not in (east, north, called, *LABELS)]
    if not told:
        raise GoedeBuurError(
            errors.MISSING_COLUMN, "The table has no column with values.",
            place=f"{name}, line 1", value=", ".join(header), hint="Beside x and y give one with the concentration.",
        )  # fmt: skip
    found: dict[tuple[float, float], Receptor] = {}
    values: list[list[float]] = []
    lines = tables_csv.lines(table.encode(), name, [east, north, *told])
    for number, line in enumerate(islice(lines, most), start=1):
        x, y = _at(line, east, north, plane)
        if (x, y) in found:
            raise GoedeBuurError(
                errors.DUPLICATE_KEY, "The place comes twice.",
                place=line.place(east), value=f"{x:g}, {y:g}", hint="Give each place once.",
            )  # fmt: skip
        found[x, y] = Receptor(line.cells[called] if called else str(number), x, y)
        values.append([line.number_in(column, "") for column in told])
    table_of = np.array(values, np.float64)
    return Kept(name, tuple(found.values()), {column: table_of[:, at] for at, column in enumerate(told)})


def write_results(layout: Grid | Sequence[Receptor], values: Mapping[str, Floats]) -> str:
    """Return places with values as a table that :func:`read_results` reads; an empty cell for no value."""
    import numpy as np

    sink = io.StringIO()
    rows = csv.writer(sink, lineterminator="\n")
    rows.writerow(["id", "x", "y", *values])
    for number, one in enumerate(layout.places if isinstance(layout, Grid) else layout):
        told = [values[name][number] for name in values]
        rows.writerow([one.id, f"{one.x:.3f}", f"{one.y:.3f}", *("" if np.isnan(n) else f"{n:.8g}" for n in told)])
    return sink.getvalue()


def _at(line: Line, east: str, north: str, plane: Plane | None) -> tuple[float, float]:
    limits = (RD_EAST, RD_NORTH) if plane == planes.RD else ((), ())
    return line.number_in(east, None, *limits[0]), line.number_in(north, None, *limits[1])


def _with_commas(text: str) -> str:
    """Return a table with commas between its cells, and points in its numbers."""
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    if separator == ",":
        return text
    sink = io.StringIO()
    rows = csv.writer(sink, lineterminator="\n")
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.writerow([one.replace(",", ".") if _COMMA.fullmatch(one) else one for one in cells])
    except csv.Error:
        return text
    return sink.getvalue()
