"""The parts of a site that a decision may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Places:
    """The installations and emission points of a site, name by identifier; a condition may name no others."""

    installations: Mapping[str, str]
    emission_points: Mapping[str, str]

    def find(self, field: str, written: str) -> str | None:
        """Return the identifier of what is written, by its identifier or its name; None for none of them."""
        every: Mapping[str, str] = getattr(self, field)
        if written in every:
            return written
        named = [one for one, name in every.items() if name.lower() == written.lower()]
        return named[0] if len(named) == 1 else None
