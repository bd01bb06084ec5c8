"""Every address of the site, found in its own table of addresses, with everything that could be guessed filled in."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

Table = Mapping[str, Sequence[str]]
"""Name of a part of an address, or its converter → what is tried there."""


def patterns(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Yield the form of every address: `werk/zaken/<name:name>/`, or a regular expression."""
    for one in (resolver or get_resolver()).url_patterns:
        form = before + (str(one.pattern) if isinstance(one.pattern, RoutePattern) else _plain(str(one.pattern)))
        if isinstance(one, URLResolver):
            yield from patterns(one, form)
        elif isinstance(one, URLPattern):
            yield form


def filled(forms: Iterable[str], table: Table, most: int = 40) -> list[str]:
    """Return the addresses of these forms with every combination of what is tried, `most` of each form."""
    found: dict[str, None] = {}
    for form in forms:
        parts = re.findall(r"<([^>]+)>", form)
        choices = [table.get(part) or table.get(part.partition(":")[0]) or table[""] for part in parts]
        for chosen in itertools.islice(itertools.product(*choices), most):
            address = form
            for part, value in zip(parts, chosen, strict=True):
                address = address.replace(f"<{part}>", value, 1)
            found[f"/{address}"] = None
    return list(found)


def _plain(expression: str) -> str:
    """Return a regular expression of an address as a form: its named groups as parts, the rest as it is."""
    named = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", expression)
    return re.sub(r"[\^$\\]", "", re.sub(r"\(\?:|\)", "", named))
