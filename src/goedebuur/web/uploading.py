"""A signed delivery as HTTP carries it: the statement in headers, the bytes as body, read only as far as they may."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.http import HttpRequest, UnreadablePostError

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger import statements
from goedebuur.core.ledger.statements import OTHER_PAYLOAD, Signed, Statement
from goedebuur.services.sending import CERTIFICATES, SIGNATURE, STATEMENT

NO_LENGTH: Final = declare("submission-length", "It was not said how many bytes are sent.")
TOO_LARGE: Final = declare("submission-too-large", "A delivery is larger than this installation takes.")
TOO_SLOW: Final = declare("submission-slow", "A part of an upload took too long.")

OFFSET: Final = "Upload-Offset"
CHUNK: Final = 1 << 16
MOST_SECONDS: Final = 300.0
"""How long one request may take to bring its bytes. What came stays; the next request goes on from there. [s]"""


def signed(request: HttpRequest) -> Signed:
    """Return the signed statement in the headers, nothing of it verified; `submission-malformed` otherwise."""
    found = (request.headers.get(name, "") for name in (STATEMENT, SIGNATURE, CERTIFICATES))
    return unpacked(*found)


def unpacked(statement: str, signature: str, chain: str) -> Signed:
    """Return the signed statement in the texts of the headers; `submission-malformed` otherwise."""
    return Signed(
        statements.unbase64(statement),
        statements.unbase64(signature),
        tuple(statements.unbase64(one.strip()) for one in chain.split(",")) if chain else (),
    )


def require_size(statement: Statement) -> None:
    """Refuse a delivery that is larger than this installation takes, by what its statement says."""
    most = settings.GOEDEBUUR.upload_mb
    if statement.size > most * 2**20:
        raise GoedeBuurError(
            TOO_LARGE,
            f"This installation takes deliveries of at most {most} MiB.",
            place=statement.name,
            value=f"{statement.size} bytes",
            hint="Deliver it in parts, for instance a file a year.",
        )


def length(request: HttpRequest) -> int:
    """Return how many bytes the request says to bring, none where it has no body; `submission-length` for chunks."""
    text = request.headers.get("Content-Length", "") or "0"
    if not (text.isascii() and text.isdecimal()) or "Transfer-Encoding" in request.headers:
        raise GoedeBuurError(
            NO_LENGTH,
            "The length of what is sent has to be said before it is sent.",
            place="Content-Length",
            value=text,
            hint="Send the file whole, not in chunks of unknown number: curl does with --data-binary @FILE.",
        )
    return int(text)


def require_length(request: HttpRequest, statement: Statement, offset: int = 0) -> None:
    """Refuse a body of another length than the rest of the delivery has at most, before any of it is read."""
    found = length(request)
    whole = request.method == "POST"
    if offset + found > statement.size or (whole and found != statement.size):
        raise GoedeBuurError(
            OTHER_PAYLOAD,
            "More or fewer bytes are sent than the statement is about.",
            place="Content-Length",
            value=f"{found}; the statement says {statement.size}",
            hint="Send the file as it was when the statement was made, or make a new statement.",
        )


def offset(request: HttpRequest) -> int:
    """Return where the part that is sent begins; `submission-length` where that is not said."""
    text = request.headers.get(OFFSET, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise GoedeBuurError(
            NO_LENGTH,
            "It has to be said where this part begins.",
            place=OFFSET,
            value=text,
            hint="Ask with HEAD first.",
        )
    return int(text)


def chunks(request: HttpRequest, seconds: float = MOST_SECONDS) -> Iterator[bytes]:
    """Yield the body as it comes, until it ends or breaks off; `submission-slow` when that takes too long."""
    until = time.monotonic() + seconds
    while True:
        try:
            chunk = request.read(CHUNK)
        except (UnreadablePostError, OSError):
            return  # the connection broke: what came stays
        if not chunk:
            return
        yield chunk
        if time.monotonic() > until:
            raise GoedeBuurError(
                TOO_SLOW,
                "This part took too long. What came is kept.",
                value=f"{seconds:.0f} s",
                hint="Ask with HEAD how much is here, and go on from there.",
            )
