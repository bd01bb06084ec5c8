"""The protocol of witnesses on the example of its specification, and what it refuses. No file, no socket."""

from __future__ import annotations

import base64

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import notes, witnessing
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.tree import EMPTY_ROOT, Tree, leaf_hash
from goedebuur.core.ledger.witnessing import AddCheckpoint, Refusal
from goedebuur.store.keys import Ed25519Signer, Ed25519Verifier

EXAMPLE = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
""".encode()  # noqa: E501 - lines of the specification
"""From C2SP tlog-witness, "add-checkpoint"."""
ANSWER = """— witness.example/w1 CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2ThYN5krrDJbR1HDnucjL39QsZTSvVjyQLrdk3DXDqI5G2HgLatVs0pWh6Up69HVOw==
— witness.example/w1 I7rEps0pvK2UqkS2gSpVUDhrhVtQV9lgF6pRrWAvjJHjyWpW7VcE3SiOlVlbQNt64vWhO+DlkL0+UfzuOBMh9ChdMkP1vi/lCAsmlw==
— witness.example/w2 AWui8Sk55XjYLOijihBjhqEH6nS1ndDymE0a+6idX7pLcnoB+dhnz0854aLZgrrKbYKA7nC3HNJhm/kWl7oJlqU3rXXvpysAdyP3wQ==
""".encode()  # noqa: E501 - lines of the specification

LOG = Ed25519Signer("log.example/one", bytes(range(32)))
OTHER = Ed25519Signer("log.example/one", bytes(range(1, 33)))
TRUSTED = [Ed25519Verifier(LOG.vkey)]


def tree(count: int, last: bytes = b"") -> Tree:
    grown = Tree()
    for number in range(count - 1):
        grown.append(leaf_hash(b"%d" % number))
    if count:
        grown.append(leaf_hash(last or b"%d" % (count - 1)))
    return grown


def asked(grown: Tree, old: int, signer: Ed25519Signer = LOG) -> AddCheckpoint:
    text = Checkpoint(LOG.name, grown.size, grown.root()).as_text()
    return AddCheckpoint(old, tuple(grown.consistency_proof(old)), notes.sign(text, signer))


def checkpoint(grown: Tree) -> Checkpoint:
    return Checkpoint(LOG.name, grown.size, grown.root())


def test_example_of_the_specification_reads_and_writes_back() -> None:
    found, origin = witnessing.parse_request(EXAMPLE)
    assert (found.old, len(found.proof), origin) == (20_852_014, 4, "example.com/behind-the-sofa")
    assert found.encode() == EXAMPLE


def test_example_of_an_answer_holds_three_lines() -> None:
    lines = witnessing.parse_cosignatures(ANSWER)
    assert [line.name for line in lines] == ["witness.example/w1", "witness.example/w1", "witness.example/w2"]
    assert witnessing.cosigned(lines).body == ANSWER


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 1\n",
        EXAMPLE.replace(b"old 20852014", b"old 020852014"),
        EXAMPLE.replace(b"old 20852014", b"old +20852014"),
        EXAMPLE.replace(b"old 20852014", b"old -1"),
        EXAMPLE.replace(b"old 20852014", b"old  20852014"),
        EXAMPLE.replace(b"old 20852014", b"OLD 20852014"),
        EXAMPLE.replace(b"old 20852014", b"old 9223372036854775808"),
        EXAMPLE.replace(b"kaw=\n", b"kaw=\r\n"),
        EXAMPLE.replace(b"PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=", b"PlRN"),
        EXAMPLE.replace(b"kaw=\n", b"kax=\n"),
        EXAMPLE.replace(b"Kj/0=\n\n", b"Kj/0=\n"),
        EXAMPLE.replace(b"20852163", b"020852163"),
        EXAMPLE.partition("\n— ".encode())[0],
        b"old 1\n" + b"PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n" * 64 + EXAMPLE[EXAMPLE.index(b"\n\n") + 1 :],
    ],
)
def test_request_in_another_form_is_malformed(body: bytes) -> None:
    with pytest.raises(GoedeBuurError) as error:
        witnessing.parse_request(body)
    assert error.value.code == "witness-request"


def test_proof_of_63_hashes_is_read() -> None:
    line = b"PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
    body = b"old 1\n" + line * 63 + EXAMPLE[EXAMPLE.index(b"\n\n") + 1 :]
    assert len(witnessing.parse_request(body)[0].proof) == 63


@pytest.mark.parametrize(
    "body", [b"", b"12", b"012\n", b"-1\n", b"1 \n", b"1\n\n", b"\xff\n", b"9223372036854775808\n"]
)
def test_size_in_another_form_is_no_size(body: bytes) -> None:
    with pytest.raises(GoedeBuurError) as error:
        witnessing.parse_size(body)
    assert error.value.code == "witness-answer"


@pytest.mark.parametrize("body", [b"", b"x\n", ANSWER[:-1], ANSWER + b"\n", b"\xff\n"])
def test_cosignatures_in_another_form_are_none(body: bytes) -> None:
    with pytest.raises(GoedeBuurError) as error:
        witnessing.parse_cosignatures(body)
    assert error.value.code == "witness-answer"


def test_checkpoint_of_another_key_is_403() -> None:
    found = witnessing.opened(asked(tree(3), 0, OTHER), TRUSTED)
    assert isinstance(found, Refusal)
    assert found.status == 403


def test_checkpoint_below_the_old_size_is_400() -> None:
    found = witnessing.opened(AddCheckpoint(4, (), asked(tree(3), 0).note), TRUSTED)
    assert isinstance(found, Refusal)
    assert found.status == 400


def test_lines_of_unknown_keys_are_left_away() -> None:
    request = asked(tree(3), 0)
    junk = [notes.Signature("junk.example", bytes(4), b"%03d" % number) for number in range(99)]
    found = witnessing.opened(AddCheckpoint(0, (), notes.add_signatures(request.note, junk)), TRUSTED)
    assert not isinstance(found, Refusal)
    assert found.encode() == request.note


@pytest.mark.parametrize("size", [0, 1, 2, 7, 8])
def test_first_checkpoint_of_any_size_is_cosigned(size: int) -> None:
    assert witnessing.judge(asked(tree(size), 0), checkpoint(tree(size)), None) is None


def test_first_checkpoint_with_a_proof_is_422() -> None:
    found = witnessing.judge(AddCheckpoint(0, (EMPTY_ROOT,), b""), checkpoint(tree(3)), None)
    assert found is not None
    assert found.status == 422


def test_empty_log_with_another_root_than_that_of_nothing_is_409() -> None:
    found = witnessing.judge(AddCheckpoint(0, (), b""), Checkpoint(LOG.name, 0, bytes(32)), None)
    assert found is not None
    assert found.status == 409


@pytest.mark.parametrize("old", range(1, 9))
@pytest.mark.parametrize("new", range(1, 9))
def test_only_what_continues_is_cosigned(old: int, new: int) -> None:
    last, now = checkpoint(tree(old)), tree(new)
    if old <= new:
        assert witnessing.judge(asked(now, old), checkpoint(now), last) is None
    fork = tree(new, b"another")
    proof = tuple(fork.consistency_proof(min(old, new)))
    found = witnessing.judge(AddCheckpoint(old, proof, b""), checkpoint(fork), last)
    # another last leaf is another past only where the old tree held it too
    assert (found is None) == (old < new)


def test_old_size_that_is_not_the_last_is_409_with_the_last() -> None:
    last = checkpoint(tree(5))
    refusal = witnessing.judge(asked(tree(8), 3), checkpoint(tree(8)), last)
    assert refusal is not None
    answer = witnessing.refused(refusal, last)
    assert (answer.status, answer.content_type, answer.body) == (409, "text/x.tlog.size", b"5\n")


def test_fork_of_the_same_size_is_409() -> None:
    refusal = witnessing.judge(AddCheckpoint(5, (), b""), checkpoint(tree(5, b"another")), checkpoint(tree(5)))
    assert refusal is not None
    assert refusal.status == 409


def test_wrong_proof_is_422() -> None:
    request = asked(tree(8), 5)
    wrong = (*request.proof[:-1], bytes(32))
    refusal = witnessing.judge(AddCheckpoint(5, wrong, b""), checkpoint(tree(8)), checkpoint(tree(5)))
    assert refusal is not None
    assert refusal.status == 422


def test_extension_lines_of_other_logs_are_let_through() -> None:
    text = checkpoint(tree(2)).as_text() + "of another log\n"
    found = witnessing.opened(AddCheckpoint(0, (), notes.sign(text, LOG)), TRUSTED)
    assert not isinstance(found, Refusal)
    assert found.text == text


def test_base64_of_a_hash_in_a_second_form_is_malformed() -> None:
    # the last character carries two bits that no byte takes: only zeros are the one form
    line = base64.b64encode(bytes(range(32))).decode()
    other = line[:-2] + chr(ord(line[-2]) + 1) + "="
    assert base64.b64decode(other) == bytes(range(32))
    with pytest.raises(GoedeBuurError):
        witnessing.parse_request(b"old 1\n" + other.encode() + b"\n" + EXAMPLE[EXAMPLE.index(b"\n\n") + 1 :])
