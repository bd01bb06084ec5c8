"""An expectation that breaks one rule is refused for that rule, with the field and what was given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from tests.core.expectations.test_expected import ONE

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.rulebook import CHECKS
from goedebuur.core.expectations import expected
from goedebuur.core.expectations.spans import Span

RULE = {"basis": "rule", "reference": "Besluit 1", "article": "4.2"}
CASES: dict[str, tuple[dict[str, Any], str, str]] = {
    "expectation-id": ({"id": "two words"}, "two words, id", "two words"),
    "expectation-submitter": ({"submitter": "a b"}, f"{ONE.id}, submitter", "a b"),
    "expectation-series": ({"series": ("everything",)}, f"{ONE.id}, series", "('everything',)"),
    "expectation-step": ({"step": 0}, f"{ONE.id}, step", "0"),
    "expectation-basis": ({"basis": "habit"}, f"{ONE.id}, basis", "habit"),
    "expectation-reference": (RULE | {"reference": ""}, f"{ONE.id}, reference", ""),
    "expectation-article": (RULE | {"article": ""}, f"{ONE.id}, article", ""),
    "expectation-valid-from": ({"valid_from": "01-11-2026"}, f"{ONE.id}, valid_from", "01-11-2026"),
    "expectation-valid-to": ({"valid_to": "1999-12-31"}, f"{ONE.id}, valid_to", "1999-12-31"),
    "expectation-same-step": ({"series": ("NL80001.h2s.24h",)}, ONE.id, "NL80001.h2s.24h"),
}


OTHER: dict[str, tuple[Callable[[], object], str, str]] = {
    "expectation-term": (lambda: Span.read("14d", "--term"), "--term", "14d"),
    "expectation-readable": (lambda: expected.read(ONE.body() | {"colour": "green"}), ONE.id, "'colour'"),
}


@pytest.mark.parametrize("check", [*CASES, *OTHER])
def test_refused(check: str) -> None:
    if check in OTHER:
        make, place, value = OTHER[check]
    else:
        fields, place, value = CASES[check]
        make = partial(replace, ONE, **fields)
    with pytest.raises(GoedeBuurError) as raised:
        make()
    error = raised.value
    assert (error.check, error.code) == (check, CHECKS[check].code)
    assert (error.place, error.value) == (place, value)
    assert error.hint
