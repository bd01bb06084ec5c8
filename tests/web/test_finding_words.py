"""What is told of a delivery, in Dutch: every sentence with which the formats of companies refuse one is known."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

import goedebuur
from goedebuur.core.base.rulebook import CHECKS
from goedebuur.core.emissions.checks import catalogue, rules
from goedebuur.services import rulebook
from goedebuur.web import finding_words

SOURCE = Path(goedebuur.__file__).parent
MODULES = (
    "adapters/payloads",
    "adapters/cells",
    "adapters/stack_preamble",
    "adapters/stack_csv",
    "adapters/stack_times",
    "adapters/stack_tables",
    "adapters/visible_emissions",
    "core/base/plain",
    "core/emissions/measuring/form",
    "services/scopes",
    "services/stack_delivery",
)
"""In which what a company delivers is read and refused."""
CELL = "Deliver the file as the supplier published it, or ask the supplier about this cell."
FULL = {
    f"X{CELL}": (CELL, f"A decimal comma is not this format: the file was saved by another program. {CELL}"),
    "The file says that it has a decimal X, and this value has the other.": (
        "The file says that it has a decimal point, and this value has the other.",
        "The file says that it has a decimal comma, and this value has the other.",
    ),
    "Two streams have this X.": ("Two streams have this name.", "Two streams have this series."),
    "A stream has two values at one time; the second is X.": (
        "A stream has two values at one time; the second is the same value.",
        "A stream has two values at one time; the second is another value.",
    ),
}
"""Sentence in which a word of English is put in → as it can stand."""
REFUSING = ("error", "refuse", "fault", "_fault", "_refuse", "no_file", "GoedeBuurError")


def sentences(module: str) -> Iterator[str]:
    """Yield the sentences of a module that go with a refusal, each value in them written as X."""
    for node in ast.walk(ast.parse((SOURCE / f"{module}.py").read_text("utf-8"))):
        if isinstance(node, ast.Call) and _name(node.func) in REFUSING and not _declares(node):
            for given in (*node.args, *(one.value for one in node.keywords if one.arg in ("message", "hint"))):
                for text in _texts(given):
                    if text[:1].isupper() and " " in text and text.endswith((".", "…")):
                        yield text


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _declares(node: ast.Call) -> bool:
    """Return whether a call makes a rule of the book: it has its sentence in two languages."""
    return isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value).endswith("BOOK")


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


@pytest.mark.parametrize("module", MODULES)
def test_every_sentence_of_a_refusal_is_known_in_dutch(module: str) -> None:
    told = [full for text in sentences(module) for full in FULL.get(text, (text,))]
    with override("nl"):
        assert [text for text in told if finding_words.said(text) in (None, text)] == []


def test_values_stay_as_they_are() -> None:
    with override("nl"):
        told = finding_words.said("Known: mg/m³, ppm. A current or a share in ppm is a quantity of its own.")
        place = finding_words.said("lines 121 and 122")
        value = finding_words.value("9999943665 with 0 decimals, in m³/h")
        first = finding_words.said("first: series K1.stack_nox.1min at 2026-01-31T23:00:00Z")
    assert told == "Bekend: mg/m³, ppm. Een stroomsterkte of een aandeel in ppm is een eigen grootheid."
    assert value == "9999943665 met 0 decimalen, in m³/h"
    assert place == "regels 121 en 122"
    assert first == "eerste: reeks K1.stack_nox.1min op 2026-01-31T23:00:00Z"


def test_sentence_without_a_form_is_not_known_and_english_stays_as_it_is() -> None:
    with override("nl"):
        assert finding_words.said("Something that nobody wrote down.") is None
    with override("en"):
        assert finding_words.said("Something that nobody wrote down.") == "Something that nobody wrote down."


def test_what_is_found_in_raw_signals_is_said_in_dutch_with_its_numbers() -> None:
    text = (
        "nox, co from 2026-01-01T00:00:00Z to 2026-01-01T02:00:00Z: The measurement stands still at 20 for 60 minutes."
    )
    with override("nl"):
        told = finding_words.said(text, rules.STUCK.id)
    assert told == ("nox, co van 2026-01-01T00:00:00Z tot 2026-01-01T02:00:00Z: De meting staat 60 minuten stil op 20.")


@pytest.mark.parametrize("name", sorted(catalogue.CHECKS))
def test_every_check_of_raw_signals_is_known_in_dutch(name: str) -> None:
    check = catalogue.CHECKS[name]
    values = dict.fromkeys(finding_words.places(check.sentence.en), "7")
    text = f"nox from 2026-01-01T00:00:00Z to 2026-01-01T02:00:00Z: {check.sentence.en.format_map(values)}"
    with override("nl"):
        told = finding_words.said(text, check.rule.id)
    assert told is not None
    assert told.endswith(check.sentence.nl.format_map(values))


def test_mark_is_said_as_the_rule_says_it() -> None:
    rulebook.every()
    check = CHECKS["value-after-gap"]
    with override("nl"):
        assert finding_words.said(check.said.en, check.id) == check.said.nl
