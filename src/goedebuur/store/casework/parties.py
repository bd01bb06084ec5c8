"""Who is concerned with a case, and what is to be done in it. Names of people stand here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework.roles import OF_AUTHORITY
from goedebuur.store.accounts.models import User, normal_email
from goedebuur.store.casework import case_models as models
from goedebuur.store.casework.memberships import UNKNOWN_PERSON, Membership


@dataclass(frozen=True, slots=True)
class PartyView:
    """Someone who is concerned with a case."""

    id: int
    relation: str
    operator: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class TaskView:
    """Something to do."""

    id: int
    case: str
    number: str
    title: str
    assignee: int
    assignee_name: str
    due: date | None
    done: datetime | None


def of_case(case: str) -> list[PartyView]:
    """Return who is concerned with a case."""
    rows = models.Party.objects.filter(case__uuid=case).order_by("pk")
    return [PartyView(r.pk, r.relation, r.operator, r.name, r.email) for r in rows]


def add(case: str, relation: str, *, name: str = "", email: str = "") -> None:
    """Add someone by name or address."""
    row = models.Case.objects.get(uuid=case)
    models.Party.objects.create(case=row, relation=relation, name=name, email=email)


def remove(case: str, party: int) -> None:
    """Take someone's name away; operators stay, since they are what the case is about."""
    models.Party.objects.filter(case__uuid=case, pk=party, operator="").delete()


def tasks(case: str) -> list[TaskView]:
    """Return what is to be done in a case, and what was done."""
    return _tasks(models.Task.objects.filter(case__uuid=case))


def open_tasks(person: int) -> list[TaskView]:
    """Return what a person is to do, the most urgent first."""
    return _tasks(models.Task.objects.filter(assignee=person, done__isnull=True))


def add_task(case: str, title: str, email: str, authority: str, due: date | None, now: datetime) -> None:
    """Give someone with a role for the authority something to do.

    Raises
    ------
    GoedeBuurError
        `people-unknown`.
    """
    roles = [role.value for role in OF_AUTHORITY]
    held = Membership.objects.filter(authority=authority, role__in=roles, ended__isnull=True, user__is_active=True)
    user = User.objects.filter(email=normal_email(email), pk__in=held.values("user")).first()
    if user is None:
        raise GoedeBuurError(
            UNKNOWN_PERSON,
            "Nobody with this e-mail address has a role for this authority.",
            place="assignee",
            hint="Give the address of a colleague who works for the authority of the case.",
        )
    row = models.Case.objects.get(uuid=case)
    models.Task.objects.create(case=row, title=title, assignee=user, due=due, made=now)


def finish_task(case: str, task: int, now: datetime) -> None:
    """Note that something was done."""
    models.Task.objects.filter(case__uuid=case, pk=task, done__isnull=True).update(done=now)


def names(people: set[int]) -> dict[int, str]:
    """Return how accounts are shown to colleagues, by number."""
    return {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=people)}


def _tasks(rows: object) -> list[TaskView]:
    found = rows.select_related("case", "assignee").order_by("done", "due", "pk")  # type: ignore[attr-defined]
    return [
        TaskView(
            r.pk, str(r.case.uuid), r.case.number, r.title, r.assignee.pk, r.assignee.get_full_name(), r.due, r.done
        )
        for r in found
    ]
