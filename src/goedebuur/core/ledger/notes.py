"""Signed text: notes, verifier keys and checkpoints in the C2SP forms, without the mathematics of the signature.

A note is a text, an empty line, and a line for each signature. A checkpoint is a note of which the text gives the
log's origin, its number of leaves and its root hash. Signing and verifying are handed in; `store/keys.py` has them.

References
----------
C2SP signed-note v1.0.0; C2SP tlog-checkpoint v1.0.0
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Final, Protocol

from goedebuur.core.base.errors import GoedeBuurError, declare

NOTE_MALFORMED: Final = declare("note-malformed", "A signed text is not in the form that signed texts have.")
NOTE_UNSIGNED: Final = declare("note-unsigned", "A text does not bear a valid signature of the expected key.")

ED25519: Final = 0x01
SIGNATURE_MARK: Final = "— "
MAX_SIGNATURES: Final = 100


class Signer(Protocol):
    """A private key with a name."""

    @property
    def name(self) -> str:
        """Return the name that the key goes by, for a log its origin."""

    @property
    def vkey(self) -> str:
        """Return the public key with its name, in the C2SP form."""

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature, 64 bytes."""


class Verifier(Protocol):
    """A public key with a name."""

    @property
    def name(self) -> str:
        """Return the name that the key goes by."""

    @property
    def vkey(self) -> str:
        """Return the public key with its name, in the C2SP form."""

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Return whether the signature is of this key over this message."""


def key_id(name: str, public_key: bytes) -> bytes:
    """Return the four bytes by which signature lines name an Ed25519 key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([ED25519]) + public_key).digest()[:4]


def encode_vkey(name: str, public_key: bytes) -> str:
    """Return `NAME+ID+KEY` of an Ed25519 public key of 32 bytes."""
    if not name or any(character.isspace() or character == "+" for character in name):
        raise ValueError(f"a key name has no white space and no plus sign: {name!r}")
    key = base64.b64encode(bytes([ED25519]) + public_key).decode()
    return f"{name}+{key_id(name, public_key).hex()}+{key}"


def decode_vkey(vkey: str) -> tuple[str, bytes]:
    """Return name and public key.

    Raises
    ------
    GoedeBuurError
        `note-malformed` where it is not the one form of an Ed25519 key.
    """
    parts = vkey.split("+", 2)
    if len(parts) == 3:
        try:
            key = base64.b64decode(parts[2], validate=True)
            if len(key) == 33 and key[0] == ED25519 and encode_vkey(parts[0], key[1:]) == vkey:
                return parts[0], key[1:]
        except ValueError:
            pass
    raise GoedeBuurError(NOTE_MALFORMED, "This is not a public key of a log.", value=vkey)


def sign(text: str, signer: Signer) -> bytes:
    """Return the note of this text with one signature. The text ends with a line break."""
    if not text.endswith("\n"):
        raise ValueError("the text of a note ends with a line break")
    _, public_key = decode_vkey(signer.vkey)
    signature = key_id(signer.name, public_key) + signer.sign(text.encode())
    return f"{text}\n{SIGNATURE_MARK}{signer.name} {base64.b64encode(signature).decode()}\n".encode()


def open_note(note: bytes, verifier: Verifier) -> str:
    """Return the text of a note that bears a valid signature of the key; signatures of other keys are passed over.

    Raises
    ------
    GoedeBuurError
        `note-malformed`; `note-unsigned` without a signature of this key, or with one that is not valid.
    """
    text, lines = _split(note)
    _, public_key = decode_vkey(verifier.vkey)
    expected = key_id(verifier.name, public_key)
    found = False
    for line in lines:
        name, signature = _signature(line)
        if name != verifier.name or signature[:4] != expected:
            continue
        if not verifier.verify(signature[4:], text.encode()):
            raise GoedeBuurError(NOTE_UNSIGNED, "The signature under this text is not valid.", value=line)
        found = True
    if not found:
        raise GoedeBuurError(
            NOTE_UNSIGNED,
            f"The text is not signed by {verifier.name}.",
            value=lines[0],
            hint="Check that this is the public key of this record.",
        )
    return text


def _split(note: bytes) -> tuple[str, list[str]]:
    try:
        whole = note.decode()
    except UnicodeDecodeError:
        raise GoedeBuurError(NOTE_MALFORMED, "The note is not UTF-8 text.", value=repr(note[:60])) from None
    controls = any(ord(character) < 0x20 and character != "\n" for character in whole)
    text, gap, signatures = whole.rpartition("\n\n")
    if controls or not gap or not signatures.endswith("\n"):
        raise GoedeBuurError(NOTE_MALFORMED, "The note is not a text with signatures under it.", value=whole)
    lines = signatures[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise GoedeBuurError(NOTE_MALFORMED, "The note has more signatures than a note may have.")
    return text + "\n", lines


def _signature(line: str) -> tuple[str, bytes]:
    parts = line.removeprefix(SIGNATURE_MARK).split(" ")
    if line.startswith(SIGNATURE_MARK) and len(parts) == 2 and parts[0] and "+" not in parts[0]:
        try:
            signature = base64.b64decode(parts[1], validate=True)
            if len(signature) > 4 and base64.b64encode(signature).decode() == parts[1]:
                return parts[0], signature
        except binascii.Error:
            pass
    raise GoedeBuurError(NOTE_MALFORMED, "A signature line is not in the form that it has.", value=line)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log commits to: so many leaves, with this root over them.

    Parameters
    ----------
    origin
        The name of the log, which is the name of its key.
    size
        Number of leaves.
    root
        Root hash, 32 bytes.
    """

    origin: str
    size: int
    root: bytes

    def as_text(self) -> str:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint in the text of a note. Extension lines are not known in this version and refused.

    Raises
    ------
    GoedeBuurError
        `note-malformed`.
    """
    lines = text.split("\n")
    if len(lines) == 4 and lines[1].isascii() and lines[1].isdigit():
        try:
            checkpoint = Checkpoint(lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True))
            if lines[0] and len(checkpoint.root) == 32 and checkpoint.as_text() == text:
                return checkpoint
        except binascii.Error:
            pass
    raise GoedeBuurError(NOTE_MALFORMED, "This is not a checkpoint.", value=text)
