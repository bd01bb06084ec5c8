"""The pages on the stacks of a site: which there are, in the order in which a reader meets them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

PAGES: Final[dict[str, str]] = {
    "stacks": gettext_noop("What is measured"),
    "stack-verdicts": gettext_noop("Verdicts"),
    "stack-timeline": gettext_noop("Month by month"),
    "stack-headroom": gettext_noop("Room under the limits"),
    "stack-changes": gettext_noop("What changed"),
    "stack-controls": gettext_noop("Control measurements"),
    "stack-coverage": gettext_noop("Substances"),
    "stack-totals": gettext_noop("Totals of a year"),
    "stack-visible": gettext_noop("Visible emissions"),
}
"""Name of the address → words for it. What is said of a year keeps the year that is asked."""
OF_A_YEAR: Final = frozenset(PAGES) - {"stacks", "stack-coverage"}


@dataclass(frozen=True, slots=True)
class PageLink:
    """One page of the stacks of a site."""

    name: str
    words: str
    year: int | None
    here: bool


def links(here: str, year: int | None = None) -> list[PageLink]:
    """Return the pages, with the one that is looked at marked; of a year where one was asked for.

    Parameters
    ----------
    here
        Name of the address of the page.
    """
    return [
        PageLink(name, _(words), year if name in OF_A_YEAR else None, name == here) for name, words in PAGES.items()
    ]
