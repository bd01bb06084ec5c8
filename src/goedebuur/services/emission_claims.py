"""The answer to a finding about a verdict: the year without its claims, with them, and with what was accepted.

The claims stand as lines in the answer, what the authority accepts as lines in the reasons of its decision; both are
public as the rules of cases say, and anyone can work the three out again from what is published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from goedebuur.core.casework.publications import Publication
from goedebuur.core.compliance.emissions import claims
from goedebuur.core.compliance.emissions.claims import Claim
from goedebuur.core.compliance.emissions.outcomes import Outcome
from goedebuur.services.emission_files import Averages
from goedebuur.services.emission_verdicts import SiteYear, assess

if TYPE_CHECKING:
    from goedebuur.services.record import Record


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The verdicts of a year as the plant reported its states, as it claims them, and as the authority accepts them."""

    claimed: tuple[Claim, ...]
    accepted: tuple[Claim, ...]
    as_reported: SiteYear
    as_claimed: SiteYear
    as_accepted: SiteYear

    def changed(self) -> tuple[tuple[str, str, Outcome, Outcome, Outcome], ...]:
        """Return (stream, requirement, outcome as reported, as claimed, as accepted) where they differ."""
        every = (self.as_reported, self.as_claimed, self.as_accepted)
        rows = zip(*(one.verdicts for one in every), strict=True)
        return tuple(
            (a.stream, a.requirement, a.outcome, b.outcome, c.outcome)
            for a, b, c in rows
            if not a.outcome is b.outcome is c.outcome or a.periods != b.periods or a.periods != c.periods
        )


def side_by_side(
    record: Record,
    site: str,
    year: int,
    averages: Averages,
    answer: str,
    reply: str = "",
    *,
    as_of: int | None = None,
    shown: Mapping[str, Fraction] | None = None,
) -> SideBySide:
    """Return the verdicts of a year without and with what the operator's answer claims, and with what was accepted.

    Parameters
    ----------
    answer, reply
        The operator's answer to a finding and the reasons of the authority's decision on it, as the case or its
        publication has them; lines of claims are in the form of `core/compliance/emissions/claims`.
    Raises
    ------
    GoedeBuurError
        `emission-claim` for a line that cannot be read.
    """
    asked = claims.read(answer)
    every, held = claims.claimed(asked), claims.accepted(asked, claims.read(reply))
    return of_claims(record, site, year, averages, every, held, as_of=as_of, shown=shown)


def of_claims(
    record: Record,
    site: str,
    year: int,
    averages: Averages,
    every: tuple[Claim, ...],
    held: tuple[Claim, ...],
    *,
    as_of: int | None = None,
    shown: Mapping[str, Fraction] | None = None,
    points: frozenset[str] | None = None,
) -> SideBySide:
    """Return the verdicts of a year without claims, with all of them, and with those that were accepted.

    Parameters
    ----------
    points
        Emission points of which the verdicts are worked out; None: all of the site.
    """
    found: dict[tuple[Claim, ...], SiteYear] = {}
    for ones in ((), every, held):
        if ones not in found:
            found[ones] = assess(record, site, year, averages, as_of=as_of, shown=shown, claimed=ones, points=points)
    return SideBySide(every, held, found[()], found[every], found[held])


def of_publication(
    record: Record,
    published: Publication,
    year: int,
    averages: Averages,
    *,
    as_of: int | None = None,
    shown: Mapping[str, Fraction] | None = None,
) -> dict[str, SideBySide]:
    """Return site → the three, of a published finding with the operator's answer; none where it gave none.

    Raises
    ------
    GoedeBuurError
        `emission-claim` for a line that cannot be read.
    """
    if published.answer is None:
        return {}
    said = published.reply.text if published.reply is not None else ""
    told = (published.answer.text, f"{said}\n{published.reasons}")
    return {
        site: side_by_side(record, site, year, averages, *told, as_of=as_of, shown=shown) for site in published.sites
    }
