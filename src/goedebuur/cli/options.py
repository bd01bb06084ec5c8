"""Options and kinds of arguments that commands share, and the command class that gives each of them `--json`."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from goedebuur.cli.session import Session
from goedebuur.core.base.errors import GoedeBuurError, declare

if TYPE_CHECKING:
    from goedebuur.core.weather.sectors import Sector

NOT_A_KEY = declare("command-key", "What was given as public key does not have the form of one.")
NO_OUTPUT = declare("command-output", "What was given as file or folder to write cannot be written there.")

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class Moment(click.ParamType[datetime]):
    """A year, day or moment. What names no zone is UTC; `2019` and `2019-03` are their first instant."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the moment, aware."""
        if isinstance(value, datetime):
            return value
        text = str(value).strip().replace("Z", "+00:00")
        completed = text + {4: "-01-01", 7: "-01"}.get(len(text), "")
        try:
            moment = datetime.fromisoformat(completed)
        except ValueError:
            self.fail(f"{value!r} is not a time; give 2019, 2019-03-01 or 2019-03-01T12:00+01:00", param, ctx)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


MOMENT = Moment()


class PublicKey(click.ParamType[str]):
    """The public form of an Ed25519 key of a log or a submitter; a typing error in it is no other key."""

    name = "vkey"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the key as it was given; `command-key` where it has not the form of one."""
        from goedebuur.core.ledger import notes

        try:
            notes.decode_vkey(value)
        except GoedeBuurError as error:
            raise GoedeBuurError(
                NOT_A_KEY,
                "This is not a public key, or there is a typing error in it.",
                place=param.opts[0] if param is not None else "",
                value=value,
                hint="A key is a name, eight hexadecimal digits and base64, as in example.org/log+1a2b3c4d+AbCd...=; "
                "that of a log is in ledger/log.vkey, in the folder of its record.",
            ) from error
        return str(value)


PUBLIC_KEY = PublicKey()


class GroundAround(click.ParamType["float | tuple[Sector, ...]"]):
    """The roughness of the ground around a station in m, or a table of its sectors."""

    name = "ground"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float | tuple[Sector, ...]:
        """Return one number for all around, or the sectors of a table."""
        if isinstance(value, float | tuple):
            return value
        try:
            return float(value)
        except ValueError:
            path = Path(str(value))
        if not path.is_file():
            self.fail(f"{value!r} is neither a number nor a file", param, ctx)
        from goedebuur.services import air_hours

        return air_hours.sectors(path.read_bytes(), path.name)


GROUND = GroundAround()


class Output(click.Path):
    """A file to write, or a folder to write in: seen before anything is reckoned whether that can be done."""

    def __init__(self, *, folder: bool = False) -> None:
        super().__init__(file_okay=not folder, dir_okay=folder, writable=True, path_type=Path)
        self._folder = folder

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path; `command-output` where it has no folder that can be written in.

        The folder of a file is there; of a folder those around it are made as well.
        """
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        around = path.absolute().parent
        if self._folder:
            around = next(one for one in (around, *around.parents) if one.exists())
        if not path.exists() and not (around.is_dir() and os.access(around, os.W_OK | os.X_OK)):
            raise GoedeBuurError(
                NO_OUTPUT,
                f"Nothing can be written in {around}." if around.exists() else f"There is no folder {around}.",
                place=param.opts[0] if param is not None else "",
                value=str(value),
                hint="Make that folder first, or give another.",
            )
        return path


OUTPUT = Output()
OUTPUT_FOLDER = Output(folder=True)


def _remember(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
        session = ctx.find_object(Session)
        if session is not None and value:
            setattr(session, name, value)

    return keep


def shared_options() -> list[click.Option]:
    """Return the options that may stand before or after the name of any command."""
    return [
        click.Option(
            ["--json"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_remember("json"),
            help="Answer in JSON, for programs.",
        ),
        click.Option(
            ["--quiet"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_remember("quiet"),
            help="Give the answer alone: no progress, no remarks.",
        ),
        click.Option(
            ["--home"],
            type=click.Path(path_type=Path, file_okay=False),
            expose_value=False,
            is_eager=True,
            callback=_remember("home"),
            help="Folder of the installation, instead of GOEDEBUUR_HOME.",
        ),
    ]


class Command(click.Command):
    """A command with the shared options."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(shared_options())


class Group(click.Group):
    """A group with the shared options, as have all commands in it."""

    command_class = Command

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(shared_options())


class State(click.ParamType[int | datetime]):
    """A number of leaves, or a moment: a day means its end, in UTC. The record says how many leaves it held then."""

    name = "state"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | datetime:
        """Return the number or the moment."""
        if isinstance(value, int | datetime):
            return value
        text = str(value).strip()
        if text.isdecimal():
            return int(text)
        moment = MOMENT.convert(text, param, ctx)
        return moment + timedelta(days=1) if len(text) == len("2021-03-01") else moment


STATE = State()


def as_of_option(function: Decorated) -> Decorated:
    """Add `--as-of N`; the command resolves a moment with `Session.size`."""
    return click.option(
        "--as-of",
        "state",
        type=STATE,
        metavar="N|TIME",
        help="As the record stood with N leaves, or with what was received up to TIME, such as 2021-03-01.",
    )(function)


def period_options(first: str, last: str) -> Callable[[Decorated], Decorated]:
    """Return what adds `--from` and `--until`.

    Parameters
    ----------
    first, last
        What holds where one is not given, for the help.
    """

    def add(function: Decorated) -> Decorated:
        until = click.option("--until", "end", type=MOMENT, metavar="TIME", help=f"Up to, not including. {last}")
        begin = click.option("--from", "start", type=MOMENT, metavar="TIME", help=f"First start. {first}")
        return begin(until(function))

    return add
