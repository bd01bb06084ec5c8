"""What templates of dispersion studies say."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from goedebuur.web.dispersion_words import mass

register = template.Library()


@register.filter
def kilograms(value: float | None) -> str:
    """Return a mass in kilograms; a dash where it is not known."""
    return mass(value)


@register.filter
def at(told: Mapping[str, str], key: str) -> str:
    """Return what is told of a field; empty where nothing is."""
    return told.get(key, "")
