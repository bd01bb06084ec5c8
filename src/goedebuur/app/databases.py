"""The SQL database from its address, in the form that Django wants."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def from_url(url: str, home: Path) -> dict[str, Any]:
    """Return Django's description of the database at an address; SQLite in `home` for an empty one.

    SQLite writes ahead and takes its write lock at the start of a transaction, so that two writers wait for each
    other instead of failing half-way: https://docs.djangoproject.com/en/5.2/ref/databases/#sqlite-notes

    >>> from_url("postgresql://ada:p%40ss@db:5433/buur", Path("var"))["NAME"]
    'buur'
    """
    parts = urlsplit(url)
    if parts.scheme in ("", "sqlite"):
        # sqlite:///relative.db and sqlite:////absolute.db
        name = unquote(parts.path)[1:] if url else str(home / "goedebuur.sqlite3")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path)[1:],
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
