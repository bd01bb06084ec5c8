"""Accounts and roles: who works for which authority or operator, given and ended by an administrator."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.casework.roles import Person, Seat
from goedebuur.store.accounts.models import User, normal_email
from goedebuur.store.casework import memberships
from goedebuur.store.casework.memberships import Held, person

__all__ = ["Held", "add", "end", "every", "give", "person"]

BAD_ACCOUNT: Final = declare("people-account", "An account cannot be made of this address or password.")


def add(email: str, password: str, *, name: str = "", organisation: str = "") -> bool:
    """Make an account, without any role; return whether it was new. One that is there already is left as it is.

    Raises
    ------
    GoedeBuurError
        `people-account`.
    """
    address = normal_email(email)
    if User.objects.filter(email=address).exists():
        return False
    user = User(email=address, name=name, organisation=organisation)
    try:
        validate_email(address)
        validate_password(password, user)
    except ValidationError as error:
        raise GoedeBuurError(
            BAD_ACCOUNT, "This address or password cannot be used.", place="EMAIL", hint=" ".join(error.messages)
        ) from error
    User.objects.create_user(address, password, name=name, organisation=organisation)
    return True


def by_email(email: str, now: datetime) -> Person:
    """Return a person with the roles that hold now, by the address of the account.

    Raises
    ------
    GoedeBuurError
        `people-unknown`.
    """
    return person(memberships.number_of(email), now)


def give(email: str, seat: Seat, now: datetime) -> bool:
    """Give a person a role; return whether it was new.

    Raises
    ------
    GoedeBuurError
        `people-unknown`.
    """
    return memberships.give(email, seat, now)


def end(email: str, seat: Seat, now: datetime) -> bool:
    """End a role; return whether it was held. That it was held once stays known.

    Raises
    ------
    GoedeBuurError
        `people-unknown`.
    """
    return memberships.end(email, seat, now)


def every(at: datetime | None) -> list[Held]:
    """Return all roles that hold at a moment; with None also those that ended."""
    return memberships.every(at)
