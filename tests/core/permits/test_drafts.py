"""Drafts: who may overwrite, check and close what, by revision."""

from __future__ import annotations

import json

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.permits import drafts
from goedebuur.core.permits.drafts import DECISION, Action, Document, Done, Draft, Part, State

ADA, BO = 1, 2
PDF = Document("a" * 64, "besluit.pdf", 10, "application/pdf")


def begun() -> Draft:
    """A draft of Ada with two conditions, at revision 3."""
    draft = Draft(7, "gs", State.OPEN, 1, Part(DECISION, {"title": "x"}, 1, (ADA,)))
    for number in ("3.1.1", "3.1.2"):
        draft = drafts.added(draft, {"number": number}, ADA).draft
    return draft


def code(act: object) -> str:
    with pytest.raises(GoedeBuurError) as error:
        act()  # type: ignore[operator]
    return error.value.code


def test_part_that_another_changed_is_not_overwritten() -> None:
    draft = begun()
    seen = draft.revision
    draft = drafts.changed(draft, "c1", {"number": "3.1.1", "value": "7"}, BO, seen).draft
    assert code(lambda: drafts.changed(draft, "c1", {"number": "3.1.1", "value": "6"}, ADA, seen)) == "draft-conflict"
    assert code(lambda: drafts.removed(draft, "c1", ADA, seen)) == "draft-conflict"


def test_two_people_who_change_different_conditions_both_keep_their_work() -> None:
    draft = begun()
    seen = draft.revision
    draft = drafts.changed(draft, "c1", {"value": "7"}, BO, seen).draft
    draft = drafts.changed(draft, "c2", {"value": "6"}, ADA, seen).draft
    assert [part.fields for part in draft.conditions] == [{"value": "7"}, {"value": "6"}]


def test_same_words_again_change_nothing_and_keep_the_check() -> None:
    draft = drafts.checked(begun(), "c1", BO, 3).draft
    again = drafts.changed(draft, "c1", {"number": " 3.1.1 "}, ADA, draft.revision)
    assert again.draft is draft


def test_nobody_checks_own_work_also_not_after_another_changed_it() -> None:
    draft = begun()
    assert code(lambda: drafts.checked(draft, "c1", ADA, 3)) == "draft-own-work"
    draft = drafts.changed(draft, "c1", {"value": "7"}, BO, 3).draft
    assert code(lambda: drafts.checked(draft, "c1", ADA, 4)) == "draft-own-work"
    assert code(lambda: drafts.checked(draft, "c1", BO, 4)) == "draft-own-work"
    with pytest.raises(GoedeBuurError):
        Part("c1", {}, 1, (ADA,), checked_by=ADA)


def test_change_takes_the_check_of_that_part_away_and_of_no_other() -> None:
    draft = drafts.checked(begun(), "c1", BO, 3).draft
    draft = drafts.checked(draft, "c2", BO, 3).draft
    draft = drafts.changed(draft, "c1", {"value": "7"}, ADA, draft.revision).draft
    assert [part.checked_by for part in draft.conditions] == [None, BO]
    assert [part.key for part in draft.unchecked] == [DECISION, "c1"]


def test_check_of_what_was_changed_since_is_a_conflict() -> None:
    draft = drafts.changed(begun(), "c1", {"value": "7"}, ADA, 3).draft
    assert code(lambda: drafts.checked(draft, "c1", BO, 3)) == "draft-conflict"


def test_document_takes_the_check_of_the_decision_away_since_it_becomes_public_with_it() -> None:
    draft = drafts.checked(begun(), DECISION, BO, 3).draft
    attached = drafts.attached(draft, PDF, ADA)
    for done in (attached, drafts.detached(attached.draft, PDF.sha256, ADA)):
        assert done.draft.decision.checked_by is None
    assert code(lambda: drafts.detached(draft, PDF.sha256, ADA)) == "draft-part"


@pytest.mark.parametrize("what", ["attach", "detach", "remove"])
def test_what_one_person_puts_in_or_takes_out_is_checked_by_another_who_saw_it(what: str) -> None:
    draft = drafts.attached(begun(), PDF, ADA).draft
    draft = drafts.checked(draft, DECISION, BO, draft.revision).draft
    seen = draft.revision
    acts = {
        "attach": lambda who: drafts.attached(draft, Document("b" * 64, "b.pdf", 1, "application/pdf"), who),
        "detach": lambda who: drafts.detached(draft, PDF.sha256, who),
        "remove": lambda who: drafts.removed(draft, "c1", who, seen),
    }
    by_bo, by_ada = acts[what](BO).draft, acts[what](ADA).draft
    assert DECISION in [part.key for part in by_bo.unchecked]
    assert code(lambda: drafts.checked(by_bo, DECISION, BO, by_bo.revision)) == "draft-own-work"
    assert code(lambda: drafts.checked(by_ada, DECISION, BO, seen)) == "draft-conflict"
    assert drafts.checked(by_ada, DECISION, BO, by_ada.revision).draft.decision.checked_by == BO


def test_what_was_handed_back_says_why_until_it_is_changed_or_checked() -> None:
    draft = drafts.returned(begun(), "c1", " fout getal ", 3).draft
    assert draft.part("c1").remark == "fout getal"
    assert drafts.changed(draft, "c1", {"value": "7"}, ADA, draft.revision).draft.part("c1").remark == ""
    assert drafts.checked(draft, "c1", BO, draft.revision).draft.part("c1").remark == ""


def test_proposal_is_decided_on_once() -> None:
    source = {"proposal": "aa/0"}
    draft = drafts.added(begun(), {"number": "4"}, ADA, source).draft
    assert draft.settled == {"aa/0": "c3"}
    assert code(lambda: drafts.added(draft, {"number": "4"}, BO, source)) == "draft-conflict"
    assert code(lambda: drafts.set_aside(draft, "aa/0")) == "draft-conflict"
    assert drafts.removed(draft, "c3", ADA, draft.revision).draft.settled == {}


def test_key_of_a_condition_is_never_given_to_another() -> None:
    draft = drafts.removed(drafts.removed(begun(), "c1", ADA, 3).draft, "c2", ADA, 3).draft
    first = drafts.added(draft, {"number": "5"}, ADA)
    assert (first.key, drafts.added(first.draft, {"number": "6"}, ADA).key) == ("c3", "c4")
    assert code(lambda: drafts.changed(draft, "c2", {}, ADA, 9)) == "draft-part"


@pytest.mark.parametrize("state", [State.PUBLISHED, State.DISCARDED])
def test_closed_draft_does_not_change(state: State) -> None:
    draft = drafts.closed(begun(), state).draft
    for act in (
        lambda: drafts.changed(draft, "c1", {}, ADA, 9),
        lambda: drafts.added(draft, {}, ADA),
        lambda: drafts.removed(draft, "c1", ADA, 9),
        lambda: drafts.checked(draft, "c1", BO, 9),
        lambda: drafts.returned(draft, "c1", "x", 9),
        lambda: drafts.set_aside(draft, "x"),
        lambda: drafts.attached(draft, PDF, ADA),
        lambda: drafts.detached(draft, PDF.sha256, ADA),
        lambda: drafts.closed(draft, State.PUBLISHED),
    ):
        assert code(act) == "draft-closed"


def test_each_change_raises_the_revision_by_one_and_names_itself() -> None:
    draft = begun()
    every: list[Done] = [
        drafts.changed(draft, "c1", {"value": "1"}, BO, 3),
        drafts.added(draft, {}, ADA),
        drafts.removed(draft, "c1", ADA, 3),
        drafts.checked(draft, "c1", BO, 3),
        drafts.returned(draft, "c1", "x", 3),
        drafts.set_aside(draft, "p"),
        drafts.attached(draft, PDF, ADA),
        drafts.closed(draft, State.PUBLISHED),
    ]
    assert {done.draft.revision for done in every} == {4}
    assert len({done.action for done in every}) == len(every)
    assert Action.MADE not in {done.action for done in every}


def test_draft_survives_its_plain_form() -> None:
    draft = drafts.attached(drafts.checked(begun(), "c1", BO, 3).draft, PDF, ADA).draft
    plain = json.loads(json.dumps(drafts.body(draft)))
    assert drafts.of_body(plain, draft.id, draft.authority, draft.state, draft.revision) == draft


def test_next_part_to_check_is_the_one_after_and_then_round() -> None:
    draft = drafts.checked(begun(), "c2", BO, 3).draft
    assert drafts.next_to(draft.parts, "c1") == DECISION
    assert drafts.next_to(draft.parts, DECISION) == "c1"
