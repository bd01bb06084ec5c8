"""The submitter's side: make a statement about a file, sign it, and send both to a record elsewhere until it has them.

What is signed lies beside the file until the receipt is there, so that the same command goes on after a break.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import CATALOGUE, GoedeBuurError, declare
from goedebuur.core.base.periods import iso
from goedebuur.core.ledger import receipts, statements
from goedebuur.core.ledger.receipts import Receipt
from goedebuur.core.ledger.statements import Signed, Statement
from goedebuur.services import preparing
from goedebuur.store import certificates, keys

if TYPE_CHECKING:
    import httpx

UNREACHABLE: Final = declare("submission-unreachable", "The record to deliver to does not answer.")
STRANGE_ANSWER: Final = declare(
    "submission-answer", "The record to deliver to answers in a way that is not understood."
)

STATEMENT: Final = "Goedebuur-Statement"
SIGNATURE: Final = "Goedebuur-Signature"
CERTIFICATES: Final = "Goedebuur-Certificates"
"""Headers that carry a signed statement over HTTP: base64; certificates with a comma between."""
PENDING: Final = ".statement.json"
PART: Final = 4 * 2**20
"""Bytes sent in one request."""
TRIES: Final = 5
PAUSE: Final = 2.0
"""Before the second try; twice as long before each next one. [s]"""
TIMEOUT: Final = 330.0
"""Longer than a site takes to read a part, and to log a large delivery. [s]"""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signs, and with what.

    Parameters
    ----------
    submitter, key
        Identifiers in the record that is delivered to.
    key_file
        A file of `goedebuur key new`; or a PEM file, with certificates.
    chain
        DER, the signer's own first and the root last; empty for a key without certificates.
    """

    submitter: str
    key: str
    key_file: Path
    chain: tuple[bytes, ...] = ()

    def sign(self, statement: Statement) -> Signed:
        """Return the statement with a signature; `key-missing`, `key-unsafe`, `key-malformed`, `key-file`."""
        said = statement.encode()
        if self.chain:
            value = certificates.sign(self.key_file, self.chain, statements.message(said))
        else:
            value = keys.load(self.key_file).sign(statements.message(said))
        return Signed(said, value, self.chain)


def key_name(vkey: str) -> str:
    """Return the name that a key goes by where none is given: the eight digits in its public form."""
    return vkey.split("+")[1]


def state(data: bytes, name: str, who: Identity, now: datetime, **said: Any) -> Statement:
    """Return a new statement about a file.

    Parameters
    ----------
    said
        `adapter` (None to recognise it), `sites`, `method`, `reason`.
    """
    adapter = said.pop("adapter", None) or preparing.choose(data, name, None).id
    return Statement(
        sha256=canonical.sha256(data),
        size=len(data),
        name=name,
        adapter=adapter,
        submitter=who.submitter,
        key=who.key,
        created=iso(now.replace(microsecond=0)),
        nonce=secrets.token_hex(16),
        **said,
    )


def resumed(place: Path, statement: Statement) -> Signed | None:
    """Return what was signed about the same delivery and not answered yet; None where there is nothing of the kind."""
    try:
        body = canonical.decode(place.read_bytes())
        chain = tuple(base64.b64decode(one) for one in body["certificates"])
        signed = Signed(base64.b64decode(body["statement"]), base64.b64decode(body["value"]), chain)
        before = statements.decode(signed.statement)
    except (OSError, ValueError, KeyError, TypeError, GoedeBuurError):
        return None
    return signed if _same(before, statement) else None


def answered(place: Path, statement: Statement) -> str | None:
    """Return the digest under which a receipt says that the same delivery was taken in; None where none says so."""
    try:
        found = receipts.parse(place.read_bytes())
        signed = statements.kept(found.signature)
        before = statements.decode(signed.statement)
    except (OSError, GoedeBuurError):
        return None
    return signed.digest if _same(before, statement) else None


def _same(before: Statement, statement: Statement) -> bool:
    """Return whether two statements are about the same delivery, made at any moment."""
    return replace(before, created=statement.created, nonce=statement.nonce) == statement


def remember(place: Path, signed: Signed) -> None:
    """Keep what was signed until it is answered."""
    parts = {"statement": signed.statement, "value": signed.value}
    body: dict[str, Any] = {name: base64.b64encode(part).decode() for name, part in parts.items()}
    body["certificates"] = [base64.b64encode(one).decode() for one in signed.certificates]
    place.write_bytes(canonical.encode(body))


def keep(place: Path, receipt: bytes) -> Path | None:
    """Write a receipt; what lay there of another delivery is first moved aside, and where to is returned.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     place = Path(folder) / "a.csv.receipt.json"
    ...     moved = [keep(place, receipt) for receipt in (b"1", b"1", b"2", b"3")]
    ...     [one and (one.name, one.read_bytes()) for one in moved], place.read_bytes()
    ([None, None, ('a.csv.receipt.1.json', b'1'), ('a.csv.receipt.2.json', b'2')], b'3')
    """
    aside = None
    if place.exists() and place.read_bytes() != receipt:
        names = (place.with_name(f"{place.stem}.{number}{place.suffix}") for number in count(1))
        aside = next(one for one in names if not one.exists())
        place.rename(aside)
    place.write_bytes(receipt)
    return aside


class Remote:
    """A record elsewhere.

    Parameters
    ----------
    url
        Address of the site: `https://host`. Without https only of this machine.
    client
        HTTP.
    pause
        Waits some seconds.
    """

    def __init__(self, url: str, client: httpx.Client, pause: Callable[[float], None] = sleep) -> None:
        parts = urlsplit(url)
        local = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if parts.scheme != "https" and not (parts.scheme == "http" and local):
            raise GoedeBuurError(
                STRANGE_ANSWER,
                "A delivery goes over https only.",
                place="--url",
                value=url,
                hint="Give https://HOST, as whoever runs the record told you.",
            )
        self._base = url.rstrip("/") + "/api/deliveries/"
        self._client = client
        self._pause = pause

    def submit(
        self, signed: Signed, data: bytes, *, small: bool, told: Callable[[int], None] = lambda _: None
    ) -> Receipt:
        """Return the receipt of a delivery, sent in parts; what came before a break is not sent again.

        Parameters
        ----------
        small
            Ask for a promise instead of a place in the log at once.
        told
            Called with how many bytes are there.

        Raises
        ------
        GoedeBuurError
            The refusal as the record says it; `submission-unreachable`, `submission-answer`; `receipt-wrong` and the
            like for a receipt that does not hold.
        """
        reached, stalled = -1, 0
        address = self._base + ("uploads/?small=1" if small else "uploads/")
        answer = self._ask("POST", address, headers=headers(signed))
        while answer.status_code in (201, 204) and "Upload-Offset" in answer.headers:
            if answer.status_code == 201:
                address = urljoin(self._base, answer.headers["Location"])
            offset = int(answer.headers["Upload-Offset"])
            reached, stalled = offset, stalled + 1 if offset == reached else 0
            if stalled >= TRIES:
                raise _unreachable(address, f"{offset} of {len(data)} bytes are there")
            told(offset)
            answer = self._part(signed, address, offset, data, small=small)
        found = receipts.parse(answer.content)
        receipts.check(found, verify=keys.verify, verify_certified=certificates.verify)
        if str(found.signature["statement"]).encode() != signed.statement:
            raise _strange(address, "a receipt of another delivery")
        return found

    def check(self, signed: Signed, data: bytes) -> dict[str, Any]:
        """Return what the record would refuse; nothing of it is kept there."""
        found = self._ask("POST", self._base + "check/", headers=headers(signed), content=data).json()
        if not isinstance(found, dict) or not {"found", "findings"} <= found.keys():
            raise _strange(self._base, "no findings")
        return found

    def receipt(self, digest: str) -> Receipt:
        """Return the receipt of a delivery as it is by now."""
        return receipts.parse(self._ask("GET", f"{self._base}receipts/{digest}/").content)

    def _part(self, signed: Signed, address: str, offset: int, data: bytes, *, small: bool) -> httpx.Response:
        """Return the answer to the next part, or where the broken one left off."""
        import httpx

        said = {"Upload-Offset": str(offset)}
        try:
            return self._good(self._client.patch(address, content=data[offset : offset + PART], headers=said))
        except httpx.TransportError:
            again = self._base + ("uploads/?small=1" if small else "uploads/")
            self._pause(PAUSE)
            return self._ask("POST", again, headers=headers(signed))

    def _ask(self, method: str, address: str, **sent: Any) -> httpx.Response:
        import httpx

        for attempt in range(TRIES):
            try:
                return self._good(self._client.request(method, address, **sent))
            except httpx.TransportError as error:
                if attempt == TRIES - 1:
                    raise _unreachable(address, type(error).__name__) from None
                self._pause(PAUSE * 2**attempt)
        raise AssertionError("not reached")

    def _good(self, answer: httpx.Response) -> httpx.Response:
        """Return an answer that is none of an error; raise the error in any other, as it was said there."""
        if answer.status_code < 300:
            return answer
        try:
            body = answer.json()
            code, message = str(body["code"]), str(body["detail"])
            texts = {name: str(body.get(name, "")) for name in ("place", "value", "hint")}
        except (ValueError, KeyError, TypeError):
            raise _strange(str(answer.url), f"HTTP {answer.status_code}") from None
        raise GoedeBuurError(code if code in CATALOGUE else STRANGE_ANSWER, message, **texts)


def headers(said: Signed) -> dict[str, str]:
    """Return the headers that carry a signed statement over HTTP."""

    def text(data: bytes) -> str:
        return base64.b64encode(data).decode()

    found = {STATEMENT: text(said.statement), SIGNATURE: text(said.value)}
    return found | ({CERTIFICATES: ",".join(map(text, said.certificates))} if said.certificates else {})


def client() -> httpx.Client:
    """Return a client of HTTP that follows no redirect: a delivery goes where it was sent."""
    import httpx

    return httpx.Client(timeout=httpx.Timeout(TIMEOUT, connect=20.0), follow_redirects=False)


def _unreachable(place: str, value: str) -> GoedeBuurError:
    return GoedeBuurError(
        UNREACHABLE,
        "The record to deliver to does not answer.",
        place=place,
        value=value,
        hint="Give the same command again later: it goes on where it stopped.",
    )


def _strange(place: str, value: str) -> GoedeBuurError:
    return GoedeBuurError(
        STRANGE_ANSWER,
        "The record to deliver to answers in a way that is not understood.",
        place=place,
        value=value,
        hint="Check the address, and that a record of this program is there.",
    )
