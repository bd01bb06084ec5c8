"""What templates of dispersion studies say."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from goedebuur.web import dispersion_words

register = template.Library()


@register.filter
def at(told: Mapping[str, str], key: str) -> str:
    """Return what is told of a field; empty where nothing is."""
    return told.get(key, "")


@register.filter
def asked(value: float) -> str:
    """Return a number as it was asked, with all its digits and no zeros behind them: `0,0002`."""
    return dispersion_words.level(value)
