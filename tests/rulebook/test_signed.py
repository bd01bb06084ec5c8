"""A signed delivery that breaks one rule is refused for that rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID
from tests.services.deliveries import NOW, open_record, station_file
from tests.services.signing import BUREAU, FILE, OTHER_KEY, enter, sign, statement
from tests.store.certified import OIN, SUBJECT, chain, changed, wanted

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import iso
from goedebuur.core.base.rulebook import CHECKS
from goedebuur.core.ledger import statements
from goedebuur.core.ledger.statements import Signed, Statement
from goedebuur.services import submitters, submitting
from goedebuur.services.record import Record
from goedebuur.store import certificates
from goedebuur.web import uploading


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    yield found
    found.close()


def said(**changed: Any) -> Callable[[], object]:
    return lambda: statement(**changed)


def other(**changed: Any) -> Callable[[], object]:
    """The canonical text of a statement with fields of another kind."""
    body = canonical.decode(statement().encode()) | changed
    return lambda: statements.decode(canonical.encode(body))


FORMS: dict[str, tuple[Callable[[], object], str, str]] = {
    "statement-size": (lambda: statements.decode(b"{" + b" " * 9_000), "statement", "9001"),
    "statement-canonical": (lambda: statements.decode(statement().encode() + b" "), "statement", "{"),
    "statement-fields": (other(color="red"), "statement", "goedebuur delivery 1"),
    "statement-kinds": (other(method=7), "statement", ""),
    "statement-field": (said(nonce="kort"), "nonce", ""),
    "statement-signature-length": (lambda: Signed(statement().encode(), b""), "signature", "0"),
    "statement-certificates-length": (lambda: Signed(b"{}", b"x", (b"x" * 7_000,)), "certificates", ""),
    "statement-base64": (lambda: statements.unbase64("AAE"), "signature", "AAE"),
    "upload-size": (lambda: uploading.require_size(statement(size=2**40)), "2019_SO2.csv", str(2**40)),
    "upload-part-begins": (
        lambda: uploading.offset(SimpleNamespace(headers={"Upload-Offset": "halverwege"})),  # type: ignore[arg-type]
        "Upload-Offset",
        "halverwege",
    ),
}


def vouched(place: int = 0, kind: str = "p256", **said: Any) -> Callable[[], object]:
    def check() -> None:
        found = chain(changed(wanted(kind), place, **said))
        certificates.require_chain(found, [certificates.fingerprint(found[-1])], {"serialNumber": OIN}, NOW)

    return check


def linked(pick: Callable[[tuple[bytes, ...]], tuple[bytes, ...]], root: int = -1) -> Callable[[], object]:
    def check() -> None:
        found = chain(wanted())
        roots = [certificates.fingerprint(found[root])]
        certificates.require_chain(pick(found), roots, {"serialNumber": OIN}, NOW)

    return check


def unread() -> None:
    """Two extensions of one kind, which a certificate cannot have: the bytes of one that is not critical renamed."""
    found = chain(changed(wanted(), 0, email="post@example.org"))
    usage, names = bytes.fromhex("0603551d0f"), bytes.fromhex("0603551d11")
    assert found[0].count(names) == 1
    certificates._require_known(x509.load_der_x509_certificate(found[0].replace(names, usage)), "certificate 0")


FORMS |= {
    "certificate-chain": (linked(lambda found: found[2:]), "chain", ""),
    "certificate-root": (linked(lambda found: found, root=1), "root", ""),
    "certificate-key-kind": (vouched(kind="p384"), "key", ""),
    "certificate-form": (linked(lambda found: (b"x", *found[1:])), "certificate 0", ""),
    "certificate-issued": (linked(lambda found: (found[0], found[2])), "certificate 0", ""),
    "certificate-hash": (vouched(hashed=hashes.SHA224()), "certificate 0", ""),
    "certificate-term": (vouched(1, end=datetime(2026, 1, 31, tzinfo=UTC)), "certificate 1", "to 2026-01-31"),
    "certificate-extensions": (unread, "certificate 0", ""),
    "certificate-critical": (vouched(critical=True), "certificate 0", "1.2.3.4"),
    "certificate-authority": (vouched(1, usage=""), "certificate 1", ""),
    "certificate-may-issue": (vouched(2, path_length=0), "certificate 2", ""),
    "certificate-use": (vouched(usage=""), "certificate 0", ""),
    "certificate-for-signing": (vouched(usage="encrypt"), "certificate 0", ""),
    "certificate-holder": (vouched(subject={NameOID.COMMON_NAME: OIN}), "serialNumber", ""),
    "certificate-no-person": (vouched(subject=SUBJECT | {NameOID.SURNAME: "Jansen"}), "certificate 0", ""),
}
REVOKED = {"revoked_on": iso(NOW - timedelta(days=1)), "reason": "lost"}
ELSEWHERE = station_file({"NL10001": ["1", "2"]})

DELIVERED: dict[str, tuple[Statement, bytes, dict[str, Any], str]] = {
    "submitter-known": (statement(submitter="onbekend"), FILE, {}, "onbekend"),
    "submitter-key": (statement(key="k9"), FILE, {}, "k9"),
    "statement-signature": (statement(), FILE, {"signer": OTHER_KEY}, "meetbureau, key k1"),
    "submitter-key-not-revoked": (statement(), FILE, {"key": REVOKED}, "lost"),
    "submitter-key-term": (statement(), FILE, {"key": {"valid_to": "2026-01-31"}}, "2026-01-31"),
    "statement-clock": (statement(created=iso(NOW - timedelta(minutes=11))), FILE, {}, "2026-01-31T23:49:00Z"),
    "statement-nonce": (statement(name="other.csv"), FILE, {"before": True}, "meetbureau"),
    "submitter-accredited": (statement(), FILE, {"bureau": replace(BUREAU, accreditation=None)}, "none"),
    "submitter-scope-method": (statement(method="met de hand"), FILE, {}, "met de hand"),
    "statement-bytes": (statement(), FILE + b" ", {}, str(len(FILE) + 1)),
    "submitter-scope-quantity": (
        statement(FILE.replace(b"SO2;uur", b"NH3;uur")),
        FILE.replace(b"SO2;uur", b"NH3;uur"),
        {},
        "nh3",
    ),
    "submitter-own-site": (statement(ELSEWHERE), ELSEWHERE, {}, "NL10001"),
}


@pytest.mark.parametrize("check", [*FORMS, *DELIVERED])
def test_refused(check: str, record: Record) -> None:
    if check in FORMS:
        act, place, value = FORMS[check]
        with pytest.raises(GoedeBuurError) as raised:
            act()
        error = raised.value
        assert error.place == place
    else:
        made, data, more, value = DELIVERED[check]
        enter(record, more.get("bureau", BUREAU), **more.get("key", {}))
        if more.get("before"):
            submitting.submit(record, sign(statement()), FILE, NOW)
        found = submitting.check(record, sign(made, more["signer"]) if "signer" in more else sign(made), data, NOW)
        (error,) = found.findings
    assert (error.check, error.code) == (check, CHECKS[check].code), error
    assert value in error.value
    assert len(error.hint) > 10


def test_statement_that_breaks_no_rule_is_not_refused(record: Record) -> None:
    enter(record)
    assert submitting.check(record, sign(statement()), FILE, NOW).findings == ()
    vouched()()


def test_every_field_of_a_statement_is_held_to_its_row() -> None:
    broken = {
        "payload.sha256": {"sha256": "X"},
        "payload.size": {"size": 0},
        "payload.name": {"name": "a/b"},
        "adapter": {"adapter": "a b"},
        "submitter": {"submitter": ""},
        "key": {"key": " "},
        "created": {"created": "gisteren"},
        "nonce": {"nonce": "Z" * 16},
        "sites": {"sites": ("a",) * 51},
        "method": {"method": "a\nb"},
        "reason": {"reason": "x" * 1_001},
    }
    assert {row.key for row in CHECKS["statement-field"].rows} == set(broken)
    for place, fields in broken.items():
        with pytest.raises(GoedeBuurError) as raised:
            statement(**fields)  # type: ignore[arg-type]
        assert (raised.value.check, raised.value.place) == ("statement-field", place)


def test_submitter_of_the_record_is_found(record: Record) -> None:
    enter(record)
    assert submitters.find(record, "meetbureau").id == "meetbureau"
