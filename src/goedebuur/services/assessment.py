"""Judge a year: what the rules say of each series, why, and the published result with its receipt.

Gather (the rules that held, the observations), decide (`core.compliance`), record (a leaf of kind `result`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any, Final

import goedebuur
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import Period, iso
from goedebuur.core.base.quantities import CONVERSION_VERSION
from goedebuur.core.base.receipts import Receipt, inputs_digest
from goedebuur.core.compliance import scope, verdict_rows
from goedebuur.core.compliance.rows import Rule
from goedebuur.core.compliance.verdicts import Explanation, Verdict
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.rules import loader
from goedebuur.services import projection, rule_record
from goedebuur.services.rule_record import record_rules

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.core.compliance.figures import Figures
    from goedebuur.services.engines import Engine
    from goedebuur.services.record import Record

__all__ = ["PublishedVerdicts", "Result", "assess", "compute", "explain", "publish", "published", "record_rules"]

Progress = Callable[[str, int, int], None]

NOTHING_MEASURED: Final = declare("query-unknown-verdict", "Nothing was measured of this series in this year.")
WRONG_QUANTITY: Final = declare("query-other-quantity", "The rule is about another quantity than the series.")
AT_ONCE: Final = 2
"""Explanations worked out at the same time: each reads a year from disk, and anybody may ask."""
_explaining: Final = BoundedSemaphore(AT_ONCE)
CODE: Final = f"goedebuur/{goedebuur.__version__} conversion/{CONVERSION_VERSION}"


@dataclass(frozen=True, slots=True)
class Result:
    """All verdicts of a year, and what they were made of.

    Parameters
    ----------
    figures_sha256
        Digest of all figures that the verdicts follow from: the same on every engine.
    inputs
        Digests of the batches that were read, sorted; the receipt holds their digest.
    """

    year: int
    verdicts: tuple[Verdict, ...]
    receipt: Receipt
    figures_sha256: str
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublishedVerdicts:
    """A published year of verdicts. `newer` is true where measurements of the year came or changed since."""

    year: int
    leaf: int
    published: datetime
    receipt: Receipt
    verdicts: tuple[Verdict, ...]
    newer: bool


def assess(
    record: Record,
    year: int,
    *,
    on: date | None = None,
    sets: Sequence[str] | None = None,
    stations: Sequence[str] | None = None,
    as_of: int | None = None,
    backend: str = "duckdb",
    progress: Progress | None = None,
) -> list[Verdict]:
    """Return one verdict a series and rule for a calendar year, by quantity, series and rule.

    Parameters
    ----------
    on
        Day by which rules are chosen; the last of the year without. Rules that come later are looked ahead to.
    sets
        Only these sets of rules, whether in force or not: each verdict says how its rule stands to the year.
    stations
        Only these stations; all without.
    as_of
        Tree size whose measurements and rules are used; without, what holds now.
    backend
        `duckdb`, or `spark`.

    Raises
    ------
    GoedeBuurError
        `query-engine`; `rules-table` where recorded rule tables cannot be read.
    """
    return list(
        compute(
            record, year, on=on, sets=sets, stations=stations, as_of=as_of, backend=backend, progress=progress
        ).verdicts
    )


def compute(
    record: Record,
    year: int,
    *,
    on: date | None = None,
    sets: Sequence[str] | None = None,
    stations: Sequence[str] | None = None,
    as_of: int | None = None,
    backend: str = "duckdb",
    progress: Progress | None = None,
) -> Result:
    """Return the verdicts of :func:`assess` with what they were made of."""
    import polars as pl

    from goedebuur.core.base.exact import table_sha256
    from goedebuur.core.compliance import judge
    from goedebuur.services import engines

    rules_at = rule_record.book_at(record, as_of)
    rules = scope.rules_for(rules_at.book, year, on, sets)
    size = record.observations.size if as_of is None else as_of
    inputs = _inputs(record, rules, year, size)
    receipt = receipt_of(record, size, inputs, rules_at)
    quantities = sorted({rule.measure.quantity for rule in rules})
    verdicts: list[Verdict] = []
    tables: list[pl.DataFrame] = []
    with engines.engine(record, backend, as_of) as engine:
        for done, quantity in enumerate(quantities, start=1):
            concerned = [rule for rule in rules if rule.measure.quantity == quantity]
            found = _figures(engine, quantity, concerned, year, stations)
            tables.append(found.digest_table())
            verdicts += judge.judge(found, concerned, rules_at.book, receipt)
            engine.release()
            if progress is not None:
                progress(f"assess {year}", done, len(quantities))
    digest = table_sha256(pl.concat(tables)) if tables else ""
    return Result(year, tuple(verdicts), receipt, digest, inputs)


def _figures_of(engine: Engine, series: str, rule: Rule, year: int) -> Figures:
    found = _figures(engine, rule.measure.quantity, [rule], year, series=series)
    if series not in found.series:
        raise GoedeBuurError(
            NOTHING_MEASURED,
            f"Nothing was measured of this series in {year}.",
            value=series,
            hint="`goedebuur series` lists the series with their first and last value.",
        )
    return found


def one(
    record: Record, series: str, limit_id: str, year: int, as_of: int | None = None
) -> tuple[Verdict, Rule, rule_record.BookAt]:
    """Return one verdict without a receipt, its rule, and the rules it was made with; errors as :func:`explain`."""
    from goedebuur.core.compliance import judge
    from goedebuur.core.compliance.readings import Case
    from goedebuur.services import engines

    rules_at, rule = _rule(record, series, limit_id, as_of)
    with engines.engine(record, "duckdb", as_of) as engine:
        found = _figures_of(engine, series, rule, year)
    return judge.verdict(Case(rule, series, found, rules_at.book)), rule, rules_at


def _rule(record: Record, series: str, limit_id: str, as_of: int | None) -> tuple[rule_record.BookAt, Rule]:
    rules_at = rule_record.book_at(record, as_of)
    rule = loader.rule(limit_id, rules_at.book)
    quantity = rule.measure.quantity
    if series.rpartition(".")[0].rpartition(".")[2] != quantity or rule.measure.capture is None:
        raise GoedeBuurError(
            WRONG_QUANTITY, f"The rule {limit_id} is about {quantity} at a sampling point.", value=series
        )
    return rules_at, rule


def explain(record: Record, series: str, limit_id: str, year: int, as_of: int | None = None) -> Explanation:
    """Return one verdict taken apart. The last few are remembered, and few are worked out at the same time.

    Raises
    ------
    GoedeBuurError
        `rules-unknown-rule`; `query-other-quantity`; `query-unknown-verdict`.
    """
    rules_at, rule = _rule(record, series, limit_id, as_of)

    def answer() -> Explanation:
        with _explaining:
            return _explain(record, series, rule, year, as_of, rules_at)

    return record.remembered(("explanation", series, limit_id, year, as_of, rules_at.book.sha256), answer)


def _explain(
    record: Record, series: str, rule: Rule, year: int, as_of: int | None, rules_at: rule_record.BookAt
) -> Explanation:
    from goedebuur.core.compliance import explanation, judge
    from goedebuur.core.compliance.readings import Case
    from goedebuur.services import engines

    quantity = rule.measure.quantity
    size = record.observations.size if as_of is None else as_of
    receipt = receipt_of(record, size, _inputs(record, [rule], year, size), rules_at)
    with engines.engine(record, "duckdb", as_of) as engine:
        found = _figures_of(engine, series, rule, year)
        table = _table(engine, quantity, [rule], year)
        if table is None:
            raise RuntimeError("the measurements went while they were explained")
        table = table.filter(table.series == series)
        case = Case(rule, series, found, rules_at.book)
        told = judge.concluded(case)
        expressions = explanation.expressions(table, rule, year, told.shown, engine.keep)
        details = {name: engine.run(expression) for name, expression in expressions.items()}
    verdict = judge.verdict_of(case, told, receipt)
    return explanation.explain(verdict, rule, rules_at.book, details, told.found, told.shown)


def publish(record: Record, year: int, now: datetime, progress: Progress | None = None) -> int:
    """Return the leaf under which the verdicts of a year are recorded.

    The rule tables are recorded first. Where the newest published result was made of the same measurements, rules and
    code, nothing is added and its leaf is returned.
    """
    record_rules(record, now)
    result = compute(record, year, progress=progress)
    receipt = result.receipt
    last = _last_published(record, year, None)
    if last is not None and _same_inputs(Receipt.from_record(last[1].inputs or {}), receipt):
        return last[0]
    header = {"type": "header", "year": year, "figures_sha256": result.figures_sha256, "inputs": list(result.inputs)}
    texts, rows = verdict_rows.pack(result.verdicts)
    lines: list[dict[str, Any]] = [header | {"receipt": receipt.as_record(), "texts": texts}, *rows]
    with record.lock():
        leaf = Leaf(
            kind="result",
            submitter=rule_record.SUBMITTER,
            adapter="",
            received=iso(now),
            batch=record.evidence.put_records(lines).as_dict(),
            supersedes=(last[0],) if last is not None else (),
            reason="measurements, rules or program changed" if last is not None else "",
            counts={"verdicts": len(result.verdicts)},
            inputs=receipt.as_record() | {"figures_sha256": result.figures_sha256, "result": "verdicts", "year": year},
        )
        position = record.ledger.append([leaf])[0]
        projection.catch_up(record)
    return position


def published(record: Record, year: int, as_of: int | None = None) -> PublishedVerdicts | None:
    """Return the newest published verdicts of a year, None where there are none."""
    found = _last_published(record, year, as_of)
    if found is None:
        return None
    position, leaf = found
    receipt = Receipt.from_record(leaf.inputs or {})
    verdicts = _read(record, str((leaf.batch or {})["sha256"]), receipt)
    bound = record.ledger.size if as_of is None else as_of
    rules = scope.rules_for(rule_record.book_at(record, as_of).book, year)
    newer = _inputs(record, rules, year, bound, start=receipt.tree_size) != ()
    return PublishedVerdicts(year, position, datetime.fromisoformat(leaf.received), receipt, verdicts, newer)


def published_years(record: Record, as_of: int | None = None) -> list[int]:
    """Return the years of which verdicts are published, newest first."""
    return sorted({year for _, _, year in _published(record, as_of) if isinstance(year, int)}, reverse=True)


def _figures(
    engine: Engine,
    quantity: str,
    rules: Sequence[Rule],
    year: int,
    stations: Sequence[str] | None = None,
    series: str | None = None,
) -> Figures:
    from goedebuur.core.compliance import figures
    from goedebuur.core.compliance.figures import Figures

    table = _table(engine, quantity, rules, year)
    if table is None:
        return Figures(quantity, year, {})
    if series is not None:
        table = table.filter(table.series == series)
    if stations is not None:
        names = [f"{station}." for station in stations]
        table = table.filter(_any(table.series.startswith(name) for name in names))
    expressions = figures.expressions(table, rules, year, engine.keep)
    return Figures(quantity, year, {name: engine.run(expression) for name, expression in expressions.items()})


def _any(conditions: Iterable[Any]) -> Any:
    import ibis

    return ibis.or_(*conditions)


def _table(engine: Engine, quantity: str, rules: Sequence[Rule], year: int) -> Any | None:
    period = scope.span(rules, year)
    return engine.source(quantity, period.start, period.end)


def _inputs(record: Record, rules: Sequence[Rule], year: int, size: int, start: int = 0) -> tuple[str, ...]:
    """Return the digests of the batches from leaf `start` to `size` that say something of the rules' measurements."""
    quantities = {rule.measure.quantity for rule in rules}
    periods = {name: scope.span([rule for rule in rules if rule.measure.quantity == name], year) for name in quantities}
    found: set[str] = set()
    for leaf in record.ledger.leaves(start, size):
        if not isinstance(leaf, Leaf) or leaf.kind not in projection.OBSERVATION_KINDS:
            continue
        if leaf.batch is None or leaf.period is None:
            continue
        covers = Period(*(datetime.fromisoformat(moment) for moment in leaf.period))
        if any(covers.overlaps(periods[name]) for name in quantities & {_quantity(name) for name in leaf.series}):
            found.add(str(leaf.batch["sha256"]))
    return tuple(sorted(found))


def _quantity(series: str) -> str:
    return series.rpartition(".")[0].rpartition(".")[2]


def receipt_of(
    record: Record, size: int, inputs: Sequence[str], rules_at: rule_record.BookAt | rule_record.RegimeBookAt
) -> Receipt:
    """Return the receipt of what was made of a state of the record, batches and rules."""
    return Receipt(
        tree_size=size,
        root_hash=record.ledger.root_hash(size).hex(),
        inputs_sha256=inputs_digest(inputs),
        inputs=len(inputs),
        code=CODE,
        rules_sha256=rules_at.book.sha256,
        rules_leaf=rules_at.leaf,
    )


def _same_inputs(a: Receipt, b: Receipt) -> bool:
    return (a.inputs_sha256, a.code, a.rules_sha256) == (b.inputs_sha256, b.code, b.rules_sha256)


def _last_published(record: Record, year: int, as_of: int | None) -> tuple[int, Leaf] | None:
    return next(((position, leaf) for position, leaf, of in _published(record, as_of) if of == year), None)


def _published(record: Record, as_of: int | None) -> Iterator[tuple[int, Leaf, object]]:
    """Yield (position, leaf, year) of what was published, newest first."""
    before = as_of
    while positions := record.catalogue.leaves(50, before, "result"):
        for position in positions:
            leaf = record.ledger.leaf(position)
            told = leaf.inputs or {} if isinstance(leaf, Leaf) else {}
            if isinstance(leaf, Leaf) and told.get("result") == "verdicts":
                yield position, leaf, told.get("year")
        before = positions[-1]


_KEPT: Final = 8
_read_before: OrderedDict[str, tuple[Verdict, ...]] = OrderedDict()
_reading = Lock()


def _read(record: Record, sha256: str, receipt: Receipt) -> tuple[Verdict, ...]:
    """Return the verdicts of a batch. A batch never changes, so the last few are remembered."""
    with _reading:
        if sha256 in _read_before:
            _read_before.move_to_end(sha256)
            return _read_before[sha256]
    lines = record.evidence.records(sha256)
    verdicts = verdict_rows.unpack(lines[0]["texts"], lines[1:], receipt)
    with _reading:
        _read_before[sha256] = verdicts
        while len(_read_before) > _KEPT:
            _read_before.popitem(last=False)
    return verdicts
