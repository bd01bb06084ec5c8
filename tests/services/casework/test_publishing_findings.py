"""From decision to leaf: once, whatever crashes; and the same readers are told of correction and withdrawal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.services.casework.people import AUTHORITY, OPERATOR, SITE, Story
from tests.services.casework.test_casework import travel

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework.publications import Version
from goedebuur.core.ledger import events, leaves
from goedebuur.core.ledger.events import Watch
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.services import case_check, casework, publications, publishing_findings, recording, subscribing
from goedebuur.services.record import Record
from goedebuur.store.casework import cases as store
from goedebuur.store.casework import publishing
from goedebuur.store.casework.models import Case, Message, Publication


def test_finding_becomes_public_with_answer_reasons_history_and_receipt(story: Story, record: Record) -> None:
    travel(story, "publishing")
    assert publications.every(record) == ()
    (leaf,) = publishing_findings.settle(record, story.now)
    (found,) = publications.every(record)
    finding = found.now.finding
    assert (finding.version, finding.number, found.now.leaf) == (Version.PUBLISHED, 1, leaf)
    assert (finding.authority, finding.operators, finding.sites) == (AUTHORITY, (OPERATOR,), (SITE,))
    assert "3 oktober" in finding.text
    assert finding.answer is not None
    assert "storing" in finding.answer.text
    assert (finding.asked_on, finding.answer_until) == (date(2026, 11, 2), date(2026, 11, 30))
    assert [one.event for one in finding.history] == ["notify", "answer", "publish"]
    written = record.ledger.leaf(leaf)
    assert isinstance(written, Leaf)
    assert written.inputs == {
        "code": "goedebuur 0.1.0",
        "operators": [OPERATOR],
        "publication": finding.id,
        "sites": [SITE],
        "tree_size": 0,
        "version": "published",
    }
    assert finding.id not in story.uuid


def test_nobody_is_named_under_the_leaf(story: Story, record: Record) -> None:
    travel(story, "published", record)
    casework.add_party(story.people["officer"], story.uuid, "other", party="Jan Jansen")
    said = repr(publications.every(record))
    assert all(name not in said for name in ("Jansen", "example.org", story.uuid, "GB-2026"))


def test_settling_again_writes_nothing(story: Story, record: Record) -> None:
    travel(story, "published", record)
    size, mails = record.size, Message.objects.count()
    assert publishing_findings.settle(record, story.now) == []
    assert (record.size, Message.objects.count()) == (size, mails)


def test_crash_before_the_leaf_is_made_good_at_the_next_start(
    story: Story, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    travel(story, "publishing")
    with monkeypatch.context() as broken:
        broken.setattr(recording, "put", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            publishing_findings.settle(record, story.now)
    assert (record.size, store.find(story.uuid).state) == (0, "publishing")  # type: ignore[union-attr]
    publishing_findings.settle(record, story.now)
    assert (record.size, store.find(story.uuid).state) == (1, "published")  # type: ignore[union-attr]


@pytest.mark.parametrize("state", ["publishing", "withholding", "correcting", "withdrawing"])
def test_crash_between_leaf_and_note_writes_no_second_leaf(
    story: Story, record: Record, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    travel(story, state, record)
    before = record.size
    with monkeypatch.context() as broken:
        broken.setattr(subscribing, "tell", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            publishing_findings.settle(record, story.now)
    assert record.size == before + 1
    assert store.find(story.uuid).state == state  # type: ignore[union-attr]
    (leaf,) = publishing_findings.settle(record, story.now + timedelta(days=1))
    assert (leaf, record.size) == (before, before + 1)
    assert Publication.objects.get(leaf=leaf).recorded is not None
    assert case_check.histories() == []


@pytest.mark.parametrize("body", [{"id": "x", "text": "ZEEPAARD"}, ["ZEEPAARD"]])
def test_version_that_cannot_be_read_is_told_and_holds_up_no_other(
    story: Story, record: Record, caplog: pytest.LogCaptureFixture, body: object
) -> None:
    travel(story, "publishing")
    broken = story.uuid
    travel(story, "publishing")
    Publication.objects.filter(case__uuid=broken).update(body=body)
    told: list[publishing_findings.HeldUp] = []
    (leaf,) = publishing_findings.settle(record, story.now, told.append)
    assert (leaf, record.size, store.find(story.uuid).state) == (0, 1, "published")  # type: ignore[union-attr]
    assert store.find(broken).state == "publishing"  # type: ignore[union-attr]
    assert [(one.case, one.number, one.code) for one in told] == [(broken, 1, "publication-record")]
    # without someone to tell it stands in the log of the service, without a word of the finding
    assert publishing_findings.settle(record, story.now) == []
    assert "publication-record" in caplog.text
    assert "ZEEPAARD" not in caplog.text


def test_version_of_a_case_that_went_another_way_gets_no_leaf_and_holds_up_no_other(
    story: Story, record: Record
) -> None:
    travel(story, "publishing")
    broken = story.uuid
    travel(story, "publishing")
    Case.objects.filter(uuid=broken).update(state="answered")
    told: list[publishing_findings.HeldUp] = []
    publishing_findings.settle(record, story.now, told.append)
    assert (record.size, store.find(story.uuid).state) == (1, "published")  # type: ignore[union-attr]
    assert [(one.case, one.code) for one in told] == [(broken, "case-not-allowed")]


def test_decision_with_a_later_day_is_not_public_before_it(story: Story, record: Record) -> None:
    travel(story, "answered")
    story.act("officer", "publish", replace(story.given("publish"), publish_on=date(2026, 11, 16)))
    # the last second of Sunday 15 November on the Dutch clock is 22:59:59 UTC
    sunday = story.now.replace(day=15, hour=22, minute=59, second=59)
    assert publishing_findings.settle(record, sunday) == []
    assert publications.every(record) == ()
    assert len(publishing_findings.settle(record, sunday + timedelta(seconds=1))) == 1


def test_recalled_decision_never_becomes_public_and_a_new_one_is_version_1(story: Story, record: Record) -> None:
    travel(story, "recalled")
    assert publishing_findings.settle(record, story.now + timedelta(days=400)) == []
    story.act("officer", "publish")
    publishing_findings.settle(record, story.now)
    assert [one.now.finding.number for one in publications.every(record)] == [1]


def test_postponed_decision_waits_for_its_new_day(story: Story, record: Record) -> None:
    travel(story, "publishing")
    story.act("officer", "postpone", replace(story.given("postpone"), publish_on=date(2026, 12, 1)))
    assert publishing_findings.settle(record, story.now) == []
    assert [one.not_before for one in publishing.pending()] == [date(2026, 12, 1)]


def test_withheld_finding_says_ground_and_end_and_nothing_of_itself(story: Story, record: Record) -> None:
    story.marker = "ZEEPAARD"
    travel(story, "withheld", record)
    (found,) = publications.every(record)
    finding = found.now.finding
    assert (finding.version, finding.ground, finding.withheld_until) == (
        *(Version.WITHHELD, "Woo 5.1(2)(d)", date(2027, 6, 1)),
    )
    said = repr(found)
    assert all(word not in said for word in ("ZEEPAARD", OPERATOR, "oktober"))
    for name in (record.data_dir / "batches").rglob("*"):
        assert not name.is_file() or b"ZEEPAARD" not in name.read_bytes()


def test_withheld_finding_that_is_published_later_keeps_its_name(story: Story, record: Record) -> None:
    travel(story, "reconsidering", record)
    story.act("officer", "publish")
    publishing_findings.settle(record, story.now)
    (found,) = publications.every(record)
    assert [one.finding.version for one in found.versions] == [Version.WITHHELD, Version.PUBLISHED]
    assert [one.finding.number for one in found.versions] == [1, 2]
    assert publications.every(record, 1)[0].now.finding.version is Version.WITHHELD


def test_correction_takes_the_place_of_the_text_and_the_earlier_stays_readable_as_of(
    story: Story, record: Record
) -> None:
    travel(story, "correction_proposed", record)
    # the proposal is read by nobody outside
    assert "propose_correction" not in repr(publications.every(record))
    story.act("officer", "correct")
    (leaf,) = publishing_findings.settle(record, story.now)
    (found,) = publications.every(record)
    assert "propose_correction" in found.now.finding.text
    assert found.now.finding.version is Version.CORRECTED
    assert "propose_correction" not in publications.every(record, leaf)[0].now.finding.text
    written = record.ledger.leaf(leaf)
    assert isinstance(written, Leaf)
    assert written.supersedes == (found.first.leaf,)
    assert written.reason.startswith("Reden")


def test_rejected_correction_leaves_the_text_as_it_was(story: Story, record: Record) -> None:
    travel(story, "correction_proposed", record)
    view = story.act("officer", "reject")
    assert "propose_correction" not in view.case.text
    assert publishing_findings.settle(record, story.now) == []


def test_withdrawn_finding_is_gone_from_the_present_and_says_why(story: Story, record: Record) -> None:
    travel(story, "withdrawn", record)
    (found,) = publications.every(record)
    assert not found.now.finding.readable
    assert publications.was_withdrawn(found)
    assert "oktober" not in repr(found.now)
    assert found.now.finding.reasons.startswith("Reden")
    assert "oktober" in publications.every(record, found.now.leaf)[0].now.finding.text


def test_same_followers_are_told_of_publication_correction_and_withdrawal(story: Story, record: Record) -> None:
    for email, site in (("all@example.net", ""), ("site@example.net", SITE), ("other@example.net", "raffinaderij")):
        subscribing.ask(email, site, story.now, lambda length, email=email: email)
        assert subscribing.confirm(email, story.now)
    subscribing.ask("never@example.net", "", story.now, lambda length: "t")
    travel(story, "correcting", record)
    publishing_findings.settle(record, story.now)
    story.act("second_officer", "withdraw")
    publishing_findings.settle(record, story.now)
    told = Message.objects.filter(audience="subscriber").exclude(subject__startswith="Bevestig").order_by("pk")
    by_reader: dict[str, list[str]] = {}
    for one in told:
        by_reader.setdefault(one.recipient, []).append(one.subject)
        assert "oktober" not in one.body
    said = ["Bevinding openbaar gemaakt", "Bevinding gecorrigeerd", "Bevinding ingetrokken"]
    assert by_reader == {"all@example.net": said, "site@example.net": said}


def test_follower_who_stops_is_forgotten_and_a_flood_of_requests_sends_one_mail(story: Story) -> None:
    for _ in range(5):
        subscribing.ask("a@example.net", "", story.now)
    assert Message.objects.count() == 1
    subscribing.ask("b@example.net", "", story.now, lambda length: "token")
    assert subscribing.stop("token")
    assert not subscribing.stop("token")
    assert not subscribing.confirm("token", story.now)


def test_request_that_was_never_confirmed_is_forgotten_after_a_week(story: Story) -> None:
    subscribing.ask("a@example.net", "", story.now, lambda length: "token")
    assert not subscribing.confirm("token", story.now + timedelta(days=7, seconds=1))


def test_finding_that_is_not_public_is_unknown(story: Story, record: Record) -> None:
    travel(story, "publishing")
    case = store.find(story.uuid)
    assert case is not None
    for name in (case.publication, case.uuid, "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(GoedeBuurError, match="query-unknown-finding"):
            publications.find(record, name)


def test_record_that_is_made_again_from_the_evidence_has_the_same_findings(story: Story, record: Record) -> None:
    travel(story, "withdrawn", record)
    before = [publications.every(record, size) for size in range(record.size + 1)]
    record.rebuild()
    assert [publications.every(record, size) for size in range(record.size + 1)] == before


def test_monitor_tells_of_the_finding_by_its_site(story: Story, record: Record) -> None:
    travel(story, "published", record)
    blob = leaves.encode(record.ledger.leaf(0))
    told = [events.of_leaf("log", 0, blob, watch) for watch in (Watch(), Watch(sites=frozenset({SITE})))]
    for one in told:
        assert one is not None
        assert (one.kind, one.facts["finding"]["version"]) == ("finding", "published")
    assert events.of_leaf("log", 0, blob, Watch(sites=frozenset({"elders"}))) is None
