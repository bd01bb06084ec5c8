"""How a closed leaf stands, in the words of the tables and the language of the page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language

from goedebuur.services import closed
from goedebuur.services.closed import ClosedView


def told(view: ClosedView) -> dict[str, Any]:
    """Return what a page says of a closed leaf: words for ground, role and reasons, days written out."""
    days = [view.first_until, *(one.until for one in view.postponements)]
    return {
        "leaf": view.leaf,
        "state": view.state,
        "overdue": view.overdue,
        "since": view.since,
        "ground": _words("grounds", view.ground),
        "article": view.article,
        "certainty": view.certainty.value if view.certainty is not None else "",
        "until": _day(view.until),
        "role": _words("roles", view.role),
        "by": view.by,
        "why": _words("grounds" if view.state == closed.ERASED else "reasons", view.why) if view.why else "",
        "postponements": [
            {
                "leaf": one.leaf,
                "before": _day(before),
                "until": _day(one.until),
                "reason": _words("reasons", one.reason),
                "role": _words("roles", one.role),
            }
            for before, one in zip(days, view.postponements, strict=False)
        ],
    }


def _words(table: str, name: str) -> str:
    text = closed.words(table, name)
    return text.en if get_language() == "en" else text.nl


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day is not None else ""
