"""The chain of events: any edit, gap, or cut at the end shows, with its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework import history, identifiers
from goedebuur.core.casework.history import Event

CASE = "7f1c2d3e-0000-4000-8000-000000000001"
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def chain(count: int) -> list[Event]:
    events, previous = [], history.genesis(CASE)
    for number in range(1, count + 1):
        fields = (CASE, number, AT, 1, "edit", "draft", "draft", {"text": f"versie {number}"}, previous)
        events.append(Event(*fields, digest=history.digest(*fields)))
        previous = events[-1].digest
    return events


def test_chain_that_was_not_touched_holds() -> None:
    events = chain(3)
    assert history.broken(CASE, events, 3, events[-1].digest) is None
    assert history.broken(CASE, [], 0, history.genesis(CASE)) is None


@pytest.mark.parametrize(
    "change", [{"body": {"text": "anders"}}, {"actor": 2}, {"after": "in_review"}, {"at": AT.replace(hour=10)}]
)
def test_edited_event_is_named(change: dict[str, object]) -> None:
    events = chain(3)
    events[1] = replace(events[1], **change)  # type: ignore[arg-type]
    assert history.broken(CASE, events, 3, events[-1].digest) == 2


def test_edited_event_with_a_new_digest_breaks_the_next() -> None:
    events = chain(3)
    edited = replace(events[1], body={"text": "anders"})
    events[1] = replace(edited, digest=edited.right())
    assert history.broken(CASE, events, 3, events[-1].digest) == 3


def test_event_that_was_removed_shows_in_the_middle_and_at_the_end() -> None:
    events = chain(3)
    head = events[-1].digest
    assert history.broken(CASE, [events[0], events[2]], 3, head) == 2
    assert history.broken(CASE, events[:2], 3, head) == 3


def test_event_of_another_case_breaks_the_chain() -> None:
    events = chain(2)
    assert history.broken("another", events, 2, events[-1].digest) == 1


@pytest.mark.parametrize("rsin", ["002220647", "517439943", "111222333"])
def test_rsin_that_passes_eleven_is_taken(rsin: str) -> None:
    # 002220647 and 517439943 stand in the documentation of the Zaken API; 111222333 is the usual test number
    assert identifiers.require_rsin(rsin) == rsin


@pytest.mark.parametrize("rsin", ["", "002220648", "00222064", "0022206477", "00222064a", "000000000", "٠٠٢٢٢٠٦٤٧"])
def test_other_digits_are_no_rsin(rsin: str) -> None:
    with pytest.raises(GoedeBuurError, match="case-rsin"):
        identifiers.require_rsin(rsin)
