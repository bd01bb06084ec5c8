"""Who may deliver signed, kept in the record: each change is a leaf, so *as of N* knows who might what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import iso
from goedebuur.core.ledger import notes, submitters
from goedebuur.core.ledger.statements import ED25519
from goedebuur.core.ledger.submitters import Key, Submitter
from goedebuur.services import recording

if TYPE_CHECKING:
    from goedebuur.services.record import Record

UNKNOWN_SUBMITTER: Final = declare("submission-unknown-submitter", "Nobody of that name may deliver here.")
KEY_TAKEN: Final = declare("submitter-key-taken", "A key of that name, or that very key, is in the record already.")
KIND: Final = "submitter"
KNOWN: Final = submitters.BOOK.refuse(
    "known", UNKNOWN_SUBMITTER, "De leverancier staat in het register.", "The submitter is in the record."
)


def find(record: Record, name: str, as_of: int | None = None) -> Submitter:
    """Return a submitter as the record has it.

    Raises
    ------
    GoedeBuurError
        `submission-unknown-submitter`; `submitter-malformed` for a record that cannot be read.
    """
    body = record.catalogue.state(KIND, as_of, ids=[name]).get(name)
    if body is None:
        raise KNOWN.error(
            "Nobody of that name may deliver here.",
            place="submitter",
            value=name,
            hint="Ask who runs the record to enter the submitter, with `goedebuur submitters add`.",
        )
    return submitters.read(body)


def every(record: Record, as_of: int | None = None) -> list[Submitter]:
    """Return all submitters, by identifier; those without keys deliver unsigned only."""
    return [submitters.read(body) for _, body in sorted(record.catalogue.state(KIND, as_of).items())]


def add(record: Record, submitter: Submitter, now: datetime, reason: str = "") -> int | None:
    """Return the leaf under which a submitter was entered or changed; None where it says nothing new.

    Keys are left as they are: they have :func:`add_key` and :func:`revoke_key`.

    Raises
    ------
    GoedeBuurError
        `submitter-malformed`.
    """
    with record.lock():
        held = record.catalogue.state(KIND, ids=[submitter.id]).get(submitter.id)
        keys = submitters.read(held).keys if held is not None else ()
        return _write(record, replace(submitter, keys=keys), held, now, reason)


def add_key(record: Record, name: str, key: Key, now: datetime) -> int | None:
    """Return the leaf under which a key of a submitter was entered.

    Raises
    ------
    GoedeBuurError
        `submission-unknown-submitter`, `submitter-malformed`, `submitter-key-taken`: a key is never replaced by another
        of its name, so that an old statement keeps its meaning.
    """
    with record.lock():
        held = find(record, name)
        for other in every(record):
            same = key.algorithm == ED25519 and any(_public(one) == _public(key) for one in other.keys)
            if same or (other.id == name and any(one.id == key.id for one in other.keys)):
                raise GoedeBuurError(
                    KEY_TAKEN,
                    "A key of that name, or that very key, is in the record already.",
                    place=other.id,
                    value=key.id,
                    hint="Make a new key with `goedebuur key new`, or give it another name.",
                )
        return _write(record, replace(held, keys=(*held.keys, key)), held.body(), now, "")


def revoke_key(record: Record, name: str, key_id: str, on: datetime, reason: str, now: datetime) -> int | None:
    """Return the leaf under which a key was revoked from a moment on; what it signed before stays what it is.

    Raises
    ------
    GoedeBuurError
        `submission-unknown-submitter`, `submission-unknown-key`.
    """
    with record.lock():
        held = find(record, name)
        revoked = replace(held.key(key_id), revoked_on=iso(on), reason=reason)
        keys = tuple(revoked if one.id == key_id else one for one in held.keys)
        return _write(record, replace(held, keys=keys), held.body(), now, reason)


def _public(key: Key) -> bytes:
    return notes.decode_vkey(key.vkey)[1] if key.algorithm == ED25519 else b""


def _write(
    record: Record, submitter: Submitter, held: Mapping[str, Any] | None, now: datetime, reason: str
) -> int | None:
    body = submitter.body()
    submitters.read(body)
    told = reason or ("the submitter was changed" if held is not None else "")
    return recording.put(record, [(KIND, submitter.id, body)], now, reason=told)
