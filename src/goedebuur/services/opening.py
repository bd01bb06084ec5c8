"""Open the record of an installation to write, where its key is at hand."""

from __future__ import annotations

from datetime import timedelta

from goedebuur.services.record import Record
from goedebuur.services.settings import Settings
from goedebuur.store import keys


def to_write(settings: Settings) -> Record | None:
    """Return the record, opened with the key of the log; None where there is no record or no key here.

    A site without the key takes deliveries into the spool; whoever has the key takes them from there.

    Raises
    ------
    GoedeBuurError
        `key-unsafe`, `key-malformed`, and those of `Record.open`.
    """
    if not settings.signing_key_path.exists() or not (settings.record_dir / "ledger").is_dir():
        return None
    signer = keys.load_changing(settings.signing_key_path)
    return Record.open(settings.record_dir, signer=signer, sealed_within=timedelta(minutes=settings.seal_minutes))
