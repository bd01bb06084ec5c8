"""What someone fills in for a step of a case, read into what `core` takes, and given back where it was not right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext_noop

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework.cases import Given
from goedebuur.core.casework.terms import Length, Unit
from goedebuur.web.asking import BadParameterError

LONGEST_TEXT = 100_000
"""Of a text or an answer. [character]"""
LONGEST_LINE = 300
WRONG_DAY = gettext_noop("Give a day as 2027-01-31.")
WRONG_LENGTH = gettext_noop("Give a whole number of days or weeks.")
TOO_LONG = gettext_noop("This is longer than %(most)s characters.")
UNITS = (Unit.DAYS, Unit.WEEKS)


def given(post: QueryDict) -> Given:
    """Return what was filled in.

    Raises
    ------
    GoedeBuurError
        `web-parameter`, with the name of the field.
    """
    return Given(
        subject=text(post, "subject", LONGEST_LINE),
        text=text(post, "text", LONGEST_TEXT),
        emissions=post.get("emissions") == "1",
        reason=text(post, "reason", LONGEST_TEXT),
        length=_length(post, "length"),
        extension=_length(post, "extension"),
        answer=text(post, "answer", LONGEST_TEXT),
        ground=text(post, "ground", LONGEST_LINE),
        ground_holds=post.get("ground_holds") == "1",
        withheld_until=day(post, "withheld_until"),
        publish_on=day(post, "publish_on"),
    )


def text(post: QueryDict, name: str, most: int) -> str:
    """Return a text with the line ends of this system."""
    found = post.get(name, "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if "\x00" in found or len(found) > most:
        raise BadParameterError(name, "", TOO_LONG, most=most)
    return found


def day(post: QueryDict, name: str) -> date | None:
    """Return a day; None where none was filled in."""
    found = post.get(name, "").strip()
    if not found:
        return None
    try:
        return date.fromisoformat(found)
    except ValueError:
        raise BadParameterError(name, found[:20], WRONG_DAY) from None


def _length(post: QueryDict, name: str) -> Length | None:
    amount, unit = post.get(f"{name}_amount", "").strip(), post.get(f"{name}_unit", "")
    if not amount:
        return None
    if not (amount.isascii() and amount.isdecimal() and len(amount) < 4) or unit not in list(UNITS):
        raise BadParameterError(name, amount[:20], WRONG_LENGTH)
    try:
        return Length(int(amount), Unit(unit))
    except GoedeBuurError:
        raise BadParameterError(name, amount, WRONG_LENGTH) from None


def kept(post: QueryDict) -> Mapping[str, str]:
    """Return what was filled in as it was, to stand in the form again."""
    return {name: str(value) for name, value in post.items() if name != "csrfmiddlewaretoken"}
