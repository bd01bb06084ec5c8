"""From an error to what the reader gets: a problem (RFC 9457) for programs, a page for people.

Only this module knows HTTP statuses. A problem is in English, a page in the language of its reader.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable
from typing import Any, Final

import msgspec
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goedebuur.core.base.errors import CATALOGUE, GoedeBuurError, declare
from goedebuur.web import case_errors
from goedebuur.web.asking import BadParameterError

log = logging.getLogger(__name__)

CONFIDENTIAL: Final = (
    *("/werk/", "/en/werk/", "/api/zgw/", "/zoeken/", "/en/zoeken/"),
    *("/bevindingen/volgen/", "/en/bevindingen/volgen/", "/beheer/"),
)
"""Pages that work with what is not public: of an error there the log says where in the program, and nothing else."""
FOR_DJANGO: Final = (Http404, PermissionDenied, SuspiciousOperation)
"""Errors that Django has an answer to."""
NOT_FOUND: Final = declare("web-not-found", "There is nothing at this address.")
FORBIDDEN: Final = declare("web-forbidden", "The reader may not see or do this.")
BAD_REQUEST: Final = declare("web-bad-request", "The request cannot be understood.")
TOO_MANY: Final = declare("web-too-many-attempts", "Signing in failed too many times; it is closed for an hour.")
INTERNAL: Final = declare("web-internal", "Something went wrong in the program; the log says what.")
UNAVAILABLE: Final = declare("web-unavailable", "The database does not answer at the moment.")

STATUS: Final[dict[str, int]] = {
    NOT_FOUND: 404,
    FORBIDDEN: 403,
    BAD_REQUEST: 400,
    TOO_MANY: 429,
    INTERNAL: 500,
    UNAVAILABLE: 503,
    "web-parameter": 400,
    "case-unknown": 404,
    "case-token": 401,
    "case-file": 404,
    "case-mail-unknown": 409,
    "case-changed": 409,
    "case-not-allowed": 409,
    "case-four-eyes": 409,
    "case-their-answer": 409,
    "web-no-record": 503,
    "rules-unknown-rule": 404,
    "submission-malformed": 400,
    "submission-unknown-submitter": 403,
    "submission-unknown-key": 403,
    "submission-wrong-signature": 403,
    "submission-certificate": 403,
    "submission-key-revoked": 403,
    "submission-key-expired": 403,
    "submission-clock": 403,
    "submission-accreditation": 403,
    "submission-scope-method": 403,
    "submission-scope-quantity": 403,
    "submission-other-site": 403,
    "submission-replay": 409,
    "submission-offset": 409,
    "submission-payload": 422,
    "submission-unknown": 404,
    "submission-too-many": 429,
    "submission-length": 411,
    "submission-too-large": 413,
    "submission-slow": 408,
    "site-unknown": 404,
    "dispersion-unknown": 404,
    "dispersion-not-done": 409,
    "dispersion-no-import": 404,
    "dispersion-unreadable": 409,
    "emission-unknown": 404,
    "emission-not-published": 404,
    "emission-period": 404,
    "stack-unknown": 404,
    "measurement-unknown": 404,
    "query-no-blocks": 404,
    "query-no-mean": 404,
    "query-no-rules": 404,
    "draft-unknown": 404,
    "draft-part": 404,
    "draft-document": 404,
    "draft-forbidden": 403,
    "draft-other-authority": 403,
    "draft-own-work": 403,
    "draft-closed": 409,
    "draft-conflict": 409,
    "draft-unfinished": 409,
    "draft-busy": 503,
}
PREFIX_STATUS: Final[tuple[tuple[str, int], ...]] = (
    ("query-unknown-", 404),
    ("query-", 400),
    ("case-", 422),
    ("people-", 422),
    ("closing-", 422),
    ("emission-claim", 422),
    ("dispersion-", 422),
)

DELIVERING_STATUS: Final[dict[str, int]] = {
    "input-too-large": 413,
    "journal-too-large": 413,
    "journal-read-only": 409,
    "lock-busy": 409,
}
"""Of errors that are the fault of a delivery where one is sent, and of the program anywhere else."""
DELIVERING_PREFIXES: Final[tuple[tuple[str, int], ...]] = (("input-", 422), ("adapter-", 422))

SENTENCES: Final[dict[str, str]] = {
    NOT_FOUND: gettext_noop("There is nothing at this address. It may have been typed wrongly."),
    FORBIDDEN: gettext_noop("You may not see this page."),
    BAD_REQUEST: gettext_noop("We did not understand this request."),
    TOO_MANY: gettext_noop("Signing in failed too many times. Try again in an hour."),
    INTERNAL: gettext_noop("Something went wrong on our side. We keep a note of it under the number below."),
    UNAVAILABLE: gettext_noop("This part of the website does not work for a moment. Try again in a few minutes."),
    "web-parameter": gettext_noop("A part of the address cannot be read."),
    "web-no-record": gettext_noop("There are no measurements here yet."),
    "query-unknown-station": gettext_noop("We do not know a station with this name."),
    "query-unknown-series": gettext_noop("We do not know this series of measurements."),
    "site-unknown": gettext_noop("We do not know a site with this name."),
    "dispersion-unknown": gettext_noop("We do not know a dispersion study at this address."),
    "dispersion-not-done": gettext_noop("This dispersion study has no results yet."),
    "dispersion-unreadable": gettext_noop("What was asked in this dispersion study cannot be read."),
    "dispersion-no-import": gettext_noop("These results of another model are not beside the study, or were withdrawn."),
    "query-unknown-observation": gettext_noop("We do not have a value for this moment."),
    "rules-unknown-rule": gettext_noop("We do not know this limit or guideline."),
    "query-unknown-delivery": gettext_noop("We do not know this delivery."),
    "query-unknown-verdict": gettext_noop("Nothing was measured of this series in this year."),
    "query-unknown-finding": gettext_noop("We do not know a public finding at this address."),
    "case-unknown": gettext_noop("There is no such case, or you may not see it."),
    "case-changed": gettext_noop("Someone else changed this case in the meantime. Nothing of yours was saved."),
    "case-not-allowed": gettext_noop("This cannot be done with the case as it is now, or not with your role."),
    "case-four-eyes": gettext_noop("You wrote something of this text: a colleague reviews it and decides."),
    "case-one-operator": gettext_noop("A finding is about one operator: make one for each."),
    "case-their-answer": gettext_noop("The operator answered itself. Nobody answers in its place."),
    "case-incomplete": gettext_noop("Something that this step needs is not filled in."),
    "case-term": gettext_noop("The term cannot be so, or a shorter term lacks its reason."),
    "case-term-runs": gettext_noop("The term has not passed yet: it runs to the end of its last day."),
    "case-mail-unknown": gettext_noop("This mail does not wait for a case any more. A colleague may have handled it."),
    "case-day": gettext_noop("This day lies in the past."),
    "case-emissions": gettext_noop("Information on emissions cannot be withheld on this ground (Woo 5.1(7))."),
    "emission-claim": gettext_noop("A line on the state of the plant cannot be read."),
    "emission-claim-point": gettext_noop("The finding is not about this emission point."),
    "emission-claim-moment": gettext_noop("This is no day with a time."),
    "emission-claim-order": gettext_noop("The claim ends before it begins."),
    "emission-claim-outside": gettext_noop("The claim is about a time outside the year of the verdict."),
    "emission-claim-short": gettext_noop("No whole average lies in the time of the claim."),
    "emission-claim-overlap": gettext_noop("Another claim is about this time already."),
    "emission-claim-state": gettext_noop("The rules do not know this state of the plant."),
    "emission-claim-cause": gettext_noop("The claim has no cause."),
    "emission-claim-reply": gettext_noop("A reply to a claim lacks its reason or its article, or is about no claim."),
    "emission-claim-evidence": gettext_noop("The file that should prove it is not with the case."),
    "emission-claim-many": gettext_noop("These are more claims or files than there can be."),
    "closing-unknown": gettext_noop("Choose a ground of the list."),
    "closing-undecided": gettext_noop("Say that you read the law and that this ground holds here."),
    "people-unknown": gettext_noop("Nobody with this e-mail address has a role for this authority."),
    "query-other-quantity": gettext_noop("This limit or guideline is about another substance than this series."),
    "query-no-blocks": gettext_noop("There is no proof of this figure: it was delivered before we made such proofs."),
    "query-no-mean": gettext_noop(
        "There is no proof of this mean: some steps of this series are longer than an hour and others shorter."
    ),
    "query-no-rules": gettext_noop("There is no proof of this verdict: its rules are not in the record."),
    "draft-unknown": gettext_noop("There is no such decision in progress, or you may not see it."),
    "draft-part": gettext_noop("This decision has no such condition any more."),
    "draft-document": gettext_noop("The file of this document is not there."),
    "draft-forbidden": gettext_noop("Your role does not allow this."),
    "draft-other-authority": gettext_noop("A decision of that name was published by others."),
    "draft-own-work": gettext_noop("You entered or changed this yourself: another person checks it."),
    "draft-closed": gettext_noop("This decision is published or thrown away. It does not change any more."),
    "draft-conflict": gettext_noop("Someone else changed this in the meantime."),
    "draft-unfinished": gettext_noop("This is not finished: something is not right, or not checked."),
    "draft-busy": gettext_noop("Too many people save this at once. Try again in a minute."),
    "submission-malformed": gettext_noop("This signed delivery is not in the form that it has to have."),
    "submission-unknown-submitter": gettext_noop("Nobody of this name may deliver here."),
    "submission-unknown-key": gettext_noop("We do not know this key of the supplier."),
    "submission-wrong-signature": gettext_noop("The signature does not fit this delivery and this key."),
    "submission-certificate": gettext_noop("The certificates do not show whose key this is."),
    "submission-key-revoked": gettext_noop("This key was revoked."),
    "submission-key-expired": gettext_noop("This key is not valid yet, or no longer."),
    "submission-clock": gettext_noop("The clock of the supplier is wrong, or the delivery was signed too long ago."),
    "submission-accreditation": gettext_noop("The supplier is not accredited on this day."),
    "submission-scope-method": gettext_noop("The supplier may not deliver this format or this method."),
    "submission-scope-quantity": gettext_noop("The supplier may not deliver this substance."),
    "submission-other-site": gettext_noop("This delivery is about a place that is not one of this supplier."),
    "submission-replay": gettext_noop("The supplier used the number of this delivery for another one."),
    "submission-offset": gettext_noop("This part does not follow what came before it."),
    "submission-payload": gettext_noop("These are not the bytes that were signed."),
    "submission-unknown": gettext_noop("We do not know this signed delivery."),
    "submission-too-many": gettext_noop("This supplier has too many deliveries under way."),
    "submission-length": gettext_noop("It was not said how many bytes are sent."),
    "submission-too-large": gettext_noop("This delivery is larger than we take."),
    "submission-slow": gettext_noop("This part took too long. What came is kept."),
}
"""What went wrong, for readers of pages."""
HINTS: Final[dict[str, str]] = {
    "web-no-record": gettext_noop(
        "Come back later. Do you manage this website? Deliver files with `goedebuur ingest`, "
        "or look at the demo with `goedebuur demo`."
    ),
    "query-unknown-station": gettext_noop("Choose a station from the list of all stations."),
    "query-unknown-series": gettext_noop("Choose a series from the list of all series."),
    "site-unknown": gettext_noop("Choose a site from the list of all companies and their sites."),
    "dispersion-unknown": gettext_noop("Choose a study from the list."),
    "dispersion-not-done": gettext_noop("Look at the study itself: it says how far it is."),
    "dispersion-unreadable": gettext_noop("Who runs this website can put it back from a copy."),
    "dispersion-no-import": gettext_noop("Look at the study itself: it says what was brought and withdrawn."),
    "query-unknown-observation": gettext_noop(
        "Go to the chart of the series. In the table below it each value leads to its own history."
    ),
    "rules-unknown-rule": gettext_noop("Choose a limit or guideline from the table of verdicts."),
    "query-unknown-delivery": gettext_noop("Choose a delivery from the list of all deliveries."),
    "query-unknown-verdict": gettext_noop("Choose another year, or another series from the table of verdicts."),
    "query-other-quantity": gettext_noop("Choose a limit or guideline from the table of verdicts."),
    "query-unknown-finding": gettext_noop("Choose a finding from the list."),
    "case-unknown": gettext_noop("Choose one from the list of cases that you may see."),
    "case-not-allowed": gettext_noop("Open the case again: it shows what can be done now."),
    "case-four-eyes": gettext_noop("Ask a colleague with this role who wrote nothing of it."),
    "query-no-blocks": gettext_noop(
        "Go to the delivery: its fingerprint is in the log. With a copy of the record all of it can be checked."
    ),
    "emission-claim": gettext_noop("Look at the line: point, from, until, state and cause, in this order."),
    "emission-claim-point": gettext_noop("Choose a point of the list."),
    "emission-claim-moment": gettext_noop("Fill in a day and a time, as 03-03-2026 05:00."),
    "emission-claim-order": gettext_noop("Let it end after its beginning."),
    "emission-claim-outside": gettext_noop("Choose a time in the year that the verdict is about."),
    "emission-claim-short": gettext_noop("Make the time longer, until at least one whole average lies in it."),
    "emission-claim-overlap": gettext_noop("Let one end where the other begins, or take one away."),
    "emission-claim-state": gettext_noop("Choose a state of the list."),
    "emission-claim-cause": gettext_noop("Fill in what happened."),
    "emission-claim-reply": gettext_noop("Fill in a reason, and for accepted or refused an article too."),
    "emission-claim-evidence": gettext_noop("Add the file again."),
    "emission-claim-many": gettext_noop("Put claims together that follow each other, or take some away."),
    "draft-unknown": gettext_noop("Choose one from the list of decisions in progress."),
    "draft-part": gettext_noop("It may have been taken out. Go back to the decision."),
    "draft-document": gettext_noop("Add the document once more."),
    "draft-forbidden": gettext_noop("Ask an administrator for a role, or a colleague who has one."),
    "draft-other-authority": gettext_noop("Give this decision another identifier, or ask whoever published it."),
    "draft-own-work": gettext_noop("Ask a colleague with a role for this authority."),
    "draft-closed": gettext_noop("A published decision is put right by entering it once more."),
    "draft-conflict": gettext_noop("Go back to the decision and look at what the other changed."),
    "draft-unfinished": gettext_noop("Go back to the decision: it says what is still to be done."),
    "query-no-mean": gettext_noop(
        "Take the proof of a single value: in the table of a series each value leads to its own history."
    ),
    "query-no-rules": gettext_noop("Ask who manages this website to publish the verdicts of a year."),
}
"""What a reader of pages can do; an error's own hint is for the command line and for programs."""
FIELDS: Final[dict[str, str]] = {
    "subject": gettext_noop("Fill in the subject."),
    "text": gettext_noop("Fill in the text."),
    "reason": gettext_noop("Fill in the reason."),
    "answer": gettext_noop("Fill in the answer."),
    "reply": gettext_noop("Reply to at least one claim."),
    "extension": gettext_noop("Fill in by how much the term is prolonged: once, and no longer than the term itself."),
    "ground": gettext_noop("Fill in the ground."),
    "withheld_until": gettext_noop("Fill in until when it is withheld."),
    "publish_on": gettext_noop("Fill in a day from today on."),
    "operators": gettext_noop("Choose the operator that it is about."),
    "applicants": gettext_noop("Choose who asked for it."),
    "party": gettext_noop("Fill in a name or an e-mail address."),
    "title": gettext_noop("Fill in what is to be done."),
}
"""Field of a form → what to do, where something lacks or is wrong there."""
LEADS: Final[dict[str, str]] = {
    "query-unknown-station": "stations",
    "site-unknown": "sites",
    "query-unknown-series": "downloads",
    "dispersion-unknown": "dispersion",
    "dispersion-not-done": "dispersion",
    "dispersion-unreadable": "dispersion",
    "dispersion-no-import": "dispersion",
    "query-unknown-observation": "downloads",
    "rules-unknown-rule": "verdict-years",
    "query-unknown-delivery": "deliveries",
    "query-unknown-verdict": "verdict-years",
    "query-other-quantity": "verdict-years",
    "query-no-blocks": "deliveries",
    "query-no-mean": "stations",
    "draft-unknown": "drafts",
    "query-unknown-finding": "findings",
    "case-unknown": "cases",
}
"""The page on which a reader can do what the hint says."""


def sentence(code: str) -> str:
    """Return what went wrong, for readers of pages, in their language."""
    if code.startswith(("input-", "adapter-")):
        return _("The file cannot be read.")
    return _(SENTENCES.get(code, SENTENCES[BAD_REQUEST]))


def said(error: GoedeBuurError) -> str:
    """Return what went wrong and where, for someone who fills in a form, in their language."""
    if isinstance(error, BadParameterError):
        return error.said()
    field = FIELDS.get(error.place, "")
    return f"{sentence(error.code)} {_(field)}".strip()


def status_of(code: str, *, delivering: bool = False) -> int:
    """Return the HTTP status of an error code; 500 for a code that no reader, or nobody who delivers, can cause."""
    known = STATUS | DELIVERING_STATUS if delivering else STATUS
    if code in known:
        return known[code]
    prefixes = PREFIX_STATUS + DELIVERING_PREFIXES if delivering else PREFIX_STATUS
    return next((status for prefix, status in prefixes if code.startswith(prefix)), 500)


def _status(request: HttpRequest, error: GoedeBuurError) -> int:
    delivering = request.method in ("POST", "PATCH") and request.path.startswith("/api/deliveries/")
    return status_of(error.code, delivering=delivering)


class ErrorsMiddleware:
    """Turns what a view raises into an answer. Nothing of a database error reaches the reader."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the answer to an error that was raised in a view; None leaves it to Django."""
        if isinstance(error, GoedeBuurError):
            if _status(request, error) >= 500 and error.code != "web-no-record":
                return _unexpected(request, error)
            return answer(request, error)
        if isinstance(error, DatabaseError):
            if request.path.startswith(CONFIDENTIAL):
                log.error("database error at %s\n%s", request.path, _trace(error))
            else:
                log.exception("database error at %s", request.path)
            return answer(request, GoedeBuurError(UNAVAILABLE, "The database does not answer at the moment."))
        if request.path.startswith(CONFIDENTIAL) and not isinstance(error, FOR_DJANGO):
            # Django would write the words of the error in the log
            return _unexpected(request, error)
        return None


def answer(request: HttpRequest, error: GoedeBuurError, *, reference: str = "") -> HttpResponse:
    """Return the problem or the page for an error."""
    status = _status(request, error)
    if request.path.startswith("/api/"):
        return _problem(request, error, status, reference)
    context: dict[str, Any] = {
        "error": error,
        "sentence": _(SENTENCES.get(error.code, SENTENCES[NOT_FOUND if status == 404 else BAD_REQUEST])),
        "place": case_errors.place(error),
        "value": case_errors.value(error),
        "hint": _hint(error),
        "lead": LEADS.get(error.code, ""),
        "reference": reference,
        "status": status,
    }
    return render(request, "web/error.html", context, status=status)


def _hint(error: GoedeBuurError) -> str:
    """Return what to do for a reader, in the reader's language; nothing where only the address can be wrong."""
    if isinstance(error, BadParameterError):
        return error.said()
    return _(HINTS[error.code]) if error.code in HINTS else ""


def _problem(request: HttpRequest, error: GoedeBuurError, status: int, reference: str) -> HttpResponse:
    body = {
        "type": f"urn:goedebuur:error:{error.code}",
        "title": CATALOGUE[error.code],
        "status": status,
        "detail": error.message,
        "instance": request.get_full_path(),
        "code": error.code,
    }
    extra = {"place": error.place, "value": error.value, "hint": error.hint, "reference": reference}
    body |= {name: text for name, text in extra.items() if text}
    return HttpResponse(msgspec.json.encode(body), status=status, content_type="application/problem+json")


def _unexpected(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    reference = secrets.token_hex(4)
    if error is not None and request.path.startswith(CONFIDENTIAL):
        log.error("error %s at %s\n%s", reference, request.path, _trace(error))
    else:
        log.error("error %s at %s", reference, request.path, exc_info=error or True)
    return answer(request, GoedeBuurError(INTERNAL, "Something went wrong in the program."), reference=reference)


def _trace(error: BaseException) -> str:
    """Return what went wrong and where in the program, without a word of what it was working on.

    What a database or a parser says may repeat the text of a case or somebody's address.
    """
    lines: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        frames = traceback.extract_tb(seen.__traceback__)
        lines += [f"{type(seen).__name__}", *(f"  {f.filename}:{f.lineno} {f.name}" for f in frames)]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(lines)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the answer to a request that Django refuses."""
    return answer(request, GoedeBuurError(BAD_REQUEST, "The request cannot be understood."))


def forbidden(request: HttpRequest, exception: PermissionDenied | None = None) -> HttpResponse:
    """Return the answer to a reader without permission."""
    return answer(request, GoedeBuurError(FORBIDDEN, "The reader may not see or do this."))


def not_found(request: HttpRequest, exception: Http404 | None = None) -> HttpResponse:
    """Return the answer to an unknown address."""
    return answer(request, GoedeBuurError(NOT_FOUND, "There is nothing at this address.", value=request.path))


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the answer to an error that nobody foresaw; it is in the log under the reference."""
    return _unexpected(request, None)


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """Return the answer to someone who gave wrong passwords too often."""
    return answer(request, GoedeBuurError(TOO_MANY, "Signing in failed too many times."))
