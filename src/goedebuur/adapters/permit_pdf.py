"""A permit in PDF: the words of its pages with where they stand, and images of its pages.

The bytes come from outside and PDF is a large format, so they are read by a process of its own with bounded time and
memory (:mod:`goedebuur.adapters.permit_pdf_worker`). What it can't read it says, page by page.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from goedebuur.adapters.payloads import TOO_LARGE
from goedebuur.core.base import errors, rulebook
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.rulebook import Check
from goedebuur.core.permits.pages import Box, How, Line, Page, Word

MAX_BYTES: Final = 50 * 2**20
"""Largest PDF. [byte]"""
MAX_PAGES: Final = 600
MAX_ANSWER: Final = 96 * 2**20
"""Largest answer of the process that reads. [byte]"""
PROGRAMS = "/usr/bin:/bin:/usr/local/bin:/opt/homebrew/bin"
"""Where the process that reads looks for tesseract; it gets nothing else of our environment."""
WORKER: Final = Path(__file__).with_name("permit_pdf_worker.py")

ENCRYPTED: Final = declare("input-pdf-locked", "A PDF is locked with a password.")
PAGES: Final = declare("input-pdf-pages", "A PDF has more pages than are read.")
BOUNDS: Final = declare("input-pdf-bounds", "Reading a PDF took more time or memory than it may.")

BOOK: Final = rulebook.area(
    "permit-pdf",
    "Een besluit in PDF",
    "A decision in PDF",
    rulebook.own(
        "PDF is een groot formaat en komt van buiten: het wordt gelezen met begrensde tijd en ruimte",
        "PDF is a large format and comes from outside: it is read in bounded time and memory",
    ),
    "tests/rulebook/test_permit_pdf.py::test_refused",
)
NOT_EMPTY: Final = BOOK.refuse(
    "not-empty", errors.EMPTY_INPUT, "In de PDF staat iets.", "There is something in the PDF."
)
SIZE: Final = BOOK.refuse(
    "size",
    TOO_LARGE,
    f"Een PDF is ten hoogste {MAX_BYTES // 2**20} MiB.",
    f"A PDF is {MAX_BYTES // 2**20} MiB at most.",
)
IS_PDF: Final = BOOK.refuse(
    "form",
    errors.NOT_THIS_FORMAT,
    "Het bestand is een PDF.",
    "The file is a PDF.",
    basis=rulebook.described("ISO 32000-1, 7.5.2: the header"),
)
UNLOCKED: Final = BOOK.refuse(
    "unlocked", ENCRYPTED, "Een PDF opent zonder wachtwoord.", "A PDF opens without a password."
)
FEW_PAGES: Final = BOOK.refuse(
    "pages", PAGES, f"Een PDF heeft ten hoogste {MAX_PAGES} pagina's.", f"A PDF has {MAX_PAGES} pages at most."
)
IN_BOUNDS: Final = BOOK.refuse(
    "bounds",
    BOUNDS,
    "Een PDF is te lezen binnen de tijd en het geheugen die ervoor zijn.",
    "A PDF can be read within the time and memory that there are for it.",
)
UNDAMAGED: Final = BOOK.refuse("whole", errors.TRUNCATED_INPUT, "Een PDF is heel.", "A PDF is whole.")

REASONS: Final[dict[str, str]] = {
    "not-asked": "This page is a scan, and OCR was not asked for.",
    "no-tesseract": "This page is a scan, and the program tesseract is not installed.",
    "no-dutch": "This page is a scan, and tesseract has no Dutch (Debian: tesseract-ocr-nld).",
    "ocr-later": "This page is a scan, and the time for OCR was used up by the pages before it.",
    "ocr-slow": "This page is a scan, and OCR took too long.",
    "ocr-failed": "This page is a scan, and OCR failed.",
    "ocr-nothing": "This page is a scan, and OCR found no words on it.",
    "drawn": "This page has lines or images, and no words.",
    "too-many-words": "The pages before this one have more words than are read.",
}
"""Why a page was not read."""
PAGE_READ: Final = BOOK.note(
    "page-read",
    "Elke pagina is te lezen: een pagina die niet gelezen is, wordt genoemd met de reden.",
    "Each page can be read: one that was not read is named, with the reason.",
    test="tests/rulebook/test_permit_pdf.py::test_what_is_not_read_is_noted",
    rows=[rulebook.Row(name, words, "") for name, words in REASONS.items()],
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may be spent on one PDF.

    Parameters
    ----------
    seconds
        Of processor and of clock, for all of it. [s]
    ocr_pages, ocr_seconds
        How many pages may be read by OCR, and the time for that. [s] Pages that are left say so.
    """

    seconds: int = 60
    ocr_pages: int = 0
    ocr_seconds: int = 0


AT_ONCE: Final = Bounds(seconds=45, ocr_pages=8, ocr_seconds=30)
"""While someone waits for a page."""
PATIENT: Final = Bounds(seconds=1800, ocr_pages=MAX_PAGES, ocr_seconds=1700)
"""For a command."""


@dataclass(frozen=True, slots=True)
class PermitPdf:
    """A PDF as read. `scripts` counts the scripts in it: none of them ran."""

    pages: tuple[Page, ...]
    scripts: int


def read(data: bytes, name: str, bounds: Bounds = AT_ONCE, only: Sequence[int] = ()) -> PermitPdf:
    """Return the pages of a PDF; `only` names pages, counted from 1, and is empty for all.

    Raises
    ------
    GoedeBuurError
        `input-empty`, `input-not-this-format`, `input-too-large`, `input-truncated` (damaged), `input-pdf-locked`,
        `input-pdf-pages`, `input-pdf-bounds`.
    """
    asked = {"do": "text", "only": list(only), "ocr_pages": bounds.ocr_pages, "ocr_seconds": bounds.ocr_seconds}
    answer = _ask(data, name, bounds.seconds, asked)
    return PermitPdf(tuple(_page(found) for found in answer["pages"]), int(answer["scripts"]))


def image(data: bytes, name: str, page: int, width: int = 1200) -> bytes:
    """Return one page as a PNG of this width. [pixel]

    Raises
    ------
    GoedeBuurError
        As :func:`read`.
    """
    answer = _ask(data, name, 30, {"do": "image", "page": page, "width": width})
    return base64.b64decode(answer["png"])


def _page(found: dict[str, Any]) -> Page:
    lines = tuple(Line(tuple(Word(word[0], Box(*word[1:])) for word in line)) for line in found["lines"])
    reason = REASONS[found["reason"]] if "reason" in found else ""
    return Page(found["number"], found["width"], found["height"], How(found["how"]), lines, reason)


def _ask(data: bytes, name: str, seconds: int, request: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of the process that reads, or raise what it found wrong."""
    _require(data, name)
    with tempfile.TemporaryDirectory(prefix="goedebuur-pdf-") as folder:
        path = Path(folder) / "permit.pdf"
        path.write_bytes(data)
        whole = {"path": str(path), "seconds": seconds, "max_pages": MAX_PAGES, **request}
        try:
            ended = subprocess.run(  # noqa: S603
                [sys.executable, "-I", str(WORKER)],
                input=json.dumps(whole).encode(),
                capture_output=True,
                timeout=seconds + 5,
                check=False,
                cwd=folder,
                env={"PATH": PROGRAMS},
            )
        except subprocess.TimeoutExpired:
            raise _unread(IN_BOUNDS, name, "Reading this PDF took too long.") from None
    if ended.returncode or not ended.stdout or len(ended.stdout) > MAX_ANSWER:
        raise _unread(IN_BOUNDS, name, "Reading this PDF took more time or memory than it may.")
    answer: dict[str, Any] = json.loads(ended.stdout)
    if "error" in answer:
        raise _refusal(answer, name)
    return answer


def _require(data: bytes, name: str) -> None:
    if not data:
        raise NOT_EMPTY.error("The file is empty.", place=name, hint="Choose the PDF once more.")
    if len(data) > MAX_BYTES:
        raise SIZE.error(
            f"A PDF may have {MAX_BYTES // 2**20} MiB at most.",
            place=name,
            value=f"{len(data) / 2**20:.0f} MiB",
            hint="Make it smaller (print the scans in 300 dpi, grey), or split it.",
        )
    if b"%PDF-" not in data[:1024]:
        raise IS_PDF.error(
            "This is not a PDF.",
            place=name,
            value=data[:40].decode("latin-1"),
            hint="Save the document as PDF, and choose that file.",
        )


def _unread(check: Check, name: str, message: str, value: str = "", hint: str = "") -> GoedeBuurError:
    advice = (
        hint or "Print it to a new PDF, which leaves out what is not on the pages, or enter the conditions by hand."
    )
    return check.error(message, place=name, value=value, hint=advice)


def _refusal(answer: dict[str, Any], name: str) -> GoedeBuurError:
    match answer["error"]:
        case "encrypted":
            hint = "Open it with its password, and save it without one."
            return _unread(UNLOCKED, name, "This PDF is locked with a password.", hint=hint)
        case "pages":
            message = f"A PDF may have {MAX_PAGES} pages at most."
            return _unread(FEW_PAGES, name, message, value=f"{answer['pages']} pages", hint="Split it.")
        case "memory":
            return _unread(IN_BOUNDS, name, "Reading this PDF took more memory than it may.")
        case _:
            hint = "Get the file once more from where it came from: it was cut short or damaged on the way."
            return _unread(UNDAMAGED, name, "This PDF is damaged.", hint=hint)
