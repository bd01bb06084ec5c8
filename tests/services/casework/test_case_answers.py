"""A finding about verdicts is answered with claims, replied to, and worked out again: the figures are from paper.

3 March has 8 half hours of 500 and 40 of 114, 4 March 2 of 1000 and 46 of 114. Of each 14 is taken off, the limit on
the day is 100: 3 March is (8 × 486 + 40 × 100) / 48 = 164.333, 4 March (2 × 986 + 46 × 100) / 48 = 136.917. Without
the first four hours 3 March is 4000 / 40 = 100, and without its first hour 4 March is 4600 / 46 = 100: not above.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from tests.services.casework.answering import FOURTH, THIRD, VALUES, heard, judged
from tests.services.casework.people import Story
from tests.services.deliveries import NOW, open_record
from tests.services.test_emission_verdicts import SHOWN, YEAR, Given

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework import cases as core
from goedebuur.core.compliance.emissions import answers
from goedebuur.core.compliance.emissions.answers import Named, Written
from goedebuur.core.compliance.emissions.claims import Claim
from goedebuur.core.compliance.emissions.outcomes import EmissionVerdict, Outcome
from goedebuur.services import (
    answer_sides,
    case_answers,
    case_check,
    emission_results,
    publications,
    publishing_findings,
)
from goedebuur.services.answer_sides import Compared
from goedebuur.services.case_answers import Decision
from goedebuur.services.record import Record

pytestmark = pytest.mark.django_db
ACCEPT = Decision("ACCEPTED", "Bal 4.93", "Het rapport laat de scheur zien.")
REFUSE = Decision("REFUSED", "IED 46(6)", "Kalk had op voorraad moeten zijn.")


def published(folder: Path, values: str = VALUES) -> tuple[Record, Named]:
    record = open_record(folder)
    return record, judged(record, values)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[Record, Named]]:
    found = published(tmp_path / "verdicts")
    yield found
    found[0].close()


def answer(story: Story, record: Record, *rows: Written, who: str = "company") -> tuple[Claim, ...]:
    asked = case_answers.question(record, story.people[who], story.uuid, story.now)
    claims, faults = case_answers.read(asked, rows)
    assert faults == ()
    case_answers.answer(story.people[who], asked, "Het doek was gescheurd.", claims, asked.view.revision, story.now)
    return claims


def reply(story: Story, who: str = "officer", **decisions: Decision) -> None:
    view, claims = case_answers.claims_of(story.people[who], story.uuid, story.now)
    lines = case_answers.replied(claims, {int(name[1:]): one for name, one in decisions.items()})
    case_answers.reply(story.people[who], view, lines, view.revision, story.now)


def compared(story: Story, record: Record, who: str = "company") -> Compared:
    _, found = case_answers.sides(record, story.people[who], story.uuid, story.now)
    (only,) = found.compared
    return only


def day(verdict: EmissionVerdict, start: str) -> tuple[Outcome, Fraction | None]:
    one = next(period for period in verdict.periods if period.start == start)
    return one.outcome, one.high


def test_verdict_is_recomputed_with_exactly_what_was_accepted(story: Story, made: tuple[Record, Named]) -> None:
    record, named = made
    answer(heard(story, named), record, THIRD, FOURTH)
    reply(story, c1=ACCEPT, c2=REFUSE)
    found = compared(story, record)
    assert day(found.reported, "2026-03-03") == (Outcome.EXCEEDS, Fraction(493, 3))
    assert day(found.reported, "2026-03-04") == (Outcome.EXCEEDS, Fraction(1643, 12))
    assert day(found.claimed, "2026-03-03") == (Outcome.MEETS, Fraction(100))
    assert day(found.claimed, "2026-03-04") == (Outcome.MEETS, Fraction(100))
    assert day(found.accepted, "2026-03-03") == (Outcome.MEETS, Fraction(100))
    assert day(found.accepted, "2026-03-04") == (Outcome.EXCEEDS, Fraction(1643, 12))
    outcomes = (found.reported.outcome, found.claimed.outcome, found.accepted.outcome)
    assert outcomes == (Outcome.EXCEEDS, Outcome.MEETS, Outcome.EXCEEDS)


def test_every_average_that_is_taken_otherwise_is_named_and_no_other(story: Story, made: tuple[Record, Named]) -> None:
    record, named = made
    answer(heard(story, named), record, THIRD, FOURTH)
    reply(story, c1=ACCEPT, c2=REFUSE)
    found = compared(story, record)
    assert [one.start[:16] for one in found.averages_accepted] == [
        f"2026-03-03T{hour:02}:{minute}" for hour in range(4) for minute in ("00", "30")
    ]
    assert {one.cls for one in found.averages_accepted} == {("counted", "exempt")}
    assert {one.state for one in found.averages_accepted} == {("normal", "abnormal_operation")}
    assert len(found.averages_claimed) == 8 + 2
    assert [row.start for row in found.periods] == ["2026", "2026-03-03", "2026-03-04"]


def test_hours_of_the_year_are_counted_with_and_without_the_claims(story: Story, made: tuple[Record, Named]) -> None:
    record, named = made
    answer(heard(story, named), record, THIRD, FOURTH)
    reply(story, c1=ACCEPT, c2=REFUSE)
    row = next(one for one in compared(story, record).hours if one.reported.bound == "period")
    assert (row.reported.hours, row.claimed.hours, row.accepted.hours, row.reported.allowed) == (0, 5, 4, 60)


def test_what_is_foreseen_before_sending_is_what_follows_when_all_is_accepted(
    story: Story, made: tuple[Record, Named]
) -> None:
    record, named = made
    heard(story, named)
    asked = case_answers.question(record, story.people["company"], story.uuid, story.now)
    claims, _ = case_answers.read(asked, [THIRD, FOURTH])
    (told,) = case_answers.foreseen(record, asked, claims).compared
    assert told.claimed.outcome is Outcome.MEETS
    answer(story, record, THIRD, FOURTH)
    reply(story, c1=ACCEPT, c2=replace(REFUSE, word="ACCEPTED"))
    assert compared(story, record).accepted == told.claimed


def test_claim_past_the_hours_on_end_leaves_the_day_undetermined_with_its_question(
    story: Story, tmp_path: Path
) -> None:
    # of 5 hours the last one may count: with it (2 × 486 + 38 × 100) / 40 = 119.3, without it 100
    record, named = published(tmp_path / "long", "@2026-03-03T00:00 10x500 38x114")
    answer(heard(story, named), record, replace(THIRD, end="2026-03-03T05:00"))
    reply(story, c1=ACCEPT)
    found = compared(story, record)
    assert day(found.accepted, "2026-03-03")[0] is Outcome.UNDETERMINED
    assert "toestand" in found.accepted.question.nl
    run = next(one for one in found.hours if one.reported.bound == "run")
    assert (run.accepted.hours, run.accepted.outcome) == (5, Outcome.EXCEEDS)
    assert [one.cls[1] for one in found.averages_accepted] == ["exempt"] * 8 + ["may"] * 2
    record.close()


def test_unknown_hours_earlier_in_the_year_leave_the_day_undetermined(story: Story, tmp_path: Path) -> None:
    # 130 half hours of which the state is not known may have used up the 60 hours of the year
    record, named = published(tmp_path / "unknown", f"@2026-01-05T00:00 130x50/unknown {VALUES}")
    answer(heard(story, named), record, THIRD)
    reply(story, c1=ACCEPT)
    found = compared(story, record)
    assert day(found.reported, "2026-03-03")[0] is Outcome.EXCEEDS
    assert day(found.accepted, "2026-03-03")[0] is Outcome.UNDETERMINED
    assert found.accepted.outcome is Outcome.EXCEEDS  # 4 March is above whatever the states were
    record.close()


def test_asked_more_and_refused_change_nothing(story: Story, made: tuple[Record, Named]) -> None:
    record, named = made
    answer(heard(story, named), record, THIRD, FOURTH)
    reply(story, c1=Decision("MORE", "", "Stuur het rapport van de reparatie."), c2=REFUSE)
    found = compared(story, record)
    assert found.accepted == found.reported
    assert found.averages_accepted == ()


def test_new_answer_is_not_covered_by_the_reply_to_the_old_one_and_both_stay(
    story: Story, made: tuple[Record, Named]
) -> None:
    record, named = made
    answer(heard(story, named), record, THIRD)
    reply(story, c1=ACCEPT)
    answer(story, record, THIRD, FOURTH)
    view, found = case_answers.sides(record, story.people["company"], story.uuid, story.now)
    assert [one.word for one in found.claims] == ["", ""]
    told = [(one.event, len(answers.told_in(one.text))) for one in case_answers.exchange(view)]
    assert told == [("answer", 1), ("reply", 1), ("answer", 2)]


@pytest.mark.parametrize("who", ["company", "writer", "reviewer", "other_company", "other_authority", "administrator"])
def test_only_an_officer_of_the_authority_who_wrote_nothing_replies(
    story: Story, made: tuple[Record, Named], who: str
) -> None:
    record, named = made
    answer(heard(story, named), record, THIRD)
    with pytest.raises(GoedeBuurError) as error:
        reply(story, who, c1=ACCEPT)
    assert error.value.code in ("case-not-allowed", "case-unknown")


@pytest.mark.parametrize("who", ["other_company", "other_authority", "reviewer", "administrator"])
def test_only_the_company_and_who_writes_down_for_it_answer(
    story: Story, made: tuple[Record, Named], who: str, tmp_path: Path
) -> None:
    record, named = made
    heard(story, named)
    with pytest.raises(GoedeBuurError) as error:
        answer(story, record, THIRD, who=who)
    assert error.value.code in ("case-not-allowed", "case-unknown")
    with pytest.raises(GoedeBuurError):
        case_answers.keep(tmp_path, story.people[who], story.uuid, "rapport.pdf", b"%PDF", story.now)


def test_officer_who_wrote_the_answer_down_does_not_reply_to_it(story: Story, made: tuple[Record, Named]) -> None:
    record, named = made
    answer(heard(story, named), record, THIRD, who="officer")
    with pytest.raises(GoedeBuurError) as error:
        reply(story, c1=ACCEPT)
    assert error.value.code == "case-not-allowed"
    reply(story, "second_officer", c1=ACCEPT)


@pytest.mark.parametrize(
    ("changed", "code", "place", "value"),
    [
        ({"end": "2026-03-02T23:00"}, "order", "claim 1 end", "2026-03-02T23:00"),
        ({"start": "2025-12-31T23:30"}, "outside", "claim 1 start", "2025-12-31T23:30"),
        ({"end": "2027-01-01T00:30"}, "outside", "claim 1 end", "2027-01-01T00:30"),
        ({"start": "2026-03-03T00:10", "end": "2026-03-03T00:50"}, "short", "claim 1 end", "2026-03-03T00:50"),
        ({"state": "malfunction"}, "state", "claim 1 state", "malfunction"),
        ({"state": "koffie"}, "state", "claim 1 state", "koffie"),
        ({"cause": "  "}, "cause", "claim 1 cause", "  "),
        ({"point": "K9"}, "point", "claim 1 point", "K9"),
        ({"start": "gisteren"}, "moment", "claim 1 start", "gisteren"),
        ({"evidence": ("0" * 64,)}, "evidence", "claim 1 evidence", "0" * 64),
    ],
)
def test_claim_that_cannot_be_is_refused_with_its_place_and_value(
    story: Story,
    made: tuple[Record, Named],
    changed: dict[str, str],
    code: str,
    place: str,
    value: str,
) -> None:
    record, named = made
    heard(story, named)
    asked = case_answers.question(record, story.people["company"], story.uuid, story.now)
    _, faults = case_answers.read(asked, [replace(THIRD, **changed)])  # type: ignore[arg-type]
    assert [(one.code, one.place, one.value) for one in faults] == [(f"emission-claim-{code}", place, value)]
    assert faults[0].hint


@pytest.mark.parametrize(
    ("start", "end"), [("2026-01-01T00:00", "2026-01-01T00:30"), ("2026-12-31T23:30", "2027-01-01T00:00")]
)
def test_first_and_last_half_hour_of_the_year_can_be_claimed(
    story: Story, made: tuple[Record, Named], start: str, end: str
) -> None:
    record, named = made
    heard(story, named)
    asked = case_answers.question(record, story.people["company"], story.uuid, story.now)
    assert case_answers.read(asked, [replace(THIRD, start=start, end=end)])[1] == ()


def test_claims_on_the_same_time_are_refused_and_claims_that_touch_are_not(
    story: Story, made: tuple[Record, Named]
) -> None:
    record, named = made
    heard(story, named)
    asked = case_answers.question(record, story.people["company"], story.uuid, story.now)
    touching = replace(THIRD, start="2026-03-03T04:00", end="2026-03-03T05:00")
    assert case_answers.read(asked, [THIRD, touching])[1] == ()
    (fault,) = case_answers.read(asked, [THIRD, replace(touching, start="2026-03-03T03:30")])[1]
    assert (fault.code, fault.place, fault.value) == (
        "emission-claim-overlap",
        "claim 2 start",
        "2026-03-03T03:30",
    )


def test_claims_that_overlap_are_refused_by_every_road(story: Story, made: tuple[Record, Named]) -> None:
    heard(story, made[1])
    lines = (
        "OTNOC K1 2026-03-02T23:00Z 2026-03-03T03:00Z abnormal_operation doek",
        "OTNOC K1 2026-03-03T02:30Z 2026-03-03T04:00Z abnormal_operation kalk",
    )
    with pytest.raises(GoedeBuurError) as error:
        story.act("company", "answer", core.Given(answer="\n".join(lines)))
    assert error.value.code == "emission-claim-overlap"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Decision("ACCEPTED", "", "Goed."), "article"),
        (Decision("REFUSED", "Bal 4.93", " "), "reason"),
        (Decision("MORE", "", ""), "reason"),
    ],
)
def test_reply_without_reason_or_article_is_refused(
    story: Story, made: tuple[Record, Named], said: Decision, field: str
) -> None:
    record, named = made
    answer(heard(story, named), record, THIRD)
    with pytest.raises(GoedeBuurError) as error:
        reply(story, c1=said)
    assert (error.value.code, error.value.place) == ("emission-claim-reply", f"claim 1 {field}")


def test_reply_to_no_claim_is_refused(story: Story, made: tuple[Record, Named]) -> None:
    record, named = made
    answer(heard(story, named), record, THIRD)
    other = "ACCEPTED K1 2026-03-02T23:00Z 2026-03-03T04:00Z abnormal_operation [Bal 4.93] goed"
    with pytest.raises(GoedeBuurError) as error:
        story.act("officer", "reply", core.Given(reply=other))
    assert error.value.code == "emission-claim-reply"


def test_file_that_proves_a_claim_is_kept_with_the_case_and_only_its_digest_is_told(
    story: Story, made: tuple[Record, Named], tmp_path: Path
) -> None:
    record, named = made
    heard(story, named)
    sha256 = case_answers.keep(tmp_path, story.people["company"], story.uuid, "rapport van Jan.pdf", b"%PDF", story.now)
    (claim,) = answer(story, record, replace(THIRD, evidence=(sha256,)))
    assert claim.evidence == (sha256,)
    _, found = case_answers.sides(record, story.people["company"], story.uuid, story.now)
    assert (found.claims[0].claim.evidence, found.claims[0].claim.words) == ((sha256,), "doek gescheurd")
    assert "Jan" not in claim.line()


def test_public_finding_shows_the_same_from_the_record_alone_and_as_it_was(
    story: Story, made: tuple[Record, Named]
) -> None:
    record, named = made
    answer(heard(story, named), record, THIRD, FOURTH)
    reply(story, c1=ACCEPT, c2=REFUSE)
    story.act("officer", "publish", core.Given(reason="Over uitstoot."))
    publishing_findings.settle(record, story.now)
    (found,) = publications.every(record)
    size = record.size
    told = answer_sides.of_publication(record, found.now.finding)
    assert [one.word for one in told.claims] == ["ACCEPTED", "REFUSED"]
    assert told.compared[0].accepted.outcome is Outcome.EXCEEDS
    assert case_check.published(record) == []
    # new values, published later: the finding stays as it was, and the newest stands beside it
    later = Given("@2026-03-03T00:00 8x500 40x114 2x1000 46x64")
    leaf = emission_results.publish(record, "werk", YEAR, later, NOW + timedelta(days=90), SHOWN)
    now = answer_sides.of_publication(record, found.now.finding)
    assert now.compared[0].accepted == told.compared[0].accepted
    assert [one.leaf for one in now.since] == [leaf]
    # 4 March: (2 × 986 + 46 × 50) / 48 = 89
    assert day(now.since[0].reported, "2026-03-04") == (Outcome.MEETS, Fraction(89))
    assert answer_sides.of_publication(record, found.now.finding, size).since == ()
    before = answer_sides.of_publication(record, found.now.finding, named.leaf)
    assert (before.compared, before.unknown) == ((), (named,))


def test_finding_that_names_no_verdict_is_answered_as_before(story: Story, made: tuple[Record, Named]) -> None:
    story.begin()
    story.act("writer", "submit")
    story.act("officer", "notify")
    seen = story.act("company", "answer")
    assert seen.case.state == "answered"
    found = case_answers.sides(made[0], story.people["company"], story.uuid, story.now)[1]
    assert (found.subjects, found.claims, found.compared) == ((), (), ())
    theirs = story.people["officer"]
    assert "reply" not in [step.event for step in case_answers.sides(made[0], theirs, story.uuid, story.now)[0].steps]
