"""Received mail for the people of the authority: its files, and a case for what names none.

Mail that names no case may be about any case of any authority here: every officer sees it, and assigns it to a case of
their own authority, or closes it with a reason. Closed mail stays listed and can still get a case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.casework.roles import Person, Role
from goedebuur.core.casework.states import missing
from goedebuur.services import casework
from goedebuur.services.paging import Page, cut
from goedebuur.store.casework import attachments, messages
from goedebuur.store.casework.messages import AttachmentView, MessageView

UNKNOWN: Final = declare("case-mail-unknown", "There is no such mail that waits for a case.")


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Received mail without a case: a page of what waits, and a page of what was closed."""

    waiting: Page[MessageView]
    closed: Page[MessageView]


def may_place(person: Person) -> bool:
    """Return whether someone may see mail that names no case."""
    return person.has(Role.OFFICER)


def unplaced(person: Person, waiting: int = 1, closed: int = 1) -> Unplaced:
    """Return received mail that has no case.

    Parameters
    ----------
    waiting, closed
        Which page of each, from 1.

    Raises
    ------
    GoedeBuurError
        `case-unknown` for whoever is no officer.
    """
    _require(person)
    return Unplaced(
        cut(messages.unplaced(), waiting, partial(_mails, closed=False)),
        cut(messages.closed(), closed, partial(_mails, closed=True)),
    )


def place(person: Person, message: int, name: str, now: datetime) -> str:
    """Assign mail to a case and return the number of the case.

    Parameters
    ----------
    name
        Number of a case of an authority for which this officer has a role.

    Raises
    ------
    GoedeBuurError
        `case-unknown`, and `case-mail-unknown` where someone else gave it a case in the meantime.
    """
    _require(person)
    case = casework.inside(person, name.strip().upper())
    if not messages.place(message, case.uuid, person.id, now):
        raise _unknown()
    return case.number


def close(person: Person, message: int, reason: str, now: datetime) -> None:
    """Close mail without a case.

    Raises
    ------
    GoedeBuurError
        `case-unknown`, `case-incomplete` without a reason, and `case-mail-unknown` where it does not wait any more.
    """
    _require(person)
    if not reason.strip():
        raise missing("reason", "Say why this mail belongs to no case.")
    if not messages.close(message, reason.strip(), person.id, now):
        raise _unknown()


def file(home: Path, person: Person, name: str, sha256: str) -> tuple[AttachmentView, bytes]:
    """Return a file of a case and its bytes, for people of its authority.

    Raises
    ------
    GoedeBuurError
        `case-unknown`, also where the case has no such file; `case-file` where the bytes are not what was kept.
    """
    return _bytes(home, messages.attachment(casework.inside(person, name).uuid, sha256))


def unplaced_file(home: Path, person: Person, message: int, sha256: str) -> tuple[AttachmentView, bytes]:
    """Return a file of mail that has no case and its bytes, for officers.

    Raises
    ------
    GoedeBuurError
        As :func:`file`.
    """
    _require(person)
    return _bytes(home, messages.attachment_without_case(message, sha256))


def _mails(start: int, limit: int, *, closed: bool) -> list[MessageView]:
    return messages.without_case(closed=closed, start=start, limit=limit)


def _bytes(home: Path, found: AttachmentView | None) -> tuple[AttachmentView, bytes]:
    if found is None:
        raise casework.unknown()
    return found, attachments.read(home, found.sha256)


def _require(person: Person) -> None:
    if not may_place(person):
        raise casework.unknown()


def _unknown() -> GoedeBuurError:
    return GoedeBuurError(
        UNKNOWN,
        "This mail does not wait for a case any more.",
        hint="Look at the list again: a colleague may have handled it.",
    )
