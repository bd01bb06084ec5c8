"""Versions of findings that were decided on: those that the record has, and those that it is still to get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from goedebuur.store.casework import case_models as models


@dataclass(frozen=True, slots=True)
class Pending:
    """One version that waits for its leaf."""

    case: str
    number: int
    body: Mapping[str, Any]
    not_before: date


@dataclass(frozen=True, slots=True)
class Decided:
    """One version that the record has."""

    number: int
    body: Mapping[str, Any]
    leaf: int


def plan(case: str, number: int, body: Mapping[str, Any], not_before: date, now: datetime) -> None:
    """Keep a version that was decided on, in the transaction of its decision."""
    row = models.Case.objects.get(uuid=case)
    models.Publication.objects.create(case=row, number=number, body=dict(body), not_before=not_before, made=now)


def pending(on: date | None = None) -> list[Pending]:
    """Return the versions that wait for their leaf, in the order of their decisions; with a day those due by then."""
    rows = _waiting() if on is None else _waiting().filter(not_before__lte=on)
    found = rows.select_related("case").order_by("pk")
    return [Pending(str(r.case.uuid), r.number, r.body, r.not_before) for r in found]


def postpone(case: str, until: date) -> None:
    """Let the waiting version of a case become public on another day."""
    _waiting().filter(case__uuid=case).update(not_before=until)


def recall(case: str, now: datetime) -> None:
    """Take back the waiting version of a case: it never becomes public."""
    _waiting().filter(case__uuid=case).update(recalled=now)


def recorded(case: str, number: int, leaf: int, now: datetime) -> None:
    """Note under which leaf a version stands."""
    _waiting().filter(case__uuid=case, number=number).update(leaf=leaf, recorded=now)


def recorded_versions(case: str) -> list[Decided]:
    """Return the versions of a case that are in the record, the first one first."""
    rows = models.Publication.objects.filter(case__uuid=case, leaf__isnull=False).order_by("number")
    return [Decided(r.number, r.body, r.leaf) for r in rows if r.leaf is not None]


def waits(case: str) -> bool:
    """Return whether a version of a case waits for its leaf."""
    return bool(_waiting().filter(case__uuid=case).exists())


def any_recorded() -> bool:
    """Return whether the record has any version."""
    return models.Publication.objects.filter(leaf__isnull=False).exists()


def leaves(case: str) -> list[tuple[int, int]]:
    """Return (version, leaf) of the versions of a case that are in the record."""
    return [(one.number, one.leaf) for one in recorded_versions(case)]


def _waiting() -> Any:
    return models.Publication.objects.filter(leaf__isnull=True, recalled__isnull=True)
