"""Pages for the second person: part by part, the text beside what was entered; and publishing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.permits.drafts import DECISION, next_to
from goedebuur.core.permits.timeline import number_key
from goedebuur.rules.substance_names import names
from goedebuur.services import drafting, permits
from goedebuur.services.drafting import View
from goedebuur.web import entry_form
from goedebuur.web.draft_rows import sentence_of, understood
from goedebuur.web.file_words import file_error
from goedebuur.web.record import opened, writing
from goedebuur.web.views.draft_documents import files
from goedebuur.web.views.drafts import known_record
from goedebuur.web.working import Work, works


@works
def first(work: Work, draft_id: int) -> HttpResponse:
    """Go to the first part that this person can check; to the draft where there is none."""
    view = drafting.view(work.person, draft_id, names(), known_record())
    key = next((key for key in _order(view) if _can(view, work, key)), "")
    if not key:
        messages.info(work.request, _("There is nothing here that you can check."))
        return redirect("draft", draft_id)
    return redirect("draft-check-part", draft_id, key)


def _order(view: View) -> list[str]:
    conditions = sorted(view.draft.conditions, key=lambda part: number_key(part.fields.get("number", "")))
    return [DECISION, *(part.key for part in conditions)]


def _can(view: View, work: Work, key: str) -> bool:
    part = view.draft.part(key)
    return part.checked_by is None and work.person.id not in part.authors


@works
def part(work: Work, draft_id: int, key: str) -> HttpResponse:
    """Show one part to check, or keep what the second person says of it."""
    if work.posted:
        try:
            _decide(work, draft_id, key)
        except GoedeBuurError as error:
            if not drafting.is_conflict(error):
                raise
            messages.warning(work.request, _("This was changed while you looked at it. Look at it once more."))
            return redirect("draft-check-part", draft_id, key)
        held = drafting.require_draft(work.person, draft_id)
        order = [held.part(one) for one in _order(drafting.view(work.person, draft_id, names(), known_record()))]
        mine = [one for one in order if work.person.id not in one.authors or one.key == key]
        after = next_to(mine, key)
        return redirect("draft-check-part", draft_id, after) if after else redirect("draft", draft_id)
    view = drafting.view(work.person, draft_id, names(), known_record())
    shown = view.draft.part(key)
    keys = _order(view)
    troubles = view.whole.of_decision if key == DECISION else view.checked[key].troubles
    return work.page(
        "check.html",
        view=view,
        draft=view.draft,
        part=shown,
        is_decision=key == DECISION,
        at=keys.index(key) + 1,
        total=len(keys),
        done=sum(one.checked_by is not None for one in view.draft.parts),
        understood=understood(shown.fields, view.places, view.law),
        sentence=sentence_of(view.checked[key]) if key != DECISION else "",
        troubles=[f"{entry_form.label(one.field)}: {entry_form.said(one.message)}" for one in troubles],
        own=work.person.id in shown.authors,
        checked_by=view.people.get(shown.checked_by or 0, ""),
        authors=", ".join(view.people.get(number, "") for number in shown.authors),
    )


def _decide(work: Work, draft_id: int, key: str) -> None:
    seen = work.request.POST.get("seen", "")
    revision = int(seen) if seen.isdecimal() else 0
    if work.request.POST.get("do") == "right":
        drafting.check(work.person, draft_id, key, revision, work.now, names(), known_record())
        return
    remark = work.request.POST.get("remark", "")
    if remark.strip():
        drafting.hand_back(work.person, draft_id, key, remark, revision, work.now)


@works
def publish(work: Work, draft_id: int) -> HttpResponse:
    """Publish a draft of which all parts were checked."""
    view = drafting.view(work.person, draft_id, names(), known_record())
    if not work.posted:
        return work.page("publish.html", view=view, draft=view.draft, again=_again(view))
    record = writing()
    if record is None:
        return work.page("publish.html", status=503, view=view, draft=view.draft, elsewhere=True)
    reason = work.request.POST.get("reason", "")
    try:
        leaf = drafting.publish(record, work.person, draft_id, files(), work.now, names(), reason=reason)
    except GoedeBuurError as error:
        if not error.code.startswith(("permit-", "site-", "closing-", "lock-")):
            raise
        return work.page(
            "publish.html", status=422, view=view, draft=view.draft, **file_error(error), again=_again(view)
        )
    messages.success(work.request, _("The decision is published, as entry %(leaf)s of the log.") % {"leaf": leaf})
    return redirect("draft", draft_id)


def _again(view: View) -> bool:
    """Return whether a decision of this name is published already, so that this corrects it."""
    name = view.draft.decision.fields.get("id", "")
    try:
        permits.find(opened(), name)
    except GoedeBuurError:
        return False
    return True
