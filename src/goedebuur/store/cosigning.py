"""How far a log is with its witnesses: the checkpoint that waits for cosignatures, and who is missing since when.

    publishing/state    canonical JSON; replaced
    publishing/lock     held by whoever asks the witnesses

All of it can be thrown away: a witness says itself what it cosigned last, and cosigns the same again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from goedebuur.core.base import canonical
from goedebuur.store import files, locks
from goedebuur.store.files import REAL, FileSystem

FOLDER: Final = "publishing"
STATE: Final = "state"


@dataclass(frozen=True, slots=True)
class WitnessStanding:
    """How far a log is with one witness.

    Parameters
    ----------
    size
        Leaves under the checkpoint that it cosigned last, as far as the log knows.
    cosigned
        When that was, ISO UTC; empty where it never did.
    missing_since
        Since when its cosignature under the latest checkpoint has been missing, ISO UTC; empty where it is not.
    why
        Why it is missing, as a word of `services/publishing.py`.
    said
        What it said, for the operator.
    """

    size: int = 0
    cosigned: str = ""
    missing_since: str = ""
    why: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class CosigningState:
    """How far a log is with all of them.

    Parameters
    ----------
    note
        The latest checkpoint with the cosignatures that came in; empty before the first round.
    waiting_since
        Since when the published checkpoint has been older than the latest, ISO UTC; empty where it is not.
    witnesses
        By public key.
    """

    note: str = ""
    waiting_since: str = ""
    witnesses: Mapping[str, WitnessStanding] = field(default_factory=dict)

    def of(self, vkey: str) -> WitnessStanding:
        """Return how far the log is with a witness."""
        return self.witnesses.get(vkey, WitnessStanding())


class CosigningStore:
    """Where that is kept.

    Parameters
    ----------
    root
        Folder of the record.
    """

    def __init__(self, root: Path, fs: FileSystem = REAL) -> None:
        self._root = root
        self._folder = root / FOLDER
        self._fs = fs

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only one who asks the witnesses."""
        files.make_dirs(self._fs, self._root, self._folder)
        with locks.exclusive(self._folder / "lock"):
            files.sweep(self._fs, self._folder)
            yield

    def read(self) -> CosigningState:
        """Return the state; the empty one where there is none, or none that can be read."""
        try:
            told: dict[str, Any] = canonical.decode((self._folder / STATE).read_bytes())
            witnesses = {vkey: WitnessStanding(**one) for vkey, one in told.pop("witnesses").items()}
            return CosigningState(**told, witnesses=witnesses)
        except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
            return CosigningState()

    def write(self, state: CosigningState) -> None:
        """Keep the state."""
        files.publish(self._fs, self._folder, self._folder / STATE, canonical.encode(asdict(state)))
