"""Who works with cases and permits: a person has seats, and each seat is one role for one body.

A role alone opens nothing: a permit writer of one authority is a stranger to the cases of another, and a company sees
what is about its own operators. An administrator gives out seats and sees no case by that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare

BAD_SEAT: Final = declare("people-seat", "A role and the body for which it is held do not go together.")


class Role(StrEnum):
    """What a person does in a case. `PUBLIC` is everyone, signed in or not, and nobody has it as a seat."""

    PERMIT_WRITER = "permit_writer"
    SPECIALIST = "specialist"
    REVIEWER = "reviewer"
    OFFICER = "officer"
    """Decides for the authority on publishing a finding."""
    ADMINISTRATOR = "administrator"
    COMPANY = "company"
    PUBLIC = "public"


OF_AUTHORITY: Final = frozenset({Role.PERMIT_WRITER, Role.SPECIALIST, Role.REVIEWER, Role.OFFICER})
"""Roles that are held for an authority or an agency."""
GIVEN: Final = tuple(role for role in Role if role is not Role.PUBLIC)
"""Roles that can be given to a person."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One role for one body.

    Parameters
    ----------
    role
        Any but `PUBLIC`.
    authority
        Identifier of the authority or agency in the catalogue, for the roles of :data:`OF_AUTHORITY`.
    operator
        Identifier of the operator in the catalogue, for a company.
    """

    role: Role
    authority: str = ""
    operator: str = ""

    def __post_init__(self) -> None:
        if self.role is Role.PUBLIC:
            raise bad_seat(self.role, "Everyone has this role already.")
        wants_authority, wants_operator = self.role in OF_AUTHORITY, self.role is Role.COMPANY
        if bool(self.authority) != wants_authority:
            said = "This role is held for an authority." if wants_authority else "This role is held for no authority."
            raise bad_seat(self.role, said, self.authority)
        if bool(self.operator) != wants_operator:
            said = "This role is held for an operator." if wants_operator else "This role is held for no operator."
            raise bad_seat(self.role, said, self.operator)

    @property
    def body(self) -> str:
        """Return the authority or operator for which the role is held; empty for an administrator."""
        return self.authority or self.operator


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who is signed in: a number, never a name, with the seats that hold now."""

    id: int
    seats: tuple[Seat, ...] = ()

    def has(self, *roles: Role, authority: str | None = None) -> bool:
        """Return whether one of the roles is held; for that authority where one is named."""
        return any(s.role in roles and (authority is None or s.authority == authority) for s in self.seats)

    def roles_for(self, authority: str, operators: Iterable[str] = ()) -> frozenset[Role]:
        """Return the roles that count in a matter of an authority that is about these operators."""
        about = frozenset(operators)
        held = {s.role for s in self.seats if s.authority == authority and s.authority}
        held |= {s.role for s in self.seats if s.operator and s.operator in about}
        return frozenset(held | {Role.PUBLIC})

    @property
    def authorities(self) -> frozenset[str]:
        """Return the authorities and agencies for which a role is held."""
        return frozenset(seat.authority for seat in self.seats if seat.authority)

    @property
    def operators(self) -> frozenset[str]:
        """Return the operators for which a role is held."""
        return frozenset(seat.operator for seat in self.seats if seat.operator)


NOBODY: Final = Person(0)
"""Whoever is not signed in."""


def bad_seat(role: str, message: str, body: str = "") -> GoedeBuurError:
    """Return the error of a role that cannot be held so."""
    return GoedeBuurError(
        BAD_SEAT,
        message,
        place=role,
        value=body,
        hint="permit_writer, specialist, reviewer and officer go with an authority, company with an operator, "
        "administrator with neither.",
    )
