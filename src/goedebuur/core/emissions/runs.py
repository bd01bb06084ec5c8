"""Where something holds without a break, in values on a grid of time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def runs(mask: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where runs of true begin, and where each has ended.

    >>> [side.tolist() for side in runs(np.array([1, 1, 0, 1], bool))]
    [[0, 3], [2, 4]]
    """
    edges = np.diff(np.concatenate(([0], mask.astype(np.int8), [0])))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
