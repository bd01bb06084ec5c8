"""A case on its way: steps, four eyes, terms, what each reader sees, and two people at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from tests.services.casework.people import AUTHORITY, NOW, OPERATOR, ROADS, Story

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework.cases import Given
from goedebuur.core.casework.roles import NOBODY, Person
from goedebuur.core.casework.states import Kind
from goedebuur.core.casework.terms import Length, Unit
from goedebuur.core.casework.visibility import Part
from goedebuur.rules import casework as rules
from goedebuur.services import case_check, case_lists, casework, publishing_findings
from goedebuur.services.record import Record
from goedebuur.store.casework import messages
from goedebuur.store.casework.models import Case, CaseEvent, Message


def travel(story: Story, state: str, record: Record | None = None) -> None:
    story.begin()
    for who, event in ROADS[state]:
        if who == "wait":
            story.wait(int(event))
        elif who == "record":
            assert record is not None
            publishing_findings.settle(record, story.now)
        else:
            story.act(who, event)


def test_roads_of_the_tests_lead_to_every_state() -> None:
    assert set(ROADS) == set(rules.states().states(Kind.FINDING))


@pytest.mark.parametrize("state", ROADS)
def test_finding_reaches_its_state_with_a_history_that_holds(story: Story, record: Record, state: str) -> None:
    travel(story, state, record)
    view = casework.view(story.people["officer"], story.uuid, story.now)
    assert view.case.state == state
    assert len(view.history) == view.revision
    assert case_check.histories() == []


def test_numbers_follow_each_other_and_begin_again_each_year(story: Story) -> None:
    numbers = [story.begin().case.number, story.begin().case.number]
    story.wait(365)
    assert [*numbers, story.begin().case.number] == ["GB-2026-000001", "GB-2026-000002", "GB-2027-000001"]


def test_hearing_lasts_four_weeks_and_ends_on_a_working_day(story: Story) -> None:
    travel(story, "hearing")
    term = casework.view(story.people["officer"], story.uuid, story.now).case.term
    assert term is not None
    assert (term.ending.day, term.row) == (date(2026, 11, 30), "finding.answer")
    assert casework.days_left(casework.view(story.people["company"], story.uuid, story.now).case, story.now) == 28


def test_shorter_hearing_needs_a_reason_that_the_company_reads(story: Story) -> None:
    travel(story, "in_review")
    short = Given(length=Length(3, Unit.DAYS))
    with pytest.raises(GoedeBuurError, match="case-term"):
        story.act("officer", "notify", short)
    view = story.act("officer", "notify", replace(short, reason="Er komt benzeen vrij."))
    assert view.case.term is not None
    assert view.case.term.ending.day == date(2026, 11, 5)
    seen = casework.view(story.people["company"], story.uuid, story.now).case.term
    assert seen is not None
    assert seen.reason == "Er komt benzeen vrij."


def test_term_cannot_be_said_to_have_passed_before_the_end_of_its_last_day(story: Story) -> None:
    travel(story, "hearing")
    story.wait(28)
    with pytest.raises(GoedeBuurError, match="case-term-runs"):
        story.act("officer", "pass")
    story.wait(1)
    assert story.act("officer", "pass").case.state == "unanswered"


def test_late_answer_is_still_taken(story: Story) -> None:
    travel(story, "unanswered")
    assert story.act("company", "answer").case.state == "answered"


def test_term_is_prolonged_once_and_no_longer_than_its_row(story: Story) -> None:
    travel(story, "hearing")
    with pytest.raises(GoedeBuurError, match="case-incomplete"):
        story.act("officer", "extend", Given(reason="x", extension=Length(5, Unit.WEEKS)))
    view = story.act("officer", "extend", Given(reason="Op verzoek.", extension=Length(2, Unit.WEEKS)))
    assert view.case.term is not None
    assert view.case.term.ending.day == date(2026, 12, 14)
    with pytest.raises(GoedeBuurError, match="case-incomplete"):
        story.act("officer", "extend", Given(reason="Nog eens.", extension=Length(1, Unit.WEEKS)))


def test_whoever_wrote_a_word_cannot_review_notify_or_decide(story: Story) -> None:
    # the officer wrote a correction once: from then on others decide
    story.begin()
    writer = story.people["writer"]
    both = Person(writer.id, (*writer.seats, *story.people["officer"].seats))
    view = casework.act(both, story.uuid, "submit", Given(), 1, story.now)
    assert {step.event for step in view.steps} == {"drop"}
    with pytest.raises(GoedeBuurError, match="case-four-eyes"):
        casework.act(both, story.uuid, "notify", Given(), view.revision, story.now)


def test_officer_who_wrote_a_correction_cannot_decide_on_it(story: Story, record: Record) -> None:
    travel(story, "published", record)
    story.act("officer", "propose_correction")
    with pytest.raises(GoedeBuurError, match="case-four-eyes"):
        story.act("officer", "correct")
    assert story.act("second_officer", "correct").case.state == "correcting"


def test_step_of_another_state_or_role_is_refused_and_nothing_is_saved(story: Story) -> None:
    travel(story, "hearing")
    before = CaseEvent.objects.count()
    for who, event in [("writer", "publish"), ("officer", "publish"), ("company", "end"), ("reviewer", "extend")]:
        with pytest.raises(GoedeBuurError, match="case-not-allowed"):
            story.act(who, event)
    assert CaseEvent.objects.count() == before


def test_second_of_two_people_is_told_and_sees_what_changed(story: Story) -> None:
    travel(story, "in_review")
    first, second = story.people["officer"], story.people["second_officer"]
    seen = casework.view(second, story.uuid, story.now).revision
    casework.act(first, story.uuid, "return", Given(reason="De datum klopt niet."), seen, story.now)
    with pytest.raises(GoedeBuurError, match="case-changed"):
        casework.act(second, story.uuid, "notify", Given(), seen, story.now)
    (change,) = casework.changes_since(second, story.uuid, seen, story.now)
    assert (change.name, change.actor, change.body["reason"]) == ("return", first.id, "De datum klopt niet.")
    assert casework.view(second, story.uuid, story.now).case.state == "draft"


def test_step_that_fails_half_way_saves_nothing(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    travel(story, "in_review")
    events, mails = CaseEvent.objects.count(), Message.objects.count()
    monkeypatch.setattr(messages, "queue", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        story.act("officer", "notify")
    assert (CaseEvent.objects.count(), Message.objects.count()) == (events, mails)
    assert Case.objects.get().state == "in_review"


@pytest.mark.parametrize("who", ["other_company", "other_authority", "administrator"])
@pytest.mark.parametrize("state", ROADS)
def test_stranger_gets_the_same_answer_as_for_a_case_that_is_not_there(
    story: Story, record: Record, state: str, who: str
) -> None:
    travel(story, state, record)
    person = story.people[who]
    answers = []
    for name in (story.uuid, "00000000-0000-4000-8000-000000000000", "GB-2026-000001", "GB-2026-999999", "x", ""):
        with pytest.raises(GoedeBuurError) as caught:
            casework.view(person, name, story.now)
        answers.append(caught.value.as_dict())
        with pytest.raises(GoedeBuurError, match="case-unknown"):
            casework.act(person, name, "answer", Given(answer="x"), 1, story.now)
    assert all(answer == answers[0] for answer in answers)
    assert case_lists.listing(person).total == 0


@pytest.mark.parametrize("state", ["draft", "in_review", "dropped"])
def test_company_knows_nothing_before_the_hearing(story: Story, state: str) -> None:
    travel(story, state)
    with pytest.raises(GoedeBuurError, match="case-unknown"):
        casework.view(story.people["company"], story.uuid, story.now)
    assert case_lists.listing(story.people["company"], text="stof").total == 0


def test_company_reads_the_text_that_it_was_given_and_nothing_internal(story: Story) -> None:
    travel(story, "redrafting")
    story.act("writer", "edit", Given(subject="Nieuw", text="GEHEIM concept"))
    view = casework.view(story.people["company"], story.uuid, story.now)
    assert Part.INTERNAL not in view.parts
    assert (view.history, view.parties, view.tasks) == ((), (), ())
    assert "GEHEIM" not in repr(view)
    assert "3 oktober" in view.case.text
    assert case_lists.listing(story.people["company"], text="GEHEIM").total == 0
    assert case_lists.listing(story.people["company"], text="oktober").total == 1


def test_nobody_lists_nothing(story: Story) -> None:
    story.begin()
    assert case_lists.listing(NOBODY).total == 0
    with pytest.raises(GoedeBuurError, match="case-unknown"):
        casework.view(NOBODY, story.uuid, story.now)


def test_text_that_is_sent_again_is_answered_again(story: Story) -> None:
    travel(story, "rereview")
    view = story.act("officer", "notify")
    assert (view.case.state, view.case.answer) == ("hearing", "")
    texts = [event.body.get("answer", "") for event in view.history]
    assert any("storing" in text for text in texts)


def test_emissions_are_not_withheld_on_a_ground_that_does_not_hold_for_them(story: Story) -> None:
    story.begin()
    story.act("writer", "edit", replace(story.given("edit"), emissions=True))
    for who, event in ROADS["answered"]:
        story.act(who, event)
    with pytest.raises(GoedeBuurError, match="case-emissions"):
        story.act("officer", "withhold")


def test_ground_that_is_none_or_that_nobody_read_is_refused(story: Story) -> None:
    travel(story, "answered")
    with pytest.raises(GoedeBuurError, match="closing-unknown"):
        story.act("officer", "withhold", replace(story.given("withhold"), ground="omdat het kan"))
    unread = replace(story.given("withhold"), ground="unannounced-control", ground_holds=False)
    with pytest.raises(GoedeBuurError, match="closing-undecided"):
        story.act("officer", "withhold", unread)


def test_day_in_the_past_is_refused(story: Story) -> None:
    travel(story, "answered")
    with pytest.raises(GoedeBuurError, match="case-day"):
        story.act("officer", "publish", replace(story.given("publish"), publish_on=date(2026, 11, 1)))


def test_finding_without_an_operator_or_subject_cannot_begin(story: Story) -> None:
    writer = story.people["writer"]
    with pytest.raises(GoedeBuurError, match="operators"):
        casework.create(writer, Kind.FINDING, AUTHORITY, Given(subject="x"), NOW)
    with pytest.raises(GoedeBuurError, match="subject"):
        casework.create(writer, Kind.FINDING, AUTHORITY, Given(subject=" "), NOW, operators=[OPERATOR])
    for person in (story.people["reviewer"], story.people["company"], NOBODY):
        with pytest.raises(GoedeBuurError, match="case-unknown"):
            casework.create(person, Kind.FINDING, AUTHORITY, Given(subject="x"), NOW, operators=[OPERATOR])


def test_woo_request_stands_still_while_the_view_of_others_is_asked(story: Story) -> None:
    made = casework.create(
        story.people["writer"], Kind.REQUEST, AUTHORITY, Given(subject="Woo"), NOW, applicants=[OPERATOR], request="woo"
    )
    story.uuid = made.case.uuid
    assert made.case.term is not None
    assert made.case.term.ending.day == date(2026, 11, 30)
    story.act("writer", "take_up")
    story.wait(7)
    story.act("writer", "ask")
    story.wait(7)
    view = story.act("writer", "resume")
    assert view.case.term is not None
    # Monday 9 to Monday 16 November: the seven days from the 10th to the 16th
    assert view.case.term.ending.day == date(2026, 12, 7)
    seen = casework.view(story.people["company"], story.uuid, story.now)
    assert seen.parts == {Part.EXISTENCE, Part.MESSAGES}
    assert (seen.case.subject, seen.case.text) == ("", "")


def test_names_of_people_stand_with_the_parties_and_can_be_taken_away(story: Story) -> None:
    story.begin()
    officer = story.people["officer"]
    casework.add_party(officer, story.uuid, "adviser", party="Jan Jansen", email="jan@example.org")
    (operator, jan) = casework.view(officer, story.uuid, NOW).parties
    assert (operator.operator, jan.name) == (OPERATOR, "Jan Jansen")
    casework.remove_party(officer, story.uuid, jan.id)
    casework.remove_party(officer, story.uuid, operator.id)
    assert [one.operator for one in casework.view(officer, story.uuid, NOW).parties] == [OPERATOR]
    assert "Jansen" not in repr(casework.view(officer, story.uuid, NOW).history)
    with pytest.raises(GoedeBuurError, match="case-unknown"):
        casework.add_party(story.people["company"], story.uuid, "other", party="x")


def test_task_is_given_to_a_colleague_alone_and_finished(story: Story) -> None:
    story.begin()
    officer = story.people["officer"]
    with pytest.raises(GoedeBuurError, match="people-unknown"):
        casework.add_task(officer, story.uuid, "Meten", "company@example.org", None, NOW)
    casework.add_task(officer, story.uuid, "Meten", "Writer@example.org", date(2026, 11, 9), NOW)
    (task,) = casework.view(officer, story.uuid, NOW).tasks
    casework.finish_task(officer, story.uuid, task.id, NOW)
    assert casework.view(officer, story.uuid, NOW).tasks[0].done == NOW


def test_edit_below_the_database_shows(story: Story) -> None:
    travel(story, "in_review")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER casework_no_update")
        cursor.execute('UPDATE casework_caseevent SET body = \'{"text": "anders"}\' WHERE number = 1')
    assert case_check.histories() == [("GB-2026-000001", 1)]


def test_state_that_was_set_below_the_program_shows(story: Story) -> None:
    travel(story, "in_review")
    assert case_check.histories() == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casework_case SET state = 'answered'")
    assert case_check.histories() == [("GB-2026-000001", 2)]


def test_mail_says_that_something_is_there_and_never_what(story: Story) -> None:
    story.marker = "ZEEPAARD"
    travel(story, "publishing")
    mails = list(Message.objects.all())
    assert {one.recipient for one in mails if one.audience == "operator"} == {"company@example.org"}
    assert {one.recipient for one in mails if one.audience == "internal"} == {
        *("officer@example.org", "second_officer@example.org", "reviewer@example.org"),
    }
    assert all("ZEEPAARD" not in one.subject + one.body for one in mails)
    assert any("tot en met 30-11-2026" in one.body for one in mails)


def test_tasks_of_a_person_are_the_cases_in_which_something_can_be_done(story: Story) -> None:
    travel(story, "in_review")
    assert [one.case.uuid for one in case_lists.mine(story.people["officer"]).rows] == [story.uuid]
    assert case_lists.mine(story.people["writer"]).total == 0
    assert case_lists.mine(story.people["company"]).total == 0


@pytest.mark.parametrize(
    ("road", "day", "said"),
    [
        # sent on 2 November 2026 with four weeks; the company answers that day, or the officer sees after 30 days
        ("answered", date(2026, 11, 2), "Het bedrijf antwoordde."),
        ("publishing", date(2026, 11, 2), "Het bedrijf antwoordde."),
        ("unanswered", date(2026, 12, 2), "De termijn ging voorbij zonder antwoord."),
        ("ended", date(2026, 11, 2), "Zonder gevolg beëindigen"),
    ],
)
def test_term_to_answer_is_closed_by_what_ended_the_hearing(story: Story, road: str, day: date, said: str) -> None:
    travel(story, road)
    for who in ("officer", "company"):
        seen = casework.view(story.people[who], story.uuid, story.now)
        assert casework.days_left(seen.case, story.now) is None
        assert seen.closed is not None
        assert (seen.closed.on, seen.closed.by.nl) == (day, said)


def test_term_that_begins_anew_is_not_closed(story: Story) -> None:
    travel(story, "rereview")
    assert casework.view(story.people["officer"], story.uuid, story.now).closed is not None
    story.wait(10)
    seen = story.act("officer", "notify")
    assert (seen.closed, casework.days_left(seen.case, story.now)) == (None, 28)


def test_term_of_a_request_stands_still_while_it_waits_and_is_closed_by_the_decision(story: Story) -> None:
    made = casework.create(
        story.people["permits"],
        Kind.REQUEST,
        AUTHORITY,
        story.given("begin"),
        NOW,
        applicants=[OPERATOR],
        request="woo",
    )
    story.uuid = made.case.uuid
    assert made.closed is None
    road = (("permits", "take_up"), ("permits", "ask"), ("permits", "resume"), ("permits", "submit"))
    for who, event in road:
        assert story.act(who, event).closed is None
    story.wait(3)
    decided = story.act("officer", "decide")
    assert decided.closed is not None
    assert decided.closed.on == date(2026, 11, 5)


def test_case_with_a_closed_term_does_not_come_before_one_with_a_term_that_runs(story: Story) -> None:
    travel(story, "publishing")
    first = story.uuid
    story.wait(40)
    travel(story, "hearing")
    assert [one.case.uuid for one in case_lists.mine(story.people["officer"]).rows] == [story.uuid, first]
