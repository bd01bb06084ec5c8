"""Checks of one stream by itself: rows that are not there, values that stand still, are cut off or are made up."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Final

import numpy as np

from goedebuur.core.emissions.checks.findings import Finding, decimal
from goedebuur.core.emissions.checks.minutes import Floats, Marks, Minutes, Track, runs
from goedebuur.core.emissions.streams import Role

GAP: Final = 30
"""Rows in a row that are not there, from which it is a finding. [min] Half of the shortest average that is judged."""
STILL: Final = 30
"""Equal values in a row, from which it is a finding at all. [min] Ours."""
STEPS: Final = 12
"""Steps that a run must have too: of hours, three equal ones are nothing. Ours."""
LONGER: Final = 3.0
"""Times the longest run that chance gives, from which a run is a finding. Ours."""
PILED: Final = (12, 5.0)
"""Times that the greatest value occurs, and times as often as the values just under it, from which it is cut off."""
ZEROS: Final = (100, 3.0, 10.0)
"""Zeros, times as many as of the next step of resolution, and spreads of chance more than those, from which negative
values are cut off."""
_COUNTED: Final = tuple(role for role in Role if role is not Role.STATE)
_MEASURED: Final = tuple(role for role in _COUNTED if role not in (Role.PROCESS, Role.LOAD))
_IDLE: Final = 0.2
"""Part of the usual level under which a process signal may stand still: a pump that is off gives one value."""


def missing(found: Minutes) -> list[Finding]:
    """Return each stretch in which rows are not there and nobody said why; streams with the same stretch together.

    A row with a status (maintenance, malfunction) is there, and a plant out of service may send nothing.

    References
    ----------
    EN 17255-1: every raw value is kept, with its status.
    """
    least = max(1, GAP * 60 // found.step)
    together: dict[tuple[int, int], list[str]] = defaultdict(list)
    work = found.at_work
    for name, track in sorted(found.tracks.items()):
        for begin, end in runs(track.missing):
            if end - begin >= least and (work[begin:end].any() or track.stream.role is Role.STATE):
                together[begin, end].append(name)
    return [
        Finding(
            "stack.missing",
            tuple(names),
            found.moment(begin),
            found.moment(end),
            (("minutes", str((end - begin) * found.step // 60)),),
        )
        for (begin, end), names in sorted(together.items())
    ]


def stuck(found: Minutes) -> list[Finding]:
    """Return runs of equal values that are much longer than chance gives, while the plant is at work.

    How often two values in a row are equal follows from the stream itself, by the median of its days; the longest run
    that `n` values give is then about ln n ÷ −ln p.

    References
    ----------
    Erdős and Rényi, 1970, J. Anal. Math. 23, 103: longest run. WMO-No. 8, volume V: persistence test.
    """
    work = found.at_work
    out = []
    for track in found.of(*_COUNTED):
        same = np.zeros(found.length, dtype=np.bool_)
        same[1:] = (track.values[1:] == track.values[:-1]) & track.usable[1:] & track.usable[:-1] & work[1:]
        least = _longest(found, same)
        for begin, end in runs(same):
            if end - begin + 1 >= least and not _at_an_end(track, begin) and not _idle(track, begin):
                numbers = (("value", decimal(track.values[begin])), ("minutes", _minutes(found, end - begin + 1)))
                out.append(_finding("stack.stuck", found, track, begin - 1, end, numbers))
    return out


def clipped(found: Minutes) -> list[Finding]:
    """Return streams whose greatest value occurs again and again: what was higher is not in the record."""
    out = []
    for track in found.of(Role.CONCENTRATION):
        there = track.usable
        values = track.values[there]
        if len(values) < found.hour:
            continue
        top, fine = float(values.max()), track.resolution
        piled = int((values == top).sum())
        under = int(((values < top) & (values >= top - 10.5 * fine)).sum()) / 10
        if piled >= PILED[0] and piled > PILED[1] * max(under, 1.0):
            at = np.flatnonzero(there & (track.values == top))
            numbers = (("value", decimal(top)), ("times", str(piled)))
            out.append(_finding("stack.clipped", found, track, int(at[0]), int(at[-1]) + 1, numbers))
    return out


def zero_clipped(found: Minutes) -> list[Finding]:
    """Return streams in which zero takes the place of what lies below it.

    At zero an instrument gives as many values below it as above. A heap at exactly zero with nothing below it says
    that values were cut off, which raises every average near zero.

    References
    ----------
    EN 17255-1: negative values are part of the raw data.
    """
    out = []
    for track in found.of(Role.CONCENTRATION):
        values = track.values[~track.missing]
        fine = track.resolution
        zeros, below = int((values == 0).sum()), int((values < 0).sum())
        next_to = int(((values > 0) & (values <= 3.5 * fine)).sum()) / 3
        heap = max(ZEROS[0], ZEROS[1] * next_to, next_to + ZEROS[2] * math.sqrt(next_to))
        if zeros >= heap and not below:
            at = np.flatnonzero(track.values == 0)
            out.append(
                _finding("stack.zero_clipped", found, track, int(at[0]), int(at[-1]) + 1, (("times", str(zeros)),))
            )
    return out


def interpolated(found: Minutes) -> list[Finding]:
    """Return stretches that lie on a straight line: drawn between two values, not measured."""
    work = found.at_work
    out = []
    for track in found.of(*_MEASURED):
        values, fine = track.values, track.resolution
        if not fine:
            continue
        straight = np.zeros(found.length, dtype=np.bool_)
        bend = np.abs(values[2:] - 2 * values[1:-1] + values[:-2])
        straight[2:] = (bend <= 1.01 * fine) & track.usable[2:] & track.usable[:-2] & work[2:] & work[:-2]
        least = _longest(found, straight)
        for begin, end in runs(straight):
            rise = abs(values[end - 1] - values[begin - 2])
            if end - begin + 2 >= least and rise > 3 * fine:
                numbers = (("minutes", _minutes(found, end - begin + 2)),)
                out.append(_finding("stack.interpolated", found, track, begin - 2, end, numbers))
    return out


def _longest(found: Minutes, same: Marks) -> float:
    """Return from how many steps in a row a run is more than chance. [steps]"""
    days = max(1, len(same) // found.day)
    part = float(np.median(same[: days * found.day].reshape(days, -1).mean(axis=1))) if days > 1 else float(same.mean())
    chance = math.log(max(found.length, 3)) / -math.log(min(max(part, 1e-6), 0.999))
    return max(STILL * 60 / found.step, STEPS, LONGER * chance)


def _at_an_end(track: Track, place: int) -> bool:
    """Return whether a value is the greatest of its stream or zero: that is for the checks of cutting off."""
    if track.stream.role is not Role.CONCENTRATION:
        return False
    values: Floats = track.values[track.usable]
    return bool(track.values[place] == values.max() and len(runs(track.values == values.max())) > 2)


def _idle(track: Track, place: int) -> bool:
    """Return whether a process signal or the load stands near zero, where it may stand still."""
    if track.stream.role in _MEASURED:
        return False
    return bool(abs(track.values[place]) < _IDLE * np.median(np.abs(track.values[track.usable])))


def _minutes(found: Minutes, steps: int) -> str:
    return str(steps * found.step // 60)


def _finding(
    check: str, found: Minutes, track: Track, begin: int, end: int, numbers: tuple[tuple[str, str], ...]
) -> Finding:
    return Finding(check, (track.stream.id,), found.moment(begin), found.moment(end), numbers)
