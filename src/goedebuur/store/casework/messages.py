"""Mail of cases: what waits to be sent, what was sent, what came in."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from goedebuur.core.casework.roles import Role
from goedebuur.store.casework import case_models as cases
from goedebuur.store.casework import message_models as models
from goedebuur.store.casework.attachments import Kept
from goedebuur.store.casework.memberships import people_with

OPERATOR, INTERNAL, SUBSCRIBER = (one.value for one in models.Message.Audience)
IN, OUT = (one.value for one in models.Message.Direction)
MOST_ATTEMPTS: Final = 8


@dataclass(frozen=True, slots=True)
class MessageView:
    """One mail of a case."""

    id: int
    direction: str
    audience: str
    at: datetime
    sender: str
    recipient: str
    subject: str
    body: str
    sent: datetime | None
    problem: str
    attachments: tuple[AttachmentView, ...] = ()
    handled: datetime | None = None
    """When a person assigned it to a case, or closed it; None where it waits, or named its case itself."""
    handled_by: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """One file, by its digest."""

    sha256: str
    name: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One mail that is to be sent."""

    id: int
    recipient: str
    subject: str
    body: str
    message_id: str


def addresses(roles: Iterable[Role], now: datetime, *, authority: str = "", operator: str = "") -> list[str]:
    """Return where those with a role for a body are told, each once."""
    held = people_with(tuple(roles), now, authority=authority, operator=operator)
    return sorted({one.email for one in held})


def parties(case: str, relations: Iterable[str]) -> list[str]:
    """Return the addresses of those who are concerned with a case by name."""
    rows = cases.Party.objects.filter(case__uuid=case, relation__in=list(relations)).exclude(email="")
    return sorted(set(rows.values_list("email", flat=True)))


def queue(
    recipients: Iterable[str], subject: str, body: str, audience: str, now: datetime, case: str | None = None
) -> int:
    """Return how many mails were put in the queue, one for each recipient, in the transaction of what they tell."""
    row = cases.Case.objects.get(uuid=case) if case else None
    made = [
        models.Message(
            case=row,
            direction=OUT,
            audience=audience,
            at=now,
            recipient=one,
            subject=subject,
            body=body,
            message_id=f"<{secrets.token_hex(16)}@goedebuur>",
        )
        for one in recipients
    ]
    models.Message.objects.bulk_create(made)
    return len(made)


def waiting(limit: int = 200) -> list[Waiting]:
    """Return the first mails that were not sent yet, oldest first; those that failed too often wait for a person."""
    rows = _waiting().order_by("pk")[:limit]
    return [Waiting(r.pk, r.recipient, r.subject, r.body, r.message_id) for r in rows]


def queued() -> int:
    """Return how many mails were not sent yet."""
    return _waiting().count()


def sent(message: int, now: datetime) -> None:
    """Note that a mail server took a mail."""
    models.Message.objects.filter(pk=message).update(sent=now, problem="")


def failed(message: int, problem: str) -> None:
    """Note that no mail server took a mail: the kind of error, never its text, which may repeat the mail."""
    row = models.Message.objects.get(pk=message)
    models.Message.objects.filter(pk=message).update(attempts=row.attempts + 1, problem=problem[:100])


def stuck() -> int:
    """Return how many mails failed too often."""
    return models.Message.objects.filter(direction=OUT, sent__isnull=True, attempts__gte=MOST_ATTEMPTS).count()


def of_case(case: str, audiences: Iterable[str]) -> list[MessageView]:
    """Return the mails of a case, oldest first."""
    rows = models.Message.objects.filter(case__uuid=case, audience__in=list(audiences)).order_by("at", "pk")
    return [_view(r) for r in rows]


def has_case(number: str) -> bool:
    """Return whether there is a case of this number."""
    return cases.Case.objects.filter(number=number).exists()


def receive(
    number: str,
    *,
    sender: str,
    recipient: str,
    subject: str,
    body: str,
    message_id: str,
    now: datetime,
    files: Sequence[Kept],
) -> bool:
    """Keep a mail that came in with its files; return whether it was new. Without a number it waits for a person.

    The sender chooses the Message-ID, and may choose one that is taken: another mail under it is kept by its digest.

    Parameters
    ----------
    files
        The first is the whole mail.
    """
    row = cases.Case.objects.filter(number=number).first() if number else None
    with transaction.atomic():
        whole = files[0].sha256
        before = models.Message.objects.filter(message_id=message_id).first()
        if before is not None and not before.attachments.filter(sha256=whole).exists():
            message_id = f"<{whole}@sha256>"
        message, made = models.Message.objects.get_or_create(
            message_id=message_id,
            defaults={
                "case": row,
                "direction": IN,
                "audience": INTERNAL,
                "at": now,
                "sender": sender,
                "recipient": recipient,
                "subject": subject,
                "body": body,
            },
        )
        if made:
            models.Attachment.objects.bulk_create(
                [
                    models.Attachment(
                        case=row,
                        message=message,
                        sha256=one.sha256,
                        name=one.name,
                        size=one.size,
                        media_type=one.media_type,
                        at=now,
                    )
                    for one in files
                ]
            )
    return made


def unplaced() -> int:
    """Return how many mails came in that have no case and wait for a person."""
    return _without_case(closed=False).count()


def closed() -> int:
    """Return how many mails came in that a person closed without a case."""
    return _without_case(closed=True).count()


def without_case(*, closed: bool, start: int, limit: int) -> list[MessageView]:
    """Return received mail that has no case: what waits, oldest first, or what was closed, the latest first.

    Parameters
    ----------
    start, limit
        How many are passed over, and how many are given at most.
    """
    rows = _without_case(closed=closed).order_by(*(("-handled", "-pk") if closed else ("at", "pk")))
    return [_view(row) for row in rows[start : start + limit]]


def place(message: int, case: str, actor: int, now: datetime) -> bool:
    """Give received mail that has no case, and its files, a case; return whether there was such mail."""
    row = cases.Case.objects.get(uuid=case)
    with transaction.atomic():
        waiting = models.Message.objects.filter(pk=message, direction=IN, case__isnull=True)
        placed = waiting.update(case=row, handled=now, handled_by=actor, reason="") == 1
        if placed:
            models.Attachment.objects.filter(message=message).update(case=row)
    return placed


def close(message: int, reason: str, actor: int, now: datetime) -> bool:
    """Note why received mail gets no case; return whether there was such mail that waited."""
    rows = models.Message.objects.filter(pk=message, direction=IN, case__isnull=True, handled__isnull=True)
    return rows.update(handled=now, handled_by=actor, reason=reason) == 1


def attach(case: str, file: Kept, now: datetime) -> None:
    """Keep a file with a case, without a mail; the same bytes a second time change nothing."""
    row = cases.Case.objects.get(uuid=case)
    if not models.Attachment.objects.filter(case=row, sha256=file.sha256).exists():
        models.Attachment.objects.create(
            case=row, sha256=file.sha256, name=file.name, size=file.size, media_type=file.media_type, at=now
        )


def attached(case: str) -> int:
    """Return how many files a case has without a mail."""
    return models.Attachment.objects.filter(case__uuid=case, message__isnull=True).count()


def attachment(case: str, sha256: str) -> AttachmentView | None:
    """Return a file of a case; None where it has none of that digest."""
    return _file(models.Attachment.objects.filter(case__uuid=case, sha256=sha256).first())


def attachment_without_case(message: int, sha256: str) -> AttachmentView | None:
    """Return a file of mail that has no case; None where there is none of that digest."""
    mail = models.Message.objects.filter(pk=message)  # a number that no table can hold finds nothing, and fails nowhere
    return _file(models.Attachment.objects.filter(message__in=mail, case__isnull=True, sha256=sha256).first())


def _waiting() -> QuerySet[models.Message]:
    return models.Message.objects.filter(direction=OUT, sent__isnull=True, attempts__lt=MOST_ATTEMPTS)


def _without_case(*, closed: bool) -> QuerySet[models.Message]:
    return models.Message.objects.filter(direction=IN, case__isnull=True, handled__isnull=not closed)


def _file(row: models.Attachment | None) -> AttachmentView | None:
    return None if row is None else AttachmentView(row.sha256, row.name, row.size, row.media_type)


def _view(row: models.Message) -> MessageView:
    return MessageView(
        row.pk,
        row.direction,
        row.audience,
        row.at,
        row.sender,
        row.recipient,
        row.subject,
        row.body,
        row.sent,
        row.problem,
        tuple(AttachmentView(a.sha256, a.name, a.size, a.media_type) for a in row.attachments.order_by("pk")),
        row.handled,
        row.handled_by.pk if row.handled_by is not None else 0,
        row.reason,
    )
