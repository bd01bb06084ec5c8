"""Functions of one hour and one distance, made into machine code the first time they are used and kept.

What is compiled gives up the interpreter's lock, so that threads share the hours; the order of additions is that of the
code, so that one thread or more give the same to the last bit.

Machine code is kept in a folder named by the digest of all source that goes into it. The compiler itself looks at the
file of a function alone: after a change elsewhere it would go on with what it has.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba

from goedebuur.core import weather

Compiled = TypeVar("Compiled", bound=Callable[..., Any])
HERE: Final = Path(__file__).resolve().parent
SOURCES: Final = (HERE, Path(weather.__file__).resolve().parent)
"""Folders with the functions that are compiled, and with what they take from elsewhere."""


def digest() -> str:
    """Return the digest of the source that goes into what is compiled."""
    found = hashlib.sha256(numba.__version__.encode())
    for folder in SOURCES:
        for path in sorted(folder.glob("*.py")):
            found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def kept_in(source: Path = HERE) -> Path:
    """Return where machine code is kept: beside the source, or where that cannot be written in the user's cache."""
    beside = source / "__pycache__"
    given = os.environ.get("NUMBA_CACHE_DIR")
    if given:
        base = Path(given)
    elif os.access(beside if beside.is_dir() else source, os.W_OK):
        base = beside
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "goedebuur"
    return base / f"compiled-{digest()[:16]}"


numba.config.CACHE_DIR = str(kept_in())  # type: ignore[attr-defined]


def compiled(function: Compiled) -> Compiled:
    """Return a function as machine code; a division by zero gives inf or NaN, as numpy has it."""
    return cast(Compiled, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
