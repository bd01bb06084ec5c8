"""Drafts of decisions, and their history, in the SQL database. What is here is private until a draft is published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.permits import drafts as core
from goedebuur.core.permits.drafts import Action, Done, State
from goedebuur.store.accounts.models import User

UNKNOWN_DRAFT: Final = declare("draft-unknown", "There is no draft of that number that this person may see.")
BUSY: Final = declare("draft-busy", "Too many people save the same draft at once.")
_ATTEMPTS: Final = 20
atomic = transaction.atomic


class Draft(models.Model):
    """A decision that is being entered."""

    authority = models.CharField(_("authority"), max_length=100)
    state = models.CharField(_("state"), max_length=20, default=State.OPEN.value)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    body = models.JSONField(_("what was typed"))
    made = models.DateTimeField(_("made"))
    changed = models.DateTimeField(_("changed"))
    leaf = models.PositiveBigIntegerField(_("leaf"), null=True, blank=True)

    objects: ClassVar[models.Manager[Draft]] = models.Manager()

    class Meta:
        verbose_name = _("draft of a decision")
        verbose_name_plural = _("drafts of decisions")
        ordering = ("-changed", "-pk")
        indexes = (models.Index(fields=("authority", "state"), name="casework_draft_authority"),)

    def __str__(self) -> str:
        return f"{self.pk}"

    def record(self) -> core.Draft:
        """Return the row as a record of core."""
        return core.of_body(self.body, self.pk, self.authority, State(self.state), self.revision)


class DraftChange(models.Model):
    """One thing that was done to a draft; never changed, never taken away."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="changes", verbose_name=_("draft"))
    revision = models.PositiveIntegerField(_("revision"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    at = models.DateTimeField(_("at"))
    action = models.CharField(_("action"), max_length=20)
    key = models.CharField(_("part"), max_length=80, blank=True, default="")
    fields = models.JSONField(_("what was typed"), null=True, blank=True)

    objects: ClassVar[models.Manager[DraftChange]] = models.Manager()

    class Meta:
        verbose_name = _("change of a draft")
        verbose_name_plural = _("changes of drafts")
        ordering = ("draft", "revision", "pk")
        constraints = (models.UniqueConstraint(fields=("draft", "revision"), name="casework_draft_change_once"),)

    def __str__(self) -> str:
        return f"{self.draft_id} {self.revision} {self.action}"


class DraftReading(models.Model):
    """What was proposed from one document of a draft: made once, and only decided on."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="readings", verbose_name=_("draft"))
    sha256 = models.CharField(_("digest"), max_length=64)
    body = models.JSONField(_("proposals"))

    objects: ClassVar[models.Manager[DraftReading]] = models.Manager()

    class Meta:
        verbose_name = _("reading of a document")
        verbose_name_plural = _("readings of documents")
        constraints = (models.UniqueConstraint(fields=("draft", "sha256"), name="casework_draft_reading_once"),)

    def __str__(self) -> str:
        return f"{self.draft_id} {self.sha256[:8]}"


@dataclass(frozen=True, slots=True)
class Listed:
    """A draft as it is listed: when it was last changed, and the leaf under which it was published."""

    draft: core.Draft
    changed: datetime
    leaf: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history of a draft."""

    revision: int
    person: int
    name: str
    at: datetime
    action: Action
    key: str
    fields: Mapping[str, str] | None


def make(
    authority: str, fields: Mapping[str, str], conditions: list[Mapping[str, str]], person: int, now: datetime
) -> core.Draft:
    """Return a new draft, with its conditions."""
    first = core.Draft(0, authority, State.OPEN, 1, core.Part(core.DECISION, dict(fields), 1, (person,)))
    with transaction.atomic():
        row = Draft.objects.create(authority=authority, revision=1, body=core.body(first), made=now, changed=now)
        _note(row, Done(row.record(), Action.MADE, core.DECISION, dict(fields)), person, now)
        draft = row.record()
        for one in conditions:
            done = core.added(draft, one, person)
            draft = done.draft
            _note(row, done, person, now)
        row.body, row.revision = core.body(draft), draft.revision
        row.save(update_fields=("body", "revision"))
    return draft


def change(draft: int, person: int, now: datetime, act: Callable[[core.Draft], Done]) -> Done:
    """Return what was done to a draft, kept together with its line of history; nothing is kept where `act` raises.

    `act` may be asked more than once: where another process saved in between, it is asked again on what that left.

    Raises
    ------
    GoedeBuurError
        `draft-unknown`, `draft-busy`, and what `act` raises.
    """
    for _attempt in range(_ATTEMPTS):
        with transaction.atomic():
            row = _row(draft, lock=True)
            before = row.record()
            done = act(before)
            if done.draft.revision == before.revision:
                return done
            kept = {"body": core.body(done.draft), "revision": done.draft.revision, "changed": now}
            won = Draft.objects.filter(pk=draft, revision=before.revision).update(state=done.draft.state.value, **kept)
            if won:
                _note(row, done, person, now)
                return done
    raise GoedeBuurError(
        BUSY, "Too many people save this at once.", place=f"draft {draft}", hint="Save once more in a minute."
    )


def published(draft: int, leaf: int) -> None:
    """Keep the leaf under which a draft was published."""
    Draft.objects.filter(pk=draft).update(leaf=leaf)


def published_one(authority: str, decision: str) -> bool:
    """Return whether an authority published a decision of that name from a draft of its own."""
    mine = Draft.objects.filter(authority=authority, state=State.PUBLISHED.value)
    return mine.filter(body__decision__fields__id=decision).exists()


def get(draft: int) -> Listed:
    """Return one draft.

    Raises
    ------
    GoedeBuurError
        `draft-unknown`.
    """
    return _listed(_row(draft))


def of_authorities(authorities: frozenset[str]) -> list[Listed]:
    """Return the drafts of these authorities that were not thrown away, the last changed first."""
    rows = Draft.objects.filter(authority__in=authorities).exclude(state=State.DISCARDED.value)
    return [_listed(row) for row in rows]


def history(draft: int) -> list[Change]:
    """Return what was done to a draft, newest first, with the names by which colleagues know each other."""
    rows = DraftChange.objects.filter(draft_id=draft).select_related("person").order_by("-revision")
    return [
        Change(
            revision=row.revision,
            person=row.person_id,
            name=row.person.name or row.person.email,
            at=row.at,
            action=Action(row.action),
            key=row.key,
            fields=row.fields,
        )
        for row in rows
    ]


def as_seen(draft: int, key: str, revision: int) -> Mapping[str, str]:
    """Return what was typed in a part at a revision; empty where it was not there yet."""
    rows = DraftChange.objects.filter(draft_id=draft, key=key, revision__lte=revision, fields__isnull=False)
    last = rows.order_by("-revision").first()
    return dict(last.fields or {}) if last else {}


def keep_reading(draft: int, sha256: str, body: dict[str, Any]) -> None:
    """Keep what was proposed from a document; read again, the later reading takes the place of the earlier."""
    DraftReading.objects.update_or_create(draft_id=draft, sha256=sha256, defaults={"body": body})


def reading(draft: int, sha256: str) -> dict[str, Any] | None:
    """Return what was proposed from a document; None where it was not read."""
    row = DraftReading.objects.filter(draft_id=draft, sha256=sha256).first()
    return dict(row.body) if row else None


def names(people: frozenset[int]) -> dict[int, str]:
    """Return by which name colleagues know each of these people."""
    return {row.pk: row.name or row.email for row in User.objects.filter(pk__in=people)}


def _row(draft: int, *, lock: bool = False) -> Draft:
    rows = Draft.objects.filter(pk=draft)
    row = (rows.select_for_update() if lock else rows).first()
    if row is None:
        raise unknown(draft)
    return row


def unknown(draft: int) -> GoedeBuurError:
    """Return the error of a draft that is not there, or not for this person: both read the same."""
    return GoedeBuurError(
        UNKNOWN_DRAFT, "There is no such draft.", value=str(draft), hint="Choose one from the list of drafts."
    )


def _listed(row: Draft) -> Listed:
    return Listed(row.record(), row.changed, row.leaf)


def _note(row: Draft, done: Done, person: int, now: datetime) -> None:
    DraftChange.objects.create(
        draft=row,
        revision=done.draft.revision,
        person_id=person,
        at=now,
        action=done.action.value,
        key=done.key,
        fields=None if done.fields is None else dict(done.fields),
    )
