"""Cosignatures in a proof are held against the witnesses that the reader brings, and said truthfully."""

from __future__ import annotations

import pytest
from tests.core.proof.witness_cases import CASES, KEYS, UNUSABLE, Brought

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.proof import checking, sentences, witnesses

WITNESSING = ("no-witnesses", "not-witnessed", "witness-missing")


ACCEPTED = [name for name, case in CASES.items() if case.code in ("witnessed", *WITNESSING)]


def checked(case: Brought) -> checking.Report:
    return checking.check(case.data, policy=witnesses.policy(witnesses.keys(case.listed), case.quorum))


@pytest.mark.parametrize("name", ACCEPTED)
def test_witnesses_of_the_reader_are_said_truthfully(name: str) -> None:
    case = CASES[name]
    report = checked(case)
    unproven = [one.code for one in report.unproven if one.code in WITNESSING]
    assert unproven == ([] if case.code == "witnessed" else [case.code])
    proven = "witnessed" in [one.code for one in report.proven]
    assert proven == (case.code in ("witnessed", "witness-missing"))


@pytest.mark.parametrize("name", sorted(set(CASES) - set(ACCEPTED)))
def test_file_with_too_few_or_a_false_cosignature_is_refused(name: str) -> None:
    with pytest.raises(GoedeBuurError, match=CASES[name].code):
        checked(CASES[name])


def test_names_of_who_did_and_who_did_not_are_in_the_sentences() -> None:
    report = checking.check(CASES["two of three"].data, policy=witnesses.policy(KEYS, 2))
    said = {one.code: sentences.sentence(one, "en") for one in (*report.proven, *report.unproven)}
    assert said["witnessed"].endswith("saw the same state: example.org/a, example.org/b.")
    assert said["witness-missing"].endswith("saw the same state too: example.org/c.")


def test_signatures_that_were_not_looked_at_are_counted() -> None:
    [one] = [f for f in checking.check(CASES["nobody named"].data).unproven if f.code == "no-witnesses"]
    assert one.values == {"count": "2"}


@pytest.mark.parametrize("name", UNUSABLE)
def test_list_that_no_reader_can_mean_is_refused(name: str) -> None:
    listed, quorum = UNUSABLE[name]
    with pytest.raises(GoedeBuurError, match="command-witnesses"):
        witnesses.policy(witnesses.keys(listed), quorum)
