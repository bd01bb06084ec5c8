"""The rule tables in the record: each form of a table is a leaf, so that an earlier answer uses its own rules."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.periods import iso
from goedebuur.core.compliance.emissions.regimes import RegimeBook
from goedebuur.core.compliance.rows import RuleBook
from goedebuur.core.compliance.table_rows import TABLES
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.rules import emission, loader, regimes
from goedebuur.rules.emission import EmissionBook
from goedebuur.services import projection

if TYPE_CHECKING:
    from goedebuur.services.record import Record

SUBMITTER: Final = "goedebuur"
"""Who delivers what comes with the program itself."""


@dataclass(frozen=True, slots=True)
class BookAt:
    """The rules that hold at a tree size, and the newest leaf they are recorded in; None when they are not."""

    book: RuleBook
    leaf: int | None


@dataclass(frozen=True, slots=True)
class EmissionBookAt:
    """The limits on emissions that hold at a tree size, and the newest leaf they are in; None when in none."""

    book: EmissionBook
    leaf: int | None


@dataclass(frozen=True, slots=True)
class RegimeBookAt:
    """The rows by which averages at a stack are judged at a tree size, and the newest leaf they are in."""

    book: RegimeBook
    leaf: int | None


def record_rules(record: Record, now: datetime) -> list[int]:
    """Return the leaves under which rule tables were recorded that were not yet in this form; empty if all were."""
    return _record(record, loader.shipped(), loader.records, now)


def record_emission_rules(record: Record, now: datetime) -> list[int]:
    """Return the same of the tables of limits on emissions."""
    return _record(record, emission.shipped(), emission.records, now)


def record_regimes(record: Record, now: datetime) -> list[int]:
    """Return the same of the tables by which averages at a stack are judged."""
    return _record(record, regimes.shipped(), regimes.records, now)


def _record(
    record: Record,
    shipped: Mapping[str, bytes],
    records: Callable[[str, bytes], list[dict[str, str]]],
    now: datetime,
) -> list[int]:
    with record.lock():
        known = _latest(record, record.ledger.size, shipped)
        leaves = []
        for name, data in shipped.items():
            sha256 = hashlib.sha256(data).hexdigest()
            if name in known and known[name][1] == sha256:
                continue
            rows = records(name, data)
            record.evidence.put_payload(data)
            leaves.append(
                Leaf(
                    kind="rules",
                    submitter=SUBMITTER,
                    adapter="",
                    received=iso(now),
                    payload={"name": f"{name}.csv", "sha256": sha256, "size": len(data)},
                    batch=record.evidence.put_records(rows).as_dict(),
                    supersedes=(known[name][0],) if name in known else (),
                    reason="the table was changed" if name in known else "",
                    counts={"records": len(rows)},
                )
            )
        positions = record.ledger.append(leaves) if leaves else []
        projection.catch_up(record)
    return positions


def book_at(record: Record, as_of: int | None) -> BookAt:
    """Return the rules to judge with: those recorded by a tree size, or now those that come with the program.

    A record that held no rules at the tree size is judged with those of the program, and the receipt says so.
    """
    known = _latest(record, record.ledger.size if as_of is None else as_of, TABLES)
    complete = set(known) >= set(TABLES) - loader.LATER
    newest = max((leaf for leaf, _ in known.values()), default=None) if complete else None
    if as_of is None or not complete:
        same = complete and _digest(record, known) == loader.tables_sha256()
        return BookAt(loader.book(), newest if same else None)
    tables = {name: record.evidence.payload(known[name][1]) for name in TABLES if name in known}
    return BookAt(loader.parse(tables), newest)


def emission_book_at(record: Record, as_of: int | None) -> EmissionBookAt:
    """Return the limits on emissions to answer with, chosen as :func:`book_at` chooses."""
    known = _latest(record, record.ledger.size if as_of is None else as_of, emission.TABLES)
    complete = set(known) == set(emission.TABLES)
    newest = max((leaf for leaf, _ in known.values()), default=None) if complete else None
    if not complete:
        return EmissionBookAt(emission.book(), None)
    tables = {name: record.evidence.payload(sha256) for name, (_, sha256) in known.items()}
    if loader.digest(tables) == emission.book().sha256:
        return EmissionBookAt(emission.book(), newest)
    return EmissionBookAt(emission.book(), None) if as_of is None else EmissionBookAt(emission.parse(tables), newest)


def regime_book_at(record: Record, as_of: int | None) -> RegimeBookAt:
    """Return the rows to judge averages at a stack with, chosen as :func:`book_at` chooses."""
    known = _latest(record, record.ledger.size if as_of is None else as_of, regimes.TABLES)
    complete = set(known) == set(regimes.TABLES)
    newest = max((leaf for leaf, _ in known.values()), default=None) if complete else None
    if not complete:
        return RegimeBookAt(regimes.book(), None)
    tables = {name: record.evidence.payload(sha256) for name, (_, sha256) in known.items()}
    if loader.digest(tables) == regimes.book().sha256:
        return RegimeBookAt(regimes.book(), newest)
    return RegimeBookAt(regimes.book(), None) if as_of is None else RegimeBookAt(regimes.parse(tables), newest)


def leaves(record: Record, as_of: int | None) -> dict[str, int]:
    """Return table of :func:`book_at` → the leaf in which its newest form below a tree size is recorded."""
    known = _latest(record, record.ledger.size if as_of is None else as_of, TABLES)
    return {name: leaf for name, (leaf, _) in known.items()}


def _digest(record: Record, known: dict[str, tuple[int, str]]) -> str:
    return loader.digest({name: record.evidence.payload(known[name][1]) for name in TABLES if name in known})


def _latest(record: Record, size: int, tables: Collection[str]) -> dict[str, tuple[int, str]]:
    """Return table → (leaf, digest of its bytes) of the newest form of each of these tables below a tree size."""
    found: dict[str, tuple[int, str]] = {}
    before: int | None = size
    while before is not None and len(found) < len(tables):
        positions = record.catalogue.leaves(50, before, "rules")
        for position in positions:
            leaf = record.ledger.leaf(position)
            if isinstance(leaf, Leaf) and leaf.payload is not None:
                name = str(leaf.payload["name"]).removesuffix(".csv")
                if name in tables:
                    found.setdefault(name, (position, str(leaf.payload["sha256"])))
        before = positions[-1] if positions else None
    return found
