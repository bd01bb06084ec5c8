"""The published log over HTTP: the files of the publication, as C2SP tlog-tiles has them, with how long to keep them.

Bundles are compressed for whoever asks for that, as other answers are, by the middleware that does so. Whoever puts
the same folder behind another web server serves the same bytes; docs/beheer/getuigen.md says how.

References
----------
C2SP tlog-tiles, "APIs"
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from goedebuur.store.ledger.publication import CHECKPOINT, KEY, README, Publication

TEXT: Final = "text/plain; charset=utf-8"
BYTES: Final = "application/octet-stream"
FOREVER: Final = "public, max-age=31536000, immutable"
"""A tile or bundle of a name never changes, partial ones neither: their width is in their name."""
BRIEFLY: Final = "public, no-cache"
"""A checkpoint is replaced at any moment: a cache asks each time, and gets 304 where it is the same."""


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Answer with the published checkpoint, a signed note."""
    return _file(request, CHECKPOINT, TEXT, BRIEFLY)


@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """Answer with the public key of the log, in the C2SP form."""
    return _file(request, KEY, TEXT, BRIEFLY)


@require_safe
def readme(request: HttpRequest) -> HttpResponse:
    """Answer with name and key of the log in words, also for who asks for the folder."""
    return _file(request, README, TEXT, BRIEFLY)


@require_safe
def tile(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with a tile of hashes or a bundle of entries."""
    return _file(request, f"tile/{name}", BYTES, FOREVER)


@require_safe
def nothing(request: HttpRequest) -> HttpResponse:
    """Answer that there is nothing of this name: in one line, as programs ask here."""
    return _absent()


def _file(request: HttpRequest, name: str, kind: str, keep: str) -> HttpResponse:
    if not settings.GOEDEBUUR.publish:
        return _absent()
    try:
        data = Publication(settings.GOEDEBUUR.public_path).read(name)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return _absent()
    response = HttpResponse(data, content_type=kind)
    response["ETag"] = f'"{sha256(data).hexdigest()[:32]}"'
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    assert isinstance(answer, HttpResponse)
    return _open(answer, keep)


def _absent() -> HttpResponse:
    response = HttpResponse("There is nothing of this name.\n", status=404, content_type=TEXT)
    return _open(response, "no-store")


def _open(response: HttpResponse, keep: str) -> HttpResponse:
    """Return the response for readers on any site, since nobody needs leave to check a log."""
    response["Cache-Control"] = keep
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
