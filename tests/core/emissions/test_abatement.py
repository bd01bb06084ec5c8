"""Abatement of an emission point is valid from birth, and comes back from its fields as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from goedebuur.core.base import plain
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.emissions import form
from goedebuur.core.emissions.abatement import Abatement, AbatementKind

ABATEMENT = Abatement("K1-doek", "werk", "Doekfilter", AbatementKind.FABRIC_FILTER, ("K1",), substances=("dust",))


def test_record_comes_back_from_its_fields() -> None:
    assert form.read(Abatement, plain.write(ABATEMENT)) == ABATEMENT


@pytest.mark.parametrize(
    ("change", "field"), [({"emission_points": ()}, "emission_points"), ({"efficiency": "100.1"}, "efficiency")]
)
def test_abatement_that_cannot_be_is_refused(change: dict[str, Any], field: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        replace(ABATEMENT, **change)
    assert caught.value.place == field


def test_what_has_no_first_day_was_in_use_until_its_last() -> None:
    ended = replace(ABATEMENT, valid_to=date(2026, 3, 31))
    assert form.in_use(ended, date(1990, 1, 1))
    assert form.in_use(ended, date(2026, 3, 31))
    assert not form.in_use(ended, date(2026, 4, 1))
