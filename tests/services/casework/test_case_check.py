"""What is public of a case is held against its leaf: a change below the program shows, whatever the field."""

from __future__ import annotations

import pytest
from tests.services.casework.people import ROADS, Story

from goedebuur.services import case_check, publishing_findings
from goedebuur.services.record import Record
from goedebuur.store.casework.models import Case, Publication

pytestmark = pytest.mark.django_db


def travel(story: Story, road: str, record: Record) -> None:
    story.begin()
    for who, event in ROADS[road]:
        if who == "wait":
            story.wait(int(event))
        elif who == "record":
            publishing_findings.settle(record, story.now)
        else:
            story.act(who, event)


@pytest.mark.parametrize("road", ROADS)
def test_case_that_went_its_way_by_the_program_is_as_its_leaves_say(story: Story, record: Record, road: str) -> None:
    travel(story, road, record)
    assert case_check.published(record) == []


def test_correction_that_was_recorded_or_rejected_is_as_its_leaves_say(story: Story, record: Record) -> None:
    travel(story, "correcting", record)
    publishing_findings.settle(record, story.now)
    assert case_check.published(record) == []
    story.act("writer", "propose_correction")
    story.act("officer", "reject")
    assert case_check.published(record) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"subject": "Niets aan de hand"}, "subject"),
        ({"text": "Er was niets."}, "text"),
        ({"shown_subject": "Niets aan de hand"}, "subject"),
        ({"shown_text": "Er was niets."}, "text"),
        ({"answer": "Wij geven toe."}, "answer"),
        ({"sites": []}, "sites"),
    ],
)
def test_field_of_a_published_case_that_was_changed_below_the_program_shows(
    story: Story, record: Record, changed: dict[str, object], told: str
) -> None:
    travel(story, "published", record)
    Case.objects.update(**changed)
    assert case_check.published(record) == [case_check.Differs("GB-2026-000001", 1, 0, (told,))]


def test_words_of_a_withdrawn_case_are_still_held_against_the_leaf_that_had_them(story: Story, record: Record) -> None:
    travel(story, "withdrawn", record)
    Case.objects.update(shown_text="Er was niets.", versions=7)
    assert case_check.published(record) == [case_check.Differs("GB-2026-000001", 1, 0, ("text",))]


def test_version_that_was_changed_in_its_table_shows(story: Story, record: Record) -> None:
    travel(story, "published", record)
    row = Publication.objects.get()
    Publication.objects.update(body=row.body | {"reasons": "Zomaar."})
    assert case_check.published(record) == [case_check.Differs("GB-2026-000001", 1, 0, ("reasons",))]


def test_version_under_the_leaf_of_another_shows(story: Story, record: Record) -> None:
    travel(story, "published", record)
    travel(story, "published", record)
    Publication.objects.filter(leaf=1).update(leaf=0)
    assert case_check.published(record) == [case_check.Differs("GB-2026-000002", 1, 0, ("leaf",))]
