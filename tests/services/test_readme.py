"""The README of an installation names its log, its keys and its witnesses, and stays one table whatever is set."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from tests.services.test_publishing import KEYS, LOG, Clock, grow, no_post, plan

from goedebuur.services import readme, rotation
from goedebuur.services.cosigning import Plan
from goedebuur.services.publishing import publish
from goedebuur.store import keys
from goedebuur.store.keys import Ed25519Signer
from goedebuur.store.ledger import Ledger
from goedebuur.store.ledger.publication import Publication

NEXT = Ed25519Signer("log.example/one", bytes(range(1, 33)))
ALONE = Plan(Path("record"), Path("public"))


def test_name_and_key_stand_in_it_each_in_its_row() -> None:
    said = readme.text(ALONE, [LOG.vkey])
    assert "| Naam (origin) | `log.example/one` |\n" in said
    assert f"| Openbare sleutel | `{LOG.vkey}` |\n" in said
    assert f"goedebuur monitor ADRES --key '{LOG.vkey}'" in said
    assert "| Getuigen | geen |" in said
    assert "| Beheerder | niet opgegeven |" in said


def test_both_keys_stand_in_it_while_the_key_changes_and_the_new_one_in_the_commands() -> None:
    said = readme.text(ALONE, [LOG.vkey, NEXT.vkey])
    for signer in (LOG, NEXT):
        assert f"| Openbare sleutel (wordt gewisseld: beide gelden) | `{signer.vkey}` |\n" in said
    assert f"--key '{NEXT.vkey}'" in said
    assert f"--key '{LOG.vkey}'" not in said


def test_witnesses_operator_and_contact_stand_in_it_whatever_their_words_hold(tmp_path: Path) -> None:
    how = dataclasses.replace(
        plan(Ledger.open(tmp_path, LOG), "https://w1.example", needed=1),
        operator="Dienst | Noord\n# kop",
        contact="post@dienst.example",
    )
    said = readme.text(how, [LOG.vkey])
    assert f"| Getuige | `{KEYS[0].cosigner_vkey}`, https://w1.example |\n" in said
    assert "| Getuigen die een stand meetekenen vóór zij hier komt | ten minste 1 |\n" in said
    assert "| Beheerder | Dienst \\| Noord # kop |\n" in said
    assert "| Contact | post@dienst.example |\n" in said


def test_publishing_writes_it_and_follows_a_change_of_key(tmp_path: Path) -> None:
    key = tmp_path / "log.key"
    signer = keys.create(key, "log.example/one")
    ledger = Ledger.open(tmp_path / "record", signer)
    grow(ledger, 3)
    publish(ledger, plan(ledger), no_post, Clock())
    first = Publication(ledger.root / "public").read("README.md").decode()
    assert first == readme.text(plan(ledger), [signer.vkey])
    changed = rotation.begin(tmp_path / "record", key)
    opened = Ledger.open(tmp_path / "record", keys.load_changing(key))
    publish(opened, plan(opened), no_post, Clock())
    said = Publication(ledger.root / "public").read("README.md").decode()
    assert all(f"`{vkey}`" in said for vkey in changed.vkeys)
    assert len(changed.vkeys) == 2
