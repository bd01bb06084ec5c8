"""Proof files of verdicts, made by hand of a log of our own: of every statistic and reason, and with every fault."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import polars as pl
from tests.core.proof.crafting import LEAF, changed, swapped
from tests.core.proof.invented import invented, rows_of
from tests.rules.test_cases import ROWS, observations
from tests.services.deliveries import SIGNER

from goedebuur.core.base import canonical
from goedebuur.core.base.quantities import quantity
from goedebuur.core.compliance import judge
from goedebuur.core.compliance.readings import Case
from goedebuur.core.ledger import leaves, notes
from goedebuur.core.ledger.blocks import of_lines, texts
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.proofs import TlogProof
from goedebuur.core.ledger.tree import Tree, leaf_hash
from goedebuur.core.proof.evaluating import evaluate
from goedebuur.core.proof.files import CLAIMED, FigureProof, Part, Source, VerdictClaim
from goedebuur.rules import loader

Lines = dict[str, list[dict[str, str]]]
"""The rows of the rule tables, by table."""
LIMITS = "air_quality_limits"
OWN = {LIMITS, "air_quality_guidelines", "data_capture"}
"""Tables of which a proof holds the rows that decide alone."""


@cache
def tables() -> Lines:
    """Return the rows of the tables that come with the program."""
    return {name: loader.records(name, data) for name, data in loader.shipped().items()}


def blocks_of(frame: pl.DataFrame) -> list[bytes]:
    """Return the blocks of the rows of one series, in canonical units."""
    rows = frame.sort("start", "step").select(
        "series",
        "start",
        "step",
        value=pl.col("micro"),
        decimals=pl.lit(6),
        unit=pl.lit(quantity(frame["quantity"][0]).unit),
        flags="flags",
        remark=pl.lit(None, pl.String),
    )
    return [text for _, _, text in texts(rows)]


def leaf_of(name: str, table: Sequence[Mapping[str, str]]) -> tuple[Leaf, list[bytes]]:
    """Return the leaf of a rule table, and its lines."""
    lines = [canonical.encode(row) + b"\n" for row in table]
    payload = {"name": f"{name}.csv", "sha256": hashlib.sha256(b"".join(lines)).hexdigest(), "size": 1}
    batch = {"blocks": of_lines(lines).root().hex(), "rows": len(lines)}
    leaf = dataclasses.replace(LEAF, kind="rules", submitter="goedebuur", payload=payload, batch=batch, series=())
    return leaf, lines


@dataclasses.dataclass
class Made:
    """What goes into a proof file before it is signed: faults are put in here."""

    blocks: list[bytes]
    claim: dict[str, Any]
    rules: Lines
    wanted: Callable[[str, Mapping[str, str]], bool]
    result: Callable[[Leaf], Leaf] | None = dataclasses.field(default=lambda leaf: leaf)
    published: dict[str, Any] = dataclasses.field(default_factory=dict)
    line: Callable[[dict[str, Any]], dict[str, Any]] = lambda line: line
    leaf: Callable[[str, Leaf], Leaf] = lambda name, leaf: leaf

    def encode(self) -> bytes:
        """Return the file: rows, rule tables and result as leaves of one log, in this order."""
        log = Tree()
        log.append(leaf_hash(b"another leaf"))
        kept: list[tuple[bytes, tuple[Part, ...]]] = []

        def append(leaf: Leaf, lines: Sequence[bytes], wanted: Iterable[int]) -> None:
            tree = of_lines(lines)
            parts = tuple(Part(at, len(lines), tuple(tree.inclusion_proof(at)), lines[at]) for at in wanted)
            kept.append((leaves.encode(leaf), parts))
            log.append(leaf_hash(kept[-1][0]))

        batch = {"blocks": of_lines(self.blocks).root().hex(), "rows": 1}
        append(dataclasses.replace(LEAF, batch=batch), self.blocks, range(len(self.blocks)))
        digests = {}
        for name, table in self.rules.items():
            leaf, lines = leaf_of(name, table)
            digests[name] = str((leaf.payload or {})["sha256"])
            append(self.leaf(name, leaf), lines, [at for at, row in enumerate(table) if self.wanted(name, row)])
        if self.result is not None:
            digest = hashlib.sha256("".join(f"{n} {digests[n]}\n" for n in sorted(digests)).encode()).hexdigest()
            self._publish(append, digest)
        note = notes.sign(Checkpoint(SIGNER.name, log.size, log.root()).as_text(), SIGNER)
        sources = [
            Source(data, TlogProof(at, tuple(log.inclusion_proof(at)), note).encode(), parts)
            for at, (data, parts) in enumerate(kept, 1)
        ]
        end = 1 + len(self.rules)
        result = sources[end] if self.result is not None else None
        claim = VerdictClaim(self.claim)
        return FigureProof(claim, SIGNER.vkey, "a test", (sources[0],), tuple(sources[1:end]), result).encode()

    def _publish(self, append: Callable[[Leaf, Sequence[bytes], Iterable[int]], None], digest: str) -> None:
        assert self.result is not None
        record = {**self.claim, "uncertainty_text": "", "uncertainty_basis": ""} | self.published
        said = {name: record.pop(name) for name in ("question", "question_en", "reservations", "reservations_en")}
        head = {"type": "header", "year": record["year"], "texts": [{}, said], "receipt": {}}
        other, own = ({"type": "verdict", "said": said} | record for said in (0, 1))
        lines = [canonical.encode(one) + b"\n" for one in (head, other, self.line(own))]
        inputs = {"result": "verdicts", "rules_sha256": digest, "tree_size": 6, "code": "goedebuur/test"}
        leaf = dataclasses.replace(
            LEAF, kind="result", submitter="goedebuur", payload=None, series=(), inputs=inputs, batch={"rows": 3}
        )
        leaf = dataclasses.replace(leaf, batch={"blocks": of_lines(lines).root().hex(), "rows": 3})
        append(self.result(leaf), lines, [0, 2])


def made(frame: pl.DataFrame, rule_id: str, year: int, rules: Lines | None = None) -> Made:
    """Return what a proof file of the verdict on these rows holds."""
    rule = loader.rule(rule_id)
    series = str(frame["series"][0])
    found = evaluate(rows_of(frame), rule, series, year)
    record = judge.verdict(Case(rule, series, found, loader.book())).as_record()
    capture = rule.measure.capture
    mine = {rule_id, capture.id if capture else ""}
    return Made(
        blocks_of(frame),
        {name: record[name] for name in CLAIMED},
        {name: [dict(row) for row in table] for name, table in (rules or tables()).items()},
        lambda name, row: row["id"] in mine if name in OWN else name == "assessment_rules",
    )


def legal(number: int) -> Made:
    """Return the proof of a legal case."""
    row = ROWS[number][1]
    rule = loader.rule(row["rule"])
    return made(observations(row, f"CASE{number}.{rule.measure.quantity}.1h"), row["rule"], int(row["year"]))


def accepted() -> dict[str, bytes]:
    """Return files in which every step holds: one legal case for each statistic and reason, and invented years."""
    seen: dict[tuple[str, str], int] = {}
    for number, (_, row) in enumerate(ROWS):
        statistic = str(loader.rule(row["rule"]).measure.statistic)
        seen.setdefault((statistic, row["reason_code"]), number)
    found = {f"{statistic} {reason}": legal(number).encode() for (statistic, reason), number in seen.items()}
    for name, step, year in INVENTED:
        frame = invented(name, step, f"X.{name}.1h", year)
        for rule in loader.book().rules:
            if rule.measure.quantity == name and rule.measure.capture is not None and wanted(rule.id, year):
                found[f"invented {rule.id} {step[0]} {year}"] = made(frame, rule.id, year).encode()
    found["year_mean before 1970"] = made(before_1970(), "eu2008.lead.year", 1969).encode()
    return found


def before_1970() -> pl.DataFrame:
    """Return samples that end just before the hour, while moments are counted below zero."""
    frame = invented("lead", (86400,), "X.lead.1h", 1969)
    midnight = pl.col("start").dt.truncate("1d")
    return frame.with_columns(start=midnight + pl.duration(hours=11) - pl.duration(microseconds=1))


INVENTED: tuple[tuple[str, tuple[int, ...], int], ...] = (
    ("so2", (3600,), 2026),
    ("so2", (600,), 2019),
    ("o3", (3600,), 2026),
    ("lead", (86400,), 2020),
)


def wanted(rule_id: str, year: int) -> bool:
    """Return whether a rule is among those of invented years: a few of each statistic."""
    return ".it" not in rule_id and (".so2." not in rule_id or rule_id in SULPHUR[year])


SULPHUR = {
    2026: ("eu2008.so2.alert", "eu2024.so2.alert", "eu2008.so2.winter.vegetation", "who2021.so2.day.aqg"),
    2019: ("who2021.so2.10min.aqg", "eu2008.so2.day", "eu2008.so2.hour"),
}


def base() -> Made:
    """Return a small proof, of three months alone: too many days above, in spite of gaps."""
    row = next(row for _, row in ROWS if row["reason_code"] == "count-above" and not row["missing_days"])
    frame = observations(row, f"CASE.{loader.rule(row['rule']).measure.quantity}.1h")
    return made(frame.filter(pl.col("start").dt.month() < 4), row["rule"], int(row["year"]))


def _rules(table: str, column: str, value: str, id_: str = "") -> bytes:
    found = base()
    for row in found.rules[table]:
        if row["id"] in (id_ or found.claim["limit_id"],):
            row[column] = value
    return found.encode()


def faults() -> dict[str, bytes]:
    """Return files of which the verdict does not follow, or of which a part is not what it says."""
    good = base().encode()

    def with_(**parts: Any) -> bytes:
        return dataclasses.replace(base(), **parts).encode()

    def claimed(**fields: Any) -> bytes:
        found = base()
        return dataclasses.replace(found, claim=found.claim | fields, result=None).encode()

    capture = loader.rule(base().claim["limit_id"]).measure.capture
    assert capture is not None
    return {
        "another outcome": claimed(outcome="MEETS"),
        "another count": claimed(exceedances=1),
        "another reason": claimed(reason="Alles is goed."),
        "fewer reservations": claimed(reservations=[]),
        "another series": claimed(series="CASE.no2.1h"),
        "series without a quantity": claimed(series="CASE"),
        "another year": claimed(year=2010),
        "another rule": claimed(limit_id="eu2008.no2.year"),
        "half a letter in a reason": swapped(good, '"reason": "', '"reason": "\\ud800'),
        "value of the rule changed": _rules(LIMITS, "value", "9999"),
        "allowance changed": _rules(LIMITS, "allowed", "99"),
        "status changed": _rules(LIMITS, "status", "memory-low"),
        "status unknown": _rules(LIMITS, "status", "sure"),
        "clock that a checker does not know": _rules(LIMITS, "clock", "local"),
        "value that is no number": _rules(LIMITS, "value", "a lot"),
        "unit unknown": _rules(LIMITS, "unit", "ppb"),
        "day that is none": _rules(LIMITS, "valid_from", "2005-02-30"),
        "share changed": _rules("data_capture", "year", "100/100", capture.id),
        "share above one": _rules("data_capture", "year", "5/4", capture.id),
        "readings changed": _rules("assessment_rules", "text_nl", "Anders", "not-statutory"),
        "column too few": without_column(),
        "rule not shown": with_(wanted=lambda name, row: name == "assessment_rules"),
        "assessment rule left out": with_(
            wanted=lambda name, row: base().wanted(name, row) and row["id"] != "sea-salt"
        ),
        "no assessment rules": with_(wanted=lambda name, row: name != "assessment_rules"),
        "leaf that is no rules": with_(leaf=lambda name, leaf: dataclasses.replace(leaf, kind="catalogue")),
        "leaf of an unknown table": with_(
            leaf=lambda name, leaf: dataclasses.replace(leaf, payload={"name": "toString.csv", "sha256": ""})
        ),
        "leaf without a file": with_(leaf=lambda name, leaf: dataclasses.replace(leaf, payload=None)),
        "table of another name": with_(
            leaf=lambda name, leaf: dataclasses.replace(leaf, payload={"name": "data_capture.csv", "sha256": ""})
        ),
        "published by other rules": with_(
            result=lambda leaf: dataclasses.replace(leaf, inputs=dict(leaf.inputs or {}) | {"rules_sha256": "00"})
        ),
        "published something else": with_(published={"exceedances": 0}),
        "published another sentence": with_(published={"reservations": ["niets"]}),
        "published no verdicts": with_(
            result=lambda leaf: dataclasses.replace(leaf, inputs=dict(leaf.inputs or {}) | {"result": "means"})
        ),
        "published by a leaf of another kind": with_(result=lambda leaf: dataclasses.replace(leaf, kind="rules")),
        "published without a receipt": with_(result=lambda leaf: dataclasses.replace(leaf, inputs=None)),
        "published with a place that is none": with_(line=lambda line: line | {"said": 9}),
        "published with a place below zero": with_(line=lambda line: line | {"said": -1}),
        "published with a place that is no number": with_(line=lambda line: line | {"said": True}),
        "published a line of another kind": with_(line=lambda line: line | {"type": "header"}),
        "published a line with a field less": with_(line=lambda line: {k: v for k, v in line.items() if k != "n"}),
        "no rules": changed(good, lambda body: body.update(rules=[])),
        "rules twice": changed(good, lambda body: body["rules"].insert(1, body["rules"][0])),
        "rules in another order": changed(good, lambda body: body["rules"].reverse()),
        "rules changed": changed(good, lambda body: _text(body["rules"], "confirmed", "confirmee")),
        "result changed": changed(good, lambda body: _text([body["result"]], "EXCEEDS", "EXCEEDZ")),
        "result of half": changed(good, lambda body: body["result"]["blocks"].pop()),
        "result that is a text": changed(good, lambda body: body.update(result="")),
        "no result named": changed(good, lambda body: body.pop("result")),
        "no rules named": changed(good, lambda body: body.pop("rules")),
        "field less": changed(good, lambda body: body["claim"]["verdict"].pop("unit")),
        "field more": changed(good, lambda body: body["claim"]["verdict"].update(more=1)),
        "count that is a text": changed(good, lambda body: body["claim"]["verdict"].update(exceedances="36")),
        "year beyond": changed(good, lambda body: body["claim"]["verdict"].update(year=2200)),
        "verdict that is a list": changed(good, lambda body: body["claim"].update(verdict=[])),
        "month left out": changed(good, lambda body: body["sources"][0]["blocks"].pop()),
    }


def without_column() -> bytes:
    """Return a proof whose rule lacks a column."""
    found = base()
    for row in found.rules["data_capture"]:
        row.pop("article")
    return found.encode()


def _text(sources: list[dict[str, Any]], old: str, new: str) -> None:
    for source in sources:
        for block in source["blocks"]:
            if old in block["text"]:
                block["text"] = block["text"].replace(old, new, 1)
                return
    raise AssertionError(old)
