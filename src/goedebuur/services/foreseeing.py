"""What would be found in a delivery that nobody signed yet: the checks of a signed one that need no signature.

For whoever looks before sending. Nothing is kept, nothing is noted as a refusal, and the record is only read. That the
key is the submitter's, the clock, and that the nonce is new can be looked at only once the delivery is signed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import iso
from goedebuur.core.base.rulebook import Severity
from goedebuur.core.ledger import submitters
from goedebuur.core.ledger.statements import Statement
from goedebuur.core.ledger.submitters import KEY_THERE, Key, Submitter
from goedebuur.services import examining, preparing, scopes, stack_tables
from goedebuur.services import submitters as registry
from goedebuur.services.examining import Finding

if TYPE_CHECKING:
    from goedebuur.services.record import Record

TABLE_SET: Final = "stack_tables"
"""In place of the name of a format, for the table set of emission points: it is entered, and not delivered signed."""
ARCHIVE: Final = b"PK\x03\x04"
_ANY_KEY, _ANY_NONCE = "key", "0" * 16


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What was found in the bytes of a delivery.

    Parameters
    ----------
    adapter
        Format that was recognised, without a version; :data:`TABLE_SET` for a table set; empty for none.
    found
        What is refused first, then marks and notes.
    values, rows
        How many were read; None where reading stopped.
    counts
        Of a table set: sheet → how many records are new, changed and unchanged.
    submitter, keys
        Who would deliver, and which of its keys count now; None and empty where nobody was named, or is not known.
    """

    name: str
    size: int
    sha256: str
    adapter: str
    found: tuple[Finding, ...]
    values: int | None = None
    rows: int | None = None
    counts: tuple[tuple[str, int, int, int], ...] = ()
    submitter: Submitter | None = None
    keys: tuple[Key, ...] = ()

    @property
    def refused(self) -> bool:
        """Return whether it would be refused."""
        return any(one.severity is Severity.REFUSE for one in self.found)


def foresee(
    record: Record,
    data: bytes,
    name: str,
    now: datetime,
    *,
    submitter: str = "",
    adapter: str = "",
    method: str = "",
) -> Foreseen:
    """Return what would be found in a delivery.

    Parameters
    ----------
    name
        Of the file.
    adapter
        Its format, or :data:`TABLE_SET`; empty to recognise it.
    submitter
        Who would deliver it; empty to look at the file and the record alone.
    method
        By which was measured, as the statement would say it.
    """
    known = adapter or _recognised(data, name)
    if known == TABLE_SET or (not known and data.startswith(ARCHIVE)):
        return _table_set(record, data, name)
    who, refusals = _known(record, submitter)
    keys = _counting(who, now)
    looked = examining.read(data, name, adapter or None, submitter or None, record)
    prepared = looked.prepared
    made = Foreseen(name, len(data), canonical.sha256(data), known, (), submitter=who, keys=keys)
    if who is not None:
        refusals += _about(made, who, method, now)
    refusals += looked.refusals
    if who is not None and prepared is not None:
        scope = tuple(one for one in who.scope if one.takes(known, method))
        refusals += [*scopes.outside(scope, (), prepared), *scopes.accredited(who, prepared)]
    return replace(
        made,
        found=tuple(examining.findings(refusals, looked.more, prepared, record)),
        values=prepared.values_in if prepared is not None else None,
        rows=prepared.rows.height if prepared is not None else None,
    )


def _table_set(record: Record, data: bytes, name: str) -> Foreseen:
    made = Foreseen(name, len(data), canonical.sha256(data), TABLE_SET, ())
    try:
        with preparing.guarded(name):
            checked = stack_tables.check(record, data, name)
    except GoedeBuurError as error:
        return replace(made, found=tuple(examining.findings([error], {}, None)))
    found = [
        Finding(
            Severity.REFUSE,
            one.error.check,
            one.error.message,
            stack_tables.place(one),
            one.error.value,
            one.error.hint,
            one.error.code,
        )
        for one in checked.faults
    ]
    counts = tuple((sheet, one["new"], one["changed"], one["unchanged"]) for sheet, one in checked.counts.items())
    return replace(made, found=tuple(found), counts=counts)


def _recognised(data: bytes, name: str) -> str:
    """Return the format of which the bytes look; empty where they look of none."""
    try:
        return preparing.choose(data, name, None).id
    except GoedeBuurError:
        return ""


def _known(record: Record, submitter: str) -> tuple[Submitter | None, list[GoedeBuurError]]:
    try:
        return (registry.find(record, submitter) if submitter else None), []
    except GoedeBuurError as error:
        return None, [error]


def _counting(who: Submitter | None, now: datetime) -> tuple[Key, ...]:
    """Return the keys that count for a statement that is made now."""
    keys = who.keys if who is not None else ()
    return tuple(key for key in keys if not [*_raised(partial(submitters.require_key, key, now, now))])


def _about(made: Foreseen, who: Submitter, method: str, now: datetime) -> Iterator[GoedeBuurError]:
    """Yield what would be wrong with a statement that the submitter makes now: keys, accreditation, form, scope."""
    if not who.keys:
        yield KEY_THERE.error(
            "This submitter has no key.",
            place=who.id,
            hint="Make one with `goedebuur key new`, and have its public form entered by who runs the record.",
        )
    for key in who.keys if not made.keys else ():
        yield from _raised(partial(submitters.require_key, key, now, now))
    yield from _raised(lambda: submitters.require_accreditation(who, now))
    if made.adapter and made.size:
        yield from _raised(lambda: submitters.covering(who, _statement(made, who, method, now)))


def _statement(made: Foreseen, who: Submitter, method: str, now: datetime) -> Statement:
    return Statement(
        sha256=made.sha256,
        size=made.size,
        name=made.name,
        adapter=made.adapter,
        submitter=who.id,
        key=made.keys[0].id if made.keys else _ANY_KEY,
        created=iso(now.replace(microsecond=0)),
        nonce=_ANY_NONCE,
        method=method,
    )


def _raised(check: Callable[[], object]) -> Iterator[GoedeBuurError]:
    try:
        check()
    except GoedeBuurError as error:
        yield error
