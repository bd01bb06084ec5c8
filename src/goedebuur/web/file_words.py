"""What is said on a page of a file that was not taken in, and of a page of a document that was not read."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goedebuur.adapters.permit_pdf import REASONS
from goedebuur.core.base.errors import GoedeBuurError

FILE_ERRORS: Final[dict[str, tuple[str, str]]] = {
    "input-empty": (gettext_noop("The file is empty."), gettext_noop("Choose the file once more.")),
    "input-too-large": (gettext_noop("The file is too large."), gettext_noop("Make it smaller, or split it.")),
    "input-not-this-format": (
        gettext_noop("This is another kind of file than is asked here."),
        gettext_noop("Save it as PDF or as .xlsx, without a password, and choose that file."),
    ),
    "input-truncated": (
        gettext_noop("The file is damaged."),
        gettext_noop("Get it once more from where it came from, or save it once more."),
    ),
    "input-archive": (
        gettext_noop("The spreadsheet is damaged or locked."),
        gettext_noop("Save it once more as .xlsx, without a password."),
    ),
    "input-sheet": (
        gettext_noop("This is not the form, or it is empty."),
        gettext_noop("Download the empty form and fill that in."),
    ),
    "input-pdf-locked": (
        gettext_noop("The PDF is locked with a password."),
        gettext_noop("Open it with its password, and save it without one."),
    ),
    "input-pdf-pages": (gettext_noop("The PDF has too many pages."), gettext_noop("Split it.")),
    "input-pdf-bounds": (
        gettext_noop("Reading the PDF took too long."),
        gettext_noop("Print it to a new PDF, or enter the conditions by hand."),
    ),
    "permit-reference": (
        gettext_noop("The decision names something that is not in the record."),
        gettext_noop("Enter it in the record first, or change the decision."),
    ),
    "permit-no-reason": (
        gettext_noop("This changes a decision that is published, and says not why."),
        gettext_noop("Give the reason. It is public: no names of people."),
    ),
    "permit-example": (
        gettext_noop("An invented decision goes with an invented site, and a real one with a real site."),
        gettext_noop("Choose another site, or change the field Invented example."),
    ),
    "permit-other-site": (
        gettext_noop("A decision with this identifier is about another site."),
        gettext_noop("Choose another identifier."),
    ),
    "lock-busy": (
        gettext_noop("Something else is being added to the log."),
        gettext_noop("Publish once more in a minute."),
    ),
    "site-unknown": (
        gettext_noop("The site is not in the record."),
        gettext_noop("Enter it in the record first, or change the decision."),
    ),
}
"""Code → what is wrong and what to do, for readers of pages."""
UNREAD: Final[dict[str, str]] = {
    "not-asked": gettext_noop("a scan, not read"),
    "no-tesseract": gettext_noop("a scan, and there is no program here that reads scans"),
    "no-dutch": gettext_noop("a scan, and the program that reads scans has no Dutch here"),
    "ocr-later": gettext_noop("a scan, and reading the scans before it took all the time"),
    "ocr-slow": gettext_noop("a scan, and reading it took too long"),
    "ocr-failed": gettext_noop("a scan that could not be read"),
    "ocr-nothing": gettext_noop("a scan without words"),
    "drawn": gettext_noop("lines or images, and no words"),
    "too-many-words": gettext_noop("the pages before it have more words than are read"),
}
"""Why a page was not read."""
_BY_SENTENCE: Final = {sentence: key for key, sentence in REASONS.items()}


def file_error(error: GoedeBuurError) -> dict[str, Any]:
    """Return the error with what a page says of it."""
    said, hint = FILE_ERRORS.get(error.code, ("", ""))
    return {"error": error, "error_said": _(said) if said else error.message, "error_hint": _(hint) if hint else ""}


def reason_words(reason: str) -> str:
    """Return why a page was not read, in the language of the reader."""
    return _(UNREAD[_BY_SENTENCE[reason]]) if reason in _BY_SENTENCE else reason
