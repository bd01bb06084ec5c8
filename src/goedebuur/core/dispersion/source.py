"""The digest of the source that a model is: by it is known whether something was reckoned by the model as it is now."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Final

from goedebuur.core import weather

HERE: Final = Path(__file__).resolve().parent
SOURCES: Final = (HERE, Path(weather.__file__).resolve().parent)
"""Folders with the functions that are compiled, and with what they take from elsewhere."""


def digest() -> str:
    """Return the digest of the source that goes into what is compiled, and of the compiler's version."""
    found = hashlib.sha256(version("numba").encode())
    for folder in SOURCES:
        for path in sorted(folder.glob("*.py")):
            found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


DIGEST: Final = digest()
"""Of the source that this process runs: read when it began, since what is on the disk may be changed after."""
