"""A study around invented works: what is asked, reckoned, stopped, gone on with, and held beside its base."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pypdfium2
import pytest
from tests.core.permits.decisions import condition, decision
from tests.services.around_works import LATITUDE, LONGITUDE, WEST, made, releases
from tests.services.deliveries import NOW

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import EmissionPoint, Site
from goedebuur.services import (
    dispersion_at_places,
    dispersion_imports,
    dispersion_outcome,
    dispersion_report,
    dispersion_report_words,
    dispersion_study,
    dispersion_study_emissions,
    dispersion_study_work,
    permits,
    planes,
    reported_beside_measured,
    sites,
)
from goedebuur.services.delivery import deliver
from goedebuur.services.dispersion_outcome import Apart, Beside
from goedebuur.services.dispersion_sources import Tables
from goedebuur.services.dispersion_study import OWN, Area, Basis, Emitter, Progress, State, Study, Wind
from goedebuur.services.record import Record
from goedebuur.store import locks
from goedebuur.store.matrices import DAMAGED
from goedebuur.store.studies import Studies

WORKS, OTHER = "NL.X/1.FACILITY", "NL.X/2.FACILITY"


SULPHUR = {"substance": {"name": "SOx", "id": "sox"}, "unit": "t", "period": "year"}


def now() -> datetime:
    return datetime(2026, 11, 1, 9, tzinfo=UTC)


def two_works() -> bytes:
    """Return works of a gram a second a kilometre west of the station, and of two a kilometre east."""
    first, second = releases(1.0), releases(-1.0, 63_072.0).split(b"\n", 1)[1]
    return first + second.replace(b"NL.X/1", b"NL.X/2").replace(b"Een Staal", b"Twee Staal")


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    with closing(made(tmp_path_factory.mktemp("studies"))) as found:
        deliver(found, two_works(), "air_data.csv", now=NOW)
        yield found


@pytest.fixture
def studies(tmp_path: Path) -> Studies:
    return Studies(tmp_path)


def asked(record: Record, **other: object) -> Study:
    study = Study(
        id="",
        title="Rond het staal",
        made="",
        substance="so2",
        years=(2019,),
        emitters=(Emitter(WORKS), Emitter(OTHER)),
        wind=Wind("KNMI901", 0.1),
        area=Area(LATITUDE, LONGITUDE, 2000.0, 250.0),
        statistics=("mean", "highest"),
        size=record.size,
    )
    return replace(study, **other)  # type: ignore[arg-type]


def worked(studies: Studies, record: Record, study: Study) -> Study:
    """Return the study, made and ready."""
    found = dispersion_study.make(studies, study, now())
    told = dict(dispersion_study_work.work(studies, record, now))
    assert told[found.id].state is State.DONE, told[found.id].message
    return found


def test_station_has_what_a_run_of_the_same_sources_says(studies: Studies, record: Record) -> None:
    study = worked(studies, record, asked(record))
    (station,) = dispersion_outcome.read(studies, study.id).stations
    weather = dispersion_study_work.weather_of(record, study)
    plane = planes.around(LATITUDE, LONGITUDE)
    rows = [
        f"{name},{x},{y},{grams},50,380,12,2"
        for name, away, grams in (("A", -WEST, 1), ("B", WEST, 2))
        for x, y in [plane.placed(LATITUDE, LONGITUDE + away)]
    ]
    table = "id,x,y,emission,height,temperature,speed,diameter\n" + "\n".join(rows) + "\n"
    run = dispersion_at_places.run(weather, (b"id,x,y\nhere,0,0\n", "r"), tables=Tables((table.encode(), "s")))
    for name in ("mean", "highest"):
        assert station.statistics[name] == pytest.approx(run.places[0].statistics[name], rel=1e-4)


def test_station_has_what_was_measured_in_the_same_hours(studies: Studies, record: Record) -> None:
    study = worked(studies, record, asked(record))
    outcome = dispersion_outcome.read(studies, study.id)
    (station,) = outcome.stations
    # all of the 48 hours have weather; 20 µg/m³ in one day and 5 in the other
    assert station.hours == outcome.hours == 48
    assert station.measured == pytest.approx(12.5)
    assert outcome.left_out == {"no wind speed": 8760 - 48}


@pytest.mark.parametrize(("kilograms", "more"), [(100.0, False), (1e9, True)])
def test_more_than_all_that_was_measured_is_told(
    studies: Studies, record: Record, kilograms: float, more: bool
) -> None:
    found = worked(studies, record, asked(record, emitters=(Emitter(WORKS, Basis.GIVEN, kilograms),)))
    assert dispersion_outcome.too_much(dispersion_outcome.read(studies, found.id)) is more


def test_other_stack_in_a_scenario_is_as_if_it_had_been_asked_at_once(studies: Studies, record: Record) -> None:
    base = worked(studies, record, asked(record))
    high = Emitter(WORKS, stack="high")
    scenario = worked(studies, record, dispersion_study.scenario(base, "Hoger", [high]))
    whole = worked(studies, record, asked(record, title="Ineens", emitters=(high, Emitter(OTHER))))
    one, other = (dispersion_outcome.read(studies, study.id) for study in (scenario, whole))
    assert one.drawn["mean"].values == other.drawn["mean"].values
    assert one.stations == other.stations
    assert [told["sources"] for told in one.receipt.matrices] != [told["sources"] for told in other.receipt.matrices]


def test_scenario_is_drawn_at_the_levels_of_its_base(studies: Studies, record: Record) -> None:
    base = worked(studies, record, asked(record))
    tenth = [Emitter(WORKS, Basis.GIVEN, 3153.6), Emitter(OTHER, Basis.GIVEN, 6307.2)]
    scenario = worked(studies, record, dispersion_study.scenario(base, "Tiende", tenth))
    one, other = (dispersion_outcome.read(studies, study.id).drawn["mean"] for study in (base, scenario))
    assert one.levels == other.levels
    assert one.areas > other.areas


def test_base_is_reckoned_before_a_scenario_of_the_same_moment(studies: Studies, record: Record) -> None:
    base = dispersion_study.make(studies, asked(record, title="Z"), now())
    first = dispersion_study.make(studies, dispersion_study.scenario(base, "A", []), now())
    assert dispersion_study.waiting(studies) == [base.id, first.id]


def test_emission_alone_asks_no_new_matrix_and_is_in_proportion(studies: Studies, record: Record) -> None:
    base = worked(studies, record, asked(record))
    half = [Emitter(WORKS, Basis.GIVEN, 31_536.0 / 2), Emitter(OTHER, Basis.GIVEN, 63_072.0 / 2)]
    scenario = worked(studies, record, dispersion_study.scenario(base, "Half", half))
    assert not (studies.folder(scenario.id) / "matrix").exists()
    rows = dispersion_outcome.against(*(dispersion_outcome.read(studies, one.id) for one in (base, scenario)))
    for row in rows:
        assert row.base is not None
        assert row.change == pytest.approx(-row.base / 2)


def test_facility_that_is_left_out_of_a_scenario_adds_nothing(studies: Studies, record: Record) -> None:
    base = worked(studies, record, asked(record))
    alone = replace(dispersion_study.scenario(base, "Alleen", []), emitters=(Emitter(WORKS),))
    (less,) = dispersion_outcome.read(studies, worked(studies, record, alone).id).stations
    (more,) = dispersion_outcome.read(studies, base.id).stations
    assert 0 < (less.statistics["mean"] or 0.0) < (more.statistics["mean"] or 0.0)


def test_people_are_counted_by_class(studies: Studies, record: Record) -> None:
    here, far = f"1,100,{LATITUDE},{LONGITUDE}", f"2,7,{LATITUDE + 1},{LONGITUDE}"
    studies.put_people(date(2024, 1, 1), f"postcode,inwoners,lat,lon\n{here}\n{far}\n".encode())
    study = worked(studies, record, asked(record, levels=(0.001, 1000.0)))
    lived = dispersion_outcome.read(studies, study.id).drawn["mean"].people
    assert lived is not None
    assert lived.classes == ((None, 0.001, 0), (0.001, 1000.0, 100), (1000.0, None, 0))
    assert (lived.outside, lived.counted_on) == (7, date(2024, 1, 1))


def test_stopped_study_goes_on_where_it_was(studies: Studies, record: Record) -> None:
    study = dispersion_study.make(studies, asked(record), now())
    dispersion_study.report(studies, study.id, Progress(State.WORKING, ""))
    dispersion_study.cancel(studies, study.id, now())
    assert dict(dispersion_study_work.work(studies, record, now))[study.id].state is State.CANCELLED
    assert dispersion_study.waiting(studies) == []
    dispersion_study.again(studies, study.id, now())
    assert dict(dispersion_study_work.work(studies, record, now))[study.id].state is State.DONE


def test_scenario_with_a_matrix_of_other_sources_is_reckoned_anew(studies: Studies, record: Record) -> None:
    base = dispersion_study.make(studies, asked(record), now())
    high = dispersion_study.make(
        studies, dispersion_study.scenario(base, "Hoger", [Emitter(WORKS, stack="high")]), now()
    )
    # the base is not there yet: the scenario makes a matrix of both sources
    assert dispersion_study_work.one(studies, record, high.id, now).state is State.DONE
    assert dispersion_study_work.one(studies, record, base.id, now).state is State.DONE
    dispersion_study.again(studies, high.id, now())
    told = dispersion_study_work.one(studies, record, high.id, now)
    assert told.state is State.DONE, told.message
    assert len(dispersion_outcome.read(studies, high.id).receipt.matrices) == 2


def test_error_of_a_study_does_not_tell_where_the_server_keeps_it(
    studies: Studies, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = dispersion_study.make(studies, asked(record), now())
    folder = studies.folder(study.id)

    def damaged(*_: object) -> None:
        raise GoedeBuurError(DAMAGED, "No.", place=str(folder), value=f"source 1: '{folder}/values'")

    monkeypatch.setattr(dispersion_study_emissions, "of_study", damaged)
    told = dispersion_study_work.one(studies, record, study.id, now)
    assert told.code == DAMAGED
    assert "source 1: " in told.message
    assert folder.parts[1] not in told.message


def test_study_that_waits_is_cancelled_at_once(studies: Studies, record: Record) -> None:
    study = dispersion_study.make(studies, asked(record), now())
    dispersion_study.cancel(studies, study.id, now())
    assert dispersion_study.progress(studies, study.id).state is State.CANCELLED


def test_half_done_study_of_a_worker_that_died_is_taken_up(studies: Studies, record: Record) -> None:
    study = dispersion_study.make(studies, asked(record), now())
    dispersion_study.report(studies, study.id, Progress(State.WORKING, "", "reckon", 1, 2))
    assert dispersion_study.waiting(studies) == [study.id]


def test_worker_that_is_to_end_leaves_the_study_to_the_next(studies: Studies, record: Record) -> None:
    study = dispersion_study.make(studies, asked(record), now())
    turns = iter([True, False, False, False])
    told = dict(dispersion_study_work.work(studies, record, now, lambda: next(turns, False)))
    assert told[study.id].state is not State.DONE
    assert dispersion_study.waiting(studies) == [study.id]


def test_two_workers_are_kept_apart(studies: Studies, record: Record) -> None:
    dispersion_study.make(studies, asked(record), now())
    with studies.working(), pytest.raises(GoedeBuurError) as caught:
        list(dispersion_study_work.work(studies, record, now))
    assert caught.value.code == locks.LOCK_BUSY


def test_what_goes_wrong_is_written_and_others_are_worked_on(studies: Studies, record: Record) -> None:
    bad = dispersion_study.make(studies, asked(record, emitters=(Emitter("NL.X/9.FACILITY"),)), now())
    good = dispersion_study.make(studies, asked(record), now())
    told = dict(dispersion_study_work.work(studies, record, now))
    assert (told[bad.id].state, told[bad.id].code) == (State.FAILED, "query-no-facility")
    assert told[good.id].state is State.DONE


def test_unforeseen_error_does_not_stop_the_worker(
    studies: Studies, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = dispersion_study.make(studies, asked(record), now())
    monkeypatch.setattr(dispersion_study_emissions, "of_study", lambda *_: 1 / 0)
    told = dict(dispersion_study_work.work(studies, record, now))
    assert (told[study.id].state, told[study.id].code) == (State.FAILED, "dispersion-broken")


@pytest.mark.parametrize(
    ("other", "code", "place"),
    [
        ({"title": " "}, "dispersion-study", "title"),
        ({"years": ()}, "dispersion-study", "years"),
        ({"years": (2018, 2020)}, "dispersion-study", "years"),
        ({"emitters": ()}, "dispersion-study", "emitters"),
        ({"emitters": (Emitter(WORKS), Emitter(WORKS))}, "dispersion-study", "emitters"),
        ({"emitters": (Emitter(WORKS, stack="tower"),)}, "dispersion-study", f"stack:{WORKS}"),
        ({"emitters": (Emitter(WORKS, stack=OWN, own=(-1.0, 1, 300, 5)),)}, "dispersion-study", f"stack:{WORKS}"),
        ({"emitters": (Emitter(WORKS, Basis.GIVEN),)}, "dispersion-study", f"kilograms:{WORKS}"),
        ({"emitters": (Emitter(WORKS, Basis.GIVEN, float("nan")),)}, "dispersion-study", f"kilograms:{WORKS}"),
        ({"area": Area(LATITUDE, LONGITUDE, 2000.0, 1.0)}, "query-grid", "grid"),
        ({"area": Area(LATITUDE, LONGITUDE, 5000.0, 50.0)}, "dispersion-study", "step"),
        ({"area": Area(float("nan"), LONGITUDE, 2000.0, 250.0)}, "dispersion-study", "middle"),
        ({"statistics": ()}, "dispersion-study", "statistics"),
        ({"levels": (2.0, 1.0)}, "dispersion-study", "levels"),
        ({"substance": "wind_speed"}, "query-no-substance", "substance"),
        ({"base": "nergens"}, "dispersion-unknown", ""),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field(
    studies: Studies, record: Record, other: dict[str, object], code: str, place: str
) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_study.make(studies, asked(record, **other), now())
    assert (caught.value.code, caught.value.place) == (code, place)
    assert studies.ids() == []


def test_statistic_without_a_name_is_refused(studies: Studies, record: Record) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_study.make(studies, asked(record, statistics=("median",)), now())
    assert caught.value.code == "query-unknown-statistic"


def test_studies_of_one_title_have_names_of_their_own(studies: Studies, record: Record) -> None:
    names = [dispersion_study.make(studies, asked(record, title="Één  studie!"), now()).id for _ in range(2)]
    assert names == ["een-studie", "een-studie-2"]
    assert dispersion_study.make(studies, asked(record, title="Nieuw"), now()).id == "nieuw-2"


@pytest.mark.parametrize("name", ["../record", "", "a/b", "A", "nergens"])
def test_name_of_no_study_is_unknown(studies: Studies, name: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_study.find(studies, name)
    assert caught.value.code == "dispersion-unknown"


def test_results_of_another_version_are_not_read(studies: Studies, record: Record) -> None:
    study = worked(studies, record, asked(record))
    studies.put(study.id, dispersion_outcome.OUTCOME, b"{}")
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_outcome.read(studies, study.id)
    assert caught.value.code == "dispersion-not-done"


def of_model(studies: Studies, study: Study, name: str, value: str) -> None:
    """Let what came of a study say that its matrices are of another model or weather."""
    told = dispersion_outcome.read(studies, study.id)
    matrices = tuple({**one, name: value} for one in told.receipt.matrices)
    found = replace(told, receipt=replace(told.receipt, matrices=matrices))
    studies.put(study.id, dispersion_outcome.OUTCOME, msgspec.json.encode(found))


def test_scenario_is_held_beside_a_base_of_the_same_model_and_weather_alone(studies: Studies, record: Record) -> None:
    base = worked(studies, record, asked(record))
    scenario = worked(studies, record, dispersion_study.scenario(base, "Half", [Emitter(WORKS, Basis.GIVEN, 1.0)]))
    outcome, kept = dispersion_outcome.read(studies, scenario.id), studies.get(base.id, dispersion_outcome.OUTCOME)
    held = dispersion_outcome.beside(studies, scenario, outcome)
    assert (len(held.rows), held.why) == (4, None)  # two statistics, each in the square and at the station
    for name in ("model", "weather"):
        of_model(studies, base, name, "0")
        assert dispersion_outcome.beside(studies, scenario, outcome) == Beside((), Apart(f"other-{name}"))
        assert kept is not None
        studies.put(base.id, dispersion_outcome.OUTCOME, kept)
    studies.put(base.id, dispersion_outcome.OUTCOME, b"{}")
    assert dispersion_outcome.beside(studies, scenario, outcome) == Beside((), Apart.OTHER_VERSION)
    dispersion_study.again(studies, base.id, now())
    assert dispersion_outcome.beside(studies, scenario, outcome) == Beside((), Apart.NOT_READY)
    assert dispersion_outcome.beside(studies, base, outcome) == Beside()


@pytest.mark.parametrize(
    ("area", "said"),
    [
        # a degree of latitude is 111.27 km there: of a square with its middle 49.00 km north and 1 km east of the works
        # the farthest corner is √(2² + 50²) = 50.04 km away
        (Area(LATITUDE + 49 / 111.27, LONGITUDE, 1000.0, 250.0), "NL.X/1.FACILITY): 50.0 km"),
        (Area(LATITUDE, LONGITUDE - WEST, 0.5, 0.5), "9 places"),
    ],
)
def test_square_of_which_nothing_can_be_said_is_refused_before_anything_is_reckoned(
    record: Record, area: Area, said: str
) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_study_emissions.of_study(record, asked(record, area=area, emitters=(Emitter(WORKS),)))
    assert (caught.value.code, caught.value.place) == ("dispersion-study", "half")
    assert said in caught.value.value


def test_statistic_that_is_known_nowhere_is_not_drawn(studies: Studies, record: Record) -> None:
    study = worked(studies, record, asked(record, statistics=("high-9000",), levels=(1.0,)))
    outcome = dispersion_outcome.read(studies, study.id)
    drawn, (station,) = outcome.drawn["high-9000"], outcome.stations
    assert (drawn.highest[0], drawn.levels, drawn.areas) == (None, (), ())
    assert station.statistics == {"high-9000": None}


def test_hours_that_count_are_told_with_all_hours_of_the_years(studies: Studies, record: Record) -> None:
    outcome = dispersion_outcome.read(studies, worked(studies, record, asked(record)).id)
    assert (outcome.hours, outcome.every) == (48, 365 * 24)
    assert outcome.share == pytest.approx(48 / 8760)
    assert (outcome.stations_left_out, outcome.unplaced, outcome.drawn["mean"].hidden) == ((), (), True)


def test_station_too_near_and_facility_without_a_place_are_named(studies: Studies, tmp_path: Path) -> None:
    with closing(made(tmp_path / "record", kilometres=0.0)) as record:
        lost = releases(-1.0).replace(b"NL.X/1", b"NL.X/3").replace(b"\t4.514602\t52.100001\t", b"\t\t\t")
        deliver(record, lost, "air_data.csv", now=NOW)
        outcome = dispersion_outcome.read(
            studies, worked(studies, record, asked(record, emitters=(Emitter(WORKS),))).id
        )
        assert outcome.stations == ()
        assert [one.endswith("(NL90001)") for one in outcome.stations_left_out] == [True]
        assert outcome.unplaced == ("Een Staal BV (NL.X/3.FACILITY)",)


def test_table_of_people_that_cannot_be_read_is_told_before_anything_is_reckoned(
    studies: Studies, record: Record
) -> None:
    studies.put_people(date(2024, 1, 1), b"postcode,inwoners\n1,100\n")
    study = dispersion_study.make(studies, asked(record), now())
    told = dispersion_study_work.one(studies, record, study.id, now)
    assert (told.state, told.code) == (State.FAILED, "input-missing-column")
    assert not (studies.folder(study.id) / "matrix").exists()


def rd(latitude: float, longitude: float) -> tuple[float, float]:
    x, y = planes.RD.placed(latitude, longitude)
    return round(x, 1), round(y, 1)


def test_other_model_is_held_beside_ours_at_its_places(studies: Studies, record: Record) -> None:
    study = worked(studies, record, asked(record))
    (station,) = dispersion_outcome.read(studies, study.id).stations
    places = [
        (LATITUDE, LONGITUDE),
        (LATITUDE + 0.002, LONGITUDE),
        (LATITUDE, LONGITUDE + 0.002),
        (LATITUDE + 1, LONGITUDE),
    ]
    ours = station.statistics["mean"]
    rows = [f"{x};{y};{str(ours).replace('.', ',')}" for x, y in (rd(*one) for one in places)]
    found = dispersion_imports.put(
        studies, study, "mean", "NNM 2026", (("x;y;c\n" + "\n".join(rows)).encode(), "nnm.csv"), now(), by="gs"
    )
    assert (found.places, found.outside) == (4, 1)
    assert found.mean == pytest.approx(ours)
    assert found.share is not None
    assert found.share >= 1 / 3
    assert dispersion_imports.of_study(studies, study, "mean") == [found]
    assert dispersion_imports.of_study(studies, study, "highest") == []


def test_other_model_is_held_against_what_came_of_the_study_last(studies: Studies, record: Record) -> None:
    study = worked(studies, record, asked(record))
    places = [rd(LATITUDE + north, LONGITUDE + east) for north, east in ((0, 0), (0.002, 0), (0, 0.002))]
    table = (("x,y,c\n" + "".join(f"{x},{y},1\n" for x, y in places)).encode(), "nnm.csv")
    first = dispersion_imports.put(studies, study, "mean", "NNM 2026", table, now(), by="gs")
    outcome = dispersion_outcome.read(studies, study.id)
    drawn = outcome.drawn["mean"]
    twice = replace(drawn, values=tuple(None if one is None else 2 * one for one in drawn.values))
    studies.put(
        study.id,
        dispersion_outcome.OUTCOME,
        msgspec.json.encode(replace(outcome, drawn={**outcome.drawn, "mean": twice})),
    )
    (last,) = dispersion_imports.of_study(studies, study, "mean")
    assert first.ours is not None
    assert last.mean == 1.0
    assert last.ours == pytest.approx(2 * first.ours)


def test_what_was_withdrawn_is_no_longer_held_beside_and_makes_room(studies: Studies, record: Record) -> None:
    study = worked(studies, record, asked(record))
    places = [rd(LATITUDE + north, LONGITUDE + east) for north, east in ((0, 0), (0.002, 0), (0, 0.002))]

    def bring(value: int) -> dispersion_imports.Imported:
        table = ("x,y,c\n" + "".join(f"{x},{y},{value}\n" for x, y in places)).encode()
        return dispersion_imports.put(studies, study, "mean", f"NNM {value}", (table, "nnm.csv"), now(), by="gs")

    brought = [bring(value) for value in range(1, dispersion_imports.MOST + 1)]
    with pytest.raises(GoedeBuurError, match="as many results"):
        bring(9)
    gone = dispersion_imports.withdraw(studies, study, "mean", brought[0].digest, "A wrong year.", now(), by="od")
    assert (gone.values, gone.why, gone.by, gone.withdrawn_by) == ((), "A wrong year.", "gs", "od")
    left = sorted(dispersion_imports.of_study(studies, study, "mean"), key=lambda one: one.name)
    assert left == brought[1:]
    again = bring(1)
    assert dispersion_imports.withdrawn(studies, study, "mean") == [gone], "also after the same table is brought again"
    assert again in dispersion_imports.of_study(studies, study, "mean")
    with pytest.raises(GoedeBuurError, match="without a reason"):
        dispersion_imports.withdraw(studies, study, "mean", again.digest, " ", now(), by="gs")
    with pytest.raises(GoedeBuurError, match="no such results"):
        dispersion_imports.withdraw(studies, study, "highest", again.digest, "No.", now(), by="gs")


@pytest.mark.parametrize(
    ("table", "name", "statistic", "code"),
    [
        (b"\x00\xff\xfe", "NNM", "mean", "input-encoding"),
        (b"", "NNM", "mean", "input-empty"),
        (b"x,y,c\n1,2,3\n", "NNM", "mean", "input-number"),
        (b"x,y,c\n100000,480000,nan\n", "NNM", "mean", "input-number"),
        (gzip.compress(b"x,y,c\n100000,480000,1\n" + b"\n" * (21 * 2**20)), "NNM", "mean", "input-too-large"),
        (
            b"x,y,c\n" + b"".join(b"%d,480000,1\n" % x for x in range(50_001)) + b"no",
            "NNM",
            "mean",
            "dispersion-imports",
        ),
        (b"x,y,c,d\n100000,480000,1,2\n", "NNM", "mean", "dispersion-imports"),
        # a hundred kilometres from the square
        (b"x,y,c\n200000,480000,1\n200100,480000,1\n200000,480100,2\n", "NNM", "mean", "dispersion-imports"),
        (b"x,y,c\n100000,480000,1\n", " ", "mean", "dispersion-study"),
        (b"x,y,c\n100000,480000,1\n", "NNM", "../x", "dispersion-study"),
    ],
)
def test_table_of_another_model_that_cannot_be_is_refused(
    studies: Studies, record: Record, table: bytes, name: str, statistic: str, code: str
) -> None:
    study = worked(studies, record, asked(record))
    with pytest.raises(GoedeBuurError) as caught:
        dispersion_imports.put(studies, study, statistic, name, (table, "nnm.csv"), now(), by="gs")
    assert caught.value.code == code
    assert dispersion_imports.of_study(studies, study, "mean") == []


def test_permitted_is_the_lowest_cap_on_the_whole_site_in_the_years_of_the_study(tmp_path: Path) -> None:
    with closing(made(tmp_path / "record")) as record:
        site = Site("staal", (Dated("Een Staal"),), facilities=(Dated(WORKS),), simulated=True)
        sites.put(record, [site, EmissionPoint("K1", "staal", "stack", (Dated("K1"),))], NOW)
        caps = [("1", "40", {}), ("2", "50", {}), ("3", "1", {"emission_points": ["K1"]})]
        told = [
            condition(number, kind="load_cap", form=SULPHUR | {"value": tonnes}, **where)
            for number, tonnes, where in caps
        ]
        permits.publish(record, decision("plafond", "2019-01-01", *told, site="staal", example=True), NOW)
        emitters = (Emitter(WORKS, Basis.PERMITTED),)
        study = asked(record, emitters=emitters, years=(2019,))
        (let,) = dispersion_study_emissions.of_study(record, study)
        assert (let.kilograms, let.reported, let.conditions) == ((40_000.0,), (31_536.0,), ("plafond/1",))
        (offered,) = dispersion_study_emissions.offered(record, "so2", (2019,))
        assert (offered.reported, offered.permitted) == ((31_536.0,), (40_000.0,))
        with pytest.raises(GoedeBuurError) as caught:
            dispersion_study_emissions.of_study(record, asked(record, emitters=emitters, years=(2018,)))
        assert caught.value.code == "query-no-cap"


def capped(record: Record, caps: list[tuple[str, str, str, dict[str, list[str]]]], *facilities: str) -> None:
    """Put a site of these facilities in the record, with caps in tonnes a year: number, substance, value, where."""
    site = Site("staal", (Dated("Een Staal"),), facilities=tuple(map(Dated, facilities)), simulated=True)
    points = [EmissionPoint(name, "staal", "stack", (Dated(name),)) for name in ("K1", "K2")]
    sites.put(record, [site, *points], NOW)
    told = [
        condition(
            number,
            kind="load_cap",
            form={"substance": {"name": substance, "id": substance}, "unit": "t", "period": "year", "value": tonnes},
            **where,
        )
        for number, substance, tonnes, where in caps
    ]
    permits.publish(record, decision("plafond", "2019-01-01", *told, site="staal", example=True), NOW)


def test_cap_of_a_site_with_two_facilities_that_reported_is_of_neither(tmp_path: Path) -> None:
    with closing(made(tmp_path / "record")) as record:
        deliver(record, two_works(), "air_data.csv", now=NOW)
        capped(record, [("1", "sox", "1000", {})], WORKS, OTHER)
        offered = dispersion_study_emissions.offered(record, "so2", (2019,))
        assert [(one.permitted, one.unknown) for one in offered] == [((None,), "cap-shared")] * 2
        emitters = (Emitter(WORKS, Basis.PERMITTED), Emitter(OTHER, Basis.PERMITTED))
        with pytest.raises(GoedeBuurError) as caught:
            dispersion_study_emissions.of_study(record, asked(record, emitters=emitters))
        assert caught.value.code == "query-no-cap"
        assert "more facilities" in caught.value.hint


@pytest.mark.parametrize(
    ("caps", "permitted", "unknown"),
    [
        # parts that have nothing in common add up; of two caps on one part the tighter counts
        ([("K1",), ("K2",)], 30_000.0, None),
        ([("K1", "K2"), ("K1", "K2")], 10_000.0, None),
        # of the other chimney nothing is said
        ([("K1",), ("K1",)], None, "cap-partial"),
        ([("K1",), ("K1", "K2")], None, "cap-overlapping"),
        ([], None, None),
    ],
)
def test_caps_on_parts_add_up_where_they_have_nothing_in_common(
    tmp_path: Path, caps: list[tuple[str, ...]], permitted: float | None, unknown: str | None
) -> None:
    with closing(made(tmp_path / "record")) as record:
        told = [
            (str(number), "sox", f"{10 * number}", {"emission_points": list(points)})
            for number, points in enumerate(caps, 1)
        ]
        capped(record, told or [("1", "nox", "1", {})], WORKS)
        (offered,) = dispersion_study_emissions.offered(record, "so2", (2019,))
        assert (offered.permitted, offered.unknown) == ((permitted,), unknown)


@pytest.mark.parametrize(("sox", "so2", "permitted"), [("50", "40", 40_000.0), ("30", "40", 30_000.0)])
def test_tighter_of_a_cap_on_so2_and_one_on_sox_counts(tmp_path: Path, sox: str, so2: str, permitted: float) -> None:
    with closing(made(tmp_path / "record")) as record:
        capped(record, [("1", "sox", sox, {}), ("2", "so2", so2, {})], WORKS)
        (offered,) = dispersion_study_emissions.offered(record, "so2", (2019,))
        assert offered.permitted == (permitted,)


def test_levels_are_in_steps_of_one_two_and_five_under_the_highest() -> None:
    assert dispersion_outcome.levels_of([float("nan"), 7.0]) == (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
    assert dispersion_outcome.levels_of([0.0]) == ()


def test_report_can_be_read_aloud_and_says_what_is_doubtful(studies: Studies, record: Record) -> None:
    study = worked(studies, record, asked(record, simulated=True))
    data = dispersion_report.of_study(studies, study.id)
    assert data.startswith(b"%PDF")
    assert b"pdfuaid:part>1<" in data
    document = pypdfium2.PdfDocument(data)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    for said in ("wettelijk aangewezen", "gesimuleerd", "Een Staal BV", "8.712 geen windsnelheid", "12,5", "Twijfels"):
        assert said in text


def told_by(studies: Studies, study: Study) -> str:
    document = pypdfium2.PdfDocument(dispersion_report.of_study(studies, study.id))
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text


def test_report_of_a_scenario_stands_beside_the_study_it_began_with(studies: Studies, record: Record) -> None:
    base = worked(studies, record, asked(record, emitters=(Emitter(WORKS),)))
    half = worked(
        studies,
        record,
        dispersion_study.scenario(base, "De helft", [Emitter(WORKS, Basis.GIVEN, 15_768.0)]),
    )
    told = told_by(studies, half)
    assert "Naast de studie waar het mee begon" in told
    was, now_is = (dispersion_outcome.read(studies, one.id).drawn["mean"].highest[0] for one in (base, half))
    assert was is not None
    assert now_is == pytest.approx(was / 2, rel=1e-6)
    for number in (was, now_is):
        assert dispersion_report_words.figure(number) in told
    assert "Naast de studie" not in told_by(studies, base)


def test_stacks_of_a_study_are_those_of_the_comparison_with_stations() -> None:
    assert Emitter(WORKS, stack="low").mouth == reported_beside_measured.STACKS["low"]
