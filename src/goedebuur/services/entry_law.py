"""What a decision that is entered may name of the law and of the record, and whether its general rules were said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from goedebuur.core.base.sourced import Text
from goedebuur.core.permits.entry.law import GeneralRules, Ground, Law
from goedebuur.core.permits.limits import EmissionRule, Level
from goedebuur.core.sites.records import Operator
from goedebuur.rules import closing, emission
from goedebuur.services import permits, sites

if TYPE_CHECKING:
    from goedebuur.services.record import Record


def law(record: Record | None) -> Law:
    """Return the rules, grounds and operators that a decision may name."""
    grounds = [one for one in closing.terms("grounds").values() if "closes" in one.uses]
    operators = None if record is None else sites.every(record, Operator)
    return Law(
        rules(),
        {one.id: Ground(one.id, one.text, "emissions" in one.uses) for one in grounds},
        None if operators is None else {one.id: one.names[-1].value for one in operators.values() if one.names},
    )


def rules() -> dict[str, GeneralRules]:
    """Return the limits in national law, by set and by row."""
    found: dict[str, list[EmissionRule]] = {}
    for one in emission.book().rules:
        if one.limit.level is Level.NATIONAL:
            for name in dict.fromkeys((one.set, one.id)):
                found.setdefault(name, []).append(one)
    return {name: _told(name, rows) for name, rows in found.items()}


def sets() -> list[GeneralRules]:
    """Return the sets of limits in national law, as a person chooses among them."""
    every = rules()
    names = dict.fromkeys(one.set for one in emission.book().rules)
    return [every[name] for name in sorted(names) if name in every]


def _told(name: str, rows: list[EmissionRule]) -> GeneralRules:
    substances = _joined(one.limit.substance.name for one in rows)
    nl = "; ".join(part for part in (rows[0].activity.nl, rows[0].case.nl) if part)
    en = "; ".join(part for part in (rows[0].activity.en, rows[0].case.en) if part)
    return GeneralRules(name, Text(f"{nl}: {substances}", f"{en}: {substances}"), _joined(one.article for one in rows))


def _joined(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words))


def rules_told(record: Record | None, fields: Mapping[str, str]) -> bool:
    """Return whether a decision, or one that the record has of the same site, says which general rules hold."""
    if fields.get("general_rules", "").strip():
        return True
    site = fields.get("site", "")
    if record is None or not site:
        return False
    others = [one.permit for one in permits.of_site(record, site) if one.permit.id != fields.get("id")]
    return any(one.general_rules for one in others)
