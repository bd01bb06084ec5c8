"""What templates of dispersion studies say."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def at(told: Mapping[str, str], key: str) -> str:
    """Return what is told of a field; empty where nothing is."""
    return told.get(key, "")
