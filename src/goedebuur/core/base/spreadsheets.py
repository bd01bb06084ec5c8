"""Words in a table that a spreadsheet opens: none of them may be run as a formula."""

from __future__ import annotations

import re
from typing import Final

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_MARKED: Final = re.compile(r"'+[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def harmless(text: str) -> str:
    """Return a text that is no formula to a spreadsheet: what would be one is marked with `'`; numbers are as they are.

    What begins with such a mark gets one more, so that :func:`as_meant` gives every text back.

    >>> harmless("=1+1"), harmless("'=1+1"), harmless("-0.5"), harmless("Kade 3")
    ("'=1+1", "''=1+1", '-0.5', 'Kade 3')

    References
    ----------
    https://owasp.org/www-community/attacks/CSV_Injection
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def as_meant(text: str) -> str:
    """Return a text without the mark of :func:`harmless`.

    >>> as_meant("'=1+1"), as_meant("'s-Gravenhage")
    ('=1+1', "'s-Gravenhage")
    """
    return text[1:] if _MARKED.match(text) else text
