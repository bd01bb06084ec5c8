"""Three ways in for files: straight into the log, through the spool, and small ones into the journal on a promise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import delivery, preparing, sealing
from goedebuur.services.delivery import Outcome, Progress
from goedebuur.store.locks import LOCK_BUSY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from goedebuur.services.record import Record


@dataclass(frozen=True, slots=True)
class Promised:
    """What a small delivery was answered with.

    Parameters
    ----------
    name
        Name of the delivered file.
    status
        "promised", or "refused" (an error; nothing was kept).
    sequence
        Its number in the journal; -1 where it was refused.
    sha256, received, seal_by
        Of the promise: digest of the bytes, when they came, and the latest moment at which they are in the log.
    note
        The signed text of the promise: keep it, it shows what was promised.
    error
        For "refused": code, message, place, value, hint.
    """

    name: str
    status: str
    sequence: int = -1
    sha256: str = ""
    received: str = ""
    seal_by: str = ""
    note: str = ""
    error: Mapping[str, str] | None = None


def take_in(
    record: Record,
    paths: Sequence[Path],
    *,
    now: datetime,
    reason: str = "",
    adapter: str | None = None,
    submitter: str | None = None,
    progress: Progress | None = None,
    busy: Callable[[], None] = lambda: None,
) -> list[Outcome]:
    """Return one outcome a file, straight into the log where nobody writes there, else through the spool.

    Parameters
    ----------
    adapter
        Format of all of them; None to recognise each.
    busy
        Called before the files go through the spool.
    """
    try:
        with record.lock(wait=False):
            return delivery.deliver_files(
                record, paths, now=now, reason=reason, adapter=adapter, submitter=submitter, progress=progress
            )
    except GoedeBuurError as error:
        if error.code != LOCK_BUSY:
            raise
    busy()
    return through_spool(record, paths, now=now, reason=reason, adapter=adapter, submitter=submitter)


def through_spool(
    record: Record,
    paths: Sequence[Path],
    *,
    now: datetime,
    reason: str = "",
    adapter: str | None = None,
    submitter: str | None = None,
) -> list[Outcome]:
    """Return one outcome a file, in order, after all of them waited safely in the spool for the log.

    Once in the spool a file is taken in whatever becomes of this process: by it, or by the next that writes.
    """
    handed: list[int | Outcome] = []
    for path in paths:
        try:
            data = preparing.read_file(path)
            said = {"adapter": adapter, "submitter": submitter}
            handed.append(delivery.submit(record, data, path.name, **said, now=now, reason=reason))
        except GoedeBuurError as error:
            handed.append(Outcome("", path.name, "refused", error=_refusal(error)))
    with record.lock():
        delivery.settle(record, now)
        return [one if isinstance(one, Outcome) else delivery.answer(record, one) for one in handed]


def promise_files(
    record: Record,
    paths: Sequence[Path],
    *,
    now: datetime,
    adapter: str | None = None,
    submitter: str | None = None,
) -> list[Promised]:
    """Return a signed promise a file, each as soon as the file is in the journal; the log gets them by sealing."""
    found = []
    for path in paths:
        try:
            data = preparing.read_file(path)
            given = sealing.accept_small(record, data, path.name, adapter=adapter, submitter=submitter, now=now)
        except GoedeBuurError as error:
            found.append(Promised(path.name, "refused", error=_refusal(error)))
            continue
        note = given.note.decode()
        found.append(Promised(path.name, "promised", given.sequence, given.sha256, given.received, given.seal_by, note))
    return found


def _refusal(error: GoedeBuurError) -> dict[str, str]:
    """Return the fields of an error of the delivery itself; raise any other."""
    if not error.code.startswith(("input-", "adapter-", "journal-too-large")):
        raise error
    return error.as_dict()
