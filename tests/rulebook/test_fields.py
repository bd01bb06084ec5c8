"""A field that is not as its form asks is refused for that rule, by its place and value; so in every form there is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.core.permits.test_form import EXAMPLE

from goedebuur.core.base.rulebook import CHECKS
from goedebuur.core.permits import form

Body = dict[str, Any]
FORM = "conditions[0].form"


def setting(*path: str | int, to: object) -> Callable[[Body], None]:
    """A change of one field of a decision."""

    def change(body: Body) -> None:
        target: Any = body
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = to

    return change


CASES: dict[str, tuple[Callable[[Body], object], str, str]] = {
    "field-there": (lambda body: body.pop("reference"), "reference", ""),
    "field-known": (setting("colour", to="green"), "colour", ""),
    "field-object": (setting("conditions", 0, "form", "substance", to="NOx"), f"{FORM}.substance", "NOx"),
    "field-list": (setting("documents", to="besluit.pdf"), "documents", "besluit.pdf"),
    "field-decimals": (setting("conditions", 0, "form", "value", to=120.5), f"{FORM}.value", "120.5"),
    "field-whole": (setting("conditions", 0, "page", to="veertien"), "conditions[0].page", "veertien"),
    "field-text": (setting("title", to=2019), "title", "2019"),
    "field-characters": (setting("title", to="besluit \ud800"), "title", "'besluit \\ud800'"),
    "field-day": (setting("decided_on", to="2019-02-29"), "decided_on", "2019-02-29"),
    "field-word": (setting("conditions", 0, "form", "averaging", to="week"), f"{FORM}.averaging", "week"),
    "field-written": (setting("conditions", 0, "form", "value", to="12,5"), f"{FORM}.value", "12,5"),
}


def require_fault(check: str, change: Callable[[Body], object], place: str, value: str) -> None:
    """Check that a change of the documented example breaks this rule there, and that the example breaks none."""
    assert form.loads(EXAMPLE).faults == ()
    body = json.loads(EXAMPLE)
    change(body)
    read = form.read(body)
    assert read.permit is None
    (found,) = [one for one in read.faults if one.check == check]
    assert (found.code, found.place, found.value) == (CHECKS[check].code, place, value)
    with pytest.raises(type(found)) as raised:
        read.require()
    assert raised.value.check == read.faults[0].check


@pytest.mark.parametrize("check", list(CASES))
def test_refused(check: str) -> None:
    require_fault(check, *CASES[check])
