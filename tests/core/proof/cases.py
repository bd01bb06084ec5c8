"""Proof files of every kind of fault, and of every kind that is none: what two checkers must agree on."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Callable
from typing import Any

from tests.core.proof.crafting import (
    HOUR,
    LEAF,
    START,
    STRANGER,
    block,
    changed,
    claim,
    proof,
    row,
    swapped,
    without,
)
from tests.services.deliveries import SIGNER

from goedebuur.core.base import canonical
from goedebuur.core.ledger import leaves, notes
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.core.proof.files import FigureProof, parse

ROWS = [row(0, "135"), row(1, "110", "1", "µg/m³", "8", "=a\\tb\\\\n\\n"), row(2, "", flags="1")]
GOOD = proof(claim("13.5"), block(ROWS))
CORRECTED = proof(claim("9.9"), block(ROWS), block([row(0, "99")]))
MEAN = proof(claim("12.250000", 2), block(ROWS))


def accepted() -> dict[str, bytes]:
    """Return files in which every step holds."""
    return {
        "value": GOOD,
        "corrected": CORRECTED,
        "mean": MEAN,
        "withdrawn later": proof(claim(""), block(ROWS), block([row(0, "", flags="1")])),
        "value that the supplier called invalid": proof(claim("13.5"), block([row(0, "135", flags="16")])),
        "value that is a code": proof(claim("-999.0"), block([row(0, "-9990", flags="128")])),
        "value beside one that is not valid": proof(claim("13.5"), block([row(0, "135"), row(1, "9", flags="16")])),
        "value that was simulated": proof(claim("13.5"), block([row(0, "135", flags="64")])),
        "mean of which one was simulated": proof(
            claim("0.200000", 2), block([row(0, "1", flags="64")]), block([row(1, "3")])
        ),
        "mean of other units": proof(claim("750.500000", 2), block([row(0, "1", "0"), row(1, "15", "1", "mg/m³")])),
        "mean below zero, half away": proof(claim("-0.000001", 2), block([row(0, "-1", "6"), row(1, "0", "0")])),
        "mean without unusable": proof(
            claim("0.200000", 2), block([row(0, "1"), row(1, "3"), row(2, "9", flags="16")])
        ),
        "mean of thirds": proof(claim("0.333333", 3), block([row(0, "1", "0"), row(1, "0", "0"), row(2, "0", "0")])),
        "no decimals": proof(claim("41"), block([row(0, "41", "0")])),
        "small and negative": proof(claim("-0.005"), block([row(0, "-5", "3")])),
        "fields that nobody asks for": changed(GOOD, lambda body: body.update(more=[1.5, {"deep": None}])),
        "escaped letters": GOOD.replace("µ".encode(), b"\\u00b5"),
        "leaf that is not of the supplier": proof(
            claim("13.5"), block(ROWS), leaf=lambda leaf: dataclasses.replace(leaf, submitter="simulatie")
        ),
        "leaf of a text with every kind of letter": proof(
            claim("13.5"),
            block(ROWS),
            leaf=lambda leaf: dataclasses.replace(leaf, counts=_odd(), reason="\x7f\u2028é😀"),
        ),
        **{f"average {name}": data for name, data in averages().items()},
        "leaf without a file": proof(
            claim("13.5"), block(ROWS), leaf=lambda leaf: dataclasses.replace(leaf, payload=None)
        ),
    }


def average(figure: str, count: int, rows: list[str], **changed: Any) -> bytes:
    """Return the proof of a mean of the first ten hours."""
    said = claim(figure, count, kind="average", end=START + 10 * HOUR, expected=10, **changed)
    return proof(said, block(rows))


def tenth(hour: int, tenths: int, value: str, flags: str = "0") -> str:
    """Return the line of a step of ten minutes."""
    start = START + hour * HOUR
    return row(hour, value, flags=flags).replace(f"{start}\t3600", f"{start + tenths * 600_000_000}\t600")


def averages() -> dict[str, bytes]:
    """Return proofs of means and percentiles of hours, computed by hand."""
    mixed = [row(0, "30"), tenth(1, 0, "10"), tenth(1, 1, "20"), tenth(2, 0, "1"), tenth(2, 2, "1"), tenth(2, 3, "2")]
    # 3; (1 + 2) / 2 = 1.5; (0.1 + 0.1 + 0.2) / 3 = 0.133333: what is averaged to hours is rounded to millionths
    return {
        "of hours": average("2.000000", 3, [row(0, "10"), row(1, "20"), row(9, "30"), row(10, "99")]),
        "of steps by the hour": average("1.544444", 3, mixed),
        "without unusable steps": average("0.200000", 1, [tenth(1, 0, "2"), tenth(1, 1, "9", flags="16")]),
        "without days": average("1.000000", 1, [row(0, "10"), row(1, "90").replace("\t3600", "\t86400")]),
        "without odd starts": average("1.000000", 1, [row(0, "10"), tenth(1, 0, "90").replace("00000\t", "00001\t")]),
        "percentile": average("2.000000", 3, [row(0, "10"), row(1, "20"), row(9, "30")], percentile=(1, 2)),
        "highest": average("3.000000", 3, [row(0, "10"), row(1, "20"), row(9, "30")], percentile=(1, 1)),
    }


def _odd() -> dict[str, int]:
    # by code point the smiley comes after the private letter, by UTF-16 unit before it
    return {"😀": 1, "\uf8ff": 2, "z": 3, '"\\\x01': 10**30, "__proto__": 0}


def form() -> dict[str, bytes]:
    """Return what is no proof file."""
    whole = GOOD.decode()
    return {
        "nothing": b"",
        "no JSON": b"goedebuur",
        "truncated": GOOD[: len(GOOD) // 2],
        "mark before it": b"\xef\xbb\xbf" + GOOD,
        "other encoding": whole.encode("utf-16"),
        "not UTF-8": GOOD.replace("µ".encode(), b"\xb5"),
        "more after it": GOOD + b"{}",
        "a list": b"[]",
        "a number": b"1",
        "too deep": b"[" * 100_000,
        "line break in a text": swapped(GOOD, "a test", "a\ntest"),
        "half a letter": swapped(GOOD, "goedebuur block 1", "\\ud800"),
        "unknown escape": swapped(GOOD, "a test", "a \\x test"),
        "number with a zero before it": swapped(GOOD, '"step": 3600', '"step": 03600'),
        "other format": swapped(GOOD, "goedebuur proof 1", "goedebuur proof 2"),
        "broken count": swapped(GOOD, '"count": 1', '"count": 1.0'),
        "count of power": swapped(GOOD, '"count": 1', '"count": 1e0'),
        "count below zero": swapped(GOOD, '"count": 1', '"count": -1'),
        "count that is true": swapped(GOOD, '"count": 1', '"count": true'),
        "figure without quotes": swapped(GOOD, '"13.5"', "13.5"),
        "start without zone": swapped(GOOD, "T23:00:00Z", "T23:00:00"),
        "start with another zone": swapped(GOOD, "2018-12-31T23:00:00Z", "2019-01-01T00:00:00+01:00"),
        "start on no day": swapped(GOOD, "2018-12-31T23", "2018-02-30T23"),
        "start in no hour": swapped(GOOD, "2018-12-31T23", "2018-12-31T24"),
        "start with noughts": swapped(GOOD, "23:00:00Z", "23:00:00.000000Z"),
        "end before start": swapped(GOOD, "2019-01-01T00", "2018-01-01T00"),
        "unknown kind": swapped(GOOD, '"kind": "value"', '"kind": "guess"'),
        "average without a length": changed(averages()["of hours"], lambda body: body["claim"].pop("expected")),
        "average without a rank": changed(averages()["of hours"], lambda body: body["claim"].pop("percentile")),
        "average of other steps": swapped(averages()["of hours"], '"step": 3600', '"step": 600'),
        "average of half an hour": swapped(averages()["of hours"], "09:00:00Z", "09:30:00Z"),
        "percentile of three numbers": changed(
            averages()["of hours"], lambda body: body["claim"].update(percentile=[1, 2, 3])
        ),
        "percentile above all": changed(averages()["of hours"], lambda body: body["claim"].update(percentile=[3, 2])),
        "percentile of none": changed(averages()["of hours"], lambda body: body["claim"].update(percentile=[0, 2])),
        "percentile too fine": changed(
            averages()["of hours"], lambda body: body["claim"].update(percentile=[1, 10**7])
        ),
        "no key": changed(GOOD, lambda body: body.pop("log")),
        "no maker": changed(GOOD, lambda body: body.pop("made_by")),
        "no claim": changed(GOOD, lambda body: body.pop("claim")),
        "sources by name": changed(GOOD, lambda body: body.update(sources={})),
        "block without a place": changed(GOOD, lambda body: _part(body).pop("index")),
        "hash with a break": changed(GOOD, lambda body: _path(body, lambda one: one + "\n")),
        "hash in another form": changed(GOOD, lambda body: _path(body, _sloppy)),
        "no source": changed(GOOD, lambda body: body.update(sources=[])),
    }


def _sloppy(text: str) -> str:
    """Return base64 of the same bytes with bits that nobody reads."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = text[:-2] + letters[letters.index(text[-2]) + 1] + text[-1]
    assert base64.b64decode(other) == base64.b64decode(text)
    return other


def _part(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = body["sources"][0]["blocks"][0]
    return found


def _path(body: dict[str, Any], change: Callable[[str], str]) -> None:
    _part(body)["path"][0] = change(_part(body)["path"][0])


def _proof(old: str, new: str) -> bytes:
    def change(body: dict[str, Any]) -> None:
        text = body["sources"][0]["proof"]
        assert old in text, old
        body["sources"][0]["proof"] = text.replace(old, new, 1)

    return changed(GOOD, change)


def _line(number: int, change: Callable[[str], str]) -> bytes:
    """Return the good file with a line of its tlog-proof changed."""

    def apply(body: dict[str, Any]) -> None:
        lines = body["sources"][0]["proof"].split("\n")
        lines[number] = change(lines[number])
        body["sources"][0]["proof"] = "\n".join(lines)

    return changed(GOOD, apply)


def _flipped(line: str, at: int = 5) -> str:
    return line[:at] + ("B" if line[at] == "A" else "A") + line[at + 1 :]


def _mixed(first: bytes, second: bytes) -> bytes:
    a, b = parse(first), parse(second)
    return FigureProof(a.claim, a.vkey, a.made_by, (a.sources[0], b.sources[-1])).encode()


def log() -> dict[str, bytes]:
    """Return files of which the way from leaf to signature does not hold."""
    whole = notes.encode_vkey(SIGNER.name, notes.decode_vkey(STRANGER.vkey)[1])
    return {
        "signature changed": _line(-2, lambda line: _flipped(line, -9)),
        "signature of nobody": _line(-2, lambda line: line.replace("register", "elders")),
        "signature too short": _line(-2, lambda line: f"— {SIGNER.name} AAAA"),
        "no signature": _line(-2, lambda line: ""),
        "signature in a loose form": _line(-2, lambda line: line + "=="),
        "two spaces": _line(-2, lambda line: line.replace(" ", "  ", 1)),
        "another key": swapped(GOOD, SIGNER.vkey, STRANGER.vkey),
        "another key under this name": swapped(GOOD, SIGNER.vkey, whole),
        "key with another number": swapped(GOOD, SIGNER.vkey, SIGNER.vkey.replace("+", "+0", 1)),
        "key of half a letter": swapped(GOOD, SIGNER.vkey, "\\ud800" + SIGNER.vkey),
        "key with a space": swapped(GOOD, SIGNER.vkey, "a b" + SIGNER.vkey),
        "no key at all": swapped(GOOD, SIGNER.vkey, ""),
        "size changed": _line(-5, lambda line: "3"),
        "size with a zero": _line(-5, lambda line: "02"),
        "size beyond all": _proof("\n2\n", f"\n{2**63}\n"),
        "root changed": _line(-4, _flipped),
        "line more": _proof("\n2\n", "\n2\nmore\n"),
        "control character": _proof("\n2\n", "\n2\r\n"),
        "other heading": _proof("proof@v1", "proof@v2"),
        "index with a plus": _proof("index 1", "index +1"),
        "no index": _proof("index 1\n", ""),
        "index changed": _proof("index 1", "index 0"),
        "index beyond": _proof("index 1", "index 9"),
        "path changed": _line(2, _flipped),
        "path in a loose form": _line(2, _sloppy),
        "path too short": _line(2, lambda line: "AAAA"),
        "path too long": _proof("index 1\n", "index 1\n" + base64.b64encode(bytes(32)).decode() + "\n"),
        "path without end": _proof("index 1\n", "index 1\n" + 70 * (base64.b64encode(bytes(32)).decode() + "\n")),
        "extra that is never read": _proof("index 1", "extra AAAA\nindex 1"),
        "extra in a loose form": _proof("index 1", "extra AAB=\nindex 1"),
        "no checkpoint": changed(GOOD, lambda body: body["sources"][0].update(proof="c2sp.org/tlog-proof@v1")),
        "leaf changed": changed(GOOD, lambda body: body["sources"][0].update(leaf="{}")),
        "supplier changed": swapped(GOOD, "rivm", "riwm"),
        "extension": proof(claim("13.5"), block(ROWS), checkpoint=lambda one: one.as_text() + "more\n"),
        "no checkpoint signed": proof(claim("13.5"), block(ROWS), checkpoint=lambda one: "hello\n"),
        "another log's checkpoint": proof(
            claim("13.5"), block(ROWS), checkpoint=lambda one: dataclasses.replace(one, origin="elders").as_text()
        ),
        "twice the same": changed(GOOD, lambda body: body["sources"].append(body["sources"][0])),
        "wrong order": changed(CORRECTED, lambda body: body["sources"].reverse()),
        "two checkpoints": _mixed(GOOD, CORRECTED),
    }


def _logged(change: Callable[[Leaf], Leaf | ClosedLeaf | bytes]) -> bytes:
    return proof(claim("13.5"), block(ROWS), leaf=change)


def _fields(change: Callable[[dict[str, Any]], dict[str, Any]]) -> bytes:
    return _logged(lambda leaf: canonical.encode(change(canonical.decode(leaves.encode(leaf)))))


def leaf() -> dict[str, bytes]:
    """Return files of logged leaves that show no rows, or cannot be read."""
    closed = ClosedLeaf("ab" * 32, "2020-02-01", "2030-01-01", "griffier", "Woo 5.1")
    return {
        "closed": _logged(lambda leaf: closed),
        "closed with a field more": _logged(lambda leaf: canonical.encode({"format_version": 1, "kind": "closed"})),
        "spaced": _logged(lambda leaf: leaves.encode(leaf).replace(b":", b": ")),
        "no JSON": _logged(lambda leaf: b"hello"),
        "a list": _logged(lambda leaf: b"[]"),
        "broken number": _logged(lambda leaf: leaves.encode(leaf).replace(b'"size":1', b'"size":1.5')),
        "nought below zero": _logged(lambda leaf: leaves.encode(leaf).replace(b'"size":1', b'"size":-0')),
        "later version": _fields(lambda body: body | {"format_version": 2}),
        "no version": _fields(lambda body: without(body, "format_version")),
        "field less": _fields(lambda body: without(body, "reason")),
        "field more": _fields(lambda body: body | {"more": 1}),
        "unknown kind": _fields(lambda body: body | {"kind": "guess"}),
        "no blocks": _logged(lambda leaf: LEAF),
        "blocks that are no hash": _fields(lambda body: body | {"batch": {"blocks": "goed"}}),
        "blocks that are a number": _fields(lambda body: body | {"batch": {"blocks": 1}}),
        "batch that is a text": _fields(lambda body: body | {"batch": "blocks"}),
        "file that is a text": _fields(lambda body: body | {"payload": "2019_SO2.csv"}),
    }


def _rows(*lines: str) -> bytes:
    return proof(claim("13.5"), block([*lines]))


def rows() -> dict[str, bytes]:
    """Return files of which the rows are others, or cannot be read."""
    good = row(0, "135")
    return {
        "row changed": swapped(GOOD, "\\t135\\t", "\\t136\\t"),
        "row of a correction changed": swapped(CORRECTED, "\\t99\\t", "\\t98\\t"),
        "place changed": changed(GOOD, lambda body: _part(body).update(index=2)),
        "place beyond": changed(GOOD, lambda body: _part(body).update(index=3)),
        "place without end": changed(GOOD, lambda body: _part(body).update(index=10**40, size=10**41)),
        "size changed": changed(GOOD, lambda body: _part(body).update(size=7)),
        "path changed": changed(GOOD, lambda body: _path(body, _flipped)),
        "path too short": changed(GOOD, lambda body: _part(body)["path"].pop()),
        "path of nothing": changed(GOOD, lambda body: _part(body).update(path=[])),
        "hash of another length": changed(GOOD, lambda body: _path(body, lambda one: "AAAA")),
        "no block": changed(GOOD, lambda body: body["sources"][0].update(blocks=[])),
        "other series": proof(claim("13.5"), block(ROWS, "NL90002.so2.1h")),
        "other heading": proof(claim("13.5"), block(ROWS).replace("block 1", "block 2")),
        "no row": proof(claim("13.5"), block([])),
        "no last break": proof(claim("13.5"), block(ROWS)[:-1]),
        "cell more": _rows(good + "\t"),
        "plus sign": _rows(good.replace("\t135", "\t+135")),
        "space": _rows(good.replace("\t135", "\t 135")),
        "underscore": _rows(good.replace("\t135", "\t1_35")),
        "digits of another script": _rows(good.replace("\t135", "\t١٣٥")),
        "nought before it": _rows(good.replace("\t135", "\t0135")),
        "nought below zero": _rows(row(0, "-0")),
        "number without end": _rows(row(0, "1" * 30)),
        "decimals below zero": _rows(row(0, "135", "-1")),
        "too many decimals": _rows(row(0, "135", "19")),
        "no decimals": _rows(row(0, "135", "")),
        "remark without a mark": _rows(row(0, "135", remark="a")),
        "remark with another escape": _rows(row(0, "135", remark="=\\x")),
        "remark that ends in an escape": _rows(row(0, "135", remark="=\\")),
    }


def figure() -> dict[str, bytes]:
    """Return files of which the rows are right and the figure is not."""
    other = [row(0, "1", unit="ppb"), row(1, "1")]
    return {
        "digit changed": swapped(GOOD, '"13.5"', '"13.6"'),
        "noughts more": swapped(GOOD, '"13.5"', '"13.50"'),
        "unit changed": swapped(GOOD, '"unit": "µg/m³"', '"unit": "mg/m³"'),
        "count changed": swapped(GOOD, '"count": 1', '"count": 2'),
        "withdrawn": swapped(GOOD, '"13.5"', '""'),
        "other hour": proof(claim("13.5", start=START + 9, end=START + 10), block(ROWS)),
        "longer hour": proof(claim("13.5", end=START + 1), block(ROWS)),
        "other step": swapped(GOOD, '"step": 3600', '"step": 600'),
        "old value of a correction": proof(claim("13.5"), block(ROWS), block([row(0, "99")])),
        "average changed": swapped(averages()["of steps by the hour"], "1.544444", "1.544445"),
        "average of more hours": swapped(averages()["of hours"], '"expected": 10', '"expected": 11'),
        "average of other hours": swapped(averages()["of hours"], '"count": 3', '"count": 4'),
        "another percentile": swapped(averages()["percentile"], "[\n   1,\n   2", "[\n   1,\n   4"),
        "percentile of nothing": average("0.000000", 2, [row(2, "", flags="1")], percentile=(1, 2)),
        "average of an unknown unit": average("0.100000", 2, other),
        "average finer than millionths": average("0.000000", 2, [row(0, "1", "7"), row(1, "1", "7")]),
        "mean changed": swapped(MEAN, "12.250000", "12.250001"),
        "count of a mean changed": swapped(MEAN, '"count": 2', '"count": 3'),
        "mean of nothing": proof(claim("0.000000", 2), block([row(2, "", flags="1")])),
        "mean of unusable": proof(claim("0.100000", 2), block([row(0, "1", flags="16"), row(1, "1", flags="128")])),
        "mean finer than millionths": proof(claim("0.000000", 2), block([row(0, "1", "7"), row(1, "1", "7")])),
        "mean of an unknown unit": proof(claim("0.100000", 2), block(other)),
        "mean of an unknown quantity": proof(
            claim("0.1", 2, series="NL90001.toString.1h"), block([row(0, "1"), row(1, "1")], "NL90001.toString.1h")
        ),
        "mean of a unit by another's name": proof(
            claim("0.1", 2), block([row(0, "1", unit="constructor"), row(1, "1")])
        ),
        "mean of a series without a quantity": proof(
            claim("0.1", 2, series="so2"), block([row(0, "1"), row(1, "1")], "so2")
        ),
    }


def every() -> dict[str, bytes]:
    """Return all of them by name."""
    kinds = {"good": accepted, "form": form, "log": log, "leaf": leaf, "rows": rows, "figure": figure}
    return {f"{kind}: {name}": data for kind, made in kinds.items() for name, data in made().items()}
