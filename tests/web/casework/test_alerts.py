"""Alerts of high emissions as the public reads them: page, feed and data, issued and withdrawn; and following them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree

from django.conf import settings
from tests.core.emissions.test_alerts import ALERT
from tests.web.working import Place

from goedebuur.services import emission_alerts, opening, subscribing
from goedebuur.store.casework import subscribers
from goedebuur.store.casework.message_models import Message

ATOM = "{http://www.w3.org/2005/Atom}"


NOW = datetime(2026, 10, 2, 12, tzinfo=UTC)


def issued(place: Place) -> int:
    record = opening.to_write(settings.GOEDEBUUR)
    assert record is not None
    (leaf,) = emission_alerts.issue(record, [ALERT], NOW)
    record.close()
    return leaf


def retracted(place: Place) -> None:
    record = opening.to_write(settings.GOEDEBUUR)
    assert record is not None
    emission_alerts.retract(record, ALERT.id, "De analysator was verstopt.", NOW)
    record.close()


def test_alert_is_on_the_page_in_dutch_time_and_its_retraction_stands_beside_it(place: Place) -> None:
    client = place.visitor()
    assert "Er is geen melding." in client.get("/meldingen/").content.decode()
    leaf = issued(place)
    page = client.get("/meldingen/").content.decode()
    assert "1 maart 2026 03:00" in page
    assert "500.0 mg/m³" in page
    assert "Melding ingetrokken" not in page
    retracted(place)
    assert "Melding ingetrokken: De analysator was verstopt." in client.get("/meldingen/").content.decode()
    before = client.get(f"/meldingen/?as_of={leaf + 1}").content.decode()
    assert "hoge uitstoot gemeten" in before
    assert "verstopt" not in before


def test_feed_and_data_tell_of_alert_and_retraction(place: Place) -> None:
    issued(place)
    retracted(place)
    feed = ElementTree.fromstring(place.visitor().get("/meldingen/feed/").content)
    titles = [one.findtext(f"{ATOM}title") for one in feed.iter(f"{ATOM}entry")]
    assert titles == ["Melding ingetrokken: K1", "Melding: hoge uitstoot gemeten: K1"]
    assert len({one.findtext(f"{ATOM}id") for one in feed.iter(f"{ATOM}entry")}) == 2
    (versions,) = place.visitor().get("/api/alerts/?site=werk").json()["alerts"]
    assert [one["version"] for one in versions] == ["issued", "retracted"]
    assert place.visitor().get("/api/alerts/?site=elders").json()["alerts"] == []


def test_reader_follows_alerts_apart_from_findings(place: Place) -> None:
    client = place.visitor()
    assert 'value="alerts" selected' in client.get("/bevindingen/volgen/?topic=alerts").content.decode()
    client.post("/bevindingen/volgen/", {"email": "a@example.net", "topic": "alerts"})
    mail = Message.objects.get()
    assert mail.subject == "Bevestig dat u meldingen wilt volgen"
    link = re.search(r"/bevindingen/volgen/[0-9a-f]{64}/", mail.body)
    assert link is not None
    client.post(link[0], {"do": "confirm"})
    assert [one.email for one in subscribers.following([], subscribers.ALERTS)] == ["a@example.net"]
    assert subscribers.following([]) == []
    assert subscribing.TOPICS == ("findings", "alerts")
