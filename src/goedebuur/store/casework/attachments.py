"""Files of cases on disk, named by their digest, in a folder that only the owner of the installation reads."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from goedebuur.core.base.errors import GoedeBuurError, declare

MISSING = declare("case-file", "A file of a case is not there, or is not what it was.")


@dataclass(frozen=True, slots=True)
class Kept:
    """One file as it was kept."""

    sha256: str
    name: str
    size: int
    media_type: str


def put(home: Path, name: str, media_type: str, data: bytes) -> Kept:
    """Keep bytes under their digest, durable before this returns; those that are there already are left."""
    digest = hashlib.sha256(data).hexdigest()
    path = _path(home, digest)
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_name(f".{digest}.{secrets.token_hex(4)}")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    return Kept(digest, name, len(data), media_type)


def read(home: Path, sha256: str) -> bytes:
    """Return the bytes of a file.

    Raises
    ------
    GoedeBuurError
        `case-file` where they are not there or not what was kept.
    """
    try:
        data = _path(home, sha256).read_bytes()
    except OSError:
        data = b""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise GoedeBuurError(MISSING, "This file of a case is not there, or is not what it was.", value=sha256)
    return data


def _path(home: Path, sha256: str) -> Path:
    return home / "cases" / sha256[:2] / sha256
