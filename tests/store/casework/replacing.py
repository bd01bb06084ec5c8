"""A row put in the place of another below the program, in the way of each database."""

from __future__ import annotations

from django.db import connections
from django.db.models import Model, UniqueConstraint


def put_over(model: type[Model], database: str, key: str, field: str) -> None:
    """Put every row of a table in its own place again, with `other` in one of its columns.

    Parameters
    ----------
    key
        SQL of the key of the new row: `id` meets the row by its key, another by what else must be there only once.
    """
    (unique,) = [one for one in model._meta.constraints if isinstance(one, UniqueConstraint)]
    names = [model._meta.get_field(one).column for one in unique.fields]  # type: ignore[union-attr]
    columns = [one.column for one in model._meta.local_fields]
    chosen = ", ".join({field: "'other'", "id": key}.get(one, one) for one in columns)
    begin, end = "INSERT OR REPLACE", ""
    if connections[database].vendor == "postgresql":
        met = "id" if key == "id" else ", ".join(names)
        begin, end = "INSERT", f" ON CONFLICT ({met}) DO UPDATE SET {field} = 'other'"
    table = model._meta.db_table
    connections[database].cursor().execute(
        f"{begin} INTO {table} ({', '.join(columns)}) SELECT {chosen} FROM {table} WHERE true{end}"
    )
