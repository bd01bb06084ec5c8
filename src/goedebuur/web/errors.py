"""From an error to what the reader gets: a problem (RFC 9457) for programs, a page for people.

Only this module knows HTTP statuses. A problem is in English, a page in the language of its reader.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any, Final

import msgspec
from django.core.exceptions import PermissionDenied
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goedebuur.core.base.errors import CATALOGUE, GoedeBuurError, declare
from goedebuur.web.asking import BadParameterError

log = logging.getLogger(__name__)

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
    "query-no-blocks": 404,
    "query-no-mean": 404,
}
PREFIX_STATUS: Final[tuple[tuple[str, int], ...]] = (
    ("query-unknown-", 404),
    ("query-", 400),
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
    "query-unknown-observation": gettext_noop("We do not have a value for this moment."),
    "rules-unknown-rule": gettext_noop("We do not know this limit or guideline."),
    "query-unknown-delivery": gettext_noop("We do not know this delivery."),
    "query-unknown-verdict": gettext_noop("Nothing was measured of this series in this year."),
    "query-other-quantity": gettext_noop("This limit or guideline is about another substance than this series."),
    "query-no-blocks": gettext_noop("There is no proof of this figure: it was delivered before we made such proofs."),
    "query-no-mean": gettext_noop("There is no proof of this mean: the steps of this series are too short for it."),
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
    "query-unknown-observation": gettext_noop(
        "Go to the chart of the series. In the table below it each value leads to its own history."
    ),
    "rules-unknown-rule": gettext_noop("Choose a limit or guideline from the table of verdicts."),
    "query-unknown-delivery": gettext_noop("Choose a delivery from the list of all deliveries."),
    "query-unknown-verdict": gettext_noop("Choose another year, or another series from the table of verdicts."),
    "query-other-quantity": gettext_noop("Choose a limit or guideline from the table of verdicts."),
    "query-no-blocks": gettext_noop(
        "Go to the delivery: its fingerprint is in the log. With a copy of the record all of it can be checked."
    ),
    "query-no-mean": gettext_noop(
        "Take the proof of a single value: in the table of a series each value leads to its own history."
    ),
}
"""What a reader of pages can do; an error's own hint is for the command line and for programs."""
LEADS: Final[dict[str, str]] = {
    "query-unknown-station": "stations",
    "query-unknown-series": "downloads",
    "query-unknown-observation": "downloads",
    "rules-unknown-rule": "verdict-years",
    "query-unknown-delivery": "deliveries",
    "query-unknown-verdict": "verdict-years",
    "query-other-quantity": "verdict-years",
    "query-no-blocks": "deliveries",
    "query-no-mean": "stations",
}
"""The page on which a reader can do what the hint says."""


def sentence(code: str) -> str:
    """Return what went wrong, for readers of pages, in their language."""
    if code.startswith(("input-", "adapter-")):
        return _("The file cannot be read.")
    return _(SENTENCES.get(code, SENTENCES[BAD_REQUEST]))


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
            log.exception("database error at %s", request.path)
            return answer(request, GoedeBuurError(UNAVAILABLE, "The database does not answer at the moment."))
        return None


def answer(request: HttpRequest, error: GoedeBuurError, *, reference: str = "") -> HttpResponse:
    """Return the problem or the page for an error."""
    status = _status(request, error)
    if request.path.startswith("/api/"):
        return _problem(request, error, status, reference)
    context: dict[str, Any] = {
        "error": error,
        "sentence": _(SENTENCES.get(error.code, SENTENCES[NOT_FOUND if status == 404 else BAD_REQUEST])),
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
    log.error("error %s at %s", reference, request.path, exc_info=error or True)
    return answer(request, GoedeBuurError(INTERNAL, "Something went wrong in the program."), reference=reference)


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
