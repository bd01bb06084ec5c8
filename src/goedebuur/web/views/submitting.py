"""Signed deliveries over HTTP: in one request or in parts, checked before a byte is read; and their receipts.

No session, no cookie: who delivers is known by the signature alone. The first check that fails is the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger.receipts import LOGGED, Receipt
from goedebuur.core.ledger.statements import Signed, Statement, decode
from goedebuur.services import sending, submitters, submitting
from goedebuur.services.record import Record
from goedebuur.store.ledger.refusals import LEDGER_OTHER_KEY
from goedebuur.store.uploads import Upload, Uploads
from goedebuur.web import asking, uploading
from goedebuur.web.page import Reading, reads
from goedebuur.web.record import opened, writing
from goedebuur.web.views import api


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def deliveries(request: HttpRequest) -> HttpResponse:
    """Answer with leaves; or take in a signed delivery of which all bytes are in this request."""
    if request.method != "POST":
        return api.deliveries(request)
    record = writing() or opened()
    with submitting.noting(record, now()):
        signed = uploading.signed(request)
    statement, known = submitting.require(record, signed, now(), tolerance=_tolerance())
    if known:
        return _known(record, signed)
    with submitting.noting(record, now(), signed, statement):
        uploading.require_size(statement)
        uploading.require_length(request, statement)
    uploads = Uploads(record.data_dir)
    upload = _begin(uploads, request, signed, statement)
    with uploads.alone(upload):
        uploads.restart(upload)
        uploads.add(upload, 0, uploading.chunks(request), statement.size)
        return _arrived(record, uploads, upload, statement)


@csrf_exempt
@require_http_methods(["POST"])
def uploads(request: HttpRequest) -> HttpResponse:
    """Begin a delivery in parts, or find the one that was begun: the answer says where its parts go, and from where."""
    record = writing() or opened()
    with submitting.noting(record, now()):
        signed = uploading.signed(request)
    statement, known = submitting.require(record, signed, now(), tolerance=_tolerance())
    if known:
        return _known(record, signed)
    with submitting.noting(record, now(), signed, statement):
        uploading.require_size(statement)
    upload = _begin(Uploads(record.data_dir), request, signed, statement)
    response = _offset(upload, 201)
    response["Location"] = reverse("api-upload", args=[upload.digest])
    return response


@csrf_exempt
@require_http_methods(["GET", "HEAD", "PATCH"])
def upload(request: HttpRequest, digest: str) -> HttpResponse:
    """Answer with how many bytes of an upload are here; or take its next part."""
    record = writing() or opened()
    every = Uploads(record.data_dir)
    found = every.find(digest)
    if request.method != "PATCH":
        return _offset(found, 200)
    statement = decode(_signed(found).statement)
    offset = uploading.offset(request)
    uploading.require_length(request, statement, offset)
    with every.alone(found):
        every.add(found, offset, uploading.chunks(request), statement.size)
        return _arrived(record, every, found, statement)


@csrf_exempt
@require_http_methods(["POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Answer with everything that would be refused in a delivery; nothing of it is kept."""
    record, signed = writing() or opened(), uploading.signed(request)
    first = submitting.check(record, signed, None, now(), tolerance=_tolerance())
    if first.signature is None or first.known or first.statement is None:
        return _findings(first)
    uploading.require_size(first.statement)
    uploading.require_length(request, first.statement)
    data = b"".join(uploading.chunks(request))
    return _findings(submitting.check(record, signed, data, now(), tolerance=_tolerance(), every=True), record)


@require_http_methods(["GET", "HEAD"])
def receipt(request: HttpRequest, digest: str) -> HttpResponse:
    """Answer with the receipt of a delivery, as far as it came by now."""
    asking.present(request)
    found = _with_keys_of_now(writing() or opened(), lambda one: submitting.receipt(one, digest))
    return _answer(found, 200)


@reads
def refusals(reading: Reading) -> HttpResponse:
    """Answer with how many signed deliveries were refused, for each reason."""
    return reading.data({"refusals": submitting.refusals(reading.record, reading.as_of)})


@reads
def all_submitters(reading: Reading) -> HttpResponse:
    """Answer with who may deliver what, with which keys."""
    found = submitters.every(reading.record, reading.as_of)
    return reading.data({"submitters": [one.body() for one in found]})


def _begin(every: Uploads, request: HttpRequest, signed: Signed, statement: Statement) -> Upload:
    sent = sending.headers(signed)
    envelope = {
        "certificates": sent.get(sending.CERTIFICATES, ""),
        "signature": sent[sending.SIGNATURE],
        "small": request.GET.get("small", "") == "1",
        "statement": sent[sending.STATEMENT],
        "submitter": statement.submitter,
    }
    return every.begin(signed.digest, envelope, now())


def _known(record: Record, signed: Signed) -> HttpResponse:
    return _answer(_with_keys_of_now(record, lambda one: submitting.receipt(one, signed.digest)), 200)


def _signed(found: Upload) -> Signed:
    said = found.envelope
    return uploading.unpacked(said["statement"], said["signature"], said["certificates"])


def _arrived(record: Record, every: Uploads, found: Upload, statement: Statement) -> HttpResponse:
    """Answer with the receipt of a delivery that is complete, or with how far it is."""
    if found.offset < statement.size:
        return _offset(found, 204)
    data, small = found.path.read_bytes(), bool(found.envelope["small"])
    try:
        made = _submitted(record, found, data, small=small)
    except GoedeBuurError as error:
        if submitting.is_refusal(error):
            every.end(found)
        raise
    every.end(found)
    return _answer(made, 201 if made.status == LOGGED else 202)


def _submitted(record: Record, found: Upload, data: bytes, *, small: bool) -> Receipt:
    """Return the receipt of a delivery; where the keys of the log changed in this moment, with the new ones."""
    signed = _signed(found)

    def submit(into: Record) -> Receipt:
        if into is not record:
            submitting.take_waiting(into, now())
        return submitting.submit(into, signed, data, now(), small=small, begun=found.begun, tolerance=_tolerance())

    return _with_keys_of_now(record, submit)


def _with_keys_of_now(record: Record, ask: Callable[[Record], Receipt]) -> Receipt:
    """Return the answer of a record; of one opened anew where its keys were changed since it was opened."""
    while True:
        try:
            return ask(record)
        except GoedeBuurError as error:
            again = writing() if error.code == LEDGER_OTHER_KEY else None
            if again is None or again is record:
                raise
            record = again


def _tolerance() -> timedelta:
    return timedelta(minutes=settings.GOEDEBUUR.clock_minutes)


def _offset(found: Upload, status: int) -> HttpResponse:
    response = HttpResponse(status=status)
    response[uploading.OFFSET] = str(found.offset)
    return response


def _findings(checked: submitting.Checked, record: Record | None = None) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(submitting.as_answer(checked, record)), content_type="application/json")


def _answer(made: Receipt, status: int) -> HttpResponse:
    response = HttpResponse(made.encode(), status=status, content_type="application/json")
    digest = submitting.digest_of(made)
    response["Location"] = reverse("api-receipt", args=[digest])
    response["Content-Disposition"] = f'attachment; filename="{digest[:16]}.receipt.json"'
    return response
