"""Each test of the tables runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker
from tests.store.accounts.servers import alias, postgres

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def postgres_url(postgres_bin: Path) -> Iterator[str]:
    """Return the address of a PostgreSQL that is there for the tests alone."""
    with postgres(postgres_bin) as url:
        yield url


@pytest.fixture(params=BOTH)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Return the name of a database without tables."""
    url = f"sqlite:///{tmp_path}/try.sqlite3"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    with django_db_blocker.unblock(), alias(f"try_{request.param}", url) as name:
        try:
            yield name
        finally:
            if request.param == "postgresql":
                with connections[name].cursor() as cursor:
                    cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


@pytest.fixture
def database(empty_database: str) -> str:
    """Return the name of a database with the tables of this version."""
    call_command("migrate", database=empty_database, interactive=False, verbosity=0)
    return empty_database
