"""What was seen at an invented coke plant and passed through no stack, as the file of an inspection.

Each day a round along the oven doors, and of each tenth charge how long smoke was seen. In one week the doors of one
side leak; two pushes are raw.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import numpy as np

HEADER: Final = "site,place,item,start,seconds,observed,emitting,opacity,means,method,observer"
DOORS: Final = 108
EMITTING: Final = (0.045, 0.36)
"""Part of the doors at which something is seen, and that in the week of the leak."""
LEAK: Final = range(12, 19)
"""Days of the leak, counted from the first."""
CHARGES: Final = 8
"""Charges a day that somebody looks at."""
_ROUND: Final = timedelta(hours=9, minutes=10)
_FIRST_CHARGE: Final = timedelta(hours=6)
_BETWEEN: Final = timedelta(hours=2)


def file(seed: int, site: str, item: str, start: datetime, days: int) -> bytes:
    """Return the sightings of some days; the same seed gives the same bytes.

    Parameters
    ----------
    start
        First moment of the first day, aware.
    """
    random = np.random.default_rng(seed)
    lines = [HEADER]
    for day in range(days):
        begin = start + timedelta(days=day)
        emitting = int(random.binomial(DOORS, EMITTING[day in LEAK]))
        seen = f"{_at(begin + _ROUND)},3600,{DOORS},{emitting}"
        lines.append(f"{site},oven_door,{item},{seen},,inspection,EPA-303,operator")
        for charge in range(CHARGES):
            moment = begin + _FIRST_CHARGE + charge * _BETWEEN
            seconds = int(np.clip(random.lognormal(2.9, 0.5), 2, 240))
            lines.append(f"{site},charging,{item},{_at(moment)},{seconds},,,,inspection,EPA-303,operator")
    for day in sorted(int(one) for one in random.choice(days, 2, replace=False)):
        moment = start + timedelta(days=day, minutes=int(random.integers(60, 1_380)))
        seconds, opacity = int(random.integers(40, 110)), 5 * int(random.integers(10, 19))
        lines.append(f"{site},raw_push,{item},{_at(moment)},{seconds},,,{opacity},camera,VIDEO,automatic")
    return ("\n".join(lines) + "\n").encode()


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
