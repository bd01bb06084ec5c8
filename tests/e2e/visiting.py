"""The running site as the browser tests see it, and someone who visits it."""

from __future__ import annotations

import json
import os
import re
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import ConsoleMessage, Page, Request

DESKTOP: Final = (1280, 900)
PHONE: Final = (390, 844)
READY: Final = 30_000  # [ms] that a map or chart may take to be drawn by a software renderer


@dataclass(frozen=True, slots=True)
class Site:
    """The running site, and places in its record that the tests visit."""

    address: str
    station: str
    series: str
    start: str
    """Start of an hour that was corrected, as it stands in an address."""
    year: int

    def json(self, path: str) -> Any:
        """Return the answer of the API."""
        with urllib.request.urlopen(f"{self.address}{path}", timeout=60) as answer:
            return json.load(answer)


@dataclass(slots=True)
class Visitor:
    """Someone who looks at the site, and everything the browser complained about meanwhile."""

    site: Site
    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str, status: int = 200) -> Page:
        """Return the page at this path, with its map, charts and roses drawn."""
        answer = self.page.goto(self.site.address + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        if self.page.locator("[data-map]").count():
            self.page.locator("html[data-map-ready='1']").wait_for(state="attached", timeout=READY)
        for kind in ("chart", "rose"):
            for part in self.page.locator(f"[data-{kind}]").all():
                part.and_(self.page.locator(f"[data-{kind}-ready='1']")).wait_for(state="attached", timeout=READY)
        return self.page

    def axe(self) -> list[str]:
        """Return a line for each rule of axe-core that the page breaks, with the elements."""
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")["violations"]
        return [
            f"{rule['id']}: {rule['help']}: " + " | ".join(node["html"][:160] for node in rule["nodes"][:5])
            for rule in found
        ]

    def picture(self, name: str) -> None:
        """Keep a picture of the whole page where `E2E_PICTURES` names a folder."""
        folder = os.environ.get("E2E_PICTURES")
        if folder:
            self.page.screenshot(
                path=str(Path(folder) / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}.png"), full_page=True
            )


def note_failure(visitor: Visitor, request: Request) -> None:
    # what the page itself took back (a newer zoom, a page left) did not fail
    if request.failure != "net::ERR_ABORTED":
        visitor.complaints.append(f"failed: {request.url}: {request.failure}")


def note_message(visitor: Visitor, message: ConsoleMessage) -> None:
    # a page that is meant to say 404 or 400 is also logged by the browser; Visitor.open looks at the status
    if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
        visitor.complaints.append(f"{message.type}: {message.text}")


Visit = Callable[..., Visitor]
