"""Which checks of the rule book a test saw at work: refusals and notes by themselves, marks by what the test says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from goedebuur.core.base.rulebook import CHECKS, Check

_SEEN: list[set[str]] = []


def mark(check: str) -> None:
    """Say that a test saw a value marked by a check, after it looked."""
    assert CHECKS[check].severity == "flag", check
    for one in _SEEN:
        one.add(check)


@contextmanager
def watching() -> Iterator[set[str]]:
    """Give the identifiers of the checks that refuse or note something within."""
    seen: set[str] = set()
    _SEEN.append(seen)
    try:
        yield seen
    finally:
        _SEEN.remove(seen)


def _watched(method: Any) -> Any:
    def told(self: Check, *given: Any, **named: Any) -> Any:
        made = method(self, *given, **named)
        for one in _SEEN:
            one.add(self.id)
        return made

    return told


if not getattr(Check.error, "watched", False):
    for name in ("error", "note"):
        wrapped = _watched(getattr(Check, name))
        wrapped.watched = True
        setattr(Check, name, wrapped)
