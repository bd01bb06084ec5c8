"""The page and the program say the same of every file: what is proven, what is not, or why it is refused."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.core.proof import cases, verdict_cases, witness_cases
from tests.e2e.home import Home, at_home

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger.cosignatures import Policy
from goedebuur.core.ledger.proofs import PROOF_MALFORMED
from goedebuur.core.proof import checking, sentences, witnesses
from goedebuur.rules import loader

pytestmark = pytest.mark.e2e
CASES = cases.every()
STEPS = {
    "form": {"file"},
    "log": {"signed", "in-log"},
    "leaf": {"in-log", "in-batch"},
    "rows": {"in-batch"},
    "figure": {"figure"},
}
"""Where each kind of fault is found."""
COMPUTED = {
    rule.measure.statistic for _, row in verdict_cases.ROWS for rule in [loader.rule(row["rule"])] if row["reason_code"]
}
"""Statistics of the legal cases."""
HARMLESS = ("log: extra that is never read", "leaf: file that is a text")
"""What a good file may hold besides."""


@pytest.fixture(scope="module")
def home(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with at_home(browser, tmp_path_factory.mktemp("stick")) as found:
        yield found


def said_by_program(data: bytes, policy: Policy | None = None) -> dict[str, object]:
    try:
        report = checking.check(data, policy=policy)
    except GoedeBuurError as error:
        # what could not be read is told in words of the language that reads; the rest is the same to the letter
        found = "" if error.code in (PROOF_MALFORMED, "leaf-unreadable", "leaf-block-unreadable") else error.value
        return {"code": error.code, "message": error.message, "place": error.place, "found": found}
    return {
        kind: [(one.code, sentences.sentence(one, "nl"), sentences.sentence(one, "en")) for one in findings]
        for kind, findings in (("proven", report.proven), ("unproven", report.unproven))
    }


def said_by_page(home: Home, data: bytes) -> dict[str, object]:
    outcome = home.give(data)
    if outcome == "bad":
        said: dict[str, object] = {name: home.fact(name) for name in ("code", "message", "place", "found")}
        if said["code"] in (PROOF_MALFORMED, "leaf-unreadable", "leaf-block-unreadable"):
            said["found"] = ""
        return said
    assert outcome == "good"
    told = {}
    for kind in ("proven", "unproven"):
        dutch = home.sentences(kind)
        home.language()
        english = home.sentences(kind)
        home.language()
        told[kind] = [(code, nl, en) for (code, nl), (_, en) in zip(dutch, english, strict=True)]
    return dict(told)


@pytest.mark.parametrize("name", CASES)
def test_page_and_program_say_the_same_and_find_a_fault_at_its_step(home: Home, name: str) -> None:
    page, program = said_by_page(home, CASES[name]), said_by_program(CASES[name])
    assert page == program
    kind = name.partition(":")[0]
    if kind == "good" or name in HARMLESS:
        assert "proven" in page
    else:
        assert home.step() in STEPS[kind]


@pytest.mark.parametrize("name", witness_cases.CASES)
def test_page_and_program_say_the_same_of_witnesses(home: Home, name: str) -> None:
    case = witness_cases.CASES[name]
    home.witnesses(case.listed, case.quorum)
    page = said_by_page(home, case.data)
    steps = home.step()
    home.witnesses("")
    assert page == said_by_program(case.data, witnesses.policy(witnesses.keys(case.listed), case.quorum))
    assert case.code in str(page)
    assert steps == ("" if "proven" in page else "witnessed" if name != "broken line" else "signed")


@pytest.mark.parametrize("name", witness_cases.UNUSABLE)
def test_page_says_nothing_of_a_file_with_a_list_that_cannot_be_used(home: Home, name: str) -> None:
    home.witnesses(*witness_cases.UNUSABLE[name])
    assert home.give(cases.GOOD) == "unable"
    assert "lijst met getuigen" in (home.page.locator("#status").text_content() or "")
    home.witnesses("")
    assert home.give(cases.GOOD) == "good"


@pytest.fixture(scope="module")
def verdicts() -> dict[str, bytes]:
    return verdict_cases.accepted()


def test_page_and_program_say_the_same_of_verdicts_of_every_kind(home: Home, verdicts: dict[str, bytes]) -> None:
    wrong = {}
    for name, data in verdicts.items():
        page, program = said_by_page(home, data), said_by_program(data)
        if page != program or "proven" not in page:
            wrong[name] = (page, program)
    assert wrong == {}
    assert {name.partition(" ")[0] for name in verdicts} >= {str(one) for one in COMPUTED}


def test_page_and_program_find_the_same_fault_in_a_verdict(home: Home) -> None:
    wrong = {}
    for name, data in verdict_cases.faults().items():
        page, program = said_by_page(home, data), said_by_program(data)
        if page != program or "code" not in page:
            wrong[name] = (page, program)
    assert wrong == {}


@pytest.mark.parametrize("seed", range(4))
def test_page_and_program_say_the_same_of_any_changed_byte(home: Home, seed: int) -> None:
    chance = random.Random(seed)
    base = (cases.GOOD, cases.CORRECTED, cases.MEAN)[seed % 3]
    for _ in range(25):
        data = bytearray(base)
        data[chance.randrange(len(data))] = chance.choice(b'0123456789"{}[],:aA+/=\\ \n\t\x00\xff')
        assert said_by_page(home, bytes(data)) == said_by_program(bytes(data))
