"""Someone at home with the checking page on a USB stick: gives it files and reads what it says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page
from tests.e2e.visiting import DESKTOP

from goedebuur.web.checker import assembling

AXE: Final = Path(__file__).parent / "vendor/axe-core/axe.min.js"
DONE: Final = ":is([data-outcome=good],[data-outcome=bad],[data-outcome=unable])"


@dataclass(slots=True)
class Home:
    """The page in a browser, and everything that it asked for or complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    asked: int = 0

    def give(self, data: bytes | Path, name: str = "cijfer.bewijs.json") -> str:
        """Give a file, and return the outcome: good, bad or unable."""
        file = {"name": name, "mimeType": "application/json", "buffer": data} if isinstance(data, bytes) else data
        self.page.set_input_files("#file", file)  # type: ignore[arg-type]
        return self.outcome()

    def outcome(self) -> str:
        """Return the outcome of the check that was asked last."""
        self.asked += 1
        status = self.page.locator(f"#status[data-asked='{self.asked}']{DONE}")
        status.wait_for(timeout=30_000)
        return status.get_attribute("data-outcome") or ""

    def key(self, vkey: str) -> None:
        """Fill in the key of the log, and leave the field."""
        self.page.fill("#key", vkey)
        self.page.press("#key", "Tab")

    def witnesses(self, listed: str, quorum: int = 0) -> None:
        """Bring witnesses and how many are asked for, before a file is given."""
        self.page.eval_on_selector("#others", "one => { one.open = true; }")
        self.page.evaluate(
            "([list, number]) => { witnesses.value = list; quorum.value = number; }", [listed, str(quorum)]
        )

    def language(self) -> None:
        """Switch to the other language."""
        self.page.click("#language")

    def step(self) -> str:
        """Return the step that did not hold."""
        return self.page.locator("#result").get_attribute("data-step") or ""

    def fact(self, name: str) -> str:
        """Return what the page says of a refusal: code, message, place or found."""
        found = self.page.locator(f"[data-fact={name}]")
        return found.text_content() or "" if found.count() else ""

    def sentences(self, kind: str) -> list[tuple[str, str]]:
        """Return code and sentence of what is proven, or what is not."""
        items = self.page.locator(f"ul.{kind} li").all()
        return [(item.get_attribute("data-code") or "", item.text_content() or "") for item in items]

    def axe(self) -> list[str]:
        """Return a line for each rule of axe-core that the page breaks."""
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        return [f"{rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in found]


@contextmanager
def at_home(browser: Browser, folder: Path, size: tuple[int, int] = DESKTOP, **options: Any) -> Iterator[Home]:
    """Give the page, opened from a folder, without a network; nothing may be asked of anyone, and no complaint."""
    copy = folder / assembling.NAME
    copy.write_bytes(assembling.page())
    options = {"locale": "nl-NL", "timezone_id": "America/New_York"} | options
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True, **options)
    context.add_init_script(path=str(AXE))
    home = Home(context.new_page())
    home.page.on("request", lambda request: home.requests.append(request.url))
    home.page.on("pageerror", lambda error: home.complaints.append(str(error)))
    home.page.on("console", lambda message: home.complaints.append(message.text))
    home.page.goto(copy.as_uri())
    yield home
    context.close()
    assert home.complaints == []
    assert [url for url in home.requests if url not in (copy.as_uri(), "data:,")] == []
