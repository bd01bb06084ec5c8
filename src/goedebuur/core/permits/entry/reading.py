"""From what a person typed in fields to a condition or a decision, with every mistake told at once and in Dutch.

Pages, spreadsheets and proposals share this: what is typed is text by the name of its field. Nothing is filled in that
the decision does not say; an empty field is not stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.sourced import Text
from goedebuur.core.permits import form
from goedebuur.core.permits.conditions import ConditionKind
from goedebuur.core.permits.entry import fields as entry_fields
from goedebuur.core.permits.entry.forms import BUILD
from goedebuur.core.permits.entry.kinds import UNITS_OF
from goedebuur.core.permits.entry.law import Law, settle
from goedebuur.core.permits.entry.places import Places
from goedebuur.core.permits.entry.shapes import Field, YesNo
from goedebuur.core.permits.entry.troubles import Trouble, missing, of_fault, trouble
from goedebuur.core.permits.entry.values import value
from goedebuur.core.permits.entry.words import chosen
from goedebuur.core.permits.names import Names
from goedebuur.core.permits.records import Condition, Permit

Fields = Mapping[str, str]
GIVEN: Final = {"permit": "p", "site": "s", "valid_from": "2000-01-01"}
"""Stands in for the decision while a condition is checked by itself."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A condition as it was entered.

    Parameters
    ----------
    plain
        In the documented form; holds what could be read.
    condition
        None where there are troubles.
    """

    plain: Mapping[str, Any]
    condition: Condition | None
    troubles: tuple[Trouble, ...]


def condition(typed: Fields, names: Names, given: Mapping[str, str] = GIVEN, places: Places | None = None) -> Checked:
    """Return the condition in the fields, or all that is wrong with them.

    Parameters
    ----------
    given
        Identifier, site and first day of the decision.
    places
        Of the site; None where it is not known, and then any are taken.
    """
    troubles: list[Trouble] = []
    kind = chosen(ConditionKind, typed.get("kind", ""))
    without = bool(typed.get("no_form", "").strip())
    asked = entry_fields.of_condition(None if without else kind)
    found = _read(asked, typed, troubles, names)
    troubles.extend(_stray(typed, kind, without))
    if places is not None:
        _placed(found, places, troubles)
    if kind is not None and found.get("unit") and found["unit"] not in UNITS_OF.get(kind, ()):
        troubles.append(trouble("unit", typed["unit"], "unit_of_kind", of=", ".join(UNITS_OF.get(kind, ()))))
    plain: dict[str, Any] = {name: found[name] for name in _PLAIN_NAMES if name in found}
    if kind is not None:
        plain["kind"] = kind.value
    derogation = {
        name: found[f"derogation_{name}"] for name in ("basis", "article", "reason") if f"derogation_{name}" in found
    }
    if derogation:
        plain["derogation"] = derogation
    if kind is not None and not without:
        plain["form"] = BUILD[kind](found)
    read = None
    if not troubles:
        faults: list[GoedeBuurError] = []
        read = form.condition(plain, faults, given=given)
        told = [of_fault(one) for one in faults]
        troubles.extend(one for one in told if one.field != "id")  # it is made of the number, which has told already
    return Checked(plain, read, tuple(troubles))


_PLAIN_NAMES: Final = (
    *(
        "number",
        "text",
        "installations",
        "emission_points",
        "article",
        "valid_from",
        "valid_to",
        "replaces",
        "suspends",
    ),
    *("reasons", "no_form", "page"),
)


def decision(
    typed: Fields, names: Names, places: Places | None = None, law: Law | None = None
) -> tuple[dict[str, Any], tuple[Trouble, ...]]:
    """Return the fields of a decision in the documented form, and what is wrong with them one by one.

    Parameters
    ----------
    places, law
        What the decision may name; None where that is not known, and then anything is taken.
    """
    troubles: list[Trouble] = []
    found = _read(entry_fields.DECISION, typed, troubles, names)
    plain = dict(found)
    if "example" in plain:
        plain["example"] = plain["example"] == YesNo.YES.value
    settle(plain, places, law, troubles)
    return plain, tuple(troubles)


@dataclass(frozen=True, slots=True)
class Whole:
    """A decision with its conditions as entered; the permit is None where anything is wrong.

    Parameters
    ----------
    by_condition
        What is wrong with each condition, in their order.
    """

    permit: Permit | None
    of_decision: tuple[Trouble, ...]
    by_condition: tuple[tuple[Trouble, ...], ...]


def permit(
    typed: Fields,
    conditions: Sequence[Fields],
    names: Names,
    documents: Sequence[Mapping[str, Any]] = (),
    places: Places | None = None,
    law: Law | None = None,
) -> Whole:
    """Return the decision with its conditions, or everything that is wrong with it."""
    plain, troubles = decision(typed, names, places, law)
    given = {
        **GIVEN,
        **{
            to: plain[name]
            for to, name in (("permit", "id"), ("site", "site"), ("valid_from", "valid_from"))
            if name in plain
        },
    }
    checked = [condition(one, names, given, places) for one in conditions]
    of_each = [list(one.troubles) for one in checked]
    _twice(conditions, of_each)
    of_decision = list(troubles)
    if not of_decision and not any(of_each):
        body = {**plain, "conditions": [_paged(one.plain, documents) for one in checked], "documents": list(documents)}
        read = form.read(body)
        if read.permit is not None:
            return Whole(read.permit, (), tuple(() for _ in checked))
        for fault in read.faults:
            place = re.match(r"conditions\[(\d+)\]\.?", fault.place)
            (of_each[int(place.group(1))] if place else of_decision).append(of_fault(fault))
    return Whole(None, tuple(of_decision), tuple(map(tuple, of_each)))


def _paged(plain: Mapping[str, Any], documents: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return a condition with the document in which its page is, where there is one document."""
    return {**plain, "document": documents[0]["sha256"]} if "page" in plain and len(documents) == 1 else plain


def _twice(conditions: Sequence[Fields], of_each: list[list[Trouble]]) -> None:
    seen: dict[str, int] = {}
    for at, one in enumerate(conditions):
        number = one.get("number", "").strip()
        if number and seen.setdefault(number, at) != at:
            of_each[at].append(trouble("number", number, "twice"))


# -- one field ------------------------------------------------------------------------------------------------------


def _read(asked: Iterable[Field], typed: Fields, troubles: list[Trouble], names: Names) -> dict[str, Any]:
    """Return what was read of the fields, by name; an empty field is not in it."""
    found: dict[str, Any] = {}
    for field in asked:
        written = typed.get(field.name, "").strip()
        if not written:
            if field.required:
                troubles.append(missing(field))
            continue
        before = len(troubles)
        read = value(field, written, troubles)
        if len(troubles) == before:
            found[field.name] = read
    _substances(found, troubles, names)
    return found


def _substances(found: dict[str, Any], troubles: list[Trouble], names: Names) -> None:
    """Put in place of names of substances what the table of names knows of them; a CAS number of another is wrong."""
    if "substance" in found:
        known = names.called(found["substance"])
        cas = found.pop("cas", "")
        if known and cas and cas != known.cas:
            troubles.append(trouble("cas", cas, "cas", of=known.cas))
        found["substance"] = _substance(found["substance"], names, cas)
    if "subjects" in found:
        found["subjects"] = [_substance(one, names) for one in found["subjects"]]


def _substance(name: str, names: Names, cas: str = "") -> dict[str, str]:
    known = names.called(name)
    every = {
        "name": known.nl if known else name,
        "cas": (known.cas if known else "") or cas,
        "id": known.id if known else "",
    }
    return {key: value for key, value in every.items() if value}


def _placed(found: dict[str, Any], places: Places, troubles: list[Trouble]) -> None:
    """Put identifiers in place of names of installations and emission points; one that the site lacks is a trouble."""
    for field in ("installations", "emission_points"):
        for written in found.get(field, ()):
            if places.find(field, written) is None:
                known = getattr(places, field)
                troubles.append(trouble(field, written, "place", of=", ".join(known.values())))
        if field in found:
            found[field] = [places.find(field, written) or written for written in found[field]]


def _stray(typed: Fields, kind: ConditionKind | None, without: bool) -> list[Trouble]:
    """Return what is typed in fields that this kind of condition does not have: nothing typed is dropped unseen."""
    if kind is None:
        return []
    own = {field.name for field in entry_fields.of_condition(None if without else kind)}
    every = {field.name for field in entry_fields.every_condition_field()}
    key = "stray_no_form" if without else "stray"
    strays = [name for name in typed if name in every - own and typed[name].strip()]
    return [trouble(name, typed[name], key) for name in strays]


def sentence(one: Trouble) -> Text:
    """Return what is wrong and what to do as one text."""
    return Text(f"{one.message.nl} {one.hint.nl}".strip(), f"{one.message.en} {one.hint.en}".strip())
