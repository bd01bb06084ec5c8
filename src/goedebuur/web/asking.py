"""What a reader asks for, read from the address: each function returns a valid value or says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goedebuur.core.base.amsterdam import AMSTERDAM
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import Period

BAD_PARAMETER: Final = declare("web-parameter", "A part of the address cannot be read.")

MAX_SERIES: Final = 20
MIN_POINTS, MAX_POINTS, USUAL_POINTS = 10, 4_000, 366
EARLIEST, LATEST = datetime(1899, 12, 31, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Moments that can be asked for, 1900 to 2199 on any clock: nothing is measured before or after."""
_WRONG_DATE: Final = gettext_noop("Give a date as 2021-12-31, or a moment as 2021-12-31T23:00:00Z.")
_TOO_FAR: Final = gettext_noop("Give a moment from 1900 to 2199.")
_NO_WHOLE: Final = gettext_noop("Give a whole number from %(low)s to %(high)s.")
_PRESENT: Final = gettext_noop("What stands here is of the present state of the log. Leave out as_of.")
_SWAPPED: Final = gettext_noop("The end must lie after the start.")
_NO_SERIES: Final = gettext_noop("Name at least one series, for example series=NL49553.pm10.1h.")
_NONE_OF: Final = gettext_noop("Choose from: %(known)s.")
_MANY_SERIES: Final = gettext_noop("Ask for at most %(most)s series at once.")
TOO_LONG: Final = gettext_noop("Give at most %(most)s characters.")


class BadParameterError(GoedeBuurError):
    """A part of the address that cannot be read: in English for programs, in their own language for readers.

    Parameters
    ----------
    name, value
        Of the part of the address.
    sentence
        What to do, a sentence of the catalogue of translations with places for `filled`.
    """

    def __init__(self, name: str, value: str, sentence: str, **filled: int | str) -> None:
        super().__init__(
            BAD_PARAMETER, "This part of the address cannot be read.", place=name, value=value, hint=sentence % filled
        )
        self.sentence = sentence
        self.filled = filled

    def said(self) -> str:
        """Return what to do, in the language of the reader."""
        return _(self.sentence) % self.filled


def whole(request: HttpRequest, name: str, low: int, high: int) -> int | None:
    """Return a whole number of the address, None where it is not given."""
    text = request.GET.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19 and low <= int(text) <= high):
        raise BadParameterError(name, text, _NO_WHOLE, low=low, high=high)
    return int(text)


def tree_size(request: HttpRequest, name: str, size: int, size_at: Callable[[datetime], int]) -> int | None:
    """Return the tree size that the reader asks for, as a number or as a moment; None where neither is given.

    Parameters
    ----------
    size
        The largest that can be read now.
    size_at
        Gives the tree size at a moment. A bare date means the end of that civil day.
    """
    text = request.GET.get(name, "")
    if text.count("-") < 2:
        return whole(request, name, 0, size)
    return size_at(moment(name, text, end=True))


def present(request: HttpRequest) -> None:
    """Refuse to go back to an earlier tree size."""
    if request.GET.get("as_of"):
        raise BadParameterError("as_of", request.GET["as_of"], _PRESENT)


def today() -> date:
    """Return the civil day in the Netherlands: what tells whether a closed entry is overdue."""
    return datetime.now(AMSTERDAM).date()


def hour() -> datetime:
    """Return the beginning of the present hour: a page that says what is late is made anew each hour."""
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def tellable(moment: datetime) -> bool:
    """Return whether a moment lies between the years that can be asked for."""
    return EARLIEST <= moment < LATEST


def moment(name: str, text: str, *, end: bool = False) -> datetime:
    """Return a moment in UTC; a bare date is a civil day in the Netherlands, of which `end` takes the end.

    >>> moment("start", "2021-07-01").isoformat()
    '2021-06-30T22:00:00+00:00'
    """
    try:
        if len(text) == 10:
            day = date.fromisoformat(text) + timedelta(days=int(end))
            found = datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)
        else:
            # a plus sign in an address arrives as a space
            found = datetime.fromisoformat(text.replace(" ", "+"))
            if found.tzinfo is None:
                raise BadParameterError(name, text, _WRONG_DATE)
            found = found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadParameterError(name, text, _WRONG_DATE) from None
    if not tellable(found):
        raise BadParameterError(name, text, _TOO_FAR)
    return found


def period(request: HttpRequest, usual: Period) -> Period:
    """Return the period between `start` and `end` of the address, each taken from `usual` where it is not given."""
    first, last = request.GET.get("start", ""), request.GET.get("end", "")
    start = moment("start", first) if first else None
    end = moment("end", last, end=True) if last else None
    if start is None and end is None:
        return usual
    if start is None:
        start = min(usual.start, end - timedelta(days=1)) if end else usual.start
    if end is None:
        end = max(usual.end, start + timedelta(days=1))
    if end <= start:
        raise BadParameterError("end", last, _SWAPPED)
    return Period(start, end)


def points(request: HttpRequest) -> int:
    """Return how many points a chart should have at most."""
    return whole(request, "points", MIN_POINTS, MAX_POINTS) or USUAL_POINTS


def among(request: HttpRequest, name: str, known: Sequence[str]) -> Sequence[str] | None:
    """Return the words of the address, repeated or with commas; None where none is given.

    Parameters
    ----------
    known
        The words that there are; anything else is refused.
    """
    asked = [part for text in request.GET.getlist(name) for part in text.split(",") if part]
    for word in asked:
        if word not in known:
            raise BadParameterError(name, word, _NONE_OF, known=", ".join(known))
    return asked or None


def one_of(request: HttpRequest, name: str, known: Sequence[str]) -> str:
    """Return the word of the address, the first of those that there are where none is given; empty without any.

    Parameters
    ----------
    known
        The words that there are; anything else is refused.
    """
    if not known:
        return ""
    found = among(request, name, known)
    return found[0] if found else known[0]


def series_ids(request: HttpRequest) -> Sequence[str]:
    """Return the series of the address: at least one, repeated or with commas, without doubles."""
    asked = [part for text in request.GET.getlist("series") for part in text.split(",") if part]
    found = list(dict.fromkeys(asked))
    if not found:
        raise BadParameterError("series", "", _NO_SERIES)
    if len(found) > MAX_SERIES:
        raise BadParameterError("series", str(len(found)), _MANY_SERIES, most=MAX_SERIES)
    return found
