"""The opened record of this process: opened once, read-only, and brought up to date before each answer."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from django.conf import settings

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.services import opening, queries
from goedebuur.services.record import Record
from goedebuur.services.views import RecordView
from goedebuur.store import keys
from goedebuur.store.ledger.refusals import LEDGER_OTHER_KEY

NO_RECORD: Final = declare("web-no-record", "There is no record yet in the folder that the settings name.")

Keys = tuple[tuple[int, ...], ...]
"""What tells the files of the log's keys apart from what they were."""

_lock = threading.Lock()
_opened: dict[Path, Record] = {}
_written: dict[Path, tuple[Keys, Record]] = {}


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
    """Return the record opened with the key of the log, to take in deliveries; None where the key is not here.

    Where the files of the keys are others than before, as after `goedebuur record rotate-key`, it is opened anew.
    """
    configured = settings.GOEDEBUUR
    with _lock:
        found = _keys(configured.signing_key_path)
        before, record = _written.get(configured.record_dir, ((), None))
        if record is not None and before == found:
            record.refresh()
            return record
        # one that others are still working with lives until they are done
        _written.pop(configured.record_dir, None)
        while True:
            try:
                record = opening.to_write(configured)
                break
            except GoedeBuurError as error:
                before, found = found, _keys(configured.signing_key_path)
                if error.code != LEDGER_OTHER_KEY or before == found:
                    raise
        if record is not None:
            _written[configured.record_dir] = found, record
        return record


def _keys(path: Path) -> Keys:
    """Return what tells the files of the key and of the next one apart from others. Looked at before they are read."""
    found: list[tuple[int, ...]] = []
    for one in (path, keys.next_path(path)):
        try:
            told = one.stat()
        except FileNotFoundError:
            found.append(())
        else:
            found.append((told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns))
    return tuple(found)


def present() -> RecordView | None:
    """Return what the record holds now, for the foot of a page and the label of simulated data; None without one."""
    try:
        return queries.overview(opened())
    except GoedeBuurError as error:
        if error.code != NO_RECORD:
            raise
        return None


def close_all() -> None:
    """Let go of every opened record."""
    with _lock:
        while _written:
            _written.popitem()[1][1].close()
        while _opened:
            _opened.popitem()[1].close()
