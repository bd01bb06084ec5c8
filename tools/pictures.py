"""The pictures of the documentation, taken of a running demonstration.

`python3 dev.py demo` in one window, `python tools/pictures.py http://127.0.0.1:8000` in another. Each picture bears the
word that its figures are simulated. Needs Playwright and Chromium, as the browser tests do.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import Locator, Page, sync_playwright

FOLDER: Final = Path(__file__).resolve().parents[1] / "docs" / "bewoners" / "images"
MOST_BYTES: Final = 150_000
SERIES: Final = "SIM03.pm10.1h"
PAGE: Final = "/stations/SIM03/pm10/?start=2025-05-20&end=2025-05-20"
HISTORY: Final = f"/herkomst/{SERIES}/2025-05-20T10:00:00Z/"
VERDICT: Final = f"/oordelen/2025/{SERIES}/eu2008.pm10.day/"
WIDTH, HEIGHT = 800, 620
LABEL: Final = """(text) => {
  const label = document.createElement("p");
  label.textContent = text;
  Object.assign(label.style, {position: "fixed", right: "0", bottom: "0", margin: "0", padding: "4px 12px",
    background: "#5c4100", color: "#ffffff", font: "600 16px system-ui, sans-serif", zIndex: "99"});
  document.body.append(label);
}"""


def take(page: Page, name: str, first: Locator) -> None:
    """Keep what is seen in the window with an element near its top."""
    first.evaluate("element => window.scrollTo(0, element.getBoundingClientRect().top + window.scrollY - 24)")
    target = FOLDER / f"{name}.png"
    page.screenshot(path=str(target))
    if target.stat().st_size > MOST_BYTES:
        raise SystemExit(
            f"{target.name} has {target.stat().st_size} bytes; at most {MOST_BYTES} fit the documentation."
        )


def main(address: str) -> int:
    """Take all pictures of the demonstration at an address."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, locale="nl-NL", timezone_id="Europe/Amsterdam"
        )

        def visit(path: str) -> None:
            page.goto(address.rstrip("/") + path, wait_until="networkidle")
            page.evaluate(LABEL, "Gesimuleerd")

        visit(PAGE)
        page.locator("#figures summary").click()
        take(page, "controleren-1-cijfer", page.locator("#figures"))
        visit(HISTORY)
        take(page, "controleren-2-bewijs", page.locator("#check"))
        with page.expect_download() as started:
            page.locator("a[href^='/bewijs/']").click()
        proof = Path(folder) / started.value.suggested_filename
        started.value.save_as(str(proof))
        visit("/controle/")
        take(page, "controleren-3-pagina", page.locator("h1"))
        page.set_input_files("#file", str(proof))
        page.locator("#status[data-outcome=good]").wait_for()
        take(page, "controleren-4-klopt", page.locator("#status"))
        take(page, "controleren-5-bewezen", page.locator("h2:has-text('Bewezen')").first)
        changed = proof.read_text("utf-8").replace('"figure": "', '"figure": "1', 1)
        page.set_input_files("#file", {"name": proof.name, "mimeType": "application/json", "buffer": changed.encode()})
        page.locator("#status[data-outcome=bad]").wait_for()
        take(page, "controleren-6-klopt-niet", page.locator("#status"))
        visit(VERDICT)
        take(page, "controleren-7-oordeel", page.locator("#check"))
        with page.expect_download() as started:
            page.locator("a[href^='/bewijs/']").click()
        verdict = Path(folder) / started.value.suggested_filename
        started.value.save_as(str(verdict))
        visit("/controle/")
        page.locator("#others summary").click()
        take(page, "controleren-9-getuigen", page.locator("label[for='key']"))
        page.set_input_files("#file", str(verdict))
        page.locator("#status[data-outcome=good]").wait_for()
        take(page, "controleren-8-oordeel-klopt", page.locator("#status"))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
