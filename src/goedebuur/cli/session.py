"""One call of the program: what it was given, where its answer goes, and how far long work has come."""

from __future__ import annotations

import dataclasses
import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goedebuur.cli.wiring import Wiring
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.services.settings import Settings

if TYPE_CHECKING:
    from goedebuur.services.record import Record
    from goedebuur.store.ledger import Ledger

NO_SUCH_SIZE = declare("query-unknown-size", "The log never held that many leaves.")
Progress = Callable[[str, int, int], None]


@dataclasses.dataclass(slots=True)
class Session:
    """What the commands share. `json` and `home` may be given before or after the command's name."""

    wiring: Wiring
    json: bool = False
    quiet: bool = False
    home: Path | None = None
    _settings: Settings | None = None
    _written: Ledger | None = None

    @property
    def settings(self) -> Settings:
        """Return the settings, with the folder of this call."""
        if self._settings is None:
            settings = self.wiring.settings()
            self._settings = dataclasses.replace(settings, home=self.home) if self.home else settings
        return self._settings

    def move(self, home: Path) -> Settings:
        """Return the settings for another folder, which is this call's from now on."""
        self._settings = dataclasses.replace(self.settings, home=home)
        return self._settings

    @contextmanager
    def record(self, *, write: bool = False) -> Iterator[Record]:
        """Yield the record, and close it. What its opening had to repair is said on standard error."""
        record = self.wiring.open_record(self.settings, read_only=not write)
        try:
            for sentence in record.repairs:
                self.remark(f"repaired: {sentence}")
            yield record
        finally:
            if write:
                self.publish_after(record.ledger)
            record.close()

    def publish_after(self, ledger: Ledger) -> None:
        """Publish this log when the command is done."""
        self._written = ledger

    def finish(self) -> None:
        """Publish what the command added to the log. The answer has been given by then; what fails is only said."""
        ledger, self._written = self._written, None
        if ledger is None or self.wiring.publish is None or not self.settings.publish:
            return
        try:
            view = self.wiring.publish(self.settings, ledger)
        except (GoedeBuurError, OSError) as error:
            self.remark(f"the log was not published: {error}")
            return
        from goedebuur.services.published import missing

        for sentence in missing(view):
            self.remark(sentence)

    def database(self) -> None:
        """Make the SQL database ready; what uses it is imported after this."""
        if self.wiring.database is not None:
            self.wiring.database(self.settings)

    @staticmethod
    def size(record: Record, state: int | datetime | None) -> int | None:
        """Return the tree size that was asked for, as a number or as a moment; None for the present."""
        from goedebuur.services import queries

        if isinstance(state, datetime):
            return queries.size_at(record, state)
        if state is not None and state > record.projected:
            raise GoedeBuurError(
                NO_SUCH_SIZE,
                f"The log holds {record.projected} leaves.",
                place="--as-of",
                value=str(state),
                hint="`goedebuur record log` lists them.",
            )
        return state

    def answer(self, data: Any, text: Callable[[], None]) -> None:
        """Give the answer: as JSON for programs, else by the function that writes it for people."""
        if self.json:
            click.echo(json.dumps(plain(data), ensure_ascii=False, separators=(",", ":"), allow_nan=False))
        else:
            text()

    def remark(self, sentence: str) -> None:
        """Say something beside the answer."""
        if not self.quiet:
            click.echo(sentence, err=True)

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Yield a function that shows how far the work is: a bar on a terminal, now and then a line elsewhere."""
        if self.quiet:
            yield lambda what, done, total: None
        elif sys.stderr.isatty():
            with _bar() as show:
                yield show
        else:
            yield _lines(self.remark)


def current() -> Session:
    """Return the session of the running command."""
    session = click.get_current_context().find_object(Session)
    if session is None:
        raise RuntimeError("a command runs inside a session")
    return session


def plain(value: Any) -> Any:
    """Return the value as JSON knows it: records as objects, times as ISO text in UTC, NaN as null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date | Path):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()) -> None:
    """Write rows for people: aligned on a terminal; elsewhere tabs between the columns, and nothing cut off."""
    text = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in [list(columns), *text]:
            click.echo("\t".join(row))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    drawn = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        drawn.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in text:
        drawn.add_row(*(_unmarked(cell) for cell in row))
    Console().print(drawn)


def pairs(rows: Iterable[tuple[str, object]]) -> None:
    """Write names and values for people, one a line."""
    kept = [(name, "" if value is None else str(value)) for name, value in rows]
    width = max((len(name) for name, _ in kept), default=0)
    for name, value in kept:
        click.echo(f"{name:<{width}}  {value}".rstrip())


def _unmarked(text: str) -> str:
    # square brackets are rich's markup; a station's name may hold them
    return text.replace("[", r"\[")


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("", total=None)

        def show(what: str, done: int, total: int) -> None:
            bars.update(task, description=_unmarked(what), completed=done, total=total or None)

        yield show


def _lines(say: Callable[[str], None]) -> Progress:
    last: list[object] = [None, -1]

    def show(what: str, done: int, total: int) -> None:
        tenth = 10 * done // total if total else 0
        if last != [what, tenth]:
            last[:] = [what, tenth]
            say(f"{what} {done}/{total}" if total else what)

    return show
