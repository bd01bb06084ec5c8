"""The page of a permit, its JSON, its documents and which limit binds, for whoever asks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.core.permits.decisions import condition, decision, limit
from tests.services.deliveries import open_record
from tests.web.conftest import reading

from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import EmissionPoint, Installation, Site
from goedebuur.services import permit_views, permits, site_decisions, sites
from goedebuur.services.record import Record

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
PDF = b"%PDF-1.7 besluit"
DIGEST = sha256(PDF).hexdigest()
DOCUMENT = {"sha256": DIGEST, "name": "besluit mét naam.pdf", "size": len(PDF), "media_type": "application/pdf"}
PAGE = "/locaties/voorbeeld/vergunning/"
POINT = {"installations": ["lijn-1"], "emission_points": ["schoorsteen-1"]}


def fill(record: Record) -> int:
    """Publish a permit, then an amendment and a correction; return the tree size after the first."""
    named = (Dated("Werk Voorbeeld"),)
    sites.put(
        record,
        (
            Site("voorbeeld", named),
            Site("leeg", named),
            Site("opgegaan", named),
            Site("NL.X/000000001.FACILITY", named),
            Installation("lijn-1", "voorbeeld", (Dated("Lijn Een"),)),
            EmissionPoint("schoorsteen-1", "voorbeeld", "stack", (Dated("Schoorsteen Een"),), ("lijn-1",)),
        ),
        NOW,
    )
    site_decisions.merge(record, "voorbeeld", "opgegaan", role="administrator", reason="één terrein", now=NOW)
    first = decision(
        "oud",
        "2026-01-01",
        limit("3.1", "2", **POINT, text="De emissie van <b>stof</b> is ten hoogste 2 mg/Nm3."),
        condition("4.1"),
        documents=[DOCUMENT],
        general_rules=[{"rule": "bal.4.73", "installations": ["lijn-1"], "oxygen": "11"}],
        withheld=[{"what": "tekening 3", "ground": "Woo 5.1(1)(b)", "until": "2027-01-01", "emissions": False}],
    )
    permits.publish(record, first, NOW, documents=[PDF])
    size = record.size
    reason = {"basis": "bat_ael", "article": "IED 15(5)", "reason": "geen ruimte voor een filter"}
    change = decision(
        "nieuw",
        "2026-02-01",
        limit("3.1", "2.5", replaces=["oud/3.1"], derogation=reason, **POINT),
        kind="amendment",
        amends="oud",
        withdraws=["oud/4.1"],
    )
    permits.publish(record, change, NOW + timedelta(hours=1))
    better = decision(
        "nieuw",
        "2026-02-01",
        limit("3.1", "2.4", replaces=["oud/3.1"], derogation=reason, **POINT),
        kind="amendment",
        amends="oud",
    )
    permits.publish(record, better, NOW + timedelta(hours=2), reason="waarde verkeerd overgenomen")
    return size


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, bytes]:
    folder = tmp_path_factory.mktemp("permits")
    record = open_record(folder / "record")
    size = fill(record)
    then = permit_views.export(record, "voorbeeld", date(2026, 3, 1), size)
    record.close()
    return folder, size, then


@pytest.fixture
def client(home: tuple[Path, int, bytes]) -> Iterator[Client]:
    with reading(home[0]) as found:
        yield found


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def dust(client: Client, **asked: str) -> dict[str, Any]:
    (place,) = client.get("/api/sites/voorbeeld/limits/", asked).json()["places"]
    (found,) = [one for one in place["limits"] if (one["substance"], one["averaging"]) == ("dust", "day")]
    return dict(found)


def test_page_says_conditions_in_plain_words_beside_the_text_as_granted(client: Client) -> None:
    page = text(client, f"{PAGE}?on=2026-01-15")
    assert "In het afgas mag gemiddeld over een dag hoogstens 2 mg/Nm³ stof zitten." in page
    assert "De emissie van &lt;b&gt;stof&lt;/b&gt; is ten hoogste 2 mg/Nm3." in page
    assert "Lijn Een" in page
    assert "Schoorsteen Een" in page


def test_page_tells_of_another_day_what_held_then(client: Client) -> None:
    before, after = text(client, f"{PAGE}?on=2026-01-31"), text(client, f"{PAGE}?on=2026-02-01")
    assert "geldt vanaf 01-02-2026" in before
    assert "geen ruimte voor een filter" not in before
    assert "vervangen door nieuw/3.1" in after
    assert "geen ruimte voor een filter" in after


def test_page_shows_corrections_withheld_parts_and_documents(client: Client) -> None:
    page = text(client, f"{PAGE}?on=2026-03-01")
    assert "waarde verkeerd overgenomen" in page
    assert "tekening 3" in page
    assert "Woo 5.1(1)(b)" in page
    assert DIGEST in page


def test_json_as_of_an_earlier_state_has_its_bytes(client: Client, home: tuple[Path, int, bytes]) -> None:
    _, size, then = home
    for address in ("/locaties/voorbeeld/vergunning.json", "/api/sites/voorbeeld/permit/"):
        answer = client.get(address, {"on": "2026-03-01", "as_of": str(size)})
        assert answer["Content-Type"] == "application/json"
        assert answer.content == then
        assert client.get(address, {"on": "2026-03-01"}).content != then


def test_earlier_state_without_a_day_is_of_its_own_day(client: Client, home: tuple[Path, int, bytes]) -> None:
    found = client.get("/locaties/voorbeeld/vergunning.json", {"as_of": str(home[1])}).json()
    assert found["on"] == "2026-03-01"


def test_limits_show_all_levels_and_the_one_that_binds(client: Client) -> None:
    found = dust(client, on="2026-01-15")
    assert (found["outcome"], found["binding"]) == ("BINDS", "oud/3.1")
    assert {one["level"] for one in found["limits"]} == {"eu", "national", "site"}
    assert dust(client, on="2026-03-01")["binding"] == "nieuw/3.1"


def test_page_says_what_the_limit_that_binds_is_beside_its_article(client: Client) -> None:
    assert "<summary>voorschrift van de vergunning, " in text(client, f"{PAGE}?on=2026-01-15")


def test_document_is_given_to_be_saved(client: Client) -> None:
    answer = client.get(f"{PAGE}documenten/{DIGEST}/")
    assert answer.content == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="besluit_m_t_naam.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"{PAGE}documenten/{'0' * 64}/").status_code == 404
    assert client.get(f"/locaties/leeg/vergunning/documenten/{DIGEST}/").status_code == 404


def test_site_without_decisions_says_that_nobody_entered_one(client: Client) -> None:
    assert "niemand heeft haar nog ingevoerd" in text(client, "/locaties/leeg/vergunning/")
    assert json.loads(text(client, "/locaties/leeg/vergunning.json"))["decisions"] == []


def test_site_with_the_identifier_of_a_register_has_its_pages(client: Client) -> None:
    for address in ("locaties/{}/vergunning/", "locaties/{}/vergunning.json", "api/sites/{}/limits/"):
        assert client.get("/" + address.format("NL.X/000000001.FACILITY")).status_code == 200


@pytest.mark.parametrize("address", ["vergunning/", "vergunning.json"])
def test_unknown_site_is_not_found(client: Client, address: str) -> None:
    assert client.get(f"/locaties/nergens/{address}").status_code == 404
    assert client.get("/api/sites/nergens/limits/").status_code == 404


@pytest.mark.parametrize("day", ["morgen", "2026-02-30", "0001-01-01"])
def test_day_that_is_none_is_refused(client: Client, day: str) -> None:
    assert client.get(PAGE, {"on": day}).status_code == 400


def test_page_is_there_in_english(client: Client) -> None:
    page = text(client, f"/en{PAGE}?on=2026-01-15")
    assert "The waste gas may hold at most 2 mg/Nm³ of stof on average over a day." in page
    assert "Which limit holds" in page


def test_address_of_a_merged_site_leads_to_where_it_goes_on(client: Client) -> None:
    answer = client.get("/locaties/opgegaan/vergunning/?on=2026-01-15")
    assert answer.status_code == 302
    assert answer["Location"] == f"{PAGE}?on=2026-01-15"
