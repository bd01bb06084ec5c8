"""How dispersion studies stay sound on the disk: room, files of another version, workers, and who stops when."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from tests.core.permits.decisions import condition, decision
from tests.services.around_works import made
from tests.services.test_dispersion_study import WORKS, asked, now, record, studies, worked

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.dispersion.source import DIGEST
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import EmissionPoint, Installation, Site
from goedebuur.services import (
    dispersion_outcome,
    dispersion_room,
    dispersion_study,
    dispersion_study_emissions,
    dispersion_study_work,
    dispersion_version,
    permits,
    sites,
)
from goedebuur.services.dispersion_study import Emitter, Progress, State
from goedebuur.services.record import Record
from goedebuur.store.studies import Studies

__all__ = ["record", "studies"]


def room(monkeypatch: pytest.MonkeyPatch, free: Callable[[], int]) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free()))


def test_study_that_finds_no_room_says_so_and_nothing_goes(
    studies: Studies, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = worked(studies, record, asked(record))
    room(monkeypatch, lambda: 0)
    second = dispersion_study.make(
        studies, asked(record, title="Een ander", emitters=(Emitter(WORKS, stack="high"),)), now()
    )
    ((_, told),) = dispersion_study_work.work(studies, record, now)
    assert (told.state, told.code) == (State.FAILED, "dispersion-no-room")
    assert (studies.folder(first.id) / dispersion_room.MATRIX).is_dir()
    assert not (studies.folder(second.id) / dispersion_room.MATRIX).exists()


def test_matrix_of_a_study_that_was_ready_the_longest_makes_room(
    studies: Studies, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = (worked(studies, record, asked(record, title=title)) for title in ("Oud", "Nieuw"))
    for day, one in enumerate((old, new), 1):
        dispersion_study.report(studies, one.id, Progress(State.DONE, f"2026-11-0{day}T09:00:00Z"))
    matrices = [studies.folder(one.id) / dispersion_room.MATRIX for one in (old, new)]
    size = sum(path.stat().st_size for path in matrices[0].rglob("*") if path.is_file())
    asks = dispersion_study.make(studies, asked(record, title="Derde"), now())
    # short by as much as one of them holds
    room(monkeypatch, lambda: dispersion_room.SPARE + 400 - size)
    dispersion_room.make(studies, asks, 100)
    assert [path.exists() for path in matrices] == [False, True]


def test_matrix_of_the_base_is_not_given_up_for_its_scenario(
    studies: Studies, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = worked(studies, record, asked(record))
    told = dispersion_study.scenario(base, "Hoog", (Emitter(WORKS, stack="high"),))
    scenario = dispersion_study.make(studies, told, now())
    room(monkeypatch, lambda: dispersion_room.SPARE)
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_room.make(studies, scenario, 1)
    assert caught.value.code == "dispersion-no-room"
    assert (studies.folder(base.id) / dispersion_room.MATRIX).is_dir()


def test_more_than_ten_years_of_twenty_facilities_at_all_places_is_refused(record: Record) -> None:
    years = tuple(range(2011, 2021))
    square = replace(asked(record).area, half=5_000.0, step=101.0)  # 100 x 100 places

    def of(facilities: int) -> dispersion_study.Study:
        emitters = tuple(Emitter(f"NL.X/{number}.FACILITY") for number in range(facilities))
        return asked(record, emitters=emitters, years=years, area=square)

    dispersion_study.require(of(20))
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_study.require(of(21))
    assert (caught.value.code, caught.value.place) == ("dispersion-study", "step")


@pytest.mark.parametrize("data", [b'{"id":"kapot"}', b"", b"{", None])
def test_study_that_cannot_be_read_is_named_and_keeps_no_other_from_being_worked_on(
    studies: Studies, record: Record, data: bytes | None
) -> None:
    good = dispersion_study.make(studies, asked(record), now())
    if data is None:  # of a later form
        data = msgspec.json.encode(replace(good, id="kapot", format="goedebuur-dispersion-study/9"))
    studies.make(iter(["kapot"]))
    studies.put("kapot", "study.json", data)
    assert [one.id for one, _ in dispersion_study.every(studies)] == [good.id]
    assert dispersion_study.unreadable(studies) == ["kapot"]
    told = dict(dispersion_study_work.work(studies, record, now))
    assert told[good.id].state is State.DONE
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_study.find(studies, "kapot")
    assert caught.value.code == "dispersion-unreadable"


def test_how_far_a_study_is_that_cannot_be_read_has_it_made_again(studies: Studies, record: Record) -> None:
    study = worked(studies, record, asked(record))
    studies.put(study.id, "progress.json", b'{"state":"')
    assert dispersion_study.waiting(studies) == [study.id]
    assert dict(dispersion_study_work.work(studies, record, now))[study.id].state is State.DONE


def test_study_that_is_stopped_between_being_chosen_and_begun_stays_stopped(
    studies: Studies, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = dispersion_study.make(studies, asked(record), now())
    monkeypatch.setattr(type(record), "refresh", lambda _: dispersion_study.cancel(studies, study.id, now()))
    ((_, told),) = dispersion_study_work.work(studies, record, now)
    assert told.state is State.CANCELLED
    assert studies.get(study.id, dispersion_outcome.OUTCOME) is None
    dispersion_study.again(studies, study.id, now())
    monkeypatch.setattr(type(record), "refresh", lambda _: None)
    assert dict(dispersion_study_work.work(studies, record, now))[study.id].state is State.DONE


def test_study_that_is_stopped_while_a_worker_says_that_it_begins_is_stopped(
    studies: Studies, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = dispersion_study.report
    dispersion_study.make(studies, asked(record), now())

    def stopped_before(there: Studies, name: str, told: Progress) -> None:
        if told.state is State.WORKING and not there.stopping(name):
            dispersion_study.cancel(there, name, now())
        report(there, name, told)

    monkeypatch.setattr(dispersion_study_work.dispersion_study, "report", stopped_before)
    ((_, told),) = dispersion_study_work.work(studies, record, now)
    assert told.state is State.CANCELLED


@pytest.mark.parametrize("change", ["program", "model"])
def test_what_the_program_of_now_did_not_reckon_is_known(studies: Studies, record: Record, change: str) -> None:
    receipt = dispersion_outcome.read(studies, worked(studies, record, asked(record)).id).receipt
    assert dispersion_version.is_current(receipt)
    assert {told["model"] for told in receipt.matrices} == {DIGEST}
    other: dict[str, Any] = {"program": ""} if change == "program" else {"matrices": ({"model": "0" * 64},)}
    assert not dispersion_version.is_current(replace(receipt, **other))


def test_source_of_the_numbers_changes_the_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in dispersion_version.MODULES:
        shutil.copy(dispersion_version.HERE / f"{name}.py", tmp_path)
    before = dispersion_version.digest()
    monkeypatch.setattr(dispersion_version, "HERE", tmp_path)
    assert dispersion_version.digest() == before
    (tmp_path / "contours.py").write_text("", encoding="utf-8")
    assert dispersion_version.digest() != before


def with_cap(
    record: Record, parts: list[Any], form: dict[str, Any], **where: list[str]
) -> tuple[float | None, str | None]:
    """Return what the works may let out of SO2 at most by one total of ten tonnes, and why that is not known."""
    site = Site("staal", (Dated("Een Staal"),), facilities=(Dated(WORKS),), simulated=True)
    sites.put(record, [site, *parts], datetime(2019, 1, 1, tzinfo=UTC))
    total = {"substance": {"name": "sox", "id": "sox"}, "unit": "t", "period": "year", "value": "10", **form}
    told = condition("1", kind="load_cap", form=total, **where)
    permits.publish(
        record, decision("plafond", "2019-01-01", told, site="staal", example=True), datetime(2019, 1, 1, tzinfo=UTC)
    )
    (offered,) = dispersion_study_emissions.offered(record, "so2", (2019,))
    return offered.permitted[0], offered.unknown


def point(name: str, kind: str = "stack", **more: str) -> EmissionPoint:
    return EmissionPoint(name, "staal", kind, (Dated(name),), **more)


@pytest.mark.parametrize(
    ("parts", "form", "where", "found"),
    [
        # of the one chimney there is; water and what was taken down before do not count
        ([point("K1"), point("W1", "discharge"), point("K0", valid_to="2018-12-31")], {}, ["K1"], (10_000.0, None)),
        ([point("K1"), point("D1", "diffuse")], {}, ["K1"], (None, "cap-partial")),
        ([point("K1")], {"exemptions": [{"state": "start_up"}]}, ["K1"], (None, "cap-exempt")),
        ([point("K1")], {"exemptions": [{"state": "start_up"}]}, [], (None, "cap-exempt")),
    ],
)
def test_total_in_a_permit_is_that_of_the_site_where_it_is_of_all_of_it_at_all_times(
    tmp_path: Path, parts: list[Any], form: dict[str, Any], where: list[str], found: tuple[float | None, str | None]
) -> None:
    with closing(made(tmp_path / "record")) as record:
        assert with_cap(record, parts, form, **({"emission_points": where} if where else {})) == found


@pytest.mark.parametrize(("named", "found"), [(["H1"], (None, "cap-partial")), (["H1", "H2"], (10_000.0, None))])
def test_total_of_some_installations_is_not_that_of_the_site(
    tmp_path: Path, named: list[str], found: tuple[float | None, str | None]
) -> None:
    both = [Installation(name, "staal", (Dated(name),)) for name in ("H1", "H2")]
    with closing(made(tmp_path / "record")) as record:
        assert with_cap(record, both, {}, installations=named) == found
