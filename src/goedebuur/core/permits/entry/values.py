"""What is typed in one field of an entry, in the documented form of `form.py`; what is wrong with it as troubles."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from goedebuur.core.base.sourced import Text
from goedebuur.core.permits import dutch
from goedebuur.core.permits.conditions import Comparison
from goedebuur.core.permits.entry.shapes import Field, Shape
from goedebuur.core.permits.entry.troubles import Trouble, missing, too_many_parts, trouble
from goedebuur.core.permits.entry.words import chosen
from goedebuur.core.permits.limits import Averaging
from goedebuur.core.permits.units import UNITS


def value(field: Field, written: str, troubles: list[Trouble]) -> Any:
    """Return what is typed in one field in the documented form; what is wrong with it goes to `troubles`."""
    match field.shape:
        case Shape.NUMBER:
            return number(field.name, written, troubles)
        case Shape.COUNT:
            if re.fullmatch(r"[1-9]\d{0,4}", written):
                return int(written)
            troubles.append(trouble(field.name, written, "count"))
        case Shape.DAY:
            day = dutch.day(written)
            if day is not None:
                return day.isoformat()
            troubles.append(trouble(field.name, written, "day"))
        case Shape.CHOICE | Shape.YES_NO:
            return _choice(field, written, troubles)
        case Shape.SEVERAL:
            return [_choice(field, one, troubles) for one in parts(written)]
        case Shape.LIST:
            return list(parts(written))
        case Shape.POINTS:
            return [_point(field.name, line, troubles) for line in lines(written)]
        case Shape.REQUIREMENTS:
            return [_requirement(field.name, line, troubles) for line in lines(written)]
        case Shape.LEVELS:
            return [_level(field.name, line, troubles) for line in lines(written)]
        case Shape.ROWS:
            return _rows(field, written, troubles)
        case Shape.LINE:
            return _line(field, written, troubles)
        case Shape.WORDS:
            return written.replace("\r\n", "\n")
    return None


def _line(field: Field, written: str, troubles: list[Trouble]) -> str:
    if "\n" in written:
        troubles.append(trouble(field.name, written.splitlines()[0], "one_line"))
    if field.name in ("unit", "above_unit"):
        plain = _unit(written)
        if plain not in UNITS:
            troubles.append(trouble(field.name, written, "unit"))
        return plain
    return written


def _unit(written: str) -> str:
    """Return a unit as the table of units has it, from what a keyboard has."""
    plain = re.sub(r"\s*/\s*", "/", written).replace("m3", "m³").replace("ug", "µg").replace("μg", "µg")
    return {"mg/m0³": "mg/Nm³", "ton": "t", "m³/dag": "m³/day", "m³/etmaal": "m³/day", "dB": "dB(A)"}.get(plain, plain)


def number(name: str, written: str, troubles: list[Trouble]) -> str:
    """Return a number with a decimal point; one that can be read in two ways is a trouble."""
    found = dutch.number(written)
    if found is None or found.text.startswith("-"):
        troubles.append(trouble(name, written, "number"))
        return ""
    if found.doubtful:
        troubles.append(trouble(name, written, "point"))
    return found.text


def _choice(field: Field, written: str, troubles: list[Trouble]) -> str:
    assert field.choices is not None, "a choice names its words"
    found = chosen(field.choices, written)
    if found is None:
        troubles.append(trouble(field.name, written, "choice", choices=field.choices))
        return ""
    return found.value


def parts(written: str) -> tuple[str, ...]:
    """Return what semicolons or lines part."""
    return tuple(part.strip() for part in re.split(r"[;\n]", written) if part.strip())


def lines(written: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in written.splitlines() if line.strip())


def _cells(name: str, line: str, least: int, most: int, key: str, troubles: list[Trouble]) -> list[str]:
    cells = [cell.strip() for cell in line.split(";")]
    if not least <= len(cells) <= most or not all(cells[:least]):
        troubles.append(trouble(name, line, key))
        return []
    return cells + [""] * (most - len(cells))


def _point(name: str, line: str, troubles: list[Trouble]) -> dict[str, str]:
    cells = _cells(name, line, 3, 4, "points", troubles)
    if not cells:
        return {}
    x, y = (number(name, cell, troubles) for cell in cells[1:3])
    height = {"height": number(name, cells[3], troubles)} if cells[3] else {}
    return {"name": cells[0], "x": x, "y": y, **height}


def _requirement(name: str, line: str, troubles: list[Trouble]) -> dict[str, str]:
    cells = _cells(name, line, 4, 5, "requirements", troubles)
    if not cells:
        return {}
    side = chosen(Comparison, cells[1])
    over = chosen(Averaging, cells[4]) if cells[4] else None
    if side is None or (cells[4] and over is None):
        troubles.append(trouble(name, line, "requirements"))
        return {}
    averaging = {"averaging": over.value} if over else {}
    value = number(name, cells[2], troubles)
    return {"parameter": cells[0], "comparison": side.value, "value": value, "unit": cells[3], **averaging}


def _level(name: str, line: str, troubles: list[Trouble]) -> dict[str, str]:
    cells = _cells(name, line, 3, 3, "levels", troubles)
    return {"start": cells[0], "end": cells[1], "value": number(name, cells[2], troubles)} if cells else {}


def _rows(field: Field, written: str, troubles: list[Trouble]) -> list[dict[str, Any]]:
    """Return a row for each line, by name of column; an empty cell is not in it."""
    found = []
    for line in lines(written):
        cells = row_of(line)
        if len(cells) > len(field.columns):
            troubles.append(too_many_parts(field, line))
            continue
        cells += [""] * (len(field.columns) - len(cells))
        row: dict[str, Any] = {}
        for column, cell in zip(field.columns, cells, strict=True):
            told: list[Trouble] = []
            if cell:
                row[column.name] = _cell(column, cell, told)
            elif column.required:
                told.append(missing(column))
            troubles.extend(of_column(field.name, column, one) for one in told)
        found.append(row)
    return found


def row_of(line: str) -> list[str]:
    """Return the cells of a line."""
    return [cell.strip() for cell in line.split(";")]


def _cell(column: Field, cell: str, troubles: list[Trouble]) -> Any:
    if column.shape is Shape.LIST:
        return [one.strip() for one in cell.split(",") if one.strip()]
    return value(column, cell, troubles)


def of_column(field: str, column: Field, one: Trouble) -> Trouble:
    """Return a mistake in one column of a field as a mistake of the field that names the column."""
    message = Text(f"{column.label.nl}: {one.message.nl}", f"{column.label.en}: {one.message.en}")
    return replace(one, field=field, message=message)
