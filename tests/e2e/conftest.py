"""The real site on the simulated record, made once a session, and a browser to look at it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright
from tests.e2e.visiting import DESKTOP, Site, Visit, Visitor, note_failure, note_message

FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
AXE = Path(__file__).parent / "vendor/axe-core/axe.min.js"
START = 300  # [s] that making the record and starting the server may take


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_it_answers(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    pause = threading.Event()
    for _ in range(START * 10):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/record/", timeout=60):
                return
        except OSError:
            pause.wait(0.1)
    pytest.fail(f"The site does not answer. Its last words: {log.read_text(errors='replace')[-3000:]}")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return the site, started as `goedebuur demo` starts it."""
    home = tmp_path_factory.mktemp("site")
    log = home / "log.txt"
    port = _free_port()
    command = [sys.executable, "-m", "goedebuur.app.main", "demo", "--no-browser", "--port", str(port)]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GOEDEBUUR_")}
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command, env=inherited | {"GOEDEBUUR_HOME": str(home / "var")}, stdout=sink, stderr=subprocess.STDOUT
        )
        try:
            _wait_until_it_answers(port, process, log)
            yield _site(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait(30)


def _site(address: str) -> Site:
    found = Site(address, "SIM03", "SIM03.pm10.1h", "2025-05-20T10:00:00Z", 2025)
    stations = found.json("/api/stations/")["stations"]
    assert any(series["id"] == found.series for station in stations for series in station["series"])
    return found


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Return the driver of the browser.

    It runs an event loop in this thread as long as it lives, and Django's database calls refuse to work beside one:
    so it ends with its module, before the tests of other folders begin.
    """
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium: Path) -> Iterator[Browser]:
    """Return Chromium, drawing maps in software."""
    with playwright.chromium.launch(executable_path=str(chromium), args=list(FLAGS)) as launched:
        yield launched


@pytest.fixture
def visit(site: Site, browser: Browser) -> Iterator[Visit]:
    """Return a function that makes a visitor with a window of this size; complaints fail the test at its end."""
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def make(size: tuple[int, int] = DESKTOP, **options: Any) -> Visitor:
        width, height = size
        options.setdefault("locale", "nl-NL")
        options.setdefault("timezone_id", "Europe/Amsterdam")
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.add_init_script(path=str(AXE))
        contexts.append(context)
        visitor = Visitor(site, context.new_page())
        visitor.page.on("console", lambda message: note_message(visitor, message))
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(f"script: {error}"))
        visitor.page.on("requestfailed", lambda request: note_failure(visitor, request))
        visitors.append(visitor)
        return visitor

    yield make
    for context in contexts:
        context.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []
