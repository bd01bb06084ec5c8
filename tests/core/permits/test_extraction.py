"""What is found in invented permits, counted against what a person marked in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from goedebuur.core.permits import dutch
from goedebuur.core.permits.extraction import extract
from goedebuur.core.permits.pages import Box, How, Line, Page, Word, read
from goedebuur.core.permits.proposals import Confidence, Doubt, Extraction, Proposal, Why
from goedebuur.rules import substance_names

INVENTED = Path(__file__).parent / "invented"
WIDE = 100  # letters in a line of the page


@dataclass
class Marked:
    """One sentence of an invented permit, and what a person says that it holds."""

    text: str
    proposals: list[dict[str, str]] = field(default_factory=list)
    why: str = ""
    nothing: bool = False


def marked(path: Path) -> list[Marked]:
    found: list[Marked] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith("=> "):
            kind, _, rest = line[3:].partition(" ")
            pairs = re.findall(r"(\w+)=(.*?)(?= \w+=|$)", rest)
            found[-1].proposals.append({"kind": kind, **dict(pairs)})
        elif line.startswith("?? "):
            found[-1].why = line[3:]
        elif line == "--":
            found[-1].nothing = True
        else:
            found.append(Marked(line))
    return found


def laid_out(sentences: list[Marked], how: How = How.TEXT) -> list[Page]:
    """Return pages on which the sentences stand as a printer would set them: wrapped lines, tables in columns."""
    pages: list[Page] = []
    lines: list[Line] = []
    top = 0.15
    for sentence in sentences:
        text = sentence.text
        cells = [cell.strip() for cell in text.strip("| ").split("|")] if text.startswith("|") else []
        for words in [None] if cells else wrapped(text.split()):
            lines.append(columns(cells, top) if cells else Line(tuple(set_out(words or [], 0.1, top))))
            top += 0.012
        top += 0.0 if cells else 0.02
        if top > 0.8:
            pages.append(Page(len(pages) + 1, 595, 842, how, tuple(lines)))
            lines, top = [], 0.15
    return [*pages, Page(len(pages) + 1, 595, 842, how, tuple(lines))]


def wrapped(words: list[str]) -> list[list[str]]:
    lines: list[list[str]] = [[]]
    for word in words:
        if sum(len(one) + 1 for one in lines[-1]) + len(word) > WIDE:
            lines.append([])
        lines[-1].append(word)
    return lines


def set_out(words: list[str], left: float, top: float) -> list[Word]:
    found = []
    for word in words:
        wide = 0.008 * len(word)
        found.append(Word(word, Box(left, top, min(1.0, left + wide), top + 0.01)))
        left = min(1.0, left + wide + 0.005)
    return found


def columns(cells: list[str], top: float) -> Line:
    return Line(tuple(word for at, cell in enumerate(cells) for word in set_out(cell.split(), 0.1 + 0.25 * at, top)))


@dataclass
class Count:
    """How many were marked, proposed, and right."""

    expected: int
    proposed: int
    right: int
    wrong: list[str]
    missed: list[str]

    @property
    def recall(self) -> float:
        return self.right / self.expected

    @property
    def precision(self) -> float:
        return self.right / self.proposed


def fits(proposal: Proposal, wanted: dict[str, str]) -> bool:
    """Return whether a proposal has all that was marked; its number is compared as a number, however it is typed."""
    kept = {name: proposal.fields.get(name, "") for name in wanted}
    if "value" in kept and (number := dutch.number(kept["value"])) is not None:
        kept["value"] = number.text
    return kept == wanted


def counted(sentences: list[Marked], found: Extraction) -> Count:
    left = list(found.proposals)
    right, missed = 0, []
    for sentence in sentences:
        for wanted in sentence.proposals:
            hit = next((one for one in left if fits(one, wanted)), None)
            if hit is None:
                missed.append(f"{wanted} in {sentence.text[:60]!r}")
            else:
                left.remove(hit)
                right += 1
    wrong = [f"{dict(one.fields)}" for one in left]
    return Count(sum(len(one.proposals) for one in sentences), len(found.proposals), right, wrong, missed)


def found_in(name: str) -> tuple[list[Marked], Extraction]:
    sentences = marked(INVENTED / name)
    return sentences, extract(read(laid_out(sentences)), substance_names.names())


TUNED = ("tuned-staal.txt", "tuned-verbranding.txt")
HELD = ("held-chemie.txt", "held-raffinaderij.txt")
"""Written before the patterns were tried on them; what they taught was put right afterwards."""
KNOWN = {"B.5.3"}
"""Conditions of which the limit is not found: a discharge of heat in MW. They are in the list of what was not read."""


@pytest.mark.parametrize("name", [*TUNED, *HELD])
def test_every_limit_and_duty_that_a_person_marked_is_proposed_and_nothing_else(name: str) -> None:
    sentences, found = found_in(name)
    count = counted(sentences, found)
    assert [one for one in count.missed if not any(f"{number} " in one for number in KNOWN)] == []
    assert count.wrong == []


@pytest.mark.parametrize("name", [*TUNED, *HELD])
def test_sentence_that_is_no_limit_says_why(name: str) -> None:
    sentences, found = found_in(name)
    for sentence in (one for one in sentences if one.why):
        said = [one.why for one in found.unread if one.sentence.text[:30] in sentence.text]
        assert said == [sentence.why], sentence.text


@pytest.mark.parametrize("name", [*TUNED, *HELD])
def test_every_sentence_is_counted_in_one_place(name: str) -> None:
    _, found = found_in(name)
    used = {id(sentence) for one in found.proposals for sentence in one.sentences}
    assert len(used) + len(found.unread) + found.other == found.sentences


def test_limit_that_is_not_read_is_in_the_list_of_what_was_not_read() -> None:
    _, found = found_in("held-raffinaderij.txt")
    assert [one.why for one in found.unread if one.sentence.number in KNOWN] == [Why.NUMBER]


def only(text: str, how: How = How.TEXT) -> Proposal:
    found = extract(read(laid_out([Marked(text)], how)), substance_names.names())
    (one,) = found.proposals
    return one


def test_proposal_from_a_scan_is_unsure_however_plain_it_reads() -> None:
    text = "1.1 De emissie van ammoniak mag niet meer bedragen dan 5 mg/Nm³ als daggemiddelde."
    assert only(text).confidence is Confidence.CLEAR
    assert only(text, How.OCR).confidence is Confidence.UNSURE
    assert Doubt.SCAN in only(text, How.OCR).doubts


def test_unit_that_ocr_spoiled_is_guessed_and_said() -> None:
    found = only("1.1 De emissie van ammoniak mag niet meer bedragen dan 5 mg/Nm? als daggemiddelde.", How.OCR)
    assert (found.fields["unit"], Doubt.UNIT in found.doubts) == ("mg/Nm³", True)


def test_point_that_may_part_thousands_or_decimals_is_doubtful() -> None:
    found = only("1.1 De emissie van PM10 mag niet meer bedragen dan 1.250 kg per jaar.")
    assert (found.fields["value"], found.doubts) == ("1.250", (Doubt.POINT,))


def test_limit_without_averaging_time_is_not_given_one() -> None:
    found = only("1.1 De emissie van ammoniak mag niet meer bedragen dan 5 mg/Nm³.")
    assert "averaging" not in found.fields
    assert Doubt.AVERAGING in found.doubts


def test_one_number_for_two_substances_asks_whether_it_is_each_or_their_sum() -> None:
    text = "1.1 De emissie van zink en lood mag niet meer bedragen dan 1 mg/Nm³ als daggemiddelde."
    found = extract(read(laid_out([Marked(text)])), substance_names.names())
    assert [(one.fields["substance"], one.doubts) for one in found.proposals] == [
        ("zink", (Doubt.EACH_OR_SUM,)),
        ("lood", (Doubt.EACH_OR_SUM,)),
    ]


def test_stof_is_dust_only_where_it_is_no_other_word() -> None:
    names = substance_names.names()
    assert [one.named.id for one in names.find("De emissie van stof mag niet")] == ["dust"]
    for text in ("een gevaarlijke stof", "de zuurstof", "stofvrij", "per stof", "brandstof"):
        assert names.find(text) == (), text


def test_formula_counts_in_its_own_capitals_only() -> None:
    names = substance_names.names()
    assert [one.named.id for one in names.find("CO, NO en SO₂; CO2")] == ["co", "so2", "co2"]
    assert names.find("co en de so") == ()


def test_running_lines_are_left_out_and_counted() -> None:
    pages = [
        Page(number, 595, 842, How.TEXT, (Line(tuple(set_out(["Besluit", f"{number}"], 0.1, 0.02))),))
        for number in (1, 2, 3)
    ]
    found = extract(read(pages), substance_names.names())
    assert (found.running, found.sentences) == (3, 0)


def test_page_that_was_not_read_is_named_with_its_reason() -> None:
    pages = [Page(1, 595, 842, How.UNREAD, reason="This page is a scan.")]
    assert [one.number for one in extract(read(pages), substance_names.names()).pages_unread] == [1]
    with pytest.raises(ValueError, match="says why"):
        Page(1, 595, 842, How.UNREAD)
