"""Commands for the proof of a figure: make its file, check one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from goedebuur.cli.options import MOMENT, Command
from goedebuur.cli.session import current
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import Clock, Period, iso

WHAT_TO_PROVE = declare("command-figure", "It was not said which figure is to be proven.")


@click.command(cls=Command)
@click.argument("series_id", metavar="SERIES")
@click.argument("start", type=MOMENT, metavar="START", required=False)
@click.option("--year", type=click.IntRange(1900, 2200), help="The mean of this year (CET), instead of one value.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), help="Default: by its name."
)
def prove(series_id: str, start: datetime | None, year: int | None, output: Path | None) -> None:
    """Write the proof file of a value, or of a year's mean.

    Whoever has the file checks the figure without this record: with `goedebuur verify`, in a browser, or with
    Python alone. START is the start of the step, as in `goedebuur series`.
    """
    from goedebuur.core.proof.files import SUFFIX
    from goedebuur.services import proving

    if (start is None) == (year is None):
        raise GoedeBuurError(
            WHAT_TO_PROVE,
            "Give the start of a value, or a year: one of the two.",
            place="START, --year",
            hint="For example: goedebuur prove NL49553.pm10.1h 2021-03-01T10:00",
        )
    with current().record() as record:
        if start is not None:
            data = proving.prove_value(record, series_id, start)
            label = iso(start).replace(":", "")
        else:
            data = proving.prove_mean(record, series_id, Period.year(int(year or 0), Clock.CET))
            label = str(year)
    target = output or Path(f"{series_id}.{label}{SUFFIX}")
    with click.open_file(str(target), "wb") as sink:
        sink.write(data)
    if str(target) != "-":
        answer = {"file": str(target), "bytes": len(data)}
        current().answer(answer, lambda: click.echo(f"{target}: {len(data)} bytes"))


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
@click.option("--key", metavar="VKEY", help="Public key of the log as you know it from elsewhere.")
@click.option("--language", type=click.Choice(["nl", "en"]), default="en", help="Default: en.")
@click.option(
    "--write-checker",
    "checker",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the program that checks proof files with Python alone, and do nothing else.",
)
def verify(file: Path | None, key: str | None, language: str, checker: Path | None) -> None:
    """Check a proof file, offline: needs no record and no database.

    Says what is proven and what is not. Ends with exit code 5 where the file does not hold.
    """
    from goedebuur.cli import checker as checker_text
    from goedebuur.core.proof import checking, sentences
    from goedebuur.services.checker import archive

    if checker is not None:
        checker.write_bytes(archive())
        current().answer({"file": str(checker)}, lambda: click.echo(f"{checker}: python3 {checker.name} FILE"))
        return
    if file is None:
        raise click.UsageError("Give a proof file, or --write-checker.")
    report = checking.check(file.read_bytes(), vkey=key)

    def told(findings: tuple[checking.Finding, ...]) -> list[dict[str, Any]]:
        return [
            {"code": one.code, "values": dict(one.values), "sentence": sentences.sentence(one, language)}
            for one in findings
        ]

    answer = {
        "claim": report.claim,
        "checkpoint": {
            "origin": report.checkpoint.origin,
            "size": report.checkpoint.size,
            "root": report.checkpoint.root.hex(),
        },
        "proven": told(report.proven),
        "unproven": told(report.unproven),
    }
    current().answer(answer, lambda: click.echo(checker_text.text(report, language)))
