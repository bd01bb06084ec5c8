"""Codes of substances: each row is a fact with its status, and what is not confirmed asks a question."""

from __future__ import annotations

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.sourced import Status
from goedebuur.rules import reading, substance_codes
from goedebuur.rules.substance_codes import AIR, ANNEX_II, EPRTR, NAME, SCHEMES, ZZS


def test_nitrogen_oxides_are_reported_from_100_tonnes_a_year() -> None:
    # Regulation (EC) 166/2006, annex II: number 8, 100 000 kg/year to air
    found = substance_codes.of("nox")
    assert {name: one.code for name, one in found.items()} == {
        EPRTR: "NOX",
        NAME: "Nitrogen oxides (NOX)",
        AIR: "100000",
        ANNEX_II: "8",
    }
    assert found[AIR].status is Status.CONFIRMED


def test_dioxins_are_reported_from_a_tenth_of_a_gram() -> None:
    assert substance_codes.of("dioxins")[AIR].code == "0.0001"


def test_that_a_substance_is_of_very_high_concern_is_not_confirmed_and_asks() -> None:
    rows = [one for one in substance_codes.codes() if one.scheme == ZZS]
    assert {"benzene", "cadmium", "bap"} <= {one.substance for one in rows}
    assert not any(one.status.decides for one in rows)
    assert all(one.question.nl and one.question.en for one in rows)


def test_no_two_substances_have_one_number_or_code() -> None:
    for scheme in (EPRTR, NAME, ANNEX_II):
        codes = [one.code for one in substance_codes.codes() if one.scheme == scheme]
        assert len(set(codes)) == len(codes)
    assert {one.scheme for one in substance_codes.codes()} == set(SCHEMES)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"eprtr:nox,nox", b"eprtr:nox,nix"),
        (b"zzs:benzene,benzene,zzs,cmr", b"zzs:benzene,benzene,zzs,bad"),
        (b"eprtr_air,100000,", b"eprtr_air,veel,"),
    ],
)
def test_row_that_is_wrong_is_refused(old: bytes, new: bytes) -> None:
    table = reading.shipped(substance_codes.TABLE)
    assert old in table
    with pytest.raises(GoedeBuurError) as caught:
        substance_codes.parse(table.replace(old, new, 1))
    assert caught.value.code == "rules-table"
