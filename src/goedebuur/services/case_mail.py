"""Mail of cases: queued in the database with the step that it tells of, and sent by a command, so that none is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.casework.cases import Case
from goedebuur.core.casework.notices import NOTICES, ROLES, Notice, Reader
from goedebuur.core.casework.states import Step
from goedebuur.services.settings import Settings
from goedebuur.store.casework import messages
from goedebuur.store.casework.messages import Waiting

NO_SERVER: Final = declare("case-mail", "There is no mail server or no sender in the settings.")
PAGE: Final = "/werk/zaken/{number}/"
HERE: Final = "{site}"
"""Stands in a queued mail for the address of the website, which the sender knows."""
Send = Callable[[Waiting, str], None]
"""Hands a mail with its finished text to a mail server; raises OSError where that did not take it."""


def follow(case: Case, step: Step, now: datetime) -> None:
    """Queue what is to be told of a step, in its transaction."""
    for notice in NOTICES.get((case.kind, step.event), ()):
        messages.queue(
            _readers(case, notice, now),
            notice.subject(case.number),
            notice.body(case.number, _day(case, step), HERE + PAGE.format(number=case.number)),
            messages.OPERATOR if notice.reader is Reader.COMPANY else messages.INTERNAL,
            now,
            case.uuid,
        )


def send(settings: Settings, deliver: Send, now: Callable[[], datetime]) -> tuple[int, int]:
    """Return how many of the queued mails were sent, and how many not. Each is noted as it goes.

    A crash between the server's yes and the note sends a mail twice, with the same Message-ID.

    Raises
    ------
    GoedeBuurError
        `case-mail` where the settings name no server or sender.
    """
    if not settings.smtp or not settings.mail_from:
        raise GoedeBuurError(
            NO_SERVER,
            "There is no mail server or no sender in the settings.",
            place="GOEDEBUUR_SMTP, GOEDEBUUR_MAIL_FROM",
            hint="Set both, or let people look at their list of cases themselves.",
        )
    done = not_done = 0
    for one in messages.waiting():
        try:
            deliver(one, one.body.replace(HERE, settings.site_url))
        except OSError as error:
            messages.failed(one.id, type(error).__name__)
            not_done += 1
        else:
            messages.sent(one.id, now())
            done += 1
    return done, not_done


def _readers(case: Case, notice: Notice, now: datetime) -> list[str]:
    roles = ROLES[notice.reader]
    if notice.reader is not Reader.COMPANY:
        return messages.addresses(roles, now, authority=case.authority)
    concerned = case.operators or case.applicants
    found = {one for operator in concerned for one in messages.addresses(roles, now, operator=operator)}
    return sorted(found | set(messages.parties(case.uuid, ("named", "applicant"))))


def _day(case: Case, step: Step) -> str:
    if step.event in ("publish", "postpone") and case.publish_on is not None:
        return case.publish_on.strftime("%d-%m-%Y")
    return case.term.ending.day.strftime("%d-%m-%Y") if case.term is not None else ""
