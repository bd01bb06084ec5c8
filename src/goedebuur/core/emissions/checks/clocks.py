"""Checks of the clock: daily checks that come at another time of day, and streams that lag behind each other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import numpy as np

from goedebuur.core.base.amsterdam import AMSTERDAM
from goedebuur.core.emissions.checks.findings import Finding
from goedebuur.core.emissions.checks.minutes import Floats, Marks, Minutes, Track, runs
from goedebuur.core.emissions.streams import Role

DAYS: Final = 3
"""Days in a row with the check at another time, from which it is a finding. Ours."""
MOVED: Final = 10
"""How far the time must have moved. [min] Ours."""
AROUND: Final = 0.6
"""Part of the days on which the check must come at one time, for there to be a usual time."""
WEEK: Final = 7
"""Days over which streams are held beside each other."""
FAR: Final = 90
"""How far a lag is looked for. [min]"""
LEAST: Final = 20
"""Lag from which it is a finding. [min] Gas and filters explain a few minutes. Ours."""
ALIKE: Final = 0.30
"""Correlation from which two streams are known to move together. Seven spreads of chance in a week. Ours."""


def clock(found: Minutes) -> list[Finding]:
    """Return stretches in which the daily check of the instruments comes at another time of the day.

    A check is started by a clock. Where it moves by an hour, on all instruments, it is the clock of the record that
    moved, or that of the plant. A move on the days when summer time begins or ends is named as such.
    """
    out = []
    for (begin, end, shift), names in sorted(_moves(found).items()):
        start, stop = found.moment(begin * found.day), found.moment(end * found.day)
        check = "stack.summer_time" if _is_summer(start, stop, shift) else "stack.clock"
        numbers = (("minutes", f"{shift:+d}"), ("days", str(end - begin)))
        out.append(Finding(check, tuple(names), start, stop, numbers))
    return out


def lag(found: Minutes) -> list[Finding]:
    """Return weeks in which a concentration lags behind the oxygen, or goes ahead of it, by more than gas can.

    Air that comes in dilutes everything at once, so short movements of a concentration and of the oxygen go together.
    """
    oxygen = found.only(Role.OXYGEN)
    if oxygen is None or found.step != 60 or found.length < WEEK * found.day:
        return []
    normal = found.normal
    beside = _short_term(found, oxygen, normal)
    out = []
    for track in found.of(Role.CONCENTRATION):
        lags = _lags(_short_term(found, track, normal), beside, WEEK * found.day)
        for begin, end in runs(np.abs(np.nan_to_num(lags)) >= LEAST):
            numbers = (("minutes", f"{int(np.nanmedian(lags[begin:end])):+d}"), ("days", str(WEEK * (end - begin))))
            start, stop = (found.moment(at * WEEK * found.day) for at in (begin, end))
            out.append(Finding("stack.lag", (track.stream.id, oxygen.stream.id), start, stop, numbers))
    return out


def _moves(found: Minutes) -> dict[tuple[int, int, int], list[str]]:
    """Return first day, day after the last and shift → the streams whose check moved so. [min]"""
    out: dict[tuple[int, int, int], list[str]] = {}
    for name, track in sorted(found.tracks.items()):
        begins = _first_of_day(found, track)
        there = begins[begins >= 0]
        if len(there) < 3 * DAYS:
            continue
        usual = int(np.bincount(there).argmax())
        if (np.abs(there - usual) <= 2).mean() < AROUND:
            usual = int(np.bincount(there[: len(there) // 2]).argmax())
        shift = np.where(begins >= 0, begins - usual, 0)
        for value in np.unique(shift[np.abs(shift) * found.step // 60 >= MOVED]):
            for begin, end in runs(_bridged(np.abs(shift - value) <= 1, begins < 0)):
                if end - begin >= DAYS and (begins[begin:end] >= 0).sum() >= DAYS:
                    key = (begin, end, int(value) * found.step // 60)
                    near = next((old for old in out if _near(old, key)), key)
                    names = out.setdefault(near, [])
                    if name not in names:
                        names.append(name)
    return out


def _first_of_day(found: Minutes, track: Track) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return by day at which step of it the first check begins; −1 for none. Only whole days are looked at."""
    days = found.length // found.day
    going = track.calibrating
    begins = going & ~np.concatenate([[False], going[:-1]])
    table = begins[: days * found.day].reshape(days, found.day)
    return np.where(table.any(axis=1), table.argmax(axis=1), -1)


def _bridged(where: Marks, unknown: Marks) -> Marks:
    """Return where it is so, and the unknown days between two days on which it is so."""
    out = where.copy()
    for begin, end in runs(unknown):
        if begin and end < len(where) and where[begin - 1] and where[end]:
            out[begin:end] = True
    return out


def _near(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return abs(one[0] - other[0]) <= 1 and abs(one[1] - other[1]) <= 1 and abs(one[2] - other[2]) <= 1


def _is_summer(start: datetime, stop: datetime, shift: int) -> bool:
    """Return whether a move of an hour begins or ends within a day of a change between winter and summer time."""
    return abs(abs(shift) - 60) <= 1 and (_changes(start) or _changes(stop))


def _changes(at: datetime) -> bool:
    before, after = at - timedelta(days=1, hours=12), at + timedelta(days=1, hours=12)
    return before.astimezone(AMSTERDAM).utcoffset() != after.astimezone(AMSTERDAM).utcoffset()


def _short_term(found: Minutes, track: Track, normal: Marks) -> Floats:
    """Return the short movements of a stream: less its own mean over half an hour, 0 where there is no value."""
    good = track.usable & normal
    values = np.where(good, track.values, 0.0)
    window = np.ones(found.hour // 2 + 1)
    count = np.convolve(good, window, "same")
    mean = np.convolve(values, window, "same") / np.maximum(count, 1)
    short = np.where(good, track.values - mean, 0.0)
    most = 4 * np.sqrt((short[good] ** 2).mean()) if good.any() else 0.0
    return np.clip(short, -most, most)


def _lags(one: Floats, other: Floats, block: int) -> Floats:
    """Return by block by how many steps `one` comes after `other`; NaN where they do not move together."""
    out = np.full(len(one) // block, np.nan)
    size = 2 * block
    for place in range(len(out)):
        a, b = one[place * block : (place + 1) * block], other[place * block : (place + 1) * block]
        weight = float(np.sqrt((a * a).sum() * (b * b).sum()))
        if not weight or min((a != 0).mean(), (b != 0).mean()) < 0.5:
            continue
        crossed = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size) / weight
        near = np.abs(np.concatenate([crossed[-FAR:], crossed[: FAR + 1]]))
        best = int(near.argmax())
        if near[best] > ALIKE and near[FAR] < near[best] / 2:
            out[place] = best - FAR
        elif near[FAR] >= near[best] / 2 and near[best] > ALIKE:
            out[place] = 0
    return out
