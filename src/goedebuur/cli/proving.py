"""Commands for the proof of a figure: make its file, check one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from goedebuur.cli.exits import Exit, exit_of
from goedebuur.cli.options import MOMENT, PUBLIC_KEY, Command, as_of_option
from goedebuur.cli.session import current
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import Clock, Period, iso

PER: Final = ("day", "month", "year", "rolling-year")
WHAT_TO_PROVE = declare("command-figure", "It was not said which figure is to be proven.")


@click.command(cls=Command)
@click.argument("series_id", metavar="SERIES")
@click.argument("start", type=MOMENT, metavar="START", required=False)
@click.option("--year", type=click.IntRange(1900, 2199), help="The mean of this year (CET), instead of one value.")
@click.option("--per", type=click.Choice(PER), help="With --period: a mean of hours, as `goedebuur average` gives it.")
@click.option("--period", metavar="PERIOD", help="2021-03-05, 2021-03 or 2021; of a rolling year its last month.")
@click.option("--percentile", type=click.IntRange(1, 99), help="With --year: this percentile of its hours.")
@click.option("--rule", metavar="RULE", help="With --year: the verdict of this rule on the year.")
@as_of_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), help="Default: by its name."
)
def prove(
    series_id: str,
    start: datetime | None,
    year: int | None,
    per: str | None,
    period: str | None,
    percentile: int | None,
    rule: str | None,
    state: int | datetime | None,
    output: Path | None,
) -> None:
    """Write the proof file of a value, of a mean or percentile, or of a verdict.

    Whoever has the file checks the figure without this record: with `goedebuur verify`, in a browser, or with
    Python alone. START is the start of the step, as in `goedebuur series`. `goedebuur rules` lists the rules; a verdict
    alone is proven as of an earlier state.
    """
    from goedebuur.core.proof.files import SUFFIX
    from goedebuur.services import proving, proving_verdicts

    asked = sum(one is not None for one in (start, year, period))
    if asked != 1 or (per is None) != (period is None) or (percentile is not None and (year is None or rule)):
        raise GoedeBuurError(
            WHAT_TO_PROVE,
            "Give the start of a value, or a year, or --per and --period: one of these.",
            place="START, --year, --per, --period, --percentile",
            hint="For example: goedebuur prove NL49553.pm10.1h 2021-03-01T10:00",
        )
    if (rule is None and state is not None) or (rule is not None and year is None):
        raise GoedeBuurError(
            WHAT_TO_PROVE,
            "A verdict is of a rule and a year, and it alone is proven as of an earlier state.",
            place="--rule, --year, --as-of",
            hint="For example: goedebuur prove NL49553.pm10.1h --year 2021 --rule eu2008.pm10.day",
        )
    session = current()
    published = proving.published_note(session.settings.public_path)
    with session.record() as record:
        if start is not None:
            data = proving.prove_value(record, series_id, start, published)
            label = iso(start).replace(":", "")
        elif per is not None:
            data = proving.prove_average(record, series_id, per, str(period), published)
            label = f"{per}.{period}"
        elif percentile is not None:
            data = proving.prove_percentile(record, series_id, int(year or 0), (percentile, 100), published)
            label = f"{year}.p{percentile}"
        elif rule is None:
            data = proving.prove_mean(record, series_id, Period.year(int(year or 0), Clock.CET), published)
            label = str(year)
        else:
            as_of = session.size(record, state)
            data = proving_verdicts.prove_verdict(record, series_id, rule, int(year or 0), as_of, published)
            label = f"{year}.{rule}"
    target = output or Path(f"{series_id}.{label}{SUFFIX}")
    with click.open_file(str(target), "wb") as sink:
        sink.write(data)
    if str(target) != "-":
        answer = {"file": str(target), "bytes": len(data)}
        current().answer(answer, lambda: click.echo(f"{target}: {len(data)} bytes"))


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
@click.option("--key", type=PUBLIC_KEY, metavar="VKEY", help="Public key of the log as you know it from elsewhere.")
@click.option("--witness", "named", metavar="VKEY", multiple=True, help="Public key of a witness; repeat for more.")
@click.option(
    "--witnesses",
    "listed",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Their keys, one a line.",
)
@click.option("--quorum", type=click.IntRange(0), default=0, help="How many of them must have cosigned. Default: 0.")
@click.option(
    "--language",
    type=click.Choice(["nl", "en"]),
    default="en",
    help="Of what is said, and of a program that is written. Default: en.",
)
@click.option(
    "--write-checker",
    "checker",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the program that checks proof files with Python alone, and do nothing else.",
)
def verify(
    file: Path | None,
    key: str | None,
    named: tuple[str, ...],
    listed: Path | None,
    quorum: int,
    language: str,
    checker: Path | None,
) -> int:
    """Check a proof file, offline: needs no record and no database.

    Says what is proven and what is not. Ends with exit code 5 where the file does not hold, or where fewer witnesses
    cosigned than `--quorum` asks. Take the keys of witnesses from themselves: a list from the site that you doubt says
    what that site wants.
    """
    from goedebuur.cli import checker as checker_text
    from goedebuur.core.proof import checking, sentences, witnesses
    from goedebuur.services.checker import archive

    if checker is not None:
        checker.write_bytes(archive(language))
        current().answer({"file": str(checker)}, lambda: click.echo(f"{checker}: python3 {checker.name} FILE"))
        return Exit.OK
    if file is None:
        raise click.UsageError("Give a proof file, or --write-checker.")
    keys = witnesses.keys(listed.read_text("utf-8", errors="replace")) if listed is not None else ()
    policy = witnesses.policy((*named, *keys), quorum)
    try:
        report = checking.check(file.read_bytes(), vkey=key, policy=policy)
    except GoedeBuurError as error:
        if language == "en" or current().json:
            raise
        click.echo(checker_text.refusal(error, language), err=True)
        return exit_of(error.code)

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
    return Exit.OK
