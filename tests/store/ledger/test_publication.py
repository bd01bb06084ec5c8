"""The log is published as static files, completely, durably, and without ever going back or over another log."""

from __future__ import annotations

import random
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from tests.store.crashes import crashed
from tests.store.replay import Fault, Faulty, Recording

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import cosignatures, notes, tiles
from goedebuur.core.ledger.leaves import Leaf, encode
from goedebuur.core.ledger.tree import verify_consistency
from goedebuur.services import publication as checking
from goedebuur.store.keys import Ed25519Signer
from goedebuur.store.ledger import Ledger
from goedebuur.store.ledger.publication import Publication

SIGNER = Ed25519Signer("record.example/log", bytes(range(32)))
WITNESS = Ed25519Signer("witness.example/w1", bytes(range(1, 33)))


README = {half: f"`{SIGNER.vkey}` in words, version {half}\n" for half in (0, 2)}


def leaf(index: int) -> Leaf:
    return Leaf("result", "goedebuur", "", "2021-06-01T12:00:00Z", reason=f"number {index}")


def grown(root: Path, *sizes: int, signer: Ed25519Signer = SIGNER) -> Ledger:
    ledger = Ledger.open(root, signer, Recording(root))
    for size in sizes:
        ledger.append([leaf(index) for index in range(ledger.size, size)])
    return ledger


def names(publication: Publication) -> set[str]:
    return set(publication.names())


def expected(size: int) -> set[str]:
    return {"checkpoint", "log.vkey", *(tile.path for tile in tiles.tiles_of(size))}


def test_published_log_has_every_tile_and_reads_back(tmp_path: Path) -> None:
    ledger = grown(tmp_path / "record", 600)
    publication = Publication(tmp_path / "public")
    done = publication.publish(ledger)
    assert (done.size, done.written) == (600, 2 * 3 + 1)
    assert names(publication) == expected(600)
    assert publication.note() == ledger.signed_checkpoint()
    assert publication.vkeys() == [SIGNER.vkey]
    tree = publication.tree(SIGNER.vkey)
    assert tree.entries(0, 600) == [encode(leaf(index)) for index in range(600)]
    assert tree.inclusion_proof(17) == ledger.inclusion_proof(17)
    assert checking.check(tmp_path / "public") == []


def test_bundles_are_the_entries_of_the_record(tmp_path: Path) -> None:
    ledger = grown(tmp_path / "record", 300)
    publication = Publication(tmp_path / "public")
    publication.publish(ledger)
    joined = publication.read("tile/entries/000") + publication.read("tile/entries/001.p/44")
    assert joined == (tmp_path / "record" / "ledger" / "entries").read_bytes()


def test_log_that_grows_is_published_piece_by_piece(tmp_path: Path) -> None:
    publication = Publication(tmp_path / "public")
    roots: dict[int, bytes] = {}
    for size in (0, 1, 2, 255, 256, 257, 511, 513, 900):
        ledger = grown(tmp_path / "record", size) if size else grown(tmp_path / "record")
        assert publication.publish(ledger).size == size
        assert checking.check(tmp_path / "public") == []
        assert expected(size) <= names(publication)
        roots[size] = publication.checkpoint().root
        for old, root in roots.items():
            proof = publication.tree().consistency_proof(old)
            assert verify_consistency(old, size, root, roots[size], proof)


def test_full_tiles_are_written_once(tmp_path: Path) -> None:
    publication = Publication(tmp_path / "public")
    publication.publish(grown(tmp_path / "record", 600))
    before = (tmp_path / "public/tile/0/000").stat().st_ino
    done = publication.publish(grown(tmp_path / "record", 700))
    assert done.written == 2  # the partial tile and the partial bundle; the level above has two hashes still
    assert (tmp_path / "public/tile/0/000").stat().st_ino == before
    again = publication.publish(grown(tmp_path / "record"), whole=True)
    assert again.written == 0


def test_partial_tiles_stay_until_the_full_one_is_there(tmp_path: Path) -> None:
    publication = Publication(tmp_path / "public")
    publication.publish(grown(tmp_path / "record", 10))
    old = publication.tree()
    publication.publish(grown(tmp_path / "record", 20))
    assert {"tile/0/000.p/10", "tile/0/000.p/20"} <= names(publication)
    assert old.entry(3) == encode(leaf(3))
    done = publication.publish(grown(tmp_path / "record", 260))
    assert done.removed == 4
    assert names(publication) == expected(260)
    assert not (tmp_path / "public/tile/0/000.p").exists()
    earlier = type(old)(publication.read, old.checkpoint)
    assert earlier.entries(0, 10) == [encode(leaf(index)) for index in range(10)]


def test_checkpoint_of_an_earlier_size_can_be_published_with_cosignatures(tmp_path: Path) -> None:
    ledger = grown(tmp_path / "record", 30)
    note = ledger.signed_checkpoint()
    ledger = grown(tmp_path / "record", 50)
    text = notes.parse_note(note).text
    line = cosignatures.cosign(text, WITNESS.cosigner_vkey, WITNESS.sign, 1_700_000_000)
    publication = Publication(tmp_path / "public")
    assert publication.publish(ledger, notes.add_signatures(note, [line])).size == 30
    assert len(notes.parse_note(publication.note()).signatures) == 2
    assert publication.publish(ledger).size == 50
    assert publication.publish(ledger, note).size == 50
    assert publication.checkpoint().size == 50


def test_later_cosignature_of_the_same_checkpoint_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    ledger = grown(tmp_path / "record", 30)
    note, publication = ledger.signed_checkpoint(), Publication(tmp_path / "public")
    text = notes.parse_note(note).text
    for time in (1_700_000_000, 1_700_000_060):
        line = cosignatures.cosign(text, WITNESS.cosigner_vkey, WITNESS.sign, time)
        publication.publish(ledger, notes.add_signatures(note, [line]))
    publication.publish(ledger)
    lines = notes.parse_note(publication.note()).signatures
    assert [line.name for line in lines] == ["record.example/log", "witness.example/w1"]
    assert cosignatures.time_of(lines[1]) == 1_700_000_060


def test_forked_log_is_not_published_over_the_first(tmp_path: Path) -> None:
    publication = Publication(tmp_path / "public")
    publication.publish(grown(tmp_path / "record", 30))
    before = {name: publication.read(name) for name in names(publication)}
    fork = Ledger.open(tmp_path / "fork", SIGNER, Recording(tmp_path / "fork"))
    fork.append([leaf(1000 + index) for index in range(40)])
    shorter = grown(tmp_path / "shorter", 20)
    other = grown(tmp_path / "other", 40, signer=Ed25519Signer("record.example/log", bytes(32)))
    for ledger in (fork, shorter, other):
        with pytest.raises(GoedeBuurError) as caught:
            publication.publish(ledger)
        assert caught.value.code == "publication-other"
        assert {name: publication.read(name) for name in names(publication)} == before


def test_checkpoint_that_is_not_of_the_log_is_not_published(tmp_path: Path) -> None:
    ledger, publication = grown(tmp_path / "record", 5), Publication(tmp_path / "public")
    stranger = grown(tmp_path / "stranger", 5, signer=WITNESS)
    forked = notes.Checkpoint(SIGNER.name, 5, bytes(32))
    for note, code in (
        (stranger.signed_checkpoint(), "note-unsigned"),
        (notes.sign(forked.as_text(), SIGNER), "publication-other"),
        (notes.sign(notes.Checkpoint(SIGNER.name, 6, bytes(32)).as_text(), SIGNER), "publication-other"),
    ):
        with pytest.raises(GoedeBuurError) as caught:
            publication.publish(ledger, note)
        assert caught.value.code == code
        assert not (tmp_path / "public").exists()


def test_lost_file_is_made_again_by_a_run_over_all_of_them(tmp_path: Path) -> None:
    ledger, publication = grown(tmp_path / "record", 600), Publication(tmp_path / "public")
    publication.publish(ledger)
    (tmp_path / "public/tile/0/001").unlink()
    (tmp_path / "public/tile/entries/000").write_bytes(b"other")
    assert publication.publish(ledger, whole=True).written == 2
    assert checking.check(tmp_path / "public") == []


def test_folder_without_a_log_says_so(tmp_path: Path) -> None:
    for ask in (Publication(tmp_path).checkpoint, lambda: checking.check(tmp_path)):
        with pytest.raises(GoedeBuurError) as caught:
            ask()
        assert caught.value.code == "publication-missing"


@pytest.mark.parametrize("name", ["../record/ledger/entries", "/etc/passwd", ".unfinished/lock", "tile/0", "tile"])
def test_nothing_but_what_is_published_can_be_read(tmp_path: Path, name: str) -> None:
    publication = Publication(tmp_path / "public")
    publication.publish(grown(tmp_path / "record", 3))
    with pytest.raises(FileNotFoundError):
        publication.read(name)


def test_several_at_once_publish_one_log(tmp_path: Path) -> None:
    grown(tmp_path / "record", 900)
    failed: list[BaseException] = []

    def run() -> None:
        try:
            Publication(tmp_path / "public").publish(Ledger.open(tmp_path / "record"))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert checking.check(tmp_path / "public") == []


def test_readme_is_written_anew_where_it_changed_and_stays_where_none_is_given(tmp_path: Path) -> None:
    publication, ledger = Publication(tmp_path / "public"), grown(tmp_path / "record", 3)
    publication.publish(ledger, readme="one\n")
    assert publication.read("README.md") == b"one\n"
    before = (tmp_path / "public/README.md").stat().st_ino
    publication.publish(ledger, readme="one\n")
    publication.publish(ledger)
    assert (tmp_path / "public/README.md").stat().st_ino == before
    publication.publish(ledger, readme="two\n")
    assert publication.read("README.md") == b"two\n"


# crashes


def life(tmp_path: Path) -> tuple[Ledger, Recording]:
    """Publish a log four times, and return it with the steps that this took."""
    record = tmp_path / "record"
    (tmp_path / "first").mkdir()
    fs = Recording(tmp_path / "first")
    for size in (0, 250, 270, 600):
        ledger = grown(record, size) if size else grown(record)
        Publication(tmp_path / "first", fs).publish(ledger, readme=README[size // 300])
    return ledger, fs


def holds(folder: Path, ledger: Ledger) -> None:
    """Check that whatever checkpoint is there has all its tiles, and that the next run finishes the work."""
    publication = Publication(folder)
    if (folder / "checkpoint").exists():
        assert (folder / "log.vkey").exists()
        assert publication.read("README.md") in (README[0].encode(), README[2].encode())
        size = publication.checkpoint().size
        tree = publication.tree()
        assert len(tree.entries(0, size)) == size
        for tile in tiles.tiles_of(size):
            assert (folder / tile.path).exists(), f"{tile.path} under a checkpoint of {size}"
    publication.publish(ledger)
    assert checking.check(folder) == []
    assert publication.checkpoint().size == 600


def test_crash_at_any_step_leaves_no_checkpoint_without_its_tiles(tmp_path: Path) -> None:
    ledger, fs = life(tmp_path)
    for share in (0.0, 0.5, 1.0):
        for at in range(len(fs.steps) + 1):
            place = tmp_path / f"{share}-{at}"
            crashed(fs.steps[:at], random.Random(at), share, place)
            holds(place, ledger)


def test_power_cut_after_a_run_that_finished_a_killed_one_loses_nothing(tmp_path: Path) -> None:
    ledger, fs = life(tmp_path)
    for at in range(len(fs.steps) + 1):
        place = tmp_path / f"killed-{at}"
        crashed(fs.steps[:at], random.Random(at), 0.0, place)
        second = Recording(place)
        Publication(place, second).publish(ledger, readme=README[2])
        crashed([*fs.steps[:at], *second.steps], random.Random(at), 1.0, tmp_path / f"cut-{at}")
        assert Publication(tmp_path / f"cut-{at}").checkpoint().size == 600
        holds(tmp_path / f"cut-{at}", ledger)


@pytest.mark.parametrize("fault", list(Fault))
def test_failure_at_any_step_is_finished_by_the_next_run(tmp_path: Path, fault: Fault) -> None:
    ledger, fs = life(tmp_path)
    for at in range(0, len(fs.steps), 3):
        place = tmp_path / f"broken-{at}"
        place.mkdir()
        faulty = Faulty(place, at, fault)
        for size in (250, 600):
            note = notes.sign(notes.Checkpoint(SIGNER.name, size, ledger.root_hash(size)).as_text(), SIGNER)
            with suppress(OSError):
                Publication(place, faulty).publish(ledger, note, readme=README[size // 300])
        assert faulty.failed is not None or at > len(fs.steps) // 2
        holds(place, ledger)
