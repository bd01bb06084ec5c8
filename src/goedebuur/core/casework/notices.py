"""What is mailed about a case: that something is there to be read after signing in, and never what.

A mail passes through machines of others; so no mail holds the subject, the text, an answer or a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from goedebuur.core.casework.roles import Role
from goedebuur.core.casework.states import Kind


class Reader(StrEnum):
    """To whom a notice goes."""

    COMPANY = "company"
    """Everyone with the role of company for an operator of the case."""
    OFFICERS = "officers"
    REVIEWERS = "reviewers"


ROLES: Final[Mapping[Reader, tuple[Role, ...]]] = {
    Reader.COMPANY: (Role.COMPANY,),
    Reader.OFFICERS: (Role.OFFICER,),
    Reader.REVIEWERS: (Role.REVIEWER, Role.OFFICER),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One mail, in Dutch, with places for the number of the case, a day, and the address of its page."""

    reader: Reader
    sentence: str

    def subject(self, number: str) -> str:
        """Return the subject of the mail."""
        return f"Zaak {number}: er is iets voor u te lezen"

    def body(self, number: str, day: str, link: str) -> str:
        """Return the text of the mail."""
        said = self.sentence.format(number=number, day=day)
        return f"{said}\n\nU leest de zaak na het inloggen: {link}\n\nDeze mail is automatisch verstuurd.\n"


_F: Final = Kind.FINDING
NOTICES: Final[Mapping[tuple[Kind, str], tuple[Notice, ...]]] = {
    (_F, "submit"): (Notice(Reader.REVIEWERS, "In zaak {number} is een tekst klaar om na te kijken."),),
    (_F, "notify"): (
        Notice(
            Reader.COMPANY,
            "In zaak {number} staat een bevinding over uw bedrijf. U kunt antwoorden tot en met {day}. "
            "Uw antwoord komt naast de bevinding te staan als die openbaar wordt.",
        ),
    ),
    (_F, "extend"): (Notice(Reader.COMPANY, "In zaak {number} kunt u nu antwoorden tot en met {day}."),),
    (_F, "answer"): (Notice(Reader.OFFICERS, "In zaak {number} is een antwoord vastgelegd."),),
    (_F, "revise"): (Notice(Reader.COMPANY, "In zaak {number} wordt de tekst herzien. U hoort het als die klaar is."),),
    (_F, "publish"): (Notice(Reader.COMPANY, "In zaak {number} is besloten tot openbaar maken, vanaf {day}."),),
    (_F, "postpone"): (Notice(Reader.COMPANY, "In zaak {number} is het openbaar maken uitgesteld tot {day}."),),
    (_F, "recall"): (Notice(Reader.COMPANY, "In zaak {number} is het besluit tot openbaar maken teruggenomen."),),
    (_F, "withhold"): (Notice(Reader.COMPANY, "In zaak {number} is besloten om niet openbaar te maken."),),
    (_F, "end"): (Notice(Reader.COMPANY, "Zaak {number} is zonder gevolg beëindigd."),),
    (_F, "correct"): (Notice(Reader.COMPANY, "In zaak {number} is besloten de openbare tekst te corrigeren."),),
    (_F, "withdraw"): (Notice(Reader.COMPANY, "In zaak {number} is besloten de openbare bevinding in te trekken."),),
    (Kind.REQUEST, "ask"): (Notice(Reader.COMPANY, "In zaak {number} vraagt de overheid u om aanvulling."),),
    (Kind.REQUEST, "decide"): (Notice(Reader.COMPANY, "In zaak {number} is op uw verzoek besloten."),),
}
"""By kind of case and event."""
