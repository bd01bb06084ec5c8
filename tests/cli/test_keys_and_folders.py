"""What whoever follows or verifies a log reads when its folder is not there, or its key was replaced."""

from __future__ import annotations

import dataclasses
import json
from contextlib import nullcontext
from pathlib import Path

import pytest
from tests.core.proof import cases
from tests.services.deliveries import NOW

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.services.record import Record
from goedebuur.services.settings import Settings
from goedebuur.store import keys
from goedebuur.store.ledger import Ledger
from goedebuur.store.ledger.publication import Publication

NAME = "log.example/one"
Told = pytest.CaptureFixture[str]


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    def opened(configured: Settings, *, read_only: bool) -> Record:
        return Record.open(configured.record_dir, read_only=True)

    home = tmp_path / "home"
    settings = Settings(home=home)
    keys.load_or_create(settings.signing_key_path, NAME)
    Ledger.open(settings.record_dir, keys.load(settings.signing_key_path))
    return Wiring(
        settings=lambda: settings,
        now=lambda: NOW,
        open_record=opened,
        serve=lambda settings, site, say: None,
        manage=lambda settings, arguments: None,
        http=lambda: nullcontext(),  # type: ignore[arg-type,return-value]
    )


def publish(wiring: Wiring) -> Path:
    settings = wiring.settings()
    Publication(settings.public_path).publish(Ledger.open(settings.record_dir))
    return settings.public_path


def test_monitor_of_a_folder_that_is_not_there_ends_at_once_and_names_it(
    wiring: Wiring, tmp_path: Path, capsys: Told
) -> None:
    for more in ((), ("--follow",)):
        assert run(["monitor", str(tmp_path / "weg"), *more], wiring) == Exit.NOT_FOUND
        said = capsys.readouterr().err
        assert "[publication-missing]" in said
        assert str(tmp_path / "weg") in said


def test_monitor_of_a_folder_that_went_away_ends_with_an_error_and_raises_the_alarm_in_time(
    wiring: Wiring, tmp_path: Path, capsys: Told
) -> None:
    folder = publish(wiring)
    assert run(["monitor", str(folder)], wiring) == Exit.OK
    folder.rename(tmp_path / "elders")
    assert run(["monitor", str(folder)], wiring) == Exit.NOT_FOUND
    assert str(folder) in capsys.readouterr().err
    later = dataclasses.replace(wiring, now=lambda: NOW.replace(year=NOW.year + 1))
    assert run(["monitor", str(folder)], later) == Exit.DAMAGED
    assert "unreachable" in capsys.readouterr().out


def test_verifying_with_a_key_that_was_replaced_says_when_by_which_and_what_to_do(wiring: Wiring, capsys: Told) -> None:
    old = keys.load(wiring.settings().signing_key_path).vkey
    assert run(["record", "rotate-key"], wiring) == Exit.OK
    assert run(["record", "rotate-key", "--finish"], wiring) == Exit.OK
    publish(wiring)
    new = keys.load(wiring.settings().signing_key_path).vkey
    capsys.readouterr()
    for more in ((), ("--published",)):
        assert run(["--json", "record", "verify", "--key", old, *more], wiring) == Exit.DAMAGED
        what_to_do = json.loads(capsys.readouterr().out)["what_to_do"]
        for said in (NOW.strftime("%Y-%m-%dT%H:%M:%SZ"), new, "docs/beheer/sleutels.md"):
            assert said in what_to_do
        assert run(["record", "verify", "--key", new, *more], wiring) == Exit.OK
        capsys.readouterr()


def test_key_that_was_never_of_this_log_is_not_said_to_be_replaced(wiring: Wiring, capsys: Told) -> None:
    stranger = keys.Ed25519Signer(NAME, bytes(32)).vkey
    assert run(["--json", "record", "verify", "--key", stranger], wiring) == Exit.DAMAGED
    assert "replaced" not in capsys.readouterr().out


def test_proof_is_checked_in_the_language_that_is_asked_for(wiring: Wiring, tmp_path: Path, capsys: Told) -> None:
    file = tmp_path / "a.bewijs.json"
    file.write_bytes(cases.GOOD)
    assert run(["verify", str(file), "--language", "nl"], wiring) == Exit.OK
    assert capsys.readouterr().out.startswith("Klopt: ")
    file.write_bytes(cases.GOOD.replace(b'"figure": "13.5"', b'"figure": "13.6"').replace(b'"13.5"', b'"13.6"'))
    for language, said, not_said in (("nl", "Klopt niet: ", "claimed"), ("en", "not what is claimed", "Klopt")):
        assert run(["verify", str(file), "--language", language], wiring) == Exit.DAMAGED
        told = capsys.readouterr().err
        assert said in told
        assert not_said not in told
