"""Which leaves of a log were changed? The root that is signed says that some were; the published tiles say which.

Only tiles that lead up to a signed root are believed, so whoever changed both is found too, if not named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger.tile_tree import TileTree
from goedebuur.core.ledger.tiles import WIDTH
from goedebuur.core.ledger.tree import HASH_BYTES, Tree
from goedebuur.store.ledger.publication import Publication


@dataclass(frozen=True, slots=True)
class Changed:
    """What the published log tells of the leaves that are here.

    Parameters
    ----------
    leaves
        Those that are not what was published, ascending.
    known
        How many leaves could be compared.
    """

    leaves: tuple[int, ...]
    known: int


def changed(tree: Tree, folder: Path, vkeys: Sequence[str]) -> Changed:
    """Return which leaves of a tree are not those that were published; nothing is known where nothing is published.

    Parameters
    ----------
    tree
        Over the leaves that are here.
    folder
        Of the published log.
    vkeys
        Public keys of the log.
    """
    for vkey in vkeys:
        try:
            published = Publication(folder).tree(vkey)
        except (GoedeBuurError, OSError):
            continue
        return _compared(tree, published)
    return Changed((), 0)


def _compared(tree: Tree, published: TileTree) -> Changed:
    found: list[int] = []
    known = 0
    for start in range(0, min(tree.size, published.size), WIDTH):
        stop = min(start + WIDTH, tree.size, published.size)
        try:
            signed = published.tile(0, start // WIDTH)
        except (GoedeBuurError, OSError):
            continue  # this tile is damaged as well: `publication.check` says so
        known += stop - start
        here = tree.row(0, start, stop)
        if here != signed[: len(here)]:
            found += [start + i for i in range(stop - start) if _differ(here, signed, i)]
    return Changed(tuple(found), known)


def _differ(one: bytes, other: bytes, index: int) -> bool:
    place = slice(index * HASH_BYTES, (index + 1) * HASH_BYTES)
    return one[place] != other[place]
