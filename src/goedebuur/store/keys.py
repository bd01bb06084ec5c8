"""The Ed25519 keys of the log: made once, kept in a file that only its owner can read.

The private key never leaves its file and this module. Losing it means starting a new log; copying it lets another sign
in this log's name. Its place is outside the folder that is backed up together with the record.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger import notes
from goedebuur.core.ledger.notes import Signer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_MISSING: Final = declare("key-missing", "The private key of the log is not there.")
KEY_UNSAFE: Final = declare("key-unsafe", "Others than its owner can read the private key of the log.")
KEY_MALFORMED: Final = declare("key-malformed", "The private key of the log cannot be read.")

PREFIX: Final = "PRIVATE+KEY+"


class Ed25519Signer:
    """A named private key.

    Parameters
    ----------
    name
        Name of the key, for a log its origin: no white space, no plus sign.
    seed
        The 32 secret bytes.
    """

    def __init__(self, name: str, seed: bytes) -> None:
        self.name = name
        self._seed = seed
        self.public_key = self._key.public_key().public_bytes_raw()
        self.vkey = notes.encode_vkey(name, self.public_key)

    @property
    def cosigner_vkey(self) -> str:
        """Return the public key in the form that a witness goes by."""
        return notes.encode_vkey(self.name, self.public_key, notes.COSIGNATURE)

    def sign(self, message: bytes) -> bytes:
        """Return the signature, 64 bytes; the same for the same message."""
        return self._key.sign(message)

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self._seed)

    def __repr__(self) -> str:
        return f"Ed25519Signer({self.vkey!r})"


class Ed25519Verifier:
    """A named public key, from its C2SP form.

    Raises
    ------
    GoedeBuurError
        `note-malformed`.
    """

    def __init__(self, vkey: str) -> None:
        self.vkey = vkey
        self.name, self._public_key = notes.decode_vkey(vkey)

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Return whether the signature is of this key over this message."""
        return verify(self._public_key, signature, message)


class ChangingSigner:
    """The key of a log and the one that comes in its place, for as long as both sign.

    Whatever only one key signs, such as a promise, is signed by the old one until the change is complete.

    Parameters
    ----------
    old, new
        Two keys of one name.

    Raises
    ------
    GoedeBuurError
        `key-malformed` where they have different names: a log keeps its origin.
    """

    def __init__(self, old: Ed25519Signer, new: Ed25519Signer) -> None:
        if old.name != new.name:
            raise GoedeBuurError(
                KEY_MALFORMED,
                "The new key has another name than the old one.",
                value=new.name,
                hint=f"The name of a log stays: {old.name}.",
            )
        self.old, self.new = old, new
        self.name, self.vkey = old.name, old.vkey

    def sign(self, message: bytes) -> bytes:
        """Return the signature of the old key."""
        return self.old.sign(message)


def each(signer: Signer) -> tuple[Signer, ...]:
    """Return the keys that sign: both of a change, or the one that there is."""
    return (signer.old, signer.new) if isinstance(signer, ChangingSigner) else (signer,)


def verifiers(text: str) -> list[Ed25519Verifier]:
    """Return the public keys of a log, one a line, as they stand beside it; `note-malformed` where one is none."""
    return [Ed25519Verifier(line) for line in text.removesuffix("\n").split("\n")]


def verify(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Return whether an Ed25519 signature is of this public key, 32 bytes, over this message."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def create(path: Path, name: str, randomness: Callable[[int], bytes] = os.urandom) -> Ed25519Signer:
    """Return a new key, after keeping it in a file that was not there, readable by its owner alone.

    The file is whole and on the disk when this returns. Of two processes that create at once, one fails.
    """
    signer = Ed25519Signer(name, seed := randomness(32))
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, _encode(name, seed, signer.vkey).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(unfinished, path)
    finally:
        os.unlink(unfinished)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return signer


def load(path: Path) -> Ed25519Signer:
    """Return the key in a file.

    Raises
    ------
    GoedeBuurError
        `key-missing`; `key-unsafe` where group or others have any right to it; `key-malformed`.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_text()
    except FileNotFoundError:
        raise GoedeBuurError(
            KEY_MISSING,
            "The private key of the log is not there.",
            place=path.name,
            hint="Put the key file back, or set the setting that says where it is.",
        ) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise GoedeBuurError(
            KEY_UNSAFE,
            "Others than its owner have rights on the private key of the log.",
            place=path.name,
            value=f"{stat.S_IMODE(mode):04o}",
            hint="Take those rights away (`chmod 600`), and consider whether the key has been read.",
        )
    return _decode(text, path.name)


def load_or_create(path: Path, name: str, randomness: Callable[[int], bytes] = os.urandom) -> Ed25519Signer:
    """Return the key in the file, or a new one that is in the file from now on; errors as :func:`load`."""
    if not path.exists():
        try:
            return create(path, name, randomness)
        except FileExistsError:
            pass
    return load(path)


def next_path(path: Path) -> Path:
    """Return the file of the key that comes in the place of the one in this file."""
    return path.with_name(f"{path.name}.next")


def load_changing(path: Path) -> Ed25519Signer | ChangingSigner:
    """Return the key in the file, with the next one where there is one; errors as :func:`load`."""
    while True:
        signer = load(path)
        if not next_path(path).exists():
            return signer
        try:
            return ChangingSigner(signer, load(next_path(path)))
        except GoedeBuurError as error:
            if error.code != KEY_MISSING:
                raise  # otherwise it took the place of the old one between the two readings


def replace_by_next(path: Path) -> Path:
    """Put the next key in the place of the old one, and return where the old one is kept; may be done again."""
    old = load(path)
    kept = path.with_name(f"{path.name}.old-{old.vkey.split('+')[1]}")
    if not kept.exists():
        os.link(path, kept)
    os.replace(next_path(path), path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return kept


def _encode(name: str, seed: bytes, vkey: str) -> str:
    import base64

    secret = base64.b64encode(bytes([notes.ED25519]) + seed).decode()
    return f"{PREFIX}{name}+{vkey.split('+')[1]}+{secret}\n"


def _decode(text: str, place: str) -> Ed25519Signer:
    import base64
    import binascii

    parts = text.removeprefix(PREFIX).rstrip("\n").split("+", 2)
    if text.startswith(PREFIX) and len(parts) == 3:
        try:
            secret = base64.b64decode(parts[2], validate=True)
            if len(secret) == 33 and secret[0] == notes.ED25519:
                signer = Ed25519Signer(parts[0], secret[1:])
                if signer.vkey.split("+")[1] == parts[1]:
                    return signer
        except (binascii.Error, ValueError):
            pass
    raise GoedeBuurError(
        KEY_MALFORMED, "The key file does not hold an Ed25519 key.", place=place, hint="Put the file back from a copy."
    )
