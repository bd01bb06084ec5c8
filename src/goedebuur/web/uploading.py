"""A signed delivery as HTTP carries it: the statement in headers, the bytes as body, read only as far as they may."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.http import HttpRequest, UnreadablePostError

from goedebuur.core.ledger import statements
from goedebuur.core.ledger.statements import SAME_BYTES, Signed, Statement
from goedebuur.services.sending import CERTIFICATES, SIGNATURE, STATEMENT
from goedebuur.store.uploads import BEGINS, LENGTH, QUICK, SIZE
from goedebuur.web import bodies

OFFSET: Final = "Upload-Offset"
CHUNK: Final = 1 << 16


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
        raise SIZE.error(
            f"This installation takes deliveries of at most {most} MiB.",
            place=statement.name,
            value=f"{statement.size} bytes",
            hint="Deliver it in parts, for instance a file a year.",
        )


def length(request: HttpRequest) -> int:
    """Return how many bytes the request says to bring, none where it has no body; `submission-length` for chunks."""
    text = request.headers.get("Content-Length", "") or "0"
    if not (text.isascii() and text.isdecimal() and len(text) < 19) or "Transfer-Encoding" in request.headers:
        raise LENGTH.error(
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
        raise SAME_BYTES.error(
            "More or fewer bytes are sent than the statement is about.",
            place="Content-Length",
            value=f"{found}; the statement says {statement.size}",
            hint="Send the file as it was when the statement was made, or make a new statement.",
        )


def offset(request: HttpRequest) -> int:
    """Return where the part that is sent begins; `submission-length` where that is not said."""
    text = request.headers.get(OFFSET, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise BEGINS.error(
            "It has to be said where this part begins.",
            place=OFFSET,
            value=text,
            hint="Ask with HEAD first.",
        )
    return int(text)


def chunks(request: HttpRequest) -> Iterator[bytes]:
    """Yield the body as it comes, until it ends or breaks off; `submission-slow` when that takes too long."""
    seconds = settings.GOEDEBUUR.upload_seconds
    until = time.monotonic() + seconds
    awaited = length(request)
    while True:
        try:
            chunk = request.read(CHUNK)
        except (UnreadablePostError, OSError):
            return  # the connection broke: what came stays
        awaited -= len(chunk)
        if not chunk and not (awaited > 0 and bodies.stalled(request.META)):
            return
        if chunk:
            yield chunk
        if not chunk or time.monotonic() > until:
            idle = settings.GOEDEBUUR.upload_idle_seconds
            raise QUICK.error(
                "This part took too long. What came is kept.",
                value=f"at most {seconds} s, and {idle} s without a byte",
                hint="Ask with HEAD how much is here, and go on from there.",
            )
