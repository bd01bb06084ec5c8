"""One Dutch word for one thing: the words that the glossary puts aside are said nowhere to a reader."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools.messages import LOCALE, read

from goedebuur.core.base.quantities import QUANTITIES

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "goedebuur"
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
FOLDERS = ("bewoners", "toezicht", "beheer")


def put_aside() -> list[str]:
    """Return the words of the first column of the last table of the glossary."""
    table = GLOSSARY.partition("## Nederlandse woorden die we niet gebruiken")[2]
    cells = [line.split("|")[1] for line in table.splitlines() if re.match(r"\| (?!niet )[a-z]", line)]
    return [word.strip() for cell in cells for word in cell.split(",")]


def said() -> Iterator[tuple[str, str]]:
    """Yield every Dutch text for readers, without code, and where it stands."""
    for folder in FOLDERS:
        for page in sorted((ROOT / "docs" / folder).glob("*.md")):
            text = re.sub(r"```.*?```|`[^`\n]*`|\]\([^)]*\)", " ", page.read_text("utf-8"), flags=re.DOTALL)
            yield from ((f"{page.name}:{number}", line) for number, line in enumerate(text.splitlines(), 1))
    for entry in read((LOCALE / "nl" / "LC_MESSAGES" / "django.po").read_text("utf-8")):
        yield from ((f"django.po, {entry.msgid[:40]}", re.sub(r"`[^`]*`", " ", t)) for t in entry.translations.values())
    for module in sorted((SRC / "core" / "compliance").glob("*.py")):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text" and node.args:
                dutch = [n.value for n in ast.walk(node.args[0]) if isinstance(n, ast.Constant)]
                yield f"{module.name}:{node.lineno}", " ".join(map(str, dutch))
    for table in sorted((SRC / "rules" / "tables").glob("*.csv")):
        with table.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                yield from ((f"{table.name}, {name}", text) for name, text in row.items() if name.endswith("_nl"))
    words = (SRC / "web" / "static" / "web" / "js" / "words.js").read_text("utf-8")
    yield "words.js", words.partition("nl:")[2].partition("en:")[0]


def test_words_put_aside_are_read_from_the_glossary() -> None:
    assert {"stuk", "dossier", "meetpunt", "publieke sleutel"} <= set(put_aside())


def test_texts_of_every_kind_are_read() -> None:
    places = " ".join(place for place, _ in said())
    for kind in ("opdrachten.md", "django.po", "wording.py", "assessment_rules.csv", "words.js"):
        assert kind in places


@pytest.mark.parametrize("word", put_aside())
def test_word_put_aside_is_said_nowhere(word: str) -> None:
    found = [f"{place}: {text.strip()}" for place, text in said() if re.search(rf"(?i)\b{word}\b", text)]
    assert found == []


@pytest.mark.parametrize("form", ["MET", "PM2,5", "PM₂"])
def test_clock_and_substance_are_written_in_one_form(form: str) -> None:
    texts = [*said(), *((f"quantities, {one.id}", f"{one.symbol} {one.name_nl}") for one in QUANTITIES.values())]
    assert [f"{place}: {text.strip()}" for place, text in texts if re.search(rf"\b{form}", text)] == []


def test_pages_explain_which_clock_cet_is() -> None:
    texts = [text for place, text in said() if place.startswith("django.po")]
    assert [text for text in texts if re.search(r"\bCET\b(?! \(wintertijd\))", text)] == []


def test_every_term_has_a_dutch_meaning() -> None:
    rows = [line.split("|") for line in GLOSSARY.partition("## Words not used")[0].splitlines() if line[:2] == "| "]
    assert [row[1].strip() for row in rows if not row[2].strip()] == []
