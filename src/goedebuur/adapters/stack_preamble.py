"""The lines before the rows of a file with raw signals: they state what no reader should have to guess.

Each begins with `#`, a key and a colon; `docs/methods/stack-files.md` explains every key:

    # goedebuur-stack: 1
    # layout: long
    # separator: ;
    # decimal: ,
    # clock: CET
    # label: start
    # day: yyyy-mm-dd
    # status: 0 = valid, 1 = maintenance, 2 = malfunction
    # stream: nox = K1.stack_nox.1min [mg/m³]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from goedebuur.core.base import errors, rulebook
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.flags import Flag
from goedebuur.core.base.periods import Period
from goedebuur.core.base.quantities import QUANTITIES
from goedebuur.core.base.rulebook import Check
from goedebuur.core.measurements.records import step_of

PREAMBLE: Final = declare("input-preamble", "A line before the rows of a file with raw signals is not as it should be.")

MAGIC: Final = "# goedebuur-stack:"
VERSION: Final = "1"
SEPARATORS: Final = {";": ";", ",": ",", "tab": "\t"}
CLOCKS: Final = ("offset", "UTC", "CET", "local")
"""`offset`: each time has its own. `local`: the civil clock of the Netherlands, with summer time."""
STATUSES: Final[Mapping[str, Flag]] = {
    "valid": Flag.NONE,
    "invalid": Flag.SUPPLIER_INVALID,
    "maintenance": Flag.MAINTENANCE,
    "malfunction": Flag.MALFUNCTION,
    "calibrating": Flag.CALIBRATING,
    "substitute": Flag.SUBSTITUTE,
    "above_range": Flag.ABOVE_RANGE,
    "below_detection": Flag.BELOW_DETECTION,
    "out_of_service": Flag.NOT_AT_WORK,
}
"""What a code of a status column can stand for → its flag; several with `+` between."""
REQUIRED: Final = ("layout", "separator", "decimal", "clock", "label", "day", "status", "stream")
LONGEST: Final = 2000
"""Letters in a line."""
OPTIONAL: Final = ("missing", "rows", "covers", "source")
BOOK: Final = rulebook.area(
    "stack",
    "Ruwe signalen van een schoorsteen",
    "Raw signals of a stack",
    rulebook.described("docs/methods/stack-files.md"),
    "tests/rulebook/test_stack.py::test_refused",
)
LINE_FORM: Final = BOOK.refuse(
    "line",
    PREAMBLE,
    f"Elke regel voor de rijen is `# sleutel: waarde`, van ten hoogste {LONGEST} letters.",
    f"Each line before the rows is `# key: value`, of at most {LONGEST} letters.",
)
SAID_ONCE: Final = BOOK.refuse("said-once", PREAMBLE, "Elke sleutel staat er één keer.", "Each key is there once.")
KNOWN_KEY: Final = BOOK.refuse(
    "key",
    PREAMBLE,
    "Elke sleutel is er een van dit formaat.",
    "Each key is one of this format.",
    rows=[rulebook.Row(key, "required" if key in REQUIRED else "optional", "") for key in (*REQUIRED, *OPTIONAL)],
)
KNOWN_VERSION: Final = BOOK.refuse(
    "version", PREAMBLE, f"De versie van het formaat is {VERSION}.", f"The version of the format is {VERSION}."
)
ALL_SAID: Final = BOOK.refuse(
    "all-said",
    PREAMBLE,
    "Alle sleutels die nodig zijn staan er.",
    "All keys that are needed are there.",
    basis=rulebook.own("wat een lezer raadt kan niemand nagaan", "what a reader guesses nobody can check"),
)
CHOICE: Final = BOOK.refuse(
    "choice",
    PREAMBLE,
    "Indeling, scheidingsteken, decimaalteken, klok, label en dag zijn een van de bekende woorden.",
    "Layout, separator, decimal sign, clock, label and day are one of the known words.",
)
SIGNS_APART: Final = BOOK.refuse(
    "signs-apart",
    PREAMBLE,
    "Een komma staat niet tegelijk tussen cellen en in getallen.",
    "A comma is not both between cells and in numbers.",
)
STREAM_LINE: Final = BOOK.refuse(
    "stream-line",
    PREAMBLE,
    "Elke stroom heeft een naam, een reeks en een eenheid.",
    "Each stream has a name, a series and a unit.",
)
STREAM_QUANTITY: Final = BOOK.refuse(
    "stream-quantity",
    errors.UNKNOWN_QUANTITY,
    "De reeks van een stroom is van een grootheid van een schoorsteen.",
    "The series of a stream is of a quantity of a stack.",
)
STREAM_STEP: Final = BOOK.refuse(
    "stream-step",
    PREAMBLE,
    "De stap van een reeks past een heel aantal keren in een uur.",
    "The step of a series goes into an hour a whole number of times.",
)
STREAM_UNIT: Final = BOOK.refuse(
    "stream-unit",
    errors.UNKNOWN_UNIT,
    "De eenheid van een stroom is er een waarin zijn grootheid wordt aangenomen.",
    "The unit of a stream is one in which its quantity is taken.",
)
STREAMS_APART: Final = BOOK.refuse(
    "streams-apart",
    PREAMBLE,
    "Elke stroom heeft een eigen naam en een eigen reeks.",
    "Each stream has a name and a series of its own.",
)
STATUS_WORDS: Final = BOOK.refuse(
    "status-words",
    PREAMBLE,
    "Elke code van een status staat er één keer, met bekende woorden.",
    "Each code of a status is there once, with known words.",
    rows=[rulebook.Row(word, flag.name or "", "") for word, flag in STATUSES.items()],
)
ROWS_NUMBER: Final = BOOK.refuse(
    "rows-number", PREAMBLE, "Het aantal rijen is een getal.", "The number of rows is a number."
)
COVERS_PERIOD: Final = BOOK.refuse(
    "covers-period",
    PREAMBLE,
    "De periode waarvoor het bestand volledig is heeft een begin en een later einde.",
    "The period for which the file is complete has a start and a later end.",
    basis=rulebook.standard("ISO 8601-1:2019, 5.5.2.3"),
)
_LINE: Final = re.compile(r"#\s*([a-z-]+)\s*:\s*(.*\S)\s*")
_STREAM: Final = re.compile(
    r"([^=;,\t\"]*[^=;,\t\"\s])\s*=\s*([A-Za-z0-9_-]+\.[a-z0-9_]+\.[a-z0-9]+)\s*\[\s*(\S(?:.*\S)?)\s*\]"
)
_STREAM_FORM: Final = "Write `# stream: NAME = SERIES [UNIT]`, as `# stream: nox = K1.stack_nox.1min [mg/m³]`."


@dataclass(frozen=True, slots=True)
class Column:
    """One stream in a file: how the file calls it, its series, its unit and its step [s]."""

    name: str
    series: str
    unit: str
    step: int
    line: int

    @property
    def quantity(self) -> str:
        """Return the quantity in the series."""
        return self.series.split(".")[1]


@dataclass(frozen=True, slots=True)
class Preamble:
    """What a file says of itself.

    Parameters
    ----------
    wide
        Whether it has a column a stream; else a row a stream and time.
    separator, comma
        Between cells; whether the decimal sign is a comma.
    clock, ends
        One of :data:`CLOCKS`; whether a time is the end of its step.
    day_first
        Whether days are written `31-12-2026`.
    statuses
        Code → flags; None where the file has no status.
    missing
        Texts in place of a value.
    rows
        How many rows it has, for one that says so.
    covers
        Period for which it is complete: what is absent in it is withdrawn.
    columns
        By series.
    lines
        How many lines came before the header of the rows.
    """

    wide: bool
    separator: str
    comma: bool
    clock: str
    ends: bool
    day_first: bool
    statuses: Mapping[str, int] | None
    missing: tuple[str, ...]
    rows: int | None
    covers: Period | None
    columns: tuple[Column, ...]
    lines: int


def read(text: str, name: str) -> tuple[Preamble, int]:
    """Return what a file says of itself, and where the header of its rows begins.

    Raises
    ------
    GoedeBuurError
        `input-preamble`, `input-unit` or `input-quantity`, with the line.
    """
    said: dict[str, tuple[str, int]] = {}
    columns: list[Column] = []
    position = number = 0
    while text.startswith("#", position):
        number += 1
        end = text.find("\n", position)
        line = text[position : end if end >= 0 else len(text)].rstrip("\r")
        position = end + 1 if end >= 0 else len(text)
        place = f"{name}, line {number}"
        found = _LINE.fullmatch(line) if len(line) <= LONGEST else None
        if found is None:
            raise _fault(
                LINE_FORM,
                "This line is not a key and what it says.",
                place,
                line,
                f"Write `# key: value`, at most {LONGEST} letters.",
            )
        key, value = found.groups()
        if key == "stream":
            columns.append(_column(value, place, number))
        elif key in said:
            raise _fault(SAID_ONCE, "This is said twice.", place, key, f"It is in line {said[key][1]} too.")
        elif key not in (*REQUIRED, *OPTIONAL, "goedebuur-stack"):
            raise _fault(KNOWN_KEY, "There is no such key.", place, key, f"Known: {', '.join((*REQUIRED, *OPTIONAL))}.")
        else:
            said[key] = (value, number)
    return _preamble(said, columns, name, number), position


def _preamble(said: Mapping[str, tuple[str, int]], columns: list[Column], name: str, lines: int) -> Preamble:
    if said.get("goedebuur-stack", ("", 1))[0] != VERSION:
        version = said.get("goedebuur-stack", ("", 1))[0]
        raise _fault(
            KNOWN_VERSION, "This version of the layout is not known.", f"{name}, line 1", version, f"Write `{MAGIC} 1`."
        )
    for key in REQUIRED:
        if key not in said and not (key == "stream" and columns):
            hint = _STREAM_FORM if key == "stream" else f"Add the line `# {key}: …`; docs/methods/stack-files.md."
            raise _fault(ALL_SAID, f"The file does not say its {key}.", f"{name}, before line {lines + 1}", "", hint)

    def choose(key: str, *known: str) -> str:
        value, line = said[key]
        if value not in known:
            raise _fault(
                CHOICE, f"This is no {key}.", f"{name}, line {line}", value, f"Choose from: {', '.join(known)}."
            )
        return value

    def optional(key: str, make: Callable[[str, str], object]) -> object:
        return make(said[key][0], f"{name}, line {said[key][1]}") if key in said else None

    separator = SEPARATORS[choose("separator", *SEPARATORS)]
    comma = choose("decimal", ".", ",") == ","
    if comma and separator == ",":
        raise _fault(
            SIGNS_APART,
            "A comma cannot be both between cells and in a number.",
            f"{name}, line {said['decimal'][1]}",
            ",",
        )
    _require_apart(columns, name)
    rows, covers = optional("rows", _rows), optional("covers", _covers)
    assert rows is None or isinstance(rows, int)
    assert covers is None or isinstance(covers, Period)
    return Preamble(
        wide=choose("layout", "long", "wide") == "wide",
        separator=separator,
        comma=comma,
        clock=choose("clock", *CLOCKS),
        ends=choose("label", "start", "end") == "end",
        day_first=choose("day", "yyyy-mm-dd", "dd-mm-yyyy") == "dd-mm-yyyy",
        statuses=_statuses(*said["status"], name),
        missing=tuple(one.strip() for one in said["missing"][0].split(";")) if "missing" in said else (),
        rows=rows,
        covers=covers,
        columns=tuple(sorted(columns, key=lambda one: one.series)),
        lines=lines,
    )


def _column(value: str, place: str, line: int) -> Column:
    found = _STREAM.fullmatch(value)
    if found is None:
        raise _fault(STREAM_LINE, "This is not a stream with its series and unit.", place, value, _STREAM_FORM)
    name, series, unit = found.groups()
    quantity, step = QUANTITIES.get(series.split(".")[1]), step_of(series)
    if quantity is None or not quantity.stack:
        raise STREAM_QUANTITY.error(
            "The series is of no quantity of a stack.",
            place=place,
            value=series,
            hint="docs/methods/stack-files.md lists them; `goedebuur stack streams` has the series of each stream.",
        )
    if step is None or not 0 < step <= 3600 or 3600 % step:
        raise _fault(
            STREAM_STEP, "The step of the series does not go into an hour.", place, series, "E.g. K1.stack_nox.1min."
        )
    if unit not in quantity.ratios:
        raise STREAM_UNIT.error(
            f"{quantity.id} does not come in this unit.",
            place=place,
            value=unit,
            hint=f"Known: {', '.join(quantity.ratios)}. A current or a share in ppm is a quantity of its own.",
        )
    return Column(name, series, unit, step, line)


def _require_apart(columns: list[Column], name: str) -> None:
    for field in ("name", "series"):
        seen: dict[str, Column] = {}
        for one in columns:
            other = seen.setdefault(getattr(one, field), one)
            if other is not one:
                raise _fault(
                    STREAMS_APART,
                    f"Two streams have this {field}.",
                    f"{name}, line {one.line}",
                    getattr(one, field),
                    f"It is in line {other.line} too.",
                )


def _statuses(value: str, line: int, name: str) -> Mapping[str, int] | None:
    if value == "none":
        return None
    found: dict[str, int] = {}
    for part in value.split(","):
        code, sign, words = (one.strip() for one in part.partition("="))
        flags = [STATUSES.get(word.strip()) for word in words.split("+")]
        if not sign or not code or None in flags or code in found:
            raise _fault(
                STATUS_WORDS,
                "This is no code of a status with what it stands for.",
                f"{name}, line {line}",
                part.strip(),
                f"Write `0 = valid, 1 = maintenance`, or `none`; the words are {', '.join(STATUSES)}.",
            )
        found["" if code == "empty" else code] = int(sum((one for one in flags if one is not None), Flag.NONE))
    return found


def _rows(value: str, place: str) -> int:
    if not re.fullmatch(r"[0-9]{1,12}", value):
        raise _fault(ROWS_NUMBER, "This is not a number of rows.", place, value)
    return int(value)


def _covers(value: str, place: str) -> Period:
    try:
        start, end = (datetime.fromisoformat(one.strip()) for one in value.split("/"))
        return Period(start, end)
    except (ValueError, TypeError):
        raise _fault(
            COVERS_PERIOD,
            "This is not a period.",
            place,
            value,
            "Write `2026-01-01T00:00:00+01:00/2026-02-01T00:00:00+01:00`.",
        ) from None


def _fault(check: Check, message: str, place: str, value: str, hint: str = "") -> GoedeBuurError:
    hint = hint or "docs/methods/stack-files.md explains every line."
    return check.error(message, place=place, value=value, hint=hint)
