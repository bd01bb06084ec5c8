"""Tables as files: what a page shows, for a spreadsheet or a program."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

from django.http import HttpResponse

from goedebuur.services.exporting import harmless

_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def answer(rows: Iterable[Sequence[str]], name: str) -> HttpResponse:
    """Return rows of text as a file with that name, with nothing in it that a spreadsheet would run."""
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\n")
    for row in rows:
        writer.writerow([cell if _NUMBER.fullmatch(cell) else harmless(cell) for cell in row])
    response = HttpResponse(sink.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
