"""What is published of the log and who witnessed it, as pages and the API tell it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from django.conf import settings

from goedebuur.services.cosigning import Plan
from goedebuur.services.published import PublicationView, look


def published(latest: int) -> PublicationView | None:
    """Return what is published of a log with so many leaves; None where the settings say not to publish."""
    return look(latest, Plan.of(settings.GOEDEBUUR)) if settings.GOEDEBUUR.publish else None


def as_data(view: PublicationView | None) -> dict[str, Any] | None:
    """Return it for the API, without what a witness said in its own words."""
    if view is None:
        return None
    told: dict[str, Any] = msgspec.to_builtins(view) | {"alarming": view.alarming}
    for one in told["witnesses"]:
        del one["said"]
    return told


def for_page(view: PublicationView | None) -> dict[str, Any]:
    """Return it for a page, with moments that filters can write."""
    if view is None:
        return {"publication": None}
    rows = [
        {
            "name": one.name,
            "cosigned": _moment(one.cosigned),
            "missing_since": _moment(one.missing_since),
            "why": one.why,
        }
        for one in view.witnesses
    ]
    return {"publication": view, "waiting_since": _moment(view.waiting_since), "witnesses": rows}


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
