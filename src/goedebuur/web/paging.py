"""Pages of a list, by their number in the address: they work without a script, and the back button leads back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest

from goedebuur.services.paging import Page
from goedebuur.web import asking

MOST_PAGES: Final = 999_999


@dataclass(frozen=True, slots=True)
class Links:
    """Which part of a list is shown, and where the rest of it is.

    Parameters
    ----------
    page
        What is shown.
    previous, next
        Addresses of the pages around it; empty where there is none.
    """

    page: Page[Any]
    previous: str
    next: str


def number(request: HttpRequest, name: str = "page") -> int:
    """Return which page is asked for, from 1."""
    return asking.whole(request, name, 1, MOST_PAGES) or 1


def links(request: HttpRequest, page: Page[Any], name: str = "page", *, to: str = "", **asked: str) -> Links:
    """Return where the pages around one are: what is asked now, with another number.

    Parameters
    ----------
    name
        Of the number in the address.
    to
        A place on the page, where it has more than one list; or the path of another page.
    asked
        What is asked besides.
    """

    def address(number: int) -> str:
        query = request.GET.copy()
        for key, value in {**asked, name: str(number)}.items():
            query[key] = value
        path, _, place = to.partition("#")
        return f"{path}?{query.urlencode()}" + (f"#{place}" if place else "") if number else ""

    return Links(page, address(page.previous), address(page.next))
