"""A history cannot be changed or deleted: said to the database itself, in the words of each kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

SAID: Final = "the history of a case is never changed"
"""What the database says; also of the history of a draft."""

Step = Callable[[Any, Any], None]


def on(table: str, prefix: str) -> tuple[Step, Step]:
    """Return the two steps of a migration: make the database refuse changes of a table, and take that away again.

    Parameters
    ----------
    prefix
        Begins the names of what is made in the database.
    """

    def forbid(apps: Any, schema_editor: Any) -> None:
        postgres = schema_editor.connection.vendor == "postgresql"
        for statement in _postgres(table, prefix) if postgres else _sqlite(table, prefix):
            schema_editor.execute(statement, params=None)

    def allow(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            for name in ("change", "truncate"):
                schema_editor.execute(f"DROP TRIGGER {prefix}_no_{name} ON {table}", params=None)
            schema_editor.execute(f"DROP FUNCTION {prefix}_append_only()", params=None)
            return
        for verb in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER {prefix}_no_{verb}", params=None)

    return forbid, allow


def against_replacing(table: str, prefix: str, *unique: str) -> tuple[Step, Step]:
    """Return the two steps of a migration: make SQLite refuse a row in the place of another, and take that away again.

    `INSERT OR REPLACE` deletes the row that stands in its way, and SQLite asks no trigger of deletion about it. What
    PostgreSQL has of the kind is a change to it, which :func:`on` refuses.

    Parameters
    ----------
    prefix
        Begins the name of what is made in the database.
    unique
        The columns of which no two rows may have the same, beside the key `id`.
    """
    same = " AND ".join(f"{column} = NEW.{column}" for column in unique)

    def forbid(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            there = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR ({same}))"  # noqa: S608
            begin = f"CREATE TRIGGER {prefix}_no_replace BEFORE INSERT ON {table} WHEN {there} "
            schema_editor.execute(f"{begin} BEGIN SELECT RAISE(ABORT, '{SAID}'); END", params=None)

    def allow(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {prefix}_no_replace", params=None)

    return forbid, allow


def _sqlite(table: str, prefix: str) -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER {prefix}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
        for verb in ("UPDATE", "DELETE")
    )


def _postgres(table: str, prefix: str) -> tuple[str, ...]:
    return (
        f"CREATE FUNCTION {prefix}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {prefix}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {prefix}_append_only()",
        f"CREATE TRIGGER {prefix}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {prefix}_append_only()",
    )


forbid, allow = on("casework_caseevent", "casework")
