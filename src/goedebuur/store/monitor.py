"""What a monitor remembers of the log that it follows: the checkpoint that it verified last, and what it told to whom.

state          canonical JSON; replaced
expected       canonical JSON: what is to be delivered and what came of it; replaced; can be made again from the log
lock           held by the one monitor that uses this folder
alarm-…        what showed that something is wrong, as it came in
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.store import files, locks
from goedebuur.store.files import REAL, FileSystem

MONITOR_STATE: Final = declare("monitor-state", "What a monitor remembers of a log cannot be read.")

STATE: Final = "state"
EXPECTED: Final = "expected"
MOST_TOLD: Final = 1_000


@dataclass(frozen=True, slots=True)
class MonitorState:
    """What is remembered.

    Parameters
    ----------
    note
        The last checkpoint that was verified and found to continue those before; empty before the first.
    keys
        Public keys of the log that were believed at the first visit, where none was given.
    positions
        By channel: the first leaf that has not been told there.
    told
        Events that stand in no leaf, by identity: the channels to which they were told.
    unreachable_since
        Since when nothing usable has come from the log, ISO UTC; empty where it does.
    """

    note: str = ""
    keys: tuple[str, ...] = ()
    positions: Mapping[str, int] = field(default_factory=dict)
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unreachable_since: str = ""


class MonitorStore:
    """Where that is kept: a folder for one log."""

    def __init__(self, folder: Path, fs: FileSystem = REAL) -> None:
        self.folder = folder
        self._fs = fs

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only monitor that uses this folder; `lock-busy` where another does."""
        files.make_dirs(self._fs, self.folder, self.folder)
        with locks.exclusive(self.folder / "lock", wait=False):
            files.sweep(self._fs, self.folder)
            yield

    def read(self) -> MonitorState:
        """Return what is remembered; nothing before the first time.

        Raises
        ------
        GoedeBuurError
            `monitor-state`: a monitor that forgets would not see a fork, so it does not begin anew by itself.
        """
        path = self.folder / STATE
        try:
            told: dict[str, Any] = canonical.decode(path.read_bytes())
            lists = {name: tuple(channels) for name, channels in told.pop("told").items()}
            return MonitorState(keys=tuple(told.pop("keys")), told=lists, **told)
        except FileNotFoundError:
            return MonitorState()
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise GoedeBuurError(
                MONITOR_STATE,
                "What was seen of the log cannot be read.",
                place=str(path),
                value=str(error),
                hint="Put the file back from a copy. Only if there is none: begin in another folder.",
            ) from error

    def write(self, state: MonitorState) -> None:
        """Remember this; on the disk when it returns."""
        kept = dict(list(state.told.items())[-MOST_TOLD:])
        body = asdict(state) | {"told": {name: list(channels) for name, channels in kept.items()}}
        files.publish(self._fs, self.folder, self.folder / STATE, canonical.encode(body | {"keys": list(state.keys)}))

    def read_memory(self) -> dict[str, Any] | None:
        """Return what is remembered of what is to be delivered; None before the first time; errors as :meth:`read`."""
        path = self.folder / EXPECTED
        try:
            return canonical.decode(path.read_bytes())
        except FileNotFoundError:
            return None
        except (ValueError, TypeError) as error:
            raise GoedeBuurError(
                MONITOR_STATE,
                "What is remembered of what is to be delivered cannot be read.",
                place=str(path),
                value=str(error),
                hint="Put the file back from a copy, or remove it: then the log is read anew from its first entry.",
            ) from error

    def write_memory(self, body: Mapping[str, Any]) -> None:
        """Remember what is to be delivered; on the disk when it returns."""
        files.publish(self._fs, self.folder, self.folder / EXPECTED, canonical.encode(dict(body)))

    def keep(self, name: str, data: bytes) -> Path:
        """Return the file in which a piece of evidence is kept."""
        path = self.folder / f"alarm-{name}"
        if not path.exists():
            files.publish(self._fs, self.folder, path, data)
        return path
