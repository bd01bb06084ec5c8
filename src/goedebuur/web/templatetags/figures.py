"""Figures, times and words as people read them: decimal comma in Dutch, Dutch civil time, no rounding in silence."""

from __future__ import annotations

import re
from collections.abc import Sized
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from goedebuur.core.base import flags as flag_words
from goedebuur.core.base.amsterdam import AMSTERDAM
from goedebuur.core.base.periods import Period
from goedebuur.core.base.quantities import MICRO, QUANTITIES
from goedebuur.core.compliance.verdicts import Verdict
from goedebuur.services.limit_lines import LimitLine
from goedebuur.services.views import ReleaseView
from goedebuur.web import words

register = template.Library()
MINUS: Final = "−"
ISO_MOMENT: Final = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d)(?:[+-]\d\d:\d\d)?)?(?![\w-])")


@register.filter
def decimal(text: str) -> str:
    """Return a number in plain digits with the decimal sign of the language."""
    shown = text.replace("-", MINUS, 1) if text.startswith("-") else text
    return shown.replace(".", ",") if get_language() != "en" else shown


@register.filter
def reported(text: str) -> str:
    """Return a reported number with all its digits, whole part in groups of three: `3.690,0`."""
    whole, point, rest = text.partition(".")
    return f"{count(int(whole))}{decimal(point + rest)}"


@register.filter
def amount(release: ReleaseView) -> str:
    """Return what was released in a year as it was reported, with its unit."""
    return f"{reported(release.amount_text)} {release.unit}"


@register.filter
def micro(value: int | None, decimals: int = 6) -> str:
    """Return an exact number of 10⁻⁶ units; halves are rounded away from zero when `decimals` is fewer than six.

    >>> micro(-1_250_000, 1).replace(",", ".")
    '−1.3'
    """
    if value is None:
        return "–"
    step = 10 ** (6 - decimals)
    size = (2 * abs(value) + step) // (2 * step)
    whole, rest = divmod(size, 10**decimals)
    sign = "-" if value < 0 and size else ""
    return decimal(f"{sign}{whole}.{rest:0{decimals}d}" if decimals else f"{sign}{whole}")


@register.filter
def number(value: float | None, decimals: int = 1) -> str:
    """Return a float that was computed for the eye, with a fixed number of decimals; a dash where it is unknown."""
    if value is None or value != value:
        return "–"
    text = f"{value:.{decimals}f}"
    return decimal(text.removeprefix("-") if float(text) == 0 else text)


@register.filter
def count(value: int | None) -> str:
    """Return a whole number in groups of three digits."""
    if value is None:
        return "–"
    grouped = f"{value:,}"
    return grouped if get_language() == "en" else grouped.replace(",", ".")


@register.filter
def civil(moment: datetime | None, form: str = "minute") -> str:
    """Return a moment in Dutch civil time: `31-12-2021 23:00`; form "day" leaves the hour out."""
    if moment is None:
        return "–"
    there = moment.astimezone(AMSTERDAM)
    return there.strftime("%d-%m-%Y" if form == "day" else "%d-%m-%Y %H:%M")


@register.filter
def dutch_dates(text: str) -> str:
    """Return a text with its ISO dates and times as `31-12-2021 23:00`, on their own clock; in English as it is."""
    if get_language() == "en":
        return text
    return ISO_MOMENT.sub(lambda m: f"{m[3]}-{m[2]}-{m[1]}" + (f" {m[4]}" if m[4] else ""), text)


@register.filter
def iso(moment: datetime | None) -> str:
    """Return a moment in UTC as `2021-12-31T22:00:00Z`."""
    from goedebuur.core.base import periods

    return periods.iso(moment) if moment else ""


@register.filter
def day(moment: datetime | None) -> str:
    """Return the Dutch civil date of a moment as a date field wants it."""
    return moment.astimezone(AMSTERDAM).date().isoformat() if moment else ""


@register.filter
def quantity(quantity_id: str) -> str:
    """Return the name of a quantity in the language of the page; the identifier where the table lacks it."""
    found = QUANTITIES.get(quantity_id)
    if found is None:
        return quantity_id
    return found.name_en if get_language() == "en" else found.name_nl


@register.filter
def symbol(quantity_id: str) -> str:
    """Return the symbol of a quantity."""
    found = QUANTITIES.get(quantity_id)
    return found.symbol if found else quantity_id


@register.filter
def step(seconds: int) -> str:
    """Return the length of a step in words."""
    return words.step(seconds)


@register.filter
def reasons(flags: int) -> str:
    """Return what the flags of a value mean, separated by commas."""
    return ", ".join(_(reason) for reason in flag_words.reasons(flags))


@register.filter
def word(key: Any, table: str) -> str:
    """Return the words for a key of one of the tables in `web/words.py`."""
    return words.look_up(table, str(key))


@register.filter
def size(number_of_bytes: int) -> str:
    """Return a size in bytes for people."""
    amount = float(number_of_bytes)
    for unit in ("bytes", "kB", "MB"):
        if amount < 1000:
            return f"{count(int(amount)) if unit == 'bytes' else number(amount, 1)} {unit}"
        amount /= 1000
    return f"{number(amount, 1)} GB"


@register.filter
def beyond(items: Sized, most: int) -> int:
    """Return how many there are more than are shown."""
    return max(0, len(items) - most)


@register.filter
def short(digest: str) -> str:
    """Return the first twelve digits of a digest."""
    return digest[:12]


@register.filter
def exact(value: int) -> str:
    """Return an exact number of 10⁻⁶ units with all its decimals and no zeros behind them."""
    whole, rest = divmod(abs(value), MICRO)
    text = f"{whole}.{rest:06d}".rstrip("0").rstrip(".")
    return decimal(f"-{text}" if value < 0 else text)


@register.filter
def upfirst(text: str) -> str:
    """Return a text with a capital at its start, the rest as it is."""
    return text[:1].upper() + text[1:]


@register.filter
def last_day(period: Period) -> str:
    """Return the last Dutch civil day of a period as a date field wants it."""
    return day(period.end - timedelta(microseconds=1))


@register.filter
def last_civil_day(period: Period) -> str:
    """Return the last Dutch civil day of a period for people."""
    return civil(period.end - timedelta(microseconds=1), "day")


@register.filter
def json(value: Any) -> str:
    """Return a value as JSON for an attribute; the template escapes it."""
    return msgspec.json.encode(value).decode()


@register.filter
def bounds(box: tuple[float, float, float, float]) -> str:
    """Return a box as the map script wants it, whatever the language."""
    return ",".join(repr(edge) for edge in box)


@register.filter
def direction(degrees: float) -> str:
    """Return the wind direction in words."""
    return words.direction(degrees)


@register.filter
def line_words(line: LimitLine) -> str:
    """Return what a line of a chart is."""
    return words.line(line)


@register.filter
def held(verdict: Verdict) -> str:
    """Return what was measured beside the number of the rule."""
    return words.held(verdict)


@register.filter
def accreditation(text: str) -> str:
    """Return what a supplier says of accreditation, in whole words."""
    return words.accreditation(text)
