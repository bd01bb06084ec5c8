"""What a refused step of a case says to a reader: the state of the case and the step by their names."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.sourced import Text
from goedebuur.core.casework.states import FOUR_EYES, NOT_ALLOWED, Kind
from goedebuur.rules import casework
from goedebuur.web import words
from goedebuur.web.templatetags.figures import upfirst

CODES: Final = (NOT_ALLOWED, FOUR_EYES)
_PLACE: Final = re.compile(r"(\w+) in state (\w+)")


def place(error: GoedeBuurError) -> str:
    """Return where an error is, for a page: of a refused step the kind of case and the name of its state."""
    found = _PLACE.fullmatch(error.place) if error.code in CODES else None
    if found is None or found[1] not in list(Kind):
        return error.place
    named = next((one for one in casework.states().names if (one.kind, one.state) == (found[1], found[2])), None)
    state = _said(named.name) if named is not None else found[2]
    kind = upfirst(words.look_up("case_kind", found[1]))
    return _("%(kind)s, state: %(state)s") % {"kind": kind, "state": state}


def value(error: GoedeBuurError) -> str:
    """Return what was given, for a page: of a refused step what it is called on its button."""
    found = _PLACE.fullmatch(error.place) if error.code in CODES else None
    if found is None:
        return error.value
    steps = [one for one in casework.states().steps if (one.kind, one.event) == (found[1], error.value)]
    steps.sort(key=lambda one: one.state != found[2])
    return _said(steps[0].label) if steps else error.value


def _said(text: Text) -> str:
    return text.en if get_language() == "en" else text.nl
