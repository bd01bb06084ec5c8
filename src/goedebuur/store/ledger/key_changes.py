"""Which key of a log came in the place of which: one signed note a change, `ledger/log.vkey.was-…`, never removed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import notes
from goedebuur.core.ledger.key_changes import KeyChange, parse_key_change
from goedebuur.store import files
from goedebuur.store.files import REAL, FileSystem
from goedebuur.store.keys import ChangingSigner, Ed25519Verifier

PREFIX: Final = "log.vkey.was-"


def keep(root: Path, keys: ChangingSigner, at: str, fs: FileSystem = REAL) -> None:
    """Keep that the new key came in the place of the old one, signed by both; on the disk when it returns.

    Parameters
    ----------
    at
        From when the new one signs alone, ISO UTC.
    """
    change = KeyChange(keys.old.vkey, keys.new.vkey, at)
    folder = root / "ledger"
    files.publish(fs, folder, _file(folder, change.old), notes.sign(change.as_text(), keys.old, keys.new))


def since(root: Path, vkey: str) -> list[KeyChange]:
    """Return what came in the place of a key, one change after another; nothing where it is not told, or not signed.

    Parameters
    ----------
    vkey
        A key that the reader knows: only what it signed is believed, and then what its successor signed.
    """
    found: list[KeyChange] = []
    while vkey not in [one.old for one in found]:
        try:
            change = _change(_file(root / "ledger", vkey).read_bytes(), vkey)
        except (FileNotFoundError, GoedeBuurError):
            break
        found.append(change)
        vkey = change.new
    return found


def replaced(root: Path, vkey: str) -> list[KeyChange]:
    """Return what came in the place of a key that signs no more; nothing where it does, or where it is not told."""
    try:
        beside = (root / "ledger" / "log.vkey").read_text(errors="replace").split("\n")
    except FileNotFoundError:
        beside = []
    return [] if vkey in beside else since(root, vkey)


def _change(note: bytes, vkey: str) -> KeyChange:
    change = parse_key_change(notes.open_note(note, Ed25519Verifier(vkey)))
    notes.open_note(note, Ed25519Verifier(change.new))
    if change.old != vkey:
        raise GoedeBuurError(notes.NOTE_UNSIGNED, "It is of another key.", value=change.old)
    return change


def _file(folder: Path, vkey: str) -> Path:
    return folder / f"{PREFIX}{vkey.split('+')[1]}"
