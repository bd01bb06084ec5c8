"""What templates of dispersion studies say."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from goedebuur.web.templatetags.figures import count

register = template.Library()


@register.filter
def kilograms(value: float | None) -> str:
    """Return a mass in whole kilograms; a dash where it is not known."""
    return count(None if value is None else round(value))


@register.filter
def at(told: Mapping[str, str], key: str) -> str:
    """Return what is told of a field; empty where nothing is."""
    return told.get(key, "")
