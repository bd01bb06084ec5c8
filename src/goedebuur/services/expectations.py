"""What is expected of suppliers, and why values are missing, kept in the record: each change is a leaf."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import Period, iso
from goedebuur.core.expectations import expected, facts, reasons
from goedebuur.core.expectations.expected import EXPECTS, Expectation, Term
from goedebuur.core.expectations.reasons import Reason
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.services import projection
from goedebuur.services.rule_record import SUBMITTER as OURSELVES

if TYPE_CHECKING:
    from goedebuur.services.record import Record

UNKNOWN_EXPECTATION: Final = declare("query-unknown-expectation", "There is no expectation of that name in the record.")
ALREADY_ENDED: Final = declare("expectation-ended", "The expectation does not hold any more on that day.")


def terms(record: Record, as_of: int | None = None) -> list[Term]:
    """Return what was expected as the record stood at a tree size, by name and start."""
    return record.remembered(("expectations", as_of), lambda: expected.terms(_said(record, as_of)))


def add(record: Record, one: Expectation, now: datetime, reason: str = "") -> int | None:
    """Return the leaf under which an expectation was entered; None where the record says so already.

    Of the same name and first day it replaces what was there; of a later day it follows on it.

    Raises
    ------
    GoedeBuurError
        `leaf-too-large`.
    """
    with record.lock():
        known = [(leaf, held) for leaf, _, held in _said(record, None) if held.id == one.id]
        same = [held for _, held in known if held.valid_from == one.valid_from]
        if same and same[-1] == one:
            return None
        return _write(record, one, now, reason or ("the expectation was changed" if known else ""), known)


def end(record: Record, name: str, last: str, now: datetime, reason: str = "") -> int | None:
    """Return the leaf under which an expectation was given its last day (ISO); None where it had that already.

    Raises
    ------
    GoedeBuurError
        `query-unknown-expectation`; `expectation-ended` where another day before it is its last, or none holds then;
        `expectation-malformed`.
    """
    with record.lock():
        known = [(leaf, held) for leaf, _, held in _said(record, None) if held.id == name]
        if not known:
            raise GoedeBuurError(
                UNKNOWN_EXPECTATION,
                "There is no expectation of that name in the record.",
                value=name,
                hint="`goedebuur expectations list` lists them.",
            )
        held = {one.valid_from: one for _, one in known}
        newest = held[max(held)]
        if newest.valid_to == last:
            return None
        if last < newest.valid_from or (newest.valid_to and newest.valid_to < last):
            raise GoedeBuurError(
                ALREADY_ENDED,
                "The expectation does not hold on that day: it begins later, or ended before.",
                place=name,
                value=f"{newest.valid_from} to {newest.valid_to or 'further notice'}",
                hint="Give a day on which it holds; or enter it anew with `goedebuur expectations add`.",
            )
        return _write(record, replace(newest, valid_to=last), now, reason or "the expectation ends", known)


def stated(record: Record, as_of: int | None = None) -> dict[str, list[Reason]]:
    """Return series → the reasons for gaps that were stated of it, as of a tree size; of equal ones the last."""
    return record.remembered(("gap reasons", as_of), lambda: _stated(record, as_of))


def _stated(record: Record, as_of: int | None) -> dict[str, list[Reason]]:
    newest = {name: (leaf, body) for leaf, name, _, body in record.catalogue.records(reasons.KIND, as_of)}
    told = record.catalogue.received({leaf for leaf, _ in newest.values()})
    found: dict[str, list[Reason]] = {}
    for leaf, body in newest.values():
        submitter, received = told[leaf]
        header = record.ledger.leaf(leaf)
        period = Period(datetime.fromisoformat(body["start"]), datetime.fromisoformat(body["end"]))
        signed = isinstance(header, Leaf) and (header.signature is not None or _in_segment(record, header))
        one = Reason(body["series"], period, body["code"], submitter, datetime.fromisoformat(received), leaf, signed)
        found.setdefault(one.series, []).append(one)
    return found


def _in_segment(record: Record, header: Leaf) -> bool:
    """Return whether a leaf without a signature comes of small deliveries that its submitter signed, every one."""
    from goedebuur.core.ledger import segments

    if header.adapter or header.payload is None:
        return False
    try:
        entries, _ = segments.parse(record.evidence.payload(header.payload["sha256"]))
    except GoedeBuurError:
        return False
    theirs = [one for one in entries if one.submitter == header.submitter]
    return bool(theirs) and all(one.signature is not None for one in theirs)


def _said(record: Record, as_of: int | None) -> list[expected.Said]:
    listed = record.catalogue.records(expected.KIND, as_of)
    moments = record.catalogue.received({leaf for leaf, *_ in listed})
    said = []
    for leaf, _, _, body in listed:
        said.append((leaf, datetime.fromisoformat(moments[leaf][1]), expected.read(body)))
    return sorted(said, key=lambda one: one[0])


def _write(record: Record, one: Expectation, now: datetime, reason: str, known: list[tuple[int, Expectation]]) -> int:
    leaf = Leaf(
        kind="catalogue",
        submitter=OURSELVES,
        adapter="",
        received=iso(now),
        series=tuple(sorted(name for name in one.series if "*" not in name and "?" not in name)),
        supersedes=(known[-1][0],) if known else (),
        reason=reason,
        counts={"records": 1},
        inputs={EXPECTS: one.body()},
    )
    assert facts.expectation(leaf) == one
    (position,) = record.ledger.append([leaf])
    projection.catch_up(record)
    return position
