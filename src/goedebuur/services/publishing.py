"""Bring what is published up to date with the log, with as many witnesses as the installation asks for.

Delivering never waits for this: what was acknowledged is in the log, and is published by whoever comes next. A
checkpoint takes the place of the one that is published when enough witnesses cosigned it; until then the older one
stays, and the state says who is missing since when. Cosignatures that come later are added under it.

References
----------
C2SP tlog-witness, "add-checkpoint"
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import iso
from goedebuur.core.ledger import cosignatures, notes
from goedebuur.core.ledger.cosignatures import Policy
from goedebuur.core.ledger.notes import Note
from goedebuur.services import readme
from goedebuur.services.cosigning import Asked, Plan, Post, Witness, ask_all
from goedebuur.services.published import look, missing
from goedebuur.store import keys
from goedebuur.store.cosigning import CosigningState, CosigningStore, WitnessStanding
from goedebuur.store.files import REAL, FileSystem
from goedebuur.store.ledger import Ledger
from goedebuur.store.ledger.publication import Publication

STEP: Final = 1.0
"""How often is looked whether the log grew. [s]"""
FIRST_PAUSE: Final = 15.0
LONGEST_PAUSE: Final = 900.0
"""First and longest pause before a witness that is missing is asked again. [s]"""

Say = Callable[[str], None]
Wait = Callable[[float], bool]


def publish(
    ledger: Ledger,
    plan: Plan,
    post: Post,
    now: Callable[[], datetime],
    *,
    whole: bool = False,
    fs: FileSystem = REAL,
) -> bool:
    """Return whether all of the log is published now, and cosigned by all of its witnesses.

    Parameters
    ----------
    ledger
        The log; its key is not needed.
    whole
        Make again what was lost, as `Publication.publish`.
    fs
        Where changes go: the disk, or a recording of it in tests.

    Raises
    ------
    GoedeBuurError
        `publication-other` and others of `Publication.publish`. A witness that fails raises nothing.
    """
    publication = Publication(plan.folder, fs)
    store = CosigningStore(plan.record, fs)
    with store.alone():
        ledger.refresh()
        state = store.read()
        note = _latest(ledger, publication, state, plan.policy)
        published = False
        if not plan.needed or cosignatures.check(note, plan.policy, keys.verify).enough:
            publication.publish(ledger, note.encode(), whole=whole, readme=readme.text(plan, ledger.vkeys))
            published = True
        standing = cosignatures.check(note, plan.policy, keys.verify)
        witnesses = {vkey: state.of(vkey) for vkey in plan.policy.witnesses}
        wanted = [Witness(vkey, url, state.of(vkey).size) for vkey, url in plan.witnesses if vkey in standing.missing]
        for asked in ask_all(ledger, note, wanted, post, lambda: int(now().timestamp())):
            witnesses[asked.vkey] = _moved(witnesses[asked.vkey], asked, iso(now()))
            note = Note(note.text, (*note.signatures, *asked.lines))
            if asked.lines and cosignatures.check(note, plan.policy, keys.verify).enough:
                publication.publish(ledger, note.encode(), readme=readme.text(plan, ledger.vkeys))
                published = True
        waiting = "" if published else state.waiting_since or iso(now())
        store.write(CosigningState(note.encode().decode(), waiting, witnesses))
        return published and not cosignatures.check(note, plan.policy, keys.verify).missing


def follow(
    opened: Callable[[], Ledger | None], plan: Plan, post: Post, now: Callable[[], datetime], wait: Wait, say: Say
) -> None:
    """Publish whenever the log grows, until told to stop; ask missing witnesses again, ever less often.

    Parameters
    ----------
    opened
        Gives the log once there is one.
    wait
        Waits so many seconds; returns whether to go on.
    say
        Takes a sentence for the operator.
    """
    ledger: Ledger | None = None
    seen, done, left, pause = b"", False, 0.0, FIRST_PAUSE
    while wait(STEP):
        left -= STEP
        ledger = ledger or opened()
        if ledger is None:
            continue
        there = _checkpoint_bytes(plan.record)
        if there == seen and (done or left > 0):
            continue
        pause = FIRST_PAUSE if there != seen else min(2 * pause, LONGEST_PAUSE)
        seen, left = there, pause
        try:
            done = publish(ledger, plan, post, now)
        except (GoedeBuurError, OSError) as error:
            done = False
            say(f"the log could not be published: {error}")
            continue
        for sentence in [] if done else missing(look(ledger.size, plan)):
            say(sentence)


def _latest(ledger: Ledger, publication: Publication, state: CosigningState, policy: Policy) -> Note:
    """Return the latest checkpoint with all the signatures that are known under it."""
    note = notes.parse_note(ledger.signed_checkpoint())
    lines = list(note.signatures)
    for known in _known(publication, state, policy):
        if known.text == note.text:
            lines += known.signatures
    return Note(note.text, tuple({(line.name, line.key): line for line in lines}.values()))


def _known(publication: Publication, state: CosigningState, policy: Policy) -> Iterator[Note]:
    for read in (publication.note, state.note.encode):
        try:
            note = notes.parse_note(read())
            cosignatures.check(note, policy, keys.verify)
        except GoedeBuurError:
            continue  # not there, or damaged: whoever cosigned it is asked again
        yield note


def _moved(before: WitnessStanding, asked: Asked, now: str) -> WitnessStanding:
    if asked.lines:
        return WitnessStanding(asked.size, now)
    since = before.missing_since or now
    return replace(before, size=asked.size, missing_since=since, why=asked.why, said=asked.said)


def _checkpoint_bytes(record: Path) -> bytes:
    try:
        return (record / "ledger" / "checkpoint").read_bytes()
    except FileNotFoundError:
        return b""
