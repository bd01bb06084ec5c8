"""Chains of X.509 certificates: who vouches for a key at a moment, and the signatures that such a key makes.

A subset of RFC 5280 that refuses what it does not know. Lists of revoked certificates are not asked for: that is a call
to elsewhere at the moment of delivery. Who runs the record revokes the key in the submitter's record instead.

References
----------
rfc-5280, sections 4.2.1 (extensions) and 6.1 (path validation); ETSI EN 319 412-2, 4.2.4 and EN 319 412-3, 4.2.1
(names of natural and of legal persons); PKIoverheid Programme of Requirements, certificate profiles
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base import rulebook
from goedebuur.core.base.errors import GoedeBuurError, declare

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

CERTIFICATE: Final = declare("submission-certificate", "The certificates do not vouch for the key that signed.")
KEY_FILE: Final = declare("key-file", "A private key to sign deliveries with cannot be read or used.")

_BOOK: Final = rulebook.area(
    "certificate",
    "Certificaten bij een handtekening",
    "Certificates beside a signature",
    rulebook.standard("RFC 5280"),
    "tests/rulebook/test_signed.py::test_refused",
)
CHAIN: Final = _BOOK.refuse(
    "chain",
    CERTIFICATE,
    "De keten heeft het certificaat van de ondertekenaar en elk certificaat tot de root.",
    "The chain holds the signer's certificate and every one up to the root.",
    basis=rulebook.standard("RFC 5280, 6.1"),
)
ROOT: Final = _BOOK.refuse(
    "root",
    CERTIFICATE,
    "De keten eindigt in een root die bij de leverancier is ingevoerd.",
    "The chain ends in a root that is in the submitter's record.",
    basis=rulebook.standard("RFC 5280, 6.1.1(d)"),
)
KEY_KIND: Final = _BOOK.refuse(
    "key-kind",
    CERTIFICATE,
    "De sleutel is Ed25519, P-256, of RSA van 2048 bits of meer.",
    "The key is Ed25519, P-256, or RSA of 2048 bits or more.",
    basis=rulebook.standard("PKIoverheid Programme of Requirements, certificate profiles"),
)
IS_CERTIFICATE: Final = _BOOK.refuse(
    "form",
    CERTIFICATE,
    "Elk certificaat is te lezen.",
    "Each certificate can be read.",
    basis=rulebook.standard("RFC 5280, 4.1"),
)
ISSUED: Final = _BOOK.refuse(
    "issued",
    CERTIFICATE,
    "Elk certificaat is uitgegeven door het volgende.",
    "Each certificate was issued by the next.",
    basis=rulebook.standard("RFC 5280, 6.1.3(a)"),
)
SAFE_HASH: Final = _BOOK.refuse(
    "hash",
    CERTIFICATE,
    "Certificaten zijn ondertekend over SHA-256 of sterker.",
    "Certificates are signed over SHA-256 or stronger.",
    basis=rulebook.standard("PKIoverheid Programme of Requirements, certificate profiles"),
)
TERM: Final = _BOOK.refuse(
    "term",
    CERTIFICATE,
    "Elk certificaat geldt op het moment van de verklaring.",
    "Each certificate is valid at the moment of the statement.",
    basis=rulebook.standard("RFC 5280, 6.1.3(a)(2)"),
)
EXTENSIONS: Final = _BOOK.refuse(
    "extensions",
    CERTIFICATE,
    "De extensies van elk certificaat zijn te lezen.",
    "The extensions of each certificate can be read.",
    basis=rulebook.standard("RFC 5280, 4.2"),
)
CRITICAL: Final = _BOOK.refuse(
    "critical",
    CERTIFICATE,
    "Geen certificaat heeft een kritieke extensie die hier onbekend is.",
    "No certificate has a critical extension that is not known here.",
    basis=rulebook.standard("RFC 5280, 4.2"),
)
SAYS_AUTHORITY: Final = _BOOK.refuse(
    "authority",
    CERTIFICATE,
    "Elk certificaat hoger in de keten zegt dat het van een autoriteit is.",
    "Each certificate up the chain says that it is an authority.",
    basis=rulebook.standard("RFC 5280, 4.2.1.9"),
)
MAY_ISSUE: Final = _BOOK.refuse(
    "may-issue",
    CERTIFICATE,
    "Elk certificaat hoger in de keten mag het vorige uitgeven.",
    "Each certificate up the chain may issue the one before it.",
    basis=rulebook.standard("RFC 5280, 4.2.1.3 and 4.2.1.9"),
)
SAYS_USE: Final = _BOOK.refuse(
    "use",
    CERTIFICATE,
    "Het certificaat van de ondertekenaar zegt waarvoor zijn sleutel is.",
    "The signer's certificate says what its key is for.",
    basis=rulebook.standard("RFC 5280, 4.2.1.3"),
)
FOR_SIGNING: Final = _BOOK.refuse(
    "for-signing",
    CERTIFICATE,
    "De sleutel van de ondertekenaar is om te ondertekenen.",
    "The signer's key is for signing.",
    basis=rulebook.standard("RFC 5280, 4.2.1.3"),
)
HOLDER: Final = _BOOK.refuse(
    "holder",
    CERTIFICATE,
    "Het certificaat is van de leverancier.",
    "The certificate is of the submitter.",
    basis=rulebook.standard("ETSI EN 319 412-3, 4.2.1"),
)
NO_PERSON: Final = _BOOK.refuse(
    "no-person",
    CERTIFICATE,
    "Het certificaat noemt geen mens.",
    "The certificate names no person.",
    basis=rulebook.standard("ETSI EN 319 412-2, 4.2.4"),
)

LEAST_RSA: Final = 2048
_HASHES: Final = frozenset({"sha256", "sha384", "sha512"})
_KNOWN: Final = frozenset(
    {
        "2.5.29.14",  # subject key identifier
        "2.5.29.15",  # key usage
        "2.5.29.17",  # subject alternative name
        "2.5.29.19",  # basic constraints
        "2.5.29.31",  # where the list of revoked certificates is
        "2.5.29.32",  # certificate policies
        "2.5.29.35",  # authority key identifier
        "2.5.29.37",  # extended key usage
        "1.3.6.1.5.5.7.1.1",  # where the issuer is
        "1.3.6.1.5.5.7.1.3",  # statements of qualified certificates
    }
)
_PERSONAL: Final = {"2.5.4.4", "2.5.4.42", "2.5.4.65", "1.2.840.113549.1.9.1"}  # surname, given name, pseudonym, e-mail
SUBJECT: Final[dict[str, str]] = {
    "commonName": "2.5.4.3",
    "serialNumber": "2.5.4.5",
    "organizationName": "2.5.4.10",
    "organizationIdentifier": "2.5.4.97",
}
"""What a submitter's record may ask of the subject, and its OID. PKIoverheid has the OIN in `serialNumber`."""


def require_chain(chain: Sequence[bytes], roots: Sequence[str], subject: Mapping[str, str], moment: datetime) -> None:
    """Check that certificates lead from a signer to a root, all of them valid at a moment.

    Parameters
    ----------
    chain
        DER, the signer's own first and the root last.
    roots
        SHA-256 of the roots that are trusted for this key, hexadecimal.
    subject
        What the signer's certificate has to say of its holder, by the names of :data:`SUBJECT`.

    Raises
    ------
    GoedeBuurError
        `submission-certificate`.
    """
    found = [_load(data, place) for place, data in enumerate(chain)]
    if len(found) < 2:
        raise _refused(CHAIN, "The chain has to hold the signer's certificate and every one up to the root.", "chain")
    if _fingerprint(found[-1]) not in roots:
        raise _refused(
            ROOT, "The chain ends in a root that is not in the submitter's record.", "root", _fingerprint(found[-1])
        )
    for place, one in enumerate(found):
        issuer = found[min(place + 1, len(found) - 1)]
        _require_issued(one, issuer, f"certificate {place}")
        _require_term(one, moment, f"certificate {place}")
        _require_known(one, f"certificate {place}")
        if place:
            _require_authority(one, place - 1, f"certificate {place}")
    _require_signer(found[0])
    _require_subject(found[0], subject)


def algorithm(certificate: bytes) -> str:
    """Return the algorithm by which the key of a certificate signs; `submission-certificate` for any other key."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    key = _load(certificate, 0).public_key()
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "x509-ed25519"
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return "x509-ecdsa-p256-sha256"
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= LEAST_RSA:
        return "x509-rsa-pss-sha256"
    raise _refused(
        KEY_KIND, "The key of this certificate is none of Ed25519, P-256, or RSA of 2048 bits or more.", "key"
    )


def verify(named: str, chain: tuple[bytes, ...], signature: bytes, message: bytes) -> bool:
    """Return whether a signature by this algorithm is of the first certificate's key over a message."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding

    try:
        if not chain or named != algorithm(chain[0]):
            return False
        key: Any = _load(chain[0], 0).public_key()
        if named == "x509-ed25519":
            key.verify(signature, message)
        elif named == "x509-ecdsa-p256-sha256":
            key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
        else:
            salted = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
            key.verify(signature, message, salted, hashes.SHA256())
    except (InvalidSignature, GoedeBuurError):
        return False
    return True


def sign(key_file: Path, chain: Sequence[bytes], message: bytes) -> bytes:
    """Return the signature by the private key in a PEM file, which is the one of the first certificate.

    Raises
    ------
    GoedeBuurError
        `key-file`.
    """
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, padding

    try:
        key: Any = serialization.load_pem_private_key(key_file.read_bytes(), None)
        named = algorithm(chain[0])
        if named == "x509-ed25519":
            made = key.sign(message)
        elif named == "x509-ecdsa-p256-sha256":
            made = key.sign(message, ec.ECDSA(hashes.SHA256()))
        else:
            salted = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
            made = key.sign(message, salted, hashes.SHA256())
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise _bad_key(key_file.name, type(error).__name__) from None
    if not verify(named, tuple(chain), made, message):
        raise _bad_key(key_file.name, "the key is not that of the first certificate")
    return bytes(made)


def read_chain(path: Path) -> tuple[bytes, ...]:
    """Return the certificates in a PEM file as DER, in their order; `key-file` where it holds none."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        return tuple(one.public_bytes(Encoding.DER) for one in x509.load_pem_x509_certificates(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise _bad_key(path.name, type(error).__name__) from None


def fingerprint(certificate: bytes) -> str:
    """Return the SHA-256 of a certificate, 64 hexadecimal digits."""
    return _fingerprint(_load(certificate, 0))


def _load(data: bytes, place: int) -> Certificate:
    from cryptography import x509

    try:
        return x509.load_der_x509_certificate(data)
    except ValueError:
        raise _refused(IS_CERTIFICATE, "This is not a certificate.", f"certificate {place}") from None


def _fingerprint(certificate: Certificate) -> str:
    from cryptography.hazmat.primitives import hashes

    return certificate.fingerprint(hashes.SHA256()).hex()


def _require_issued(one: Certificate, issuer: Certificate, place: str) -> None:
    from cryptography.exceptions import InvalidSignature

    weak = one.signature_hash_algorithm is not None and one.signature_hash_algorithm.name not in _HASHES
    try:
        one.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        raise _refused(ISSUED, "A certificate was not issued by the one after it.", place) from None
    if weak:
        raise _refused(SAFE_HASH, "A certificate is signed over a hash that is not safe.", place)


def _require_term(one: Certificate, moment: datetime, place: str) -> None:
    if not one.not_valid_before_utc <= moment <= one.not_valid_after_utc:
        term = f"{one.not_valid_before_utc:%Y-%m-%d} to {one.not_valid_after_utc:%Y-%m-%d}"
        raise _refused(TERM, "A certificate is not valid at the moment of the statement.", place, term)


def _require_known(one: Certificate, place: str) -> None:
    from cryptography import x509

    try:
        strange = [e.oid.dotted_string for e in one.extensions if e.critical and e.oid.dotted_string not in _KNOWN]
    except (ValueError, x509.DuplicateExtension) as error:
        raise _refused(EXTENSIONS, "The extensions of a certificate cannot be read.", place, str(error)) from None
    if strange:
        raise _refused(
            CRITICAL, "A certificate has a critical extension that is not known here.", place, ", ".join(strange)
        )


def _require_authority(one: Certificate, below: int, place: str) -> None:
    from cryptography import x509

    try:
        limits = one.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = one.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        raise _refused(
            SAYS_AUTHORITY, "A certificate up the chain does not say that it is an authority.", place
        ) from None
    if not limits.ca or not usage.key_cert_sign or (limits.path_length is not None and below > limits.path_length):
        raise _refused(MAY_ISSUE, "A certificate up the chain may not issue the one before it.", place)


def _require_signer(one: Certificate) -> None:
    from cryptography import x509

    try:
        usage = one.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        raise _refused(
            SAYS_USE, "The signer's certificate does not say what its key is for.", "certificate 0"
        ) from None
    if not (usage.digital_signature or usage.content_commitment):
        raise _refused(FOR_SIGNING, "The key of the signer's certificate is not for signing.", "certificate 0")
    algorithm(one.public_bytes(_der()))


def _require_subject(one: Certificate, subject: Mapping[str, str]) -> None:
    from cryptography import x509

    if any(attribute.oid.dotted_string in _PERSONAL for attribute in one.subject):
        raise _personal()
    try:
        names = one.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        if names.get_values_for_type(x509.RFC822Name):
            raise _personal()
    except x509.ExtensionNotFound:
        pass
    for name, wanted in subject.items():
        said = [str(a.value) for a in one.subject if a.oid.dotted_string == SUBJECT.get(name)]
        if said != [wanted]:
            raise _refused(HOLDER, "The certificate is of another holder than the submitter.", name, ", ".join(said))


def _personal() -> GoedeBuurError:
    return _refused(
        NO_PERSON,
        "The certificate names a person, and names of persons are never kept in the log.",
        "certificate 0",
        hint="Sign with a certificate of the organisation (PKIoverheid: Organization Services), not of a person.",
    )


def _der() -> Any:
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.DER


def _refused(check: rulebook.Check, message: str, place: str, value: str = "", hint: str = "") -> GoedeBuurError:
    return check.error(
        message,
        place=place,
        value=value,
        hint=hint or "Send the signer's certificate first, then each one that issued the one before, up to the root.",
    )


def _bad_key(name: str, value: str) -> GoedeBuurError:
    return GoedeBuurError(
        KEY_FILE,
        "This key or certificate cannot be used to sign with.",
        place=name,
        value=value,
        hint="Give a key file of `goedebuur key new`, or a PEM key without password with its certificates in PEM.",
    )
