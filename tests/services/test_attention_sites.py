"""What stands out at a site, on ten days of minutes of which all can be told by hand, and when it is made again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, open_record
from tests.services.measuring import enter_bureau, submit
from tests.services.stack_week import begin, deliver, minutes, one_signal, settle
from tests.services.stack_year import YEAR, year_of_site
from tests.services.stacks import NOX
from tests.services.test_control_measurements import control
from tests.services.test_emission_verdicts import DAY, SHOWN, Given

from goedebuur.core.base.periods import CET
from goedebuur.core.emissions.duties import DutyKind, State
from goedebuur.core.emissions.measuring.comparison import Verdict
from goedebuur.core.emissions.measuring.coverage import Finding
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import Site
from goedebuur.services import (
    attention_ahead,
    attention_sites,
    delivery,
    emission_results,
    rule_record,
    site_views,
    sites,
    stack_checks,
    streams,
)
from goedebuur.services.attention_sites import Brief, Detail
from goedebuur.services.record import Record

ON = date(2026, 3, 20)
LATER = datetime(2026, 3, 20, 12, tzinfo=CET)
SECOND = replace(NOX, id="K2-nox", emission_point="K2", series="K2.stack_nox.1min", installation="")
OTHER = Site("elders", (Dated("Elders"),), simulated=True)


def samples(first: int, *values: str) -> list[dict[str, str]]:
    """Partial measurements of half an hour each, from a half hour on."""
    return [
        {"start": begin(first + n).isoformat(), "end": begin(first + n + 1).isoformat(), "value": value, "u95": "6"}
        for n, value in enumerate(values)
    ]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("werk")
    made = year_of_site(folder)
    enter_bureau(made)
    settle(made)
    sites.put(made, [OTHER], NOW)
    deliver(made)
    made.close()
    return folder


@pytest.fixture
def record(filled: Path, tmp_path: Path) -> Iterator[Record]:
    shutil.copytree(filled, tmp_path / "werk")
    found = open_record(tmp_path / "werk")
    yield found
    found.close()


def out(record: Record, name: str = "werk") -> tuple[Brief, Detail]:
    return attention_sites.work_out(record, site_views.find(record, name), ON)


def again(record: Record) -> list[str]:
    return [one.site for one in attention_ahead.refresh(record, LATER)]


def test_duties_that_are_late_and_that_ask_are_told_apart(record: Record) -> None:
    duties = [one for one in out(record)[1].duties if one.state(ON) is not State.OPEN]
    # dust is to be measured every twelve months since 2023, and never was; the CO monitor of 2024 had no AST in 2025
    assert sorted((one.kind, one.about) for one in duties if one.state(ON) is State.LATE) == [
        (DutyKind.AST, "K1-co"),
        (DutyKind.PERIODIC, "K1 dust"),
    ]
    # the failure of 6 March was to be told within 48 hours, and the record keeps no notices
    assert [one.kind for one in duties if one.state(ON) is State.UNDETERMINED] == [DutyKind.NOTICE]


def test_last_control_measurement_beside_an_instrument_is_the_one_that_counts(record: Record) -> None:
    submit(record, control([], samples=samples(48, "40", "40", "40")))
    brief, detail = out(record)
    # 97.6, 102.8 and 108 beside 40 is 62.8 apart; both uncertainties together are the root of 6² + 10²
    assert (brief.differs, [(one.stream, one.verdict) for one in detail.controls]) == (
        1,
        [("K1-nox", Verdict.DIFFERS)],
    )
    submit(record, control([], id="control-2", samples=samples(96, "98", "103", "108")), 2)
    brief, detail = out(record)
    assert (brief.differs, [(one.report, one.verdict) for one in detail.controls]) == (
        0,
        [("meetbureau:control-2", Verdict.EQUIVALENT)],
    )


def test_what_is_reported_or_found_and_not_permitted_is_counted_by_substance(record: Record) -> None:
    streams.put(record, [SECOND], NOW, reason="nieuw toestel")
    told = delivery.deliver(record, one_signal(SECOND.series, begin(0), 60), "k2.csv", now=NOW)
    assert not told.error
    brief, detail = out(record)
    # no general rule and no condition is about K2; benzene was reported over 2026, and nobody measures it
    assert (brief.foreign, brief.unmeasured) == (1, 1)
    assert {(one.emission_point, one.substance): one.findings for one in detail.coverage} == {
        ("", "benzene"): (Finding.REPORTED_NOT_MEASURED, Finding.REPORTED_NOT_PERMITTED),
        ("K2", "nox"): (Finding.FOUND_NOT_PERMITTED,),
    }


def test_checks_are_those_of_the_last_month_of_raw_values(record: Record) -> None:
    brief, detail = out(record)
    last = begin(480) - timedelta(minutes=1)
    assert detail.checked == (last - timedelta(days=31), last + timedelta(seconds=1))
    period = attention_sites.Period(*detail.checked)
    found = [str(one.severity) for one in stack_checks.check(record, "werk", period).found]
    assert (brief.flags, brief.notes) == (found.count("flag"), found.count("note"))
    assert len(detail.checks) == len(found)
    assert [one.severity for one in detail.checks] == sorted(found)


def test_limits_are_counted_by_what_was_published_of_the_newest_year(record: Record) -> None:
    assert out(record)[0].year is None
    emission_results.publish(record, "werk", YEAR - 1, Given(DAY + "48x500"), NOW, SHOWN)
    emission_results.publish(record, "werk", YEAR, Given(DAY + "48x114 48x115"), NOW, SHOWN)
    brief = out(record)[0]
    # of nitrogen oxides a day is 101 of 100, and 48 of 96 half hours are; of carbon monoxide nothing is known
    assert (brief.year, brief.exceeded) == (YEAR, 2)
    assert brief.undetermined > 0


def test_part_that_cannot_be_worked_out_is_named_and_the_rest_is_there(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise attention_sites.GoedeBuurError("rules-table", "A table cannot be read.")

    monkeypatch.setattr("goedebuur.services.stack_duties.of_site", broken)
    brief = out(record)[0]
    assert (brief.unknown, brief.due) == (("duties",), ())
    assert brief.unmeasured == 1


def test_site_is_made_again_only_when_something_came_in_about_it(record: Record) -> None:
    assert again(record) == ["elders", "werk"]
    assert again(record) == []
    delivery.deliver(record, minutes(480, 481), "meer.csv", now=NOW)
    assert again(record) == ["werk"]
    sites.put(record, [replace(OTHER, names=(Dated("Elders BV"),))], NOW, reason="andere naam")
    assert again(record) == ["elders"]
    submit(record, control([], samples=samples(48, "95")))
    assert again(record) == ["werk"]
    streams.put(record, [replace(SECOND, standard="EN 14792")], NOW, reason="nieuw toestel")
    assert again(record) == ["werk"]
    emission_results.publish(record, "werk", YEAR, Given(DAY + "48x114"), NOW, SHOWN)
    # tables of rules went into the record with the verdicts, and they are about every site
    assert again(record) == ["elders", "werk"]
    emission_results.publish(record, "werk", YEAR, Given(DAY + "48x115"), NOW, SHOWN)
    assert again(record) == ["werk"]


def test_all_are_made_again_when_asked_when_rules_came_and_after_a_week(record: Record) -> None:
    assert again(record) == ["elders", "werk"]
    assert [one.site for one in attention_ahead.refresh(record, LATER, every_site=True)] == ["elders", "werk"]
    rule_record.record_regimes(record, NOW)
    assert again(record) == ["elders", "werk"]
    week = LATER + timedelta(days=7)
    assert [one.site for one in attention_ahead.refresh(record, week)] == []
    assert [one.site for one in attention_ahead.refresh(record, week + timedelta(seconds=1))] == ["elders", "werk"]


def test_what_is_kept_is_what_was_worked_out(record: Record) -> None:
    submit(record, control([], samples=samples(48, "40", "40", "40")))
    again(record)
    kept = next(one for one in attention_ahead.table_of(record).sites() if one.id == "werk")
    assert (attention_ahead.brief(kept), attention_ahead.detail(record, "werk")) == out(record)
    assert json.loads(kept.brief)["name"] == "Werk Een"


def test_stopped_halfway_what_was_done_stays(record: Record) -> None:
    steps = attention_ahead.refresh(record, LATER)
    assert next(steps).site == "elders"
    steps.close()  # type: ignore[attr-defined]
    assert again(record) == ["werk"]
