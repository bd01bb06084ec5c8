"""The proof file of a verdict: the rows of the series, the rules as they are in the log, and where it was published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.compliance import scope
from goedebuur.core.compliance.rows import Limit, Rule
from goedebuur.core.ledger.blocks import of_lines
from goedebuur.core.proof.files import CLAIMED, FigureProof, Part, VerdictClaim, micros
from goedebuur.core.proof.judging import ASSESSMENT, CAPTURES, GUIDELINES, LIMITS
from goedebuur.services import assessment, inventory, proving, rule_record
from goedebuur.services.proving import Under

if TYPE_CHECKING:
    from goedebuur.core.compliance.verdicts import Verdict
    from goedebuur.services.record import Record

NO_RULES: Final = declare(
    "query-no-rules", "The rules of this verdict are not in the record, so they cannot be proven."
)
Wanted = Callable[[dict[str, Any]], bool]
Leaves = dict[int, tuple[Part, ...]]
"""Leaves of a proof, with the blocks of each that it shows."""


def prove_verdict(
    record: Record, series_id: str, limit_id: str, year: int, as_of: int | None = None, published: bytes = b""
) -> bytes:
    """Return the proof file of a verdict, as it stands now or stood at a tree size.

    Where the newest published result says the same with the same rules, its line is in the file as well. `published`
    is the checkpoint that is published, with its cosignatures.

    Raises
    ------
    GoedeBuurError
        `query-unknown-series`, `rules-unknown-rule`, `query-other-quantity`, `query-unknown-verdict`;
        `query-no-rules` where the rules were never recorded; `query-no-blocks`.
    """
    inventory.series(record, series_id, as_of)
    with proving.at_once():
        return _prove(record, series_id, limit_id, year, as_of, published)


def _prove(record: Record, series_id: str, limit_id: str, year: int, as_of: int | None, published: bytes) -> bytes:
    verdict, rule, rules_at = assessment.one(record, series_id, limit_id, year, as_of)
    if rules_at.leaf is None:
        raise GoedeBuurError(
            NO_RULES,
            "The rule tables of this program are not in the record.",
            place=limit_id,
            hint="`goedebuur assess YEAR --publish` records them, with the verdicts of that year.",
        )
    claim = VerdictClaim({name: verdict.as_record()[name] for name in CLAIMED})
    rows = _rows(record, series_id, rule, year, as_of)
    rules = _rules(record, rule, as_of)
    result = _result(record, verdict, rules_at.book.sha256)
    under = Under.of(record, max((*rows, *rules, *result)), published)
    shown = [tuple(under.source(leaf, parts) for leaf, parts in those.items()) for those in (rows, rules, result)]
    line = shown[2][0] if shown[2] else None
    return proving.checked(record, FigureProof(claim, record.ledger.vkey, proving.MADE_BY, shown[0], shown[1], line))


def _rows(record: Record, series_id: str, rule: Rule, year: int, as_of: int | None) -> Leaves:
    span = scope.span([rule], year)
    bound = record.projected if as_of is None else as_of
    rows = record.observations.read(
        series=[series_id], start=span.start, end=span.end, as_of=as_of, columns=["series", "start", "step", "leaf"]
    )
    replaced = record.observations.replaced(series_id, span.start, span.end, bound)
    found = pl.concat([rows["leaf"], replaced["by"].cast(rows["leaf"].dtype)]).unique().sort()
    start, end = micros(span.start), micros(span.end)
    return {i: proving.row_parts(record, i, series_id, start, end) for i in found}


def _rules(record: Record, rule: Rule, as_of: int | None) -> Leaves:
    """Return the leaves of all rule tables, whose digests make the one of a receipt, with the rows that decide."""
    own = LIMITS if isinstance(rule, Limit) else GUIDELINES
    capture = rule.measure.capture
    wanted: dict[str, Wanted] = {
        own: lambda row: bool(row["id"] == rule.id),
        CAPTURES: lambda row: capture is not None and bool(row["id"] == capture.id),
        ASSESSMENT: lambda row: True,
    }
    leaves = sorted((leaf, name) for name, leaf in rule_record.leaves(record, as_of).items())
    return {leaf: _lines(record, leaf, wanted.get(name, lambda row: False)) for leaf, name in leaves}


def _result(record: Record, verdict: Verdict, rules_sha256: str) -> Leaves:
    found = assessment.published(record, verdict.year)
    if found is None or found.receipt.rules_sha256 != rules_sha256:
        return {}
    plain = replace(verdict, uncertainty_text="", uncertainty_basis="")
    said = (replace(one, receipt=None, uncertainty_text="", uncertainty_basis="") for one in found.verdicts)
    if plain not in said:
        return {}
    key = (verdict.series, verdict.limit_id)

    def wanted(row: dict[str, Any]) -> bool:
        return row["type"] == "header" or (row["series"], row["limit_id"]) == key

    return {found.leaf: _lines(record, found.leaf, wanted)}


def _lines(record: Record, leaf: int, wanted: Wanted) -> tuple[Part, ...]:
    """Return the lines of a batch of records that are wanted, with their places."""
    sha = proving.batch_of(record, leaf)
    lines = record.evidence.batch(sha).splitlines(keepends=True)
    tree = of_lines(lines)
    return tuple(
        Part(at, tree.size, tuple(tree.inclusion_proof(at)), line)
        for at, line in enumerate(lines)
        if wanted(canonical.decode(line.rstrip(b"\n")))
    )
