"""Legal cases on terms and on who may see what, as rows that a lawyer can read: `terms.csv` and `visibility.csv`.

Of a term: when it began on the Dutch clock, its length and prolongations, whether the Algemene termijnenwet is applied,
between which days it stood still by Woo art. 4.4(3), and its last day with the articles by which that is later than
counted. The days come from the calendar and the text of the law, worked out by hand.
"""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

import pytest

from goedebuur.core.base.amsterdam import AMSTERDAM
from goedebuur.core.casework.roles import NOBODY, Person, Role, Seat
from goedebuur.core.casework.states import Kind
from goedebuur.core.casework.terms import Pause, PauseUntil, ends
from goedebuur.core.casework.visibility import Part, relations, seen
from goedebuur.rules import casework

HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


TERMS, SIGHTS = rows("terms.csv"), rows("visibility.csv")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@pytest.mark.parametrize("row", TERMS, ids=lambda row: row["id"])
def test_term_ends_on_the_day_of_the_law(row: dict[str, str]) -> None:
    lengths = [casework.length(text) for text in row["lengths"].split("|")]
    pauses = []
    if row["asked"]:
        asked, answered = date.fromisoformat(row["asked"]), date.fromisoformat(row["answered"])
        pauses.append(Pause.between(asked, answered, PauseUntil.THROUGH))
    found = ends(local(row["start"]), lengths, casework.holidays(), extended=row["extended"] == "yes", pauses=pauses)
    assert found.day.isoformat() == row["day"], row["why"]
    assert [article.removeprefix("Algemene termijnenwet ") for article in found.articles] == [
        one for one in row["articles"].split("|") if one
    ]
    if row["until"]:
        # the second of two hours that the clock shows twice is not among the cases
        assert found.until == local(row["until"])


READERS = {
    "staff": Person(1, (Seat(Role.SPECIALIST, authority="odnzkg"),)),
    "other_authority": Person(2, (Seat(Role.OFFICER, authority="dcmr"),)),
    "named": Person(3, (Seat(Role.COMPANY, operator="hoogoven-noord"),)),
    "applicant": Person(4, (Seat(Role.COMPANY, operator="vrager"),)),
    "other_company": Person(5, (Seat(Role.COMPANY, operator="raffinaderij"),)),
    "administrator": Person(6, (Seat(Role.ADMINISTRATOR),)),
    "public": NOBODY,
}


@pytest.mark.parametrize("row", SIGHTS, ids=lambda row: row["id"])
def test_reader_sees_what_the_case_says(row: dict[str, str]) -> None:
    held = relations(READERS[row["reader"]], "odnzkg", ["hoogoven-noord"], ["vrager"])
    sees = seen(casework.sights(), Kind(row["kind"]), row["state"], held)
    assert sees == {Part(part) for part in row["sees"].split("|") if part}, row["why"]


def test_there_are_enough_cases() -> None:
    assert len(TERMS) + len(SIGHTS) >= 30
    states = {(row["kind"], row["state"]) for row in SIGHTS}
    assert {state for kind, state in states if kind == "finding"} == set(casework.states().states(Kind.FINDING))


def test_public_sees_nothing_of_a_finding_that_no_leaf_can_hold() -> None:
    # before its decision is in the log, and of every other kind of case always
    in_the_log = {"published", "correction_proposed", "correcting", "withdrawing", "withdrawn"}
    said_to_be_withheld = {"withheld", "reconsidering"}
    held = relations(NOBODY, "odnzkg", ["hoogoven-noord"], [])
    for kind in Kind:
        for state in casework.states().states(kind):
            sees = seen(casework.sights(), kind, state, held)
            if kind is Kind.FINDING and state in in_the_log:
                assert sees
            elif kind is Kind.FINDING and state in said_to_be_withheld:
                assert sees == {Part.DECISION}
            else:
                assert not sees, (kind, state)
