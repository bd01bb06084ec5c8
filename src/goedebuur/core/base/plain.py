"""Records to and from plain JSON, by the types of their fields: one reader that finds every fault, not the first.

A record is a frozen dataclass of text, enumerations, days, whole numbers, yes or no, other such records and tuples of
these. Text may be held to a :class:`Pattern`. On writing, a field that says nothing (its default) is left out, so that
a field added later leaves the bytes of an earlier record as they were.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from goedebuur.core.base import rulebook
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.rulebook import Check

FIELD_MISSING: Final = declare("field-missing", "A field that must be there is not.")
FIELD_UNKNOWN: Final = declare("field-unknown", "There is no field of this name in this form.")
FIELD_VALUE: Final = declare("field-value", "The value of a field is not in the form that it has.")

_BOOK: Final = rulebook.area(
    "field",
    "Velden, in elk formulier en elke tabel van dit programma",
    "Fields, in every form and table of this program",
    rulebook.own(
        "een veld wordt gelezen zoals het er staat, nooit geraden",
        "a field is read as it stands there, and never guessed",
    ),
    "tests/rulebook/test_fields.py::test_refused",
)
THERE: Final = _BOOK.refuse(
    "there", FIELD_MISSING, "Een veld dat er moet zijn, is er.", "A field that must be there is there."
)
KNOWN: Final = _BOOK.refuse(
    "known",
    FIELD_UNKNOWN,
    "Elk veld heeft een naam die het formulier kent.",
    "Each field has a name that the form knows.",
)
OBJECT: Final = _BOOK.refuse(
    "object",
    FIELD_VALUE,
    "Waar een onderdeel met eigen velden hoort, staat er een.",
    "Where a part with fields of its own belongs, there is one.",
)
LIST: Final = _BOOK.refuse(
    "list", FIELD_VALUE, "Waar een lijst hoort, staat een lijst.", "Where a list belongs, there is a list."
)
DECIMALS: Final = _BOOK.refuse(
    "decimals",
    FIELD_VALUE,
    "Een getal met decimalen staat er als tekst.",
    "A number with decimals is written as text.",
    basis=rulebook.own("een getal in JSON wordt onderweg afgerond", "a number in JSON is rounded on its way"),
)
WHOLE: Final = _BOOK.refuse(
    "whole",
    FIELD_VALUE,
    "Waar een geheel getal of ja of nee hoort, staat dat.",
    "Where a whole number or yes or no belongs, there is one.",
)
TEXT: Final = _BOOK.refuse("text", FIELD_VALUE, "Waar tekst hoort, staat tekst.", "Where text belongs, there is text.")
CHARACTERS: Final = _BOOK.refuse(
    "characters",
    FIELD_VALUE,
    "Een tekst bestaat uit hele tekens.",
    "A text is made of whole characters.",
    basis=rulebook.standard("Unicode Standard, 3.9: half of a surrogate pair is no character"),
)
DAY: Final = _BOOK.refuse(
    "day",
    FIELD_VALUE,
    "Een dag bestaat en is geschreven als 2026-12-31.",
    "A day exists and is written as 2026-12-31.",
    basis=rulebook.standard("ISO 8601-1:2019, 5.2.2.1"),
)
WORD: Final = _BOOK.refuse(
    "word",
    FIELD_VALUE,
    "Een keuze is een van de woorden die er kunnen staan.",
    "A choice is one of the words that can stand there.",
)
WRITTEN: Final = _BOOK.refuse(
    "written",
    FIELD_VALUE,
    "Een tekst heeft de vorm van zijn veld, en een verplichte is niet leeg.",
    "A text has the form of its field, and one that is needed is not empty.",
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pattern:
    """How a text is written, and the words that say so."""

    regex: str
    hint: str


Line = Annotated[str, Pattern(r"[^\n\r]*\S[^\n\r]*", "Write one line of text.")]
Words = Annotated[str, Pattern(r"[\s\S]*\S[\s\S]*", "Write text.")]
Decimal = Annotated[str, Pattern(r"[0-9]{1,15}(\.[0-9]{1,9})?", "Write digits, with a decimal point, as 37.5.")]
Signed = Annotated[str, Pattern(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", "Write digits, with a decimal point, as -37.5.")]
Sha256 = Annotated[str, Pattern(r"[0-9a-f]{64}", "Write the SHA-256 as 64 lower-case hexadecimal digits.")]


def fault(field: str, message: str, value: object = "", hint: str = "", check: Check | None = None) -> GoedeBuurError:
    """Return the error of one field, for a record to raise that is not valid; the reader puts its place before it.

    Parameters
    ----------
    check
        The rule of the book that is broken; None for a record that nobody delivers.
    """
    if check is not None:
        return check.error(message, place=field, value=str(value), hint=hint)
    return GoedeBuurError(FIELD_VALUE, message, place=field, value=str(value), hint=hint)


def not_a_list(value: object) -> GoedeBuurError:
    """Return the error of what should be a list."""
    return fault("", "This is not a list.", value, check=LIST)


def located(error: GoedeBuurError, place: str) -> GoedeBuurError:
    """Return an error of a part as an error of the whole."""
    inner = error.place
    joined = f"{place}{'' if not inner or inner.startswith('[') or not place else '.'}{inner}"
    return error.at(joined)


def read(
    kind: type[T],
    body: object,
    faults: list[GoedeBuurError],
    place: str = "",
    ready: Mapping[str, Any] | None = None,
    *,
    build: bool = True,
) -> T | None:
    """Return the record in a plain object; None where something is wrong, which is then in `faults`.

    Parameters
    ----------
    faults
        Every fault is added to it, each with place, value and hint.
    place
        Where the object stands in what is read, e.g. `conditions[3].form`.
    ready
        Fields that were read already.
    build
        Whether to make the record; where a part of it has a fault already, only the faults of the rest are wanted.
    """
    if not isinstance(body, Mapping):
        faults.append(located(fault("", "This is not an object with fields.", body, check=OBJECT), place))
        return None
    before = len(faults)
    given: dict[str, Any] = dict(ready or {})
    types = _types(cast(Any, kind))
    for one in fields(cast(Any, kind)):
        if one.name in given:
            continue
        if one.name in body:
            given[one.name] = _value(types[one.name], body[one.name], faults, _joined(place, one.name))
        elif one.default is MISSING and one.default_factory is MISSING:
            faults.append(THERE.error("This field must be there.", place=_joined(place, one.name)))
    for name in body:
        if name not in types:
            hint = f"Known: {', '.join(types)}."
            faults.append(KNOWN.error("There is no field of this name.", place=_joined(place, name), hint=hint))
    if len(faults) > before or not build:
        return None
    try:
        return kind(**given)
    except GoedeBuurError as error:
        faults.append(located(error, place))
        return None


def require(kind: type[T], body: object, code: str = "") -> T:
    """Return the record in a plain object that has to be whole, such as what stands under a leaf.

    Parameters
    ----------
    code
        Of the error; without, that of the fault itself.

    Raises
    ------
    GoedeBuurError
        The first fault.
    """
    faults: list[GoedeBuurError] = []
    found = read(kind, body, faults)
    if found is None:
        first = faults[0]
        if not code:
            raise first
        raise GoedeBuurError(
            code, first.message, place=first.place, value=first.value, hint=first.hint, check=first.check
        )
    return found


def write(record: object) -> dict[str, Any]:
    """Return a record as a plain object, without the fields that say nothing."""
    found: dict[str, Any] = {}
    for one in fields(cast(Any, record)):
        value = getattr(record, one.name)
        if one.default is not MISSING and value == one.default:
            continue
        found[one.name] = _plain(value)
    return found


def parts(kind: Any) -> dict[str, Any]:
    """Return the types of the fields of a record, with what is noted on them."""
    return dict(_types(kind))


@lru_cache(maxsize=256)
def _types(kind: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(kind, include_extras=True)
    return {one.name: hints[one.name] for one in fields(kind)}


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value):
        return write(value)
    return value


def _joined(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _value(kind: Any, value: object, faults: list[GoedeBuurError], place: str) -> Any:
    """Return a value of a type; None with a fault where it is not one."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        if value is None:
            return None
        (kind,) = (one for one in get_args(kind) if one is not NoneType)
        return _value(kind, value, faults, place)
    if origin is tuple:
        return _tuple(get_args(kind)[0], value, faults, place)
    if is_dataclass(kind):
        return read(cast("type[Any]", kind), value, faults, place)
    try:
        return _scalar(kind, value)
    except GoedeBuurError as error:
        faults.append(located(error, place))
        return None


def _tuple(kind: Any, value: object, faults: list[GoedeBuurError], place: str) -> tuple[Any, ...] | None:
    if not isinstance(value, list | tuple):
        faults.append(not_a_list(value).at(place))
        return None
    return tuple(_value(kind, one, faults, f"{place}[{number}]") for number, one in enumerate(value))


def _scalar(kind: Any, value: object) -> Any:
    noted: tuple[Any, ...] = ()
    if get_origin(kind) is Annotated:
        kind, *rest = get_args(kind)
        noted = tuple(rest)
    if isinstance(value, float):
        hint = f'Write it between quotes: "{value}".'
        raise fault("", "A number with decimals is written as text here.", value, hint, DECIMALS)
    if kind is bool or kind is int:
        if type(value) is not kind:
            said = f"This is not {'true or false' if kind is bool else 'a whole number'}."
            raise fault("", said, value, check=WHOLE)
        return value
    if not isinstance(value, str):
        hint = "Write it between quotes." if isinstance(value, int) else ""
        raise fault("", "This is not text.", value, hint, TEXT)
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise fault("", "This text has half a character, which no file can hold.", ascii(value), check=CHARACTERS)
    if kind is date:
        return _day(value)
    if issubclass(kind, StrEnum):
        if value not in list(kind):
            hint = f"Choose from: {', '.join(kind)}."
            raise fault("", "This is none of the words that can stand here.", value, hint, WORD)
        return kind(value)
    for pattern in noted:
        if not re.fullmatch(pattern.regex, value):
            said = "This is not written as it should be." if value else "This is empty."
            raise fault("", said, value, pattern.hint, WRITTEN)
    return value


def _day(value: str) -> date:
    try:
        if len(value) != 10:
            raise ValueError(value)
        return date.fromisoformat(value)
    except ValueError:
        raise fault("", "This is not a day.", value, "Write a day as 2026-12-31.", DAY) from None
