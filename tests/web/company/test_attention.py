"""The pages on which an authority sees where to look first: whose they are, and what they say and lead to."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.services.casework.people import AUTHORITY
from tests.services.deliveries import NOW
from tests.web.company.conftest import OWNED, to_write
from tests.web.working import Place

from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import Site
from goedebuur.services import attention_ahead, sites

QUIET = Site("stil", (Dated("Stil Bedrijf"),), authorities=(Dated(AUTHORITY),), simulated=True)
LIST, ONE = "/werk/aandacht/", "/werk/aandacht/werk/"


@pytest.fixture
def looked(place: Place) -> Place:
    """The site with what stands out worked out; a second site of the same authority has nothing."""
    record = to_write()
    sites.put(record, [QUIET], NOW)
    for _ in attention_ahead.refresh(record, datetime.now(UTC)):
        pass
    record.close()
    return place


def text(place: Place, address: str, who: str = "officer") -> str:
    answer = place.visitor(who).get(address)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store, private"
    return answer.content.decode()


@pytest.mark.parametrize("address", [LIST, ONE])
def test_whoever_is_not_signed_in_is_asked_to(looked: Place, address: str) -> None:
    answer = looked.visitor().get(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/werk/inloggen/?next={address}")


@pytest.mark.parametrize("address", [LIST, ONE])
@pytest.mark.parametrize("who", ["company", "other_company", "administrator"])
def test_whoever_works_for_no_authority_finds_nothing_there(looked: Place, address: str, who: str) -> None:
    answer = looked.visitor(who).get(address)
    assert answer.status_code == 404
    assert "Werk Een" not in answer.content.decode()


def test_another_authority_has_another_list(looked: Place) -> None:
    assert "Werk Een" not in text(looked, LIST, "other_authority")
    assert looked.visitor("other_authority").get(ONE).status_code == 404


@pytest.mark.parametrize("who", ["writer", "permits", "reviewer", "officer"])
def test_list_is_in_the_menu_of_every_role_of_an_authority_and_of_no_other(looked: Place, who: str) -> None:
    assert f'href="{LIST}"' in text(looked, "/werk/", who)
    assert f'href="{LIST}"' not in text(looked, "/werk/", "company")


def test_site_with_something_stands_above_one_with_nothing_and_counts_lead_further(looked: Place) -> None:
    page = text(looked, LIST)
    assert page.index("Werk Een") < page.index("Stil Bedrijf")
    assert re.search(rf'<a class="nl-link" href="{ONE}#plichten">\d plicht(en)? te laat</a>', page)
    assert f'<a class="nl-link" href="{ONE}#stoffen">1 stof gemeld, en niet gemeten of vergund</a>' in page
    assert "2 locaties, waarvan er bij 1 niets opvalt" in page


def test_order_is_said_on_the_page(looked: Place) -> None:
    page = text(looked, LIST)
    assert "Bovenaan staat de locatie met het meeste in de eerste kolom" in page
    assert re.findall(r'<th role="columnheader" scope="col">([^<]+)</th>', page) == [
        "Locatie",
        "Nu",
        "Twijfel",
        "Te laat",
        "Open",
    ]


def test_list_is_cut_down_to_what_is_asked(looked: Place) -> None:
    assert "Stil Bedrijf" not in text(looked, f"{LIST}?signal=unmeasured")
    assert "Werk Een" in text(looked, f"{LIST}?signal=unmeasured")
    assert "Geen van uw locaties is zo." in text(looked, f"{LIST}?signal=exceeded")
    assert "Werk Een" not in text(looked, f"{LIST}?q=stil")
    assert looked.visitor("officer").get(f"{LIST}?signal=iets").status_code == 400


def test_site_of_which_something_came_in_since_says_so(looked: Place) -> None:
    record = to_write()
    both = [replace(one, names=(Dated("Anders"),)) for one in (OWNED, QUIET)]
    sites.put(record, both, NOW, reason="andere naam")
    assert next(attention_ahead.refresh(record, datetime.now(UTC))).site == "stil"
    record.close()
    page = text(looked, LIST)
    assert "Werk Een" in page
    assert "Over 1 locatie kwam iets binnen dat nog niet is meegeteld." in page
    assert "Dat is nog niet meegeteld." in text(looked, ONE)


def test_list_without_anything_worked_out_says_how_to(place: Place) -> None:
    page = text(place, LIST)
    assert "Deze lijst is nog leeg" in page
    assert "De beheerder van deze installatie laat de lijst vullen, meestal elke nacht" in page
    assert "<code>goedebuur stack attention</code>" in page


def test_list_says_when_it_was_worked_out(looked: Place) -> None:
    assert "Het laatst uitgerekend op " in text(looked, LIST)


def test_each_thing_stands_on_the_page_of_the_site_and_leads_further(looked: Place) -> None:
    page = text(looked, ONE)
    assert "Benzeen: gemeld, en nooit gemeten; gemeld, en niets in het register staat het toe" in page
    assert 'href="/werk/plichten/?site=werk"' in page
    assert 'href="/locaties/werk/schoorstenen/"' in page
    assert "gesimuleerd" in page


def test_no_public_page_says_what_stands_out(looked: Place) -> None:
    for address in ("/locaties/werk/", "/locaties/werk/schoorstenen/", "/locaties/werk/vergunning/"):
        page = looked.visitor().get(address).content.decode()
        assert "te laat" not in page
        assert "niets in het register staat het toe" not in page
