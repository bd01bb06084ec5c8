"""Look at a delivery before it is sent: choose a file, see what would be found, and how to send it signed.

The key of whoever delivers stays with them. A page that took it, or signed for them, would make every signature one of
this website; so the page gives the command and the call that sign and send, and keeps nothing of the file.
"""

from __future__ import annotations

import threading
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext as _

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework.roles import Person
from goedebuur.services import foreseeing, submitters
from goedebuur.services.foreseeing import Foreseen
from goedebuur.services.record import Record
from goedebuur.web import errors, finding_rows, form_files, sending_words
from goedebuur.web.asking import TOO_LONG, BadParameterError
from goedebuur.web.bodies import BUSY
from goedebuur.web.record import opened
from goedebuur.web.working import Work, works

FORMATS: Final = ("stack_csv", "measurement_report", "visible_emissions", foreseeing.TABLE_SET)
"""Formats that can be named, where the file is not recognised."""
MOST: Final = form_files.MOST // 2**20 - 2
"""Largest file. [MiB] The request has the other fields besides."""
LONGEST: Final = 200
"""Of a method of measuring. [character]"""
TURN: Final = threading.BoundedSemaphore(1)
"""One large file at a time in a process: reading fifty megabytes takes gigabytes of memory, and half a minute."""
PATIENCE: Final = 5.0
"""How long a request waits for its turn. [s]"""


@works
def deliver(work: Work) -> HttpResponse:
    """Answer with the form; or with what would be found in the file, and how to send it."""
    if not work.person.operators and not work.person.authorities:
        raise GoedeBuurError(errors.FORBIDDEN, "Only people of a company or an authority deliver here.")
    record = opened()
    post = work.request.POST
    context: dict[str, Any] = {
        "most": MOST,
        "formats": [(one, sending_words.format_name(one)) for one in FORMATS],
        "submitters": [(one.id, one.name) for one in submitters.every(record) if one.keys],
        "filled": {name: post.get(name, "")[: LONGEST + 1] for name in ("submitter", "adapter", "method", "reason")},
    }
    if not work.posted:
        context["filled"]["submitter"] = _usual(record, work.person)
        return work.page("deliver.html", **context)
    sent = work.request.FILES.get("file")
    if sent is None:
        return work.page("deliver.html", status=422, problem=_("Choose a file first."), **context)
    if sent.size is None or sent.size > MOST * 2**20:
        said = _("The file is larger than %(most)s MB. Deliver it with the command, or in parts.") % {"most": MOST}
        return work.page("deliver.html", status=413, problem=said, **context)
    if not TURN.acquire(timeout=PATIENCE):
        said = _("Another file is being looked at. Try again in half a minute.")
        response = work.page("deliver.html", status=503, problem=said, code=BUSY, **context)
        response["Retry-After"] = "30"
        return response
    try:
        found = _found(work, record, sent.read(), sent.name or "bestand")
    finally:
        TURN.release()
    return work.page("deliver.html", **_told(work, found), **context)


def _found(work: Work, record: Record, data: bytes, name: str) -> Foreseen:
    post = work.request.POST
    adapter, method = post.get("adapter", ""), post.get("method", "").strip()
    if adapter not in ("", *FORMATS):
        raise BadParameterError("adapter", adapter[:40], sending_words.NO_FORMAT)
    for field in ("method", "reason"):
        if len(post.get(field, "")) > LONGEST:
            raise BadParameterError(field, "", TOO_LONG, most=LONGEST)
    who = post.get("submitter", "")[:LONGEST]
    return foreseeing.foresee(record, data, name, work.now, submitter=who, adapter=adapter, method=method)


def _told(work: Work, found: Foreseen) -> dict[str, Any]:
    """Return what the page says of a file that was looked at."""
    post = work.request.POST
    base = work.request.build_absolute_uri("/").rstrip("/")
    asked = sending_words.Asked(base, post.get("method", "").strip(), " ".join(post.get("reason", "").split()))
    return {
        "found": found,
        "format": sending_words.format_name(found.adapter),
        "rows": finding_rows.rows(found.found, found.name),
        "hidden": max(0, len(found.found) - finding_rows.MOST),
        "tally": finding_rows.tally(found.found),
        "table_set": found.adapter == foreseeing.TABLE_SET,
        "commands": [] if found.refused else sending_words.commands(found, asked),
        "call": "" if found.refused else sending_words.call(found, asked),
        "entering": sending_words.entering(found, asked),
    }


def _usual(record: Record, person: Person) -> str:
    """Return the submitter that bears the name of an operator of the person; empty where none does."""
    known = {one.id for one in submitters.every(record) if one.keys}
    return next((one for one in sorted(person.operators) if one in known), "")
