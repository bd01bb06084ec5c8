"""Ask witnesses to cosign a checkpoint, all at the same time, and believe of their answers only what verifies.

Which size a witness cosigned last is a guess of ours: it says so itself when the guess is wrong, and is asked again
with the proof from there.

References
----------
C2SP tlog-witness, "add-checkpoint"
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import cosignatures, notes, witnessing
from goedebuur.core.ledger.cosignatures import Policy
from goedebuur.core.ledger.notes import COSIGNATURE, Note, Signature
from goedebuur.core.ledger.witnessing import AddCheckpoint
from goedebuur.services.settings import Settings
from goedebuur.store import keys
from goedebuur.store.ledger import Ledger

UNREACHABLE: Final = "unreachable"
UNKNOWN_LOG: Final = "unknown-log"
KEY_REFUSED: Final = "key-refused"
REFUSED: Final = "refused"
UNREADABLE: Final = "unreadable"
FORK: Final = "fork"
AHEAD: Final = "ahead"
WHY: Final = {
    UNREACHABLE: "it does not answer",
    UNKNOWN_LOG: "it does not witness this log",
    KEY_REFUSED: "it does not trust the key of this log",
    REFUSED: "it refuses",
    UNREADABLE: "its answer cannot be read, or its cosignature is not valid",
    FORK: "it has seen another log under this name: what is here does not continue what it cosigned",
    AHEAD: "it has cosigned more leaves than this log has: an older copy may have been put back here",
}
"""Why a cosignature is missing, in words for the operator. The last two mean that something is wrong with the log."""
ALARMING: Final = frozenset({FORK, AHEAD})
SKEW: Final = 300
"""How far the clock of a witness may be ahead of ours. [s]"""
ROUNDS: Final = 3
"""Times that a witness is asked in one turn: it may name another size than was thought, twice."""


class HttpReply(Protocol):
    """What comes back from a witness."""

    @property
    def status(self) -> int:
        """Return the status of the answer."""

    @property
    def body(self) -> bytes:
        """Return the bytes of the answer."""


Post = Callable[[str, bytes], HttpReply]
"""Sends bytes to an address; raises `witness-unreachable`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be published where, and with whom.

    Parameters
    ----------
    record
        Folder of the record.
    folder
        Folder of what is published.
    witnesses
        Public key and address of each.
    needed
        How many of them must have cosigned a checkpoint before it is published.
    operator, contact
        Who runs the installation and where to reach them, for its README.
    """

    record: Path
    folder: Path
    witnesses: tuple[tuple[str, str], ...] = ()
    needed: int = 0
    operator: str = ""
    contact: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Plan:
        """Return the plan of an installation."""
        return cls(
            settings.record_dir,
            settings.public_path,
            settings.witnesses,
            settings.witnesses_needed,
            settings.operator,
            settings.contact,
        )

    @property
    def policy(self) -> Policy:
        """Return whose cosignatures count."""
        return Policy(self.needed, tuple(vkey for vkey, _ in self.witnesses))


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness to ask: its public key, its address, and the size that it cosigned last as far as is known."""

    vkey: str
    url: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of asking one witness.

    Parameters
    ----------
    vkey
        The witness.
    size
        Leaves under the checkpoint that it cosigned last, as far as is known now.
    lines
        Its cosignature, verified; empty where it gave none.
    why
        A key of :data:`WHY` where it gave none.
    said
        What it said, for the operator.
    """

    vkey: str
    size: int
    lines: tuple[Signature, ...] = ()
    why: str = ""
    said: str = ""


def ask_all(
    ledger: Ledger, note: Note, witnesses: Sequence[Witness], post: Post, now: Callable[[], int]
) -> Iterator[Asked]:
    """Yield what became of asking each witness, in the order in which they answer.

    Parameters
    ----------
    note
        The latest checkpoint of the log, with what was signed under it.
    now
        The time. [s since 1970]
    """
    if not witnesses:
        return
    with ThreadPoolExecutor(len(witnesses)) as pool:
        jobs = [pool.submit(_ask, ledger, note, one, post, now) for one in witnesses]
        for job in as_completed(jobs):
            yield job.result()


def _ask(ledger: Ledger, note: Note, witness: Witness, post: Post, now: Callable[[], int]) -> Asked:
    vkey, url, known = witness.vkey, witness.url, witness.size
    size = notes.parse_checkpoint(note.text).size
    old = min(known, size)
    try:
        for _ in range(ROUNDS):
            proof = tuple(ledger.consistency_proof(old, size))
            reply = post(url.rstrip("/") + witnessing.PATH, AddCheckpoint(old, proof, note.encode()).encode())
            if reply.status == witnessing.OK:
                lines = _verified(note, vkey, reply.body, now())
                return Asked(vkey, size, lines, "" if lines else UNREADABLE, "" if lines else "no line of its key")
            if reply.status != witnessing.CONFLICT:
                return Asked(vkey, known, why=_why(reply.status), said=_said(reply))
            told = witnessing.parse_size(reply.body)
            if told == old:
                return Asked(vkey, told, why=FORK, said=f"another root over {told} leaves")
            if told > size:
                return Asked(vkey, known, why=AHEAD, said=f"{told} leaves; here are {size}")
            old = told
        return Asked(vkey, old, why=REFUSED, said="it names another size each time")
    except GoedeBuurError as error:
        why = UNREACHABLE if error.code == "witness-unreachable" else UNREADABLE
        return Asked(vkey, known, why=why, said=f"{error.value or error.message}"[:200])


def _verified(note: Note, vkey: str, body: bytes, now: int) -> tuple[Signature, ...]:
    """Return the lines of this witness in its answer, once they are valid; lines of other keys are left away."""
    name, public_key = notes.decode_vkey(vkey, COSIGNATURE)
    key = notes.key_id(name, public_key, COSIGNATURE)
    lines = tuple(line for line in witnessing.parse_cosignatures(body) if (line.name, line.key) == (name, key))[:1]
    standing = cosignatures.check(Note(note.text, lines), Policy(0, (vkey,)), keys.verify, now=now + SKEW)
    return lines if standing.cosigned else ()


def _why(status: int) -> str:
    return {
        witnessing.UNKNOWN_LOG: UNKNOWN_LOG,
        witnessing.UNSIGNED: KEY_REFUSED,
        witnessing.INCONSISTENT: FORK,
    }.get(status, REFUSED)


def _said(reply: HttpReply) -> str:
    text = reply.body[:200].decode(errors="replace").strip()
    return f"status {reply.status}" + (f": {text}" if text.isprintable() and text else "")
