"""A moment on clocks in the Netherlands, without the time zones of the machine: one with Python alone may know none.

Summer time as in the whole European Union since 1996: from 01:00 UTC on the last Sunday of March to 01:00 UTC on the
last Sunday of October. What a log received lies in these years. Another moment stays as it is written, in UTC.

References
----------
Directive 2000/84/EC art. 2 and 3; for 1996 and 1997 directive 94/21/EC art. 2 and 3
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

FIRST, LAST = 1996, 2199
"""Years in which the rule is applied: since it holds, and up to which the pages tell moments."""
WINTER, SUMMER = timedelta(hours=1), timedelta(hours=2)
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z")


def civil(text: str) -> str:
    """Return a moment in UTC as `31-12-2021 23:00` on clocks in the Netherlands; empty where that cannot be told.

    >>> civil("2021-06-30T22:00:00Z")
    '01-07-2021 00:00'
    """
    found = _ISO.fullmatch(text)
    if found is None or not FIRST <= int(found[1]) <= LAST:
        return ""
    try:
        moment = datetime(*map(int, found.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]
    except ValueError:
        return ""
    summer = _change(moment.year, 3) <= moment < _change(moment.year, 10)
    return (moment + (SUMMER if summer else WINTER)).strftime("%d-%m-%Y %H:%M")


def _change(year: int, month: int) -> datetime:
    """Return 01:00 UTC on the last Sunday of a month of 31 days."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=last.isoweekday() % 7)
