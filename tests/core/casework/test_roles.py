"""Roles go with the body for which they are held, and open nothing for another."""

from __future__ import annotations

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework.roles import GIVEN, NOBODY, OF_AUTHORITY, Person, Role, Seat

ADA = Person(1, (Seat(Role.SPECIALIST, authority="odnzkg"), Seat(Role.OFFICER, authority="odnzkg")))
KEES = Person(2, (Seat(Role.COMPANY, operator="hoogoven-noord"),))


@pytest.mark.parametrize("role", sorted(OF_AUTHORITY))
def test_role_of_an_authority_needs_one_and_no_operator(role: Role) -> None:
    assert Seat(role, authority="odnzkg").body == "odnzkg"
    for wrong in ({}, {"operator": "x"}, {"authority": "odnzkg", "operator": "x"}):
        with pytest.raises(GoedeBuurError, match="people-seat"):
            Seat(role, **wrong)


def test_company_needs_an_operator_and_administrator_neither() -> None:
    assert Seat(Role.COMPANY, operator="x").body == "x"
    assert Seat(Role.ADMINISTRATOR).body == ""
    for role, wrong in (
        (Role.COMPANY, {}),
        (Role.COMPANY, {"authority": "a"}),
        (Role.ADMINISTRATOR, {"operator": "x"}),
    ):
        with pytest.raises(GoedeBuurError, match="people-seat"):
            Seat(role, **wrong)


def test_public_is_no_seat() -> None:
    assert Role.PUBLIC not in GIVEN
    with pytest.raises(GoedeBuurError, match="people-seat"):
        Seat(Role.PUBLIC)


def test_roles_count_for_their_own_body_alone() -> None:
    assert ADA.roles_for("odnzkg") == {Role.SPECIALIST, Role.OFFICER, Role.PUBLIC}
    assert ADA.roles_for("dcmr", ["hoogoven-noord"]) == {Role.PUBLIC}
    assert KEES.roles_for("odnzkg", ["hoogoven-noord"]) == {Role.COMPANY, Role.PUBLIC}
    assert KEES.roles_for("odnzkg", ["raffinaderij"]) == {Role.PUBLIC}
    assert NOBODY.roles_for("odnzkg", ["hoogoven-noord"]) == {Role.PUBLIC}


def test_empty_body_matches_no_seat() -> None:
    assert Person(3, (Seat(Role.ADMINISTRATOR),)).roles_for("", [""]) == {Role.PUBLIC}
    assert ADA.roles_for("") == {Role.PUBLIC}


def test_has_asks_for_the_authority_where_one_is_named() -> None:
    assert ADA.has(Role.OFFICER)
    assert ADA.has(Role.OFFICER, Role.REVIEWER, authority="odnzkg")
    assert not ADA.has(Role.OFFICER, authority="dcmr")
    assert not ADA.has(Role.REVIEWER)
