"""Find what can be delivered in a folder, and in which order; download from a supplier and take that in."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import BAD_ENCODING, EMPTY_INPUT, NOT_THIS_FORMAT, GoedeBuurError, declare
from goedebuur.core.base.periods import iso
from goedebuur.services.delivery import Outcome, Progress, deliver

if TYPE_CHECKING:
    from goedebuur.adapters.base import Client, FetchRequest
    from goedebuur.services.record import Record

NO_SUCH_FILE: Final = declare("input-no-file", "The file or folder that was named is not there.")
HEAD: Final = 2**16
DATA_SUFFIXES: Final = frozenset({".csv", ".txt", ".zip", ".gz"})
"""Names that promise data: an empty file, a web page or UTF-16 of such a name is an error, not a note."""
PROVISIONAL_FIRST: Final = ("hollandse_luchten", "luchtmeetnet", "knmi_stations")
"""Parsers whose files go first: what is validated later is a correction of them, and stations precede their values."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a folder holds: files to deliver in that order, and files that no adapter recognises."""

    files: tuple[Path, ...]
    unknown: tuple[Path, ...]


def find_files(places: Sequence[Path]) -> Found:
    """Return the files to deliver in files and folders, provisional ones before what validates them.

    A file that is named itself is always delivered, so that its error is told. So is a file in a folder that has a
    name of data and is empty, a web page or in UTF-16; other files there that no adapter recognises are set apart.

    Raises
    ------
    GoedeBuurError
        `input-no-file`.
    """
    known: list[tuple[int, str, Path]] = []
    unknown: list[Path] = []
    for place in places:
        if not place.exists():
            raise GoedeBuurError(
                NO_SUCH_FILE,
                "This file or folder is not there.",
                value=str(place),
                hint=f"Check the name; a path is read from the folder you are in, {Path.cwd()}.",
            )
        for path in _walk(place):
            rank = _rank(path, named=path == place)
            if rank is None:
                unknown.append(path)
            else:
                known.append((rank, path.name, path))
    return Found(tuple(path for _, _, path in sorted(known)), tuple(unknown))


def require_adapter(adapter_id: str) -> None:
    """Check that there is an adapter of that name, before any file is read; `adapter-unknown` otherwise."""
    from goedebuur import adapters  # noqa: F401 - fills the registry
    from goedebuur.adapters.base import named

    named(adapter_id)


def _walk(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
        return
    for path in sorted(place.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield path


def _rank(path: Path, *, named: bool) -> int | None:
    """Return where a file comes in the order, or None for one that is passed over."""
    from goedebuur import adapters  # noqa: F401 - fills the registry
    from goedebuur.adapters.base import recognise

    with path.open("rb") as file:
        head = file.read(HEAD)
    try:
        adapter = recognise(path.name, head)
    except GoedeBuurError as error:
        failed = error.code in (BAD_ENCODING, EMPTY_INPUT, NOT_THIS_FORMAT) and path.suffix.lower() in DATA_SUFFIXES
        return 0 if named or failed else None
    return PROVISIONAL_FIRST.index(adapter.id) if adapter.id in PROVISIONAL_FIRST else len(PROVISIONAL_FIRST)


def fetch(
    record: Record,
    adapter_id: str,
    request: FetchRequest,
    client: Client,
    *,
    state: Path,
    progress: Progress | None = None,
) -> list[Outcome]:
    """Return what became of each answer of a supplier, taken in as it comes.

    Parameters
    ----------
    state
        Folder for the mark of how far an interrupted request came. The same request goes on from there; once it is
        complete the mark is gone, and the next time it asks anew. Losing the mark costs only a second download.

    Raises
    ------
    GoedeBuurError
        `adapter-unknown`, `adapter-no-download`, `adapter-request`, a `fetch-…` error of the download, or an
        `input-…` error of an answer. What was taken in before it stays.
    """
    from dataclasses import replace

    from goedebuur import adapters  # noqa: F401 - fills the registry
    from goedebuur.adapters.base import downloading

    adapter = downloading(adapter_id)
    mark = state / _request_digest(adapter_id, request)
    if mark.exists():
        request = replace(request, resume_after=mark.read_text(encoding="utf-8"))
    outcomes: list[Outcome] = []
    for answer in adapter.fetch(client, request):
        outcomes.append(deliver(record, answer.data, answer.name, adapter=adapter_id, now=answer.at))
        _write(mark, answer.name)
        if progress is not None:
            progress(answer.name, len(outcomes), 0)
    mark.unlink(missing_ok=True)
    return outcomes


def _request_digest(adapter_id: str, request: FetchRequest) -> str:
    asked = asdict(request)
    asked["period"] = [iso(request.period.start), iso(request.period.end)] if request.period else None
    asked.pop("resume_after")
    return canonical.sha256(canonical.encode({"adapter": adapter_id, "request": asked}))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    unfinished.write_text(text, encoding="utf-8")
    os.replace(unfinished, path)
