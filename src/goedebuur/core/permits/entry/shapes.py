"""What a field of an entry is, and what is typed in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from goedebuur.core.base.sourced import Text

NOTHING: Final = Text()


class Shape(StrEnum):
    """What is typed in a field."""

    LINE = "line"
    WORDS = "words"
    NUMBER = "number"
    COUNT = "count"
    DAY = "day"
    CHOICE = "choice"
    SEVERAL = "several"
    """Some of a set of words, parted by semicolons."""
    LIST = "list"
    """Lines of text, parted by semicolons."""
    YES_NO = "yes_no"
    POINTS = "points"
    """A line each: name; x; y, and perhaps the height."""
    REQUIREMENTS = "requirements"
    """A line each: what; at least or at most; number; unit, and perhaps the averaging time."""
    LEVELS = "levels"
    """A line each: from; until; number."""
    ROWS = "rows"
    """A line each, of cells parted by semicolons: one for each column of the field."""


class YesNo(StrEnum):
    """Yes or no; an empty field is not stated."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Parameters
    ----------
    label, help
        As said to people; help may be empty.
    example
        As it may be typed, in Dutch.
    choices
        The words that can stand in it.
    required
        Whether it cannot be left out.
    more
        Whether it is needed seldom, and stands apart.
    columns
        Of :attr:`Shape.ROWS`: what stands in each cell of a line. A list in a cell is parted by commas.
    """

    name: str
    label: Text
    shape: Shape = Shape.LINE
    help: Text = NOTHING
    example: str = ""
    choices: type[StrEnum] | None = None
    required: bool = False
    more: bool = False
    columns: tuple[Field, ...] = ()
