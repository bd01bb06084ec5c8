"""A site with people who sign in to work on it: made by the commands, and served as `goedebuur serve` does."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.e2e.visiting import DESKTOP, Site, Visitor, note_failure, note_message

PASSWORD = "een lang wachtwoord 12"
WORK = "/werk/vergunningen/"
AXE = Path(__file__).parent / "vendor/axe-core/axe.min.js"


def run(home: Path, *arguments: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GOEDEBUUR_")}
    command = [sys.executable, "-m", "goedebuur.app.main", *arguments]
    subprocess.run(command, env=environment | {"GOEDEBUUR_HOME": str(home)}, check=True, capture_output=True)


def add(home: Path, name: str, *seat: str) -> None:
    """Give someone an account and a role."""
    run(home, "people", "add", f"{name}@voorbeeld.nl", "--name", name.capitalize(), "--password", PASSWORD)
    run(home, "people", "give", f"{name}@voorbeeld.nl", *seat)


@contextmanager
def served(home: Path) -> Iterator[Site]:
    """Give the site of a folder, until it is not needed any more."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GOEDEBUUR_")}
    command = [sys.executable, "-m", "goedebuur.app.main", "serve", "--port", str(port)]
    with (home / "log.txt").open("wb") as sink:
        environment |= {"GOEDEBUUR_HOME": str(home)}
        process = subprocess.Popen(command, env=environment, stdout=sink, stderr=subprocess.STDOUT)
        try:
            wait(f"http://127.0.0.1:{port}/over/", process)
            yield Site(f"http://127.0.0.1:{port}", "", "", "", 0)
        finally:
            process.terminate()
            process.wait(30)


def wait(address: str, process: subprocess.Popen[bytes]) -> None:
    pause = threading.Event()
    for _ in range(1200):
        assert process.poll() is None, "the site ended"
        try:
            urllib.request.urlopen(address, timeout=30).close()
        except OSError:
            pause.wait(0.1)
        else:
            return
    pytest.fail("The site does not answer.")


def signed_in(works: Site, browser: Browser, name: str, size: tuple[int, int] = DESKTOP, **options: object) -> Visitor:
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, locale="nl-NL", **options)  # type: ignore[arg-type]
    context.add_init_script(path=str(AXE))
    visitor = Visitor(works, context.new_page())
    visitor.page.goto(works.address + WORK)
    visitor.page.fill("input[name=username]", f"{name}@voorbeeld.nl")
    visitor.page.fill("input[name=password]", PASSWORD)
    visitor.page.press("input[name=password]", "Enter")
    visitor.page.wait_for_url(f"**{WORK}")
    visitor.page.on("console", lambda message: note_message(visitor, message))
    visitor.page.on("requestfailed", lambda request: note_failure(visitor, request))
    return visitor
