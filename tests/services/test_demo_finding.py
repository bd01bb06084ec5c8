"""The finding of the demonstration: published by the road of any finding, said to be invented, and no way in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, open_record

from goedebuur.core.casework.publications import Version
from goedebuur.services import case_check, people, publications, publishing_findings
from goedebuur.services.demo import finding, permits
from goedebuur.services.demo.permits import steel_works
from goedebuur.services.record import Record
from goedebuur.store.accounts.models import User
from goedebuur.store.casework import cases, publishing
from goedebuur.store.casework.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path / "examples")
    permits.load(found, NOW, "simulatie")
    yield found
    found.close()


def test_finding_is_published_with_the_answer_and_says_that_it_is_invented(record: Record) -> None:
    finding.load(record)
    (found,) = publications.every(record)
    shown = found.now.finding
    assert (shown.version, shown.simulated, shown.sites) == (Version.PUBLISHED, True, (steel_works.SITE,))
    assert "verzonnen" in shown.subject
    assert shown.answer is not None
    assert "ventilator" in shown.answer.text
    assert [one.event for one in shown.history] == ["notify", "answer", "publish"]
    case = cases.find(str(finding.CASE))
    assert case is not None
    assert (case.state, publishing.leaves(case.uuid)) == ("published", [(1, found.now.leaf)])
    assert case_check.histories() == []


def test_operator_authority_and_site_are_those_of_the_invented_steel_works(record: Record) -> None:
    finding.load(record)
    ids = {one.id for one in permits.site_records()}
    shown = publications.every(record)[0].now.finding
    assert {*shown.operators, *shown.sites, shown.authority} <= ids


def test_done_again_nothing_is_added(record: Record) -> None:
    finding.load(record)
    size, users = record.size, User.objects.count()
    finding.load(record)
    assert (record.size, User.objects.count()) == (size, users)


def test_after_an_interruption_it_goes_on_where_it_was(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    size = record.size
    with monkeypatch.context() as broken:
        broken.setattr(publishing_findings, "settle", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            finding.load(record)
    assert record.size == size
    finding.load(record)
    assert record.size == size + 1


def test_note_of_the_leaf_that_was_lost_is_made_again_beside_the_same_leaf(record: Record) -> None:
    finding.load(record)
    size = record.size
    case = cases.find(str(finding.CASE))
    assert case is not None
    publishing.models.Publication.objects.update(leaf=None, recorded=None)
    publishing.models.Case.objects.update(state="publishing")
    finding.load(record)
    assert (record.size, publishing.leaves(case.uuid)[0][1]) == (size, size - 1)


def test_nobody_can_sign_in_as_who_made_it_and_no_mail_waits(record: Record) -> None:
    finding.load(record)
    made = list(User.objects.all())
    assert len(made) == 3
    assert not any(one.is_active or one.has_usable_password() or one.is_staff for one in made)
    assert people.every(None) == []
    assert not Message.objects.exists()
