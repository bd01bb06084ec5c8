"""The same averages by hand: dictionaries, fractions and the time zone database, one value at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

from goedebuur.core.base.flags import Flag

Row = tuple[str, int, int, int | None, int]
"""series, start [s since 1970 UTC], step [s], micro, flags"""
Means = dict[tuple[str, int], tuple[int, int, int, bool, int]]
"""(series, label) → total, n, expected, valid, micro"""

ZONES = {"UTC": ZoneInfo("UTC"), "CET": ZoneInfo("Etc/GMT-1"), "local": ZoneInfo("Europe/Amsterdam")}
UNIX = date(1970, 1, 1)


def half_away(x: Fraction) -> int:
    return floor(x + Fraction(1, 2)) if x >= 0 else -floor(-x + Fraction(1, 2))


def judged(total: int, n: int, expected: int, share: tuple[int, int]) -> tuple[int, int, int, bool, int]:
    return total, n, expected, Fraction(n, expected) >= Fraction(*share), half_away(Fraction(total, n))


def hours(rows: Iterable[Row], share: tuple[int, int]) -> Means:
    found: dict[tuple[str, int], list[int]] = defaultdict(list)
    steps: dict[tuple[str, int], int] = {}
    for series, start, step, micro, flags in rows:
        bad = flags & int(Flag.TOMBSTONE | Flag.SUPPLIER_INVALID)
        if micro is None or bad or step > 3600 or start % step:
            continue
        found[series, start // 3600].append(micro)
        steps[series, start // 3600] = step
    return {key: judged(sum(v), len(v), 3600 // steps[key], share) for key, v in found.items()}


def local_date(hour: int, clock: str) -> date:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=hour)).astimezone(ZONES[clock]).date()


def hours_between(first: date, end: date, clock: str) -> int:
    low, high = (datetime(d.year, d.month, d.day, tzinfo=ZONES[clock]).astimezone(UTC) for d in (first, end))
    return int((high - low) / timedelta(hours=1))


def grouped(means: Means, label: Callable[[int], int], expected: Callable[[int], int], share: tuple[int, int]) -> Means:
    found: dict[tuple[str, int], list[int]] = defaultdict(list)
    for (series, at), (_, _, _, valid, micro) in means.items():
        if valid:
            found[series, label(at)].append(micro)
    return {key: judged(sum(v), len(v), expected(key[1]), share) for key, v in found.items()}


def days(h: Means, clock: str, share: tuple[int, int]) -> Means:
    def length(day: int) -> int:
        first = UNIX + timedelta(days=day)
        return hours_between(first, first + timedelta(days=1), clock)

    return grouped(h, lambda hour: (local_date(hour, clock) - UNIX).days, length, share)


def months(h: Means, clock: str, share: tuple[int, int]) -> Means:
    def label(hour: int) -> int:
        day = local_date(hour, clock)
        return day.year * 12 + day.month - 1

    return grouped(h, label, lambda m: hours_between(month_start(m), month_start(m + 1), clock), share)


def years(h: Means, clock: str, share: tuple[int, int]) -> Means:
    def length(year: int) -> int:
        return hours_between(date(year, 1, 1), date(year + 1, 1, 1), clock)

    return grouped(h, lambda hour: local_date(hour, clock).year, length, share)


def month_start(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def running(h: Means, width: int, share: tuple[int, int]) -> Means:
    found = {}
    for series, at in {(s, hour + k) for (s, hour) in h for k in range(width)}:
        window = [h[series, k][4] for k in range(at - width + 1, at + 1) if (series, k) in h and h[series, k][3]]
        if window:
            found[series, at] = judged(sum(window), len(window), width, share)
    return found


def day_maxima(
    r: Means, clock: str, share: tuple[int, int]
) -> dict[tuple[str, int], tuple[Fraction, int, int, bool, int]]:
    """(series, day) → highest mean, windows, expected, valid, hour of the first highest."""
    found: dict[tuple[str, int], list[tuple[Fraction, int]]] = defaultdict(list)
    for (series, hour), (total, n, _, valid, _) in r.items():
        if valid:
            found[series, (local_date(hour, clock) - UNIX).days].append((Fraction(total, n), hour))
    out = {}
    for (series, day), windows in found.items():
        top = max(mean for mean, _ in windows)
        first = UNIX + timedelta(days=day)
        expected = hours_between(first, first + timedelta(days=1), clock)
        valid = Fraction(len(windows), expected) >= Fraction(*share)
        out[series, day] = top, len(windows), expected, valid, min(hour for mean, hour in windows if mean == top)
    return out
