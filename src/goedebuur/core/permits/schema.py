"""The JSON schema of the form of a decision, made from the records, so that the two cannot differ."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final, Union, get_args, get_origin

from goedebuur.core.base import plain
from goedebuur.core.permits.conditions import FORMS
from goedebuur.core.permits.form import FORMAT
from goedebuur.core.permits.records import Condition, Permit

FOLLOWS: Final = frozenset({"id", "permit", "site", "valid_from"})
"""Fields of a condition that may be left out: they follow from the decision."""


def schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of the form of a decision."""
    named: dict[str, Any] = {}
    permit = _record(Permit, named)
    permit["properties"] = {"format": {"const": FORMAT}, **permit["properties"]}
    condition = named["Condition"]
    condition["required"] = [name for name in condition["required"] if name not in FOLLOWS]
    condition["allOf"] = [
        {
            "if": {"properties": {"kind": {"const": kind.value}}, "required": ["kind"]},
            "then": {"properties": {"form": _kind(form, named)}},
        }
        for kind, form in FORMS.items()
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A decision: permit, amendment, tailored conditions or revocation",
        **permit,
        "$defs": dict(sorted(named.items())),
    }


def _record(kind: Any, named: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required = []
    found = plain.parts(kind)
    for one in fields(kind):
        properties[one.name] = {} if kind is Condition and one.name == "form" else _kind(found[one.name], named)
        if one.default is MISSING and one.default_factory is MISSING:
            required.append(one.name)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _kind(kind: Any, named: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        (inner,) = (one for one in arguments if one is not types.NoneType)
        return {"anyOf": [_kind(inner, named), {"type": "null"}]}
    if origin is tuple:
        return {"type": "array", "items": _kind(arguments[0], named)}
    if origin is Annotated:
        pattern = next((one.regex for one in arguments[1:] if isinstance(one, plain.Pattern)), "")
        return {**_kind(arguments[0], named), **({"pattern": f"^({pattern})$"} if pattern else {})}
    if is_dataclass(kind):
        name = kind.__name__  # type: ignore[union-attr]
        if name not in named:
            named[name] = {}
            named[name] |= _record(kind, named)
        return {"$ref": f"#/$defs/{name}"}
    if issubclass(kind, StrEnum):
        return {"enum": list(map(str, kind))}
    simple: Mapping[Any, dict[str, Any]] = {
        str: {"type": "string"},
        int: {"type": "integer"},
        bool: {"type": "boolean"},
        date: {"type": "string", "format": "date"},
    }
    return dict(simple[kind])
