"""What can be done in which state: the table, and four eyes."""

from __future__ import annotations

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework.roles import GIVEN, OF_AUTHORITY, Role
from goedebuur.core.casework.states import Kind
from goedebuur.rules import casework, reading

TABLE = casework.states()
FINDING = Kind.FINDING


def events(state: str, *roles: Role, writer: bool = False) -> set[str]:
    return {step.event for step in TABLE.possible(FINDING, state, roles, writer=writer)}


def test_writer_cannot_review_notify_publish_correct_or_withdraw() -> None:
    all_roles = [role for role in GIVEN if role in OF_AUTHORITY]
    for state, event in [
        ("in_review", "notify"),
        ("rereview", "notify"),
        ("answered", "publish"),
        ("unanswered", "publish"),
        ("reconsidering", "withhold"),
        ("correction_proposed", "correct"),
        ("published", "withdraw"),
    ]:
        assert event in events(state, *all_roles)
        assert event not in events(state, *all_roles, writer=True)
        with pytest.raises(GoedeBuurError, match="case-four-eyes"):
            TABLE.require(FINDING, state, event, all_roles, writer=True)


def test_every_way_to_publication_passes_a_hearing_and_two_steps_of_four_eyes() -> None:
    # walk back from `publishing` without passing the hearing: the beginning must not be reached
    before = {"publishing"}
    while True:
        more = {
            step.state
            for step in TABLE.steps
            if step.kind is FINDING and step.next in before and "hearing" not in (step.state, step.next)
        }
        if more <= before:
            break
        before |= more
    assert TABLE.first(FINDING) not in before
    for state in ("answered", "unanswered", "reconsidering", "recalled"):
        step = TABLE.step(FINDING, state, "publish")
        assert step is not None
        assert step.four_eyes
        assert step.roles == {Role.OFFICER}
    assert {s.id for s in TABLE.steps if s.next == "hearing" and s.state != "hearing" and not s.four_eyes} == set()


def test_company_can_answer_and_nothing_else() -> None:
    found = {step.event for step in TABLE.steps if Role.COMPANY in step.roles}
    assert found == {"answer"}
    assert events("published", Role.COMPANY) == set()


def test_every_state_can_be_reached_and_left_or_is_final() -> None:
    for kind in Kind:
        reached = {TABLE.first(kind)}
        for _ in TABLE.states(kind):
            reached |= {step.next for step in TABLE.steps if step.kind is kind and step.state in reached}
        assert reached == set(TABLE.states(kind)), kind
        left = {step.state for step in TABLE.steps if step.kind is kind}
        assert {s for s in TABLE.states(kind) if s not in left} == {
            s for s in TABLE.states(kind) if TABLE.name(kind, s).final
        }


def test_step_of_the_program_is_taken_by_nobody_else() -> None:
    with pytest.raises(GoedeBuurError, match="case-not-allowed"):
        TABLE.require(FINDING, "publishing", "recorded", GIVEN, writer=False)
    assert TABLE.follow(FINDING, "publishing", "recorded").next == "published"
    with pytest.raises(GoedeBuurError, match="case-not-allowed"):
        TABLE.follow(FINDING, "answered", "publish")


SUBMIT = "finding.draft.submit,finding,draft,submit,permit_writer|specialist,in_review"


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("in_review", "nowhere", "next"),
        ("permit_writer|specialist", "public", "roles"),
        ("finding,draft", "finding,ended", "state"),
        ("finding.draft.submit", "finding.draft.other", "id"),
    ],
)
def test_table_that_cannot_be_is_refused_with_its_column(old: str, new: str, column: str) -> None:
    data = reading.shipped("case_states").decode()
    assert SUBMIT in data
    assert old in SUBMIT
    data = data.replace(SUBMIT, SUBMIT.replace(old, new))
    with pytest.raises(GoedeBuurError, match=f"column {column}"):
        casework.parse_states(data.encode(), reading.shipped("case_state_names"))
