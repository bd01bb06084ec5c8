"""Serve the pages: a free port, everything prepared, granian with its workers, the browser when it answers."""

from __future__ import annotations

import errno
import os
import socket
import threading
import webbrowser
from collections.abc import Callable
from typing import Final

from goedebuur.cli.wiring import Site
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.services.settings import Settings

PORT_TAKEN: Final = declare("serve-port-taken", "Another program listens on the port already.")
NO_SUCH_ADDRESS: Final = declare("serve-address", "This machine cannot listen on the address.")
PORTS_TRIED: Final = 20
WAIT: Final = 0.1  # [s] between two looks whether the site answers
PATIENCE: Final = 600  # looks


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
    os.environ["GOEDEBUUR_HOME"] = str(settings.home)  # the workers are processes of their own and read it there

    from goedebuur.app.prepare import prepare

    prepare()
    shown = "localhost" if site.host in ("0.0.0.0", "::", "127.0.0.1") else site.host  # noqa: S104 - compared only
    address = f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"
    say(f"{address} - stop with Ctrl-C")
    if site.browser:
        threading.Thread(target=_open_when_up, args=(site.host, port, address), daemon=True).start()
    _run(site, port)


def _run(site: Site, port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "goedebuur.app.wsgi:application",
        address=site.host,
        port=port,
        interface=Interfaces.WSGI,
        workers=site.workers,
        websockets=False,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    )
    server.serve()


def _open_when_up(host: str, port: int, address: str) -> None:
    pause = threading.Event()
    for _ in range(PATIENCE):
        try:
            with socket.create_connection((host, port), timeout=1):
                break
        except OSError:
            pause.wait(WAIT)
    else:
        return
    webbrowser.open(address)
