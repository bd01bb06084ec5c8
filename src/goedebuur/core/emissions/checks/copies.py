"""The check for values that are in the record twice: a day, or an hour, that stands in for another."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from goedebuur.core.emissions.checks.findings import Finding
from goedebuur.core.emissions.checks.minutes import Minutes, Track, runs
from goedebuur.core.emissions.streams import Role

WINDOW: Final = 30
"""Values that are compared at a time. [steps]"""
DISTINCT: Final = 15
"""Different values in a window, from which it is like no other by chance. With resolutions as instruments have them the
chance that 15 values come back in the same order is below 10⁻¹²."""
LEAST: Final = 60
"""Values in a row that come back, from which it is a finding. [steps]"""
_FACTOR: Final = np.uint64(6_364_136_223_846_793_005)
"""Knuth, The Art of Computer Programming, volume 2, 3.3.4: multiplier with a good lattice modulo 2⁶⁴."""


def copied(found: Minutes) -> list[Finding]:
    """Return stretches whose values are, one by one, those of an earlier stretch of the same stream."""
    out = []
    for track in found.of(*(role for role in Role if role is not Role.STATE)):
        for first, again, length in _pairs(track):
            out.append(
                Finding(
                    "stack.copied",
                    (track.stream.id,),
                    found.moment(again),
                    found.moment(again + length),
                    (
                        ("minutes", str(length * found.step // 60)),
                        ("from", found.moment(first).isoformat(timespec="minutes")),
                    ),
                )
            )
    return out


def _pairs(track: Track) -> list[tuple[int, int, int]]:
    """Return begin, begin of the repetition and length of each stretch that comes back, by where it comes back.

    Of a stretch of two windows or more one begins where a whole number of windows does; so these alone are looked for.
    """
    whole = _whole(track)
    hashes, fit = _windows(whole, track)
    places = np.flatnonzero(fit)
    anchors = places[places % WINDOW == 0]
    if not len(anchors):
        return []
    order = anchors[np.argsort(hashes[anchors], kind="stable")]
    at = np.minimum(np.searchsorted(hashes[order], hashes[places]), len(order) - 1)
    other = order[at]
    same = (hashes[other] == hashes[places]) & (other != places)
    apart = np.unique(np.abs(places[same] - other[same])).tolist()
    out = []
    for offset in apart:
        for begin, end in runs(whole[offset:] == whole[:-offset]):
            length = end - begin
            if length >= LEAST and offset >= length // 2 and len(np.unique(whole[begin:end])) >= DISTINCT:
                out.append((begin, begin + offset, length))
    return sorted(out, key=lambda pair: pair[1])


def _whole(track: Track) -> NDArray[np.uint64]:
    """Return the values as whole numbers of their resolution; one number for all that are not there."""
    values = np.nan_to_num(track.values, nan=-9e9)
    return np.round(values / (track.resolution or 1.0)).astype(np.int64).astype(np.uint64)


def _windows(whole: NDArray[np.uint64], track: Track) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Return a number for each window of values, and whether it has enough different ones and no check in it."""
    size = len(whole) - WINDOW + 1
    if size <= 0:
        return np.zeros(0, np.uint64), np.zeros(0, np.bool_)
    hashes = np.zeros(size, np.uint64)
    for step in range(WINDOW):
        hashes *= _FACTOR
        hashes += whole[step : step + size]
    moved = np.concatenate([[0], np.cumsum(whole[1:] != whole[:-1])])
    calibrating = np.concatenate([[0], np.cumsum(track.calibrating)])
    there = np.concatenate([[0], np.cumsum(track.missing)])
    fit = (moved[WINDOW - 1 :] - moved[:size] >= DISTINCT) & (calibrating[WINDOW:] == calibrating[:-WINDOW])
    return hashes, fit & (there[WINDOW:] == there[:-WINDOW])
