"""`goedebuur permits extract`: proposals and what was left out, and nothing entered."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from tests.cli.test_people import wiring

from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring

__all__ = ["wiring"]

LINES = (
    "3.1.1 De emissie van ammoniak mag niet meer bedragen dan 5 mg/Nm³ als daggemiddelde.",
    "3.1.2 Het is verboden afvalstoffen te verbranden.",
)


def test_proposals_and_what_was_left_out_are_told_and_counted(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4)
    for at, line in enumerate(LINES):
        canvas.drawString(50, 700 - 40 * at, line)
    canvas.save()
    path = tmp_path / "besluit.pdf"
    path.write_bytes(written.getvalue())
    assert run(["permits", "extract", str(path), "--json"], wiring) == 0
    answer = json.loads(capsys.readouterr().out)
    (proposed,) = answer["proposals"]
    assert proposed["fields"] == {
        **{"substance": "ammoniak", "cas": "7664-41-7", "value": "5", "unit": "mg/Nm³", "averaging": "day"},
    }
    assert [(one["number"], one["page"]) for one in answer["left_out"]] == [("3.1.2", 1)]
    assert answer["sentences"] == 2
    assert list(tmp_path.iterdir()) == [path]
