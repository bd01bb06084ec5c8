"""A delivery that a crash or a full disk broke off at any step is whole or not there; delivered again, it is whole."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from tests.services import bad_files
from tests.services.bad_files import DELIVERED, LATER
from tests.services.deliveries import NOW, SIGNER
from tests.services.stacks import ALL
from tests.services.test_permits import BASE, SITE
from tests.store.crashes import crashed
from tests.store.replay import Fault, Faulty, Recording

from goedebuur.adapters import stack_tables as files
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.sites import form as sites_form
from goedebuur.services import delivery, permits, rule_record, sealing, sites, stack_tables, streams
from goedebuur.services.record import Record
from goedebuur.services.verification import verify

EVER = {"start": datetime(1900, 1, 1, tzinfo=UTC), "end": datetime(2100, 1, 1, tzinfo=UTC)}
KINDS = (
    *("station", "series", "release", "gap_reason", "measurement_report", "visible_emission", "site", "emission_point"),
    *("stream", "calibration_function", "processing", "abatement", "permit", "condition"),
)
State = tuple[object, ...]
Act = Callable[[Record], object]


@dataclass(frozen=True)
class Way:
    """What comes in, and what the record holds before."""

    act: Act
    before: Act = field(default=lambda record: None)


def delivered(what: str) -> Way:
    kind = DELIVERED[what]
    return Way(lambda record: bad_files.deliver(record, kind, kind.data), kind.before)


def small(what: str) -> Way:
    kind = DELIVERED[what]

    def act(record: Record) -> None:
        sealing.accept_small(record, kind.data, kind.name, adapter=kind.adapter, now=LATER)
        delivery.seal(record, LATER)

    return Way(act, kind.before)


def handed(what: str) -> Way:
    kind = DELIVERED[what]
    return Way(
        lambda record: delivery.hand_over(record, kind.data, kind.name, adapter=kind.adapter, now=LATER), kind.before
    )


def correction() -> Way:
    kind = DELIVERED["stack minutes"]
    later = kind.data.replace(b";60,0;", b";99,9;", 1)
    assert later != kind.data

    def before(record: Record) -> None:
        kind.before(record)
        bad_files.deliver(record, kind, kind.data)

    return Way(lambda record: delivery.deliver(record, later, "later.csv", now=LATER), before)


def table_set() -> Way:
    """Another range of an instrument, and a stack more, in one set."""

    def act(record: Record) -> object:
        tables = dict(stack_tables.export(record, "werk"))
        for sheet, row, column, value in (
            ("streams", 0, "range_high", "600"),
            ("emission_points", 1, "height", "12.5"),
        ):
            header, rows = tables[sheet]
            tables[sheet] = (header, [{**one, column: value} if at == row else one for at, one in enumerate(rows)])
        data = files.as_zip(tables)
        return stack_tables.enter(record, stack_tables.check(record, data, "set.zip"), LATER, reason="gemeten")

    return Way(act, lambda record: streams.put(record, ALL, NOW))


def permit() -> Way:
    def before(record: Record) -> None:
        sites.put(record, [SITE], NOW)
        rule_record.record_emission_rules(record, NOW)

    return Way(lambda record: permits.publish(record, BASE, LATER), before)


def listed() -> Way:
    ones, _ = sites_form.read_list(json.loads(bad_files.SITES))
    return Way(lambda record: sites.put(record, ones, LATER))


WAYS: dict[str, Way] = {
    "stack minutes": delivered("stack minutes"),
    "a correction of stack minutes": correction(),
    "releases": delivered("releases"),
    "a report by the spool": handed("measurement report as a table"),
    "small visible emissions": small("visible emissions"),
    "small stack minutes": small("stack minutes"),
    "a table set": table_set(),
    "a decision": permit(),
    "a list of sites": listed(),
}


def state(record: Record) -> State:
    """Every row that holds, and every fact."""
    rows = record.observations.read(**EVER).select("series", "start", "micro", "flags")  # type: ignore[arg-type]
    facts = [(kind, name, str(body)) for kind in KINDS for name, body in sorted(record.catalogue.state(kind).items())]
    return (*rows.sort(pl.all()).rows(), *facts)


def opened(root: Path, fs: Recording | None = None) -> Record:
    return Record.open(root, signer=SIGNER, fs=fs) if fs is not None else Record.open(root, signer=SIGNER)


def stored(record: Record) -> int:
    """How much all accounts in the log say that was stored: what came in twice counts once."""
    leaves = [leaf for leaf in record.ledger.leaves() if isinstance(leaf, Leaf)]
    return sum(leaf.counts.get("stored", leaf.counts.get("records", 0)) for leaf in leaves)


@dataclass
class Life:
    """A delivery on a recorded disk: the steps before it and with it, and what held then."""

    fs: Recording
    begun: int
    before: State
    after: State
    stored: int


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Life]:
    found = {}
    for number, (what, way) in enumerate(WAYS.items()):
        root = tmp_path_factory.mktemp(f"life{number}")
        fs = Recording(root)
        record = opened(root, fs)
        way.before(record)
        begun, before = len(fs.steps), state(record)
        way.act(record)
        found[what] = Life(fs, begun, before, state(record), stored(record))
        assert found[what].after != before
        record.close()
    return found


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    shutil.rmtree(tmp_path)


@pytest.mark.parametrize("what", list(WAYS))
def test_delivery_that_a_crash_broke_off_is_whole_or_not_there(lives: dict[str, Life], place: Path, what: str) -> None:
    life = lives[what]
    chance = random.Random(what)
    for n in range(life.begun, len(life.fs.steps) + 1):
        root = place / str(n)
        crashed(life.fs.steps[:n], chance, chance.choice((0.0, 0.5, 1.0)), root)
        record = opened(root)
        delivery.settle(record, LATER)
        said = f"{what}, after step {n}: {life.fs.steps[n - 1]}"
        found = state(record)
        assert found in (life.before, life.after), said
        WAYS[what].act(record)
        assert (state(record), stored(record)) == (life.after, life.stored), said
        if n % 4 == 0:
            assert list(verify(root)) == [], said
        record.close()
        shutil.rmtree(root)


@pytest.mark.parametrize("what", list(WAYS))
@pytest.mark.parametrize("fault", list(Fault))
def test_delivery_of_which_a_step_failed_is_whole_once_it_is_made_again(
    lives: dict[str, Life], place: Path, what: str, fault: Fault
) -> None:
    life = lives[what]
    for at in range(life.begun + list(Fault).index(fault), len(life.fs.steps), 5):
        root = place / str(at)
        root.mkdir()
        fs = Faulty(root, at, fault)
        record = opened(root, fs)
        WAYS[what].before(record)
        with pytest.raises(OSError, match="failed on purpose"):
            WAYS[what].act(record)
        reader = Record.open(root, read_only=True)
        assert state(reader) in (life.before, life.after), f"{what}, step {at}: {fs.failed}"
        reader.close()
        WAYS[what].act(record)
        assert (state(record), stored(record)) == (life.after, life.stored), f"{what}, step {at}: {fs.failed}"
        assert list(verify(root)) == []
        record.close()
        shutil.rmtree(root)
