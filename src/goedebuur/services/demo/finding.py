"""The finding of the demonstration: about the invented steel works, through every step, with its answer beside it.

Nobody can sign in as those who are said to have done it: their accounts are closed, have no password and no role.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from goedebuur.core.casework.cases import Case, Given
from goedebuur.core.casework.roles import Person, Role, Seat
from goedebuur.core.casework.states import Kind
from goedebuur.services.demo.permits import places, steel_works

if TYPE_CHECKING:
    from goedebuur.services.record import Record

CASE: Final = uuid.UUID("5b0f6a52-6c0e-4a57-9d7e-2f1f5a1c0e01")
PUBLICATION: Final = uuid.UUID("c3a1d7de-0b57-4c0c-8a34-9a6de2c70b11")
OPERATOR: Final = "westerwerf-staal-verzonnen"
BEGUN: Final = datetime(2026, 4, 21, 9, tzinfo=UTC)
"""The day after the permits came in, a Tuesday."""
PUBLISHED_AFTER: Final = timedelta(days=27)
"""From the beginning of a finding to the day on which it is public."""
SUBJECT: Final = "Stofwolk bij het uitdrukken van kooksfabriek 2 (verzonnen)"
TEXT: Final = (
    "Dit is een verzonnen voorbeeld. Het staalwerk, de gebeurtenis en het antwoord bestaan niet.\n\n"
    "Op 14 april 2026 om 10.40 uur zag een toezichthouder dat bij het uitdrukken van kooksfabriek 2 een "
    "stofwolk vrijkwam. De afzuiging van de uitdrukwagen stond stil. Bij drie van de vijf keren uitdrukken die "
    "ochtend gebeurde dit opnieuw. Er is niet gemeten hoeveel stof vrijkwam. Of een grenswaarde is "
    "overschreden is dus niet bekend."
)
ANSWER: Final = (
    "De ventilator van de afzuiging viel om 10.25 uur uit door een gebroken lager. Wij zijn doorgegaan met "
    "uitdrukken omdat de kooks in de oven anders vast kan gaan zitten. Om 12.10 uur werkte de afzuiging weer. "
    "Een reserveventilator is besteld. Wij vinden dat er drie keer rook te zien was, maar niet dat vaststaat "
    "dat het om veel stof ging."
)
REASON: Final = (
    "Omwonenden kunnen er last van hebben gehad, en informatie over uitstoot is openbaar (Woo artikel 5.1 lid "
    "7). Het bedrijf zegt dat niet vaststaat hoeveel stof het was. Dat klopt, en het staat in de tekst. "
    "Verzonnen voorbeeld."
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One step in the story: who takes it, how long after the beginning, and with what."""

    event: str
    who: str
    after: timedelta
    given: Given


@dataclass(frozen=True, slots=True)
class Tale:
    """A finding of the demonstration: what it is called, whom it is about, and how it begins."""

    case: uuid.UUID
    publication: uuid.UUID
    operator: str
    site: str
    text: Given
    begun: datetime


STORY: Final[Mapping[str, Turn]] = {
    "draft": Turn("submit", "schrijver", timedelta(hours=2), Given()),
    "in_review": Turn("notify", "beslisser", timedelta(days=1), Given()),
    "hearing": Turn("answer", "bedrijf", timedelta(days=20), Given(answer=ANSWER)),
    "answered": Turn("publish", "beslisser", PUBLISHED_AFTER, Given(reason=REASON)),
}
"""State → the step that follows in it."""


def load(record: Record) -> None:
    """Take the finding through its steps and publish it; after an interruption, what is missing is added.

    The tables of cases are there already.
    """
    text = Given(subject=SUBJECT, text=TEXT, emissions=True)
    play(record, Tale(CASE, PUBLICATION, OPERATOR, steel_works.SITE, text, BEGUN), lambda case: STORY.get(case.state))


def play(record: Record, tale: Tale, turn_of: Callable[[Case], Turn | None]) -> None:
    """Take a finding through its steps and publish it; after an interruption, what is missing is added.

    Parameters
    ----------
    turn_of
        Gives the step that follows in a case; None where it ends.
    """
    from goedebuur.services import casework, publishing_findings
    from goedebuur.store.casework import cases

    persons = _persons(tale.operator)
    case = cases.find(str(tale.case))
    if case is None:
        names = iter((tale.case, tale.publication))
        casework.create(
            persons["schrijver"],
            Kind.FINDING,
            places.AGENCY.id,
            tale.text,
            tale.begun,
            operators=[tale.operator],
            sites=[tale.site],
            simulated=True,
            new_uuid=lambda: next(names),
        )
        case = cases.find(str(tale.case))
    last = tale.begun
    while case is not None and (turn := turn_of(case)) is not None:
        last = tale.begun + turn.after
        casework.act(persons[turn.who], case.uuid, turn.event, turn.given, case.events, last)
        case = cases.find(str(tale.case))
    publishing_findings.settle(record, max(last, tale.begun + PUBLISHED_AFTER))


def _persons(operator: str) -> dict[str, Person]:
    """Return who takes the steps. The role of each lasts as long as this program makes the demonstration."""
    from goedebuur.store.accounts.models import User

    seats = {
        "schrijver": Seat(Role.SPECIALIST, authority=places.AGENCY.id),
        "beslisser": Seat(Role.OFFICER, authority=places.AGENCY.id),
        "bedrijf": Seat(Role.COMPANY, operator=operator),
    }
    found = {}
    for name, seat in seats.items():
        email = f"{name}@demo.invalid"  # RFC 2606: nobody has such an address
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, name=f"{name.capitalize()} (verzonnen)", is_active=False)
        found[name] = Person(user.pk, (seat,))
    return found
