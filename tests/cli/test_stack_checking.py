"""The command that checks raw values: what it answers, as text and JSON."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.services import planting

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.services.demo import permits, stack_loading
from goedebuur.services.demo.stacks.defects import mislabelled_out
from goedebuur.services.demo.stacks.plants import CAST_HOUSE
from goedebuur.services.record import Record
from goedebuur.services.settings import Settings
from goedebuur.store.keys import Ed25519Signer

SIGNER = Ed25519Signer("example.org/log", bytes(range(32)))
NOW = datetime(2026, 4, 20, 12, tzinfo=UTC)
WHEN = ["--from", "2024-12-31T23:00Z", "--until", "2025-02-01"]


def open_record(settings: Settings, *, read_only: bool) -> Record:
    return Record.open(settings.record_dir, signer=None if read_only else SIGNER, read_only=read_only)


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    settings = Settings(home=tmp_path / "home")
    planted = mislabelled_out(np.random.default_rng(2), planting.run(5, CAST_HOUSE, 8))
    record = open_record(settings, read_only=False)
    permits.load(record, NOW - timedelta(hours=1), "simulatie")
    stack_loading.load(record, [planted.run], NOW)
    record.close()
    return Wiring(
        settings=lambda: settings,
        now=lambda: NOW,
        open_record=open_record,
        serve=lambda settings, site, say: None,
        manage=lambda settings, arguments: None,
        http=lambda: nullcontext(),  # type: ignore[arg-type,return-value]
    )


def test_findings_are_listed_with_their_sentence_and_that_they_are_simulated(
    wiring: Wiring, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["stack", "check", CAST_HOUSE.site, *WHEN], wiring) == 0
    text = capsys.readouterr().out
    assert "stack.state_contradicted" in text
    assert "The plant reports the state out_of_service, but the signals show normal operation" in text
    assert "(simulated)" in text


def test_the_answer_as_json_has_numbers_and_both_languages(wiring: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stack", "check", CAST_HOUSE.site, *WHEN, "--json"], wiring) == 0
    answer = json.loads(capsys.readouterr().out)
    (found,) = answer["found"]
    assert (found["check"], found["severity"], found["numbers"]["state"]) == (
        "stack.state_contradicted",
        "flag",
        "out_of_service",
    )
    assert found["nl"].startswith("De installatie meldt de toestand out_of_service")
    assert (answer["streams"], found["simulated"]) == (8, True)


def test_a_period_that_ends_before_it_begins_is_wrong_use(wiring: Wiring) -> None:
    assert run(["stack", "check", CAST_HOUSE.site, "--from", "2025-02", "--until", "2025-01"], wiring) == Exit.USAGE
