"""From a draft to a published decision: roles, four eyes, two editors, and nothing public before the end."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from tests.services.deliveries import open_record

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework.roles import NOBODY, Person, Role, Seat
from goedebuur.core.permits.drafts import DECISION, State
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import EmissionPoint, Installation, Site
from goedebuur.rules.substance_names import names
from goedebuur.services import draft_documents, drafting, permits, sites
from goedebuur.services.record import Record
from goedebuur.store.accounts.models import User
from goedebuur.store.casework.documents import Documents

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, tzinfo=UTC)
DECISION_FIELDS = {
    **{"id": "vb-1", "kind": "vergunning", "site": "centrale", "authority": "GS", "reference": "1", "title": "t"},
    **{"article": "Ow 5.1", "decided_on": "14-03-2026", "valid_from": "1-5-2026", "example": "ja"},
}
LIMIT = {
    **{"number": "3.1.1", "kind": "emission_limit", "text": "x", "substance": "NOx", "value": "80"},
    **{"unit": "mg/Nm³", "averaging": "dag", "installations": "verbrandingslijn 1"},
}


def someone(name: str, role: Role, authority: str = "gs") -> Person:
    user = User.objects.create_user(f"{name}@example.org", None, name=name)
    return Person(user.pk, (Seat(role, authority),))


@pytest.fixture
def ada() -> Person:
    return someone("ada", Role.PERMIT_WRITER)


@pytest.fixture
def bo() -> Person:
    return someone("bo", Role.REVIEWER)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path / "record")
    site = Site("centrale", (Dated("Voorbeeldcentrale"),), simulated=True)
    line = Installation("lijn-1", "centrale", (Dated("verbrandingslijn 1"),))
    point = EmissionPoint("schoorsteen-1", "centrale", "stack", (Dated("schoorsteen 1"),), ("lijn-1",))
    sites.put(found, [site, line, point], NOW)
    yield found
    found.close()


@pytest.fixture
def files(tmp_path: Path) -> Documents:
    return Documents(tmp_path / "documents")


@pytest.fixture
def draft(ada: Person) -> int:
    return drafting.make(ada, "gs", DECISION_FIELDS, NOW, [LIMIT]).id


def code(act: object) -> str:
    with pytest.raises(GoedeBuurError) as error:
        act()  # type: ignore[operator]
    return error.value.code


def check_all(person: Person, draft: int, record: Record) -> None:
    held = drafting.require_draft(person, draft)
    for part in held.parts:
        drafting.check(person, draft, part.key, held.revision + 9, NOW, names(), record)


def test_decision_is_entered_checked_by_another_and_published(
    ada: Person, bo: Person, draft: int, record: Record, files: Documents
) -> None:
    assert permits.sites_with_permits(record) == {}
    check_all(bo, draft, record)
    leaf = drafting.publish(record, bo, draft, files, NOW, names())
    held = permits.find(record, "vb-1")
    assert held.leaf == leaf
    (one,) = held.permit.conditions
    assert (one.number, one.installations) == ("3.1.1", ("lijn-1",))
    view = drafting.view(ada, draft, names(), record)
    assert (view.draft.state, view.listed.leaf) == (State.PUBLISHED, leaf)
    assert code(lambda: drafting.change(ada, draft, "c1", LIMIT, 99, NOW)) == "draft-closed"


def test_draft_with_anything_unchecked_or_wrong_is_not_published_and_leaves_no_leaf(
    ada: Person, bo: Person, draft: int, record: Record, files: Documents
) -> None:
    size = record.size
    assert code(lambda: drafting.publish(record, bo, draft, files, NOW, names())) == "draft-unfinished"
    check_all(bo, draft, record)
    drafting.change(ada, draft, "c1", {**LIMIT, "value": "1.250"}, 99, NOW)
    assert code(lambda: drafting.publish(record, bo, draft, files, NOW, names())) == "draft-unfinished"
    assert code(lambda: drafting.check(bo, draft, "c1", 99, NOW, names(), record)) == "draft-unfinished"
    assert record.size == size


def test_change_after_checking_asks_for_that_part_again(
    ada: Person, bo: Person, draft: int, record: Record, files: Documents
) -> None:
    check_all(bo, draft, record)
    drafting.change(ada, draft, "c1", {**LIMIT, "value": "70"}, 99, NOW)
    assert code(lambda: drafting.publish(record, bo, draft, files, NOW, names())) == "draft-unfinished"
    drafting.check(bo, draft, "c1", 99, NOW, names(), record)
    drafting.publish(record, bo, draft, files, NOW, names())
    form = permits.find(record, "vb-1").permit.conditions[0].form
    assert getattr(form, "value", "") == "70"


@pytest.mark.parametrize("where", ["_note", "published"])
def test_publishing_again_after_the_program_ended_in_between_finds_what_the_record_has(
    bo: Person, draft: int, record: Record, files: Documents, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    check_all(bo, draft, record)

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(drafting.store, where, cut)
        with pytest.raises(KeyboardInterrupt):
            drafting.publish(record, bo, draft, files, NOW, names())
    size, leaf = record.size, permits.find(record, "vb-1").leaf
    assert drafting.require_draft(bo, draft).state is State.OPEN
    assert drafting.publish(record, bo, draft, files, NOW, names()) == leaf
    assert drafting.view(bo, draft, names(), record).listed.leaf == leaf
    assert record.size == size


def test_decision_of_another_authority_is_not_put_right(
    bo: Person, draft: int, record: Record, files: Documents
) -> None:
    check_all(bo, draft, record)
    drafting.publish(record, bo, draft, files, NOW, names())
    writer, checker = someone("dee", Role.PERMIT_WRITER, "dcmr"), someone("eva", Role.REVIEWER, "dcmr")
    other = drafting.make(writer, "dcmr", DECISION_FIELDS, NOW, [{**LIMIT, "value": "8000"}]).id
    check_all(checker, other, record)
    size = record.size
    refused = lambda: drafting.publish(record, checker, other, files, NOW, names(), reason="verbeterd")  # noqa: E731
    assert code(refused) == "draft-other-authority"
    assert record.size == size
    assert drafting.require_draft(checker, other).state is State.OPEN


def test_decision_is_put_right_by_the_authority_that_published_it(
    ada: Person, bo: Person, draft: int, record: Record, files: Documents
) -> None:
    check_all(bo, draft, record)
    drafting.publish(record, bo, draft, files, NOW, names())
    again = drafting.make(ada, "gs", DECISION_FIELDS, NOW, [{**LIMIT, "value": "70"}]).id
    check_all(bo, again, record)
    drafting.publish(record, bo, again, files, NOW, names(), reason="verkeerd overgetypt")
    assert getattr(permits.find(record, "vb-1").permit.conditions[0].form, "value", "") == "70"


def test_draft_says_that_no_limit_binds_until_a_decision_says_which_general_rules_hold(
    ada: Person, bo: Person, draft: int, record: Record, files: Documents
) -> None:
    assert drafting.view(ada, draft, names(), record).unruled
    told = {**DECISION_FIELDS, "general_rules": "bal.4.73; verbrandingslijn 1; ; 11"}
    drafting.change(ada, draft, DECISION, told, 99, NOW)
    assert not drafting.view(ada, draft, names(), record).unruled
    check_all(bo, draft, record)
    drafting.publish(record, bo, draft, files, NOW, names())
    (rule,) = permits.find(record, "vb-1").permit.general_rules
    assert (rule.rule, rule.installations, rule.oxygen) == ("bal.4.73", ("lijn-1",), "11")
    later = drafting.make(ada, "gs", {**DECISION_FIELDS, "id": "vb-2"}, NOW, [LIMIT])
    assert not drafting.view(ada, later.id, names(), record).unruled


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.PERMIT_WRITER, {"see", "enter", "check", "publish"}),
        (Role.SPECIALIST, {"see", "check"}),
        (Role.REVIEWER, {"see", "check", "publish"}),
        (Role.OFFICER, {"see"}),
    ],
)
def test_roles_of_the_authority_do_what_they_are_for(
    ada: Person, draft: int, record: Record, files: Documents, role: Role, allowed: set[str]
) -> None:
    person = someone("cas", role)
    acts = {
        "see": lambda: drafting.view(person, draft, names(), record),
        "enter": lambda: drafting.change(person, draft, DECISION, DECISION_FIELDS, 99, NOW),
        "check": lambda: drafting.check(person, draft, "c1", 99, NOW, names(), record),
        "publish": lambda: drafting.publish(record, person, draft, files, NOW, names()),
    }
    for name, act in acts.items():
        if name not in allowed:
            assert code(act) == "draft-forbidden", name
        elif name == "publish":
            assert code(act) == "draft-unfinished"
        else:
            act()


@pytest.mark.parametrize("role", ["other authority", "company", "administrator", "nobody"])
def test_whoever_has_no_role_there_learns_not_that_a_draft_is_there(draft: int, record: Record, role: str) -> None:
    person = {
        "other authority": Person(90, (Seat(Role.PERMIT_WRITER, "od"),)),
        "company": Person(91, (Seat(Role.COMPANY, operator="gs"),)),
        "administrator": Person(92, (Seat(Role.ADMINISTRATOR),)),
        "nobody": NOBODY,
    }[role]
    for number in (draft, draft + 1):
        for act in (
            lambda number=number: drafting.view(person, number, names(), record),
            lambda number=number: drafting.history(person, number),
            lambda number=number: drafting.change(person, number, "c1", LIMIT, 99, NOW),
            lambda number=number: drafting.check(person, number, "c1", 99, NOW, names(), record),
            lambda number=number: draft_documents.read(person, number, "a" * 64),
        ):
            assert code(act) == "draft-unknown"
    assert drafting.listed(person) == []


def test_nobody_enters_for_an_authority_of_others(bo: Person) -> None:
    assert code(lambda: drafting.make(bo, "gs", DECISION_FIELDS, NOW)) == "draft-forbidden"


# -- documents --------------------------------------------------------------------------------------------------------


def pdf(*lines: str) -> bytes:
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4)
    for at, line in enumerate(lines):
        canvas.drawString(50, 700 - 40 * at, line)
    canvas.save()
    return written.getvalue()


SENTENCE = "3.1.1 De emissie van ammoniak mag niet meer bedragen dan 0,5 mg/Nm³ als daggemiddelde."


def test_only_a_published_decision_is_copied_since_a_copy_asks_its_author_to_check(
    ada: Person, draft: int, record: Record
) -> None:
    cas = someone("cas", Role.PERMIT_WRITER)
    assert code(lambda: drafting.again(cas, draft, NOW)) == "draft-forbidden"
    drafting.discard(ada, draft, NOW)
    assert code(lambda: drafting.again(cas, draft, NOW)) == "draft-forbidden"


def test_document_gives_proposals_and_enters_nothing(ada: Person, draft: int, files: Documents) -> None:
    done = draft_documents.attach(ada, draft, files, pdf(SENTENCE), "besluit.pdf", "", NOW)
    found = draft_documents.read(ada, draft, done.key)
    (one,) = found.proposals
    assert (one.fields["value"], one.fields["page"], one.settled) == ("0,5", "1", "")
    assert len(drafting.require_draft(ada, draft).conditions) == 1
    drafting.add(ada, draft, one.fields, NOW, {"proposal": one.name, "document": done.key, "page": 1})
    assert draft_documents.read(ada, draft, done.key).waiting == ()


def test_number_whose_point_is_doubtful_is_left_for_a_person_to_decide(
    ada: Person, draft: int, files: Documents
) -> None:
    data = pdf("3.1.1 De emissie van ammoniak mag niet meer bedragen dan 1.250 kg per jaar.")
    done = draft_documents.attach(ada, draft, files, data, "besluit.pdf", "", NOW)
    (one,) = draft_documents.read(ada, draft, done.key).proposals
    assert one.fields["value"] == "1.250"


def test_document_that_cannot_be_read_is_not_attached(ada: Person, draft: int, files: Documents) -> None:
    assert code(lambda: draft_documents.attach(ada, draft, files, b"text", "x.pdf", "", NOW)) == "input-not-this-format"
    assert drafting.require_draft(ada, draft).documents == ()


def test_document_becomes_public_with_the_decision_and_not_before(
    ada: Person, bo: Person, draft: int, record: Record, files: Documents
) -> None:
    data = pdf(SENTENCE)
    done = draft_documents.attach(ada, draft, files, data, "../besluit.pdf", "Besluit", NOW)
    assert not record.evidence.payload_path(done.key).exists()
    check_all(bo, draft, record)
    drafting.publish(record, bo, draft, files, NOW, names())
    assert record.evidence.payload(done.key) == data
    (document,) = permits.find(record, "vb-1").permit.documents
    assert (document.name, document.title) == ("besluit.pdf", "Besluit")


def test_damaged_file_of_a_document_is_not_shown_as_if_it_were_it(files: Documents, tmp_path: Path) -> None:
    sha256 = files.put(b"bytes")
    assert files.get(sha256) == b"bytes"
    (tmp_path / "documents" / sha256[:2] / sha256).write_bytes(b"other")
    assert code(lambda: files.get(sha256)) == "draft-document"
