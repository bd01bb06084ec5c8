"""Serve the pages: find a free port, prepare everything, and become granian with its workers."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from goedebuur.cli.wiring import Site
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.services.settings import Settings

PORT_TAKEN: Final = declare("serve-port-taken", "Another program listens on the port already.")
NO_SUCH_ADDRESS: Final = declare("serve-address", "This machine cannot listen on the address.")
PORTS_TRIED: Final = 20
THREADS: Final = 4
"""Pages that one worker makes at the same time: they share one interpreter, and wait for files in turn."""
WAITING: Final = 64
"""Requests that one worker takes on before others have to queue at the socket."""
LAST_ANSWER: Final = 5
"""Time that a worker has to finish its answers when it is told to stop. [s]"""


def free_port(host: str, port: int, *, any_port: bool) -> int:
    """Return the port to listen on: the one asked for, or where any will do, the next one that is free.

    Raises
    ------
    GoedeBuurError
        `serve-port-taken`, `serve-address`.
    """
    for candidate in range(port, min(port + (PORTS_TRIED if any_port else 1), 65_536)):
        try:
            with _socket(host) as listener:
                listener.bind((host, candidate))
            return candidate
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise GoedeBuurError(
                    NO_SUCH_ADDRESS,
                    "This machine cannot listen on that address.",
                    place="GOEDEBUUR_LISTEN",
                    value=host,
                    hint=f"Give an address of this machine, such as 127.0.0.1 ({error.strerror}).",
                ) from error
    raise GoedeBuurError(
        PORT_TAKEN,
        "Another program listens there already, or listening there is not allowed.",
        value=f"{host}:{port}",
        hint="Stop that program, or choose another port with --port.",
    )


def _socket(host: str) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    # as the server does it: a port that was let go of a moment ago is free
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return listener


def serve(settings: Settings, site: Site, say: Callable[[str], None]) -> None:
    """Serve until the process is told to stop (Ctrl-C or SIGTERM).

    This process becomes the server: what the command loaded is gone, and no thread of it is alive in a worker.

    Parameters
    ----------
    say
        Where a sentence for the person at the keyboard goes.

    Raises
    ------
    GoedeBuurError
        As :func:`free_port`.
    """
    port = free_port(site.host, site.port, any_port=site.any_port)
    if port != site.port:
        say(f"port {site.port} is taken; using {port}")
    # the server is a program of its own and reads them there
    os.environ["GOEDEBUUR_HOME"] = str(settings.home)
    if settings.map_bounds is not None:
        os.environ["GOEDEBUUR_MAP_BOUNDS"] = ",".join(map(str, settings.map_bounds))

    from goedebuur.app.prepare import prepare

    prepare()
    _settle(settings, say)
    address = browser_address(site.host, port)
    say(f"{address} - stop with Ctrl-C")
    if site.browser:
        opener = [sys.executable, "-m", "goedebuur.app.browser", address]
        subprocess.Popen(opener, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own words
    if settings.publish:
        # not this process: it becomes the server, and the workers have pages to make
        subprocess.Popen([sys.executable, "-m", "goedebuur.app.publisher", str(os.getpid())])  # noqa: S603 - our own words
    subprocess.Popen([sys.executable, "-m", "goedebuur.app.studies", str(os.getpid())])  # noqa: S603 - our own words
    sys.stdout.flush()
    sys.stderr.flush()
    _become(server_command(site, port))


def _settle(settings: Settings, say: Callable[[str], None]) -> None:
    """Write under its leaf what was decided and is due, as a crash may have left it; the site starts in any case."""
    from goedebuur.services import opening, publishing_findings

    def held_up(one: publishing_findings.HeldUp) -> None:
        say(f"version {one.number} of case {one.case} is not published: {one.code} {one.place}")

    try:
        record = opening.to_write(settings)
        if record is not None:
            publishing_findings.settle(record, datetime.now(UTC), held_up)
            record.close()
    except GoedeBuurError as error:
        say(f"what was decided was not published: {error.code}")


def browser_address(host: str, port: int) -> str:
    """Return the address of the first page as a browser on this machine reaches it.

    >>> browser_address("0.0.0.0", 8000), browser_address("::1", 8000)
    ('http://localhost:8000/', 'http://[::1]:8000/')
    """
    shown = "localhost" if host in ("0.0.0.0", "::", "127.0.0.1") else host  # noqa: S104 - compared only
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


def server_command(site: Site, port: int) -> list[str]:
    """Return the command line of the server."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--host", site.host, "--port", str(port)),
        *("--workers", str(site.workers), "--blocking-threads", str(THREADS), "--backpressure", str(WAITING)),
        *("--workers-kill-timeout", str(LAST_ANSWER), "--respawn-failed-workers", "--log-level", "error"),
        "goedebuur.app.wsgi:application",
    ]


def _become(command: list[str]) -> None:
    if os.name == "posix":
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted
    raise SystemExit(subprocess.call(command))  # noqa: S603 - our own words
