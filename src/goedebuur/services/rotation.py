"""Change the key of a log in two steps, with a time between in which both keys sign.

    begin     a new key is made beside the old one; both sign; both stand in `log.vkey`
    finish    both sign that the new one came in the place of the old; it alone signs; the old is put aside, to be
              destroyed

The origin of the log stays, and every leaf and proof. In the time between, who knows the old key learns the new one:
witnesses, monitors, readers. Each step may be interrupted and done again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import iso
from goedebuur.store import keys
from goedebuur.store.ledger import Ledger, key_changes

NO_CHANGE: Final = declare("key-no-change", "There is no change of keys to finish.")


@dataclass(frozen=True, slots=True)
class Rotated:
    """How the keys of a log stand.

    Parameters
    ----------
    vkeys
        The public keys that sign now.
    put_aside
        File with the private key that no longer signs; None while it does.
    """

    vkeys: tuple[str, ...]
    put_aside: Path | None = None


def begin(root: Path, key_file: Path, randomness: Callable[[int], bytes] | None = None) -> Rotated:
    """Return the keys after a second one has begun to sign beside the first.

    Parameters
    ----------
    root
        Folder of the record.
    key_file
        File of the private key; the new one comes beside it.

    Raises
    ------
    GoedeBuurError
        `key-missing` and others of `keys.load`; those of `Ledger.open`.
    """
    old = keys.load(key_file)
    made = {} if randomness is None else {"randomness": randomness}
    keys.load_or_create(keys.next_path(key_file), old.name, **made)
    changing = keys.load_changing(key_file)
    ledger = Ledger.open(root, changing)
    ledger.change_keys([one.vkey for one in keys.each(changing)])
    return Rotated(ledger.vkeys)


def finish(root: Path, key_file: Path, now: datetime) -> Rotated:
    """Return the key that signs alone from now on. Who knows the old one learns so from the record.

    Raises
    ------
    GoedeBuurError
        `key-no-change` where no second key signs.
    """
    changing = keys.load_changing(key_file)
    if not isinstance(changing, keys.ChangingSigner):
        raise GoedeBuurError(
            NO_CHANGE, "No second key signs for this log.", place=key_file.name, hint="Begin the change first."
        )
    ledger = Ledger.open(root, changing)
    if changing.new.vkey not in ledger.vkeys:
        raise GoedeBuurError(
            NO_CHANGE,
            "The second key has not begun to sign for this log.",
            place=keys.next_path(key_file).name,
            hint="Begin the change first, and leave witnesses and readers time to learn the new key.",
        )
    key_changes.keep(root, changing, iso(now))
    ledger.change_keys([changing.new.vkey])
    return Rotated(ledger.vkeys, keys.replace_by_next(key_file))
