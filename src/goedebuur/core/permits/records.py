"""One decision of an authority, with its conditions, as it was granted: a permit, an amendment, tailored conditions.

A decision says what it adds, replaces and withdraws, and is never changed by a later one; what holds on a day follows
from all of them (`timeline.py`). A mistake in what was typed over is put right by publishing the same decision again,
with a reason (`services/permits.py`). No names of people: an authority decides, an operator holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from goedebuur.core.base.plain import Line, Pattern, Sha256, Words, fault
from goedebuur.core.permits import rules
from goedebuur.core.permits.conditions import FORMS, ConditionKind, Form
from goedebuur.core.sites.records import SITE_ID

Slug = Annotated[str, Pattern(r"[a-z0-9][a-z0-9._-]{0,78}", "Write lower-case letters, digits, dots and hyphens.")]
OptionalSlug = Annotated[str, Pattern(r"([a-z0-9][a-z0-9._-]{0,78})?", "Write lower-case letters, digits and hyphens.")]
ConditionId = Annotated[
    str, Pattern(r"[a-z0-9][a-z0-9._-]{0,78}/[A-Za-z0-9][A-Za-z0-9._-]{0,38}", "Write permit/number, as bp-2019/3.1.2.")
]
Number = Annotated[str, Pattern(r"[A-Za-z0-9][A-Za-z0-9._-]{0,38}", "Write the number of the condition, as 3.1.2.")]
SiteId = Annotated[str, Pattern(SITE_ID, "Write the identifier of the site.")]
Language = Annotated[str, Pattern(r"[a-z]{2}", "Write the language as nl.")]
MediaType = Annotated[str, Pattern(r"[a-z]+/[A-Za-z0-9.+-]+", "Write the media type as application/pdf.")]

CRISIS_MONTHS: Final = 3
"""How long a derogation in a crisis may last, and again be prolonged. Directive 2010/75/EU art. 15(7)."""


class DecisionKind(StrEnum):
    """What a decision is."""

    PERMIT = "permit"
    AMENDMENT = "amendment"
    TAILORED_CONDITIONS = "tailored_conditions"
    REVOCATION = "revocation"


class DerogationBasis(StrEnum):
    """On which ground of Directive 2010/75/EU a condition departs from what would hold without it."""

    BAT_AEL = "bat_ael"
    """Art. 15(5): disproportionate costs through location, local conditions or technical characteristics."""
    CRISIS = "crisis"
    """Art. 15(7): a crisis of supply; three months, once prolonged by three."""
    EMERGING_TECHNIQUE = "emerging_technique"
    """Art. 27b and 27c: while an emerging technique is tested or built."""


@dataclass(frozen=True, slots=True)
class Derogation:
    """Why a condition departs from what would hold without it, as the public must be able to read.

    Parameters
    ----------
    article
        As in the decision, e.g. `IED 15(5); Bkl 8.28`.
    reason
        Reasons of the authority, in the words of the decision or a summary of them.
    reassess_by
        Day before which it is looked at again; None where the decision does not say.

    References
    ----------
    Directive 2010/75/EU art. 15(5), 15(7), 24(2)(f)
    """

    basis: DerogationBasis
    article: Line
    reason: Words
    reassess_by: date | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file that belongs to a decision, known by its digest."""

    sha256: Sha256
    name: Line
    size: int
    media_type: MediaType
    title: str = ""

    def __post_init__(self) -> None:
        if self.size < 1:
            raise fault("size", "A document holds at least one byte.", self.size, check=rules.DOCUMENT_SIZE)
        if "/" in self.name or "\\" in self.name:
            raise fault("name", "This is a path, not the name of a file.", self.name, check=rules.DOCUMENT_NAME)


@dataclass(frozen=True, slots=True)
class Withheld:
    """A part of a decision that is not public: what, on which ground, and until when.

    Parameters
    ----------
    ground
        A row of `rules/tables/closing_grounds.csv`.
    until
        Day on which it becomes public or is looked at again.
    emissions
        Whether it is about emissions, which almost no ground keeps from the public (Woo 5.1(7)).
    """

    what: Line
    ground: Line
    until: date
    emissions: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition as granted, and its computable form.

    Parameters
    ----------
    id
        `permit/number`, the same for ever.
    number
        As in the decision: `3.1.2`.
    installations, emission_points
        To which it applies; none for the whole site.
    article
        On which it rests; empty for the article of the decision.
    text
        As granted.
    valid_from, valid_to
        First and last day on which it holds; None for as long as the decision.
    replaces
        Conditions of earlier decisions in whose place this one comes for good, from its first day on.
    suspends
        Conditions in whose place this one comes for as long as it holds; after that they hold again.
    reasons
        Why, as the decision says; may be empty.
    form
        The computable form; None where `no_form` says why there is none.
    document, page
        Where it was read.
    """

    id: ConditionId
    permit: Slug
    site: SiteId
    number: Number
    kind: ConditionKind
    text: Words
    valid_from: date
    valid_to: date | None = None
    article: str = ""
    installations: tuple[Line, ...] = ()
    emission_points: tuple[Line, ...] = ()
    replaces: tuple[ConditionId, ...] = ()
    suspends: tuple[ConditionId, ...] = ()
    derogation: Derogation | None = None
    reasons: str = ""
    form: Form | None = None
    no_form: str = ""
    language: Language = "nl"
    document: Annotated[str, Pattern(r"([0-9a-f]{64})?", "Write the SHA-256 of a document of the decision.")] = ""
    page: int | None = None

    def __post_init__(self) -> None:
        if self.id.partition("/")[0] != self.permit:
            raise fault(
                "id",
                "The identifier of a condition begins with that of its decision.",
                self.id,
                check=rules.CONDITION_ID,
            )
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise fault("valid_to", "The condition ends before it begins.", self.valid_to, check=rules.CONDITION_ENDS)
        if (self.form is None) != bool(self.no_form.strip()):
            raise fault(
                "form" if self.form is None else "no_form",
                "A condition has a computable form, or says in `no_form` why it has none.",
                hint="Fill in one of the two.",
                check=rules.CONDITION_FORM,
            )
        if self.form is not None and not isinstance(self.form, FORMS[self.kind]):
            raise fault(
                "form",
                "This is the form of another kind of condition.",
                type(self.form).__name__,
                check=rules.CONDITION_KIND,
            )
        for name in ("replaces", "suspends"):
            if self.id in getattr(self, name):
                raise fault(name, "A condition does not come in its own place.", self.id, check=rules.NOT_ITS_OWN_PLACE)
        both = set(self.replaces) & set(self.suspends)
        if both:
            raise fault(
                "suspends",
                "A condition is replaced for good or for a time, not both.",
                min(both),
                check=rules.REPLACED_OR_SUSPENDED,
            )
        if self.derogation is not None and self.derogation.basis is DerogationBasis.CRISIS:
            self._require_crisis_end()

    def _require_crisis_end(self) -> None:
        last = months_later(self.valid_from, CRISIS_MONTHS)
        if self.valid_to is None or self.valid_to >= last:
            raise fault(
                "valid_to",
                "A derogation in a crisis lasts three months at most (IED 15(7)).",
                self.valid_to or "",
                f"End it before {last}; what prolongs it is a decision of its own.",
                check=rules.CRISIS,
            )


NO_RULE: Final = "none"


@dataclass(frozen=True, slots=True)
class GeneralRule:
    """That rows of the law hold for parts of a site, as the authority determined.

    Parameters
    ----------
    rule
        A row of `rules/tables/emission_limits.csv`, or a set of them: `bal.4.73`; `none` where the authority found that
        no general rule on emissions to air holds.
    installations, emission_points
        For which it holds; none for the whole site.
    oxygen
        Content of oxygen, where the row leaves it to the fuel; `none` where nothing is brought to oxygen. [% by volume]
    """

    rule: Line
    installations: tuple[Line, ...] = ()
    emission_points: tuple[Line, ...] = ()
    oxygen: Annotated[str, Pattern(r"([0-9]{1,2}(\.[0-9]{1,3})?|none)?", "Write a percentage, as 11, or none.")] = ""


@dataclass(frozen=True, slots=True)
class Permit:
    """One decision with its conditions.

    Parameters
    ----------
    id
        Chosen at entry, the same for ever: `bp-2019-114`.
    authority
        That decided.
    reference
        Number under which the authority knows it.
    article
        On which it rests: `Ow 5.1(2)(b)`.
    decided_on
        Day of the decision.
    valid_from, valid_to
        First and last day on which it holds; None: still open.
    announced_on
        Day on which it was made public by the authority; None where that is not known.
    amends
        Decision that is amended; empty where it stands by itself.
    withdraws
        Conditions of earlier decisions that end the day before this one begins to hold.
    revokes
        Decisions that end whole the day before.
    general_rules
        Which rows of the law hold for which parts of the site; said again by a later decision that changes it.
    reasons
        Of the authority for the decision as a whole, for the public (IED art. 24(2)(b)).
    example
        Whether it is invented, to try the program with.
    """

    id: Slug
    kind: DecisionKind
    site: SiteId
    authority: Line
    reference: Line
    title: Line
    article: Line
    decided_on: date
    valid_from: date
    valid_to: date | None = None
    announced_on: date | None = None
    operator: str = ""
    amends: OptionalSlug = ""
    withdraws: tuple[ConditionId, ...] = ()
    revokes: tuple[Slug, ...] = ()
    general_rules: tuple[GeneralRule, ...] = ()
    reasons: str = ""
    conditions: tuple[Condition, ...] = ()
    documents: tuple[Document, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    language: Language = "nl"
    example: bool = False

    def __post_init__(self) -> None:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise fault("valid_to", "The decision ends before it begins.", self.valid_to, check=rules.DECISION_ENDS)
        if self.announced_on is not None and self.announced_on < self.decided_on:
            raise fault(
                "announced_on",
                "The decision was announced before it was taken.",
                self.announced_on,
                check=rules.ANNOUNCED,
            )
        self._require_kind()
        self._require_conditions()

    def _require_kind(self) -> None:
        if self.kind is DecisionKind.REVOCATION:
            if self.conditions:
                raise fault(
                    "conditions",
                    "A revocation has no conditions of its own.",
                    len(self.conditions),
                    check=rules.REVOKES_ONLY,
                )
            if not (self.revokes or self.withdraws):
                raise fault("revokes", "A revocation says which decisions or conditions end.", check=rules.REVOKES_WHAT)
        elif not (self.conditions or self.withdraws or self.general_rules):
            raise fault(
                "conditions", "A decision has at least one condition, or withdraws one.", check=rules.SAYS_SOMETHING
            )
        if self.kind is DecisionKind.AMENDMENT and not self.amends:
            raise fault("amends", "An amendment names the decision that it amends.", check=rules.AMENDS_WHAT)
        if self.id in (self.amends, *self.revokes):
            raise fault(
                "amends" if self.id == self.amends else "revokes",
                "A decision does not end itself.",
                self.id,
                check=rules.ENDS_ANOTHER,
            )

    def _require_conditions(self) -> None:
        seen: set[str] = set()
        digests = {one.sha256 for one in self.documents}
        for number, one in enumerate(self.conditions):
            place = f"conditions[{number}]"
            if one.id in seen:
                raise fault(
                    f"{place}.id",
                    "Two conditions of the decision have the same identifier.",
                    one.id,
                    check=rules.CONDITION_ONCE,
                )
            seen.add(one.id)
            if (one.permit, one.site) != (self.id, self.site):
                raise fault(
                    f"{place}.permit",
                    "The condition belongs to another decision or site.",
                    one.permit,
                    check=rules.CONDITION_OF_DECISION,
                )
            if one.valid_from < self.valid_from:
                raise fault(
                    f"{place}.valid_from",
                    "The condition holds before its decision does.",
                    one.valid_from,
                    check=rules.CONDITION_BEGINS,
                )
            if one.document and one.document not in digests:
                raise fault(
                    f"{place}.document",
                    "The decision has no document with this digest.",
                    one.document,
                    check=rules.DOCUMENT_OF_CONDITION,
                )
        own = [name for name in self.withdraws if name.partition("/")[0] == self.id]
        if own:
            raise fault(
                "withdraws",
                "A decision does not withdraw its own conditions.",
                own[0],
                "Leave them out.",
                check=rules.WITHDRAWS_ANOTHER,
            )
        if len(digests) != len(self.documents):
            raise fault("documents", "One document is named twice.", check=rules.DOCUMENT_ONCE)


def months_later(day: date, months: int) -> date:
    """Return the day so many months later; the last day of the month where it has no such day.

    >>> months_later(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return date(first.year, first.month, min(day.day, (after - first).days))
