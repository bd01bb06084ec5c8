"""What the page of a permit shows, in the words of its language: decisions, conditions, and which limit binds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from goedebuur.core.base.sourced import Text
from goedebuur.core.permits import wording
from goedebuur.core.permits.conditions import ConditionKind
from goedebuur.core.permits.limits import Statistic
from goedebuur.core.permits.precedence import Binding, Candidate, Outcome
from goedebuur.core.permits.records import Condition, Derogation, Document, Permit, Withheld
from goedebuur.core.permits.site_limits import SpotLimits
from goedebuur.core.permits.timeline import Event, Standing, Stands, number_key
from goedebuur.rules import closing, substance_names
from goedebuur.services.permit_views import PermitView
from goedebuur.web import words

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One condition.

    Parameters
    ----------
    said
        What its form says, in plain words; empty where it has none.
    ended
        Why it does not hold on the day; empty where it holds.
    """

    condition: Condition
    decision: Permit
    said: str
    article: str
    ended: str

    @property
    def anchor(self) -> str:
        """Return the name under which the page has it."""
        return _anchor(self.condition.id)


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of one kind for the same parts of the site."""

    kind: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the site with its conditions, by kind."""

    name: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision on the time line."""

    permit: Permit
    authority: str
    leaf: int
    corrections: tuple[tuple[int, str, int], ...]
    """Leaf, reason, and the tree size at which what was there before is read."""
    stands: str
    in_force: bool
    changed: str


@dataclass(frozen=True, slots=True)
class LimitRow:
    """Which limit on a substance binds, for one average."""

    substance: str
    average: str
    value: str
    origin: str
    article: str
    why: str
    question: str
    outcome: str
    candidates: tuple[CandidateRow, ...]
    notes: tuple[str, ...]
    instead: tuple[tuple[str, str], ...]
    """Number and place on the page of each limit that may be met in its stead."""


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One limit beside the others."""

    origin: str
    value: str
    article: str
    anchor: str
    binds: bool
    question: str


@dataclass(frozen=True, slots=True)
class Place:
    """The limits at one part of the site; those of the directive alone apart, since they bind nobody here."""

    name: str
    rows: tuple[LimitRow, ...]
    europe: tuple[LimitRow, ...]


def spoken(text: Text) -> str:
    """Return a sentence in the language of the page."""
    return text.en if get_language() == "en" else text.nl


def parts(view: PermitView, names: Names) -> tuple[Part, ...]:
    """Return the conditions that hold, by part of the site and kind."""
    rows = [row for row in _rows(view) if not row.ended]
    by_part: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        key = (*row.condition.installations, *row.condition.emission_points)
        by_part.setdefault(key, []).append(row)
    return tuple(
        Part(", ".join(names.get(one, one) for one in key) or _("The whole site"), _groups(by_part[key]))
        for key in sorted(by_part)
    )


def others(view: PermitView) -> tuple[Row, ...]:
    """Return the conditions that do not hold on the day, each with why."""
    return tuple(row for row in _rows(view) if row.ended)


def decisions(view: PermitView, names: Names) -> tuple[Decision, ...]:
    """Return the decisions, newest first."""
    stands = {one.id: how for one, how in view.found.decisions}
    changed = {one.decision: one for one in view.events}
    return tuple(
        Decision(
            one.permit,
            names.get(one.permit.authority, one.permit.authority),
            one.leaf,
            tuple((leaf, reason, leaf) for leaf, reason in one.leaves[1:]),
            _standing(stands[one.permit.id]),
            stands[one.permit.id].in_force,
            _changed(changed.get(one.permit.id)),
        )
        for one in reversed(view.decisions)
    )


def derogations(view: PermitView) -> tuple[tuple[Row, Derogation], ...]:
    """Return the conditions that hold by way of derogation, each with its derogation."""
    rows = [row for row in _rows(view) if not row.ended]
    return tuple((row, row.condition.derogation) for row in rows if row.condition.derogation is not None)


def documents(view: PermitView) -> tuple[tuple[Permit, Document], ...]:
    """Return the documents of all decisions, each with its decision."""
    return tuple((one.permit, document) for one in view.decisions for document in one.permit.documents)


def withheld(view: PermitView) -> tuple[tuple[Permit, Withheld, str], ...]:
    """Return what is not public, with the words of its ground."""
    return tuple(
        (one.permit, part, spoken(closing.term("grounds", part.ground).text))
        for one in view.decisions
        for part in one.permit.withheld
    )


def places(spots: Iterable[SpotLimits], names: Names) -> tuple[Place, ...]:
    """Return which limits bind, by part of the site."""
    found = []
    for spot in spots:
        rows = [_limit(binding) for binding in spot.bindings]
        found.append(
            Place(
                " · ".join(names.get(one, one) for one in (spot.spot.installation, spot.spot.emission_point) if one)
                or _("The whole site"),
                tuple(row for row in rows if row.outcome != Outcome.EU_ONLY),
                tuple(row for row in rows if row.outcome == Outcome.EU_ONLY),
            )
        )
    return tuple(found)


def open_questions(spots: Iterable[SpotLimits]) -> int:
    """Return for how many averages a person must say which limit binds."""
    return sum(one.outcome is Outcome.UNDETERMINED for spot in spots for one in spot.bindings)


def _rows(view: PermitView) -> list[Row]:
    permits = {one.permit.id: one.permit for one in view.decisions}
    return [
        Row(
            one,
            permits[one.permit],
            "" if one.form is None else spoken(wording.sentences(one.form)),
            one.article or permits[one.permit].article,
            "" if stands.in_force else _standing(stands),
        )
        for one, stands in view.found.conditions
    ]


def _groups(rows: Sequence[Row]) -> tuple[Group, ...]:
    kinds = list(ConditionKind)
    ordered = sorted(rows, key=lambda row: (kinds.index(row.condition.kind), number_key(row.condition.number)))
    return tuple(
        Group(words.look_up("condition_kind", kind), tuple(found))
        for kind, found in groupby(ordered, key=lambda row: row.condition.kind)
    )


def _standing(stands: Stands) -> str:
    if stands.in_force:
        return _("in force")
    filled = {"day": _day(stands.since), "by": stands.by}
    told = {
        Standing.NOT_YET: _("holds from %(day)s"),
        Standing.EXPIRED: _("ended on %(day)s"),
        Standing.REPLACED: _("replaced on %(day)s by %(by)s"),
        Standing.SUSPENDED: _("set aside since %(day)s by %(by)s"),
        Standing.WITHDRAWN: _("withdrawn on %(day)s by %(by)s"),
        Standing.REVOKED: _("revoked on %(day)s by %(by)s"),
    }
    return told[stands.standing] % filled


def _changed(event: Event | None) -> str:
    if event is None:
        return _("It never took effect.")
    return _("%(added)d conditions added, %(ended)d conditions or decisions ended.") % {
        "added": event.added,
        "ended": event.ended,
    }


def _day(day: date | None) -> str:
    if day is None:
        return "–"
    return day.isoformat() if get_language() == "en" else day.strftime("%d-%m-%Y")


def _limit(one: Binding) -> LimitRow:
    average = wording.averages(
        one.key.averaging, Statistic(str(one.key.share)) if one.key.share == 100 else _statistic(one)
    )
    during = f" ({words.look_up('operating_state', one.key.during)})" if one.key.during else ""
    known = substance_names.names().of_id(one.key.substance)
    name = (
        one.candidates[0].limit.substance.name if known is None else (known.en if get_language() == "en" else known.nl)
    )
    return LimitRow(
        substance=name,
        average=spoken(average) + during,
        value="" if one.binding is None else _value(one.binding),
        origin="" if one.binding is None else words.look_up("limit_origin", one.binding.origin.value),
        article="" if one.binding is None else one.binding.article,
        why=spoken(one.text),
        question=spoken(one.question),
        outcome=one.outcome.value,
        candidates=tuple(_candidate(candidate, one.binding) for candidate in one.candidates),
        notes=tuple(spoken(note) for note in one.notes),
        instead=tuple((source.rpartition("/")[2], _anchor(source)) for source in one.instead),
    )


def _statistic(one: Binding) -> Statistic:
    return one.candidates[0].limit.statistic


def _candidate(one: Candidate, binding: Candidate | None) -> CandidateRow:
    condition = "/" in one.source
    return CandidateRow(
        origin=words.look_up("limit_origin", one.origin.value),
        value=_value(one),
        article=one.article if condition else f"{one.article} ({one.source})",
        anchor=_anchor(one.source),
        binds=one is binding or one == binding,
        question=spoken(one.doubt),
    )


def _anchor(source: str) -> str:
    """Return the place on the page of a condition; nothing for a row of law, which has none."""
    return "v-" + source.replace("/", "-") if "/" in source else ""


def _value(one: Candidate) -> str:
    limit = one.limit
    bound = Fraction(limit.value) * Fraction(limit.statistic.factor) / 100
    text = f"{spoken(wording.number(limit.value if limit.statistic.factor == '100' else bound))} {limit.unit}"
    if limit.reference is not None and limit.reference.oxygen:
        oxygen = spoken(wording.number(limit.reference.oxygen))
        return _("%(value)s at %(oxygen)s %% O₂") % {"value": text, "oxygen": oxygen}
    return text
