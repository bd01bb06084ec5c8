"""Tables of casework are tried on SQLite and on PostgreSQL."""

from tests.store.accounts.conftest import database, empty_database, postgres_url

__all__ = ["database", "empty_database", "postgres_url"]
