"""Under which codes registers know a substance, from which mass it is reported, and whether it is of very high concern.

Each row of `tables/substance_codes.csv` is one fact with its own status; one that is not confirmed asks a question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

from goedebuur.core.base.sourced import Status, Text
from goedebuur.rules import reading, substance_names
from goedebuur.rules.reading import Row

TABLE: Final = "substance_codes"
COLUMNS: Final = ("id", "substance", "scheme", "code", "reference", "article", "status", "question_nl", "question_en")
EPRTR, NAME, AIR, ANNEX_II, ZZS = "eprtr", "eprtr_name", "eprtr_air", "annex_ii", "zzs"
SCHEMES: Final[Mapping[str, str]] = {
    EPRTR: "code in the code list of the E-PRTR",
    NAME: "name in the releases of the E-PRTR",
    AIR: "emission to air from which a facility reports it [kg/year]",
    ANNEX_II: "number in annex II to Regulation (EC) 166/2006",
    ZZS: "substance of very high concern (zeer zorgwekkende stof), and why",
}
GROUNDS: Final = ("cmr", "pop", "svhc", "ospar", "water", "ed")
"""Why a substance is of very high concern, after Bal 5.22a: carcinogenic, mutagenic or toxic for reproduction; a
persistent organic pollutant; on the list of REACH; of OSPAR; of the Water Framework Directive; an endocrine
disruptor."""


@dataclass(frozen=True, slots=True)
class Code:
    """One row.

    Parameters
    ----------
    substance
        Name in the table of substances.
    scheme
        One of :data:`SCHEMES`.
    code
        As the scheme has it; for `zzs` one of :data:`GROUNDS`.
    question
        What a person must answer first; empty for a confirmed row.
    """

    substance: str
    scheme: str
    code: str
    reference: str
    article: str
    status: Status
    question: Text


def of(substance: str) -> Mapping[str, Code]:
    """Return scheme → row of one substance."""
    return {one.scheme: one for one in codes() if one.substance == substance}


@lru_cache(maxsize=1)
def by_name() -> Mapping[str, str]:
    """Return name in the releases of the register → substance."""
    return {one.code: one.substance for one in codes() if one.scheme == NAME}


@lru_cache(maxsize=1)
def codes() -> tuple[Code, ...]:
    """Return all rows that come with the program."""
    return parse(reading.shipped(TABLE))


def parse(data: bytes) -> tuple[Code, ...]:
    """Return the rows in the bytes of the table.

    Raises
    ------
    GoedeBuurError
        `rules-table`, with line and column.
    """
    return tuple(map(_code, reading.rows(TABLE, data, COLUMNS)))


def _code(row: Row) -> Code:
    if row["scheme"] not in SCHEMES or row["id"] != f"{row['scheme']}:{row['substance']}":
        raise row.bad("id", f"An identifier is {', '.join(SCHEMES)}, a colon and the substance.")
    if substance_names.names().of_id(row["substance"]) is None:
        raise row.bad("substance", "The table of substances has no row of that name.")
    if row["scheme"] == ZZS and row["code"] not in GROUNDS:
        raise row.bad("code", "This is no ground.", f"Choose from: {', '.join(GROUNDS)}.")
    if row["scheme"] == AIR:
        row.read("code", Fraction, "This is no mass.")
    status, question = row.asked()
    return Code(
        substance=row["substance"],
        scheme=row["scheme"],
        code=row.filled("code"),
        reference=row.filled("reference"),
        article=row["article"],
        status=status,
        question=question,
    )
