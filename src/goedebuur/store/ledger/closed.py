"""What closed leaves commit to: kept apart from the public evidence, so that it is read by nobody and can be erased.

    closed/ab/abcd…/opening.json    header and salt; the folder is named by the commitment
    closed/ab/abcd…/payloads, batches    bytes as received and rows, as in `store/evidence.py`
    closed/ab/abcd…/opening/        what the opening of it adds to the public evidence, once it was begun
    closed/closing/                 a folder that is being made

The log holds the commitment alone. Whoever is shown a folder can check it against the log; once it is erased
nobody can find the header again, not even by trying likely ones, and every proof still holds.

`closed/` and all in it can be read by its owner alone.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger import leaves as leaf_format
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.store import files
from goedebuur.store.evidence import Evidence
from goedebuur.store.files import REAL, FileSystem

CLOSED_MISSING: Final = declare(
    "closed-missing", "What a closed leaf commits to is not here: erased, or kept elsewhere."
)
CLOSED_DAMAGED: Final = declare("closed-damaged", "What is kept for a closed leaf is not what it commits to.")
OWNER_ALONE: Final = 0o700
OPENING: Final = "opening.json"
UNFINISHED: Final = "closing"
CATALOGUE: Final = "catalogue"
"""In the inputs of a closed header: the batch of what the file says of stations."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept for a closed leaf, whole and checked."""

    header: Leaf
    salt: bytes
    evidence: Evidence


class Openings:
    """The openings of closed leaves under a record's folder. Whoever changes them is the one sequencer."""

    def __init__(self, root: Path, fs: FileSystem = REAL) -> None:
        self._root = root
        self._fs = fs
        self._top = root / "closed"

    def begin(self) -> Evidence:
        """Return empty evidence in which the content of a leaf that is to be closed can be put."""
        self.sweep()
        files.make_dirs(self._fs, self._root, self._top)
        if self._top.stat().st_mode & 0o777 != OWNER_ALONE:
            self._top.chmod(OWNER_ALONE)
        files.make_dirs(self._fs, self._root, self._top / UNFINISHED)
        return Evidence(self._top / UNFINISHED, self._fs)

    def close(
        self, header: Leaf, *, closed_on: str, opens: str, role: str, ground: str, randomness: Callable[[int], bytes]
    ) -> ClosedLeaf:
        """Return the closed leaf to append, once its opening and what :meth:`begin` gave are on the disk as one.

        Parameters
        ----------
        closed_on, opens, role, ground
            See :class:`ClosedLeaf`.
        randomness
            Gives the salt: 32 bytes that nobody can guess.
        """
        salt = randomness(32)
        closed = ClosedLeaf(leaf_format.commit(header, salt), closed_on, opens, role, ground)
        unfinished, folder = self._top / UNFINISHED, self.folder(closed.commitment)
        body = canonical.encode({"leaf": leaf_format.encode(header).decode(), "salt": salt.hex()})
        files.publish(self._fs, unfinished, unfinished / OPENING, body)
        files.make_dirs(self._fs, self._root, folder.parent)
        self._fs.rename(unfinished, folder)
        self._fs.fsync_dir(folder.parent)
        self._fs.fsync_dir(self._top)
        return closed

    def open(self, closed: ClosedLeaf) -> Held:
        """Return what a closed leaf stands for, header, salt, payload and batches checked against its commitment.

        Raises
        ------
        GoedeBuurError
            `closed-missing` or `closed-damaged`.
        """
        header, salt = self.header(closed.commitment, closed)
        held = Held(header, salt, Evidence(self.folder(closed.commitment), self._fs))
        _require_whole(closed.commitment, held)
        return held

    def header(self, commitment: str, closed: ClosedLeaf | None = None) -> tuple[Leaf, bytes]:
        """Return header and salt under a commitment, without their content; errors as :meth:`open`."""
        try:
            body = canonical.decode((self.folder(commitment) / OPENING).read_bytes())
            leaf, salt = leaf_format.decode(body.pop("leaf").encode()), bytes.fromhex(body.pop("salt"))
        except FileNotFoundError:
            raise GoedeBuurError(
                CLOSED_MISSING,
                "The opening of this leaf is not here.",
                place=_place(commitment),
                hint=f"Ask the {closed.role if closed else 'one who closed it'}; it may have been erased, "
                "as it was meant to.",
            ) from None
        except (ValueError, KeyError, TypeError, AttributeError, GoedeBuurError):
            raise _damaged(commitment, OPENING) from None
        if body or not isinstance(leaf, Leaf) or len(salt) != 32 or leaf_format.commit(leaf, salt) != commitment:
            raise _damaged(commitment, OPENING)
        return leaf, salt

    def staged(self, commitment: str) -> Evidence:
        """Return where the evidence lies that an opening is about to make public."""
        place = self.folder(commitment) / "opening"
        files.make_dirs(self._fs, self._root, place)
        return Evidence(place, self._fs)

    def begun(self, commitment: str) -> set[str]:
        """Return the digests that an opening, finished or not, may have put into the public evidence."""
        place = self.folder(commitment) / "opening"
        if not place.is_dir():
            return set()
        return Evidence(self.folder(commitment)).digests() | Evidence(place).digests()

    def erase(self, commitment: str) -> None:
        """Take a folder away for good, the salt first; the log and its proofs stay as they are."""
        folder = self.folder(commitment)
        if folder.is_dir():
            files.remove_all(self._fs, folder, OPENING)

    def sweep(self) -> bool:
        """Remove a folder that was being made when the process ended, and return whether there was one."""
        unfinished = self._top / UNFINISHED
        with suppress(FileNotFoundError):
            files.remove_all(self._fs, unfinished)
            return True
        return False

    def listed(self) -> list[str]:
        """Return the commitments of which there is a folder."""
        return sorted(path.name for path in self._top.glob("??/*") if path.is_dir())

    def folder(self, commitment: str) -> Path:
        """Return where what a commitment stands for lies or would lie."""
        return self._top / commitment[:2] / commitment


def batches(header: Leaf) -> list[str]:
    """Return the digests of the batches that a closed header names."""
    told = (header.inputs or {}).get(CATALOGUE)
    return [named["sha256"] for named in (header.batch, told) if named is not None]


def _require_whole(commitment: str, held: Held) -> None:
    part = "payloads"
    try:
        if held.header.payload is not None:
            held.evidence.payload(held.header.payload["sha256"])
        part = "batches"
        for sha in batches(held.header):
            held.evidence.batch(sha)
    except (GoedeBuurError, KeyError, TypeError, AttributeError):
        # not which file: its name is a digest by which a guess at what is closed could be confirmed
        raise _damaged(commitment, part) from None


def _place(commitment: str) -> str:
    return f"closed/{commitment[:2]}/{commitment}"


def _damaged(commitment: str, part: str) -> GoedeBuurError:
    return GoedeBuurError(
        CLOSED_DAMAGED,
        "This is not what the leaf commits to.",
        place=f"{_place(commitment)}/{part}",
        hint="Put it back from a copy.",
    )
