"""The translations: complete, compiled from what is written, and with the same places to fill in."""

from __future__ import annotations

import ast
import gettext
import io
import re

import pytest
from django.utils.translation.template import templatize
from tools.messages import LOCALE, Entry, compiled, main, read

from goedebuur.core.base.flags import REASONS
from goedebuur.web.words import FLAG_WORDS

SRC = LOCALE.parents[1]
SOURCES = sorted(LOCALE.rglob("*.po"))
ENTRIES = [entry for source in SOURCES for entry in read(source.read_text("utf-8")) if entry.msgid]
EXAMPLE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

#, python-format
msgid "%(n)d day"
msgid_plural "%(n)d days"
msgstr[0] "%(n)d dag"
msgstr[1] "%(n)d dagen"

msgctxt "wind"
msgid "calm"
msgstr "wind"
"stil"

#, fuzzy
msgid "guess"
msgstr "gok"

#~ msgid "gone"
#~ msgstr "weg"
"""


@pytest.fixture
def example() -> gettext.GNUTranslations:
    return gettext.GNUTranslations(io.BytesIO(compiled(read(EXAMPLE))))


def test_plural_is_found_by_its_number(example: gettext.GNUTranslations) -> None:
    assert [example.ngettext("%(n)d day", "%(n)d days", n) % {"n": n} for n in (1, 2)] == ["1 dag", "2 dagen"]


def test_sentence_over_two_lines_is_one(example: gettext.GNUTranslations) -> None:
    assert example.pgettext("wind", "calm") == "windstil"


def test_guess_is_not_used(example: gettext.GNUTranslations) -> None:
    assert example.gettext("guess") == "guess"


def test_sentence_that_is_gone_is_not_compiled(example: gettext.GNUTranslations) -> None:
    assert example.gettext("gone") == "gone"


def test_compiled_translations_are_those_that_are_written() -> None:
    assert SOURCES
    assert main(["--check"]) == 0


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.msgid[:40])
def test_sentence_is_translated_with_the_same_places(entry: Entry) -> None:
    assert entry.translated
    places = set(re.findall(r"%\(\w+\)[sd]", entry.msgid + entry.plural))
    for translation in entry.translations.values():
        assert set(re.findall(r"%\(\w+\)[sd]", translation)) <= places
    assert places == {p for t in entry.translations.values() for p in re.findall(r"%\(\w+\)[sd]", t)}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.msgid[:40])
def test_no_sentence_says_that_air_is_harmless(entry: Entry) -> None:
    words = " ".join([entry.msgid, *entry.translations.values()]).lower()
    assert not re.search(r"\b(safe\w*|veilig\w*|harmless|onschadelijk\w*)\b", words)


def spoken() -> set[str]:
    """Return every sentence that the pages say: calls in Python, tags in templates."""
    found = set()
    for source in [*SRC.rglob("*.py"), *SRC.rglob("*.html")]:
        if "static" in source.parts:
            continue
        text = source.read_text("utf-8")
        if source.suffix == ".html":
            calls = re.findall(r"n?gettext\((u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))", templatize(text))
            found |= {ast.literal_eval(call) for call in calls}
        else:
            found |= {
                node.args[0].value
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("_", "gettext", "ngettext", "gettext_noop")
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
            }
    return found


def test_every_sentence_of_the_source_is_in_the_catalogue_and_no_other() -> None:
    assert spoken() == {entry.msgid for entry in ENTRIES}


def test_reasons_of_the_flags_are_all_said_in_the_pages() -> None:
    assert sorted(FLAG_WORDS) == sorted(REASONS.values())
