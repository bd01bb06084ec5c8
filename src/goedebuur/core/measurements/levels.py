"""Levels of detail: how wide the buckets are in which a chart shows a series of any length."""

from __future__ import annotations

from datetime import datetime
from typing import Final

WIDTHS: Final = (
    60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200,
    86400, 172800, 345600, 604800, 1209600, 2592000, 7776000,
)  # fmt: skip
"""Bucket widths that people can read off an axis. [s]"""


def bucket_width(start: datetime, end: datetime, points: int, step: int) -> int:
    """Return the narrowest bucket that gives at most so many points, and is never narrower than the step. [s]

    >>> from datetime import UTC
    >>> bucket_width(datetime(2019, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC), 1000, 3600)
    43200
    """
    if points < 1:
        raise ValueError("a chart has at least one point")
    span = int((end - start).total_seconds())
    for width in WIDTHS:
        if width >= step and width * points >= span:
            return width
    return -(-span // points)
