"""Cosignatures are those of C2SP: a checkpoint of a public log with those of three public witnesses is the vector."""

from __future__ import annotations

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import cosignatures, notes
from goedebuur.core.ledger.cosignatures import Cosigned, Policy
from goedebuur.core.ledger.notes import COSIGNATURE
from goedebuur.store.keys import Ed25519Signer, verify

# A checkpoint of the Certificate Transparency log arche2025h1 (staging) with its cosignatures, and the public keys of
# three of its witnesses as their operators publish them
TEXT = "arche2025h1.staging.ct.transparency.dev\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n"
LINES = """\
— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIg\
IpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA2\
3oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4Ascyl\
P3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0t\
gh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWf\
Bw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/T\
mN9DAg==
"""
CHECKPOINT = f"{TEXT}\n{LINES}".encode()
GARDEN = "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM"
SMARTIT = "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO"
REMORA = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
# a witness that did not cosign this one
NAVIGLI = "witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G"
WHEN = 0x6A122120

# C2SP tlog-cosignature, the example of a cosigned checkpoint and of the message that is signed
SPEC_LINE = (
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+"
    "mbIUBkBIfZ+qnA=="
)
SPEC_TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
SPEC_TIME = 1679315147

OURS = Ed25519Signer("record.example/log", bytes(range(32)))
WITNESS = Ed25519Signer("witness.example/w1", bytes(range(1, 33)))


def code_of(error: pytest.ExceptionInfo[GoedeBuurError]) -> str:
    return error.value.code


def test_public_checkpoint_is_cosigned_by_its_public_witnesses() -> None:
    standing = cosignatures.check(CHECKPOINT, Policy(3, (GARDEN, SMARTIT, REMORA)), verify)
    assert standing.enough
    assert standing.missing == ()
    assert standing.cosigned == (
        Cosigned(GARDEN, "transparency.dev/DEV:witness-little-garden", WHEN),
        Cosigned(SMARTIT, "witness1.smartit.nu/witness1", WHEN),
        Cosigned(REMORA, "remora.n621.de", WHEN),
    )


@pytest.mark.parametrize(("needed", "enough"), [(0, True), (1, True), (2, True), (3, False), (4, False)])
def test_so_many_witnesses_are_enough_and_no_fewer(needed: int, enough: bool) -> None:
    other = notes.encode_vkey("remora.n621.de", bytes(32), COSIGNATURE)
    standing = cosignatures.check(CHECKPOINT, Policy(needed, (GARDEN, NAVIGLI, other, SMARTIT)), verify)
    assert standing.enough is enough
    assert standing.missing == (NAVIGLI, other)


def test_any_altered_bit_of_a_cosigned_text_or_its_cosignature_is_refused() -> None:
    line = notes.parse_signature(LINES.split("\n")[4])
    assert line.name == "remora.n621.de"
    for bit in range(len(line.data) * 8):
        data = bytearray(line.data)
        data[bit // 8] ^= 1 << bit % 8
        altered = notes.Note(TEXT, (notes.Signature(line.name, line.key, bytes(data)),))
        with pytest.raises(GoedeBuurError):
            cosignatures.check(altered, Policy(1, (REMORA,)), verify)
    with pytest.raises(GoedeBuurError) as caught:
        cosignatures.check(CHECKPOINT.replace(b"1432088532", b"1432088533"), Policy(1, (REMORA,)), verify)
    assert code_of(caught) == "note-unsigned"


def test_message_is_that_of_the_specification() -> None:
    assert cosignatures.message(SPEC_TEXT, SPEC_TIME) == (
        b"cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
        b"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )


def test_line_of_the_specification_says_its_time_and_reads_back() -> None:
    line = notes.parse_signature(SPEC_LINE)
    assert cosignatures.time_of(line) == SPEC_TIME
    assert line.key.hex() == "8d66cf3f"
    assert line.as_line() == SPEC_LINE + "\n"


def test_cosignature_made_here_verifies_and_extension_lines_are_under_it() -> None:
    text = SPEC_TEXT + "one line more\n"
    line = cosignatures.cosign(text, WITNESS.cosigner_vkey, WITNESS.sign, SPEC_TIME)
    policy = Policy(1, (WITNESS.cosigner_vkey,))
    assert cosignatures.check(notes.Note(text, (line,)), policy, verify).enough
    with pytest.raises(GoedeBuurError):
        cosignatures.check(notes.Note(SPEC_TEXT, (line,)), policy, verify)


def test_cosignature_from_the_future_does_not_count() -> None:
    policy = Policy(1, (REMORA,))
    assert cosignatures.check(CHECKPOINT, policy, verify, now=WHEN).enough
    assert not cosignatures.check(CHECKPOINT, policy, verify, now=WHEN - 1).enough


def test_of_several_cosignatures_of_one_witness_the_latest_counts_once() -> None:
    lines = tuple(cosignatures.cosign(SPEC_TEXT, WITNESS.cosigner_vkey, WITNESS.sign, time) for time in (5, 9, 7))
    standing = cosignatures.check(notes.Note(SPEC_TEXT, lines), Policy(1, (WITNESS.cosigner_vkey,)), verify)
    assert standing.cosigned == (Cosigned(WITNESS.cosigner_vkey, "witness.example/w1", 9),)


def test_signature_of_a_note_is_no_cosignature() -> None:
    policy = Policy(1, (WITNESS.cosigner_vkey,))
    assert not cosignatures.check(notes.sign(SPEC_TEXT, WITNESS), policy, verify).enough
    line = cosignatures.cosign(SPEC_TEXT, WITNESS.cosigner_vkey, WITNESS.sign, 5)
    short = notes.Signature(line.name, line.key, WITNESS.sign(SPEC_TEXT.encode()))
    with pytest.raises(GoedeBuurError) as caught:
        cosignatures.check(notes.Note(SPEC_TEXT, (short,)), policy, verify)
    assert code_of(caught) == "note-malformed"


def test_time_beyond_63_bits_is_refused() -> None:
    line = cosignatures.cosign(SPEC_TEXT, WITNESS.cosigner_vkey, WITNESS.sign, 2**63 - 1)
    assert cosignatures.time_of(line) == 2**63 - 1
    beyond = notes.Signature(line.name, line.key, (2**63).to_bytes(8, "big") + line.data[8:])
    with pytest.raises(GoedeBuurError):
        cosignatures.time_of(beyond)
    with pytest.raises(ValueError, match="not a time"):
        cosignatures.cosign(SPEC_TEXT, WITNESS.cosigner_vkey, WITNESS.sign, 2**63)


def test_one_key_under_two_names_is_not_two_witnesses() -> None:
    # C2SP tlog-cosignature: the message "doesn't commit to the cosigner name"
    twin = Ed25519Signer("witness.example/w2", bytes(range(1, 33)))
    with pytest.raises(ValueError, match="twice"):
        Policy(2, (WITNESS.cosigner_vkey, twin.cosigner_vkey))


@pytest.mark.parametrize("needed", [-1, 2])
def test_policy_that_can_never_hold_is_refused(needed: int) -> None:
    with pytest.raises(ValueError, match="cannot be asked for"):
        Policy(needed, (REMORA,))


def test_key_of_a_log_is_no_key_of_a_witness() -> None:
    with pytest.raises(GoedeBuurError) as caught:
        Policy(1, (OURS.vkey,))
    assert code_of(caught) == "note-malformed"
    assert notes.decode_vkey(REMORA, COSIGNATURE)[0] == "remora.n621.de"


def test_cosignature_under_what_is_no_checkpoint_is_refused() -> None:
    line = cosignatures.cosign("hello\n", WITNESS.cosigner_vkey, WITNESS.sign, 5)
    with pytest.raises(GoedeBuurError) as caught:
        cosignatures.check(notes.Note("hello\n", (line,)), Policy(1, (WITNESS.cosigner_vkey,)), verify)
    assert code_of(caught) == "note-malformed"
