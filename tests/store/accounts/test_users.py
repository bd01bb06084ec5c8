"""People who sign in, on both databases."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction

from goedebuur.store.accounts.models import User


def test_user_is_found_by_address_in_any_capitals(database: str) -> None:
    made = User.objects.db_manager(database).create_user(" Ada@Example.ORG ", "a long enough password")
    assert made.email == "ada@example.org"
    assert User.objects.db_manager(database).get_by_natural_key("ADA@example.org") == made


def test_password_is_kept_as_a_hash(database: str) -> None:
    User.objects.db_manager(database).create_user("ada@example.org", "a long enough password")
    made = User.objects.using(database).get()
    assert "long enough" not in made.password
    assert made.check_password("a long enough password")


def test_user_without_a_password_cannot_sign_in(database: str) -> None:
    made = User.objects.db_manager(database).create_user("ada@example.org")
    assert not made.has_usable_password()


def test_second_user_with_the_same_address_is_refused(database: str) -> None:
    User.objects.db_manager(database).create_user("ada@example.org")
    with pytest.raises(IntegrityError), transaction.atomic(using=database):
        User.objects.db_manager(database).create_user("ADA@example.org")


def test_database_itself_refuses_an_address_with_capitals(database: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(using=database):
        User(email="Ada@example.org").save(using=database)


def test_user_without_an_address_is_refused(database: str) -> None:
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.db_manager(database).create_user("  ")


def test_manager_of_the_site_may_everything_and_a_user_nothing(database: str) -> None:
    manager = User.objects.db_manager(database).create_superuser("boss@example.org", "a long enough password")
    user = User.objects.db_manager(database).create_user("ada@example.org")
    assert manager.is_staff
    assert manager.has_perm("accounts.add_user")
    assert not user.is_staff
    assert not user.is_superuser


def test_form_brings_the_address_to_its_stored_form() -> None:
    user = User(email="Ada@Example.org", password="x")
    user.clean()
    assert user.email == "ada@example.org"
    with pytest.raises(ValidationError):
        User(email="no address", password="x").clean_fields()


def test_two_writers_wait_for_each_other(database: str) -> None:
    # each reads before it writes: without a write lock from the start, SQLite lets one of the two fail at once
    meet = threading.Barrier(2, timeout=10)
    errors: list[Exception] = []

    def write(name: str) -> None:
        try:
            meet.wait()
            with transaction.atomic(using=database):
                User.objects.using(database).count()
                User.objects.db_manager(database).create_user(f"{name}@example.org")
        except Exception as error:
            errors.append(error)
        finally:
            connections[database].close()

    writers = [threading.Thread(target=write, args=(name,)) for name in ("ada", "bob")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    assert errors == []
    assert User.objects.using(database).count() == 2
