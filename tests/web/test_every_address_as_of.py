"""Every address asked as of an earlier state answers with that state, or says that it is of the present alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern
from tests.services.deliveries import open_record, station_file
from tests.web.addresses import API, DATA_PAGES, OTHER_PAGES, SERIES
from tests.web.conftest import Made, reading

from goedebuur.services.delivery import deliver
from goedebuur.store.refusals import Refusals
from goedebuur.web import api_urls, log_urls, urls

MOMENT = "2018-12-31T23:00:00Z"
OF_A_STATE = {
    "home": "/",
    "site": "/locaties/nl-1/",
    "sites-csv": "/locaties.csv",
    "verdict-years": "/oordelen/",
    "download-csv": f"/download/{SERIES}.csv",
    "download-parquet": f"/download/{SERIES}.parquet",
    "permit": "/locaties/nergens/vergunning/",
    "permit-json": "/locaties/nergens/vergunning.json",
    "permit-document": f"/locaties/nergens/vergunning/documenten/{'0' * 64}/",
    "api-permit": "/api/sites/nergens/permit/",
    "api-limits": "/api/sites/nergens/limits/",
    "api-refusals": "/api/deliveries/refusals/",
    "api-site": "/api/sites/nl-1/",
    "api-submitters": "/api/submitters/",
    "proof-verdict": f"/bewijs/{SERIES}/oordeel/2019/eu2008.so2.hour/",
    "api-proof-verdict": f"/api/proof/{SERIES}/verdict/2019/eu2008.so2.hour/",
    "late-csv": "/leveringen/te-laat.csv",
    "findings": "/bevindingen/",
    "findings-feed": "/bevindingen/feed/",
    "finding": "/bevindingen/00000000-0000-4000-8000-000000000000/",
    "api-findings": "/api/findings/",
    "alerts": "/meldingen/",
    "alerts-feed": "/meldingen/feed/",
    "api-alerts": "/api/alerts/",
    "api-finding": "/api/findings/00000000-0000-4000-8000-000000000000/",
    "api-finding-sides": "/api/findings/00000000-0000-4000-8000-000000000000/sides/",
    "search": "/zoeken/?q=eendorp",
    "stacks": "/locaties/nl-1/schoorstenen/",
    "stack-timeline": "/locaties/nl-1/schoorstenen/verloop/",
    "stack-headroom": "/locaties/nl-1/schoorstenen/ruimte/",
    "stack-changes": "/locaties/nl-1/schoorstenen/verschil/",
    "stack-changes-csv": "/locaties/nl-1/schoorstenen/verschil/tabel.csv",
    "stack-controls": "/locaties/nl-1/schoorstenen/controle/",
    "stack-controls-csv": "/locaties/nl-1/schoorstenen/controle/tabel.csv",
    "api-stack-controls": "/api/sites/nl-1/stacks/controls/",
    "stack-coverage": "/locaties/nl-1/schoorstenen/dekking/",
    "stack-coverage-csv": "/locaties/nl-1/schoorstenen/dekking/tabel.csv",
    "api-stack-coverage": "/api/sites/nl-1/stacks/coverage/",
    "stack-totals": "/locaties/nl-1/schoorstenen/jaarvracht/",
    "stack-totals-csv": "/locaties/nl-1/schoorstenen/jaarvracht/tabel.csv",
    "api-stack-totals": "/api/sites/nl-1/stacks/totals/",
    "stack-visible": "/locaties/nl-1/schoorstenen/zichtbaar/",
    "stack-visible-csv": "/locaties/nl-1/schoorstenen/zichtbaar/tabel.csv",
    "api-stack-visible": "/api/sites/nl-1/stacks/visible/",
    "stack-verdicts": "/locaties/nl-1/schoorstenen/oordelen/",
    "stack-verdict": "/locaties/nl-1/schoorstenen/oordelen/K1-nox/nox-day/",
    "stack-verdict-csv": "/locaties/nl-1/schoorstenen/oordelen/K1-nox/nox-day/tabel.csv",
    "api-stacks": "/api/sites/nl-1/stacks/",
    "api-stack-headroom": "/api/sites/nl-1/stacks/headroom/",
    "api-stack-changes": "/api/sites/nl-1/stacks/changes/",
    "api-stack-verdicts": "/api/sites/nl-1/stacks/verdicts/",
    "api-stack-verdict": "/api/sites/nl-1/stacks/verdicts/K1-nox/nox-day/",
}
OF_THE_PRESENT = {
    "proof": f"/bewijs/{SERIES}/{MOMENT}/",
    "proof-mean": f"/bewijs/{SERIES}/jaar/2019/",
    "api-proof": f"/api/proof/{SERIES}/{MOMENT}/",
    "api-proof-mean": f"/api/proof/{SERIES}/year/2019/",
    "proof-average": f"/bewijs/{SERIES}/gemiddelde/day/2019-01-01/",
    "proof-percentile": f"/bewijs/{SERIES}/percentiel/2019/98/",
    "api-proof-average": f"/api/proof/{SERIES}/average/day/2019-01-01/",
    "api-proof-percentile": f"/api/proof/{SERIES}/percentile/2019/98/",
    "api-checkpoint": "/api/checkpoint/",
    "api-receipt": f"/api/deliveries/receipts/{'0' * 64}/",
    "dispersion": "/verspreiding/",
    "dispersion-study": "/verspreiding/nergens/",
    "dispersion-csv": "/verspreiding/nergens/rooster.csv",
    "dispersion-report": "/verspreiding/nergens/rapport.pdf",
    "api-dispersion": "/api/dispersion/",
    "api-dispersion-study": "/api/dispersion/nergens/",
    "api-dispersion-progress": "/api/dispersion/nergens/progress/",
    "api-dispersion-contours": "/api/dispersion/nergens/contours/",
    "api-dispersion-map": "/api/dispersion/nergens/map/",
}
OF_NO_STATE = {
    *(
        "about",
        "accessibility",
        "privacy",
        "checker",
        "checker-download",
        "checker-program",
        "checker-witnesses",
        "api-index",
    ),
    *("log-readme", "log-checkpoint", "log-key", "log-tile"),
    *("api-delivery-check", "api-uploads", "api-upload"),
    *("rulebook", "api-rulebook"),
    *("dispersion-new", "dispersion-scenario", "dispersion-change", "dispersion-bring", "dispersion-withdraw"),
    *("follow", "follow-confirm", "zgw-zaken", "zgw-zaak", "zgw-zaaktype"),
}
"""Text, files that are what they are at any moment, and what only takes something in."""
ELSEWHERE = {
    **{"stations": "stations", "station": "station", "series": "series", "wind": "wind", "sites": "companies"},
    **{"site-questions": "questions about companies"},
    **{"provenance": "provenance", "compare": "two stations", "deliveries": "deliveries", "delivery": "delivery"},
    **{
        "difference": "difference",
        "late": "late",
        "verdicts": "verdicts",
        "explanation": "explanation",
        "downloads": "downloads",
    },
}
"""Names of pages whose address stands in `tests/web/addresses.py`."""
API_ELSEWHERE = {
    **{"api-record": "record", "api-map": "map", "api-map-facilities": "map of companies", "api-wind": "wind"},
    **{"api-sites": "sites", "api-site-questions": "questions about sites"},
    **{"api-facilities": "facilities", "api-stations": "stations", "api-station": "station", "api-series": "series"},
    **{"api-chart": "chart", "api-observations": "observations", "api-provenance": "provenance"},
    **{"api-compare": "compare", "api-deliveries": "deliveries", "api-delivery": "delivery"},
    **{"api-late": "late", "api-late-series": "late series", "api-expectations": "expectations"},
    **{"api-difference": "difference", "api-verdicts": "verdicts", "api-explanation": "explanation"},
}
EMPTY_HERE = {
    *("site", "sites", "sites-csv", "site-questions", "api-site", "api-sites", "api-site-questions"),
    *("api-facilities", "api-map-facilities", "api-wind", "api-submitters"),
}
EMPTY_HERE |= {"api-expectations", "api-late", "late-csv"}
EMPTY_HERE |= {"findings", "findings-feed", "finding", "api-findings", "api-finding", "api-finding-sides"}
EMPTY_HERE |= {"stack-changes", "stack-changes-csv", "api-stack-changes"}
EMPTY_HERE |= {"stack-timeline", "stack-headroom", "api-stack-headroom"}
EMPTY_HERE |= {"stack-controls", "stack-controls-csv", "api-stack-controls"}
EMPTY_HERE |= {"stack-coverage", "stack-coverage-csv", "api-stack-coverage"}
EMPTY_HERE |= {"stack-totals", "stack-totals-csv", "api-stack-totals"}
EMPTY_HERE |= {"stack-visible", "stack-visible-csv", "api-stack-visible"}
EMPTY_HERE |= {"stacks", "stack-verdicts", "stack-verdict", "stack-verdict-csv"}
EMPTY_HERE |= {"api-stacks", "api-stack-verdicts", "api-stack-verdict"}
EMPTY_HERE |= {"alerts", "alerts-feed", "api-alerts"}
EMPTY_HERE |= {"permit", "permit-json", "permit-document", "api-permit", "api-limits"}
"""The record of these tests holds none of these, now or before; `test_as_of.py` and others have them."""
STATES = {
    **OF_A_STATE,
    **{name: DATA_PAGES[page] for name, page in ELSEWHERE.items()},
    **{name: API[page] for name, page in API_ELSEWHERE.items()},
}


def names() -> set[str]:
    patterns = [*urls.urlpatterns, *api_urls.urlpatterns, *log_urls.urlpatterns]
    return {one.name for one in patterns if isinstance(one, URLPattern) and one.name}


def test_every_address_is_of_a_state_of_the_present_or_of_none() -> None:
    assert names() == STATES.keys() | OF_THE_PRESENT.keys() | OF_NO_STATE
    assert set(OTHER_PAGES) <= OF_NO_STATE


@pytest.fixture
def refused(tmp_path: Path) -> Iterator[Client]:
    """Return a reader of a record in which a delivery was refused after the first leaf came and before the second."""
    record = open_record(tmp_path / "record")
    for day, rows in ((1, ["1"] * 24), (3, ["2"] * 24)):
        deliver(record, station_file({"NL90001": rows}), "2019_SO2.csv", now=datetime(2020, 2, day, tzinfo=UTC))
    Refusals(record.data_dir).add(
        datetime(2020, 2, 2, tzinfo=UTC), {"at": "2020-02-02T00:00:00Z", "code": "submission-clock"}
    )
    record.close()
    with reading(tmp_path) as client:
        yield client


@pytest.mark.parametrize("name", sorted(STATES.keys() - EMPTY_HERE - {"api-refusals"}))
def test_state_without_leaves_has_nothing_of_the_present(reader: Client, made: Made, name: str) -> None:
    address = STATES[name]
    now = reader.get(address, follow=True)
    then = reader.get(f"{address}{'&' if '?' in address else '?'}as_of=0", follow=True)
    assert now.status_code == 200
    assert then.status_code in (200, 400, 404)
    assert then.content != now.content
    for told in ("12.5", "13.5", "2019_SO2.csv", "NL90001"):
        if then.status_code == 200:
            assert told not in then.content.decode(errors="replace"), told


@pytest.mark.parametrize("name", OF_THE_PRESENT)
def test_what_is_of_the_present_alone_says_so(reader: Client, name: str) -> None:
    answer = reader.get(f"{OF_THE_PRESENT[name]}?as_of=1")
    assert answer.status_code == 400
    assert "web-parameter" in answer.content.decode()


def test_leaf_is_not_there_before_it_came(reader: Client, made: Made) -> None:
    last = made.size - 1
    for prefix in ("/leveringen", "/api/deliveries"):
        assert reader.get(f"{prefix}/{last}/?as_of={made.size}").status_code == 200
        assert reader.get(f"{prefix}/{last}/?as_of={last}").status_code == 404


def test_difference_goes_no_further_than_the_state_that_is_asked(reader: Client, made: Made) -> None:
    before = made.before_correction
    for prefix in ("/leveringen/verschil", "/api/difference"):
        assert reader.get(f"{prefix}/?from=0&to={made.size}&as_of={before}").status_code == 400
    asked = f"/api/difference/?from=2020-01-01&to=2020-06-01&as_of={before}"
    assert reader.get(asked).json()["to"] == before
    assert reader.get(f"/api/difference/?from=0&as_of={before}").json()["to"] == before


def test_correction_is_not_lost_among_new_values(reader: Client, made: Made) -> None:
    # 48 hours of two stations came first, less one empty cell; then one was changed, one withdrawn, one filled
    b = made.before_correction
    page = reader.get(f"/leveringen/verschil/?from={b - 1}&to={made.size}").content.decode()
    assert ">nieuw</a>: 95</li>" in page
    assert 'data-label="Wat er gebeurde">nieuw</td>' not in page
    page = reader.get(f"/leveringen/verschil/?from={b}&to={made.size}").content.decode()
    for what in ("veranderd", "ingetrokken", "later aangevuld"):
        assert f"<li>{what}: 1</li>" in page
        assert f'data-label="Wat er gebeurde">{what}</td>' in page
    assert f'data-label="Door blad" class="gb-number"><a class="nl-link" href="/leveringen/{b}/">{b}</a>' in page
    new = reader.get(f"/leveringen/verschil/?from={b - 1}&to={b}&kind=new").content.decode()
    assert new.count('data-label="Wat er gebeurde">nieuw</td>') == 95
    assert reader.get(f"/leveringen/verschil/?from=0&to={b}&kind=other").status_code == 400


def test_signed_state_stands_only_under_the_leaves_that_it_signs(reader: Client, made: Made) -> None:
    address = f"/api/provenance/{SERIES}/{MOMENT}/"
    now = reader.get(address).json()
    assert now["checkpoint"].split("\n")[1] == str(now["tree_size"]) == str(made.size)
    assert reader.get(f"{address}?as_of={made.before_correction}").json()["checkpoint"] == ""


def test_refusals_of_a_state_are_those_up_to_its_newest_leaf(refused: Client) -> None:
    def counts(asked: str) -> dict[str, int]:
        return dict(refused.get(f"/api/deliveries/refusals/{asked}").json()["refusals"])

    size = refused.get("/api/record/").json()["tree_size"]
    first = refused.get("/api/record/?as_of=2020-02-01").json()["tree_size"]
    assert 0 < first < size
    assert counts("") == counts(f"?as_of={size}") == {"submission-clock": 1}
    assert counts(f"?as_of={first}") == counts("?as_of=0") == {}
    assert "Geweigerd" not in refused.get(f"/leveringen/?as_of={first}").content.decode()
    assert "Geweigerd" in refused.get("/leveringen/").content.decode()
