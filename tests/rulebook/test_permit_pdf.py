"""A PDF that breaks one rule is refused for that rule; what of it is not read is told of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from tests.adapters.test_permit_pdf import pdf, scan, text_page
from tests.cli.test_on_a_record import served, wiring

from goedebuur.adapters import permit_pdf
from goedebuur.adapters.permit_pdf import Bounds
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.rulebook import CHECKS

__all__ = ["served", "wiring"]
CASES: dict[str, Callable[[], bytes]] = {
    "permit-pdf-not-empty": lambda: b"",
    "permit-pdf-size": lambda: pdf(text_page),
    "permit-pdf-form": lambda: b"PK\x03\x04 a spreadsheet",
    "permit-pdf-unlocked": lambda: pdf(text_page, encrypt=StandardEncryption("secret", ownerPassword="owner")),
    "permit-pdf-pages": lambda: pdf(lambda canvas: [text_page(canvas) for _ in range(3)]),
    "permit-pdf-bounds": lambda: pdf(text_page),
    "permit-pdf-whole": lambda: pdf(text_page)[:300],
}


@pytest.mark.parametrize("check", list(CASES))
def test_refused(check: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if check == "permit-pdf-size":
        monkeypatch.setattr(permit_pdf, "MAX_BYTES", 100)
    if check == "permit-pdf-pages":
        monkeypatch.setattr(permit_pdf, "MAX_PAGES", 2)
    if check == "permit-pdf-bounds":
        endless = tmp_path / "endless.py"
        endless.write_text("import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass\n")
        monkeypatch.setattr(permit_pdf, "WORKER", endless)
    with pytest.raises(GoedeBuurError) as raised:
        permit_pdf.read(CASES[check](), "besluit.pdf", Bounds(1) if check == "permit-pdf-bounds" else Bounds(20))
    assert (raised.value.check, raised.value.code) == (check, CHECKS[check].code)
    assert raised.value.place == "besluit.pdf"
    assert raised.value.hint


def test_what_is_not_read_is_noted(wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(scan())
    assert run(["permits", "extract", str(path), "--no-ocr"], wiring) == 0
    assert "[permit-pdf-page-read]" in capsys.readouterr().out
    words = "3.2.1 De houder van de vergunning moet de installatie zorgvuldig onderhouden."
    path.write_bytes(pdf(lambda canvas: text_page(canvas, words)))
    assert run(["permits", "extract", str(path)], wiring) == 0
    assert "[permit-pdf-sentence-read]" in capsys.readouterr().out
