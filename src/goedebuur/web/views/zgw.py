"""Cases as other case systems know them: to read and to refer to, with a token of the authority.

In the form of the Zaken API of VNG Realisatie (ZGW, version 1): the fields that say which case it is, of which kind,
when it began, when it must end and how it stands. Subject and text are not given: who may read those signs in here.
"""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework.cases import Case, civil_day
from goedebuur.core.casework.states import Kind
from goedebuur.rules import casework as rules
from goedebuur.services import case_tokens, casework
from goedebuur.services.case_tokens import Bearer
from goedebuur.web import asking
from goedebuur.web.words import TABLES

MOST_PAGES = 999_999
CONFIDENTIAL = "zaakvertrouwelijk"
"""Value of `vertrouwelijkheidaanduiding`: what is public of a case stands in the record, not here."""


@require_safe
def zaken(request: HttpRequest) -> HttpResponse:
    """Answer with a page of the cases of the authority, the oldest first."""
    bearer = _bearer(request)
    asked, page = request.GET.get("identificatie", ""), asking.whole(request, "page", 1, MOST_PAGES) or 1
    found, count = case_tokens.listed(bearer, number=asked, page=page)

    def other(number: int) -> str:
        query = urlencode({**({"identificatie": asked} if asked else {}), "page": number})
        return request.build_absolute_uri(f"{request.path}?{query}")

    return _data(
        {
            "count": count,
            "next": other(page + 1) if page * case_tokens.PAGE < count else None,
            "previous": other(page - 1) if page > 1 else None,
            "results": [_zaak(request, one, bearer) for one in found],
        }
    )


@require_safe
def zaak(request: HttpRequest, uuid: object) -> HttpResponse:
    """Answer with one case."""
    bearer = _bearer(request)
    case = case_tokens.find(bearer, str(uuid))
    if case is None:
        raise casework.unknown()
    return _data(_zaak(request, case, bearer))


@require_safe
def zaaktype(request: HttpRequest, kind: str) -> HttpResponse:
    """Answer with what a kind of case is called."""
    if kind not in list(Kind):
        raise casework.unknown()
    return _data(
        {
            "url": request.build_absolute_uri(),
            "identificatie": kind,
            "omschrijving": kind,
            "omschrijvingGeneriek": GENERIC[Kind(kind)],
            "vertrouwelijkheidaanduiding": CONFIDENTIAL,
        }
    )


GENERIC = {
    Kind.FINDING: "Toezicht uitvoeren",
    Kind.REASSESSMENT: "Herbeoordeling uitvoeren",
    Kind.ADVICE: "Advies behandelen",
    Kind.REQUEST: "Verzoek behandelen",
}
"""A name for each kind that says what is done, in the manner of the general case types of municipalities."""


def _bearer(request: HttpRequest) -> Bearer:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise GoedeBuurError(
            case_tokens.NO_TOKEN, "With this token nothing may be read.", hint="Send Authorization: Bearer TOKEN."
        )
    return case_tokens.bearer(token.strip())


def _zaak(request: HttpRequest, case: Case, bearer: Bearer) -> dict[str, Any]:
    name = rules.states().name(case.kind, case.state)
    events = casework.ended_on(case) if name.final else None
    return {
        "url": request.build_absolute_uri(reverse("zgw-zaak", args=[case.uuid])),
        "uuid": case.uuid,
        "identificatie": case.number,
        "bronorganisatie": bearer.rsin,
        "verantwoordelijkeOrganisatie": bearer.rsin,
        "omschrijving": f"{TABLES['case_kind'][case.kind.value]} {case.number}",
        "zaaktype": request.build_absolute_uri(reverse("zgw-zaaktype", args=[case.kind.value])),
        "registratiedatum": civil_day(case.created).isoformat(),
        "startdatum": civil_day(case.created).isoformat(),
        "einddatum": events.isoformat() if events is not None else None,
        "uiterlijkeEinddatumAfdoening": case.term.ending.day.isoformat() if case.term is not None else None,
        "vertrouwelijkheidaanduiding": CONFIDENTIAL,
        "toelichting": name.name.nl,
    }


def _data(body: dict[str, Any]) -> HttpResponse:
    content = msgspec.json.encode(body)
    response = HttpResponse(content, content_type="application/json")
    response["Cache-Control"] = "no-store, private"
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return response
