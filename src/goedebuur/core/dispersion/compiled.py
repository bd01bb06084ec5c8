"""Functions of one hour and one distance, made into machine code the first time they are used and kept.

What is compiled gives up the interpreter's lock, so that threads share the hours; the order of additions is that of the
code, so that one thread or more give the same to the last bit.

Machine code is kept in a folder named by the digest of all source that goes into it. The compiler itself looks at the
file of a function alone: after a change elsewhere it would go on with what it has.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba

from goedebuur.core.dispersion.source import DIGEST, HERE

Compiled = TypeVar("Compiled", bound=Callable[..., Any])
MONTH: Final = 30 * 86_400.0
"""[s]"""


def kept_in(source: Path = HERE) -> Path | None:
    """Return where machine code is kept, the first of these that can be written; None where none can.

    The folder that `NUMBA_CACHE_DIR` names, beside the source, the user's cache, a folder for temporary files.
    """
    given, user = os.environ.get("NUMBA_CACHE_DIR"), os.environ.get("XDG_CACHE_HOME")
    bases = [
        *([Path(given)] if given else []),
        source / "__pycache__",
        (Path(user) if user else Path.home() / ".cache") / "goedebuur",
        Path(tempfile.gettempdir()) / f"goedebuur-{os.getuid()}",
    ]
    return next((place for base in bases if _writes(place := base / f"compiled-{DIGEST[:16]}")), None)


def _writes(place: Path) -> bool:
    try:
        if not place.exists():
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            _forget(place.parent)
        with tempfile.TemporaryFile(dir=place):
            return place.stat().st_uid == os.getuid()
    except OSError:
        return False


def _forget(base: Path) -> None:
    """Remove machine code of other source that nothing was added to for a month."""
    for other in base.glob("compiled-*"):
        if other.is_dir() and not other.is_symlink() and time.time() - other.stat().st_mtime > MONTH:
            shutil.rmtree(other, ignore_errors=True)


KEPT: Final = kept_in()
if KEPT is not None:
    numba.config.CACHE_DIR = str(KEPT)  # type: ignore[attr-defined]


def compiled(function: Compiled) -> Compiled:
    """Return a function as machine code; a division by zero gives inf or NaN, as numpy has it."""
    return cast(Compiled, numba.njit(cache=KEPT is not None, nogil=True, error_model="numpy")(function))
