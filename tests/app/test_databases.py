"""From the address of a database to Django's description of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from goedebuur.app.databases import from_url

HOME = Path("home")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("", str(HOME / "goedebuur.sqlite3")),
        ("sqlite:///here.sqlite3", "here.sqlite3"),
        ("sqlite:////srv/buur/with%20space.sqlite3", "/srv/buur/with space.sqlite3"),
    ],
)
def test_sqlite_takes_its_write_lock_at_the_start_and_writes_ahead(url: str, name: str) -> None:
    found = from_url(url, HOME)
    assert (found["ENGINE"], found["NAME"]) == ("django.db.backends.sqlite3", name)
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in found["OPTIONS"]["init_command"]


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_postgresql_address_is_taken_apart(scheme: str) -> None:
    found = from_url(f"{scheme}://ada:p%40ss%2F@db.example:5433/buur?sslmode=require", HOME)
    assert {key: found[key] for key in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")} == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "buur",
        "USER": "ada",
        "PASSWORD": "p@ss/",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_postgresql_without_user_and_port_leaves_them_to_the_client() -> None:
    found = from_url("postgresql:///buur", HOME)
    assert (found["NAME"], found["HOST"], found["PORT"], found["USER"]) == ("buur", "", "", "")
