"""What a submitter signs: which bytes, in which format, for which sites, when, and why. The form is settled for good.

A statement is canonical JSON. The signature is over the line ``goedebuur delivery 1`` and the statement, so that it can
never be taken for a signature over anything else. Both are kept in the leaf, with the key that signed: whoever has the
leaf and knows the submitter's key checks the delivery without asking the log. The mathematics is handed in.

    leaf.signature = {"algorithm", "key", "statement", "value"}

`key` is the public key in the C2SP form, or the certificates (base64 DER, the signer's own first) joined by a space.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from goedebuur.core.base import canonical, rulebook
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import iso
from goedebuur.core.ledger import ed25519, notes
from goedebuur.core.ledger.leaves import Leaf

STATEMENT_MALFORMED: Final = declare("submission-malformed", "A signed delivery is not in the form that it has.")
WRONG_SIGNATURE: Final = declare("submission-wrong-signature", "The signature is not of this key over this statement.")
OTHER_PAYLOAD: Final = declare("submission-payload", "The bytes are not those that the statement is about.")
REPLAYED: Final = declare("submission-replay", "A nonce was used for another delivery before.")
STATEMENT_OTHER: Final = declare("submission-other-leaf", "The signature in a leaf is about another delivery.")

FORMAT: Final = "goedebuur delivery 1"
DOMAIN: Final = b"goedebuur delivery 1\n"
ED25519: Final = "ed25519"
CERTIFIED: Final = ("x509-ed25519", "x509-ecdsa-p256-sha256", "x509-rsa-pss-sha256")
"""Algorithms of keys that a chain of certificates vouches for."""
MAX_STATEMENT: Final = 8_192
MAX_SIGNATURE: Final = 1_024
MAX_CERTIFICATES: Final = 6_144
"""Bytes of all certificates together: they are in the leaf, and a leaf has an end."""

BOOK: Final = rulebook.area(
    "statement",
    "De ondertekende verklaring",
    "The signed statement",
    rulebook.described("docs/methods/signed-delivery.md"),
    "tests/rulebook/test_signed.py::test_refused",
)
SHORT: Final = BOOK.refuse(
    "size",
    STATEMENT_MALFORMED,
    f"Een verklaring heeft ten hoogste {MAX_STATEMENT} bytes.",
    f"A statement has at most {MAX_STATEMENT} bytes.",
)
CANONICAL: Final = BOOK.refuse(
    "canonical",
    STATEMENT_MALFORMED,
    "Een verklaring is canonieke JSON.",
    "A statement is canonical JSON.",
    basis=rulebook.own(
        "wat ondertekend is heeft één vorm, zodat een handtekening byte voor byte te controleren is",
        "what is signed has one form, so that a signature can be checked byte for byte",
    ),
)
FIELDS: Final = BOOK.refuse(
    "fields",
    STATEMENT_MALFORMED,
    "Een verklaring heeft precies de velden van een verklaring.",
    "A statement has exactly the fields of a statement.",
)
KINDS: Final = BOOK.refuse(
    "kinds",
    STATEMENT_MALFORMED,
    "Elk veld is tekst, behalve de grootte (een geheel getal) en de locaties (een lijst).",
    "Each field is text, but for the size (a whole number) and the sites (a list).",
)
FIELD: Final = BOOK.refuse(
    "field",
    STATEMENT_MALFORMED,
    "Elk veld van een verklaring is geschreven zoals het hoort.",
    "Each field of a statement is written as it should be.",
    rows=[
        rulebook.Row(name, held_to, "docs/methods/signed-delivery.md")
        for name, held_to in (
            ("payload.sha256", "64 lower-case hexadecimal digits"),
            ("payload.size", "1 to 2⁵³ - 1 bytes"),
            ("payload.name", "1 to 200 printable characters, no slashes"),
            ("adapter", "1 to 80 letters, digits and ._:@-"),
            ("submitter", "1 to 80 letters, digits and ._:@-"),
            ("key", "1 to 80 letters, digits and ._:@-"),
            ("created", "ISO 8601 in UTC, whole seconds"),
            ("nonce", "16 to 64 lower-case hexadecimal digits"),
            ("sites", "at most 50 names"),
            ("method", "one line of at most 200 characters"),
            ("reason", "one line of at most 1,000 characters"),
        )
    ],
)
SIGNATURE_LENGTH: Final = BOOK.refuse(
    "signature-length",
    STATEMENT_MALFORMED,
    f"Een handtekening heeft 1 tot en met {MAX_SIGNATURE} bytes.",
    f"A signature has 1 to {MAX_SIGNATURE} bytes.",
)
CERTIFICATES_LENGTH: Final = BOOK.refuse(
    "certificates-length",
    STATEMENT_MALFORMED,
    f"Er zijn ten hoogste acht certificaten, samen van ten hoogste {MAX_CERTIFICATES} bytes.",
    f"There are at most eight certificates, of at most {MAX_CERTIFICATES} bytes together.",
)
BASE64: Final = BOOK.refuse(
    "base64",
    STATEMENT_MALFORMED,
    "Verklaring, handtekening en certificaten zijn base64 in hun ene vorm.",
    "Statement, signature and certificates are base64 in its one form.",
    basis=rulebook.standard("RFC 4648, 3.5 and 4"),
)
SIGNED_BY_KEY: Final = BOOK.refuse(
    "signature",
    WRONG_SIGNATURE,
    "De handtekening is van deze sleutel, over deze verklaring.",
    "The signature is of this key, over this statement.",
    basis=rulebook.standard("RFC 8032; RFC 8017, 8.1 (RSASSA-PSS)"),
)
SAME_BYTES: Final = BOOK.refuse(
    "bytes",
    OTHER_PAYLOAD,
    "De bytes zijn die van de verklaring: even veel, en met dezelfde SHA-256.",
    "The bytes are those of the statement: as many, and with the same SHA-256.",
    basis=rulebook.standard("FIPS 180-4"),
)
NEW_NONCE: Final = BOOK.refuse(
    "nonce",
    REPLAYED,
    "Het nummer van een verklaring is nieuw voor deze leverancier.",
    "The number of a statement is new for this submitter.",
    basis=rulebook.own(
        "niemand kan een levering van een ander nog eens sturen", "nobody can send a delivery of another once more"
    ),
)

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,79}")
_NONCE: Final = re.compile(r"[0-9a-f]{16,64}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_FIELDS: Final = frozenset(
    {"adapter", "created", "format", "key", "method", "nonce", "payload", "reason", "sites", "submitter"}
)

_FORM_HINT: Final = "docs/developers/api.md has the form of a signed delivery; `goedebuur submit` makes it."

VerifyCertified = Callable[[str, tuple[bytes, ...], bytes, bytes], bool]
"""Whether a signature is of the first certificate's key: `verify(algorithm, certificates, signature, message)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is said of one delivery.

    Parameters
    ----------
    sha256, size, name
        Of the bytes, and what the submitter calls them.
    adapter
        Format of the bytes, without a version.
    submitter, key
        Who delivers, and which of its keys signs: identifiers of the catalogue.
    created
        When the statement was made, ISO UTC in whole seconds.
    sites
        The only stations or facilities that the delivery is about; empty where it does not say.
    method
        By which method was measured, e.g. `NEN-EN 14212`; empty where it does not say.
    reason
        Why it replaces what it replaces; empty in a first delivery.
    nonce
        16 to 64 hexadecimal digits that this submitter never used before.

    Raises
    ------
    GoedeBuurError
        `submission-malformed`.
    """

    sha256: str
    size: int
    name: str
    adapter: str
    submitter: str
    key: str
    created: str
    nonce: str
    sites: tuple[str, ...] = ()
    method: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        for field, sound in (
            ("payload.sha256", bool(_SHA256.fullmatch(self.sha256))),
            ("payload.size", 0 < self.size < 2**53),
            ("payload.name", _is_line(self.name, 200) and bool(self.name) and not set(self.name) & set("/\\")),
            ("adapter", bool(_NAME.fullmatch(self.adapter))),
            ("submitter", bool(_NAME.fullmatch(self.submitter))),
            ("key", bool(_NAME.fullmatch(self.key))),
            ("created", _is_moment(self.created)),
            ("nonce", bool(_NONCE.fullmatch(self.nonce))),
            ("sites", len(self.sites) <= 50 and all(_NAME.fullmatch(one) for one in self.sites)),
            ("method", _is_line(self.method, 200)),
            ("reason", _is_line(self.reason, 1_000)),
        ):
            if not sound:
                raise _malformed(FIELD, "A field of the statement is not what it can be.", field)

    @property
    def moment(self) -> datetime:
        """Return when it was made."""
        return datetime.fromisoformat(self.created)

    def encode(self) -> bytes:
        """Return the bytes that are signed after :data:`DOMAIN`."""
        return canonical.encode(
            {
                "adapter": self.adapter,
                "created": self.created,
                "format": FORMAT,
                "key": self.key,
                "method": self.method,
                "nonce": self.nonce,
                "payload": {"name": self.name, "sha256": self.sha256, "size": self.size},
                "reason": self.reason,
                "sites": list(self.sites),
                "submitter": self.submitter,
            }
        )


def decode(data: bytes) -> Statement:
    """Return the statement in the bytes, which are its one form.

    Raises
    ------
    GoedeBuurError
        `submission-malformed`.
    """
    if len(data) > MAX_STATEMENT:
        raise _malformed(SHORT, f"A statement has at most {MAX_STATEMENT} bytes.", "statement", str(len(data)))
    try:
        body = canonical.decode(data)
    except ValueError:
        raise _malformed(CANONICAL, "The statement is not canonical JSON.", "statement", repr(data[:60])) from None
    if body.get("format") != FORMAT or body.keys() != _FIELDS:
        raise _malformed(
            FIELDS, "The statement has other fields than a statement has.", "statement", str(body.get("format"))
        )
    payload, sites = body["payload"], body["sites"]
    texts = [body[name] for name in _FIELDS - {"payload", "sites"}]
    if not isinstance(payload, dict) or payload.keys() != {"name", "sha256", "size"} or not isinstance(sites, list):
        raise _malformed(FIELDS, "The statement has other fields than a statement has.", "payload, sites")
    texts += [payload["name"], payload["sha256"], *sites]
    if not all(isinstance(text, str) for text in texts) or type(payload["size"]) is not int:
        raise _malformed(KINDS, "A field of the statement is of another kind than it has to be.", "statement")
    named = {name: body[name] for name in ("adapter", "created", "key", "method", "nonce", "reason", "submitter")}
    return Statement(**named, **payload, sites=tuple(sites))


def reason_in(signature: Mapping[str, Any] | None) -> str:
    """Return the reason in a signature as a leaf keeps it; empty without one."""
    return "" if signature is None else decode(str(signature["statement"]).encode()).reason


def message(statement: bytes) -> bytes:
    """Return the bytes that a signature is over."""
    return DOMAIN + statement


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement as it arrives, nothing of it verified.

    Parameters
    ----------
    statement
        Its canonical bytes.
    value
        The signature.
    certificates
        DER, the signer's own first and the root last; empty for a key that the catalogue holds itself.

    Raises
    ------
    GoedeBuurError
        `submission-malformed` where a part is larger than it can be.
    """

    statement: bytes
    value: bytes
    certificates: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < len(self.value) <= MAX_SIGNATURE:
            raise _malformed(
                SIGNATURE_LENGTH, "The signature has a length that none has.", "signature", str(len(self.value))
            )
        if len(self.certificates) > 8 or sum(map(len, self.certificates)) > MAX_CERTIFICATES:
            raise _malformed(
                CERTIFICATES_LENGTH, f"Certificates have at most {MAX_CERTIFICATES} bytes together.", "certificates"
            )

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the statement, by which the delivery is known."""
        return canonical.sha256(self.statement)

    def as_leaf(self, algorithm: str, vkey: str = "") -> dict[str, Any]:
        """Return what a leaf keeps: with the certificates, or with the key of :data:`ED25519` in its C2SP form."""
        return {
            "algorithm": algorithm,
            "key": vkey if algorithm == ED25519 else " ".join(map(_base64, self.certificates)),
            "statement": self.statement.decode(),
            "value": _base64(self.value),
        }


def kept(signature: Mapping[str, Any]) -> Signed:
    """Return the signed statement that a leaf keeps.

    Raises
    ------
    GoedeBuurError
        `submission-malformed`.
    """
    if signature.keys() != {"algorithm", "key", "statement", "value"} or not all(
        isinstance(text, str) for text in signature.values()
    ):
        raise malformed_leaf("A leaf keeps a signature in another form.", "signature")
    chain = signature["key"].split(" ") if signature["algorithm"] != ED25519 else ()
    try:
        said = signature["statement"].encode()
    except UnicodeEncodeError:
        raise malformed_leaf("The statement is not text.", "signature") from None
    return Signed(said, unbase64(signature["value"]), tuple(map(unbase64, chain)))


def check(
    signature: Mapping[str, Any],
    *,
    vkey: str | None = None,
    verify: Callable[[bytes, bytes, bytes], bool] = ed25519.verify,
    verify_certified: VerifyCertified | None = None,
) -> Statement:
    """Return the statement that a leaf keeps, once its signature was verified.

    Parameters
    ----------
    vkey
        The submitter's key as the reader knows it from elsewhere; without it the one beside the signature is used.
    verify
        Ed25519.
    verify_certified
        For keys with certificates. It checks the signature, not who vouches for the key.

    Raises
    ------
    GoedeBuurError
        `submission-malformed`, `submission-wrong-signature`.
    """
    signed = kept(signature)
    statement = decode(signed.statement)
    algorithm, key = str(signature["algorithm"]), str(signature["key"])
    said = message(signed.statement)
    if algorithm == ED25519:
        good = (vkey is None or vkey == key) and verify(notes.decode_vkey(key)[1], signed.value, said)
    else:
        known = algorithm in CERTIFIED and verify_certified is not None
        good = known and bool(verify_certified and verify_certified(algorithm, signed.certificates, signed.value, said))
    if not good:
        raise wrong_signature(statement)
    return statement


def check_leaf(leaf: Leaf, *, vkey: str | None = None, verify_certified: VerifyCertified | None = None) -> Statement:
    """Return the statement of a signed leaf, once it was verified and found to be about what the leaf holds.

    Raises
    ------
    GoedeBuurError
        As :func:`check`; `submission-other-leaf` where leaf and statement differ, or nothing is signed.
    """
    statement = check(leaf.signature or {}, vkey=vkey, verify_certified=verify_certified)
    about = {"name": statement.name, "sha256": statement.sha256, "size": statement.size}
    if (dict(leaf.payload or {}), leaf.submitter, leaf.adapter.partition("/")[0]) != (
        about,
        statement.submitter,
        statement.adapter,
    ):
        raise GoedeBuurError(
            STATEMENT_OTHER,
            "What is signed in this leaf is another delivery than the leaf is about.",
            place="signature",
            value=statement.sha256,
            hint="Keep the leaf: it shows that the log put a signature where it does not belong.",
        )
    return statement


def wrong_signature(statement: Statement) -> GoedeBuurError:
    """Return the error of a signature that does not fit."""
    return SIGNED_BY_KEY.error(
        "The signature is not of this key over this statement.",
        place="signature",
        value=f"{statement.submitter}, key {statement.key}",
        hint="Sign the line 'goedebuur delivery 1' and the statement, byte for byte as it is sent.",
    )


def replayed(submitter: str) -> GoedeBuurError:
    """Return the error of a statement with a nonce that its submitter used for another."""
    return NEW_NONCE.error(
        "This submitter used the nonce of this statement for another delivery.",
        place="nonce",
        value=submitter,
        hint="Make a new statement with a new nonce; `goedebuur submit` does.",
    )


def unbase64(text: str) -> bytes:
    """Return the bytes in the one base64 form of them; `submission-malformed` otherwise."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = b""
    if not data or _base64(data) != text:
        raise _malformed(BASE64, "This is not base64, or not the one form of these bytes.", "signature", text[:60])
    return data


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _is_line(text: str, most: int) -> bool:
    return len(text) <= most and text.isprintable()


def _is_moment(text: str) -> bool:
    try:
        moment = datetime.fromisoformat(text)
        return moment.tzinfo is not None and moment.microsecond == 0 and iso(moment) == text
    except ValueError:
        return False


def malformed_leaf(message: str, place: str) -> GoedeBuurError:
    """Return the error of a signature in a leaf that is not in the form that leaves keep it in."""
    return GoedeBuurError(STATEMENT_MALFORMED, message, place=place, hint=_FORM_HINT)


def _malformed(check: rulebook.Check, message: str, place: str, value: str = "") -> GoedeBuurError:
    return check.error(message, place=place, value=value, hint=_FORM_HINT)
