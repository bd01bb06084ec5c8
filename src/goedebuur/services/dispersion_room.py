"""Room on the disk for the matrix of a study: looked at before it is made, so that nothing else is left without.

A matrix only saves work: it can be made again. Those of the studies that were ready the longest go where there is no
room for another.
"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.services import dispersion_study
from goedebuur.services.dispersion_study import State, Study
from goedebuur.store.studies import Studies

NO_ROOM: Final = declare("dispersion-no-room", "There is not enough room on the disk for what a study keeps.")
MATRIX: Final = "matrix"
SPARE: Final = 4 * 2**30
"""What stays free for all else. [byte]"""
BYTES: Final = 4
"""Of a value, before it is packed."""

log = logging.getLogger(__name__)


def make(studies: Studies, study: Study, values: int) -> None:
    """Make room for a matrix of so many values, if need be in the place of those of other studies.

    Raises
    ------
    GoedeBuurError
        `dispersion-no-room` where that is not enough; then nothing was removed.
    """
    short = values * BYTES + SPARE - _free(studies.folder(study.id))
    if short <= 0:
        return
    going, found = [], 0
    for path in _others(studies, study):
        if found < short:
            going.append(path)
            found += _size(path)
    if found < short:
        raise GoedeBuurError(
            NO_ROOM,
            "The disk has no room for this study.",
            place="disk",
            value=f"{values * BYTES / 1e9:.1f} GB",
            hint="Take fewer companies, years or places, or give the disk more room.",
        )
    for path in going:
        log.warning("the matrix of dispersion study %s makes room for that of %s", path.parent.name, study.id)
        shutil.rmtree(path)


def _others(studies: Studies, study: Study) -> list[Path]:
    """Return the matrices of other studies that are ready, and not what this one begins with: the oldest first."""
    line, name = {study.id}, study.base
    while name and name not in line and studies.holds(name):
        line.add(name)
        name = dispersion_study.find(studies, name).base
    found = [(told.at, one.id) for one, told in dispersion_study.every(studies) if told.state is State.DONE]
    paths = [studies.folder(name) / MATRIX for _, name in sorted(found) if name not in line]
    return [path for path in paths if path.is_dir()]


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
