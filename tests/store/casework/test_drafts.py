"""Drafts in the database: two who save at once, a history that is never rewritten, and who may see what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from tests.store.casework.replacing import put_over

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.permits import drafts as core
from goedebuur.core.permits.drafts import DECISION, Action, Done, Draft
from goedebuur.store.accounts.models import User
from goedebuur.store.casework import drafts
from goedebuur.store.casework.drafts import DraftChange

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def ada() -> int:
    return User.objects.create_user("ada@example.org", None, name="Ada").pk


@pytest.fixture
def draft(ada: int) -> Draft:
    return drafts.make("gs", {"title": "x"}, [{"number": "1", "value": "5"}, {"number": "2"}], ada, NOW)


def test_draft_is_kept_with_a_line_of_history_for_each_part(draft: Draft, ada: int) -> None:
    assert drafts.get(draft.id).draft == draft
    told = [(one.revision, one.action, one.key, one.name) for one in drafts.history(draft.id)]
    assert told == [(3, Action.ADDED, "c2", "Ada"), (2, Action.ADDED, "c1", "Ada"), (1, Action.MADE, DECISION, "Ada")]


def test_save_that_another_process_overtook_is_made_again_on_what_that_left(draft: Draft, ada: int) -> None:
    asked: list[int] = []

    def act(held: Draft) -> Done:
        asked.append(held.revision)
        if len(asked) == 1:  # another process saves between the reading and the saving
            row = drafts.Draft.objects.get(pk=held.id)
            other = core.changed(held, "c2", {"number": "2", "value": "9"}, ada, held.revision).draft
            row.body, row.revision = core.body(other), other.revision
            row.save()
        return core.changed(held, "c1", {"number": "1", "value": "6"}, ada, 3)

    done = drafts.change(draft.id, ada, NOW, act)
    assert asked == [3, 4]
    assert [part.fields.get("value") for part in drafts.get(draft.id).draft.conditions] == ["6", "9"]
    assert done.draft.revision == 5


def test_nothing_is_kept_of_a_change_that_is_refused(draft: Draft, ada: int) -> None:
    drafts.change(draft.id, ada, NOW, lambda held: core.changed(held, "c1", {"value": "7"}, ada, 3))
    with pytest.raises(GoedeBuurError):
        drafts.change(draft.id, ada, NOW, lambda held: core.changed(held, "c1", {"value": "8"}, ada, 3))
    assert drafts.get(draft.id).draft.part("c1").fields == {"value": "7"}
    assert len(drafts.history(draft.id)) == 4


def test_what_was_typed_at_a_revision_can_be_read_back(draft: Draft, ada: int) -> None:
    drafts.change(draft.id, ada, NOW, lambda held: core.changed(held, "c1", {"value": "7"}, ada, 3))
    assert drafts.as_seen(draft.id, "c1", 3) == {"number": "1", "value": "5"}
    assert drafts.as_seen(draft.id, "c1", 4) == {"value": "7"}
    assert drafts.as_seen(draft.id, "c1", 1) == {}


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda rows: rows.update(action="nothing"),
        lambda rows: rows.filter(key="c1").delete(),
        lambda rows: put_over(DraftChange, rows.db, "id", "action"),
        lambda rows: put_over(DraftChange, rows.db, "id + 1", "action"),
    ],
)
def test_database_itself_refuses_to_rewrite_the_history(
    database: str, rewrite: Callable[[QuerySet[DraftChange]], object]
) -> None:
    person = User.objects.db_manager(database).create_user("ada@example.org", None)
    row = drafts.Draft.objects.using(database).create(authority="gs", body={}, made=NOW, changed=NOW)
    rows = DraftChange.objects.using(database)
    rows.create(draft=row, revision=1, person=person, at=NOW, action="made", key="c1")
    with pytest.raises(DatabaseError), transaction.atomic(using=database):
        rewrite(rows.all())
    assert rows.values_list("action", flat=True).get() == "made"


def test_thrown_away_draft_is_in_no_list_and_keeps_its_history(draft: Draft, ada: int) -> None:
    drafts.change(draft.id, ada, NOW, lambda held: core.closed(held, core.State.DISCARDED))
    assert drafts.of_authorities(frozenset({"gs"})) == []
    assert drafts.history(draft.id)[0].action is Action.DISCARDED


def test_drafts_of_other_authorities_are_in_no_list(draft: Draft) -> None:
    assert [one.draft.id for one in drafts.of_authorities(frozenset({"gs"}))] == [draft.id]
    assert drafts.of_authorities(frozenset({"other"})) == []
    assert drafts.of_authorities(frozenset()) == []
