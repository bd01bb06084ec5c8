"""Addresses that stay in the state of the record that the reader looks at. Every template knows these tags."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django import template
from django.template import Context
from django.urls import reverse

register = template.Library()


@register.simple_tag(takes_context=True)
def link(context: Context, name: str, *parts: Any, **asked: Any) -> str:
    """Return the address of a page, with what is asked of it and with the state that the reader looks at.

    Parameters
    ----------
    name, parts
        As of `{% url %}`.
    asked
        Parts of the query; those that are None or empty are left out.
    """
    query = urlencode({key: value for key, value in asked.items() if value not in (None, "")})
    address = reverse(name, args=parts)
    return keep_as_of(context, f"{address}?{query}" if query else address)


@register.simple_tag(takes_context=True)
def keep_as_of(context: Context, address: str) -> str:
    """Return an address with the state that the reader looks at, unless it names a state itself."""
    as_of = context.get("as_of")
    query = urlsplit(address).query
    if as_of is None or "as_of" in parse_qs(query):
        return address
    return f"{address}{'&' if query else '?'}as_of={as_of}"
