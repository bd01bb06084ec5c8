"""What a timer does with cases, from the command line."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.cli.test_people import wiring
from tests.services.casework.people import ROADS, Story, make_people

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.store.casework.models import Case, Publication

__all__ = ["wiring"]
pytestmark = pytest.mark.django_db


def test_run_publishes_the_others_and_names_the_version_that_cannot_be_written(
    wiring: Wiring, capsys: pytest.CaptureFixture[str]
) -> None:
    story = Story(make_people())
    names = []
    for _ in range(2):
        story.begin()
        names.append(story.uuid)
        for who, event in ROADS["publishing"]:
            story.act(who, event)
    Publication.objects.filter(case__uuid=names[0]).update(body={"text": "ZEEPAARD"})
    later = replace(wiring, now=lambda: story.now)
    assert run(["cases", "run", "--json"], later) == Exit.REFUSED
    said = capsys.readouterr().out
    told = json.loads(said)
    assert told["published"] == [0]
    assert [(one["case"], one["number"], one["code"]) for one in told["held_up"]] == [
        (names[0], 1, "publication-record")
    ]
    assert run(["cases", "run"], later) == Exit.REFUSED
    said += capsys.readouterr().out
    assert "publication-record" in said
    assert "ZEEPAARD" not in said


def test_verify_tells_which_words_of_a_published_case_are_not_those_under_its_leaf(
    wiring: Wiring, capsys: pytest.CaptureFixture[str]
) -> None:
    story = Story(make_people())
    story.begin()
    for who, event in ROADS["publishing"]:
        story.act(who, event)
    later = replace(wiring, now=lambda: story.now)
    assert run(["cases", "verify"], later) == Exit.OK
    assert run(["cases", "run"], later) == Exit.OK
    assert run(["cases", "verify"], later) == Exit.OK
    Case.objects.update(shown_text="ZEEPAARD")
    capsys.readouterr()
    assert run(["cases", "verify", "--json"], later) == Exit.DAMAGED
    said = capsys.readouterr().out
    assert json.loads(said) == {
        "altered": [],
        "differ": [{"case": "GB-2026-000001", "version": 1, "leaf": 0, "fields": ["text"]}],
    }
    assert "ZEEPAARD" not in said
