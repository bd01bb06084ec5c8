"""What stops the work on a log, with what to do then. The log is never mended by guessing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare

LEDGER_MISMATCH: Final = declare("ledger-mismatch", "The entries of the log are not those that its checkpoint signs.")
LEDGER_OTHER_KEY: Final = declare("ledger-other-key", "The key is not one that signs for this log.")
LEDGER_READ_ONLY: Final = declare("ledger-read-only", "The log was opened without its key, for reading.")


def read_only() -> GoedeBuurError:
    """Return the error of adding to a log without its key."""
    return GoedeBuurError(
        LEDGER_READ_ONLY,
        "The log was opened for reading.",
        hint="Open it with its key, or hand the delivery to the spool.",
    )


def other_key(value: str, vkeys: Sequence[str]) -> GoedeBuurError:
    """Return the error of a key that does not sign for the log."""
    return GoedeBuurError(
        LEDGER_OTHER_KEY,
        "This key is not one that signs for this log.",
        place="ledger/log.vkey",
        value=value,
        hint=f"Use the private key that belongs to {' and the one to '.join(vkeys)}. "
        "Where the keys were changed a moment ago, try again.",
    )


def mismatch(what: str) -> GoedeBuurError:
    """Return the error of entries that are not those that the checkpoint signs."""
    return GoedeBuurError(
        LEDGER_MISMATCH,
        "The entries of the log are not those that its checkpoint signs.",
        place="ledger/entries",
        value=what,
        hint="Stop, keep this folder as it is, and put the log back from a copy. Nothing was changed.",
    )
