"""Limits of which it is enough to meet one: directive 2010/75/EU annex VI part 8, point 1.1(b), columns A and B."""

from __future__ import annotations

from datetime import date

from tests.core.permits.decisions import decision, limit

from goedebuur.core.permits.precedence import Binding, Outcome
from goedebuur.core.permits.site_limits import site_limits
from goedebuur.core.permits.timeline import consolidate
from goedebuur.rules import emission

HALF_HOUR = {"averaging": "half_hour"}
MOST = {"share": "97", "over": "year"}
ON = date(2026, 6, 1)


def bindings(*conditions: dict[str, object], other: dict[str, object] | None = None) -> dict[str, Binding]:
    permits = [decision("site", "2026-01-01", *conditions, general_rules=[{"rule": "none"}])]
    if other is not None:
        permits.append(decision("ander", "2026-01-01", other))
    (found,) = site_limits(consolidate(permits, ON), emission.book())
    return {one.binding.source: one for one in found.bindings if one.binding is not None}


def test_each_column_names_the_other_as_what_may_be_met_instead() -> None:
    found = bindings(
        limit("a", "30", form={**HALF_HOUR, "alternative": "half-uren"}),
        limit("b", "10", form={**HALF_HOUR, "statistic": MOST, "alternative": "half-uren"}),
    )
    assert {name: one.instead for name, one in found.items()} == {"site/a": ("site/b",), "site/b": ("site/a",)}
    assert all(one.outcome is Outcome.BINDS for one in found.values())


def test_limit_that_must_be_met_names_nothing_instead() -> None:
    found = bindings(limit("a", "30", form=HALF_HOUR), limit("b", "10", form={**HALF_HOUR, "statistic": MOST}))
    assert [one.instead for one in found.values()] == [(), ()]


def test_set_of_the_same_name_in_another_decision_is_another_set() -> None:
    found = bindings(
        limit("a", "30", form={**HALF_HOUR, "alternative": "half-uren"}),
        other=limit("b", "10", form={**HALF_HOUR, "statistic": MOST, "alternative": "half-uren"}),
    )
    assert [one.instead for one in found.values()] == [(), ()]
