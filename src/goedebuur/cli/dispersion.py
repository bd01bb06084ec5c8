"""Commands on where emissions go: what the weather says of the air near the ground."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from goedebuur.cli.options import MOMENT, Command, Group, as_of_option
from goedebuur.cli.session import current, table
from goedebuur.core.base.periods import Period


@click.group(cls=Group)
def dispersion() -> None:
    """Where it goes: the air near the ground hour by hour, from the weather stations of the record."""


@dispersion.command(cls=Command)
@click.argument("station")
@click.option("--clouds", metavar="STATION", default="", help="Sees the clouds, where STATION measures wind alone.")
@click.option("--roughness", type=float, required=True, metavar="M", help="Of the ground around it: grass has 0.03 m.")
@click.option("--from", "start", required=True, type=MOMENT, metavar="TIME", help="First start.")
@click.option("--until", "end", required=True, type=MOMENT, metavar="TIME", help="Up to, not including.")
@click.option("--csv", "as_csv", is_flag=True, help="Write every hour as CSV in place of the counts.")
@as_of_option
def weather(
    station: str,
    clouds: str,
    roughness: float,
    start: datetime,
    end: datetime,
    as_csv: bool,
    state: int | datetime | None,
) -> None:
    """Reckon friction, stability and heat near the ground, for each hour at a weather station.

    By Holtslag and Van Ulden, for short grass. An hour that lacks something has no figures, and is counted with what
    it lacks; the counts go to the error stream where the hours are written.
    """
    from goedebuur.services import air_hours

    if end <= start:
        raise click.BadParameter("it comes before --from", param_hint="--until")
    session = current()
    with session.record() as record:
        size = session.size(record, state)
        found = air_hours.hours(record, station, Period(start, end), roughness, clouds=clouds, as_of=size)
    rows = [(number, why or "with everything") for why, number in found.counts.items() if number or not why]
    if as_csv:
        for number, why in rows:
            session.remark(f"{number} hours: {why}")
        found.hours.write_csv(sys.stdout, datetime_format="%Y-%m-%dT%H:%M:%SZ")
        return
    told = {"station": found.wind_station, "clouds": found.cloud_station, "roughness": found.roughness}
    session.answer(told | {"counts": found.counts}, lambda: table(("hours", "what they lack"), rows, right=("hours",)))
