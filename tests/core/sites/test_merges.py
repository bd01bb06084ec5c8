"""Decisions on two sites, and where a merged site leads."""

from __future__ import annotations

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.sites.merges import MergeState, SiteMerge, leads_to


def decided(keep: str, gone: str, state: MergeState = MergeState.MERGED) -> SiteMerge:
    return SiteMerge(keep, gone, state, "reviewer", "zelfde hek", "2026-01-31")


def test_a_decision_on_two_sites_has_one_name_whichever_is_kept() -> None:
    assert decided("a", "b").id == decided("b", "a").id
    assert decided("b", "a").pair == ("a", "b")


def test_only_what_is_merged_leads_elsewhere() -> None:
    assert leads_to([decided("a", "b"), decided("a", "c", MergeState.SPLIT), decided("a", "d", MergeState.APART)]) == {
        "b": "a"
    }


def test_a_merged_site_leads_to_the_end_of_the_chain_and_a_circle_ends() -> None:
    assert leads_to([decided("b", "a"), decided("c", "b")]) == {"a": "c", "b": "c"}
    assert set(leads_to([decided("b", "a"), decided("a", "b")])) == {"a", "b"}


@pytest.mark.parametrize(
    "fields",
    [
        ("a", "a", "reviewer", "r", "2026-01-31"),
        ("a", "b", "", "r", "2026-01-31"),
        ("a", "b", "reviewer", " ", "2026-01-31"),
        ("a", "b", "reviewer", "r", "31-1-2026"),
    ],
)
def test_a_decision_has_two_sites_a_role_a_reason_and_a_day(fields: tuple[str, ...]) -> None:
    keep, gone, role, reason, day = fields
    with pytest.raises(GoedeBuurError) as caught:
        SiteMerge(keep, gone, MergeState.MERGED, role, reason, day)
    assert caught.value.code == "site-malformed"
