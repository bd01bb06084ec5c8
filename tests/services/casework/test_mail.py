"""Mail in and out: kept once, with the case it names; hostile mail refused whole; nothing lost on the way out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.services.casework.mails import MAIL
from tests.services.casework.people import NOW, ROADS, Story

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import case_mail, case_mail_in, casework
from goedebuur.services import case_mail_placing as placing
from goedebuur.services.settings import Settings
from goedebuur.store.casework import attachments, messages
from goedebuur.store.casework.message_models import Attachment, Message
from goedebuur.store.casework.messages import Waiting

SETTINGS = Settings(smtp="smtp://mail.example", mail_from="buur@example.org", site_url="https://buur.example")


def test_mail_is_kept_with_the_case_that_its_subject_names(story: Story, tmp_path: Path) -> None:
    story.begin()
    taken = case_mail_in.take(tmp_path, MAIL, "one.eml", NOW)
    assert (taken.became, taken.number, taken.files) == ("kept", "GB-2026-000001", 2)
    (kept,) = messages.of_case(story.uuid, [messages.INTERNAL])
    assert kept.subject == "Antwoord in zaak GB-2026-000001 – storing"
    assert kept.body.strip() == "Er was een café-storing."
    assert [one.name for one in kept.attachments] == ["bericht.eml", "passwd.pdf"]
    assert attachments.read(tmp_path, kept.attachments[1].sha256) == b"%PDF-1.4"
    assert attachments.read(tmp_path, kept.attachments[0].sha256) == MAIL


def test_same_mail_again_changes_nothing(story: Story, tmp_path: Path) -> None:
    story.begin()
    case_mail_in.take(tmp_path, MAIL, "one.eml", NOW)
    assert case_mail_in.take(tmp_path, MAIL, "one.eml", NOW).became == "again"
    assert (Message.objects.count(), Attachment.objects.count()) == (1, 2)


def test_mail_that_names_no_case_waits_for_a_person(story: Story, tmp_path: Path) -> None:
    taken = case_mail_in.take(tmp_path, MAIL, "one.eml", NOW)
    assert (taken.became, messages.unplaced()) == ("unplaced", 1)


def test_mail_of_a_stranger_is_read_by_the_authority_alone(story: Story, tmp_path: Path) -> None:
    story.begin()
    for who, event in ROADS["hearing"]:
        story.act(who, event)
    case_mail_in.take(tmp_path, MAIL, "one.eml", NOW)
    assert messages.of_case(story.uuid, [messages.OPERATOR])[0].direction == "out"
    assert casework.view(story.people["company"], story.uuid, NOW).case.answer == ""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \r\n",
        b"\x00\x01\x02" * 1000,
        b"no headers at all",
        MAIL.replace(b"boundary=x", b"boundary=" + b"y" * 5000),
        MAIL.replace(b"iso-8859-1", b"no-such-charset"),
        MAIL.replace(b"Message-ID: <one@company.example>", b"Message-ID: <" + b"m" * 10_000 + b">"),
        MAIL.replace(b"=?utf-8?q?Antwoord", b"=?utf-8?b?////"),
        MAIL.replace(b"Subject:", b"Subject: a\r\nBcc: all@example.org\r\nSubject:"),
        b"Subject: x\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n\r\n\r\n" * 500,
        b"From: \xff\xfe\r\nSubject: \xed\xa0\x80\r\n\r\n\xff",
        b"Subject: GB-2026-000001\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
    ],
)  # fmt: skip
def test_hostile_mail_is_refused_whole_or_kept_without_harm(story: Story, tmp_path: Path, data: bytes) -> None:
    story.begin()
    before = Message.objects.count()
    refused = ""
    try:
        case_mail_in.take(tmp_path, data, "one.eml", NOW)
    except GoedeBuurError as error:
        refused = error.code
    if refused:
        assert (refused, Message.objects.count(), list(tmp_path.iterdir())) == ("case-mail-in", before, [])
        return
    made = Message.objects.order_by("-pk")[0]
    assert "\n" not in made.subject + made.sender
    assert "\x00" not in made.subject + made.body
    assert Message.objects.count() == before + 1


def test_mail_with_too_many_files_or_bytes_is_refused_whole(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = b"--x\r\nContent-Disposition: attachment; filename=a\r\n\r\na\r\n"
    many = MAIL.replace(b"--x--\r\n", part * 51 + b"--x--\r\n")
    with pytest.raises(GoedeBuurError, match="50 files"):
        case_mail_in.take(tmp_path, many, "one.eml", NOW)
    monkeypatch.setattr(case_mail_in, "MOST_BYTES", 10)
    with pytest.raises(GoedeBuurError, match="larger"):
        case_mail_in.take(tmp_path, MAIL, "one.eml", NOW)
    assert not Message.objects.exists()


def test_maildir_and_folder_are_read_and_mails_moved_once_read(tmp_path: Path) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "maildir" / name).mkdir(parents=True)
    (tmp_path / "maildir" / "new" / "1").write_bytes(MAIL)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.eml").write_bytes(MAIL)
    (tmp_path / "folder" / "b.txt").write_bytes(b"x")
    assert [one.name for one in case_mail_in.waiting(tmp_path / "folder")] == ["a.eml"]
    (found,) = case_mail_in.waiting(tmp_path / "maildir")
    case_mail_in.done(tmp_path / "maildir", found)
    assert list(case_mail_in.waiting(tmp_path / "maildir")) == []
    assert [one.name for one in (tmp_path / "maildir" / "cur").iterdir()] == ["1:2,S"]
    with pytest.raises(GoedeBuurError, match="case-mail-in"):
        list(case_mail_in.waiting(tmp_path / "nowhere"))


def test_file_that_was_changed_on_disk_is_not_given(tmp_path: Path) -> None:
    kept = attachments.put(tmp_path, "a", "text/plain", b"hello")
    path = tmp_path / "cases" / kept.sha256[:2] / kept.sha256
    assert path.stat().st_mode & 0o077 == 0
    path.write_bytes(b"other")
    with pytest.raises(GoedeBuurError, match="case-file"):
        attachments.read(tmp_path, kept.sha256)


def test_queued_mail_is_sent_once_with_its_links_and_failures_are_kept(story: Story) -> None:
    story.begin()
    story.act("writer", "submit")
    sent: list[tuple[Waiting, str]] = []

    def deliver(one: Waiting, text: str) -> None:
        if one.recipient.startswith("reviewer"):
            raise ConnectionRefusedError("text of the mail")
        sent.append((one, text))

    assert case_mail.send(SETTINGS, deliver, lambda: NOW) == (2, 1)
    assert all("https://buur.example/werk/zaken/GB-2026-000001/" in text for _, text in sent)
    assert case_mail.send(SETTINGS, deliver, lambda: NOW) == (0, 1)
    (waiting,) = messages.waiting()
    assert Message.objects.get(pk=waiting.id).problem == "ConnectionRefusedError"
    for _ in range(messages.MOST_ATTEMPTS):
        case_mail.send(SETTINGS, deliver, lambda: NOW)
    assert (messages.waiting(), messages.stuck()) == ([], 1)


def test_without_a_mail_server_mail_waits(story: Story) -> None:
    with pytest.raises(GoedeBuurError, match="case-mail"):
        case_mail.send(replace(SETTINGS, smtp=""), lambda one, text: None, lambda: NOW)


def test_begin_of_a_header_is_read_that_is_longer_than_a_header_is() -> None:
    many = b", ".join(b"person%d@example.org" % number for number in range(5_000))
    mail = case_mail_in.read_mail(MAIL.replace(b"To: toezicht@example.org", b"To: " + many), "one.eml")
    assert mail.recipient.startswith("person0@example.org, person1@example.org, ")
    assert mail.subject == "Antwoord in zaak GB-2026-000001 – storing"
    assert len(mail.files) == 2
    assert len(mail.files[0][2]) > 100_000


def test_other_mail_under_a_message_id_that_is_taken_is_kept_too(story: Story, tmp_path: Path) -> None:
    story.begin()
    story.act("writer", "submit")
    (ours, *_) = messages.waiting()
    other = MAIL.replace(b"storing.", b"brand.")
    of_ours = MAIL.replace(b"<one@company.example>", ours.message_id.encode())
    became = [case_mail_in.take(tmp_path, one, "one.eml", NOW).became for one in (MAIL, other, other, of_ours)]
    assert became == ["kept", "kept", "again", "kept"]
    bodies = [one.body.strip() for one in messages.of_case(story.uuid, [messages.INTERNAL]) if one.direction == "in"]
    assert sorted(bodies) == ["Er was een café-brand.", "Er was een café-storing.", "Er was een café-storing."]


def test_officer_gives_mail_a_case_and_its_files_go_with_it(story: Story, tmp_path: Path) -> None:
    case_mail_in.take(tmp_path, MAIL, "one.eml", NOW)
    number = story.begin().case.number
    (waits,) = placing.unplaced(story.people["officer"]).waiting.rows
    assert placing.place(story.people["officer"], waits.id, f" {number.lower()} ", NOW) == number
    (kept,) = [one for one in messages.of_case(story.uuid, [messages.INTERNAL]) if one.direction == "in"]
    assert (kept.handled, kept.handled_by) == (NOW, story.people["officer"].id)
    file, data = placing.file(tmp_path, story.people["writer"], number, kept.attachments[1].sha256)
    assert (file.name, data) == ("passwd.pdf", b"%PDF-1.4")
    assert (messages.unplaced(), messages.closed()) == (0, 0)
    with pytest.raises(GoedeBuurError, match="case-mail-unknown"):
        placing.place(story.people["second_officer"], waits.id, number, NOW)


def test_closed_mail_says_why_and_can_still_get_a_case(story: Story, tmp_path: Path) -> None:
    case_mail_in.take(tmp_path, MAIL, "one.eml", NOW)
    number, officer = story.begin().case.number, story.people["officer"]
    (waits,) = placing.unplaced(officer).waiting.rows
    with pytest.raises(GoedeBuurError, match="case-incomplete"):
        placing.close(officer, waits.id, "  ", NOW)
    placing.close(officer, waits.id, "Reclame.", NOW)
    with pytest.raises(GoedeBuurError, match="case-mail-unknown"):
        placing.close(officer, waits.id, "Nog eens.", NOW)
    found = placing.unplaced(officer)
    assert (found.waiting.total, found.closed.total) == (0, 1)
    assert [(one.reason, one.handled_by) for one in found.closed.rows] == [("Reclame.", officer.id)]
    placing.place(officer, waits.id, number, NOW)
    assert placing.unplaced(officer).closed.rows == ()


@pytest.mark.parametrize("who", ["writer", "permits", "reviewer", "company", "administrator"])
def test_mail_without_a_case_is_for_officers_alone(story: Story, tmp_path: Path, who: str) -> None:
    case_mail_in.take(tmp_path, MAIL, "one.eml", NOW)
    number, made = story.begin().case.number, Message.objects.get(direction="in")
    person, digest = story.people[who], made.attachments.order_by("pk")[0].sha256
    for attempt in (
        lambda: placing.unplaced(person),
        lambda: placing.place(person, made.pk, number, NOW),
        lambda: placing.close(person, made.pk, "x", NOW),
        lambda: placing.unplaced_file(tmp_path, person, made.pk, digest),
    ):
        with pytest.raises(GoedeBuurError, match="case-unknown"):
            attempt()
    assert messages.unplaced() == 1


def test_officer_gives_no_mail_to_a_case_of_another_authority_and_reads_no_file_of_it(
    story: Story, tmp_path: Path
) -> None:
    number, stranger = story.begin().case.number, story.people["other_authority"]
    for name, data in (("one.eml", MAIL), ("two.eml", MAIL.replace(b"GB-2026-000001", b"").replace(b"<one", b"<two"))):
        case_mail_in.take(tmp_path, data, name, NOW)
    (waits,) = placing.unplaced(stranger).waiting.rows
    placed = Attachment.objects.filter(case__number=number)[0]
    with pytest.raises(GoedeBuurError, match="case-unknown"):
        placing.place(stranger, waits.id, number, NOW)
    with pytest.raises(GoedeBuurError, match="case-unknown"):
        placing.file(tmp_path, stranger, number, placed.sha256)
    # and by the number of the mail, now that it has a case
    assert placed.message is not None
    with pytest.raises(GoedeBuurError, match="case-unknown"):
        placing.unplaced_file(tmp_path, stranger, placed.message.pk, placed.sha256)
