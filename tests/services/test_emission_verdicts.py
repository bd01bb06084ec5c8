"""A year at the stacks of a site: limits of the record and averages come together, are recorded, and done again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from tests.core.permits.decisions import condition, decision
from tests.rules.averages import short
from tests.services.deliveries import NOW, open_record
from tests.services.stacks import ALL, PROCESSING

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.sourced import Status
from goedebuur.core.casework.publications import Answer, Publication, Version
from goedebuur.core.compliance.emissions import explanation
from goedebuur.core.compliance.emissions.outcomes import EmissionVerdict, Outcome
from goedebuur.core.emissions.streams import Stream
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.services import emission_claims, emission_results, emission_verdicts, permits, streams
from goedebuur.services.emission_verdicts import SiteYear
from goedebuur.services.record import Record

YEAR = 2026
SHOWN = {"K1-nox": Fraction(14)}
DAY = "@2026-03-03T00:00 "
CONFIRMED = replace(PROCESSING, status=Status.CONFIRMED, question="")
RULES = [{"rule": "bal.4.73", "emission_points": ["K1"], "oxygen": "11"}]


class Given:
    """Averages that a test gives."""

    def __init__(self, values: str, mass: int | None = None) -> None:
        frame = short(values, YEAR, 30, "K1-nox", mass)
        self.frame = frame.with_columns(reference=pl.lit("o2=11 dry"))

    def short(self, stream: Stream, year: int) -> pl.DataFrame:
        return self.frame.filter(pl.col("stream") == stream.id)

    def inputs(self) -> Sequence[str]:
        return ("ab" * 32,)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    streams.put(found, [CONFIRMED if one == PROCESSING else one for one in ALL], NOW)
    permits.publish(found, decision("regels", "2023-01-01", site="werk", general_rules=RULES, example=True), NOW)
    yield found
    found.close()


def assess(record: Record, values: str) -> SiteYear:
    return emission_verdicts.assess(record, "werk", YEAR, Given(values), shown=SHOWN)


def of(found: SiteYear, requirement: str) -> EmissionVerdict:
    return next(one for one in found.verdicts if one.requirement == requirement)


def test_stream_is_judged_by_the_limits_of_its_point(record: Record) -> None:
    found = assess(record, DAY + "48x114 48x115")
    assert of(found, "nox-day").outcome is Outcome.EXCEEDS
    assert [one.start for one in of(found, "nox-day").periods if one.outcome is Outcome.EXCEEDS] == ["2026-03-04"]
    assert of(found, "nox-half_hour-97-year").outcome is Outcome.EXCEEDS
    assert of(found, "nox-day").sources == ("bal.4.73.nox.day",)
    assert of(found, "nox-day").articles == ("Bal 4.73, 4.90",)


def test_substance_that_no_stream_measures_is_told_of(record: Record) -> None:
    found = assess(record, DAY + "48x114")
    assert "K1/dust-day" in found.unmeasured
    assert not any(one.endswith("nox-day") for one in found.unmeasured)


def test_settings_that_are_not_confirmed_decide_nothing(record: Record) -> None:
    streams.put(record, (PROCESSING,), NOW + timedelta(hours=1), reason="toch niet bevestigd")
    verdict = of(assess(record, DAY + "48x500"), "nox-day")
    assert verdict.outcome is Outcome.UNDETERMINED
    assert verdict.question.en == PROCESSING.question


def test_settings_of_a_judgement_without_a_question_decide_nothing(record: Record) -> None:
    streams.put(record, (replace(PROCESSING, question=""),), NOW + timedelta(hours=1), reason="toch niet bevestigd")
    verdict = of(assess(record, DAY + "48x500"), "nox-day")
    assert verdict.outcome is Outcome.UNDETERMINED
    assert "K1-2025 are not confirmed" in verdict.question.en


def test_settings_that_are_not_confirmed_decide_neither_days_nor_hours(record: Record) -> None:
    values = DAY + "42x10 6xmalfunction " * 11 + "9x500/abnormal_operation"
    before = assess(record, values)
    assert {one.outcome for one in before.days} == {Outcome.EXCEEDS}
    assert any(one.outcome is Outcome.EXCEEDS for _, one in before.hours)
    streams.put(record, (PROCESSING,), NOW + timedelta(hours=1), reason="toch niet bevestigd")
    found = assess(record, values)
    told = [*found.days, *(one for _, one in found.hours)]
    assert {(one.outcome, one.code) for one in told} == {(Outcome.UNDETERMINED, "settings-open")}


def test_earlier_state_is_judged_by_what_was_known_then(record: Record) -> None:
    before = record.size
    stricter = {
        "substance": {"name": "NOx", "id": "nox"},
        "value": "80",
        "unit": "mg/Nm³",
        "averaging": "day",
        "reference": {"oxygen": "11", "dry": True},
    }
    told = condition("1", kind="emission_limit", form=stricter, emission_points=["K1"])
    permits.publish(record, decision("streng", "2026-01-01", told, site="werk", example=True), NOW + timedelta(days=1))
    values = Given(DAY + "48x114")
    now = emission_verdicts.assess(record, "werk", YEAR, values, shown=SHOWN)
    then = emission_verdicts.assess(record, "werk", YEAR, values, shown=SHOWN, as_of=before)
    assert of(now, "nox-day").outcome is Outcome.EXCEEDS
    assert of(then, "nox-day").outcome is Outcome.MEETS


def test_days_that_dropped_out_are_counted_against_their_number(record: Record) -> None:
    lost = "42x10 6xmalfunction "
    ten, eleven = assess(record, DAY + lost * 10), assess(record, DAY + lost * 11)
    assert [(one.days, one.outcome) for one in ten.days] == [(10, Outcome.MEETS)]
    assert [(one.days, one.outcome) for one in eleven.days] == [(11, Outcome.EXCEEDS)]


def test_hours_above_a_limit_in_abnormal_operation_are_counted(record: Record) -> None:
    four = {one.bound: one for _, one in assess(record, DAY + "8x500/abnormal_operation").hours}
    more = {one.bound: one for _, one in assess(record, DAY + "9x500/abnormal_operation").hours}
    assert four["run"].outcome is Outcome.MEETS
    assert (more["run"].outcome, more["run"].hours) == (Outcome.EXCEEDS, Fraction(9, 2))


def test_hours_above_a_limit_are_whole_where_shorter_averages_are_there_too(record: Record) -> None:
    # nine half hours above the limit are 4.5 h, also of a stream that has averages of ten minutes beside them
    given = Given(DAY + "9x500/abnormal_operation")
    ten = short(DAY + "27x500/abnormal_operation", YEAR, 10, "K1-nox").with_columns(reference=pl.lit("o2=11 dry"))
    given.frame = pl.concat([given.frame, ten])
    found = emission_verdicts.assess(record, "werk", YEAR, given, shown=SHOWN)
    told = {one.bound: one for _, one in found.hours}
    assert (told["run"].outcome, told["run"].hours) == (Outcome.EXCEEDS, Fraction(9, 2))
    assert told["period"].hours == Fraction(9, 2)


def test_room_of_a_share_is_that_of_the_first_that_must_not_be_above(record: Record) -> None:
    # 100 half hours, of which 3 may be above: the fourth is 94 - 14 = 80 under a limit of 100
    found = assess(record, DAY + "3x514 1x94 96x54")
    room = found.rooms["K1-nox", "nox-half_hour-97-year"]
    assert (room.value, room.limit, room.share, room.n) == (Fraction(80), Fraction(100), Fraction(1, 5), 100)
    passed = assess(record, DAY + "4x514 96x54").rooms["K1-nox", "nox-half_hour-97-year"]
    assert (passed.value, passed.share) == (Fraction(500), Fraction(-4))


def test_room_of_means_is_that_of_the_day_with_the_least(record: Record) -> None:
    room = assess(record, DAY + "48x54 48x89 48x64").rooms["K1-nox", "nox-day"]
    assert (room.start, room.value, room.share) == ("2026-03-04", Fraction(75), Fraction(1, 4))


def test_averages_that_could_be_formed_are_counted_beside_a_year_that_is_not_whole(record: Record) -> None:
    # 3 March: (8 × 500 + 40 × 114) / 48 = 178.33, less 14 it is 164.33 of 100; 4 March: 89, less 14 it is 75; on
    # 5 March 24 half hours of 64 are known and 24 are not: 50 is under the limit, and the day cannot be judged
    found = assess(record, DAY + "8x500 40x114 48x89 24x64 24xmissing")
    day = found.formed["K1-nox", "nox-day"]
    assert of(found, "nox-day").outcome is Outcome.EXCEEDS
    assert (day.n, day.under, day.over, day.open, day.partial) == (3, 2, 1, 0, 1)
    assert (day.highest, day.start, day.limit) == (Fraction(535, 3), "2026-03-03", Fraction(100))
    share = found.formed["K1-nox", "nox-half_hour-97-year"]
    # of 120 half hours 8 are 500 - 14 = 486 of 100; 114 - 14 is 100, and not above it
    assert (share.n, share.under, share.over, share.highest, share.limit) == (120, 112, 8, 500, 100)
    assert share.start == "2026-03-02T23:00:00Z"  # 3 March, 00:00 on the clock of the rules


def test_nothing_is_said_of_averages_where_nothing_counts(record: Record) -> None:
    assert ("K1-nox", "nox-day") not in assess(record, DAY + "48xmissing").formed


def test_average_that_depends_on_a_reading_is_neither_under_nor_above(record: Record) -> None:
    # not shown: between 0 and 20 of 100 is taken off, so that 110 lies between 90 and 110
    found = emission_verdicts.assess(record, "werk", YEAR, Given(DAY + "48x110"))
    day = found.formed["K1-nox", "nox-day"]
    assert (day.n, day.under, day.over, day.open, day.highest) == (1, 0, 0, 1, 110)


def test_average_above_the_range_of_its_instrument_is_not_under_the_limit(record: Record) -> None:
    # one half hour of the first day is 89 or more: so is the day; the second day is 75 of 100 for certain
    found = assess(record, DAY + "47x89 1x89+ 48x89")
    day = found.formed["K1-nox", "nox-day"]
    assert (day.n, day.under, day.over, day.open) == (2, 1, 0, 1)
    share = found.formed["K1-nox", "nox-half_hour-97-year"]
    assert (share.n, share.under, share.over, share.open) == (96, 95, 0, 1)


def test_day_that_drops_out_by_the_rules_is_no_average_that_could_be_formed(record: Record) -> None:
    found = assess(record, DAY + "42x500 6xmalfunction 48x89")
    day = found.formed["K1-nox", "nox-day"]
    assert (day.n, day.over, day.highest) == (1, 0, 89)


def test_verdict_names_who_set_its_limit(record: Record) -> None:
    found = assess(record, DAY + "48x114")
    assert of(found, "nox-day").layers == ("general_rule",)
    told = {one.layers for one in found.verdicts if one.floor}
    assert told <= {("eu_floor",)}


def test_published_verdicts_hold_the_averages_that_were_judged(record: Record) -> None:
    given = Given(DAY + "48x114")
    position = emission_results.publish(record, "werk", YEAR, given, NOW, SHOWN)
    leaf = record.ledger.leaf(position)
    assert isinstance(leaf, Leaf)
    assert leaf.payload is not None
    kept = pl.read_parquet(record.evidence.payload(leaf.payload["sha256"]))
    assert kept.equals(given.frame.sort("start"))


def test_published_verdicts_are_a_leaf_with_a_receipt_and_not_written_twice(record: Record) -> None:
    values = Given(DAY + "48x114")
    leaf = emission_results.publish(record, "werk", YEAR, values, NOW, SHOWN)
    size = record.size
    assert emission_results.publish(record, "werk", YEAR, values, NOW + timedelta(days=1), SHOWN) == leaf
    assert record.size == size
    ((position, told),) = emission_results.published(record, "werk", YEAR)
    assert position == leaf
    assert told["tree_size"] <= leaf
    assert told["inputs"] == 1
    assert told["rules_leaf"] is not None


def test_changed_verdicts_supersede_the_published_ones(record: Record) -> None:
    first = emission_results.publish(record, "werk", YEAR, Given(DAY + "48x114"), NOW, SHOWN)
    second = emission_results.publish(record, "werk", YEAR, Given(DAY + "48x115"), NOW, SHOWN)
    assert second != first
    assert [leaf for leaf, _ in emission_results.published(record, "werk", YEAR)] == [second, first]
    assert [leaf for leaf, _ in emission_results.published(record, "werk", YEAR, second)] == [first]


def test_explanation_lists_every_half_hour_and_its_sum(record: Record) -> None:
    given = Given(DAY + "42x114 1x115/start_up 5xmalfunction")
    told = emission_verdicts.one(record, "werk", YEAR, "K1-nox", "nox-day", given, shown=SHOWN)
    found = explanation.explain(told[0], told[1], told[2], YEAR, "2026-03-03", told[3])
    assert len(found.rows) == 48
    first, start_up, lost = found.rows[0], found.rows[42], found.rows[43]
    assert (first.start, first.standard, first.taken_least, first.judged_high) == (
        "2026-03-03T00:00:00+01:00",
        "114",
        "14",
        "100",
    )
    assert (str(start_up.cls), start_up.above) == ("may", "yes")
    assert (str(lost.cls), lost.lost, lost.standard) == ("discarded", ("malfunction", "too_few"), "")
    text = " ".join(line.en for line in found.lines)
    assert "42 values: counts." in text
    assert "Mean of the 42 values that count, after what is taken off: 100 mg/Nm³." in text
    assert "Outcome: undetermined." in text


def test_explained_rows_add_up_to_the_mean_of_the_verdict(record: Record) -> None:
    told = emission_verdicts.one(record, "werk", YEAR, "K1-nox", "nox-day", Given(DAY + "24x10 24x214"), shown=SHOWN)
    found = explanation.explain(told[0], told[1], told[2], YEAR, "2026-03-03", told[3])
    counted = [Fraction(row.judged_high) for row in found.rows if row.cls == "counted"]
    assert sum(counted) / len(counted) == found.period.high == 100
    assert len(explanation.table([found])) == 49


def test_requirement_that_is_not_there_is_refused(record: Record) -> None:
    with pytest.raises(GoedeBuurError) as error:
        emission_verdicts.one(record, "werk", YEAR, "K1-nox", "dust-day", Given(DAY + "48x1"))
    assert error.value.code == "emission-unknown"


CLAIM = "OTNOC K1 2026-03-02T23:00Z 2026-03-03T03:00Z abnormal_operation doek gescheurd sha256:" + "a" * 64


def test_claim_is_worked_out_beside_what_was_reported_and_what_was_accepted(record: Record) -> None:
    values = Given(DAY + "8x500 40x114")
    claimed = emission_claims.side_by_side(record, "werk", YEAR, values, CLAIM, shown=SHOWN)
    assert of(claimed.as_reported, "nox-day").outcome is Outcome.EXCEEDS
    assert of(claimed.as_claimed, "nox-day").outcome is Outcome.MEETS
    assert of(claimed.as_accepted, "nox-day").outcome is Outcome.EXCEEDS
    assert ("K1-nox", "nox-day", Outcome.EXCEEDS, Outcome.MEETS, Outcome.EXCEEDS) in claimed.changed()
    reply = CLAIM.replace("OTNOC", "ACCEPTED")
    held = emission_claims.side_by_side(record, "werk", YEAR, values, CLAIM, reply, shown=SHOWN)
    assert of(held.as_accepted, "nox-day").outcome is Outcome.MEETS
    assert held.claimed[0].evidence == ("a" * 64,)


def test_claim_that_the_authority_refuses_changes_nothing(record: Record) -> None:
    values = Given(DAY + "8x500 40x114")
    reply = CLAIM.replace("OTNOC", "REFUSED")
    found = emission_claims.side_by_side(record, "werk", YEAR, values, CLAIM, reply, shown=SHOWN)
    assert found.accepted == ()
    assert of(found.as_accepted, "nox-day") == of(found.as_reported, "nox-day")


def test_published_finding_gives_the_three_side_by_side(record: Record) -> None:
    public = Publication(
        id="0" * 8 + "-0000-4000-8000-" + "0" * 12,
        number=1,
        version=Version.PUBLISHED,
        authority="gs",
        decided_on=date(2026, 6, 1),
        reasons="Wij nemen dit over.\n" + CLAIM.replace("OTNOC", "ACCEPTED"),
        operators=("bedrijf",),
        sites=("werk",),
        subject="NOx op 3 maart",
        text="Het daggemiddelde was te hoog.",
        language="nl",
        asked_on=date(2026, 4, 1),
        answer_until=date(2026, 5, 1),
        answer=Answer("Het doek was gescheurd.\n" + CLAIM, date(2026, 4, 20)),
    )
    found = emission_claims.of_publication(record, public, YEAR, Given(DAY + "8x500 40x114"), shown=SHOWN)
    assert of(found["werk"].as_reported, "nox-day").outcome is Outcome.EXCEEDS
    assert of(found["werk"].as_accepted, "nox-day").outcome is Outcome.MEETS


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("OTNOC K1 2026-03-02T23:00Z", "Write:"),
        ("OTNOC K1 2026-03-02T23:00 2026-03-03T03:00Z start_up x", "with its clock"),
        ("OTNOC K1 2026-03-03T03:00Z 2026-03-02T23:00Z start_up x", "ends before"),
        ("OTNOC K1 2026-03-02T23:00Z 2026-03-03T03:00Z coffee x", "Choose a state"),
    ],
)
def test_claim_that_cannot_be_read_is_refused_with_its_line(record: Record, line: str, hint: str) -> None:
    with pytest.raises(GoedeBuurError) as error:
        emission_claims.side_by_side(record, "werk", YEAR, Given(DAY + "1x1"), "Geachte,\n" + line)
    assert (error.value.code, error.value.place) == ("emission-claim", "line 2")
    assert hint in error.value.hint
