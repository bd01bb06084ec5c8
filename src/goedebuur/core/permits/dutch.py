"""Numbers and dates as Dutch permits, spreadsheets and people write them, read without guessing in silence.

A decimal comma is the rule in Dutch and a decimal point is common in technical texts, so that `1.250` may be either:
that is said (:attr:`Number.doubtful`), and whoever entered it decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

MONTHS: Final = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
NUMBER: Final = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
"""A number in running text: `50`, `0,05`, `0.05`, `1.250`, `12.000,5`."""
DATE: Final = rf"\d{{1,2}}\s+(?:{'|'.join(MONTHS)})\s+\d{{4}}|\d{{1,2}}-\d{{1,2}}-\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}"
"""A date in running text: `1 januari 2027`, `1-1-2027`, `2027-01-01`."""
COUNTS: Final = {
    **{"een": 1, "één": 1, "eén": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8},
    **{"negen": 9, "tien": 10, "elf": 11, "twaalf": 12, "achttien": 18, "vierentwintig": 24},
}
"""Numbers that permits write as words."""
_PLAIN: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?")
_GROUPED: Final = re.compile(r"-?[1-9]\d{0,2}(?:\.\d{3})+")


@dataclass(frozen=True, slots=True)
class Number:
    """A decimal number as text with a point, and whether its point may have parted thousands."""

    text: str
    doubtful: bool = False


def number(written: str) -> Number | None:
    """Return the number that is written, None where it is none.

    >>> number("0,05"), number("12.000,5"), number("2.5")
    (Number(text='0.05', doubtful=False), Number(text='12000.5', doubtful=False), Number(text='2.5', doubtful=False))
    >>> number("1.250"), number("1.250.000"), number("0.500")
    (Number(text='1250', doubtful=True), Number(text='1250000', doubtful=False), Number(text='0.500', doubtful=False))
    >>> number("ca. 5"), number("5-10"), number("1e3")
    (None, None, None)
    """
    bare = re.sub(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}(?!\d))", "", written.strip())
    if "," in bare:
        whole, _, part = bare.partition(",")
        if "." in whole and not _GROUPED.fullmatch(whole):
            return None
        plain = f"{whole.replace('.', '')}.{part}"
        return Number(plain) if _PLAIN.fullmatch(plain) else None
    if _GROUPED.fullmatch(bare):
        return Number(bare.replace(".", ""), doubtful=bare.count(".") == 1)
    return Number(bare) if _PLAIN.fullmatch(bare) else None


def day(written: str) -> date | None:
    """Return the date that is written, None where it is none.

    >>> day("1 januari 2027"), day("31-12-2026"), day("2026-02-30")
    (datetime.date(2027, 1, 1), datetime.date(2026, 12, 31), None)
    """
    bare = " ".join(written.lower().split())
    try:
        if found := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", bare):
            return date(*(int(part) for part in found.groups()))
        if found := re.fullmatch(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})", bare):
            return date(*(int(part) for part in reversed(found.groups())))
        if (found := re.fullmatch(r"(\d{1,2}) ([a-z]+) (\d{4})", bare)) and found.group(2) in MONTHS:
            return date(int(found.group(3)), MONTHS.index(found.group(2)) + 1, int(found.group(1)))
    except ValueError:
        return None
    return None


def count(written: str) -> int | None:
    """Return the whole number that is written in digits or as a word, None where it is none."""
    bare = written.strip().lower()
    return int(bare) if bare.isdecimal() and len(bare) < 6 else COUNTS.get(bare)


def written(value: str) -> str:
    """Return a decimal with a point as Dutch writes it: with a comma, digits as they are.

    >>> written("0.05"), written("1250")
    ('0,05', '1250')
    """
    return value.replace(".", ",")
