"""Commands that show pages: demo and serve."""

from __future__ import annotations

import dataclasses
import shlex
from pathlib import Path

import click

from goedebuur import __version__
from goedebuur.cli.options import Command
from goedebuur.cli.session import Session, current
from goedebuur.cli.wiring import Site


@click.command(cls=Command)
@click.option("--host", help="Address to listen on, instead of the one in GOEDEBUUR_LISTEN.")
@click.option("--port", type=click.IntRange(1, 65_535), help="Port to listen on, instead of the one set.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that make pages, instead of the number set.")
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the pages of the record.

    Brings the database to the state of this version first. Stops on Ctrl-C or SIGTERM.
    """
    session = current()
    settings = session.settings
    session.wiring.serve(settings, _site(settings.listen, host, port, workers or settings.workers), session.remark)


def _site(listen: str, host: str | None, port: int | None, workers: int) -> Site:
    set_host, _, set_port = listen.rpartition(":")
    return Site(host=host or set_host.strip("[]"), port=port or int(set_port), workers=workers)


@click.command(cls=Command)
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Show the real files in this folder instead of the simulated region.",
)
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65_535), help="Port to listen on; the next free one if it is taken.")
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
@click.option("--build-only", is_flag=True, help="Make the record and stop; serve nothing.")
def demo(data: Path | None, host: str | None, port: int | None, no_browser: bool, build_only: bool) -> None:
    """Show a simulated region, or a folder with real files.

    The record is made the first time, in the folder `demo` of the installation (`demo-data` for real files), and
    kept. Stopped half-way, the same command goes on where it was. Of real files with stations in the IJmond, the map
    starts there unless GOEDEBUUR_MAP_BOUNDS says otherwise; it has all stations.
    """
    from goedebuur.services import showcase

    session = current()
    settings = session.move(session.settings.home / ("demo-data" if data else "demo"))
    _build(session, data)
    session.remark(f"to look into its record: goedebuur stations --home {shlex.quote(str(settings.home))}")
    if build_only:
        session.answer({"home": str(settings.home)}, lambda: click.echo(str(settings.home)))
        return
    if data and settings.map_bounds is None:
        with session.record() as record:
            settings = dataclasses.replace(settings, map_bounds=showcase.bounds(record))
    site = dataclasses.replace(_site(settings.listen, host, port, 1), any_port=True, browser=not no_browser)
    session.wiring.serve(settings, site, session.remark)


def _build(session: Session, data: Path | None) -> None:
    from goedebuur.services import demo as region
    from goedebuur.services import intake, showcase
    from goedebuur.services.demo import dispersion
    from goedebuur.store.studies import Studies

    files = intake.find_files([data]).files if data else ()
    wanted = (
        showcase.fingerprint(files)
        if data
        else f"simulated {region.SEED} {region.YEAR} {region.EARLIER} with findings, stacks, totals and studies"
    )
    mark = session.settings.home / "demo.txt"
    if mark.exists() and mark.read_text(encoding="utf-8") == f"{__version__} {wanted}":
        return
    if not data:
        session.database()
    session.remark(f"making the record from {data or 'a simulation'}, once")
    now = session.wiring.now()
    with session.record(write=True) as record, session.progress() as progress:
        shown = (
            showcase.real(record, files, now=now, progress=progress)
            if data
            else showcase.simulated(record, now=now, progress=progress, cases=True, stacks=True)
        )
        if not data:
            dispersion.queue(Studies(session.settings.home), record, region.YEAR, now)
    for outcome in shown.outcomes:
        if outcome.error:
            session.remark(f"{outcome.name}: {outcome.error['message']} [{outcome.error['code']}]")
    mark.write_text(f"{__version__} {wanted}", encoding="utf-8")
