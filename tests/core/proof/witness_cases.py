"""Proof files under checkpoints that witnesses cosigned, well or badly, and what readers bring to check them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.core.proof.cases import CORRECTED, GOOD

from goedebuur.core.ledger import cosignatures, notes
from goedebuur.core.ledger.notes import COSIGNATURE, Signature, decode_vkey, key_id
from goedebuur.store.keys import Ed25519Signer

ANNA, BERT, CEES = (Ed25519Signer(f"example.org/{name}", bytes([at]) * 32) for at, name in enumerate("abc", 40))
KEYS = tuple(one.cosigner_vkey for one in (ANNA, BERT, CEES))
TIME = 1_700_000_000


def cosigned(data: bytes, *lines: bytes) -> bytes:
    """Return a proof file with these lines under the checkpoint of each of its leaves."""
    body = json.loads(data)
    for source in body["sources"]:
        source["proof"] += b"".join(lines).decode()
    return json.dumps(body, ensure_ascii=False).encode()


def line(signer: Ed25519Signer, data: bytes = GOOD, time: int = TIME, text: str = "") -> bytes:
    """Return the line by which a witness cosigns the checkpoint of a file."""
    note = notes.parse_note(json.loads(data)["sources"][0]["proof"].split("\n\n", 1)[1].encode())
    made = cosignatures.cosign(text or note.text, signer.cosigner_vkey, signer.sign, time)
    return made.as_line().encode()


def broken(signer: Ed25519Signer, data: bytes) -> bytes:
    """Return a line with the name of a witness, and something else in it."""
    name, key = decode_vkey(signer.cosigner_vkey, COSIGNATURE)
    return Signature(name, key_id(name, key, COSIGNATURE), data).as_line().encode()


@dataclass(frozen=True)
class Brought:
    """A file, the list of witnesses of its reader, how many are asked for, and what comes of it.

    `code` is of the finding about witnesses, or of the refusal.
    """

    data: bytes
    listed: str
    quorum: int
    code: str


ALL = "\n".join(KEYS)
BOTH = cosigned(GOOD, line(ANNA), line(BERT))
CASES = {
    "nobody named": Brought(BOTH, "", 0, "no-witnesses"),
    "nobody named, nobody there": Brought(GOOD, "", 0, "no-witnesses"),
    "one named": Brought(BOTH, ANNA.cosigner_vkey, 0, "witnessed"),
    "one named and asked": Brought(BOTH, ANNA.cosigner_vkey, 1, "witnessed"),
    "with addresses and remarks": Brought(
        BOTH, f"# ours\r\n\r\n  {KEYS[0]}  https://example.org/a\r\n# {KEYS[2]}\n{KEYS[1]}\tx", 2, "witnessed"
    ),
    "two of three": Brought(BOTH, ALL, 2, "witness-missing"),
    "three of three": Brought(BOTH, ALL, 3, "proof-unwitnessed"),
    "one who did not": Brought(BOTH, CEES.cosigner_vkey, 0, "not-witnessed"),
    "one who did not, and was asked": Brought(BOTH, CEES.cosigner_vkey, 1, "proof-unwitnessed"),
    "several leaves": Brought(
        cosigned(CORRECTED, line(ANNA, CORRECTED), line(BERT, CORRECTED)), ALL, 2, "witness-missing"
    ),
    "twice by one": Brought(cosigned(GOOD, line(ANNA), line(ANNA, time=TIME + 9)), KEYS[0], 1, "witnessed"),
    "of another text": Brought(
        cosigned(GOOD, line(ANNA, text="example.org/register\n3\nAAAA\n")), KEYS[0], 0, "note-unsigned"
    ),
    "of another checkpoint": Brought(cosigned(GOOD, line(ANNA, CORRECTED)), KEYS[0], 0, "note-unsigned"),
    "too short": Brought(cosigned(GOOD, broken(ANNA, bytes(64))), KEYS[0], 0, "note-malformed"),
    "of a time beyond all": Brought(cosigned(GOOD, broken(ANNA, b"\xff" * 72)), KEYS[0], 0, "note-malformed"),
    "of noughts": Brought(cosigned(GOOD, broken(ANNA, bytes(72))), KEYS[0], 0, "note-unsigned"),
    "broken, of one who is not named": Brought(cosigned(GOOD, broken(ANNA, bytes(72))), KEYS[1], 0, "not-witnessed"),
    "broken line": Brought(cosigned(GOOD, b"\xe2\x80\x94 example.org/a\n"), KEYS[0], 0, "note-malformed"),
}
UNUSABLE = {
    "no key": ("hello", 0),
    "key of a log": (ANNA.vkey, 0),
    "key with another number": (KEYS[0].replace("+", "+0", 1), 0),
    "key twice": (f"{KEYS[0]}\n{KEYS[0]}", 0),
    "key under two names": (
        f"{KEYS[0]}\n{notes.encode_vkey('example.org/z', ANNA.public_key, COSIGNATURE)}",
        0,
    ),
    "more than there are": (KEYS[0], 2),
    "asked of nobody": ("# nobody", 1),
}
"""Lists that no reader can mean."""
