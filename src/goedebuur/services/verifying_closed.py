"""Is what is kept for closed leaves what they commit to, and what opened them the same? Part of `verification`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import closing
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.store.ledger.closed import CLOSED_MISSING, Openings, batches

Numbered = Sequence[tuple[int, Leaf | ClosedLeaf]]
Found = tuple[str, str, str]
"""Part, place and what is wrong."""


def verify(
    root: Path, leaves: Numbered, whole: Mapping[str, Mapping[str, int]], busy: Callable[[], bool]
) -> Iterator[Found]:
    """Yield what is wrong with closed leaves, what is kept for them, and the leaves that open, postpone or erase them.

    A copy of a record without `closed/` is whole: what is closed is not for everyone who checks.

    Parameters
    ----------
    whole
        Part → digest → size of the payloads and batches that are there undamaged.
    busy
        Whether another process changes the record right now, so that a folder may come and go.
    """
    closed = {index: leaf for index, leaf in leaves if isinstance(leaf, ClosedLeaf)}
    ended: dict[int, int] = {}
    for index, leaf in leaves:
        found = closing.concerns(leaf)
        if found is None or not isinstance(leaf, Leaf):
            continue
        act, about = found
        if about >= index or about not in closed:
            yield "leaf", str(index), f"it {act} leaf {about}, which is no closed leaf before it"
        elif act != closing.POSTPONES and about in ended:
            yield "leaf", str(index), f"it {act} leaf {about}, which leaf {ended[about]} opened or erased already"
        elif act == closing.OPENS:
            yield from _opened(index, leaf, closed[about], whole)
        if act != closing.POSTPONES:
            ended.setdefault(about, index)
    try:
        yield from _kept(root, closed, ended, busy)
    except PermissionError:
        yield "closed", "closed", "whoever checks this cannot read what is kept for closed leaves: not checked"


def _opened(index: int, leaf: Leaf, closed: ClosedLeaf, whole: Mapping[str, Mapping[str, int]]) -> Iterator[Found]:
    if not closing.proves(leaf, closed):
        yield "leaf", str(index), "it is not what the closed leaf that it opens committed to"
        return
    for sha in batches(closing.closed_header(leaf)[1]):
        if sha not in whole["batch"]:
            yield "leaf", str(index), f"the batch {sha} that was closed is not there undamaged"


def _kept(
    root: Path, closed: Mapping[int, ClosedLeaf], ended: Mapping[int, int], busy: Callable[[], bool]
) -> Iterator[Found]:
    if not (root / "closed").is_dir():
        return
    openings = Openings(root)
    next((root / "closed").iterdir(), None)  # says so where this folder cannot be read
    listed = set(openings.listed())
    by_commitment = {leaf.commitment: index for index, leaf in closed.items()}
    stray = sorted(listed - by_commitment.keys())
    late = sorted(listed & {closed[index].commitment for index in ended if index in closed})
    if (stray or late) and not busy():
        for commitment in stray:
            yield "closed", _place(commitment), "no leaf names it. The next start of the program says what it is"
        for commitment in late:
            by = ended[by_commitment[commitment]]
            yield "closed", _place(commitment), f"leaf {by} ended it, and it is here. The next start removes it"
    for index, leaf in closed.items():
        if index in ended:
            continue
        try:
            openings.open(leaf)
        except GoedeBuurError as error:
            if error.code != CLOSED_MISSING or not busy():
                yield "closed", error.place, f"of leaf {index}: {error.message}"


def _place(commitment: str) -> str:
    return f"closed/{commitment[:2]}/{commitment}"
