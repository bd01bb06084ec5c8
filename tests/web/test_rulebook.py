"""The page of the rule book has every rule, finds words in it, and answers without a record."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from tests.web.conftest import reading

from goedebuur.services import rulebook


@pytest.fixture
def client(tmp_path: Path):  # type: ignore[no-untyped-def]
    with reading(tmp_path) as found:
        yield found


def test_page_has_every_rule_with_what_follows(client: Client) -> None:
    page = client.get("/regelboek/").content.decode()
    for check in rulebook.every():
        assert f'id="{check.id}"' in page, check.id
    assert f"Er zijn {rulebook.count().total} regels." in page
    assert "Elk uur staat er één keer in." in page


def test_search_finds_rules_with_all_words_and_says_how_many(client: Client) -> None:
    page = client.get("/regelboek/?q=UUR+keer").content.decode()
    assert 'id="rivm-hour-twice"' in page
    assert 'id="payload-size"' not in page
    found = sum(f'id="{check.id}"' in page for check in rulebook.every())
    assert f"{found} regels getoond." in page
    assert "Geen regel heeft al deze woorden." in client.get("/regelboek/?q=zonnebloem").content.decode()


def test_severity_chooses_and_one_that_does_not_exist_is_told(client: Client) -> None:
    page = client.get("/regelboek/?severity=flag").content.decode()
    flags = {check.id for check in rulebook.every() if check.severity == "flag"}
    assert {check.id for check in rulebook.every() if f'id="{check.id}"' in page} == flags
    assert client.get("/regelboek/?severity=ban").status_code == 400


def test_what_is_typed_is_shown_as_text(client: Client) -> None:
    assert b"<script>alert" not in client.get("/regelboek/?q=<script>alert(1)</script>").content


def test_page_in_english_has_english_rules(client: Client) -> None:
    page = client.get("/en/regelboek/").content.decode()
    assert "Each hour is there once." in page
    assert "Elk uur staat er" not in page


def test_data_has_basis_code_and_test_of_every_rule(client: Client) -> None:
    answer = client.get("/api/rulebook/").json()
    assert [one["id"] for one in answer["checks"]] == [check.id for check in rulebook.every()]
    assert answer["count"] == dict(rulebook.count().checks)
    (one,) = (one for one in answer["checks"] if one["id"] == "value-range")
    assert one["test"] == "tests/rulebook/test_values.py::test_marked[value-range]"
    assert {name: one["rows"][2][name] for name in ("key", "held_to", "reference")} == {
        "key": "no2",
        "held_to": "≤ 500 µg/m³",
        "reference": "EN 14211:2012 clause 1, certification range",
    }
