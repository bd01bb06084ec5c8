"""Tables as files: what a page shows, for a spreadsheet or a program."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from goedebuur.core.base.spreadsheets import harmless


def answer(rows: Iterable[Sequence[str]], name: str) -> HttpResponse:
    """Return rows of text as a file with that name, with nothing in it that a spreadsheet would run."""
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\n")
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    response = HttpResponse(sink.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
