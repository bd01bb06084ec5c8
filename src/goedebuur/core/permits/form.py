"""A decision as a file: the documented JSON form, read with every fault named, and written.

`docs/methods/permits.md` explains the form and `schema.py` gives it as a JSON schema. Reading fills in what follows
from the rest, so that a person need not type it: the identifier of a condition (`permit/number`), its decision and
site, and its first day where that is the first day of the decision.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from goedebuur.core.base import canonical, plain
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.permits import rules
from goedebuur.core.permits.conditions import FORMS, ConditionKind, Form
from goedebuur.core.permits.records import Condition, Permit

FORMAT: Final = "goedebuur-permit/1"
MAX_BYTES: Final = 8_000_000


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: the decision, or every fault in it."""

    permit: Permit | None
    faults: tuple[GoedeBuurError, ...]

    def require(self) -> Permit:
        """Return the decision; raise the first fault where there is one, with the number of the others."""
        if self.permit is not None:
            return self.permit
        first, *others = self.faults
        if not others:
            raise first
        hint = f"{first.hint} There are {len(others)} more faults.".strip()
        raise first.at(first.place, hint)


def loads(data: bytes) -> Read:
    """Return the decision in the bytes of a file."""
    try:
        if len(data) > MAX_BYTES:
            raise ValueError(f"{len(data)} bytes")
        body = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        hint = "Write it in UTF-8, as docs/methods/permits.md shows."
        return Read(None, (rules.IS_JSON.error("This is not a JSON file.", value=str(error), hint=hint),))
    return read(body)


def read(body: object) -> Read:
    """Return the decision in a plain object, or every fault in it."""
    faults: list[GoedeBuurError] = []
    if not isinstance(body, Mapping):
        plain.read(Permit, body, faults)
        return Read(None, tuple(faults))
    given = dict(body)
    named = given.pop("format", FORMAT)
    if named != FORMAT:
        hint = f"This version reads {FORMAT}."
        error = rules.FORMAT_KNOWN.error("This format is not known.", place="format", value=str(named), hint=hint)
        return Read(None, (error,))
    conditions = _conditions(given, faults)
    ready = {"conditions": conditions} if "conditions" in given else None
    return Read(plain.read(Permit, given, faults, ready=ready, build=not faults), tuple(faults))


def condition(
    body: object, faults: list[GoedeBuurError], place: str = "", given: Mapping[str, Any] | None = None
) -> Condition | None:
    """Return one condition in a plain object; None where something is wrong, which is then in `faults`.

    Parameters
    ----------
    given
        Fields that follow from the decision, where the condition does not have them: `permit`, `site`, `valid_from`.
    """
    if not isinstance(body, Mapping):
        return plain.read(Condition, body, faults, place)
    fields = {**(given or {}), **body}
    if "id" not in fields and isinstance(fields.get("permit"), str) and isinstance(fields.get("number"), str):
        fields["id"] = f"{fields['permit']}/{fields['number']}"
    before = len(faults)
    form = computable(fields.get("kind"), fields.get("form"), faults, f"{place}.form" if place else "form")
    build = len(faults) == before
    return plain.read(Condition, fields, faults, place, ready={"form": form}, build=build)


def computable(kind: object, body: object, faults: list[GoedeBuurError], place: str = "form") -> Form | None:
    """Return the computable form of a kind of condition in a plain object; None for none, or with a fault."""
    if body is None or not isinstance(kind, str) or kind not in list(ConditionKind):
        return None
    return plain.read(FORMS[ConditionKind(kind)], body, faults, place)


def write(permit: Permit) -> dict[str, Any]:
    """Return a decision as a plain object in the documented form."""
    return {"format": FORMAT, **plain.write(permit)}


def dumps(permit: Permit) -> bytes:
    """Return a decision as the bytes of a file: canonical JSON, the same for the same decision."""
    return canonical.encode(write(permit))


def _conditions(given: Mapping[str, Any], faults: list[GoedeBuurError]) -> tuple[Condition | None, ...]:
    rows = given.get("conditions", ())
    if not isinstance(rows, list | tuple):
        faults.append(plain.not_a_list(rows).at("conditions"))
        return ()
    follows = {
        target: given[source]
        for target, source in (("permit", "id"), ("site", "site"), ("valid_from", "valid_from"))
        if source in given
    }
    return tuple(condition(row, faults, f"conditions[{number}]", follows) for number, row in enumerate(rows))
