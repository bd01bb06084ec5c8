"""Several threads ask one record at the same time, as the threads of the web server do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from tests.services.deliveries import NOW, A, B, hour, open_record, station_file

from goedebuur.core.compliance.verdicts import Explanation
from goedebuur.services import assessment, delivery
from goedebuur.services.record import MOST_ANSWERS, Record
from goedebuur.store.catalogue import Catalogue, Entry

THREADS, CALLS = 4, 4
RULES = ("eu2008.so2.hour", "eu2008.so2.day")


@pytest.fixture
def record(tmp_path: Path) -> Record:
    found = open_record(tmp_path / "record")
    year = [str(n % 400) for n in range(365 * 24)]
    delivery.deliver(found, station_file({"NL90001": year, "NL90002": ["1"] * len(year)}), "a.csv", now=NOW)
    return found


def test_parallel_explanations_are_those_of_one_thread(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    questions = [(series, rule) for series in (A, B) for rule in RULES]
    alone = {(s, r): assessment.explain(record, s, r, 2019) for s, r in questions}
    assert {told.verdict.exceedances for told in alone.values()} != {0}
    monkeypatch.setattr(Record, "remembered", lambda _, question, answer: answer())  # each is worked out each time
    ready = Barrier(THREADS)

    def work(number: int) -> list[tuple[tuple[str, str], Explanation]]:
        ready.wait()
        turn = [questions[(number + i) % len(questions)] for i in range(CALLS)]
        return [((s, r), assessment.explain(record, s, r, 2019)) for s, r in turn]

    with ThreadPoolExecutor(THREADS) as pool:
        told = [answer for answers in pool.map(work, range(THREADS)) for answer in answers]
    assert len(told) == THREADS * CALLS
    assert all(found == alone[question] for question, found in told)


def test_same_explanation_is_worked_out_once(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    worked_out = []
    real = assessment._explain

    def counted(*arguments: object) -> Explanation:
        worked_out.append(arguments)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(assessment, "_explain", counted)
    with ThreadPoolExecutor(THREADS) as pool:
        told = list(pool.map(lambda _: assessment.explain(record, A, RULES[0], 2019), range(THREADS * CALLS)))
    assert len(worked_out) == 1
    assert all(found is told[0] for found in told)


def test_answers_asked_for_longest_ago_make_room(record: Record) -> None:
    worked_out = []

    def ask(question: int) -> int:
        def answer() -> int:
            worked_out.append(question)
            return question

        return record.remembered(question, answer)

    ask(-1)
    for number in range(MOST_ANSWERS - 1):
        ask(number)
        assert ask(-1) == -1
    ask(MOST_ANSWERS)
    assert ask(-1) == -1
    assert worked_out.count(-1) == 1
    assert ask(0) == 0
    assert worked_out.count(0) == 2


def test_another_delivery_gives_another_answer(record: Record) -> None:
    before = assessment.explain(record, B, RULES[0], 2019)
    year = ["400"] * (365 * 24)
    delivery.deliver(record, station_file({"NL90002": year}), "b.csv", now=NOW)
    assert assessment.explain(record, B, RULES[0], 2019).verdict.outcome != before.verdict.outcome


def test_threads_read_whole_versions_while_deliveries_come_in(record: Record) -> None:
    reader = Record.open(record.data_dir, read_only=True)
    with ThreadPoolExecutor(THREADS) as pool:
        done = False

        def read() -> set[tuple[int, int]]:
            seen = set()
            while not done:
                rows = reader.observations.read(series=[B], start=hour(0), end=hour(48), columns=["micro"])["micro"]
                seen.add((rows.len(), rows.n_unique()))
            return seen

        readers = [pool.submit(read) for _ in range(THREADS - 1)]
        for value in ("2", "3", "4"):
            delivery.deliver(record, station_file({"NL90002": [value] * 365 * 24}), "a.csv", now=NOW)
            reader.refresh()
            record.rebuild()
            reader.refresh()
        done = True
        assert {found for one in readers for found in one.result()} == {(48, 1)}


def test_readers_have_the_whole_catalogue_during_a_rebuild(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Record.open(record.data_dir, read_only=True)
    before = (reader.catalogue.size, reader.catalogue.state("station"), reader.catalogue.leaves(99))
    assert before[0] == record.size
    seen = []
    real = Catalogue._enter

    def seen_by_a_reader(catalogue: Catalogue, entry: Entry) -> None:
        real(catalogue, entry)
        seen.append((reader.catalogue.size, reader.catalogue.state("station"), reader.catalogue.leaves(99)))

    monkeypatch.setattr(Catalogue, "_enter", seen_by_a_reader)
    record.rebuild()
    assert seen == [before] * record.size
    assert (reader.catalogue.size, reader.catalogue.state("station"), reader.catalogue.leaves(99)) == before


def test_reader_that_did_not_look_again_still_reads_after_a_rebuild(record: Record) -> None:
    reader = Record.open(record.data_dir, read_only=True)
    before = reader.observations.read(series=[B], start=hour(0), end=hour(48))
    record.rebuild()
    assert reader.observations.read(series=[B], start=hour(0), end=hour(48)).equals(before)
    assert reader.observations.refresh()
    assert reader.observations.read(series=[B], start=hour(0), end=hour(48)).equals(before)
