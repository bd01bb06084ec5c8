"""Documents of drafts: attach one, read proposals from it, show its pages. Nothing is accepted by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from goedebuur.adapters import permit_pdf, permit_sheet
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.sourced import Text
from goedebuur.core.casework.roles import Person
from goedebuur.core.permits import drafts as core
from goedebuur.core.permits import dutch
from goedebuur.core.permits.drafts import Document, Done, Draft
from goedebuur.core.permits.entry import reading as entry
from goedebuur.core.permits.entry.fields import every_condition_field
from goedebuur.core.permits.entry.shapes import Shape
from goedebuur.core.permits.entry.troubles import Trouble
from goedebuur.core.permits.names import Names
from goedebuur.core.permits.pages import Box
from goedebuur.core.permits.proposals import Confidence, Doubt, Extraction, Why
from goedebuur.services import drafting, entry_law, permit_reading
from goedebuur.store.casework import drafts as store
from goedebuur.store.casework.documents import Documents

if TYPE_CHECKING:
    from goedebuur.services.record import Record

PDF = "application/pdf"


# -- PDF ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proposed:
    """One proposal of a document, and what was decided on it.

    Parameters
    ----------
    name
        By which it is settled: digest of the document and its number.
    boxes
        Where its sentences stand on its page.
    settled
        Key of the condition that it became, `aside`, or empty for nothing yet.
    """

    number: int
    name: str
    kind: str
    fields: Mapping[str, str]
    sentence: str
    page: int
    boxes: tuple[Box, ...]
    confidence: Confidence
    doubts: tuple[Doubt, ...]
    note: str
    settled: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sentence that looks like a condition and gave no proposal."""

    page: int
    number: str
    text: str
    why: Why


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What was read of a document of a draft."""

    document: Document
    proposals: tuple[Proposed, ...]
    left_out: tuple[LeftOut, ...]
    pages_unread: tuple[tuple[int, str], ...]
    pages: int
    sentences: int
    other: int
    running: int
    shapes: tuple[float, ...]

    @property
    def waiting(self) -> tuple[Proposed, ...]:
        """Return the proposals on which nobody decided yet."""
        return tuple(one for one in self.proposals if not one.settled)


def attach(person: Person, draft: int, files: Documents, data: bytes, name: str, title: str, now: datetime) -> Done:
    """Return the draft with a PDF, from whose sentences conditions are proposed.

    Raises
    ------
    GoedeBuurError
        `draft-unknown`, `draft-forbidden`, `draft-closed`, and as :func:`permit_pdf.read` for a PDF that is not read:
        it is not attached then.
    """
    drafting.require_entering(person, draft)
    found = permit_reading.propose(data, name)
    document = Document(files.put(data), Path(name).name, len(data), PDF, title.strip())
    done = store.change(draft, person.id, now, lambda held: core.attached(held, document, person.id))
    store.keep_reading(draft, document.sha256, _kept(found))
    return done


def detach(person: Person, draft: int, sha256: str, now: datetime) -> Done:
    """Return the draft without a document; conditions that were read from it stay."""
    drafting.require_entering(person, draft)
    return store.change(draft, person.id, now, lambda held: core.detached(held, sha256, person.id))


def read(person: Person, draft: int, sha256: str) -> ReadDocument:
    """Return what was read of a document of a draft.

    Raises
    ------
    GoedeBuurError
        `draft-unknown`, `draft-part`.
    """
    held = drafting.require_draft(person, draft)
    document = _document(held, sha256)
    kept = store.reading(draft, sha256) or {"proposals": [], "unread": [], "pages_unread": []}
    return ReadDocument(
        document=document,
        proposals=tuple(_proposed(held, sha256, at, one) for at, one in enumerate(kept["proposals"])),
        left_out=tuple(LeftOut(o["page"], o["number"], o["text"], Why(o["why"])) for o in kept["unread"]),
        pages_unread=tuple((page, reason) for page, reason in kept["pages_unread"]),
        shapes=tuple(kept.get("shapes", ())),
        **{name: kept.get(name, 0) for name in ("pages", "sentences", "other", "running")},
    )


def page_image(person: Person, draft: int, files: Documents, sha256: str, page: int) -> bytes:
    """Return a page of a document of a draft as a PNG; errors as :func:`read` and :func:`permit_pdf.image`."""
    held = drafting.require_draft(person, draft)
    document = _document(held, sha256)
    return permit_pdf.image(files.get(sha256), document.name, page)


def _document(held: Draft, sha256: str) -> Document:
    found = next((one for one in held.documents if one.sha256 == sha256), None)
    if found is None:
        held.part(f"document {sha256[:12]}")
        raise AssertionError("a draft has no part of that name")
    return found


def _kept(found: Extraction) -> dict[str, Any]:
    """Return an extraction as a plain object for the database."""
    return {
        "proposals": [
            {
                "kind": one.kind,
                "fields": dict(one.fields),
                "sentence": " ".join(sentence.text for sentence in one.sentences),
                "page": one.sentences[0].page,
                "boxes": [
                    [box.left, box.top, box.right, box.bottom]
                    for sentence in one.sentences
                    if sentence.page == one.sentences[0].page
                    for box in sentence.boxes
                ],
                "confidence": one.confidence.value,
                "doubts": [doubt.value for doubt in one.doubts],
                "note": one.note,
            }
            for one in found.proposals
        ],
        "unread": [
            {"page": o.sentence.page, "number": o.sentence.number, "text": o.sentence.text, "why": o.why.value}
            for o in found.unread
        ],
        "pages_unread": [[page.number, page.reason] for page in found.pages_unread],
        "pages": found.pages,
        "sentences": found.sentences,
        "other": found.other,
        "running": found.running,
        "shapes": list(found.shapes),
    }


def _proposed(held: Draft, sha256: str, at: int, one: Mapping[str, Any]) -> Proposed:
    name = f"{sha256}/{at}"
    return Proposed(
        number=at,
        name=name,
        kind=one["kind"],
        fields={**_in_dutch(one["fields"], one["doubts"]), "page": str(one["page"])},
        sentence=one["sentence"],
        page=one["page"],
        boxes=tuple(Box(*edges) for edges in one["boxes"]),
        confidence=Confidence(one["confidence"]),
        doubts=tuple(Doubt(doubt) for doubt in one["doubts"]),
        note=one["note"],
        settled=held.settled.get(name, ""),
    )


def _in_dutch(fields: Mapping[str, str], doubts: Sequence[str]) -> dict[str, str]:
    """Return the fields with a comma in numbers; one whose point is doubtful stays as it is written."""
    numbers = {one.name for one in every_condition_field() if one.shape is Shape.NUMBER}
    doubtful = Doubt.POINT.value in doubts
    return {
        name: dutch.written(value) if name in numbers and not (doubtful and name == "value") else value
        for name, value in fields.items()
    }


# -- spreadsheet ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SheetError:
    """One mistake in a spreadsheet: where, which value, what is wrong and what to do."""

    sheet: str
    row: int
    cell: str
    label: str
    trouble: Trouble

    def error(self, name: str) -> GoedeBuurError:
        """Return it as the error of a file: where, which value, and by which rule."""
        parts = [name, f"sheet {self.sheet}"]
        parts += [f"row {self.row}"] if self.row else []
        parts += [f"column {self.label}"] if self.label else []
        parts += [f"cell {self.cell}"] if self.cell else []
        return self.trouble.error(", ".join(parts))


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A filled-in template: what is typed in it, all mistakes, and what is told beside them."""

    decision: Mapping[str, str]
    conditions: tuple[Mapping[str, str], ...]
    errors: tuple[SheetError, ...]
    remarks: tuple[Text, ...]


def read_sheet(data: bytes, name: str, names: Names, record: Record | None) -> SheetRead:
    """Return what is typed in a filled-in template, with every mistake in it at once.

    Raises
    ------
    GoedeBuurError
        As :func:`permit_sheet.read`.
    """
    found = permit_sheet.read(data, name)
    there = drafting.places(record, found.decision.fields.get("site", ""))
    whole = entry.permit(
        found.decision.fields, [row.fields for row in found.rows], names, places=there, law=entry_law.law(record)
    )
    told = [*_errors(found.decision, whole.of_decision)]
    for row, troubles in zip(found.rows, whole.by_condition, strict=True):
        told.extend(_errors(row, troubles))
    return SheetRead(found.decision.fields, tuple(row.fields for row in found.rows), tuple(told), found.remarks)


def _errors(row: permit_sheet.Row, troubles: Sequence[Trouble]) -> list[SheetError]:
    """Return the mistakes of a row; of a cell that the spreadsheet spoiled only that."""
    spoiled = {one.field for one in row.troubles}
    every = [*row.troubles, *(one for one in troubles if one.field not in spoiled)]
    return [
        SheetError(row.sheet, row.number, row.places.get(one.field, ""), permit_sheet.label_of(row, one.field), one)
        for one in every
    ]
