"""Reports of measurements by a bureau: JSON or CSV of our own, described in `docs/methods/measurement-reports.md`.

Every fault of a file is named at once; a file with a fault is refused whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from goedebuur.adapters import payloads
from goedebuur.adapters.base import Client, Fetched, FetchRequest, no_download
from goedebuur.core.base import errors, rulebook
from goedebuur.core.base.errors import declare
from goedebuur.core.emissions.measuring import form
from goedebuur.core.emissions.measuring.reports import ParsedReports

FAULT: Final = declare("input-measurement-report", "A report of a measurement has a field that cannot be.")
_BOOK: Final = rulebook.area(
    "measurement-report",
    "Meetrapporten",
    "Reports of measurements",
    rulebook.described("docs/methods/measurement-reports.md"),
    "tests/rulebook/test_measurement_reports.py::test_refused",
)
READABLE: Final = _BOOK.refuse(
    "form",
    errors.NOT_THIS_FORMAT,
    f"Het bestand is JSON met `{form.FORMAT}`, of een tabel waarvan de eerste kolom `{form.MARK}` heet, en is heel.",
    f"The file is JSON with `{form.FORMAT}`, or a table of which the first column is `{form.MARK}`, and is whole.",
)
FITS: Final = _BOOK.refuse(
    "field",
    FAULT,
    "Elk veld van een rapport is er, heeft de vorm van dat veld, en past bij de andere.",
    "Every field of a report is there, has the form of that field, and fits the others.",
)


class MeasurementReport:
    """Adapter of reports of measurements."""

    id: Final = "measurement_report"
    version: Final = 1
    submitter: Final = "meetbureau"
    title: Final = "Reports of measurements at emission points"
    downloads: Final = False

    def recognises(self, name: str, head: bytes) -> bool:
        """Return whether the bytes begin as one of the two forms does."""
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        first = start.split(b"\n", 1)[0].strip().split(b",")
        return (start[:1] == b"{" and form.FORMAT.encode() in head) or (
            first[0] == form.MARK.encode() and b"kind" in first
        )

    def fetch(self, client: Client, request: FetchRequest) -> Iterator[Fetched]:
        """Raise: a bureau delivers its reports."""
        raise no_download(self.id)

    def parse(self, data: bytes, name: str) -> ParsedReports:
        """Return the reports in one file."""
        text = payloads.text(payloads.decompress(data, name), name, "utf-8").removeprefix("\ufeff")
        payloads.refuse_simulated(text, name)
        read = form.from_json(text) if text.lstrip().startswith("{") else form.from_table(text)
        if read.unreadable is not None:
            told = read.unreadable
            place = f"{name}, {told.place}" if told.place else name
            raise READABLE.error(told.message, place=place, value=told.value, hint=told.hint)
        for told in read.faults:
            hint = told.hint or "docs/methods/measurement-reports.md has the fields."
            FITS.refuse(told.message, place=f"{name}, {told.place}", value=told.value, hint=hint)
        return ParsedReports(read.reports, len(read.reports))
