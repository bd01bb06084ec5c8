"""The history of a case: the database itself refuses to change or delete it, on both databases."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connections, transaction
from tests.store.casework.replacing import put_over

from goedebuur.store.casework.models import Case, CaseEvent

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def event(database: str) -> tuple[str, CaseEvent]:
    case = Case(uuid=uuid.uuid4(), publication=uuid.uuid4(), year=2026, serial=1, number="GB-2026-000001")
    case.kind, case.state, case.authority, case.subject, case.head = "finding", "draft", "odnzkg", "x", "0" * 64
    case.created = case.changed = NOW
    case.save(using=database)
    made = CaseEvent(case=case, number=1, at=NOW, name="created", after="draft", previous="0" * 64, digest="1" * 64)
    made.save(using=database)
    return database, made


def unchanged(database: str) -> bool:
    return CaseEvent.objects.using(database).values_list("name", flat=True).get() == "created"


@pytest.mark.parametrize(
    "change",
    [
        lambda database, event: CaseEvent.objects.using(database).update(name="other"),
        lambda database, event: CaseEvent.objects.using(database).all().delete(),
        lambda database, event: event.delete(using=database),
        lambda database, event: CaseEvent(
            pk=event.pk, case=event.case, number=1, at=NOW, name="other", after="draft", previous="", digest=""
        ).save(using=database),
        lambda database, event: connections[database].cursor().execute(f"DELETE FROM {CaseEvent._meta.db_table}"),
        lambda database, event: (
            connections[database].cursor().execute(f"UPDATE {CaseEvent._meta.db_table} SET name = 'other'")
        ),
        lambda database, event: put_over(CaseEvent, database, "id", "name"),
        lambda database, event: put_over(CaseEvent, database, "id + 1", "name"),
    ],
    ids=[
        *("update", "delete", "delete one", "save over", "raw delete", "raw update"),
        *("put over by key", "put over by number"),
    ],
)
def test_event_is_not_changed_or_deleted_by_any_way(event: tuple[str, CaseEvent], change: Any) -> None:
    database, made = event
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(using=database):
        change(database, made)
    assert unchanged(database)


def test_case_with_a_history_is_not_deleted(event: tuple[str, CaseEvent]) -> None:
    database, _ = event
    with pytest.raises(DatabaseError), transaction.atomic(using=database):
        connections[database].cursor().execute("DELETE FROM casework_case")
    assert unchanged(database)


def test_table_of_events_is_not_emptied_at_once(event: tuple[str, CaseEvent]) -> None:
    database, _ = event
    # SQLite has no TRUNCATE: it refuses the word
    with pytest.raises(DatabaseError, match=r"never changed|syntax"), transaction.atomic(using=database):
        connections[database].cursor().execute("TRUNCATE casework_caseevent CASCADE")
    assert unchanged(database)


def test_two_events_of_one_number_cannot_be(event: tuple[str, CaseEvent]) -> None:
    database, made = event
    with pytest.raises(IntegrityError), transaction.atomic(using=database):
        CaseEvent(case=made.case, number=1, at=NOW, name="again", after="draft", previous="", digest="").save(
            using=database
        )


def test_refusal_is_taken_away_and_put_back_by_the_migration(database: str) -> None:
    call_command("migrate", "casework", "0002", database=database, interactive=False, verbosity=0)
    call_command("migrate", "casework", database=database, interactive=False, verbosity=0)
