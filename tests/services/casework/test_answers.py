"""Whose answer stands beside a finding: each operator's own, and never one that whoever decides wrote down."""

from __future__ import annotations

import pytest
from tests.services.casework.people import AUTHORITY, NOW, OPERATOR, Story, make_people

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework.cases import Given
from goedebuur.core.casework.roles import Person
from goedebuur.core.casework.states import Kind
from goedebuur.services import case_lists, casework

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    told = Story(make_people())
    told.begin()
    told.act("writer", "submit")
    told.act("officer", "notify")
    return told


def code(act: object) -> str:
    with pytest.raises(GoedeBuurError) as error:
        act()  # type: ignore[operator]
    return error.value.code


def test_officer_who_writes_the_answer_down_does_not_decide(story: Story) -> None:
    story.act("officer", "answer")
    assert code(lambda: story.act("officer", "publish")) == "case-four-eyes"
    assert code(lambda: story.act("officer", "withhold")) == "case-four-eyes"


def test_officer_decides_on_an_answer_that_the_company_gave(story: Story) -> None:
    story.act("company", "answer")
    assert story.act("officer", "publish").case.state == "publishing"


@pytest.mark.parametrize("who", ["writer", "officer"])
def test_nobody_of_the_authority_replaces_an_answer_of_the_company(story: Story, who: str) -> None:
    story.act("company", "answer", Given(answer="Wij ontkennen."))
    assert code(lambda: story.act(who, "answer", Given(answer="Wij geven toe."))) == "case-their-answer"
    assert casework.view(story.people["officer"], story.uuid, NOW).case.answer == "Wij ontkennen."
    assert story.act("company", "answer", Given(answer="Wij ontkennen nog steeds.")).case.answer.endswith("steeds.")


@pytest.mark.parametrize("who", ["writer", "officer"])
def test_nobody_of_the_authority_is_offered_to_replace_an_answer_of_the_company(story: Story, who: str) -> None:
    story.act("company", "answer")
    seen = casework.view(story.people[who], story.uuid, NOW)
    assert "answer" not in [step.event for step in seen.steps]
    assert [step.event for step in seen.barred] == ["answer"]
    theirs = casework.view(story.people["company"], story.uuid, NOW)
    assert ([step.event for step in theirs.steps], theirs.barred) == (["answer"], ())


def test_answer_of_the_company_leaves_a_writer_no_work(story: Story) -> None:
    story.act("company", "answer")
    assert case_lists.mine(story.people["writer"]).total == 0
    assert case_lists.mine(story.people["officer"]).total == 1


def test_what_was_written_down_for_the_company_can_be_replaced_and_is_offered(story: Story) -> None:
    story.act("writer", "answer")
    seen = casework.view(story.people["writer"], story.uuid, NOW)
    assert ([step.event for step in seen.steps], seen.barred) == (["answer"], ())
    assert case_lists.mine(story.people["writer"]).total == 1


def test_officer_with_a_seat_for_the_company_too_writes_for_the_authority(story: Story) -> None:
    officer, company = story.people["officer"], story.people["company"]
    story.people["both"] = Person(officer.id, (*officer.seats, *company.seats))
    story.act("both", "answer", Given(answer="Wij geven toe."))
    assert code(lambda: story.act("both", "publish")) == "case-four-eyes"
    story.act("company", "answer", Given(answer="Wij ontkennen."))
    assert code(lambda: story.act("both", "answer", Given(answer="Wij geven toe."))) == "case-their-answer"


def test_company_replaces_what_was_written_down_for_it(story: Story) -> None:
    story.act("writer", "answer", Given(answer="Aan de telefoon: een storing."))
    story.act("writer", "answer", Given(answer="Aan de telefoon: een storing in de filters."))
    assert story.act("company", "answer", Given(answer="Er was geen storing.")).case.answer == "Er was geen storing."


def test_text_that_is_sent_again_may_be_answered_for_the_company_again(story: Story) -> None:
    story.act("company", "answer")
    story.act("officer", "revise")
    story.act("writer", "edit")
    story.act("writer", "submit")
    story.act("officer", "notify")
    assert story.act("writer", "answer", Given(answer="Per brief: zie eerder.")).case.state == "answered"


def test_finding_about_two_operators_is_refused_since_they_would_read_each_other() -> None:
    writer = make_people()["writer"]
    given = Given(subject="Stof", text="Stof.")

    def make(*operators: str) -> casework.CaseView:
        return casework.create(writer, Kind.FINDING, AUTHORITY, given, NOW, operators=operators)

    assert code(lambda: make(OPERATOR, "raffinaderij")) == "case-one-operator"
    assert make(OPERATOR, OPERATOR).case.operators == (OPERATOR,)
