"""Roles from the command line."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli.test_on_a_record import open_record

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.services.settings import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    return Wiring(
        settings=lambda: Settings(home=tmp_path / "home"),
        now=lambda: datetime(2026, 1, 1, tzinfo=UTC),
        open_record=open_record,
        serve=lambda settings, site, say: None,
        manage=lambda settings, arguments: None,
        http=lambda: nullcontext(),  # type: ignore[arg-type,return-value]
    )


def test_account_and_role_are_given_listed_and_ended(wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["people", "add", "ada@example.org", "--password", "a long enough password"], wiring) == 0
    assert run(["people", "give", "ada@example.org", "officer", "--authority", "odnzkg"], wiring) == 0
    assert "knows no authority or agency 'odnzkg'" in capsys.readouterr().err
    assert run(["people", "list", "--json"], wiring) == 0
    (one,) = json.loads(capsys.readouterr().out)["people"]
    assert (one["email"], one["seat"]["role"], one["seat"]["authority"]) == ("ada@example.org", "officer", "odnzkg")
    assert run(["people", "end", "ada@example.org", "officer", "--authority", "odnzkg"], wiring) == 0
    capsys.readouterr()
    run(["people", "list", "--json"], wiring)
    assert json.loads(capsys.readouterr().out)["people"] == []
    run(["people", "list", "--ended", "--json"], wiring)
    assert len(json.loads(capsys.readouterr().out)["people"]) == 1


def test_wrong_body_and_unknown_person_end_with_their_codes(wiring: Wiring) -> None:
    assert run(["people", "give", "ada@example.org", "officer", "--operator", "x"], wiring) == Exit.USAGE
    assert run(["people", "give", "ada@example.org", "officer", "--authority", "odnzkg"], wiring) == Exit.NOT_FOUND
