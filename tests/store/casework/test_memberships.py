"""Roles of people, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework.roles import Role, Seat
from goedebuur.services import people
from goedebuur.store.accounts.models import User
from goedebuur.store.casework import memberships
from goedebuur.store.casework.models import Membership

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
ODNZKG = Seat(Role.SPECIALIST, authority="odnzkg")


def make(database: str, email: str = "ada@example.org", **fields: object) -> Membership:
    user, _ = User.objects.db_manager(database).get_or_create(email=email)
    return Membership(user=user, since=NOW, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"role": "specialist"},
        {"role": "specialist", "operator": "x"},
        {"role": "company"},
        {"role": "company", "authority": "odnzkg", "operator": "x"},
        {"role": "administrator", "authority": "odnzkg"},
        {"role": "public"},
        {"role": "specialist", "authority": "odnzkg", "ended": NOW - timedelta(seconds=1)},
    ],
)
def test_database_itself_refuses_a_role_with_the_wrong_body_or_order(database: str, fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(using=database):
        make(database, **fields).save(using=database)


def test_database_refuses_the_same_role_twice_at_a_time_and_takes_it_again_after_its_end(database: str) -> None:
    make(database, role="officer", authority="odnzkg", ended=NOW).save(using=database)
    make(database, role="officer", authority="odnzkg").save(using=database)
    with pytest.raises(IntegrityError), transaction.atomic(using=database):
        make(database, role="officer", authority="odnzkg").save(using=database)


def test_person_has_the_roles_that_hold_at_the_moment(database: str) -> None:
    later = NOW + timedelta(days=30)
    row = make(database, role="specialist", authority="odnzkg", ended=later)
    row.save(using=database)
    held = [memberships.person(row.user_id, at, database).seats for at in (NOW - timedelta(seconds=1), NOW, later)]
    assert held == [(), (ODNZKG,), ()]


def test_person_of_a_closed_account_has_no_role(database: str) -> None:
    row = make(database, role="specialist", authority="odnzkg")
    row.save(using=database)
    User.objects.using(database).update(is_active=False)
    assert memberships.person(row.user_id, NOW, database).seats == ()


def test_account_with_a_role_is_never_deleted(database: str) -> None:
    row = make(database, role="administrator")
    row.save(using=database)
    with pytest.raises(ProtectedError):
        row.user.delete(using=database)


def test_form_says_which_body_goes_with_a_role() -> None:
    with pytest.raises(ValidationError):
        Membership(role="company", authority="odnzkg", since=NOW).clean()
    Membership(role="company", operator="x", since=NOW).clean()


@pytest.mark.django_db
def test_role_is_given_once_ended_once_and_stays_in_the_list() -> None:
    assert people.add("Ada@Example.org", "a long enough password", name="Ada")
    assert not people.add("ada@example.org", "another long password")
    assert people.give("ada@example.org", ODNZKG, NOW)
    assert not people.give("ADA@example.org", ODNZKG, NOW)
    later = NOW + timedelta(days=1)
    assert people.end("ada@example.org", ODNZKG, later)
    assert not people.end("ada@example.org", ODNZKG, later)
    assert people.every(later) == []
    assert [(one.email, one.seat, one.ended) for one in people.every(None)] == [("ada@example.org", ODNZKG, later)]


@pytest.mark.django_db
def test_role_for_an_unknown_address_is_refused() -> None:
    with pytest.raises(GoedeBuurError, match="people-unknown"):
        people.give("nobody@example.org", ODNZKG, NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(("email", "password"), [("no address", "a long enough password"), ("a@example.org", "short")])
def test_account_of_a_bad_address_or_password_is_refused(email: str, password: str) -> None:
    with pytest.raises(GoedeBuurError, match="people-account"):
        people.add(email, password)
    assert not User.objects.exists()
