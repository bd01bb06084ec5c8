"""What is published of the log, and which witnesses are missing since when: for pages, the API and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import iso
from goedebuur.core.ledger import cosignatures, notes
from goedebuur.core.ledger.notes import COSIGNATURE
from goedebuur.services.cosigning import ALARMING, WHY, Plan
from goedebuur.store import keys
from goedebuur.store.cosigning import CosigningStore, WitnessStanding
from goedebuur.store.ledger.publication import Publication


@dataclass(frozen=True, slots=True)
class WitnessView:
    """One witness, for pages and commands.

    Parameters
    ----------
    name, url
        Its name and its address.
    vkey
        Its public key.
    cosigned
        When it cosigned the checkpoint that is published, ISO UTC; empty where it did not.
    missing_since
        Since when its cosignature under the latest checkpoint has been missing, ISO UTC; empty where it is not.
    why
        A key of :data:`WHY`.
    said
        What it answered.
    """

    name: str
    url: str
    vkey: str
    cosigned: str
    missing_since: str
    why: str
    said: str


@dataclass(frozen=True, slots=True)
class PublicationView:
    """What is published of the log, for pages and commands.

    Parameters
    ----------
    origin
        Name of the log; empty where nothing is published.
    vkeys
        Its public keys in the C2SP form: one, or two while they change.
    size
        Leaves under the published checkpoint; None where nothing is published.
    latest
        Leaves in the log.
    needed
        How many cosignatures a checkpoint needs.
    cosigned
        How many of the witnesses cosigned the published one.
    waiting_since
        Since when a later one has been waiting for cosignatures, ISO UTC; empty where none waits.
    witnesses
        All of them.
    """

    origin: str
    vkeys: tuple[str, ...]
    size: int | None
    latest: int
    needed: int
    cosigned: int
    waiting_since: str
    witnesses: tuple[WitnessView, ...]

    @property
    def alarming(self) -> bool:
        """Return whether a witness saw another log than this."""
        return any(one.why in ALARMING for one in self.witnesses)


def look(latest: int, plan: Plan) -> PublicationView:
    """Return what is published, for pages and commands; nothing is asked of anyone.

    Parameters
    ----------
    latest
        Number of leaves in the log.
    """
    state = CosigningStore(plan.record).read()
    size: int | None = None
    times: dict[str, int] = {}
    vkeys: tuple[str, ...] = ()
    publication = Publication(plan.folder)
    try:
        vkeys = tuple(publication.vkeys())
        note = notes.parse_note(publication.note())
        size = notes.parse_checkpoint(note.text).size
        times = {one.vkey: one.time for one in cosignatures.check(note, plan.policy, keys.verify).cosigned}
    except GoedeBuurError:
        pass  # not there yet, or damaged: `record verify --published` says which
    views = tuple(_view(vkey, url, times.get(vkey), state.of(vkey)) for vkey, url in plan.witnesses)
    behind = size is None or size < latest
    origin = vkeys[0].partition("+")[0] if vkeys else ""
    waiting = state.waiting_since if behind else ""
    return PublicationView(origin, vkeys, size, latest, plan.needed, len(times), waiting, views)


def missing(view: PublicationView) -> list[str]:
    """Return a sentence for each witness that is missing, for the operator."""
    return [
        f"witness {one.name} is missing since {one.missing_since}: {WHY.get(one.why, one.why)}"
        + (f" ({one.said})" if one.said else "")
        for one in view.witnesses
        if one.missing_since
    ]


def _view(vkey: str, url: str, time: int | None, standing: WitnessStanding) -> WitnessView:
    name = notes.decode_vkey(vkey, COSIGNATURE)[0]
    cosigned = "" if time is None else iso(datetime.fromtimestamp(time, UTC))
    return WitnessView(name, url, vkey, cosigned, standing.missing_since, standing.why, standing.said)
