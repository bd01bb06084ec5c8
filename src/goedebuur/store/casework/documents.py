"""Files attached to drafts, by their digest, outside the record: private until the draft is published.

documents/ab/abcd…    bytes as received
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.store import files
from goedebuur.store.files import REAL

MISSING: Final = declare("draft-document", "A document of a draft is not there, or does not hold its bytes any more.")


class Documents:
    """The files under one folder. Any number of processes may put at the same time."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, data: bytes) -> str:
        """Keep a file and return its SHA-256, once it is on the disk."""
        sha256 = canonical.sha256(data)
        path = self._path(sha256)
        if not path.exists():
            files.make_dirs(REAL, self._root, path.parent)
            files.publish(REAL, path.parent, path, data)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes of a file, checked against its digest.

        Raises
        ------
        GoedeBuurError
            `draft-document`.
        """
        try:
            data = self._path(sha256).read_bytes()
        except OSError:
            data = b""
        if canonical.sha256(data) != sha256:
            hint = "Attach the document once more."
            raise GoedeBuurError(MISSING, "The file of this document is not there.", value=sha256[:12], hint=hint)
        return data

    def _path(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256
