"""The fields of an entry as a page shows them: what is typed, what is wrong with it, and help for the reader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from goedebuur.core.base.sourced import Text
from goedebuur.core.permits import dutch
from goedebuur.core.permits.conditions import ConditionKind
from goedebuur.core.permits.entry import fields as entry_fields
from goedebuur.core.permits.entry.kinds import UNITS_OF
from goedebuur.core.permits.entry.law import Law
from goedebuur.core.permits.entry.places import Places
from goedebuur.core.permits.entry.shapes import Field, Shape
from goedebuur.core.permits.entry.troubles import Trouble
from goedebuur.core.permits.entry.values import lines, parts, row_of
from goedebuur.core.permits.entry.words import CHOICES, chosen
from goedebuur.core.permits.names import Names

KEPT: tuple[str, ...] = ("installations", "emission_points", "unit", "averaging", "oxygen", "dry", "period", "page")
"""Fields that a next condition of the same kind takes over from the one before it."""


def said(text: Text) -> str:
    """Return a text in the language of the reader."""
    return text.nl if (get_language() or "nl").startswith("nl") else text.en or text.nl


@dataclass(frozen=True, slots=True)
class Choice:
    """One word that can stand in a field."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One field of a form."""

    name: str
    label: str
    help: str
    value: str
    shape: str
    required: bool
    more: bool
    choices: tuple[Choice, ...]
    suggestions: tuple[str, ...]
    troubles: tuple[str, ...]

    @property
    def open(self) -> bool:
        """Return whether a field that is needed seldom is shown at once."""
        return bool(self.value or self.troubles)


def shown(
    asked: Iterable[Field],
    typed: Mapping[str, str],
    troubles: Iterable[Trouble],
    names: Names,
    kind: str = "",
    places: Places | None = None,
) -> list[Shown]:
    """Return the fields of a form, with what is typed in them and what is wrong."""
    by_field: dict[str, list[str]] = {}
    for one in troubles:
        by_field.setdefault(one.field, []).append(f"{said(one.message)} {said(one.hint)}".strip())
    return [
        _shown(field, typed.get(field.name, ""), by_field.get(field.name, []), names, kind, places) for field in asked
    ]


def _shown(field: Field, value: str, troubles: list[str], names: Names, kind: str, places: Places | None) -> Shown:
    suggestions: tuple[str, ...] = ()
    choices = _choices(field, value)
    shape = field.shape
    of_site = field.name in ("installations", "emission_points") and places is not None
    if of_site and places is not None:
        choices, shape = _parts_of_site(field.name, value, places), Shape.SEVERAL
    if field.name == "substance":
        suggestions = tuple(row.nl for row in names.rows)
    elif field.name == "unit" and kind in list(ConditionKind):
        units = UNITS_OF.get(ConditionKind(kind), ())
        choices = tuple(Choice(one, one, one == value) for one in (*units, *({value} - {*units, ""})))
    if field.shape is Shape.DAY and (day := dutch.day(value)) is not None:
        value = f"{day:%d-%m-%Y}"
    return Shown(
        name=field.name,
        label=said(field.label),
        help="" if of_site else _help(field, shown_example=not choices),
        value=value,
        shape=shape.value,
        required=field.required,
        more=field.more,
        choices=choices,
        suggestions=suggestions,
        troubles=tuple(troubles),
    )


def _help(field: Field, *, shown_example: bool) -> str:
    """Return the help of a field, with an example where something is typed and not chosen."""
    example = _("For instance: %(example)s.") % {"example": field.example.rstrip(".")} if shown_example else ""
    return f"{said(field.help)} {example if field.example else ''}".strip()


def _choices(field: Field, value: str) -> tuple[Choice, ...]:
    """Return the words that can stand in a field; what is typed and is none of them stays there to be seen."""
    if field.choices is None:
        return ()
    several = field.shape is Shape.SEVERAL
    now = {found.value for one in (parts(value) if several else (value,)) if (found := chosen(field.choices, one))}
    known = [Choice(one.value, said(text), one.value in now) for one, text in _words(field.choices)]
    lost = [one for one in (parts(value) if several else (value,)) if one and chosen(field.choices, one) is None]
    return (*known, *(Choice(one, one, chosen=True) for one in lost))


def _parts_of_site(name: str, value: str, places: Places) -> tuple[Choice, ...]:
    """Return the installations or emission points of the site; what is typed and is none of them stays to be seen."""
    written = parts(value)
    found = {places.find(name, one) for one in written}
    known = [Choice(one, called, one in found) for one, called in getattr(places, name).items()]
    return (*known, *(Choice(one, one, chosen=True) for one in written if places.find(name, one) is None))


def _words(choices: type[StrEnum]) -> list[tuple[StrEnum, Text]]:
    return list(CHOICES[choices].items())


def typed(asked: Iterable[Field], data: QueryDict) -> dict[str, str]:
    """Return what was sent in the fields of a form; whatever else was sent is not looked at."""
    found = {}
    for field in asked:
        several = field.shape in (Shape.SEVERAL, Shape.LIST)
        value = "; ".join(data.getlist(field.name)) if several else data.get(field.name, "")
        if value.strip():
            found[field.name] = value.strip()
    return found


def following(fields: Mapping[str, str]) -> dict[str, str]:
    """Return what a condition after this one begins with: the same kind, the next number, the same circumstances."""
    kept = {name: fields[name] for name in ("kind", *KEPT) if name in fields}
    return {**kept, "number": next_number(fields.get("number", ""))}


def next_number(number: str) -> str:
    """Return the number after one; the same where it ends in neither a digit nor a letter by itself.

    >>> next_number("3.1.9"), next_number("3.1.2-a"), next_number("")
    ('3.1.10', '3.1.2-b', '')
    """
    if found := re.fullmatch(r"(.*?)(\d+)", number):
        return f"{found.group(1)}{int(found.group(2)) + 1}"
    if found := re.fullmatch(r"(.*[-.])([a-y])", number):
        return f"{found.group(1)}{chr(ord(found.group(2)) + 1)}"
    return number


def label(name: str) -> str:
    """Return what a field is called, in the language of the reader."""
    every = (*entry_fields.every_condition_field(), *entry_fields.DECISION)
    return next((said(one.label) for one in every if one.name == name), name)


def spoken(name: str, value: str) -> str:
    """Return what is typed in a field of a condition as a person reads it: words for codes."""
    field = next((one for one in entry_fields.every_condition_field() if one.name == name), None)
    return value if field is None else spoken_in(field, value)


def spoken_in(field: Field, value: str, places: Places | None = None, law: Law | None = None) -> str:
    """Return what is typed in a field as a person reads it: words for codes, names of parts of the site."""
    if field.name in ("installations", "emission_points") and places is not None:
        called = getattr(places, field.name)
        return "; ".join(called.get(one, one) for one in parts(value))
    if field.shape is Shape.ROWS:
        return "\n".join(_row_spoken(field, line, law) for line in lines(value))
    if field.name == "operator" and law is not None and (operator := law.operator(value)):
        return (law.operators or {})[operator]
    if field.choices is None:
        return value
    words = [said(CHOICES[field.choices][found]) for one in parts(value) if (found := chosen(field.choices, one))]
    return "; ".join(words) or value


def _row_spoken(field: Field, line: str, law: Law | None) -> str:
    """Return a line of cells with what each is, and beside a code of the law what it is about."""
    told = []
    for at, cell in enumerate(row_of(line)):
        column = field.columns[at] if at < len(field.columns) else None
        if not cell or column is None:
            told.append(cell)
            continue
        about = _about(column.name, cell, law)
        told.append(f"{said(column.label)}: {spoken_in(column, cell)}{f' ({about})' if about else ''}")
    return "; ".join(one for one in told if one)


def _about(column: str, cell: str, law: Law | None) -> str:
    if law is None:
        return ""
    if column == "rule" and cell in law.rules:
        return said(law.rules[cell].what)
    ground = law.ground(cell) if column == "ground" else None
    return said(ground.text) if ground else ""
