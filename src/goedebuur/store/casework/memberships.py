"""Which person has which role, for which authority or operator, from when until when.

A role that ends stays as a row, so that it can be told later who could do what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.casework.roles import OF_AUTHORITY, Person, Role, Seat
from goedebuur.store.accounts.models import User, normal_email

UNKNOWN_PERSON: Final = declare("people-unknown", "Nobody with this e-mail address has an account here.")

ROLE_NAMES: Final = (
    (Role.PERMIT_WRITER.value, _("permit writer")),
    (Role.SPECIALIST.value, _("specialist")),
    (Role.REVIEWER.value, _("reviewer")),
    (Role.OFFICER.value, _("officer who decides on publication")),
    (Role.ADMINISTRATOR.value, _("administrator")),
    (Role.COMPANY.value, _("company")),
)
_AUTHORITY_ROLES: Final = sorted(role.value for role in OF_AUTHORITY)


class Membership(models.Model):
    """One role of one person for one body."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=20, choices=ROLE_NAMES)
    authority = models.CharField(
        _("authority"), max_length=100, blank=True, default="", help_text=_("Identifier of the authority or agency.")
    )
    operator = models.CharField(
        _("operator"), max_length=100, blank=True, default="", help_text=_("Identifier of the operator.")
    )
    since = models.DateTimeField(_("since"))
    ended = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: ClassVar[models.Manager[Membership]] = models.Manager()

    class Meta:
        verbose_name = _("role of a person")
        verbose_name_plural = _("roles of people")
        ordering = ("user", "since", "pk")
        constraints = (
            models.CheckConstraint(
                name="casework_membership_body",
                condition=Q(role__in=_AUTHORITY_ROLES, operator="") & ~Q(authority="")
                | Q(role=Role.COMPANY.value, authority="") & ~Q(operator="")
                | Q(role=Role.ADMINISTRATOR.value, authority="", operator=""),
            ),
            models.CheckConstraint(
                name="casework_membership_order", condition=Q(ended__isnull=True) | Q(ended__gte=models.F("since"))
            ),
            models.UniqueConstraint(
                name="casework_membership_once",
                fields=("user", "role", "authority", "operator"),
                condition=Q(ended__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.authority or self.operator}".strip()

    def clean(self) -> None:
        """Refuse a role with a body that it cannot be held for."""
        super().clean()
        try:
            self.seat()
        except GoedeBuurError as error:
            raise ValidationError(
                _("An authority goes with the roles of an authority, an operator with a company.")
            ) from error

    def seat(self) -> Seat:
        """Return the row as a record of core."""
        return Seat(Role(self.role), self.authority, self.operator)


@dataclass(frozen=True, slots=True)
class Held:
    """One role as it is listed for an administrator."""

    person: int
    email: str
    name: str
    seat: Seat
    since: datetime
    ended: datetime | None


def person(user: int, at: datetime, using: str = "default") -> Person:
    """Return a person with the roles that hold at a moment; without any for an account that is closed or unknown."""
    rows = _at(Membership.objects.using(using), at).filter(user_id=user, user__is_active=True)
    return Person(user, tuple(row.seat() for row in rows.order_by("role", "authority", "operator")))


def people_with(roles: Sequence[Role], at: datetime, *, authority: str = "", operator: str = "") -> list[Held]:
    """Return who holds one of the roles at a moment for a body, by address."""
    rows = _at(Membership.objects, at).filter(role__in=[role.value for role in roles], user__is_active=True)
    return [_held(row) for row in _listed(rows.filter(authority=authority, operator=operator))]


def every(at: datetime | None) -> list[Held]:
    """Return all roles that hold at a moment, by address; with None also those that ended."""
    rows = Membership.objects.all() if at is None else _at(Membership.objects, at)
    return [_held(row) for row in _listed(rows)]


def give(email: str, seat: Seat, now: datetime) -> bool:
    """Give a person a role, durable; return whether it was new.

    Raises
    ------
    GoedeBuurError
        `people-unknown`.
    """
    user = _user(email)
    _, made = Membership.objects.get_or_create(
        user=user,
        role=seat.role.value,
        authority=seat.authority,
        operator=seat.operator,
        ended=None,
        defaults={"since": now},
    )
    return made


def end(email: str, seat: Seat, now: datetime) -> bool:
    """End a role of a person; return whether it was held.

    Raises
    ------
    GoedeBuurError
        `people-unknown`.
    """
    rows = Membership.objects.filter(
        user=_user(email), role=seat.role.value, authority=seat.authority, operator=seat.operator, ended=None
    )
    return rows.update(ended=now) > 0


def number_of(email: str) -> int:
    """Return the number of a person, by the address of the account.

    Raises
    ------
    GoedeBuurError
        `people-unknown`.
    """
    return _user(email).pk


def _user(email: str) -> User:
    found = User.objects.filter(email=normal_email(email)).first()
    if found is None:
        raise GoedeBuurError(
            UNKNOWN_PERSON,
            "Nobody with this e-mail address has an account here.",
            place="EMAIL",
            hint="Make the account first, with `goedebuur people add`.",
        )
    return found


def _at(rows: Any, at: datetime) -> models.QuerySet[Membership]:
    found: models.QuerySet[Membership] = rows.filter(Q(since__lte=at) & (Q(ended__isnull=True) | Q(ended__gt=at)))
    return found


def _listed(rows: models.QuerySet[Membership]) -> models.QuerySet[Membership]:
    return rows.select_related("user").order_by("user__email", "since", "pk")


def _held(row: Membership) -> Held:
    return Held(row.user.pk, row.user.email, row.user.name, row.seat(), row.since, row.ended)
