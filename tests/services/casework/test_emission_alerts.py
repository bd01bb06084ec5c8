"""An alert: checked, public under a leaf, told once, and retracted before exactly those who got it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import polars as pl
import pytest
from tests.services.stacks import NOX

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.emissions.alerts import Alert, Check, Result, Version
from goedebuur.core.emissions.streams import Stream
from goedebuur.core.emissions.tables import SHORT, Lost
from goedebuur.core.permits.limits import Substance
from goedebuur.services import emission_alerts, subscribing
from goedebuur.services.record import Record
from goedebuur.store.casework import subscribers
from goedebuur.store.casework.alert_models import AlertReader
from goedebuur.store.casework.message_models import Message

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
T0 = datetime(2026, 3, 1, tzinfo=UTC)
MICRO = 10**6
CO = replace(NOX, id="K1-co", series="K1.stack_co.1min", substance=Substance("koolmonoxide", id="co"))


def averages(stream: Stream, peak: int, *, lost: Lost = Lost.NONE) -> pl.DataFrame:
    """Ten days of half hours: 79, 80, 81 … with a peak of one hour on the sixth day."""
    rows = []
    for k in range(480):
        value = peak if 250 <= k < 252 else 79 + k % 3
        bits = lost if k == 250 else Lost.NONE
        rows.append(
            dict.fromkeys(SHORT)
            | {"stream": stream.id, "reference": "o2=11 dry", "start": T0 + timedelta(minutes=30 * k), "length": 1800}
            | {"calibrated": value * MICRO, "standard": value * MICRO, "mass": 1_000_000, "lost": int(bits)}
            | {"state": "normal", "valid": True}
        )
    return pl.DataFrame(rows, schema=SHORT)


LIMITS = {"K1-nox": Fraction(200 * MICRO), "K1-co": Fraction(10_000 * MICRO)}


def found(lost: Lost = Lost.NONE) -> list[Alert]:
    short = pl.concat([averages(NOX, 500, lost=lost), averages(CO, 300)])
    made = emission_alerts.candidates([NOX, CO], short, LIMITS)
    return [one.alert for one in made if one.alert is not None]


def follow(*readers: tuple[str, str, str]) -> None:
    for email, site, topic in readers:
        subscribing.ask(email, site, NOW, lambda length, key=email + topic: key, topic)
        assert subscribing.confirm(email + topic, NOW)


def mails() -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for one in Message.objects.filter(audience="subscriber").exclude(subject__startswith="Bevestig").order_by("pk"):
        told.setdefault(one.recipient, []).append(one.subject)
    return told


ISSUED, GONE = "Melding: hoge uitstoot gemeten", "Melding ingetrokken"


def test_peak_that_two_streams_show_above_the_limit_makes_one_alert() -> None:
    (one,) = found()
    assert (one.stream, one.start, one.end) == ("K1-nox", "2026-03-06T05:00:00Z", "2026-03-06T06:00:00Z")
    assert (one.top, one.level, one.extra_mass) == ("500000000", "80000000", "1680")  # 2 x 1,000 mg x 420/500
    assert one.simulated


def test_peak_in_a_calibration_is_held_back_and_says_by_what() -> None:
    assert found(Lost.CALIBRATING) == []
    short = pl.concat([averages(NOX, 500, lost=Lost.CALIBRATING), averages(CO, 300)])
    by_stream = {one.stream: one for one in emission_alerts.candidates([NOX, CO], short, LIMITS)}
    assert by_stream["K1-nox"].held_by == (Check.NO_FAULT,)
    assert by_stream["K1-co"].results[Check.HIGH] is Result.FAILED


@pytest.mark.django_db(transaction=True)
def test_alert_is_a_leaf_and_is_told_to_who_follows_alerts_of_the_site(record: Record) -> None:
    follow(
        ("all@example.net", "", "alerts"),
        ("site@example.net", "werk", "alerts"),
        ("other@example.net", "elders", "alerts"),
        ("findings@example.net", "", "findings"),
    )
    (leaf,) = emission_alerts.issue(record, found(), NOW)
    (versions,) = emission_alerts.every(record, "werk")
    assert (versions[0].leaf, versions[0].alert.version, versions[0].received) == (leaf, Version.ISSUED, NOW)
    assert mails() == {"all@example.net": [ISSUED], "site@example.net": [ISSUED]}
    body = Message.objects.get(recipient="all@example.net", subject=ISSUED).body
    assert "verzonnen voorbeeld" in body
    assert "500.0 mg/m³, gewoonlijk 80.0 mg/m³" in body
    assert "/bevindingen/volgen/all@example.netalerts/" in body


@pytest.mark.django_db(transaction=True)
def test_same_peak_is_told_of_once_and_not_again_after_it_was_retracted(record: Record) -> None:
    follow(("all@example.net", "", "alerts"))
    assert len(emission_alerts.issue(record, found(), NOW)) == 1
    assert emission_alerts.issue(record, found(), NOW) == []
    (one,) = found()
    emission_alerts.retract(record, one.id, "De analysator was verstopt.", NOW)
    assert emission_alerts.issue(record, found(), NOW) == []
    assert mails() == {"all@example.net": [ISSUED, GONE]}


@pytest.mark.django_db(transaction=True)
def test_retraction_reaches_exactly_those_who_got_the_alert(record: Record) -> None:
    follow(("stays@example.net", "", "alerts"), ("stops@example.net", "werk", "alerts"))
    emission_alerts.issue(record, found(), NOW)
    assert subscribing.stop("stops@example.netalerts")
    follow(("later@example.net", "", "alerts"))
    (one,) = found()
    leaf = emission_alerts.retract(record, one.id, "De analysator was verstopt.", NOW + timedelta(hours=1))
    assert mails() == {"stays@example.net": [ISSUED, GONE], "stops@example.net": [ISSUED, GONE]}
    assert "De analysator was verstopt." in Message.objects.get(recipient="stops@example.net", subject=GONE).body
    first, last = emission_alerts.find(record, one.id)
    assert (first.alert.version, last.alert.version, last.leaf) == (Version.ISSUED, Version.RETRACTED, leaf)
    assert [each.leaf for each in emission_alerts.changes(record)] == [leaf, first.leaf]
    # before the retraction the record said what it said then
    assert len(emission_alerts.find(record, one.id, leaf)) == 1
    assert not AlertReader.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_crash_between_leaf_and_mail_loses_no_mail_and_sends_none_twice(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(("all@example.net", "", "alerts"))
    with monkeypatch.context() as broken:
        broken.setattr(emission_alerts.store, "note", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            emission_alerts.issue(record, found(), NOW)
    assert mails() == {}
    assert emission_alerts.settle(record, NOW) == 1
    assert emission_alerts.settle(record, NOW) == 0
    assert mails() == {"all@example.net": [ISSUED]}


@pytest.mark.django_db(transaction=True)
def test_retraction_needs_a_reason_and_an_alert_that_stands(record: Record) -> None:
    emission_alerts.issue(record, found(), NOW)
    (one,) = found()
    for name, reason, code in ((one.id, " ", "alert-no-reason"), ("K9:20260301T000000Z", "x", "alert-unknown")):
        with pytest.raises(GoedeBuurError, match=code):
            emission_alerts.retract(record, name, reason, NOW)
    emission_alerts.retract(record, one.id, "x", NOW)
    with pytest.raises(GoedeBuurError, match="alert-retracted"):
        emission_alerts.retract(record, one.id, "x", NOW)


@pytest.mark.django_db(transaction=True)
def test_following_findings_and_alerts_are_asked_for_and_ended_apart(db: None) -> None:
    follow(("a@example.net", "", "findings"), ("a@example.net", "", "alerts"))
    assert subscribing.stop("a@example.netfindings")
    assert subscribers.following([]) == []
    assert [one.email for one in subscribers.following([], subscribers.ALERTS)] == ["a@example.net"]


@pytest.mark.django_db(transaction=True)
def test_address_of_a_reader_is_in_no_leaf(record: Record) -> None:
    follow(("all@example.net", "", "alerts"))
    emission_alerts.issue(record, found(), NOW)
    (one,) = found()
    emission_alerts.retract(record, one.id, "x", NOW)
    folder = record.data_dir
    assert not [path for path in folder.rglob("*") if path.is_file() and b"all@example.net" in path.read_bytes()]
