"""The verdict of a proof: the rules as their leaves hold them, the conclusion from the rows, and what was published.

What is claimed is every field of a verdict, with its sentences, and all of it is recomputed. Standard library alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.table_row import Row as TableRow
from goedebuur.core.compliance import judge, table_rows
from goedebuur.core.compliance.readings import Case
from goedebuur.core.compliance.rows import Limit, RuleBook
from goedebuur.core.compliance.table_rows import TABLES
from goedebuur.core.compliance.verdicts import Verdict
from goedebuur.core.ledger.blocks import Row, of_lines
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.proof import evaluating
from goedebuur.core.proof.files import CLAIMED, VerdictClaim
from goedebuur.core.proof.hours import Key
from goedebuur.core.proof.refusing import wrong

LIMITS: Final = "air_quality_limits"
GUIDELINES: Final = "air_quality_guidelines"
CAPTURES: Final = "data_capture"
ASSESSMENT: Final = "assessment_rules"
"""This table is in a proof as a whole: each row can bear on a verdict, and one left out would not be missed."""
EXTENSION: Final = ".csv"


@dataclass
class Tables:
    """The rule tables of a proof, as far as they were read.

    Parameters
    ----------
    rows
        Table → its rows in the file, as text by column.
    sha256
        Table → digest of the whole table, from its leaf.
    leaves
        Table → number of its leaf.
    """

    rows: dict[str, list[TableRow]] = field(default_factory=dict)
    sha256: dict[str, str] = field(default_factory=dict)
    leaves: dict[str, int] = field(default_factory=dict)

    def add(self, leaf: Leaf, index: int, lines: Sequence[bytes], root: bytes) -> None:
        """Take in the rows of one table, of which each was found under the root that the leaf names.

        Raises
        ------
        GoedeBuurError
            `proof-wrong`.
        """
        place = f"leaf {index}"
        payload = leaf.payload if isinstance(leaf.payload, Mapping) else {}
        name = str(payload.get("name", "")).removesuffix(EXTENSION)
        if leaf.kind != "rules" or name not in TABLES or name in self.rows:
            raise wrong("This is not the leaf of a rule table, or it is there twice.", place, name)
        if name == ASSESSMENT and of_lines(lines).root() != root:
            raise wrong("Rows of this table were left out, and each can bear on the verdict.", place, name)
        self.rows[name] = [_table_row(name, at, line, place) for at, line in enumerate(lines)]
        self.sha256[name] = str(payload.get("sha256", ""))
        self.leaves[name] = index

    def book(self, rule: str) -> tuple[RuleBook, int]:
        """Return the rules, and the number of the leaf with the one that is claimed.

        Raises
        ------
        GoedeBuurError
            `proof-wrong`.
        """
        try:
            captures = {row["id"]: table_rows.capture(row) for row in self.rows.get(CAPTURES, ())}
            limits = [table_rows.limit(row, captures) for row in self.rows.get(LIMITS, ())]
            advice = [table_rows.guideline(row, captures) for row in self.rows.get(GUIDELINES, ())]
            assessment = [table_rows.assessment(row) for row in self.rows.get(ASSESSMENT, ())]
        except GoedeBuurError:
            raise wrong("A rule in this file cannot be read.", "rules", rule) from None
        book = RuleBook(
            tuple(limits), tuple(advice), tuple(captures.values()), tuple(assessment), table_rows.digest(self.sha256)
        )
        found = book.rule(rule)
        if found is None or found.measure.capture is None or ASSESSMENT not in self.rows:
            raise wrong("The rule of the claim is not in this file.", "rules", rule)
        return book, self.leaves[LIMITS if isinstance(found, Limit) else GUIDELINES]


def _table_row(table: str, at: int, line: bytes, place: str) -> TableRow:
    cells = record(line, place)
    if cells.keys() != {"table", *TABLES[table]} or cells["table"] != table:
        raise wrong("This is not a row of the table that the leaf names.", place, str(at))
    if not all(isinstance(cell, str) for cell in cells.values()):
        raise wrong("This is not a row of the table that the leaf names.", place, str(at))
    return TableRow(table, at, {name: cells[name] for name in TABLES[table]})


def record(line: bytes, place: str) -> dict[str, Any]:
    """Return the record in a line of a batch.

    Raises
    ------
    GoedeBuurError
        `proof-wrong` for what is not canonical JSON with a line break.
    """
    try:
        if not line.endswith(b"\n"):
            raise ValueError("no line break")
        return canonical.decode(line[:-1])
    except ValueError:
        raise wrong("A line of this batch cannot be read.", place, "") from None


def conclude(claim: VerdictClaim, rows: Mapping[Key, Row], book: RuleBook) -> Verdict:
    """Return the verdict that the rows and the rule give, which is the one that is claimed.

    Raises
    ------
    GoedeBuurError
        `proof-wrong` where any field differs; `input-quantity`, `input-unit`.
    """
    place = f"{claim.series} {claim.year} {claim.rule}"
    rule = book.rule(claim.rule)
    assert rule is not None  # the book was made for it
    parts = claim.series.split(".")
    if len(parts) < 3 or parts[-2] != rule.measure.quantity:
        raise wrong("The rule is about another quantity than the series.", place, rule.measure.quantity)
    try:
        found = evaluating.evaluate(rows, rule, claim.series, claim.year)
    except ValueError:
        raise wrong("The rows of this year cannot be counted.", place, str(rule.measure.clock)) from None
    verdict = judge.verdict(Case(rule, claim.series, found, book))
    given = verdict.as_record()
    for name in CLAIMED:
        if as_json(given[name]) != as_json(claim.fields[name]):
            message = f"The rows and the rule give {name} {as_json(given[name])}, not what is claimed."
            raise wrong(message, place, as_json(claim.fields[name]))
    return verdict


def published(claim: VerdictClaim, leaf: Leaf, index: int, lines: Sequence[bytes], rules_sha256: str) -> dict[str, str]:
    """Return when and with what the verdict was published: its line is the one that is claimed, its rules are the same.

    Raises
    ------
    GoedeBuurError
        `proof-wrong`.
    """
    place = f"leaf {index}"
    inputs = leaf.inputs if isinstance(leaf.inputs, Mapping) else {}
    if leaf.kind != "result" or inputs.get("result") != "verdicts" or len(lines) != 2:
        raise wrong("This is not a leaf of published verdicts, with its first line and that of the verdict.", place, "")
    header, line = (record(one, place) for one in lines)
    try:
        if type(line["said"]) is not int or line["said"] < 0:
            raise ValueError("no place")
        said = dict(header["texts"][line["said"]])
        told = {name: (said if name in said else line)[name] for name in CLAIMED}
        if header["type"] != "header" or line["type"] != "verdict":
            raise ValueError("other lines")
    except (KeyError, IndexError, TypeError, ValueError):
        raise wrong("A line of this batch cannot be read.", place, "") from None
    for name in CLAIMED:
        if as_json(told[name]) != as_json(claim.fields[name]):
            message = f"The published verdict says {name} {as_json(told[name])}, not what is claimed."
            raise wrong(message, place, as_json(claim.fields[name]))
    if inputs.get("rules_sha256") != rules_sha256:
        raise wrong("The published verdict was made with other rules than those in this file.", place, rules_sha256)
    return {
        "index": str(index),
        "received": leaf.received,
        "code": str(inputs.get("code", "")),
        "size": str(inputs.get("tree_size", "")),
    }


def as_json(value: object) -> str:
    """Return a value as JSON, without white space."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
