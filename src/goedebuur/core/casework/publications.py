"""What a decision to publish makes public of a finding: one whole record under a leaf, and what replaces it later.

Each version takes the place of the one before it: published, corrected, withdrawn; or withheld, with ground and end and
nothing of the finding itself. No names of persons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final

from goedebuur.core.base import plain
from goedebuur.core.base.errors import declare
from goedebuur.core.base.plain import Line, Pattern, Words, fault
from goedebuur.core.base.sourced import Text

MALFORMED: Final = declare("publication-record", "A publication of a finding is not in the form that it has.")
KIND: Final = "publication"
Identifier = Annotated[
    str,
    Pattern(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "Write a UUID in lower case."),
]
Reference = Annotated[str, Pattern(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,158}", "Write the identifier in the record.")]


class Version(StrEnum):
    """What a record makes of a finding."""

    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the operator said, in its own words."""

    text: Words
    received_on: date


@dataclass(frozen=True, slots=True)
class Reply:
    """What the authority says of each claim in the answer."""

    text: Words
    given_on: date


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the public history: a day and a sentence in both languages."""

    on: date
    event: Line
    nl: Line
    en: Line


@dataclass(frozen=True, slots=True)
class Publication:
    """One version of what is public.

    Parameters
    ----------
    id
        UUID, of its own: it tells nothing of the case.
    number
        From 1: which version this is.
    authority
        Who decided.
    decided_on, reasons
        When, and why it is published, corrected or withdrawn. Of what is withheld the reasons are not public: they
        would tell of it.
    operators, sites
        Whom and which places it is about. Like all that follows, empty where the finding is withheld.
    subject, text
        The finding. Both are gone once it is withdrawn.
    emissions
        Whether it holds information on emissions, which is public by law (Woo art. 5.1(7); 2010/75/EU art. 24).
    asked_on, answer_until
        When the operator was given the text, and up to which day it could answer.
    answer
        None where the operator gave none.
    reply
        None where the authority said nothing of the claims in the answer.
    ground, withheld_until
        Of what is withheld: on which ground of the law, and up to which day.
    history
        What happened, for the public.
    """

    id: Identifier
    number: int
    version: Version
    authority: Reference
    decided_on: date
    reasons: str = ""
    operators: tuple[Reference, ...] = ()
    sites: tuple[Reference, ...] = ()
    subject: str = ""
    text: str = ""
    language: str = ""
    emissions: bool = False
    asked_on: date | None = None
    answer_until: date | None = None
    answer: Answer | None = None
    reply: Reply | None = None
    ground: str = ""
    withheld_until: date | None = None
    history: tuple[Happening, ...] = ()
    simulated: bool = False

    def __post_init__(self) -> None:
        if self.number < 1:
            raise fault("number", "Versions are counted from 1.", self.number)
        if self.version is Version.WITHHELD:
            self._require_bare()
        elif self.version is Version.WITHDRAWN:
            self._require(("reasons", "operators"), ("subject", "text", "answer", "reply", "ground", "withheld_until"))
        else:
            needed = ("reasons", "operators", "subject", "text", "language", "asked_on", "answer_until")
            self._require(needed, ("ground", "withheld_until"))

    def _require_bare(self) -> None:
        told = (
            "reasons",
            "operators",
            "sites",
            "subject",
            "text",
            "asked_on",
            "answer_until",
            "answer",
            "reply",
            "history",
        )
        self._require(("ground", "withheld_until"), told)
        if self.withheld_until is not None and self.withheld_until < self.decided_on:
            raise fault("withheld_until", "It ends before it was decided.", self.withheld_until)

    def _require(self, present: tuple[str, ...], absent: tuple[str, ...]) -> None:
        for name in present:
            value = getattr(self, name)
            if not value or (isinstance(value, str) and not value.strip()):
                raise fault(name, f"A finding that is {self.version} has this.")
        for name in absent:
            if getattr(self, name):
                raise fault(name, f"A finding that is {self.version} does not have this.")

    @property
    def readable(self) -> bool:
        """Return whether the finding itself can be read."""
        return self.version in (Version.PUBLISHED, Version.CORRECTED)


def body(publication: Publication) -> dict[str, Any]:
    """Return the record as it stands under its leaf."""
    return plain.write(publication)


def read(said: Mapping[str, Any]) -> Publication:
    """Return the publication in a record.

    Raises
    ------
    GoedeBuurError
        `publication-record`, with the first field that is wrong.
    """
    return plain.require(Publication, said, MALFORMED)


def told(version: Version) -> Text:
    """Return what became of a finding, as a feed or a mail says it."""
    return _TOLD[version]


_TOLD: Final[Mapping[Version, Text]] = {
    Version.PUBLISHED: Text("Bevinding openbaar gemaakt", "Finding published"),
    Version.CORRECTED: Text("Bevinding gecorrigeerd", "Finding corrected"),
    Version.WITHDRAWN: Text("Bevinding ingetrokken", "Finding withdrawn"),
    Version.WITHHELD: Text("Een bevinding blijft nog niet openbaar", "A finding is withheld for now"),
}
