"""Who may deliver what: the roles, accreditation, scope and keys of a submitter, read from its catalogue record.

A submitter is a record of the catalogue and a change of it is a leaf, so the record *as of N* says who might deliver
what at that size. Persons are not in it: a submitter is a body, and its keys are of the body.

References
----------
EN ISO/IEC 17025, 8.1.3 and the scope of accreditation of its national body (in the Netherlands: RvA)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Any, Final

from goedebuur.core.base import rulebook
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger import notes
from goedebuur.core.ledger.statements import ED25519, Statement

SUBMITTER_MALFORMED: Final = declare("submitter-malformed", "A submitter, key or scope is not in a form that it has.")
UNKNOWN_KEY: Final = declare("submission-unknown-key", "The submitter has no key of that name.")
KEY_REVOKED: Final = declare("submission-key-revoked", "The key was revoked.")
KEY_EXPIRED: Final = declare("submission-key-expired", "The key is not valid yet, or no longer.")
NOT_ACCREDITED: Final = declare("submission-accreditation", "The submitter is not accredited at that moment.")
SCOPE_METHOD: Final = declare("submission-scope-method", "The scope does not cover the format or the method.")
SCOPE_QUANTITY: Final = declare("submission-scope-quantity", "The scope does not cover a quantity.")
OTHER_SITE: Final = declare("submission-other-site", "A station or facility is not one of the submitter.")

_LAW: Final = rulebook.standard(
    "EN ISO/IEC 17025:2017, 8.1.3, and the scope of accreditation (in the Netherlands: RvA)"
)
BOOK: Final = rulebook.area(
    "submitter",
    "Wie mag leveren",
    "Who may deliver",
    rulebook.own(
        "wie voor een cijfer instaat bepaalt mee wat het waard is",
        "who vouches for a figure is part of what it is worth",
    ),
    "tests/rulebook/test_signed.py::test_refused",
)
KEY_THERE: Final = BOOK.refuse(
    "key",
    UNKNOWN_KEY,
    "De sleutel is van de leverancier.",
    "The key is one of the submitter.",
)
NOT_REVOKED: Final = BOOK.refuse(
    "key-not-revoked",
    KEY_REVOKED,
    "De sleutel is niet ingetrokken.",
    "The key was not revoked.",
)
KEY_TERM: Final = BOOK.refuse(
    "key-term",
    KEY_EXPIRED,
    "De sleutel geldt op de dag van de verklaring.",
    "The key is valid on the day of the statement.",
)
ACCREDITED: Final = BOOK.refuse(
    "accredited",
    NOT_ACCREDITED,
    "Een meetbureau is geaccrediteerd op de dag van de verklaring.",
    "A measuring bureau is accredited on the day of the statement.",
    basis=_LAW,
)
IN_SCOPE: Final = BOOK.refuse(
    "scope-method",
    SCOPE_METHOD,
    "Formaat en meetmethode vallen onder wat de leverancier mag leveren.",
    "Format and method are in the scope of the submitter.",
    basis=_LAW,
)
QUANTITY_IN_SCOPE: Final = BOOK.refuse(
    "scope-quantity",
    SCOPE_QUANTITY,
    "Elke stof of grootheid valt onder wat de leverancier mag leveren.",
    "Each quantity is in the scope of the submitter.",
    basis=_LAW,
)
OWN_SITE: Final = BOOK.refuse(
    "own-site",
    OTHER_SITE,
    "De levering gaat alleen over meetstations en bedrijven van de leverancier, en over die van de verklaring.",
    "The delivery is only about stations and facilities of the submitter, and about those of the statement.",
)

ROLES: Final = ("company", "accredited_bureau", "authority", "sensor_network")
X509: Final = "x509"
SCOPE_FIELDS: Final = ("adapters", "methods", "quantities", "stations")


@dataclass(frozen=True, slots=True)
class Accreditation:
    """By which number, under which standard, from which day to which last day (ISO; empty without end)."""

    number: str
    standard: str
    valid_from: str
    valid_to: str = ""

    def holds(self, moment: datetime) -> bool:
        """Return whether the accreditation holds at a moment."""
        return _within(moment, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be delivered: all four have to fit. Patterns with `*`; an empty list of methods asks for none."""

    adapters: tuple[str, ...]
    quantities: tuple[str, ...]
    stations: tuple[str, ...]
    methods: tuple[str, ...] = ()

    def takes(self, adapter: str, method: str) -> bool:
        """Return whether the format and the method are in it."""
        return _fits(adapter, self.adapters) and (not self.methods or _fits(method, self.methods))


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a submitter.

    Parameters
    ----------
    id
        The name by which statements name it.
    algorithm
        :data:`ED25519`, or :data:`X509` for any key that certificates vouch for.
    vkey
        Of Ed25519: the public key in the C2SP form.
    roots
        Of X.509: SHA-256 of the root certificates that may be at the end of the chain.
    subject
        Of X.509: what the signer's certificate has to say of its holder, e.g. `{"serialNumber": "0000000…"}`. Without
        it any holder of a certificate under the root could sign.
    valid_from, valid_to
        First and last day, ISO; empty without an end.
    revoked_on, reason
        From which moment it counts no more, ISO UTC, and why; empty as long as it counts.
    """

    id: str
    algorithm: str
    valid_from: str
    valid_to: str = ""
    vkey: str = ""
    roots: tuple[str, ...] = ()
    subject: Mapping[str, str] | None = None
    revoked_on: str = ""
    reason: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as the catalogue keeps them."""
        body: dict[str, Any] = {"algorithm": self.algorithm, "id": self.id}
        if self.algorithm == ED25519:
            body["vkey"] = self.vkey
        else:
            body |= {"roots": list(self.roots), "subject": dict(self.subject or {})}
        return body | {
            "reason": self.reason,
            "revoked_on": self.revoked_on,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
        }


@dataclass(frozen=True, slots=True)
class Submitter:
    """A body that delivers."""

    id: str
    name: str
    roles: tuple[str, ...] = ()
    accreditation: Accreditation | None = None
    scope: tuple[Scope, ...] = ()
    keys: tuple[Key, ...] = ()

    def key(self, name: str) -> Key:
        """Return one of its keys; `submission-unknown-key` where there is none of that name."""
        for key in self.keys:
            if key.id == name:
                return key
        raise KEY_THERE.error(
            "This submitter has no key of that name.",
            place=self.id,
            value=name,
            hint="Ask who runs the record to enter the key, with `goedebuur submitters key add`.",
        )

    def body(self) -> dict[str, Any]:
        """Return the fields as the catalogue keeps them."""
        accreditation = self.accreditation
        return {
            "accreditation": {}
            if accreditation is None
            else {name: getattr(accreditation, name) for name in ("number", "standard", "valid_from", "valid_to")},
            "id": self.id,
            "keys": [key.as_dict() for key in self.keys],
            "name": self.name,
            "roles": list(self.roles),
            "scope": [{field: list(getattr(one, field)) for field in SCOPE_FIELDS} for one in self.scope],
        }


def read(body: Mapping[str, Any]) -> Submitter:
    """Return the submitter in the fields of a catalogue record. One without keys can sign nothing.

    Raises
    ------
    GoedeBuurError
        `submitter-malformed`.
    """
    try:
        accreditation = body.get("accreditation") or None
        submitter = Submitter(
            id=str(body["id"]),
            name=str(body.get("name") or body["id"]),
            roles=tuple(body.get("roles") or ()),
            accreditation=Accreditation(**accreditation) if accreditation else None,
            scope=tuple(Scope(**{name: tuple(one[name]) for name in SCOPE_FIELDS}) for one in body.get("scope") or ()),
            keys=tuple(Key(**one | {"roots": tuple(one.get("roots", ()))}) for one in body.get("keys") or ()),
        )
        _require(submitter)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise malformed("The record of this submitter cannot be read.", str(body.get("id", "")), str(error)) from None
    return submitter


def require_key(key: Key, at: datetime, now: datetime) -> None:
    """Check that a key counts for a statement made at a moment and looked at now.

    Raises
    ------
    GoedeBuurError
        `submission-key-revoked`, `submission-key-expired`.
    """
    if key.revoked_on and datetime.fromisoformat(key.revoked_on) <= max(at, now):
        raise NOT_REVOKED.error(
            "This key was revoked.",
            place=f"key {key.id}",
            value=f"{key.revoked_on}: {key.reason}",
            hint="Sign with another key of yours. If you did not ask for this, ask who runs the record.",
        )
    if not _within(at, key.valid_from, key.valid_to):
        raise KEY_TERM.error(
            "This key is not valid on the day on which the statement was made.",
            place=f"key {key.id}",
            value=f"valid from {key.valid_from} to {key.valid_to or 'further notice'}",
            hint="Make a new key with `goedebuur key new`, and have it entered.",
        )


def require_accreditation(submitter: Submitter, at: datetime) -> None:
    """Check that an accredited submitter is accredited at a moment; `submission-accreditation` otherwise.

    A submitter that is no bureau and names no accreditation needs none.
    """
    accreditation = submitter.accreditation
    if accreditation is None and "accredited_bureau" not in submitter.roles:
        return
    if accreditation is None or not accreditation.holds(at):
        shown = "none" if accreditation is None else f"{accreditation.number} to {accreditation.valid_to}"
        raise ACCREDITED.error(
            "The submitter is not accredited on the day on which the statement was made.",
            place=submitter.id,
            value=shown,
            hint="Have the new term of the accreditation entered, then deliver again.",
        )


def covering(submitter: Submitter, statement: Statement) -> tuple[Scope, ...]:
    """Return the parts of the scope that take this format and method; `submission-scope-method` where none does."""
    found = tuple(one for one in submitter.scope if one.takes(statement.adapter, statement.method))
    if not found:
        raise IN_SCOPE.error(
            "The scope of this submitter does not cover this format with this method.",
            place=submitter.id,
            value=f"{statement.adapter}, {statement.method or 'no method named'}",
            hint="Name the method of the measurement; or have the scope widened by who runs the record.",
        )
    return found


def outside(
    scope: Sequence[Scope], sites: Sequence[str], pairs: Iterable[tuple[str, str]], places: Iterable[str]
) -> Iterator[GoedeBuurError]:
    """Yield what is not in the scope: the first quantity, then the first place.

    Parameters
    ----------
    scope
        What :func:`covering` returned.
    sites
        Those of the statement; where there are any, all places have to be among them.
    pairs
        Station and quantity of each series in the delivery, or facility and substance of each release.
    places
        All stations and facilities that the delivery says something of.
    """
    told = sorted(set(pairs))
    quantities = [quantity for _, quantity in told if not any(_fits(quantity, one.quantities) for one in scope)]
    if quantities:
        yield QUANTITY_IN_SCOPE.error(
            "The scope of this submitter does not cover a quantity in this delivery.",
            value=", ".join(sorted(set(quantities))),
            hint="Leave it out, or have the scope widened by who runs the record.",
        )
    others = [
        station
        for station, quantity in told
        if not any(_fits(quantity, one.quantities) and _fits(station, one.stations) for one in scope)
        and quantity not in quantities
    ]
    others += [place for place in {*places, *sites} if not any(_fits(place, one.stations) for one in scope)]
    if sites:
        others += [place for place in {*places, *(station for station, _ in told)} if place not in sites]
    if others:
        yield OWN_SITE.error(
            "This delivery is about a station or facility that is not one of this submitter.",
            value=", ".join(sorted(set(others))),
            hint="Deliver only what is yours; or have the scope widened by who runs the record.",
        )


def malformed(message: str, place: str, value: str = "") -> GoedeBuurError:
    """Return the error of a submitter, key or scope that is not in the form that it has."""
    return GoedeBuurError(
        SUBMITTER_MALFORMED,
        message,
        place=place,
        value=value,
        hint="docs/beheer/leveranciers.md has the fields and their forms.",
    )


def _require(submitter: Submitter) -> None:
    if not set(submitter.roles) <= set(ROLES):
        raise malformed(f"A role is one of {', '.join(ROLES)}.", submitter.id, ", ".join(submitter.roles))
    if len({key.id for key in submitter.keys}) != len(submitter.keys):
        raise malformed("Two keys of a submitter have the same name.", submitter.id)
    try:
        terms = [(key.valid_from, key.valid_to) for key in submitter.keys]
        if submitter.accreditation is not None:
            terms.append((submitter.accreditation.valid_from, submitter.accreditation.valid_to))
        for start, end in terms:
            if end and date.fromisoformat(end) < date.fromisoformat(start):
                raise ValueError(f"{end} is before {start}")
            date.fromisoformat(start)
        for key in submitter.keys:
            if key.revoked_on and datetime.fromisoformat(key.revoked_on).tzinfo is None:
                raise ValueError(key.revoked_on)
    except ValueError as error:
        raise malformed(
            "A day is not in the form 2026-12-31, or ends before it starts.", submitter.id, str(error)
        ) from None
    for key in submitter.keys:
        _require_key(submitter, key)


def _require_key(submitter: Submitter, key: Key) -> None:
    if key.algorithm == ED25519:
        notes.decode_vkey(key.vkey)
    elif key.algorithm != X509:
        raise malformed(f"A key is {ED25519} or {X509}.", f"{submitter.id}, key {key.id}", key.algorithm)
    elif not key.roots or not key.subject:
        raise malformed("A key with certificates names its root, and who holds it.", f"{submitter.id}, key {key.id}")


def _within(moment: datetime, first: str, last: str) -> bool:
    day = moment.date().isoformat()
    return first <= day and (not last or day <= last)


def _fits(text: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(text, pattern) for pattern in patterns)
