"""Four clients that deliver at the same time, while the log is published and a witness cosigns it, on a recorded disk.

    two      sign and deliver files, of which the receipts prove that they are in the log
    one      signs small deliveries and has promises; it seals them now and then
    one      signs at a site without the key: what it delivers waits in the spool until another takes it

A fifth publishes for as long as they deliver. Each has a record of its own, as processes have. Shared by
`tests/services/test_clients.py` (100 crashes) and `benchmarks/clients.py` (1,000).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from tests.services.deliveries import NOW, SIGNER, station_file
from tests.services.signing import BUREAU, enter, sign, statement
from tests.services.turns import Interleaved, Turns
from tests.store.crashes import crashed
from tests.store.replay import Recording, Step

from goedebuur.adapters.tlog import Reply
from goedebuur.core.base.canonical import sha256
from goedebuur.core.base.periods import iso
from goedebuur.core.ledger import notes, promises, proofs, receipts, segments
from goedebuur.core.ledger.cosignatures import Policy
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.receipts import Receipt
from goedebuur.core.ledger.statements import Signed
from goedebuur.services import delivery, publication, submitting
from goedebuur.services.cosigning import Plan, Post
from goedebuur.services.publishing import publish
from goedebuur.services.record import Record
from goedebuur.services.verification import verify
from goedebuur.services.witness import Witness, WitnessedLog
from goedebuur.store import keys
from goedebuur.store.evidence import Evidence
from goedebuur.store.journal import Journal
from goedebuur.store.keys import Ed25519Signer
from goedebuur.store.ledger import Ledger
from goedebuur.store.spool import Spool
from goedebuur.store.witness import WitnessStore

WITNESS = Ed25519Signer("w.example", bytes([9]) * 32)
POLICY = Policy(1, (WITNESS.cosigner_vkey,))
CLIENTS = 4
KEYS = [Ed25519Signer(f"bureau{client}.example", bytes([40 + client]) * 32) for client in range(CLIENTS)]
BEYOND = "it goes beyond the checkpoint"
WHOLE_LIVES = 5
"""Of so many crashes, one record lives on: everything is delivered again, sealed, published and cosigned."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A receipt that a client got when so many steps had been done, and what it had delivered."""

    after: int
    receipt: Receipt
    signed: Signed
    data: bytes
    small: bool


@dataclass
class Lives:
    """What four clients, a publisher and a witness go through together, as a seed says."""

    root: Path
    seed: int
    handed: list[Handed] = field(default_factory=list)
    cosigned: list[tuple[int, bytes]] = field(default_factory=list)
    begun: int = 0
    """Steps before the clients came."""
    working: int = CLIENTS
    """Clients that have not delivered all yet."""

    def run(self) -> Lives:
        """Live it once."""
        self.turns = Turns(self.seed)
        self.record = self.root / "record"
        self.record.mkdir()
        self.fs = Interleaved(self.record, self.turns)
        self.fs.make_dir(self.record / "public")  # the operator's, as the folder of the record is
        self.fs.fsync_dir(self.record)
        first = Record.open(self.record, signer=SIGNER, fs=self.fs)
        for client in range(CLIENTS):
            enter(first, replace(BUREAU, id=f"bureau{client}"), vkey=KEYS[client].vkey)
        first.close()
        self.begun = len(self.fs.steps)
        clients = [self._files, self._files, self._small, self._spooled]
        with self.turns.locking():
            self.turns.run([*(partial(self._client, does, i) for i, does in enumerate(clients)), self._publisher])
        return self

    @property
    def steps(self) -> list[Step]:
        """Return every step that changed the disk."""
        return self.fs.steps

    def _client(self, does: Callable[[int], None], number: int) -> None:
        try:
            does(number)
        finally:
            self.working -= 1

    def _files(self, client: int) -> None:
        record = Record.open(self.record, signer=SIGNER, fs=self.fs)
        for turn in range(3):
            self._submit(record, client, turn)
        record.close()

    def _small(self, client: int) -> None:
        record = Record.open(self.record, signer=SIGNER, fs=self.fs)
        for turn in range(4):
            self._submit(record, client, turn, small=True)
            if turn % 2:
                delivery.seal(record, NOW + timedelta(seconds=turn))
                for one in [one for one in self.handed if one.small]:
                    self._hand(submitting.receipt(record, one.signed.digest), one.signed, one.data, small=False)
        record.close()

    def _spooled(self, client: int) -> None:
        record = Record.open(self.record, read_only=True, fs=self.fs)
        for turn in range(6):
            record.refresh()
            self._submit(record, client, turn)
            for _ in range(40):  # it has little to do itself
                self.turns.step()
        record.close()

    def _publisher(self) -> None:
        ledger = Ledger.open(self.record)
        post = cosigning(self.root / "witness", self._cosigned)
        while self.working:
            publish(ledger, plan(self.record), post, lambda: NOW, fs=self.fs)
            for _ in range(12):
                self.turns.step()

    def _cosigned(self, note: bytes) -> None:
        self.cosigned.append((len(self.steps), note))

    def _submit(self, record: Record, client: int, turn: int, *, small: bool = False) -> None:
        data = station_file({f"NL9000{client + 1}": [str(10 + turn)]}, first=f"201901{turn + 1:02d}")
        said = statement(data, submitter=f"bureau{client}", nonce=f"{client:016x}{turn:016x}", created=iso(NOW))
        signed = sign(said, KEYS[client])
        made = submitting.submit(record, signed, data, NOW + timedelta(seconds=turn), small=small)
        self._hand(made, signed, data, small=small)

    def _hand(self, made: Receipt, signed: Signed, data: bytes, *, small: bool) -> None:
        self.handed.append(Handed(len(self.steps), made, signed, data, small))


def plan(record: Path) -> Plan:
    """Return what is published, and with which witness."""
    return Plan(record, record / "public", ((WITNESS.cosigner_vkey, "https://w.example"),), POLICY.needed)


def cosigning(memory: Path, told: Callable[[bytes], None] = lambda note: None) -> Post:
    """Return what asks a witness on a disk of its own, and tells what it remembers of each time that it cosigned."""
    store = WitnessStore(memory)
    witness = Witness(WITNESS, [WitnessedLog(SIGNER.name, (SIGNER.vkey,))], store, lambda: int(NOW.timestamp()))

    def post(url: str, body: bytes) -> Reply:
        answer = witness.add_checkpoint(body)
        if answer.status == 200:
            note = store.read(SIGNER.name)
            assert note is not None
            told(note.encode())
        return Reply(answer.status, answer.content_type, answer.body)

    return post


def shown(steps: Sequence[Step]) -> Iterator[Checkpoint]:
    """Yield every checkpoint that anyone can have read, of the log and published, on the disk or not, in order."""
    written: dict[str, bytes] = {}
    for step in steps:
        if step.name == "create":
            written[str(step.path)] = step.data
        elif step.name == "rename" and step.target.name == "checkpoint":
            yield _of(written[str(step.path)])


def _of(note: bytes) -> Checkpoint:
    return notes.parse_checkpoint(notes.open_note(note, keys.Ed25519Verifier(SIGNER.vkey)))


def crash(lives: Lives, case: int, cases: int, place: Path) -> list[str]:
    """Cut the power at one of the steps, with what was not synced lost or damaged: return what does not hold."""
    chance = random.Random(lives.seed * 1_000_003 + case)
    first, last = lives.begun, len(lives.steps)
    n = min(last, first + (last - first) * case // cases + chance.randrange((last - first) // cases + 2))
    crashed(lives.steps[:n], chance, chance.choice((0.0, 0.2, 0.5, 0.8, 1.0, 1.0)), place)
    wrong = check(lives, n, place)
    if case % WHOLE_LIVES == 0:
        wrong += go_on(lives, n, place)
    return [f"seed {lives.seed}, after step {n} of {last}: {one}" for one in wrong]


def check(lives: Lives, n: int, place: Path) -> list[str]:
    """Open the record after a crash, and return what does not hold of all that was handed out and shown."""
    fs = Recording(place)
    ledger = Ledger.open(place, SIGNER, fs)
    evidence, spool = Evidence(place, fs), Spool(place, fs)
    journal = Journal.open(place, SIGNER, fs)
    wrong = [f"verify: {problem}" for problem in verify(place, vkey=SIGNER.vkey)]
    wrong += _forks(lives, n, ledger)
    kept = _kept(ledger, evidence, journal, spool)
    for one in lives.handed:
        if one.after <= n:
            wrong += [f"{one.receipt.status}, {what}" for what in _lost(one, ledger, kept)]
    if (place / "public" / "checkpoint").exists():
        found = publication.check(place / "public", vkey=SIGNER.vkey, policy=POLICY)
        # a run that was interrupted left tiles of the next checkpoint: the next run finishes it
        wrong += [f"published: {problem}" for problem in found if problem.what != BEYOND]
    return wrong


def _forks(lives: Lives, n: int, ledger: Ledger) -> Iterator[str]:
    """Yield each checkpoint that was shown, published or cosigned and is not the past of this log."""
    seen = [*shown(lives.steps[:n]), *(_of(note) for after, note in lives.cosigned if after <= n)]
    for one in seen:
        if one.size > ledger.size or ledger.root_hash(one.size) != one.root:
            yield f"the log forks from a checkpoint of {one.size} that was shown"


def _kept(ledger: Ledger, evidence: Evidence, journal: Journal, spool: Spool) -> dict[str, set[tuple[int, str]]]:
    """Return by statement where a delivery is: in the log (-1), under a number of the journal, or in the spool (-2)."""
    found: dict[str, set[tuple[int, str]]] = {}

    def add(signature: object, number: int, sha: str) -> None:
        if isinstance(signature, dict):
            found.setdefault(sha256(str(signature["statement"]).encode()), set()).add((number, sha))

    entries = journal.pending()
    for leaf in ledger.leaves():
        if isinstance(leaf, Leaf) and leaf.payload is not None:
            add(leaf.signature, -1, leaf.payload["sha256"])
            if leaf.kind == "sealed":
                entries += segments.parse(evidence.payload(leaf.payload["sha256"]))[0]
    for entry in entries:
        add(dict(entry.signature or {}), entry.sequence, sha256(entry.data))
    for request in spool.kept():
        add(request.fields.get("signature"), -2, sha256(evidence.payload(request.payload)))
    return found


def _lost(one: Handed, ledger: Ledger, kept: dict[str, set[tuple[int, str]]]) -> Iterator[str]:
    """Yield what a receipt says and the record does not hold."""
    receipts.check(one.receipt, vkey=SIGNER.vkey, verify=keys.verify)
    places = kept.get(one.signed.digest, set())
    if sha256(one.data) not in {sha for _, sha in places}:
        yield "and the bytes are not there"
    for leaf in one.receipt.leaves:
        checkpoint = _of(proofs.parse(leaf.proof).checkpoint)
        if checkpoint.size > ledger.size or ledger.root_hash(checkpoint.size) != checkpoint.root:
            yield "and the log is not the one of its proof"
        elif ledger.entries(leaf.index, leaf.index + 1) != [leaf.leaf]:
            yield f"and leaf {leaf.index} is another"
    if one.receipt.promise:
        promise = promises.parse_promise(notes.parse_note(one.receipt.promise).text)
        if promise.sequence not in {number for number, _ in places}:
            yield f"and number {promise.sequence} of the journal is not its own"


def go_on(lives: Lives, n: int, place: Path) -> list[str]:
    """Let the record live on after a crash: deliver all again, seal, publish; return what is doubled, lost or forks."""
    wrong: list[str] = []
    record = Record.open(place, signer=SIGNER, fs=Recording(place))
    later = NOW + timedelta(minutes=2)
    handed = [one for one in lives.handed if one.after <= n]
    delivery.settle(record, later)
    for one in handed:
        made = submitting.submit(record, one.signed, one.data, later)
        receipts.check(made, vkey=SIGNER.vkey, verify=keys.verify)
        if one.receipt.leaves and [x.index for x in made.leaves] != [x.index for x in one.receipt.leaves]:
            wrong.append("delivered again, it is in the log under another number")
        if not made.leaves:
            wrong.append("delivered again, it is not in the log")
    statements = [s for s in _statements(record) if s]
    wrong += ["a delivery is in the log twice"] if len(statements) != len(set(statements)) else []
    memory = place.with_name(f"{place.name}-witness")
    cosigned = [note for after, note in lives.cosigned if after <= n]
    if cosigned:
        with WitnessStore(memory).alone(SIGNER.name) as kept:
            kept.keep(cosigned[-1])
    if not publish(record.ledger, plan(place), cosigning(memory), lambda: later):
        wrong.append("the witness does not cosign what follows what it cosigned before")
    wrong += _forks(lives, n, record.ledger)
    wrong += [f"published: {one}" for one in publication.check(place / "public", vkey=SIGNER.vkey, policy=POLICY)]
    wrong += [f"verify after going on: {problem}" for problem in verify(place, vkey=SIGNER.vkey)]
    record.close()
    return wrong


def _statements(record: Record) -> Iterator[str]:
    """Yield each signed statement as often as the log has it; of the leaves of one segment once."""
    sealed: set[str] = set()
    for leaf in record.ledger.leaves():
        if not isinstance(leaf, Leaf) or leaf.payload is None or "values_in" not in leaf.counts:
            continue
        if leaf.kind == "sealed" and leaf.payload["sha256"] not in sealed:
            sealed.add(leaf.payload["sha256"])
            for entry in segments.parse(record.evidence.payload(leaf.payload["sha256"]))[0]:
                if entry.signature is not None:
                    yield str(entry.signature["statement"])
        elif leaf.kind != "sealed" and leaf.signature is not None:
            yield str(leaf.signature["statement"])
