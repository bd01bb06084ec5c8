"""Map, list and tables say the same of the same outcome, and scripts have no words of their own for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from goedebuur.core.compliance import wording
from goedebuur.web import words

SCRIPTS = Path(words.__file__).parent / "static/web/js"
STEMS = {
    "nl": {
        "above-limit": "overschrijdt",
        "above-guideline": "boven",
        "below": "voldoet aan",
        "unknown": "niet te zeggen",
    },
    "en": {"above-limit": "exceeds", "above-guideline": "above", "below": "meets the", "unknown": "cannot be said"},
}


@pytest.mark.parametrize("language", STEMS)
def test_symbols_of_the_map_use_the_words_of_the_verdicts(language: str) -> None:
    source = Path(wording.__file__).read_text("utf-8")
    for symbol, stem in STEMS[language].items():
        with translation.override(language):
            assert words.symbol(symbol).startswith(stem)
        assert f'"{stem}' in source, "the tables of verdicts say it otherwise"


def test_map_gets_its_words_from_the_list(reader: Client) -> None:
    page = reader.get("/").content.decode()
    for station in reader.get("/api/map/").json()["stations"]:
        assert f'gb-verdict--{station["symbol"]}">{station["words"]}<' in page


@pytest.mark.parametrize("script", sorted(SCRIPTS.glob("*.js")), ids=lambda path: path.name)
def test_scripts_have_no_words_for_outcomes_of_their_own(script: Path) -> None:
    text = script.read_text("utf-8").lower()
    for stem in (
        "overschrijdt",
        "voldoet",
        "niet te zeggen",
        "niet te beoordelen",
        "exceeds",
        "meets the",
        "cannot be said",
    ):
        assert stem not in text
