"""Invented chains of certificates: a root, an issuer, a signer, each with what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

OIN = "00000001234567890000"
SUBJECT = {NameOID.ORGANIZATION_NAME: "Meetbureau Voorbeeld", NameOID.SERIAL_NUMBER: OIN}
START, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Wanted:
    """What one certificate of the chain is to say."""

    subject: dict[x509.ObjectIdentifier, str]
    key: Any
    authority: bool = True
    path_length: int | None = None
    usage: str = "sign"  # "sign", "encrypt", "issue" or "" for none
    start: datetime = START
    end: datetime = END
    critical: bool = False
    email: str = ""
    hashed: Any = None  # SHA-256


def keys(kind: str) -> Any:
    """A new private key."""
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048)
    if kind == "small rsa":
        return rsa.generate_private_key(65537, 1024)
    return ec.generate_private_key(ec.SECP384R1() if kind == "p384" else ec.SECP256R1())


def wanted(kind: str = "p256") -> list[Wanted]:
    """A sound chain, the signer's own certificate first."""
    return [
        Wanted(SUBJECT, keys(kind), authority=False),
        Wanted({NameOID.COMMON_NAME: "Uitgever"}, keys("p256"), path_length=0, usage="issue"),
        Wanted({NameOID.COMMON_NAME: "Wortel"}, keys("rsa"), usage="issue"),
    ]


def chain(parts: list[Wanted]) -> tuple[bytes, ...]:
    """The certificates, each issued by the next one, the last by itself."""
    return tuple(
        _certificate(one, issuer).public_bytes(serialization.Encoding.DER)
        for one, issuer in zip(parts, [*parts[1:], parts[-1]], strict=True)
    )


def changed(parts: list[Wanted], place: int, **said: Any) -> list[Wanted]:
    """The parts with one of them changed."""
    return [replace(one, **said) if n == place else one for n, one in enumerate(parts)]


def pem(key: Any) -> bytes:
    """A private key as a file holds it."""
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))


def _certificate(one: Wanted, issuer: Wanted) -> x509.Certificate:
    made = (
        x509.CertificateBuilder()
        .subject_name(_name(one.subject))
        .issuer_name(_name(issuer.subject))
        .public_key(one.key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(one.start)
        .not_valid_after(one.end)
        .add_extension(x509.BasicConstraints(one.authority, one.path_length), critical=True)
    )
    for extension, critical in _extensions(one):
        made = made.add_extension(extension, critical=critical)
    algorithm = None if isinstance(issuer.key, ed25519.Ed25519PrivateKey) else one.hashed or hashes.SHA256()
    return made.sign(issuer.key, algorithm)


def _extensions(one: Wanted) -> Iterator[tuple[Any, bool]]:
    if one.usage:
        yield (
            x509.KeyUsage(
                digital_signature=one.usage == "sign",
                content_commitment=False,
                key_encipherment=one.usage == "encrypt",
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=one.usage == "issue",
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            True,
        )
    if one.critical:
        yield x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True
    if one.email:
        yield x509.SubjectAlternativeName([x509.RFC822Name(one.email)]), False


def _name(said: dict[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in said.items()])
