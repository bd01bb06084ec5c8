"""Read a permit in PDF: its pages, and proposals from its sentences. Nothing is entered or kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from goedebuur.adapters import permit_pdf
from goedebuur.adapters.permit_pdf import Bounds
from goedebuur.core.base import rulebook
from goedebuur.core.permits import extraction, pages
from goedebuur.core.permits.proposal_words import WHY
from goedebuur.core.permits.proposals import Extraction
from goedebuur.rules import substance_names

SENTENCE_READ: Final = permit_pdf.BOOK.note(
    "sentence-read",
    "Een zin die op een voorschrift lijkt geeft een voorstel, of wordt genoemd met de reden.",
    "A sentence that looks like a condition gives a proposal, or is named with the reason.",
    test="tests/rulebook/test_permit_pdf.py::test_what_is_not_read_is_noted",
    rows=[rulebook.Row(why.value, words.en, "") for why, words in WHY.items()],
)


def propose(data: bytes, name: str, bounds: Bounds = permit_pdf.AT_ONCE, only: Sequence[int] = ()) -> Extraction:
    """Return what may be conditions in a PDF, with all that was not read; `only` names pages, counted from 1.

    Raises
    ------
    GoedeBuurError
        As :func:`goedebuur.adapters.permit_pdf.read`.
    """
    found = permit_pdf.read(data, name, bounds, only)
    return extraction.extract(pages.read(found.pages), substance_names.names())
