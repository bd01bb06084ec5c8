"""Invented decisions for tests, from as little as a case needs."""

from __future__ import annotations

from typing import Any

from goedebuur.core.permits import form
from goedebuur.core.permits.records import Permit


def condition(number: str, **fields: Any) -> dict[str, Any]:
    """A condition without a number that can be computed, unless it is given."""
    told = {"number": number, "kind": "technique", "text": f"Voorschrift {number}.", **fields}
    return told if "form" in told else {"no_form": "niet in een getal te zeggen", **told}


def limit(number: str, value: str, **fields: Any) -> dict[str, Any]:
    """A condition that limits dust in dry gas at 11 % oxygen."""
    told = {
        "substance": {"name": "stof", "id": "dust"},
        "value": value,
        "unit": "mg/Nm³",
        "averaging": "day",
        "reference": {"oxygen": "11", "dry": True},
        **fields.pop("form", {}),
    }
    return condition(number, kind="emission_limit", form=told, **fields)


def decision(name: str, day: str, *conditions: dict[str, Any], **fields: Any) -> Permit:
    """A decision of an invented authority for an invented site."""
    body = {
        "id": name,
        "kind": "permit",
        "site": "voorbeeld",
        "authority": "gs-voorbeeldland",
        "reference": name,
        "title": "Besluit",
        "article": "Ow 5.1",
        "decided_on": day,
        "valid_from": day,
        "conditions": list(conditions),
        **fields,
    }
    return form.read(body).require()
