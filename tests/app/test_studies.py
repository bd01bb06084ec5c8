"""The process that has studies reckoned: what ends badly is tried again, and given up in the end."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from goedebuur.app import studies as watching
from goedebuur.services import dispersion_study
from goedebuur.services.dispersion_study import Area, Emitter, Progress, State, Study, Wind
from goedebuur.store.studies import Studies

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)


@pytest.fixture
def studies(tmp_path: Path) -> Studies:
    return Studies(tmp_path)


def turns(number: int) -> Callable[[float], bool]:
    """Return what says so many times to go on, without waiting."""
    left = iter(range(number))
    return lambda _: next(left, None) is not None


def begun(studies: Studies) -> str:
    asked = Study(
        id="",
        title="Rond het staal",
        made="",
        substance="so2",
        years=(2019,),
        emitters=(Emitter("NL.X/1.FACILITY"),),
        wind=Wind("KNMI901", 0.1),
        area=Area(52.0, 5.0, 2000.0, 250.0),
        statistics=("mean",),
    )
    study = dispersion_study.make(studies, asked, NOW)
    dispersion_study.report(studies, study.id, Progress(State.WORKING, ""))
    return study.id


KILLED = [sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]


def test_study_at_which_the_process_was_killed_three_times_is_given_up(
    studies: Studies, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, started = begun(studies), []
    ended_well = watching._ended_well

    def counted(command: list[str], wait: Callable[[float], bool]) -> bool:
        started.append(dispersion_study.progress(studies, name).state)
        return ended_well(command, lambda _: True)

    monkeypatch.setattr(watching, "_ended_well", counted)
    watching.watch(studies, KILLED, turns(50))
    assert started == [State.WORKING] * 3
    told = dispersion_study.progress(studies, name)
    assert (told.state, told.code) == (State.FAILED, "dispersion-broken")


def test_watch_goes_on_after_what_nobody_foresaw(studies: Studies, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []

    def waiting(_: Studies) -> list[str]:
        looked.append(1)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(dispersion_study, "waiting", waiting)
    watching.watch(studies, KILLED, turns(6))
    assert len(looked) == 3


def test_nothing_is_started_where_nothing_waits(studies: Studies, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_ended_well", lambda *_: pytest.fail("it was started"))
    watching.watch(studies, KILLED, turns(3))


def test_process_that_reckons_ends_with_the_one_that_started_it(studies: Studies) -> None:
    begun(studies)
    sleeps = [sys.executable, "-c", "import time; time.sleep(600)"]
    watching.watch(studies, sleeps, turns(2))
