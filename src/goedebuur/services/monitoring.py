"""Follow someone's log: hold it to what it showed before, and tell what is new in it.

Nothing is believed but the public key: a checkpoint counts when the log signed it and enough witnesses did, when it
continues the one that counted before, and an entry when the tiles up to that checkpoint hold it. Each thing is told to
each channel at least once, with the same identity each time; what was told is remembered after it was told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from goedebuur.core.base.canonical import sha256
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import iso
from goedebuur.core.ledger import cosignatures, events, leaves, notes
from goedebuur.core.ledger.cosignatures import Policy
from goedebuur.core.ledger.events import Event, Watch
from goedebuur.core.ledger.leaves import ClosedLeaf
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.promises import Promise
from goedebuur.core.ledger.tile_tree import Read, TileTree
from goedebuur.core.ledger.tiles import WIDTH
from goedebuur.services import overdue, promised
from goedebuur.services.overdue import Memory, Overdue
from goedebuur.store import keys
from goedebuur.store.keys import Ed25519Verifier
from goedebuur.store.monitor import MonitorState, MonitorStore

FORK: Final = "fork"
SHRUNKEN: Final = "shrunken"
NOT_SIGNED: Final = "not-signed"
DAMAGED: Final = "damaged"
UNREACHABLE: Final = "unreachable"
REACHABLE: Final = "reachable"
ENDS: Final = frozenset({FORK, SHRUNKEN, NOT_SIGNED})
"""Alarms after which there is nothing more to follow."""
SKEW: Final = 300
"""How far the clock of a witness may be ahead of ours. [s]"""


class Channel(Protocol):
    """Someone to tell."""

    @property
    def name(self) -> str:
        """Return what tells it from the others, the same each time."""

    def send(self, notice: dict[str, Any]) -> None:
        """Tell; raises `notice-undelivered`."""


@dataclass(frozen=True, slots=True)
class Following:
    """Which log is followed, and what counts.

    Parameters
    ----------
    read
        Gives the files of the published log; not trusted.
    vkeys
        Its public keys as the reader knows them; empty to believe those beside the log at the first visit.
    policy
        Whose cosignatures count.
    watch
        What is to be told.
    start
        First leaf to tell of; None for what comes after the first visit.
    unreachable_after
        How long nothing usable may come before that is an alarm.
    promises
        What the log promised, to hold it to.
    expectations
        Whether the whole log is read for what is to be delivered, to tell what comes late or not at all.
    """

    read: Read
    vkeys: tuple[str, ...] = ()
    policy: Policy = field(default_factory=lambda: Policy(0))
    watch: Watch = field(default_factory=Watch)
    start: int | None = None
    unreachable_after: timedelta = timedelta(hours=24)
    promises: tuple[Promise, ...] = ()
    expectations: bool = True


@dataclass(frozen=True, slots=True)
class Round:
    """What one look at the log gave.

    Parameters
    ----------
    size
        Leaves under the checkpoint that counts now; None where none does.
    alarms
        What is wrong.
    told
        How many events went to channels.
    remarks
        For whoever sits at the terminal.
    undelivered
        Channels that did not take what was told; it is told again.
    """

    size: int | None
    alarms: tuple[Event, ...]
    told: int
    remarks: tuple[str, ...]
    undelivered: tuple[str, ...]


class _NothingUsableError(Exception):
    """Nothing usable came: why."""


class Monitor:
    """A monitor of one log.

    Parameters
    ----------
    following
        Which log, and what counts.
    store
        What is remembered.
    channels
        Whom to tell.
    now
        The time, aware.
    """

    def __init__(
        self, following: Following, store: MonitorStore, channels: Sequence[Channel], now: Callable[[], datetime]
    ) -> None:
        self._following, self._store, self._channels, self._now = following, store, channels, now
        self._failing: dict[str, str] = {}
        self._told = 0
        self._remarks: list[str] = []

    def look(self) -> Round:
        """Look at the log once, and tell what is new.

        Raises
        ------
        GoedeBuurError
            `monitor-state`; `lock-busy` where another monitor uses the same memory.
        """
        self._failing, self._told, self._remarks = {}, 0, []
        with self._store.alone():
            state = self._store.read()
            try:
                state, size, alarms = self._visit(state)
            except _NothingUsableError as error:
                # what was told before it broke off is remembered already
                state, size, alarms = self._unreachable(self._store.read(), str(error))
            self._remarks += [f"not told to {name}: {why}" for name, why in self._failing.items()]
        return Round(size, tuple(alarms), self._told, tuple(self._remarks), tuple(self._failing))

    def _visit(self, state: MonitorState) -> tuple[MonitorState, int | None, list[Event]]:
        state = self._with_keys(state)
        note = self._fetched("checkpoint")
        vkeys = self._following.vkeys or state.keys
        verifiers = [Ed25519Verifier(vkey) for vkey in vkeys]
        try:
            text, _ = notes.open_by_any(note, verifiers)
            checkpoint = notes.parse_checkpoint(text)
            if checkpoint.origin != verifiers[0].name:
                raise GoedeBuurError(notes.NOTE_UNSIGNED, "It is of another log.", value=checkpoint.origin)
        except GoedeBuurError as error:
            why = f"The checkpoint does not bear a valid signature of the log. {error.message} {error.value}"
            return self._alarm(state, NOT_SIGNED, verifiers[0].name, why, note)
        self._require_witnessed(note)
        tree = TileTree(self._read, checkpoint)
        try:
            wrong = self._inconsistent(state, tree)
            if wrong is not None:
                return self._alarm(state, wrong[0], checkpoint.origin, wrong[1], note)
            state = self._reachable(replace(state, note=note.decode()), checkpoint)
            state = self._tell_new(state, tree)
            if self._following.expectations:
                state = self._tell_overdue(state, tree)
            state, alarms = self._hold_to_promises(state, tree)
        except GoedeBuurError as error:
            if not error.code.startswith("tile-"):
                raise
            why = f"What is published is not what the log signed: {error.place}. {error.message}"
            return self._alarm(self._store.read(), DAMAGED, checkpoint.origin, why, note)
        return state, checkpoint.size, alarms

    def _with_keys(self, state: MonitorState) -> MonitorState:
        if self._following.vkeys or state.keys:
            return state
        vkeys = tuple(self._fetched("log.vkey").decode(errors="replace").splitlines())
        if not vkeys:
            raise _NothingUsableError("there is no public key beside the log")
        self._remarks.append(f"believing the key beside the log, from now on: {' '.join(vkeys)}")
        return replace(state, keys=vkeys)

    def _require_witnessed(self, note: bytes) -> None:
        try:
            now = int(self._now().timestamp()) + SKEW
            standing = cosignatures.check(note, self._following.policy, keys.verify, now=now)
        except GoedeBuurError as error:
            raise _NothingUsableError(f"{error.message} {error.value}") from error
        if not standing.enough:
            missing = ", ".join(vkey.split("+")[0] for vkey in standing.missing)
            raise _NothingUsableError(f"too few witnesses cosigned the checkpoint; missing: {missing}")

    def _inconsistent(self, state: MonitorState, tree: TileTree) -> tuple[str, str] | None:
        """Return which alarm and why, where the tree does not continue the checkpoint that counted before."""
        if not state.note:
            return None
        last = notes.parse_checkpoint(notes.parse_note(state.note.encode()).text)
        if tree.size < last.size:
            why = f"The log shows {tree.size} leaves, and showed {last.size} before."
            return SHRUNKEN, f"{why} Either this is an old copy that stands between, or leaves were taken away."
        same = tree.size == last.size
        if (tree.checkpoint.root if same else tree.root(last.size)) != last.root:
            why = f"The {tree.size} leaves that the log shows do not continue the {last.size} that it showed before."
            return FORK, f"{why} Both checkpoints are signed: together they prove it."
        return None

    def _tell_new(self, state: MonitorState, tree: TileTree) -> MonitorState:
        """Tell the leaves that each channel has not heard of; remember each part once it was told."""
        begin = self._following.start if self._following.start is not None else tree.size
        positions = {one.name: state.positions.get(one.name, min(begin, tree.size)) for one in self._channels}
        state = replace(state, positions={**state.positions, **positions})
        self._store.write(state)
        while behind := {name: at for name, at in positions.items() if at < tree.size and name not in self._failing}:
            first = min(behind.values())
            stop = min((first // WIDTH + 1) * WIDTH, tree.size)
            listening = [one for one in self._channels if behind.get(one.name) == first]
            for index, blob in enumerate(tree.entries(first, stop), first):
                event = events.of_leaf(tree.checkpoint.origin, index, blob, self._following.watch)
                if event is not None:
                    self._send(overdue.named(event, blob), listening)
            positions |= {one.name: stop for one in listening if one.name not in self._failing}
            state = replace(state, positions={**state.positions, **positions})
            self._store.write(state)
        return state

    def _tell_overdue(self, state: MonitorState, tree: TileTree) -> MonitorState:
        """Read what is new for what is to be delivered, and tell what came late or did not come; also where nothing is.

        What is to be told is remembered before it is told, and forgotten once every channel took it.
        """
        held = self._store.read_memory()
        memory = Memory(**held) if held is not None else Memory(since=self._beginning(tree))
        looker = Overdue(tree.checkpoint.origin, self._following.watch, memory)
        while memory.size < tree.size:
            first = memory.size
            stop = min((first // WIDTH + 1) * WIDTH, tree.size)
            for index, blob in enumerate(tree.entries(first, stop), first):
                looker.read(index, blob)
        looker.judge(self._now())
        self._store.write_memory(memory.as_dict())
        everyone = {one.name for one in self._channels}
        for event in list(looker.events()):
            state = self._tell_once(state, event)
            if everyone <= set(state.told[event.id]):
                memory.pending = [one for one in memory.pending if one["id"] != event.id]
        self._store.write_memory(memory.as_dict())
        return state

    def _beginning(self, tree: TileTree) -> int:
        """Return the moment up to which deadlines are not told: now, or that of the leaf to begin with."""
        start = self._following.start
        if start is None or start >= tree.size:
            return int(self._now().timestamp())
        leaf = leaves.decode(next(iter(tree.entries(start, start + 1))))
        text = leaf.closed_on if isinstance(leaf, ClosedLeaf) else leaf.received
        return 0 if start == 0 else int(datetime.fromisoformat(text).timestamp())

    def _hold_to_promises(self, state: MonitorState, tree: TileTree) -> tuple[MonitorState, list[Event]]:
        found = promised.look(tree, self._following.promises, self._now())
        for event in found:
            state = self._tell_once(state, event)
        return state, [event for event in found if event.alarm]

    def _alarm(
        self, state: MonitorState, kind: str, origin: str, why: str, note: bytes
    ) -> tuple[MonitorState, int | None, list[Event]]:
        """Keep what shows that something is wrong, tell it, and go on believing the checkpoint that counted before."""
        kept = [self._store.keep(f"{sha256(note)[:16]}.note", note).name]
        if state.note:
            kept.append(self._store.keep(f"{sha256(state.note.encode())[:16]}.note", state.note.encode()).name)
        facts = {"seen": note.decode(errors="replace"), "seen_before": state.note, "kept": kept}
        event = Event(events.identity(origin, kind, sha256(note)), kind, origin, why, alarm=True, facts=facts)
        return self._tell_once(state, event), None, [event]

    def _unreachable(self, state: MonitorState, why: str) -> tuple[MonitorState, int | None, list[Event]]:
        since = state.unreachable_since or iso(self._now())
        state = replace(state, unreachable_since=since)
        self._store.write(state)
        self._remarks.append(f"nothing usable from the log since {since}: {why}")
        if self._now() - datetime.fromisoformat(since) < self._following.unreachable_after:
            return state, None, []
        origin = self._origin(state)
        text = f"Nothing usable has come from the log since {since}: {why}."
        event = Event(events.identity(origin, UNREACHABLE, since), UNREACHABLE, origin, text, True, {"since": since})
        return self._tell_once(state, event), None, [event]

    def _reachable(self, state: MonitorState, checkpoint: Checkpoint) -> MonitorState:
        """Return the state with the log in reach; told to whoever heard that it was not."""
        since = state.unreachable_since
        state = replace(state, unreachable_since="")
        alarm = events.identity(checkpoint.origin, UNREACHABLE, since)
        if since and alarm in state.told:
            text = f"The log can be followed again, with {checkpoint.size} leaves."
            own = events.identity(checkpoint.origin, REACHABLE, since)
            return self._tell_once(state, Event(own, REACHABLE, checkpoint.origin, text, facts={"since": since}))
        self._store.write(state)
        return state

    def _tell_once(self, state: MonitorState, event: Event) -> MonitorState:
        told = state.told.get(event.id, ())
        listening = [one for one in self._channels if one.name not in told]
        self._send(event, listening)
        done = (*told, *(one.name for one in listening if one.name not in self._failing))
        state = replace(state, told={**state.told, event.id: done})
        self._store.write(state)
        return state

    def _send(self, event: Event, channels: Sequence[Channel]) -> None:
        for one in channels:
            if one.name in self._failing:
                continue
            try:
                one.send(event.as_dict())
                self._told += 1
            except GoedeBuurError as error:
                self._failing[one.name] = f"{error.message} {error.value}"

    def _fetched(self, name: str) -> bytes:
        try:
            return self._following.read(name)
        except FileNotFoundError:
            raise _NothingUsableError(f"{name} is not there") from None
        except (GoedeBuurError, OSError) as error:
            raise _NothingUsableError(str(error)) from error

    def _read(self, name: str) -> bytes:
        try:
            return self._following.read(name)
        except FileNotFoundError:
            raise
        except (GoedeBuurError, OSError) as error:
            raise _NothingUsableError(str(error)) from error

    def _origin(self, state: MonitorState) -> str:
        vkeys = self._following.vkeys or state.keys
        return notes.decode_vkey(vkeys[0])[0] if vkeys else "unknown"


def follow(monitor: Monitor, wait: Callable[[], bool], heard: Callable[[Round], None]) -> Round:
    """Look again and again, until told to stop or until there is nothing more to follow; return the last look.

    Parameters
    ----------
    wait
        Waits, and returns whether to go on.
    heard
        Takes what each look gave.
    """
    while True:
        found = monitor.look()
        heard(found)
        if any(alarm.kind in ENDS for alarm in found.alarms) or not wait():
            return found
