"""The names of substances, as permits write them: which substance a text is about, by a table of names.

The rows are `rules/tables/substance_names.csv`. A name found here is a proposal: a person says what is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

_LOWERED: Final = str.maketrans("₀₁₂₃₄₅₆₇₈₉ₓ⁰¹²³", "0123456789x0123")
_GENERAL: Final = (
    r"(?<!\bdeze )(?<!\bvaste )(?<!\bper )(?<!\been )(?<!\belke )(?<!\biedere )(?<!gevaarlijke )(?<!\bdie )"
)
"""Words before *stof* with which it means any substance, and not dust."""


@dataclass(frozen=True, slots=True)
class Named:
    """One substance, with every name that permits give it.

    Parameters
    ----------
    cas
        Empty for what is not one substance.
    names
        As written; one of capitals and digits only counts in those capitals.
    """

    id: str
    cas: str
    formula: str
    nl: str
    en: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text, from `start` up to `end`."""

    start: int
    end: int
    named: Named


@dataclass(frozen=True)
class Names:
    """The table of names, ready to be looked for."""

    rows: tuple[Named, ...]
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _by_name: dict[str, Named] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name: dict[str, Named] = {}
        for row in self.rows:
            for name in (*row.names, row.nl):
                if by_name.setdefault(_key(name), row) is not row:
                    raise ValueError(f"two substances have the name {name}")
        words = sorted((_key(name) for name in by_name), key=len, reverse=True)
        object.__setattr__(self, "_by_name", by_name)
        object.__setattr__(self, "_pattern", re.compile("|".join(_as_pattern(word) for word in words)))

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return the substances in a text, in order; the longest name counts."""
        plain = text.translate(_LOWERED)
        return tuple(
            Mention(found.start(), found.end(), self._by_name[_key(found.group())])
            for found in self._pattern.finditer(plain)
        )

    def called(self, name: str) -> Named | None:
        """Return the substance that has exactly this name, None where none has."""
        return self._by_name.get(_key(name.translate(_LOWERED).strip()))

    def of_id(self, row_id: str) -> Named | None:
        """Return the substance with this identifier, None without."""
        return next((row for row in self.rows if row.id == row_id), None)


def names(rows: Iterable[dict[str, str]]) -> Names:
    """Return the table of its rows as text by column."""
    return Names(
        tuple(
            Named(
                id=row["id"],
                cas=row["cas"],
                formula=row["formula"],
                nl=row["name_nl"],
                en=row["name_en"],
                names=tuple(row["synonyms"].split("|")),
            )
            for row in rows
        )
    )


def _is_formula(name: str) -> bool:
    """Return whether a name counts in its own capitals only: `CO` is one, `Kwik` is not."""
    capitals = sum(letter.isupper() for letter in name)
    return (len(name) <= 12 and capitals >= 2) or bool(re.fullmatch(r"[A-Z][a-z]", name))


def _key(name: str) -> str:
    return name if _is_formula(name) else name.lower()


def _as_pattern(word: str) -> str:
    guard = _GENERAL if word == "stof" else ""
    if _is_formula(word):
        return rf"(?<![\w-]){re.escape(word)}(?![\w(])"
    return rf"{guard}(?<![\w-])(?i:{re.escape(word)})(?![\w])"
