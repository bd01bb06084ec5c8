"""What closed leaves commit to: salt and header, kept apart from the evidence so that they can be erased.

    closed/ab/abcd….json    named by the commitment

The log holds the commitment alone. Whoever is shown salt and header can check them against it; once the file is erased
nobody can find the header again, not even by trying likely ones, and every proof still holds.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger import leaves as leaf_format
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.store import files
from goedebuur.store.files import REAL, FileSystem

CLOSED_MISSING: Final = declare(
    "closed-missing", "What a closed leaf commits to is not here: erased, or kept elsewhere."
)
CLOSED_DAMAGED: Final = declare("closed-damaged", "What is kept for a closed leaf is not what it commits to.")


class Openings:
    """The openings of closed leaves under a record's folder."""

    def __init__(self, root: Path, fs: FileSystem = REAL) -> None:
        self._root = root
        self._fs = fs

    def close(
        self, leaf: Leaf, *, closed_on: str, opens: str, role: str, ground: str, randomness: Callable[[int], bytes]
    ) -> ClosedLeaf:
        """Return the closed leaf to append, once its opening is on the disk.

        Parameters
        ----------
        closed_on, opens, role, ground
            See :class:`ClosedLeaf`.
        randomness
            Gives the salt: 32 bytes that nobody can guess.
        """
        salt = randomness(32)
        closed = ClosedLeaf(leaf_format.commit(leaf, salt), closed_on, opens, role, ground)
        body = canonical.encode({"leaf": leaf_format.encode(leaf).decode(), "salt": salt.hex()})
        path = self.path(closed.commitment)
        files.make_dirs(self._fs, self._root, path.parent)
        files.publish(self._fs, path.parent, path, body)
        return closed

    def open(self, closed: ClosedLeaf) -> tuple[Leaf, bytes]:
        """Return header and salt of a closed leaf, checked against its commitment.

        Raises
        ------
        GoedeBuurError
            `closed-missing` or `closed-damaged`.
        """
        path = self.path(closed.commitment)
        place = f"closed/{path.parent.name}/{path.name}"
        try:
            body = json.loads(path.read_bytes())
            leaf, salt = leaf_format.decode(body["leaf"].encode()), bytes.fromhex(body["salt"])
        except FileNotFoundError:
            raise GoedeBuurError(
                CLOSED_MISSING,
                "The opening of this leaf is not here.",
                place=place,
                hint=f"Ask the {closed.role or 'one who closed it'}; it may have been erased, as it was meant to.",
            ) from None
        except (ValueError, KeyError, TypeError, AttributeError, GoedeBuurError):
            raise _damaged(place) from None
        if not isinstance(leaf, Leaf) or len(salt) != 32 or not leaf_format.opens(closed, leaf, salt):
            raise _damaged(place)
        return leaf, salt

    def erase(self, commitment: str) -> None:
        """Take the opening away for good; the log and its proofs stay as they are."""
        path = self.path(commitment)
        if path.exists():
            self._fs.remove(path)
            self._fs.fsync_dir(path.parent)

    def path(self, commitment: str) -> Path:
        """Return where the opening lies or would lie."""
        return self._root / "closed" / commitment[:2] / f"{commitment}.json"


def _damaged(place: str) -> GoedeBuurError:
    return GoedeBuurError(
        CLOSED_DAMAGED, "This is not what the leaf commits to.", place=place, hint="Put it back from a copy."
    )
