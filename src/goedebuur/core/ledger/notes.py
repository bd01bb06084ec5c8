"""Signed text: notes, verifier keys and checkpoints in the C2SP forms, without the mathematics of the signature.

A note is a text, an empty line, and a line for each signature. A checkpoint is a note of which the text gives the
log's origin, its number of leaves and its root hash. Signing and verifying are handed in; `store/keys.py` has them.

References
----------
C2SP signed-note v1.0.0; C2SP tlog-checkpoint v1.0.0
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from goedebuur.core.base.errors import GoedeBuurError, declare

NOTE_MALFORMED: Final = declare("note-malformed", "A signed text is not in the form that signed texts have.")
NOTE_UNSIGNED: Final = declare("note-unsigned", "A text does not bear a valid signature of the expected key.")

ED25519: Final = 0x01
COSIGNATURE: Final = 0x04
"""Kinds of key that are known: what signs a note, and what cosigns a checkpoint (`core/ledger/cosignatures.py`)."""
SIGNATURE_MARK: Final = "— "
MAX_SIGNATURES: Final = 100
MAX_NOTE_BYTES: Final = 1_000_000
MAX_SIZE: Final = 2**63 - 1
"""The largest number of leaves that a reader of checkpoints in any language can hold."""


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


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line of a note.

    Parameters
    ----------
    name
        Name of the key.
    key
        The four bytes by which the line names the key, see :func:`key_id`.
    data
        What the key made: of Ed25519, 64 bytes.
    """

    name: str
    key: bytes
    data: bytes

    def as_line(self) -> str:
        """Return the line with its line break."""
        return f"{SIGNATURE_MARK}{self.name} {base64.b64encode(self.key + self.data).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures under it, none of them verified yet.

    Parameters
    ----------
    text
        The text that is signed; ends with a line break.
    signatures
        In the order of their lines.
    """

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """Return the bytes of the note."""
        return (self.text + "\n" + "".join(one.as_line() for one in self.signatures)).encode()


def key_id(name: str, public_key: bytes, kind: int = ED25519) -> bytes:
    """Return the four bytes by which signature lines name a key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public_key).digest()[:4]


def encode_vkey(name: str, public_key: bytes, kind: int = ED25519) -> str:
    """Return `NAME+ID+KEY` of an Ed25519 public key of 32 bytes, for notes or for cosignatures."""
    if not _is_name(name):
        raise ValueError(f"a key name has no white space and no plus sign: {name!r}")
    key = base64.b64encode(bytes([kind]) + public_key).decode()
    return f"{name}+{key_id(name, public_key, kind).hex()}+{key}"


def decode_vkey(vkey: str, kind: int = ED25519) -> tuple[str, bytes]:
    """Return name and public key.

    Raises
    ------
    GoedeBuurError
        `note-malformed` where it is not the one form of an Ed25519 key of this kind.
    """
    parts = vkey.split("+", 2)
    if len(parts) == 3:
        try:
            key = base64.b64decode(parts[2], validate=True)
            if len(key) == 33 and key[0] == kind and encode_vkey(parts[0], key[1:], kind) == vkey:
                return parts[0], key[1:]
        except ValueError:
            pass
    whose = "witness" if kind == COSIGNATURE else "log"
    raise GoedeBuurError(NOTE_MALFORMED, f"This is not a public key of a {whose}.", value=vkey)


def sign(text: str, signer: Signer, *others: Signer) -> bytes:
    """Return the note of this text, signed by one key or by several. The text ends with a line break."""
    if not text.endswith("\n"):
        raise ValueError("the text of a note ends with a line break")
    return Note(text, tuple(_signed(text, one) for one in (signer, *others))).encode()


def _signed(text: str, signer: Signer) -> Signature:
    _, public_key = decode_vkey(signer.vkey)
    return Signature(signer.name, key_id(signer.name, public_key), signer.sign(text.encode()))


def add_signatures(note: bytes, signatures: Iterable[Signature]) -> bytes:
    """Return the note with these lines under those it has; a line that it has already is not repeated."""
    parsed = parse_note(note)
    lines = dict.fromkeys((*parsed.signatures, *signatures))
    return Note(parsed.text, tuple(lines)).encode()


def open_note(note: bytes, verifier: Verifier) -> str:
    """Return the text of a note that bears a valid signature of the key; signatures of other keys are passed over.

    Raises
    ------
    GoedeBuurError
        `note-malformed`; `note-unsigned` without a signature of this key, or with one that is not valid.
    """
    return open_by_any(note, [verifier])[0]


def open_by_any(note: bytes, verifiers: Sequence[Verifier]) -> tuple[str, list[Verifier]]:
    """Return the text of a note, and which of these keys signed it; more than one key after a change of keys.

    Raises
    ------
    GoedeBuurError
        `note-malformed`; `note-unsigned` where none of the keys signed, or a signature of one of them is not valid.
    """
    parsed = parse_note(note)
    known = {(one.name, key_id(one.name, decode_vkey(one.vkey)[1])): one for one in verifiers}
    signed: list[Verifier] = []
    for line in parsed.signatures:
        verifier = known.get((line.name, line.key))
        if verifier is None:
            continue
        if not verifier.verify(line.data, parsed.text.encode()):
            raise GoedeBuurError(
                NOTE_UNSIGNED, "The signature under this text is not valid.", value=line.as_line().rstrip("\n")
            )
        if verifier not in signed:
            signed.append(verifier)
    if not signed:
        raise GoedeBuurError(
            NOTE_UNSIGNED,
            f"The text is not signed by {', '.join(one.name for one in verifiers) or 'anyone'}.",
            value=parsed.signatures[0].as_line().rstrip("\n"),
            hint="Check that this is the public key of this record.",
        )
    return parsed.text, signed


def parse_note(note: bytes) -> Note:
    """Return the text and the signature lines of a note, nothing verified.

    Raises
    ------
    GoedeBuurError
        `note-malformed`.
    """
    if len(note) > MAX_NOTE_BYTES:
        raise GoedeBuurError(NOTE_MALFORMED, "The note is larger than a note may be.", value=f"{len(note)} bytes")
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
    return Note(text + "\n", tuple(parse_signature(line) for line in lines))


def parse_signature(line: str) -> Signature:
    """Return the signature in a line without its line break.

    Raises
    ------
    GoedeBuurError
        `note-malformed`.
    """
    parts = line.removeprefix(SIGNATURE_MARK).split(" ")
    if line.startswith(SIGNATURE_MARK) and len(parts) == 2 and _is_name(parts[0]):
        try:
            signature = base64.b64decode(parts[1], validate=True)
            if len(signature) > 4 and base64.b64encode(signature).decode() == parts[1]:
                return Signature(parts[0], signature[:4], signature[4:])
        except ValueError:
            pass
    raise GoedeBuurError(NOTE_MALFORMED, "A signature line is not in the form that it has.", value=line)


def _is_name(name: str) -> bool:
    return bool(name) and not any(character.isspace() or character == "+" for character in name)


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
    extensions
        Further lines, without meaning here: a witness has to carry those of other logs along; ours has none.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def as_text(self) -> str:
        """Return the lines that are signed."""
        root = base64.b64encode(self.root).decode()
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), root, *self.extensions))


def parse_checkpoint(text: str, *, extensions: bool = False) -> Checkpoint:
    """Return the checkpoint in the text of a note.

    Parameters
    ----------
    extensions
        Whether extension lines are let through; this log writes none, and its readers refuse them.

    Raises
    ------
    GoedeBuurError
        `note-malformed`.
    """
    lines = text.split("\n")
    if (len(lines) == 4 or (extensions and len(lines) > 4)) and all(lines[:-1]):
        try:
            root = base64.b64decode(lines[2], validate=True)
            checkpoint = Checkpoint(lines[0], parse_number(lines[1]), root, tuple(lines[3:-1]))
            if len(root) == 32 and checkpoint.as_text() == text:
                return checkpoint
        except ValueError:
            pass
    raise GoedeBuurError(NOTE_MALFORMED, "This is not a checkpoint.", value=text)


def parse_number(digits: str) -> int:
    """Return the number in ASCII digits without leading zeros, at most :data:`MAX_SIZE`; ValueError otherwise."""
    if len(digits) <= 19 and digits.isascii() and digits.isdigit() and (digits == "0" or digits[0] != "0"):
        number = int(digits)
        if number <= MAX_SIZE:
            return number
    raise ValueError(f"not a number of leaves: {digits[:40]!r}")
