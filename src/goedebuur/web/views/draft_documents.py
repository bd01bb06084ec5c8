"""Pages for files of a decision: the template, a filled-in one, a PDF with what is proposed from its sentences."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from goedebuur.adapters import permit_pdf, permit_sheet, permit_template
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.permits import proposal_words
from goedebuur.core.permits.entry import fields as entry_fields
from goedebuur.rules.substance_names import names
from goedebuur.services import draft_documents, drafting
from goedebuur.services.draft_documents import Proposed, ReadDocument
from goedebuur.store.casework.documents import Documents
from goedebuur.web import entry_form
from goedebuur.web.draft_rows import in_short
from goedebuur.web.file_words import file_error, reason_words
from goedebuur.web.views.drafts import condition_page, known_record
from goedebuur.web.working import Work, works

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH: Final = 1000
"""Width of the drawing of a page, in its own units."""


@works
def template(work: Work) -> HttpResponse:
    """Give the empty template."""
    response = HttpResponse(permit_template.template(names()), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="vergunning.xlsx"'
    return response


@works
def from_sheet(work: Work) -> HttpResponse:
    """Make a draft of a filled-in template, or show every mistake in it at once."""
    authorities = drafting.authorities(work.person)
    if not authorities:
        raise drafting.forbidden("enter a decision", "")
    context: dict[str, Any] = {"authorities": authorities, "authority": work.request.POST.get("for", authorities[0])}
    if not work.posted:
        return work.page("sheet.html", **context)
    sent = work.request.FILES.get("file")
    if sent is None:
        return work.page("sheet.html", status=422, missing=True, **context)
    try:
        name = sent.name or "?"
        found = draft_documents.read_sheet(sent.read(permit_sheet.MAX_BYTES + 1), name, names(), known_record())
    except GoedeBuurError as error:
        return work.page("sheet.html", status=422, **file_error(error), **context)
    remarks = [entry_form.said(one) for one in found.remarks]
    if found.errors or work.request.POST.get("do") == "look":
        errors = [
            {
                "sheet": one.sheet,
                "row": one.row or "",
                "cell": one.cell,
                "label": one.label,
                "value": one.trouble.value,
                "message": entry_form.said(one.trouble.message),
                "hint": entry_form.said(one.trouble.hint),
            }
            for one in found.errors
        ]
        status = 422 if errors else 200
        more: dict[str, Any] = {
            "read": True,
            "name": name,
            "errors": errors,
            "remarks": remarks,
            "number": len(found.conditions),
        }
        return work.page("sheet.html", status=status, **more, **context)
    made = drafting.make(work.person, str(context["authority"]), found.decision, work.now, found.conditions)
    for remark in remarks:
        messages.warning(work.request, remark)
    return redirect("draft", made.id)


def files() -> Documents:
    """Return the files of drafts of this installation."""
    return Documents(settings.GOEDEBUUR.documents_dir)


@works
def attach(work: Work, draft_id: int) -> HttpResponse:
    """Attach a PDF to a draft, and go to what is proposed from it."""
    held = drafting.require_entering(work.person, draft_id)
    if not work.posted:
        return work.page("attach.html", draft=held)
    sent = work.request.FILES.get("file")
    if sent is None:
        return work.page("attach.html", status=422, draft=held, missing=True)
    try:
        data, name = sent.read(permit_pdf.MAX_BYTES + 1), sent.name or "document.pdf"
        title = work.request.POST.get("title", "")
        done = draft_documents.attach(work.person, draft_id, files(), data, name, title, work.now)
    except GoedeBuurError as error:
        if not error.code.startswith("input-"):
            raise
        return work.page("attach.html", status=422, draft=held, **file_error(error))
    return redirect("draft-document", draft_id, done.key)


@works
def document(work: Work, draft_id: int, sha256: str) -> HttpResponse:
    """Show what was proposed from a document, and what was not read of it."""
    if work.posted and work.request.POST.get("do") == "detach":
        draft_documents.detach(work.person, draft_id, sha256, work.now)
        messages.info(work.request, _("The document was taken away."))
        return redirect("draft", draft_id)
    held = drafting.require_draft(work.person, draft_id)
    found = draft_documents.read(work.person, draft_id, sha256)
    return work.page(
        "document.html",
        draft=held,
        found=found,
        may_enter=work.person.has(*drafting.ENTER, authority=held.authority),
        unread=[(page, reason_words(reason)) for page, reason in found.pages_unread],
        rows=[_row(one) for one in found.proposals],
        left_out=[(one, entry_form.said(proposal_words.WHY[one.why])) for one in found.left_out],
        first=found.waiting[0].number if found.waiting else None,
    )


def _row(one: Proposed) -> dict[str, Any]:
    return {
        "number": one.number,
        "page": one.page,
        "kind": entry_form.spoken("kind", one.kind),
        "words": in_short(one.fields),
        "sentence": one.sentence,
        "confidence": entry_form.said(proposal_words.CONFIDENCE[one.confidence]),
        "settled": one.settled,
    }


@works
def page_image(work: Work, draft_id: int, sha256: str, page: int) -> HttpResponse:
    """Give the image of one page of a document."""
    picture = draft_documents.page_image(work.person, draft_id, files(), sha256, page)
    return HttpResponse(picture, content_type="image/png")


@works
def proposal(work: Work, draft_id: int, sha256: str, number: int) -> HttpResponse:
    """Show one proposal beside its sentence on the page, to take over after a look, or to set aside."""
    held = drafting.require_entering(work.person, draft_id)
    found = draft_documents.read(work.person, draft_id, sha256)
    one = next((each for each in found.proposals if each.number == number), None)
    if one is None or one.settled:
        return redirect("draft-document", draft_id, sha256)
    do = work.request.POST.get("do", "") if work.posted else ""
    fields = entry_form.typed(entry_fields.every_condition_field(), work.request.POST) if work.posted else one.fields
    if do == "accept":
        source = {"document": sha256, "page": one.page, "proposal": one.name}
        drafting.add(work.person, draft_id, fields, work.now, source)
        messages.success(work.request, _("Condition %(number)s is taken over.") % {"number": fields.get("number", "")})
    elif do == "aside":
        drafting.set_aside(work.person, draft_id, one.name, work.now)
        messages.info(work.request, _("The proposal was set aside."))
    else:
        return condition_page(work, held, None, fields, check=True, proposal=_beside(one, found), found=found)
    return _next(draft_id, draft_documents.read(work.person, draft_id, sha256), number)


def _next(draft_id: int, found: ReadDocument, number: int) -> HttpResponse:
    """Go to the next proposal that waits, after this one first; to the document where none does."""
    waiting = [one.number for one in found.waiting]
    after = next((one for one in waiting if one > number), waiting[0] if waiting else None)
    if after is None:
        return redirect("draft-document", draft_id, found.document.sha256)
    return redirect("draft-proposal", draft_id, found.document.sha256, after)


def _beside(one: Proposed, found: ReadDocument) -> dict[str, Any]:
    """Return what stands beside the form: the sentence, its doubts, and its place on the image of the page."""
    shape = found.shapes[one.page - 1] if one.page <= len(found.shapes) else 1.414
    high = round(WIDTH * shape)
    return {
        "number": one.number,
        "page": one.page,
        "sentence": one.sentence,
        "note": one.note,
        "high": high,
        "confidence": entry_form.said(proposal_words.CONFIDENCE[one.confidence]),
        "doubts": [entry_form.said(proposal_words.DOUBTS[doubt]) for doubt in one.doubts],
        "boxes": [
            {
                "x": round(box.left * WIDTH - 4),
                "y": round(box.top * high - 3),
                "width": round((box.right - box.left) * WIDTH + 8),
                "height": round(box.height * high + 6),
            }
            for box in one.boxes
        ],
    }
