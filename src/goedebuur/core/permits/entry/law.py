"""What a decision says of the law: which general rules hold, what is withheld, and for which operator it is.

The tables of law and the record are handed in, since core knows neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from goedebuur.core.base.sourced import Text
from goedebuur.core.permits.entry import fields as entry_fields
from goedebuur.core.permits.entry.places import Places
from goedebuur.core.permits.entry.shapes import Field, YesNo
from goedebuur.core.permits.entry.troubles import Trouble, trouble
from goedebuur.core.permits.entry.values import number, of_column
from goedebuur.core.permits.records import NO_RULE

NONE_WORDS: Final = ("geen", NO_RULE)
"""What a person types where nothing holds."""


@dataclass(frozen=True, slots=True)
class GeneralRules:
    """One row or set of limits in law, as a person chooses it."""

    id: str
    what: Text
    article: str


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground on which something is withheld."""

    id: str
    text: Text
    emissions: bool
    """Whether it holds for information on emissions too."""


@dataclass(frozen=True, slots=True)
class Law:
    """What a decision may name.

    Parameters
    ----------
    rules
        Sets and rows of limits in law, by identifier.
    grounds
        On which something is withheld, by identifier.
    operators
        Of the record: name by identifier; None where there is no record yet, and then any is taken.
    """

    rules: Mapping[str, GeneralRules]
    grounds: Mapping[str, Ground]
    operators: Mapping[str, str] | None = None

    def ground(self, written: str) -> Ground | None:
        """Return the ground with this identifier or these words; None for none."""
        return next((one for one in self.grounds.values() if written in (one.id, one.text.nl, one.text.en)), None)

    def operator(self, written: str) -> str | None:
        """Return the identifier of an operator, from itself or its name; None for none, or for two of that name."""
        known = self.operators or {}
        if written in known:
            return written
        named = [one for one, name in known.items() if name.lower() == written.lower()]
        return named[0] if len(named) == 1 else None


def settle(plain: dict[str, Any], places: Places | None, law: Law | None, troubles: list[Trouble]) -> None:
    """Put what was read of the law in the documented form; what cannot stand there goes to `troubles`."""
    if "general_rules" in plain:
        plain["general_rules"] = _general_rules(plain["general_rules"], places, law, troubles)
    if "withheld" in plain:
        plain["withheld"] = [_withheld(row, law, troubles) for row in plain["withheld"]]
    if "operator" in plain and law is not None and law.operators is not None:
        found = law.operator(plain["operator"])
        if found is None:
            troubles.append(trouble("operator", plain["operator"], "operator"))
        plain["operator"] = found or plain["operator"]


def _general_rules(
    rows: list[dict[str, Any]], places: Places | None, law: Law | None, troubles: list[Trouble]
) -> list[dict[str, Any]]:
    columns = _columns("general_rules")
    found = [_general_rule(row, columns, places, law, troubles) for row in rows]
    _none_by_itself(found, troubles)
    return found


def _general_rule(
    row: dict[str, Any],
    columns: Mapping[str, Field],
    places: Places | None,
    law: Law | None,
    troubles: list[Trouble],
) -> dict[str, Any]:
    told = dict(row)
    name = NO_RULE if row["rule"].lower() in NONE_WORDS else row["rule"]
    told["rule"] = name
    if name != NO_RULE and law is not None and name not in law.rules:
        troubles.append(of_column("general_rules", columns["rule"], trouble("rule", name, "rule")))
    if "oxygen" in row:
        told["oxygen"] = _oxygen(row["oxygen"], columns["oxygen"], troubles)
        if name == NO_RULE:
            troubles.append(of_column("general_rules", columns["oxygen"], trouble("", row["oxygen"], "none_oxygen")))
    for field in ("installations", "emission_points"):
        if field in row and places is not None:
            told[field] = _parts(row[field], field, columns[field], places, troubles)
    return told


def _oxygen(written: str, column: Field, troubles: list[Trouble]) -> str:
    if written.lower() in NONE_WORDS:
        return NO_RULE
    wrong: list[Trouble] = []
    found = number("", written, wrong)
    troubles.extend(of_column("general_rules", column, one) for one in wrong)
    return found


def _parts(written: list[str], field: str, column: Field, places: Places, troubles: list[Trouble]) -> list[str]:
    """Return identifiers of parts of the site; a name with a comma in it is one name."""
    whole = places.find(field, ", ".join(written))
    if whole is not None:
        return [whole]
    known = ", ".join(getattr(places, field).values())
    for one in written:
        if places.find(field, one) is None:
            troubles.append(of_column("general_rules", column, trouble("", one, "place", of=known)))
    return [places.find(field, one) or one for one in written]


def _none_by_itself(found: list[dict[str, Any]], troubles: list[Trouble]) -> None:
    """Refuse that no rule holds for the parts for which a rule holds."""
    scope = [(one.get("installations", []), one.get("emission_points", [])) for one in found]
    without = [at for at, one in zip(scope, found, strict=True) if one["rule"] == NO_RULE]
    if any(at in without for at, one in zip(scope, found, strict=True) if one["rule"] != NO_RULE):
        troubles.append(trouble("general_rules", NO_RULE, "none_beside"))


def _withheld(row: dict[str, Any], law: Law | None, troubles: list[Trouble]) -> dict[str, Any]:
    columns = _columns("withheld")
    emissions = row["emissions"] == YesNo.YES.value
    told = {**row, "emissions": emissions}
    if law is None:
        return told
    ground = law.ground(row["ground"])
    if ground is None:
        troubles.append(of_column("withheld", columns["ground"], trouble("", row["ground"], "ground")))
        return told
    if emissions and not ground.emissions:
        troubles.append(of_column("withheld", columns["ground"], trouble("", row["ground"], "emissions")))
    return {**told, "ground": ground.id}


def _columns(name: str) -> Mapping[str, Field]:
    field = next(one for one in entry_fields.DECISION if one.name == name)
    return {one.name: one for one in field.columns}
