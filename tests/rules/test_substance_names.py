"""The table of names of substances: its CAS numbers are possible ones, and no name means two substances."""

from __future__ import annotations

from goedebuur.core.base.quantities import QUANTITIES
from goedebuur.core.permits.limits import Substance
from goedebuur.rules.substance_names import names


def test_every_cas_number_has_the_check_digit_of_its_digits() -> None:
    for row in names().rows:
        assert Substance(row.nl, row.cas).cas == row.cas


def test_substances_that_are_measured_have_the_same_cas_number_here() -> None:
    measured = {one.cas for one in QUANTITIES.values() if one.cas}
    assert measured <= {row.cas for row in names().rows} | {"10028-15-6"}  # ozone leaves no stack


def test_identifiers_and_cas_numbers_are_given_once() -> None:
    rows = names().rows
    assert len({row.id for row in rows}) == len(rows)
    numbers = [row.cas for row in rows if row.cas]
    assert len(set(numbers)) == len(numbers)


def test_longest_name_counts() -> None:
    assert [one.named.id for one in names().find("som van cadmium en thallium; kwik; cadmium")] == [
        *("cd_tl", "mercury", "cadmium"),
    ]
