"""A site that runs on while the key of the log changes signs with the right one, and with no other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.services.deliveries import NOW, SIGNER, open_record, station_file
from tests.services.signing import FILE, enter, sign, statement
from tests.web.conftest import reading

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import notes, proofs, receipts
from goedebuur.core.ledger.receipts import Receipt
from goedebuur.services import rotation, submitting
from goedebuur.services.sending import headers
from goedebuur.services.verification import verify
from goedebuur.store import keys
from goedebuur.store.keys import Ed25519Signer, Ed25519Verifier
from goedebuur.store.ledger import Ledger
from goedebuur.web.record import writing
from goedebuur.web.views import submitting as views

ADDRESS = "/api/deliveries/"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with its key, and a submitter."""
    record = open_record(tmp_path / "record")
    enter(record)
    record.close()
    keys.create(key_of(tmp_path), SIGNER.name, lambda n: bytes(range(n)))
    monkeypatch.setattr(views, "now", lambda: NOW)
    return tmp_path


@pytest.fixture
def client(home: Path) -> Iterator[Client]:
    with reading(home) as found:
        yield found


def key_of(home: Path) -> Path:
    return home / "keys" / "log.key"


def begin(home: Path) -> str:
    """Begin the change, and return the new public key."""
    return rotation.begin(home / "record", key_of(home)).vkeys[1]


def finish(home: Path) -> None:
    rotation.finish(home / "record", key_of(home), NOW)


def nonce(number: int) -> str:
    return f"{number:032x}"


def deliver(client: Client, number: int, *, small: bool = False) -> Receipt:
    """Deliver another file each time, and return its receipt."""
    data = station_file({"NL90001": [str(20 + number)]}, first=f"201902{number % 28 + 1:02d}") if number else FILE
    said = sign(statement(data, nonce=nonce(number)))
    address = f"{ADDRESS}?small=1" if small else ADDRESS
    answer = client.post(address, data, content_type="application/octet-stream", headers=headers(said))
    assert answer.status_code in (201, 202), answer.content
    return receipts.parse(answer.content)


def signed_by(note: bytes, *vkeys: str) -> list[bool]:
    found = []
    for vkey in vkeys:
        try:
            notes.open_note(note, Ed25519Verifier(vkey))
            found.append(True)
        except GoedeBuurError:
            found.append(False)
    return found


def test_site_signs_with_both_keys_while_they_change_and_with_the_new_one_after_it(client: Client, home: Path) -> None:
    deliver(client, 0)
    new = begin(home)
    between = deliver(client, 1)
    assert signed_by(proofs.parse(between.leaves[0].proof).checkpoint, SIGNER.vkey, new) == [True, True]
    finish(home)
    after = deliver(client, 2)
    assert after.log == new
    assert receipts.check(after, vkey=new).status == "logged"
    assert signed_by(proofs.parse(after.leaves[0].proof).checkpoint, SIGNER.vkey, new) == [False, True]
    assert verify(home / "record", vkey=new) == []


def test_promise_is_signed_by_the_key_that_stands_in_the_list(client: Client, home: Path) -> None:
    assert receipts.check(deliver(client, 0, small=True), vkey=SIGNER.vkey).status == "promised"
    new = begin(home)
    assert receipts.check(deliver(client, 1, small=True), vkey=SIGNER.vkey).status == "promised"
    finish(home)
    made = deliver(client, 2, small=True)
    assert signed_by(made.promise, SIGNER.vkey, new) == [False, True]
    assert receipts.check(made, vkey=new).status == "promised"


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("step", ["begin", "finish"])
def test_process_with_an_earlier_key_signs_nothing(client: Client, home: Path, step: str, small: bool) -> None:
    record = writing()
    assert record is not None
    assert record.journal is not None
    new = begin(home)
    if step == "finish":
        finish(home)
    size = Ledger.open(home / "record").size
    if small and step == "begin":
        made = submitting.submit(record, sign(statement()), FILE, NOW, small=True)
        assert receipts.check(made, vkey=SIGNER.vkey).status == "promised"  # the old key stands in the list still
        return
    with pytest.raises(GoedeBuurError) as caught:
        submitting.submit(record, sign(statement()), FILE, NOW, small=small)
    assert caught.value.code == "ledger-other-key"
    ledger = Ledger.open(home / "record")
    assert ledger.size == size
    assert signed_by(ledger.signed_checkpoint(), SIGNER.vkey, new) == [step == "begin", True]
    fresh = writing()
    assert fresh is not None
    assert fresh.journal is not None
    assert fresh.journal.pending() == []


def test_key_that_changes_during_a_delivery_is_taken_over_for_it(
    client: Client, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = begin(home)
    deliver(client, 0)
    submit, turns = submitting.submit, []

    def in_between(*given: Any, **named: Any) -> Receipt:
        if not turns:
            turns.append(1)
            finish(home)
        return submit(*given, **named)

    monkeypatch.setattr(submitting, "submit", in_between)
    made = deliver(client, 1)
    assert receipts.check(made, vkey=new).status == "logged"


def test_no_signature_is_made_with_a_key_that_is_not_in_the_list_whenever_it_changes(
    client: Client, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three deliver, large and small, while the key changes twice over; each signature is held against the list."""
    listed, wrong, made = home / "record" / "ledger" / "log.vkey", [], []
    plain = Ed25519Signer.sign
    names = {SIGNER.vkey}

    def watched(self: Ed25519Signer, message: bytes) -> bytes:
        # a new key signs for the first time just before it is listed; one that was listed never after it went
        if self.name == SIGNER.name and self.vkey in names and self.vkey not in listed.read_text():
            wrong.append(self.vkey)
        signature = plain(self, message)
        names.update(listed.read_text().split())
        return signature

    monkeypatch.setattr(Ed25519Signer, "sign", watched)

    def supplier(first: int) -> None:
        for number in range(first, first + 5):
            made.append(deliver(client, number, small=number % 2 == 0))

    threads = [threading.Thread(target=supplier, args=(first,)) for first in (1, 11, 21)]
    for thread in threads:
        thread.start()
    known = [SIGNER.vkey]
    for _ in range(2):
        known.append(begin(home))
        finish(home)
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(made) == 15
    assert {receipts.check(one).status for one in made} <= {"logged", "promised"}
    assert {one.log for one in made} <= set(known)
    assert verify(home / "record", vkey=known[-1]) == []
    fresh = writing()
    assert fresh is not None
    with fresh.lock():
        submitting.take_waiting(fresh, NOW + timedelta(minutes=1))
    assert verify(home / "record", vkey=known[-1]) == []
