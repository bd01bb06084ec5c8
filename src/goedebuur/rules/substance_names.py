"""The table of names of substances that comes with the program."""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from importlib import resources

from goedebuur.core.permits import names as core


@lru_cache(maxsize=1)
def names() -> core.Names:
    """Return the names that permits give to substances."""
    table = resources.files("goedebuur.rules") / "tables" / "substance_names.csv"
    return core.names(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
