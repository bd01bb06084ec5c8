"""Signing in to manage the site: who may, and how often it may fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axes.models import AccessAttempt, AccessLog
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone

from goedebuur.app import prepare
from goedebuur.core.casework.roles import Role, Seat
from goedebuur.store.accounts.models import User
from goedebuur.store.casework.models import Membership

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


@pytest.fixture
def visitor() -> Iterator[Client]:
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        yield Client()


@pytest.fixture
def manager(db: None) -> User:
    return User.objects.create_superuser("boss@example.org", PASSWORD)


def sign_in(visitor: Client, email: str, password: str) -> HttpResponse:
    answer = visitor.post("/beheer/login/", {"username": email, "password": password, "next": "/beheer/"})
    assert isinstance(answer, HttpResponse)
    return answer


def test_manager_signs_in_with_an_address_in_any_capitals(visitor: Client, manager: User) -> None:
    assert sign_in(visitor, "Boss@Example.org", PASSWORD).status_code == 302
    assert visitor.get("/beheer/accounts/user/").status_code == 200


def test_user_without_the_right_does_not_get_in(visitor: Client) -> None:
    User.objects.create_user("ada@example.org", PASSWORD)
    sign_in(visitor, "ada@example.org", PASSWORD)
    assert visitor.get("/beheer/accounts/user/").status_code == 302


def test_after_five_wrong_passwords_the_right_one_is_refused_too(visitor: Client, manager: User) -> None:
    statuses = [sign_in(visitor, manager.email, "wrong").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    answer = sign_in(visitor, manager.email, PASSWORD)
    assert answer.status_code == 429
    assert "Inloggen is te vaak mislukt" in answer.content.decode()


def test_manager_makes_a_user_in_the_form(visitor: Client, manager: User) -> None:
    visitor.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    form = {"email": "Ada@Example.org", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert visitor.post("/beheer/accounts/user/add/", form).status_code == 302
    assert User.objects.get_by_natural_key("ada@example.org").check_password(PASSWORD)


def test_manager_gives_a_role_in_the_form_and_cannot_delete_it(visitor: Client, manager: User) -> None:
    visitor.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    ada = User.objects.create_user("ada@example.org", PASSWORD)
    page = f"/beheer/accounts/user/{ada.pk}/change/"
    form = {
        "email": ada.email,
        "is_active": "on",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-user": str(ada.pk),
        "memberships-0-role": "officer",
        "memberships-0-authority": "odnzkg",
        "memberships-0-since_0": "2026-11-02",
        "memberships-0-since_1": "09:00:00",
    }
    assert visitor.post(page, form).status_code == 302
    (held,) = Membership.objects.all()
    assert held.seat() == Seat(Role.OFFICER, authority="odnzkg")
    again = {**form, "memberships-INITIAL_FORMS": "1", "memberships-0-id": str(held.pk), "memberships-0-DELETE": "on"}
    visitor.post(page, again)
    assert Membership.objects.count() == 1


def test_short_password_is_refused(visitor: Client, manager: User) -> None:
    visitor.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    form = {"email": "ada@example.org", "usable_password": "true", "password1": "short", "password2": "short"}
    assert visitor.post("/beheer/accounts/user/add/", form).status_code == 200
    assert not User.objects.filter(email="ada@example.org").exists()


def test_sign_in_page_needs_no_exception_to_the_policy(visitor: Client) -> None:
    answer = visitor.get("/beheer/login/")
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*src=)", answer.content.decode())


def test_page_for_managers_is_kept_by_no_cache(visitor: Client) -> None:
    assert {"no-store", "private"} <= set(re.split(r",\s*", visitor.get("/beheer/login/")["Cache-Control"]))


def test_failed_attempt_is_forgotten_at_the_first_attempt_after_an_hour(visitor: Client, manager: User) -> None:
    sign_in(visitor, manager.email, "wrong")
    (kept,) = AccessAttempt.objects.all()
    assert (kept.username, kept.ip_address) == (manager.email, "127.0.0.1")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=61))
    sign_in(visitor, "ada@example.org", "wrong")
    assert [one.username for one in AccessAttempt.objects.all()] == ["ada@example.org"]


def test_start_of_the_site_forgets_attempts_that_no_longer_count(visitor: Client, manager: User) -> None:
    sign_in(visitor, manager.email, "wrong")
    sign_in(visitor, "ada@example.org", "wrong")
    AccessAttempt.objects.filter(username=manager.email).update(attempt_time=timezone.now() - timedelta(minutes=61))
    prepare._forget()
    assert [one.username for one in AccessAttempt.objects.all()] == ["ada@example.org"]


def test_of_who_signs_in_nothing_is_kept(visitor: Client, manager: User) -> None:
    assert sign_in(visitor, manager.email, PASSWORD).status_code == 302
    visitor.post("/beheer/logout/")
    assert not AccessLog.objects.exists()


@pytest.mark.parametrize(
    ("page", "words"), [("/over/privacy/", "netwerkadres"), ("/en/over/privacy/", "An hour later")]
)
def test_privacy_page_says_what_is_kept_of_attempts_and_how_long(visitor: Client, page: str, words: str) -> None:
    assert words in visitor.get(page).content.decode()


def test_what_residents_read_about_attempts_is_what_is_kept() -> None:
    text = (Path(__file__).parents[2] / "docs/bewoners/README.md").read_text("utf-8")
    kept = " ".join(text.partition("**Wat we van u bijhouden.**")[2].split())
    for part in ("ingevuld als naam", "netwerkadres", "de browser zich noemt", "Na een uur"):
        assert part in kept
