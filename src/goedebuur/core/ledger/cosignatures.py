"""Cosignatures: that others than the log saw this checkpoint, found it to grow from what they saw before, and when.

A witness keeps the latest checkpoint of a log that it saw, and signs a later one only when that has all of the earlier.
Who trusts enough of the witnesses not to conspire need not trust the log to show everybody the same. How many are
enough is a policy; this module says whether they are there. The mathematics of Ed25519 is handed in.

References
----------
C2SP tlog-cosignature, "Format" and "Ed25519 signed message"; C2SP signed-note, "Signatures"
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import notes
from goedebuur.core.ledger.notes import COSIGNATURE, NOTE_MALFORMED, NOTE_UNSIGNED, Note, Signature, decode_vkey, key_id

HEADING: Final = "cosignature/v1"
TIME_BYTES: Final = 8
SIGNATURE_BYTES: Final = 64
MAX_TIME: Final = 2**63 - 1

Verify = Callable[[bytes, bytes, bytes], bool]
"""Whether an Ed25519 signature is of a key over a message: `verify(public_key, signature, message)`."""
Sign = Callable[[bytes], bytes]
"""Gives the Ed25519 signature over a message."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Whose cosignatures count, and how many of them are enough.

    Parameters
    ----------
    needed
        How many of the witnesses must have cosigned; 0 asks for none.
    witnesses
        Their public keys, in the C2SP form with key type 4.

    Raises
    ------
    GoedeBuurError
        `note-malformed` for a key that is none of a witness.
    ValueError
        For a number that can never be reached, or a key that would count twice: a cosignature does not name the
        witness, so the same key under another name is the same witness.
    """

    needed: int
    witnesses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        keys = {decode_vkey(vkey, COSIGNATURE)[1] for vkey in self.witnesses}
        if len(keys) != len(self.witnesses):
            raise ValueError("a witness counts once: its key is in the policy twice")
        if not 0 <= self.needed <= len(self.witnesses):
            raise ValueError(f"{self.needed} of {len(self.witnesses)} witnesses cannot be asked for")


@dataclass(frozen=True, slots=True)
class Cosigned:
    """That one witness cosigned.

    Parameters
    ----------
    vkey
        The witness.
    name
        The name in its key.
    time
        When it did, as it says. [s since 1970]
    """

    vkey: str
    name: str
    time: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a checkpoint stands against a policy.

    Parameters
    ----------
    policy
        Which policy.
    cosigned
        Who of its witnesses cosigned and when, in the order of the policy; of several times of one witness the latest.
    """

    policy: Policy
    cosigned: tuple[Cosigned, ...]

    @property
    def enough(self) -> bool:
        """Return whether as many cosigned as the policy asks for."""
        return len(self.cosigned) >= self.policy.needed

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the keys of the witnesses that did not cosign."""
        there = {one.vkey for one in self.cosigned}
        return tuple(vkey for vkey in self.policy.witnesses if vkey not in there)


def message(text: str, time: int) -> bytes:
    """Return what a witness signs: heading, time [s since 1970], and the whole text of the checkpoint."""
    return f"{HEADING}\ntime {time}\n{text}".encode()


def cosign(text: str, vkey: str, sign: Sign, time: int) -> Signature:
    """Return the line by which a witness cosigns a checkpoint.

    Parameters
    ----------
    text
        The text of the checkpoint, extension lines included.
    vkey
        Public key of the witness.
    sign
        Its private key.
    time
        Now. [s since 1970]
    """
    if not 0 <= time <= MAX_TIME:
        raise ValueError(f"not a time: {time}")
    name, public_key = decode_vkey(vkey, COSIGNATURE)
    data = time.to_bytes(TIME_BYTES, "big") + sign(message(text, time))
    return Signature(name, key_id(name, public_key, COSIGNATURE), data)


def time_of(line: Signature) -> int:
    """Return when a cosignature says it was made. [s since 1970]

    Raises
    ------
    GoedeBuurError
        `note-malformed` for a line that is no Ed25519 cosignature.
    """
    time = int.from_bytes(line.data[:TIME_BYTES], "big")
    if len(line.data) != TIME_BYTES + SIGNATURE_BYTES or time > MAX_TIME:
        raise GoedeBuurError(NOTE_MALFORMED, "A line is not a cosignature.", value=line.as_line().rstrip("\n"))
    return time


def check(note: bytes | Note, policy: Policy, verify: Verify, *, now: int | None = None) -> Standing:
    """Return who of the policy's witnesses cosigned a checkpoint; lines of other keys are passed over.

    The signature of the log is not looked at: `notes.open_note` does that.

    Parameters
    ----------
    note
        The checkpoint with the lines under it.
    verify
        The mathematics of Ed25519.
    now
        Cosignatures of later than this do not count; without it any time does. [s since 1970]

    Raises
    ------
    GoedeBuurError
        `note-malformed`; `note-unsigned` where a line names a witness of the policy and its signature is not valid.
    """
    note = notes.parse_note(note) if isinstance(note, bytes) else note
    notes.parse_checkpoint(note.text, extensions=True)
    cosigned: list[Cosigned] = []
    for vkey in policy.witnesses:
        name, public_key = decode_vkey(vkey, COSIGNATURE)
        names = (name, key_id(name, public_key, COSIGNATURE))
        lines = [line for line in note.signatures if (line.name, line.key) == names]
        times = [_verified(line, note.text, public_key, verify) for line in lines]
        counted = [time for time in times if now is None or time <= now]
        if counted:
            cosigned.append(Cosigned(vkey, name, max(counted)))
    return Standing(policy, tuple(cosigned))


def _verified(line: Signature, text: str, public_key: bytes, verify: Verify) -> int:
    time = time_of(line)
    if not verify(public_key, line.data[TIME_BYTES:], message(text, time)):
        raise GoedeBuurError(
            NOTE_UNSIGNED,
            "The cosignature under this checkpoint is not valid.",
            value=line.as_line().rstrip("\n"),
            hint="Fetch the checkpoint again; without this line it may hold.",
        )
    return time
