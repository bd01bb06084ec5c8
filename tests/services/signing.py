"""A submitter with a key and a scope, and deliveries that it signs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.services.deliveries import NOW, station_file

from goedebuur.core.base import canonical
from goedebuur.core.base.periods import iso
from goedebuur.core.ledger import statements
from goedebuur.core.ledger.statements import Signed, Statement
from goedebuur.core.ledger.submitters import Accreditation, Key, Scope, Submitter
from goedebuur.services import submitters
from goedebuur.services.record import Record
from goedebuur.store.keys import Ed25519Signer

KEY = Ed25519Signer("meetbureau.example", bytes(range(1, 33)))
OTHER_KEY = Ed25519Signer("elders.example", bytes(range(2, 34)))
FILE = station_file({"NL90001": ["12.5", "13"], "NL90002": ["20", "21"]})
BUREAU = Submitter(
    id="meetbureau",
    name="Meetbureau Voorbeeld",
    roles=("accredited_bureau",),
    accreditation=Accreditation("L999", "EN ISO/IEC 17025:2017", "2024-01-01", "2027-12-31"),
    scope=(Scope(("rivm_lml",), ("so2", "no2"), ("NL9000*",), ("NEN-EN 14212*",)),),
)
ENTERED = NOW - timedelta(days=30)


def key(**changed: Any) -> Key:
    """The key of the bureau, as its record has it."""
    return replace(Key("k1", "ed25519", "2026-01-01", "2026-12-31", vkey=KEY.vkey), **changed)


def enter(record: Record, submitter: Submitter = BUREAU, **changed: Any) -> None:
    """Put the submitter and its key into the record."""
    submitters.add(record, submitter, ENTERED)
    submitters.add_key(record, submitter.id, key(**changed), ENTERED)


def statement(data: bytes = FILE, **changed: Any) -> Statement:
    """What the bureau says of a delivery."""
    said = Statement(
        sha256=canonical.sha256(data),
        size=len(data),
        name="2019_SO2.csv",
        adapter="rivm_lml",
        submitter="meetbureau",
        key="k1",
        created=iso(NOW),
        nonce="00112233445566778899aabbccddeeff",
        method="NEN-EN 14212:2012",
    )
    return replace(said, **changed)


def sign(said: Statement, signer: Ed25519Signer = KEY) -> Signed:
    """The statement with a signature."""
    return Signed(said.encode(), signer.sign(statements.message(said.encode())))


def at(*when: int) -> datetime:
    """A moment in UTC."""
    return datetime(*when, tzinfo=UTC)  # type: ignore[arg-type,misc]
