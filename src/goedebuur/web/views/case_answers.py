"""An operator answers a finding with claims, the authority replies to each, and all of it stands side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework.states import FOUR_EYES, NOT_ALLOWED
from goedebuur.core.compliance.emissions import answers
from goedebuur.core.compliance.emissions.answers import Replied
from goedebuur.core.compliance.emissions.claims import Claim, Word
from goedebuur.services import answer_sides, case_answers, casework, stack_verdicts
from goedebuur.services.case_answers import Decision, Question
from goedebuur.services.record import Record
from goedebuur.store.casework.cases import CHANGED
from goedebuur.web import answer_form, answer_rows, case_forms, errors, stack_verdict_rows
from goedebuur.web.answer_form import Form
from goedebuur.web.asking import BadParameterError
from goedebuur.web.record import opened
from goedebuur.web.stack_verdict_rows import ApartRow
from goedebuur.web.working import Work, works

LARGEST: Final = 20
"""Largest file that proves a claim. [MiB]"""
TOO_LARGE: Final = gettext_noop("A file has %(most)s MB at most.")
STALE: Final = (CHANGED, NOT_ALLOWED, FOUR_EYES)
"""Errors after which the page is one of another moment."""


@works
def answer(work: Work, name: str) -> HttpResponse:
    """Answer with the form in which an operator answers with claims; foresee what they would change, or send them."""
    record = opened()
    asked = case_answers.question(record, work.person, name, work.now)
    if not work.posted:
        return _form(work, record, asked, _begun(asked))
    form = _changed(work, asked, _with_files(work, name, answer_form.read(work.request.POST, len(asked.subjects))))
    if form.do not in ("look", "send"):
        return _form(work, record, asked, form)
    form = replace(form, rows=answer_form.added(form.rows, ()))
    found, faults = case_answers.read(asked, form.rows)
    if faults:
        return _form(work, record, asked, form, status=422, faults=[answer_rows.fault(one) for one in faults])
    seen = answer_form.digest(found)
    if form.do == "look" or form.seen != seen:
        told = case_answers.foreseen(record, asked, found)
        later = form.do == "send"
        return _form(work, record, asked, form, foreseen=told, seen=seen, later=later, nothing=not found)
    try:
        after = case_answers.answer(work.person, asked, form.words, found, _revision(work), work.now)
    except GoedeBuurError as error:
        if error.code == casework.UNKNOWN:
            raise
        status = 409 if error.code in STALE else 422
        return _form(work, record, asked, form, status=status, problem=errors.said(error), seen=seen)
    return HttpResponseRedirect(reverse("case-sides", args=[after.case.number]))


def _begun(asked: Question) -> Form:
    """Return the form as it opens: with what was answered before, if anything was."""
    before = asked.view.case.answer
    rows = answer_form.of_claims(answers.told(before))
    return Form("", answers.prose(before), rows, {}, {}, "")


def _with_files(work: Work, name: str, form: Form) -> Form:
    """Return the form with the files that came with it, kept with the case."""
    rows = list(form.rows)
    for number, row in enumerate(rows, 1):
        sent = work.request.FILES.get(f"file-{number}")
        if sent is not None and sent.size:
            if sent.size > LARGEST * 2**20:
                raise BadParameterError("file", sent.name or "", TOO_LARGE, most=LARGEST)
            kept = case_answers.keep(settings.GOEDEBUUR.home, work.person, name, sent.name or "", sent.read(), work.now)
            rows[number - 1] = answer_form.with_evidence(row, kept)
    return replace(form, rows=tuple(rows))


def _changed(work: Work, asked: Question, form: Form) -> Form:
    """Return the form after claims were added or taken away."""
    what, number = form.do.partition("-")[0], form.number
    if what == "add":
        point = asked.subjects[0].stream.emission_point if asked.subjects else ""
        return replace(form, rows=(*form.rows, answers.Written(point, "", "", "", ""))[: case_answers.MOST_CLAIMS])
    if what == "drop":
        return replace(form, rows=tuple(row for n, row in enumerate(form.rows, 1) if n != number))
    if what == "pick" and number in form.picks and number < len(asked.subjects):
        step = asked.claimable[number].bounds.step
        more = answer_form.picked(form.picks[number], step, asked.subjects[number].stream.emission_point)
        return replace(form, rows=answer_form.added(form.rows, more))
    return form


@dataclass(frozen=True, slots=True)
class Picker:
    """A verdict from which times can be picked: its days, and the averages of the day that is shown."""

    number: int
    subject: answer_rows.SubjectRow
    unit: str
    days: list[answer_rows.DayChoice]
    day: str
    rows: list[tuple[str, ApartRow]]


def _picker(record: Record, asked: Question, number: int, chosen: str) -> Picker:
    subject = asked.subjects[number]
    key = (subject.named.stream, subject.named.requirement)
    above = stack_verdicts.apart(record, subject.view, *key, above_alone=True).found
    days = answer_rows.days(subject, above.rows)
    day = chosen if len(chosen) == len("2026-03-03") else days[0].day if days else ""
    rows: list[tuple[str, ApartRow]] = []
    if day:
        try:
            found = stack_verdicts.apart(record, subject.view, *key, day).found.rows
        except GoedeBuurError as error:
            if error.code != stack_verdicts.NO_PERIOD:
                raise
        else:
            rows = list(zip((row.start for row in found), stack_verdict_rows.apart_rows(found), strict=True))
    return Picker(number, answer_rows.subject(subject), above.unit, days, day, rows)


def _form(
    work: Work,
    record: Record,
    asked: Question,
    form: Form,
    *,
    status: int = 200,
    foreseen: answer_sides.Sides | None = None,
    **context: Any,
) -> HttpResponse:
    pickers = [_picker(record, asked, n, form.days.get(n, "")) for n in range(len(asked.subjects))]
    named = answer_rows.names(asked.subjects)
    points = dict.fromkeys(one.stream.emission_point for one in asked.subjects)
    files = {one: case_answers.file_name(asked, one) for row in form.rows for one in row.evidence}
    told = answer_rows.context(foreseen) if foreseen is not None else {}
    return work.page(
        "answer.html",
        status=status,
        case=asked.view.case,
        revision=_revision(work) if work.posted else asked.view.revision,
        pickers=pickers,
        points=[(point, named.get(point, point)) for point in points],
        states=answer_rows.states(asked.claimable),
        rules=answer_rows.rules(asked.claimable),
        years=sorted({one.named.year for one in asked.subjects}),
        form=form,
        files=files,
        most=LARGEST,
        foreseen=told,
        **context,
    )


def _revision(work: Work) -> int:
    given = work.request.POST.get("revision", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


@works
def reply(work: Work, name: str) -> HttpResponse:
    """Answer with the form in which an authority replies to each claim; foresee what that changes, or keep it."""
    record = opened()
    view, claims = case_answers.claims_of(work.person, name, work.now)
    post = work.request.POST
    if not work.posted:
        given = {one.number: _given(record, view.case.shown_text, one) for one in claims}
        return _reply_form(work, record, view, claims, given)
    given = {
        one.number: Decision(
            post.get(f"word-{one.number}", ""),
            case_forms.text(post, f"article-{one.number}", answer_form.LONGEST_CAUSE // 5),
            case_forms.text(post, f"reason-{one.number}", answer_form.LONGEST_CAUSE * 4),
        )
        for one in claims
    }
    try:
        lines = case_answers.replied(claims, given)
        if post.get("do") != "keep":
            return _reply_form(work, record, view, claims, given, lines=lines)
        after = case_answers.reply(work.person, view, lines, _revision(work), work.now)
    except GoedeBuurError as error:
        if error.code == casework.UNKNOWN:
            raise
        status = 409 if error.code in STALE else 422
        return _reply_form(work, record, view, claims, given, status=status, faults=[answer_rows.fault(error)])
    return HttpResponseRedirect(reverse("case-sides", args=[after.case.number]))


def _given(record: Record, text: str, one: Replied) -> Decision:
    """Return what was said of a claim; the article of its state where nothing was."""
    if one.reply is not None:
        return Decision(one.word, one.reply.article, one.reply.words)
    found, _unknown = answer_sides.subjects(record, text)
    rows = (row for each in found for row in answer_sides.claimable(record, each).rows)
    return Decision("", next((row.article for row in rows if row.state == one.claim.state), ""), "")


def _reply_form(
    work: Work,
    record: Record,
    view: casework.CaseView,
    claims: Sequence[Replied],
    given: dict[int, Decision],
    *,
    status: int = 200,
    lines: str | None = None,
    **context: Any,
) -> HttpResponse:
    case = view.case
    named = answer_rows.names(answer_sides.subjects(record, case.shown_text)[0])
    foreseen = {}
    if lines is not None:
        foreseen = answer_rows.context(answer_sides.sides(record, case.shown_text, case.answer, lines))
    return work.page(
        "reply.html",
        status=status,
        case=case,
        revision=_revision(work) if work.posted else view.revision,
        rows=[(answer_rows.claim(one, named), given[one.number]) for one in claims],
        choices=[(str(word), answer_rows.WORDS[word]) for word in (Word.ACCEPTED, Word.REFUSED, Word.MORE)],
        foreseen=foreseen,
        **context,
    )


@works
def sides(work: Work, name: str) -> HttpResponse:
    """Answer with the finding, the answer, the reply to each claim and the verdicts, side by side."""
    reading = work.reading()
    view, found = case_answers.sides(reading.record, work.person, name, work.now, reading.as_of)
    steps = [step.event for step in view.steps]
    return work.page(
        "sides.html",
        reading=reading,
        case=view.case,
        text=view.case.shown_text or view.case.text,
        may_answer=case_answers.ANSWER in steps and bool(found.subjects),
        may_reply=case_answers.REPLY in steps,
        exchange=[(one, _exchanged(one)) for one in case_answers.exchange(view)],
        internal=view.internal,
        **answer_rows.context(found),
    )


def _exchanged(one: case_answers.Said) -> list[str]:
    """Return the claims of an earlier answer, or what an earlier reply says of each, a line each."""
    return [_line(each) for each in answers.told_in(one.text)]


def _line(one: Claim) -> str:
    when = _("%(point)s, %(start)s to %(end)s: %(state)s") % {
        "point": one.point,
        "start": answer_rows.clock(one.start),
        "end": answer_rows.clock(one.end),
        "state": answer_rows.state(one.state),
    }
    word = _(answer_rows.WORDS[one.word]) if one.word is not Word.OTNOC else ""
    return ", ".join(part for part in (when, word, one.article, one.words) if part)
