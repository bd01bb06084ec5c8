"""Headers that every answer carries beside the content security policy, and how long an answer may be kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.translation import get_language

from goedebuur import __version__

PERMISSIONS: Final = "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"
LOG: Final = "/log/"
PINNED_SECONDS: Final = 86_400
"""An answer about a fixed tree size never changes in its figures; its lay-out may, with a new version."""


class HeadersMiddleware:
    """Adds the headers that no other middleware sets."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith("/static/"):
            response.setdefault("Cache-Control", "no-store")
        if request.path.startswith(LOG):
            # what is published of the log has no language, and a cache is to keep one copy of it
            del response["Content-Language"]
            response["Vary"] = "Accept-Encoding"
        return response


@lru_cache(maxsize=1)
def code_tag() -> str:
    """Return what tells one version of the pages from another: the version, and the newest template or module."""
    here = Path(__file__).parent
    newest = max(path.stat().st_mtime_ns for kind in ("*.html", "*.py", "*.mo") for path in here.rglob(kind))
    return f"{__version__}-{newest:x}"


def etag(request: HttpRequest, size: int, *more: object) -> str:
    """Return the entity tag of the answer to a request at a tree size."""
    parts = "\n".join((request.get_full_path(), str(size), code_tag(), get_language() or "", *map(str, more)))
    return f'W/"{size}-{sha256(parts.encode()).hexdigest()[:20]}"'


def unchanged(request: HttpRequest, tag: str) -> HttpResponse | None:
    """Return the answer 304 when the reader already has this; None when a page must be made."""
    made = HttpResponse()
    answer = get_conditional_response(request, etag=tag, response=made)
    if answer is None or answer is made:
        return None
    return keep(answer, tag)


def keep(response: HttpResponse, tag: str, *, pinned: bool = False) -> HttpResponse:
    """Return the response with its tag and how long it may be kept."""
    response["ETag"] = tag
    if pinned:
        patch_cache_control(response, public=True, max_age=PINNED_SECONDS)
    else:
        patch_cache_control(response, public=True, no_cache=True)
    patch_vary_headers(response, ("Accept-Encoding",))
    return response
