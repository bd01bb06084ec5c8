"""Permits from the command line: checked, published, shown and exported."""

from __future__ import annotations

import hashlib
import json
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_on_a_record import open_record

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import Installation, Site
from goedebuur.services import sites
from goedebuur.services.settings import Settings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PDF = b"%PDF-1.7 besluit"
BODY: dict[str, Any] = {
    "id": "oud",
    "kind": "permit",
    "site": "voorbeeld",
    "authority": "gs-voorbeeldland",
    "reference": "2026-1",
    "title": "Besluit",
    "article": "Ow 5.1",
    "decided_on": "2026-01-01",
    "valid_from": "2026-01-01",
    "general_rules": [{"rule": "bal.4.73", "installations": ["lijn-1"], "oxygen": "11"}],
    "documents": [
        {
            "sha256": hashlib.sha256(PDF).hexdigest(),
            "name": "besluit.pdf",
            "size": len(PDF),
            "media_type": "application/pdf",
        }
    ],
    "conditions": [
        {
            "number": "3.1",
            "kind": "emission_limit",
            "installations": ["lijn-1"],
            "text": "Ten hoogste 2 mg stof per Nm3.",
            "form": {
                "substance": {"name": "stof", "id": "dust"},
                "value": "2",
                "unit": "mg/Nm3",
                "averaging": "day",
                "reference": {"oxygen": "11", "dry": True},
            },
        }
    ],
}


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    settings = Settings(home=tmp_path / "home")
    record = open_record(settings, read_only=False)
    named = (Dated("Voorbeeld"),)
    sites.put(record, (Site("voorbeeld", named), Installation("lijn-1", "voorbeeld", named)), NOW)
    record.close()
    (tmp_path / "besluit.pdf").write_bytes(PDF)
    return Wiring(
        settings=lambda: settings,
        now=lambda: NOW,
        open_record=open_record,
        serve=lambda settings, site, say: None,
        manage=lambda settings, arguments: None,
        http=lambda: nullcontext(),  # type: ignore[arg-type,return-value]
    )


def written(folder: Path, **fields: Any) -> str:
    path = folder / "besluit.json"
    path.write_text(json.dumps(BODY | fields), encoding="utf-8")
    return str(path)


def answered(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_decision_is_published_shown_and_exported(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pdf = str(tmp_path / "besluit.pdf")
    assert run(["permits", "publish", written(tmp_path), "--document", pdf, "--json"], wiring) == 0
    done = answered(capsys)
    assert (done["id"], done["conditions"], done["new"]) == ("oud", 1, True)
    assert run(["permits", "list", "--json"], wiring) == 0
    assert answered(capsys) == {"sites": {"voorbeeld": ["oud"]}}
    assert run(["permits", "show", "voorbeeld", "--json"], wiring) == 0
    shown = answered(capsys)
    assert (shown["on"], [one["id"] for one in shown["conditions"]]) == ("2026-03-01", ["oud/3.1"])
    assert run(["permits", "export", "voorbeeld"], wiring) == 0
    first = capsys.readouterr().out.strip()
    assert run(["permits", "export", "voorbeeld", "-o", str(tmp_path / "uit.json")], wiring) == 0
    assert (tmp_path / "uit.json").read_text("utf-8") == first
    assert json.loads(first)["on"] == "2026-03-01"


def test_limits_say_which_binds(wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["permits", "publish", written(tmp_path), "--document", str(tmp_path / "besluit.pdf")], wiring)
    capsys.readouterr()
    assert run(["permits", "limits", "voorbeeld", "--on", "2026-03-01", "--json"], wiring) == 0
    (place,) = answered(capsys)["places"]
    (dust,) = [one for one in place["limits"] if (one["substance"], one["averaging"]) == ("dust", "day")]
    assert (dust["outcome"], dust["binding"]) == ("BINDS", "oud/3.1")
    assert run(["permits", "limits", "voorbeeld"], wiring) == 0
    assert "oud/3.1" in capsys.readouterr().out


def test_every_fault_in_a_file_is_told(wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, decided_on="gisteren", colour="groen")
    assert run(["permits", "check", path, "--json"], wiring) == Exit.REFUSED
    assert sorted(one["place"] for one in answered(capsys)["faults"]) == [
        "besluit.json: colour",
        "besluit.json: decided_on",
    ]
    assert run(["permits", "check", written(tmp_path)], wiring) == 0
    assert "No faults." in capsys.readouterr().out


def test_refusal_ends_with_its_code(wiring: Wiring, tmp_path: Path) -> None:
    assert run(["permits", "publish", written(tmp_path)], wiring) == Exit.REFUSED
    assert run(["permits", "show", "nergens"], wiring) == Exit.NOT_FOUND
    assert run(["permits", "limits", "nergens"], wiring) == Exit.NOT_FOUND
    assert run(["permits", "show", "voorbeeld", "--on", "morgen"], wiring) == Exit.USAGE
