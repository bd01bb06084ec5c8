"""How a case is called: a number, and the RSIN of the authority that keeps it, as other case systems write them.

References: Zaakgericht Werken API's (VNG Realisatie), Zaken API: `identificatie`, `bronorganisatie`.
"""

from __future__ import annotations

import re
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare

BAD_RSIN: Final = declare(
    "case-rsin", "This is no RSIN: nine digits, of which the weighed sum is a multiple of eleven."
)
_CASE: Final = re.compile(r"GB-(\d{4})-(\d{6,})")


def number(year: int, serial: int) -> str:
    """Return the number of a case.

    >>> number(2026, 17)
    'GB-2026-000017'
    """
    return f"GB-{year:04}-{serial:06}"


def is_number(text: str) -> bool:
    """Return whether a text has the form of a number of a case."""
    return _CASE.fullmatch(text) is not None


def require_rsin(text: str) -> str:
    """Return an RSIN that can exist.

    The sum of the digits, weighed 9 to 2 and the last -1, is a multiple of eleven.

    Raises
    ------
    GoedeBuurError
        `case-rsin`.

    >>> require_rsin("002220647")
    '002220647'
    """
    digits = [int(one) for one in text] if re.fullmatch(r"[0-9]{9}", text) else []
    weighed = sum(weight * digit for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=False))
    if not digits or weighed % 11 or not any(digits):
        raise GoedeBuurError(
            BAD_RSIN, "This is no RSIN.", value=text, hint="An RSIN has nine digits; the chamber of commerce gives it."
        )
    return text
