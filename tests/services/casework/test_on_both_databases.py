"""The story of a finding, on SQLite and on PostgreSQL, with transactions that really end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import DatabaseError, connections
from tests.services.casework.mails import MAIL
from tests.services.casework.people import NOW, ROADS, Story, make_people
from tests.store.accounts.conftest import database, empty_database, postgres_url

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework.publications import Version
from goedebuur.services import (
    case_check,
    case_lists,
    case_mail_in,
    case_mail_placing,
    casework,
    publications,
    publishing_findings,
)
from goedebuur.services.record import Record
from goedebuur.store.casework import cases as store
from goedebuur.store.casework import messages
from goedebuur.store.casework.models import CaseEvent, Message, Publication

__all__ = ["database", "empty_database", "postgres_url"]


@pytest.fixture
def here(database: str) -> Iterator[str]:
    """Let the program use the database as its own, in this thread, and return which kind it is."""
    before = connections["default"]
    connections["default"] = connections[database]
    try:
        yield connections[database].vendor
    finally:
        connections["default"] = before


@pytest.fixture
def tale(here: str) -> Story:
    """Return a finding that is not begun yet."""
    return Story(make_people())


def go(tale: Story, road: str, record: Record) -> None:
    tale.begin()
    for who, event in ROADS[road]:
        if who == "record":
            publishing_findings.settle(record, tale.now)
        else:
            tale.act(who, event)


def test_finding_is_heard_published_corrected_and_withdrawn(tale: Story, record: Record) -> None:
    go(tale, "correcting", record)
    publishing_findings.settle(record, tale.now)
    tale.act("second_officer", "withdraw")
    publishing_findings.settle(record, tale.now)
    (found,) = publications.every(record)
    told = [one.finding.version for one in found.versions]
    assert told == [Version.PUBLISHED, Version.CORRECTED, Version.WITHDRAWN]
    assert [row.leaf for row in Publication.objects.order_by("number")] == [one.leaf for one in found.versions]
    assert casework.view(tale.people["officer"], tale.uuid, tale.now).case.state == "withdrawn"
    assert case_check.histories() == []
    assert [one.case.number for one in case_lists.listing(tale.people["writer"], text="STOF grens").rows] == [
        "GB-2026-000001"
    ]


def test_history_is_not_changed_and_a_step_that_fails_leaves_nothing(
    tale: Story, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    go(tale, "answered", record)
    before, mails = store.find(tale.uuid), Message.objects.count()
    with pytest.raises(DatabaseError, match="never changed"):
        CaseEvent.objects.filter(number=1).update(name="other")
    with pytest.raises(DatabaseError, match="never changed"):
        CaseEvent.objects.filter(number=1).delete()
    with monkeypatch.context() as broken:
        # after the case, its event and its version were saved
        broken.setattr(messages, "queue", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tale.act("officer", "publish")
    assert store.find(tale.uuid) == before
    assert (Message.objects.count(), Publication.objects.count()) == (mails, 0)
    assert case_check.histories() == []


def test_second_of_two_officers_saves_nothing(tale: Story, record: Record) -> None:
    go(tale, "in_review", record)
    seen = casework.view(tale.people["officer"], tale.uuid, tale.now).revision
    given = tale.given("return")
    casework.act(tale.people["officer"], tale.uuid, "return", given, seen, tale.now)
    with pytest.raises(GoedeBuurError, match="case-changed"):
        casework.act(tale.people["second_officer"], tale.uuid, "return", given, seen, tale.now)
    assert [one.name for one in store.events(tale.uuid)] == ["created", "submit", "return"]


def test_of_officers_in_the_same_moment_one_decides(tale: Story, record: Record, database: str) -> None:
    go(tale, "answered", record)
    seen = casework.view(tale.people["officer"], tale.uuid, tale.now).revision
    others = 3
    start, outcomes = threading.Barrier(others), []

    def decide(reason: str) -> None:
        connections["default"] = connections[database]
        try:
            start.wait(30)
            given = replace(tale.given("publish"), reason=reason)
            casework.act(tale.people["officer"], tale.uuid, "publish", given, seen, tale.now)
            outcomes.append("done")
        except GoedeBuurError as error:
            outcomes.append(error.code)
        except DatabaseError as error:
            # SQLite may refuse whoever comes second at once
            outcomes.append("case-changed" if "locked" in str(error) else repr(error))
        finally:
            connections[database].close()

    threads = [threading.Thread(target=decide, args=(f"Reden {n}",)) for n in range(others)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert sorted(outcomes) == ["case-changed"] * (others - 1) + ["done"]
    assert Publication.objects.count() == 1
    assert [one.name for one in store.events(tale.uuid)][-1] == "publish"
    assert case_check.histories() == []


def test_received_mail_waits_and_gets_its_case(tale: Story, tmp_path: Path) -> None:
    case_mail_in.take(tmp_path, MAIL, "one.eml", NOW)
    assert case_mail_in.take(tmp_path, MAIL, "one.eml", NOW).became == "again"
    number, officer = tale.begin().case.number, tale.people["officer"]
    (waits,) = case_mail_placing.unplaced(officer).waiting.rows
    case_mail_placing.place(officer, waits.id, number, NOW)
    assert messages.unplaced() == 0
    assert [len(one.attachments) for one in messages.of_case(tale.uuid, [messages.INTERNAL])] == [2]
