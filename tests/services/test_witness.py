"""Of two checkpoints that a witness cosigned, one is the start of the other, whatever was asked in what order."""

from __future__ import annotations

import random
import shutil
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.core.ledger.test_witnessing import LOG, OTHER, tree
from tests.store.replay import Disk, Recording
from tests.store.test_witness import FORKED, HONEST, KEY, LOGS, body, witness

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import cosignatures, notes, witnessing
from goedebuur.core.ledger.cosignatures import Policy
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.tree import Tree, leaf_hash
from goedebuur.core.ledger.witnessing import AddCheckpoint, Answer
from goedebuur.services.witness import Witness, WitnessedLog, open_witness, read_config
from goedebuur.store import keys
from goedebuur.store.keys import create
from goedebuur.store.witness import WitnessStore


def _early() -> Tree:
    """Return a log that differs from the honest one from its third leaf on."""
    grown = tree(2)
    for leaf in (b"x", b"3", b"4", b"5", b"6", b"7", b"8"):
        grown.append(leaf_hash(leaf))
    return grown


EARLY = _early()
TREES = {"honest": HONEST, "forked at the end": FORKED, "forked at the third": EARLY}
NAMES = st.sampled_from(sorted(TREES))


class AnyOrder(RuleBasedStateMachine):
    """Requests of an honest log and of two forks, with crashes between, and two at the same time."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        self.turn = 0
        self.cosigned: list[tuple[int, bytes]] = []
        self.chance = random.Random(5)
        self.disk = Disk()

    @initialize()
    def begin(self) -> None:
        self._open(self.place / "0")
        (self.place / "0").mkdir()

    @rule(which=NAMES, old=st.integers(0, 9), more=st.integers(0, 9))
    def ask(self, which: str, old: int, more: int) -> None:
        self._ask(TREES[which], old, min(old + more, 9))

    @rule(which=NAMES, size=st.integers(0, 9))
    def ask_from_what_it_has(self, which: str, size: int) -> None:
        last = self.cosigned[-1][0] if self.cosigned else 0
        if last <= size:
            self._ask(TREES[which], last, size)

    @rule(
        left=NAMES,
        right=NAMES,
        sizes=st.tuples(*[st.integers(0, 9)] * 2),
    )
    def two_at_once(self, left: str, right: str, sizes: tuple[int, int]) -> None:
        last = self.cosigned[-1][0] if self.cosigned else 0
        asked = [(TREES[name], size) for name, size in zip((left, right), sizes, strict=True) if size >= last]
        found: list[tuple[Answer, Tree, int]] = []
        threads = [
            threading.Thread(
                target=lambda t=t, s=s: found.append((self.witness.add_checkpoint(body(t, last, s)), t, s))
            )
            for t, s in asked
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        advanced = sorted((size, grown.root(size)) for answer, grown, size in found if answer.status == 200)
        assert len({size for size, _ in advanced if size > last}) <= 1
        self.cosigned += advanced

    @rule(share=st.sampled_from([0.0, 0.5, 1.0]))
    def crash(self, share: float) -> None:
        self.disk.play(self.recording.steps)
        self.disk.crash(self.chance, share)
        self.turn += 1
        folder = self.place / str(self.turn)
        folder.mkdir()
        self.disk.write_to(folder)
        self._open(folder)

    @invariant()
    def what_was_cosigned_is_one_history(self) -> None:
        assert [size for size, _ in self.cosigned] == sorted(size for size, _ in self.cosigned)
        assert any(all(grown.root(size) == root for size, root in self.cosigned) for grown in TREES.values())

    def teardown(self) -> None:
        shutil.rmtree(self.place)

    def _open(self, folder: Path) -> None:
        self.recording = Recording(folder)
        self.witness = witness(folder, self.recording)

    def _ask(self, grown: Tree, old: int, size: int) -> None:
        if self.witness.add_checkpoint(body(grown, old, size)).status == 200:
            self.cosigned.append((size, grown.root(size)))


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=30, stateful_step_count=12, deadline=None)


def test_cosignature_verifies_and_names_the_time(tmp_path: Path) -> None:
    asked = body(HONEST, 0, 5)
    answer = witness(tmp_path).add_checkpoint(asked)
    note = notes.add_signatures(asked.partition(b"\n\n")[2], witnessing.parse_cosignatures(answer.body))
    standing = cosignatures.check(note, Policy(1, (KEY.cosigner_vkey,)), keys.verify)
    assert standing.enough
    assert standing.cosigned[0].time == 1_700_000_000


@pytest.mark.parametrize(
    ("request_body", "status"),
    [
        (b"old 0\n", 400),
        (b"", 400),
        (body(HONEST, 0, 5).replace(b"old 0", b"old 6"), 400),
        (AddCheckpoint(0, (), notes.sign(Checkpoint("log.example/two", 0, bytes(32)).as_text(), LOG)).encode(), 404),
        (AddCheckpoint(0, (), notes.sign(Checkpoint(LOG.name, 5, HONEST.root(5)).as_text(), OTHER)).encode(), 403),
        (body(HONEST, 2, 5), 409),
        (AddCheckpoint(0, (bytes(32),), body(HONEST, 0, 5).partition(b"\n\n")[2]).encode(), 422),
        (body(HONEST, 0, 5), 200),
    ],
)
def test_status_codes_are_those_of_the_specification(tmp_path: Path, request_body: bytes, status: int) -> None:
    assert witness(tmp_path).add_checkpoint(request_body).status == status


def test_memory_stays_readable_whatever_lines_a_request_carries(tmp_path: Path) -> None:
    """Anyone can add signature lines to a public checkpoint, also one that bears the name of the witness."""
    someone = witness(tmp_path)
    first = body(HONEST, 0, 5)
    name, public = notes.decode_vkey(KEY.cosigner_vkey, notes.COSIGNATURE)
    false = notes.Signature(name, notes.key_id(name, public, notes.COSIGNATURE), bytes(72))
    junk = [notes.Signature("junk.example", bytes(4), b"%03d" % number) for number in range(98)]
    head, _, note = first.partition(b"\n\n")
    crowded = head + b"\n\n" + notes.add_signatures(note, [false, *junk])
    assert someone.add_checkpoint(crowded).status == 200
    assert someone.add_checkpoint(body(HONEST, 5, 9)).status == 200
    assert [(one.size, one.cosigned) for one in someone.states()] == [(9, 1_700_000_000)]


def test_restart_keeps_what_was_cosigned(tmp_path: Path) -> None:
    assert witness(tmp_path).add_checkpoint(body(HONEST, 0, 9)).status == 200
    again = witness(tmp_path).add_checkpoint(body(FORKED, 0, 9))
    assert (again.status, again.body) == (409, b"9\n")
    assert witness(tmp_path).add_checkpoint(body(FORKED, 9, 9)).status == 409


def test_log_that_changes_its_key_is_followed_with_both(tmp_path: Path) -> None:
    logs = [WitnessedLog(LOG.name, (LOG.vkey, OTHER.vkey))]
    someone = Witness(KEY, logs, WitnessStore(tmp_path), lambda: 1)
    assert someone.add_checkpoint(body(HONEST, 0, 5)).status == 200
    text = Checkpoint(LOG.name, 9, HONEST.root()).as_text()
    for signers in ((LOG, OTHER), (OTHER,)):
        old = 5 if len(signers) == 2 else 9
        request = AddCheckpoint(old, tuple(HONEST.consistency_proof(old)), notes.sign(text, *signers))
        assert someone.add_checkpoint(request.encode()).status == 200


CONFIG = f"""
key = "w.key"
listen = "127.0.0.1:8100"

[[log]]
vkey = "{LOG.vkey}"
"""


def test_configuration_names_key_state_address_and_logs(tmp_path: Path) -> None:
    (tmp_path / "w.toml").write_text(CONFIG)
    config = read_config(tmp_path / "w.toml")
    assert config.key == tmp_path / "w.key"
    assert config.state == tmp_path / "state"
    assert config.address == ("127.0.0.1", 8100)
    assert config.logs == tuple(LOGS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "key = ",
        CONFIG.replace("key = ", "keys = "),
        CONFIG.replace(":8100", ""),
        CONFIG.replace("[[log]]", "[log]"),
        CONFIG + CONFIG[CONFIG.index("[[log]]") :],
        CONFIG.replace("vkey =", 'title = "x"\nvkey ='),
        CONFIG.partition("[[log]]")[0],
    ],
)
def test_configuration_that_cannot_be_used_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "w.toml").write_text(text)
    with pytest.raises(GoedeBuurError) as error:
        read_config(tmp_path / "w.toml")
    assert error.value.code == "witness-config"


def test_witness_with_the_key_of_the_log_is_refused(tmp_path: Path) -> None:
    signer = create(tmp_path / "w.key", LOG.name)
    (tmp_path / "w.toml").write_text(CONFIG.replace(LOG.vkey, signer.vkey))
    with pytest.raises(GoedeBuurError) as error:
        open_witness(read_config(tmp_path / "w.toml"), signer, lambda: 0)
    assert error.value.code == "witness-config"
