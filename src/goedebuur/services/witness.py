"""Be a witness of someone's log: cosign its checkpoint only when that has all of what was cosigned before.

Reading what was cosigned last, deciding and remembering happen under one lock for each log, so that of two requests at
the same time one waits for the other. The answer leaves when what it says is on the disk.

References
----------
C2SP tlog-witness, "add-checkpoint"; C2SP tlog-cosignature, "Ed25519 signed message"
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger import cosignatures, notes, witnessing
from goedebuur.core.ledger.notes import Note
from goedebuur.core.ledger.witnessing import Answer, Refusal
from goedebuur.store import keys
from goedebuur.store.keys import Ed25519Signer, Ed25519Verifier
from goedebuur.store.witness import WitnessStore

WITNESS_CONFIG: Final = declare("witness-config", "The configuration of a witness cannot be used.")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WitnessedLog:
    """A log that is witnessed: its origin, and the public keys that may sign for it."""

    origin: str
    vkeys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WitnessConfig:
    """How a witness runs.

    Parameters
    ----------
    key
        File with its own private key.
    state
        Folder for what it remembers.
    listen
        Address and port.
    logs
        Whose checkpoints it cosigns.
    """

    key: Path
    state: Path
    listen: str
    logs: tuple[WitnessedLog, ...]

    @property
    def address(self) -> tuple[str, int]:
        """Return host and port to listen on."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)


@dataclass(frozen=True, slots=True)
class WitnessedState:
    """How far a witness is with one log.

    Parameters
    ----------
    origin
        The log.
    size
        Leaves under the checkpoint that it cosigned last; None before the first.
    root
        Root hash of that, hexadecimal.
    cosigned
        When, as its cosignature says. [s since 1970]
    """

    origin: str
    size: int | None
    root: str
    cosigned: int | None


class Witness:
    """A witness.

    Parameters
    ----------
    signer
        Its key, which is no log's.
    logs
        Whose checkpoints it cosigns.
    store
        What it remembers.
    now
        The time. [s since 1970]
    """

    def __init__(
        self, signer: Ed25519Signer, logs: Sequence[WitnessedLog], store: WitnessStore, now: Callable[[], int]
    ) -> None:
        self._signer = signer
        self._verifiers = {one.origin: [Ed25519Verifier(vkey) for vkey in one.vkeys] for one in logs}
        self._store = store
        self._now = now

    @property
    def vkey(self) -> str:
        """Return its public key, in the C2SP form with key type 4."""
        return self._signer.cosigner_vkey

    def add_checkpoint(self, body: bytes) -> Answer:
        """Return the answer to a request; a cosignature is in it only when its checkpoint is on the disk.

        Raises
        ------
        GoedeBuurError
            `witness-state` where what was cosigned last cannot be read.
        OSError
            Where the disk refuses: whether the checkpoint is remembered is not known then.
        """
        try:
            asked, origin = witnessing.parse_request(body)
        except GoedeBuurError as error:
            return witnessing.refused(Refusal(witnessing.MALFORMED, f"{error.message} {error.value}"))
        verifiers = self._verifiers.get(origin)
        if verifiers is None:
            return witnessing.refused(Refusal(witnessing.UNKNOWN_LOG, "this log is not witnessed here"))
        note = witnessing.opened(asked, verifiers)
        if isinstance(note, Refusal):
            return witnessing.refused(note)
        checkpoint = notes.parse_checkpoint(note.text, extensions=True)
        with self._store.alone(origin) as memory:
            last = memory.last()
            refusal = witnessing.judge(asked, checkpoint, last)
            if refusal is not None:
                self._say(asked.note, refusal, origin)
                return witnessing.refused(refusal, last)
            line = cosignatures.cosign(note.text, self.vkey, self._signer.sign, self._now())
            memory.keep(Note(note.text, (*note.signatures, line)).encode())
        return witnessing.cosigned([line])

    def states(self) -> list[WitnessedState]:
        """Return how far it is with each log."""
        return [self._state(origin) for origin in self._verifiers]

    def _state(self, origin: str) -> WitnessedState:
        note = self._store.read(origin)
        if note is None:
            return WitnessedState(origin, None, "", None)
        checkpoint = notes.parse_checkpoint(note.text, extensions=True)
        policy = cosignatures.Policy(0, (self.vkey,))
        told = cosignatures.check(note, policy, keys.verify).cosigned
        return WitnessedState(origin, checkpoint.size, checkpoint.root.hex(), told[0].time if told else None)

    def _say(self, note: bytes, refusal: Refusal, origin: str) -> None:
        if "forked" in refusal.why or refusal.status == witnessing.INCONSISTENT:
            # whoever looks for misbehaviour needs the signed text itself (tlog-witness: "MAY log the request")
            log.warning("%s: refused, %s\n%s", origin, refusal.why, note.decode(errors="replace"))


def read_config(path: Path) -> WitnessConfig:
    """Return the configuration in a TOML file; the files that it names are sought beside it.

    Raises
    ------
    GoedeBuurError
        `witness-config` with what is not right; `note-malformed` for a key that is none.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _wrong(path, "the file is not there") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(path, str(error)) from error
    unknown = sorted(set(told) - {"key", "state", "listen", "log"})
    if unknown:
        raise _wrong(path, f"unknown: {', '.join(unknown)}")
    try:
        logs = tuple(_log(path, one) for one in told["log"])
        listen = str(told.get("listen", "127.0.0.1:8100"))
        config = WitnessConfig(path.parent / told["key"], path.parent / told.get("state", "state"), listen, logs)
        if not 0 <= config.address[1] < 65_536 or not config.address[0]:
            raise ValueError("listen is host:port")
    except (KeyError, TypeError, ValueError) as error:
        raise _wrong(path, str(error)) from error
    if len({one.origin for one in logs}) != len(logs) or not logs:
        raise _wrong(path, "each log is named once, and there is at least one")
    return config


def open_witness(config: WitnessConfig, signer: Ed25519Signer, now: Callable[[], int]) -> Witness:
    """Return the witness of a configuration.

    Raises
    ------
    GoedeBuurError
        `witness-config` where its key is that of a log that it witnesses.
    """
    for one in config.logs:
        for vkey in one.vkeys:
            if notes.decode_vkey(vkey)[1] == signer.public_key:
                raise GoedeBuurError(
                    WITNESS_CONFIG,
                    "A witness has a key of its own, and this is the key of the log.",
                    place="key",
                    value=vkey,
                    hint="Make another with `goedebuur witness key`.",
                )
    return Witness(signer, config.logs, WitnessStore(config.state), now)


def _log(path: Path, told: Mapping[str, Any]) -> WitnessedLog:
    vkeys = told["vkey"]
    vkeys = (vkeys,) if isinstance(vkeys, str) else tuple(map(str, vkeys))
    if not vkeys or set(told) - {"origin", "vkey"}:
        raise _wrong(path, "a log has `vkey`, one or several, and where they have another name an `origin`")
    names = [notes.decode_vkey(vkey)[0] for vkey in vkeys]
    return WitnessedLog(str(told.get("origin", names[0])), vkeys)


def _wrong(path: Path, why: str) -> GoedeBuurError:
    return GoedeBuurError(
        WITNESS_CONFIG,
        "The configuration of the witness cannot be used.",
        place=str(path),
        value=why,
        hint="docs/beheer/getuigen.md has an example.",
    )
