"""Invented people with roles, a case that is taken through its steps, and a record to publish in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from goedebuur.core.casework.cases import Given
from goedebuur.core.casework.roles import Person, Role, Seat
from goedebuur.core.casework.states import Kind
from goedebuur.services import casework, people
from goedebuur.services.casework import CaseView
from goedebuur.store.accounts.models import User

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
"""A Monday; four weeks later is Monday 30 November."""
AUTHORITY, OPERATOR, SITE = "odnzkg", "hoogoven-noord", "hoogoven-noord"
SEATS = {
    "writer": Seat(Role.SPECIALIST, authority=AUTHORITY),
    "permits": Seat(Role.PERMIT_WRITER, authority=AUTHORITY),
    "reviewer": Seat(Role.REVIEWER, authority=AUTHORITY),
    "officer": Seat(Role.OFFICER, authority=AUTHORITY),
    "second_officer": Seat(Role.OFFICER, authority=AUTHORITY),
    "company": Seat(Role.COMPANY, operator=OPERATOR),
    "other_company": Seat(Role.COMPANY, operator="raffinaderij"),
    "other_authority": Seat(Role.OFFICER, authority="dcmr"),
    "administrator": Seat(Role.ADMINISTRATOR),
}


def make_people() -> dict[str, Person]:
    """Make all of them, and return them by what they are called here."""
    made = {}
    for name, seat in SEATS.items():
        email = f"{name}@example.org"
        user = User.objects.create_user(email)
        people.give(email, seat, NOW - timedelta(days=365))
        made[name] = people.person(user.pk, NOW)
    return made


@dataclass
class Story:
    """One case, taken through its steps on the way to a state."""

    people: dict[str, Person]
    now: datetime = NOW
    marker: str = ""
    uuid: str = ""

    def given(self, event: str) -> Given:
        """Return what goes with an event."""
        words = f"{self.marker} {event}".strip()
        return Given(
            subject=f"Stof boven de grens {words}",
            text=f"Op 3 oktober lag stof boven de grenswaarde. {words}",
            reason=f"Reden {words}",
            answer=f"Er was een storing. {words}",
            ground="Woo 5.1(2)(d)",
            ground_holds=True,
            withheld_until=date(2027, 6, 1),
        )

    def begin(self, **more: object) -> CaseView:
        """Make the finding."""
        made = casework.create(
            self.people["writer"],
            Kind.FINDING,
            AUTHORITY,
            self.given("begin"),
            self.now,
            operators=[OPERATOR],
            sites=[SITE],
            **more,  # type: ignore[arg-type]
        )
        self.uuid = made.case.uuid
        return made

    def act(self, who: str, event: str, given: Given | None = None) -> CaseView:
        """Take one step as someone who sees the case as it is."""
        person = self.people[who]
        revision = casework.view(person, self.uuid, self.now).revision
        return casework.act(person, self.uuid, event, given or self.given(event), revision, self.now)

    def wait(self, days: int) -> None:
        """Let days pass."""
        self.now += timedelta(days=days)


ROADS: dict[str, tuple[tuple[str, str], ...]] = {
    "draft": (),
    "dropped": (("writer", "drop"),),
    "in_review": (("writer", "submit"),),
    "hearing": (("writer", "submit"), ("officer", "notify")),
}
ROADS["ended"] = (*ROADS["hearing"], ("officer", "end"))
ROADS["answered"] = (*ROADS["hearing"], ("company", "answer"))
ROADS["unanswered"] = (*ROADS["hearing"], ("wait", "30"), ("officer", "pass"))
ROADS["redrafting"] = (*ROADS["answered"], ("officer", "revise"), ("writer", "edit"))
ROADS["rereview"] = (*ROADS["redrafting"], ("writer", "submit"))
ROADS["publishing"] = (*ROADS["answered"], ("officer", "publish"))
ROADS["recalled"] = (*ROADS["publishing"], ("officer", "recall"))
ROADS["withholding"] = (*ROADS["answered"], ("officer", "withhold"))
ROADS["withheld"] = (*ROADS["withholding"], ("record", ""))
ROADS["reconsidering"] = (*ROADS["withheld"], ("officer", "reconsider"))
ROADS["published"] = (*ROADS["publishing"], ("record", ""))
ROADS["correction_proposed"] = (*ROADS["published"], ("writer", "propose_correction"))
ROADS["correcting"] = (*ROADS["correction_proposed"], ("officer", "correct"))
ROADS["withdrawing"] = (*ROADS["published"], ("officer", "withdraw"))
ROADS["withdrawn"] = (*ROADS["withdrawing"], ("record", ""))
