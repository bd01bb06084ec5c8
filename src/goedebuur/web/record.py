"""The opened record of this process: opened once, read-only, and brought up to date before each answer."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from django.conf import settings

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.services import opening
from goedebuur.services.record import Record

NO_RECORD: Final = declare("web-no-record", "There is no record yet in the folder that the settings name.")

_lock = threading.Lock()
_opened: dict[Path, Record] = {}
_written: dict[Path, Record] = {}


def opened() -> Record:
    """Return the record of this installation, with what other processes appended since the last answer.

    Raises
    ------
    GoedeBuurError
        `web-no-record` as long as nothing was ever delivered.
    """
    folder: Path = settings.GOEDEBUUR.record_dir
    with _lock:
        record = _opened.get(folder)
        if record is None:
            if not (folder / "ledger").is_dir():
                raise GoedeBuurError(
                    NO_RECORD,
                    "There is no record here yet.",
                    place="GOEDEBUUR_HOME",
                    value=folder.name,
                    hint="Deliver files with `goedebuur ingest`, or look at the demo with `goedebuur demo`.",
                )
            record = _opened[folder] = Record.open(folder, read_only=True)
        else:
            record.refresh()
        return record


def writing() -> Record | None:
    """Return the record opened with the key of the log, to take in deliveries; None where the key is not here."""
    configured = settings.GOEDEBUUR
    with _lock:
        record = _written.get(configured.record_dir)
        if record is None:
            record = opening.to_write(configured)
            if record is not None:
                _written[configured.record_dir] = record
        else:
            record.refresh()
        return record


def close_all() -> None:
    """Let go of every opened record."""
    with _lock:
        while _written:
            _written.popitem()[1].close()
        while _opened:
            _opened.popitem()[1].close()
