"""How much room the limits of a site leave in a year: what was measured beside each limit of the published verdicts.

Worked out from the averages that were published with the verdicts, and the rules, limits and streams of the tree size
of their receipt: the same for every reader, for good. Of a year without published verdicts nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from goedebuur.core.compliance.emissions import measured
from goedebuur.core.compliance.emissions.measured import Measured
from goedebuur.services import emission_verdicts, rule_record
from goedebuur.services.stack_verdicts import PublishedAverages, PublishedYear

if TYPE_CHECKING:
    from goedebuur.services.record import Record

Rooms = Mapping[tuple[str, str], tuple[Measured, ...]]
"""(stream, requirement) → what was measured for it, by span."""


def of_year(record: Record, published: PublishedYear) -> Rooms:
    """Return what was measured for each limit of published verdicts; nothing where no averages were published."""
    size = published.receipt.tree_size
    return record.of_catalogue(("stack headroom", published.leaf), size, lambda _: _of(record, published, size))


def _of(record: Record, published: PublishedYear, size: int) -> Rooms:
    if not published.averages:
        return {}
    book = rule_record.regime_book_at(record, size).book
    told = {(one["stream"], one["requirement"]) for one in published.verdicts}
    return {
        (shorts.stream, requirement.name): measured.of_year(requirement, shorts, published.year, book)
        for requirement, shorts in emission_verdicts.gathered(
            record,
            published.site,
            published.year,
            PublishedAverages(record, published.averages),
            as_of=size,
            shown={name: Fraction(value) for name, value in published.shown.items()},
        )
        if (shorts.stream, requirement.name) in told
    }
