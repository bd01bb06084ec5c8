"""Open the first page in the browser as soon as the site answers: `python -m goedebuur.app.browser ADDRESS`.

A process of its own, because the one that starts the site becomes the server.
"""

from __future__ import annotations

import socket
import sys
import threading
import webbrowser
from typing import Final
from urllib.parse import urlsplit

PAUSE: Final = 0.1  # [s] between two looks whether the site answers
PATIENCE: Final = 600  # looks


def answers(host: str, port: int, *, looks: int = PATIENCE, pause: float = PAUSE) -> bool:
    """Return whether something listens there, after at most so many looks."""
    wait = threading.Event()
    for look in range(looks):
        if look:
            wait.wait(pause)
        try:
            with socket.create_connection((host, port), timeout=1):
                return True
        except OSError:
            continue
    return False


def main(arguments: list[str]) -> int:
    """Return 0 when the page was opened."""
    address = urlsplit(arguments[0])
    if not answers(address.hostname or "localhost", address.port or 80):
        return 1
    return 0 if webbrowser.open(arguments[0]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
