"""What is published of the stacks of a site: a leaf of kind `result` a subject, site and year, with its receipt.

Which subjects there are is for the modules that publish: verdicts, control measurements, totals of a year. Here is what
they share: writing a leaf only where it says something else than the last, and finding the newest of any state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base import canonical
from goedebuur.core.base.periods import iso
from goedebuur.core.base.receipts import Receipt
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.services import projection, rule_record

if TYPE_CHECKING:
    from goedebuur.services.record import Record

CHANGED: Final = "measurements, limits, rules or program changed"
"""Why a result takes the place of an earlier one."""


@dataclass(frozen=True, slots=True)
class Published:
    """One published result.

    Parameters
    ----------
    lines
        As published, the header first: numbers are exact text.
    """

    site: str
    year: int
    leaf: int
    published: datetime
    receipt: Receipt
    lines: tuple[Mapping[str, Any], ...]


def publish(
    record: Record,
    result: str,
    site: str,
    year: int,
    lines: Sequence[Mapping[str, Any]],
    receipt: Receipt,
    now: datetime,
) -> int:
    """Return the leaf under which lines are recorded; that of the newest where it says the same."""
    digest = canonical.sha256(canonical.encode({"lines": list(lines)}))
    last = next((one for one in every(record, result) if (one[1]["site"], one[1]["year"]) == (site, year)), None)
    if last is not None and last[1].get("figures_sha256") == digest:
        return last[0]
    told = {"figures_sha256": digest, "result": result, "site": site, "year": year}
    with record.lock():
        leaf = Leaf(
            kind="result",
            submitter=rule_record.SUBMITTER,
            adapter="",
            received=iso(now),
            batch=record.evidence.put_records(lines).as_dict(),
            supersedes=(last[0],) if last is not None else (),
            reason=CHANGED if last is not None else "",
            counts={"records": len(lines)},
            inputs=receipt.as_record() | told,
        )
        position = record.ledger.append([leaf])[0]
        projection.catch_up(record)
    return position


def newest(record: Record, result: str, as_of: int | None = None) -> Mapping[str, Mapping[int, int]]:
    """Return site → year → the newest leaf with a published result of a subject."""

    def read() -> dict[str, dict[int, int]]:
        found: dict[str, dict[int, int]] = {}
        for position, told in every(record, result, as_of):
            found.setdefault(str(told["site"]), {}).setdefault(int(told["year"]), position)
        return found

    return record.remembered(("published", result, as_of), read)


def every(record: Record, result: str, as_of: int | None = None) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield (leaf, what it says of how it was made) of the published results of a subject, newest first."""
    before = as_of
    while positions := record.catalogue.leaves(50, before, "result"):
        for position in positions:
            leaf = record.ledger.leaf(position)
            told = leaf.inputs or {} if isinstance(leaf, Leaf) else {}
            if told.get("result") == result:
                yield position, told
        before = positions[-1]


def read(record: Record, position: int) -> Published:
    """Return a published result, read once."""

    def parsed() -> Published:
        leaf = record.ledger.leaf(position)
        assert isinstance(leaf, Leaf)
        told = leaf.inputs or {}
        return Published(
            str(told["site"]),
            int(told["year"]),
            position,
            datetime.fromisoformat(leaf.received),
            Receipt.from_record(told),
            tuple(record.evidence.records(str((leaf.batch or {})["sha256"]))),
        )

    return record.remembered(("published result", position), parsed)


def exact(kind: type, value: Any) -> Any:
    """Return a published number as the fraction it is: the ``dec_hook`` with which lines are read into their type.

    Raises
    ------
    NotImplementedError
        For any other type, as msgspec asks of a hook that does not know it.
    """
    if kind is Fraction:
        return Fraction(value)
    raise NotImplementedError(kind)
