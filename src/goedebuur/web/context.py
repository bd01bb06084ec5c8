"""What every template knows: the installation, and the address of the same page in the other language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

LANGUAGE_NAMES = {"nl": "Nederlands", "en": "English"}


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the template variables that do not depend on the record."""
    here = request.get_full_path()
    now = get_language() or settings.LANGUAGE_CODE
    others = [code for code, _ in settings.LANGUAGES if code != now]
    return {
        "site": settings.GOEDEBUUR,
        "language": now,
        "other_languages": [
            {"code": code, "name": LANGUAGE_NAMES[code], "url": translate_url(here, code)} for code in others
        ],
    }
