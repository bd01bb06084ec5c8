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
from math import nan
from typing import TYPE_CHECKING, Final

from goedebuur.adapters import payloads
from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.spreadsheets import as_meant, harmless
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
NO_VALUE: Final = (-9999.0, -999.0, -99.0)
"""What models write where they say nothing, beside an empty cell. No other value is below 0."""
_COMMA: Final = re.compile(r"\s*-?\d+,\d+(?:[eE][-+]?\d+)?\s*")
_FRACTION: Final = re.compile(r"-?\d+[.,]\d+(?:[eE][-+]?\d+)?")


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

    @property
    def without(self) -> dict[str, int]:
        """Return how many places have no value, of each column in which there are any."""
        import numpy as np

        counts = {name: int(np.isnan(told).sum()) for name, told in self.values.items()}
        return {name: count for name, count in counts.items() if count}

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

    An empty cell and the codes of :data:`NO_VALUE` are no value. Names are read as they were before `write_results`
    marked them.

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
        `input-duplicate` for a place that comes twice; `input-number` also for another value below 0, and for a number
        that may be thousands or a fraction: 1.234 where others have a comma for the point.
    """
    import numpy as np

    told_as = payloads.text(payloads.decompress(data, name, largest), name, "utf-8").removeprefix("\ufeff")
    table = _with_commas(told_as, name)
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
        found[x, y] = Receptor(as_meant(line.cells[called]) if called else str(number), x, y)
        values.append([_value(line, column) for column in told])
    table_of = np.array(values, np.float64)
    return Kept(name, tuple(found.values()), {column: table_of[:, at] for at, column in enumerate(told)})


def write_results(layout: Grid | Sequence[Receptor], values: Mapping[str, Floats]) -> str:
    """Return places with values as a table that :func:`read_results` reads; an empty cell for no value.

    Names that a spreadsheet would run are marked with `'`, and read without it.
    """
    import numpy as np

    sink = io.StringIO()
    rows = csv.writer(sink, lineterminator="\n")
    rows.writerow(["id", "x", "y", *map(harmless, values)])
    for number, one in enumerate(layout.places if isinstance(layout, Grid) else layout):
        told = ("" if np.isnan(values[name][number]) else f"{values[name][number]:.8g}" for name in values)
        rows.writerow([harmless(one.id), f"{one.x:.3f}", f"{one.y:.3f}", *told])
    return sink.getvalue()


def _at(line: Line, east: str, north: str, plane: Plane | None) -> tuple[float, float]:
    limits = (RD_EAST, RD_NORTH) if plane == planes.RD else ((), ())
    return line.number_in(east, None, *limits[0]), line.number_in(north, None, *limits[1])


def _value(line: Line, column: str) -> float:
    """Return the value in a cell, NaN for none."""
    found = line.number_in(column, "")
    if found in NO_VALUE:
        return nan
    if found < 0:
        codes = ", ".join(f"{code:g}" for code in NO_VALUE)
        raise GoedeBuurError(
            errors.BAD_NUMBER, "A concentration is not below 0.",
            place=line.place(column), value=line.cells[column].strip(),
            hint=f"Where there is no value leave the cell empty, or write one of {codes}.",
        )  # fmt: skip
    return found


def _with_commas(text: str, name: str) -> str:
    """Return a table with commas between its cells, and points in its numbers."""
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    if separator == ",":
        return text
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        lines = [(reader.line_num, cells) for cells in reader]
    except csv.Error:
        return text
    _require_one_mark(lines, name)
    sink = io.StringIO()
    rows = csv.writer(sink, lineterminator="\n")
    rows.writerows([one.replace(",", ".") if _COMMA.fullmatch(one) else one for one in cells] for _, cells in lines)
    return sink.getvalue()


def _require_one_mark(lines: Sequence[tuple[int, Sequence[str]]], name: str) -> None:
    """Refuse a number that may be thousands or a fraction, in a table in which both commas and points are marks."""
    seen, doubtful = set[str](), None
    header = lines[0][1] if lines else ()
    numbers = [at for at, column in enumerate(header) if column.strip().lower() not in (*NAMES, *LABELS)]
    for number, cells in lines[1:]:
        for at in numbers:
            cell = cells[at].strip() if at < len(cells) else ""
            grouped = tables_csv.GROUPED.fullmatch(cell) is not None
            if grouped or _FRACTION.fullmatch(cell):
                seen.add("," if "," in cell else ".")
            if grouped and doubtful is None:
                doubtful = f"{name}, line {number}, column {header[at]}", cell
    if len(seen) > 1 and doubtful is not None:
        raise GoedeBuurError(
            errors.BAD_NUMBER, "The number may be thousands or a fraction.",
            place=doubtful[0], value=doubtful[1],
            hint="Other numbers of the table have another mark. Use either a comma or a point for fractions, and none "
            "between thousands.",
        )  # fmt: skip
