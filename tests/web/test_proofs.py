"""Proof files to download, and the page that checks them: its own policy, nothing from elsewhere, one table."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
import threading
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client
from tests.core.proof.witness_cases import KEYS
from tests.services.deliveries import SIGNER
from tests.web.addresses import SERIES
from tests.web.conftest import Made
from tests.web.test_headers import policy

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.flags import UNUSABLE
from goedebuur.core.base.quantities import QUANTITIES
from goedebuur.core.proof import checking, sentences, witnesses
from goedebuur.core.proof.files import Claim, VerdictClaim
from goedebuur.services import proving, proving_verdicts
from goedebuur.services.checker import archive
from goedebuur.web.checker import assembling
from goedebuur.web.checker.words import TEXTS

HOUR = "2018-12-31T23:00:00Z"
VALUE, MEAN = f"/bewijs/{SERIES}/{HOUR}/", f"/bewijs/{SERIES}/jaar/2019/"
RULE = "eu2008.so2.hour"
VERDICT = f"/bewijs/{SERIES}/oordeel/2019/{RULE}/"
PROOFS = [
    VALUE,
    MEAN,
    VERDICT,
    f"/bewijs/{SERIES}/gemiddelde/month/2019-01/",
    f"/bewijs/{SERIES}/percentiel/2019/98/",
    f"/api/proof/{SERIES}/average/rolling-year/2019-03/",
    f"/api/proof/{SERIES}/percentile/2019/50/",
    f"/api/proof/{SERIES}/{HOUR}/",
    f"/api/proof/{SERIES}/year/2019/",
    f"/api/proof/{SERIES}/verdict/2019/{RULE}/",
]
ENGLISH = {
    "/bewijs/": "/api/proof/",
    "/jaar/": "/year/",
    "/oordeel/": "/verdict/",
    "/gemiddelde/": "/average/",
    "/percentiel/": "/percentile/",
}
PAGES = ["/controle/", "/controle/goedebuur-controle.html", "/en/controle/"]


class Parts(HTMLParser):
    """The inline parts of a page, and every address that it names."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inline: dict[str, str] = {}
        self.addresses: list[str] = []
        self.inside = ""
        self.meta = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.inside = f"{tag} {found.get('type', '')}".strip() if tag in ("script", "style") else ""
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action")]
        assert not {name for name, _ in attrs if name == "style" or name.startswith("on")}
        if found.get("http-equiv") == "Content-Security-Policy":
            self.meta = found["content"] or ""

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.inline[self.inside] = self.inline.get(self.inside, "") + data


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# -- proof files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PROOFS)
def test_proof_that_is_downloaded_holds_under_the_key_of_the_log(reader: Client, address: str) -> None:
    answer = reader.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    report = checking.check(answer.content, vkey=SIGNER.vkey)
    assert report.claim.series == SERIES


def test_proof_of_a_value_is_of_the_corrected_one(reader: Client) -> None:
    claim = checking.check(reader.get(VALUE).content).claim
    assert isinstance(claim, Claim)
    assert (claim.figure, claim.unit, claim.count) == ("13.5", "µg/m³", 1)


def test_proof_of_a_year_is_the_mean_of_its_hours_on_cet(reader: Client) -> None:
    claim = checking.check(reader.get(MEAN).content).claim
    assert isinstance(claim, Claim)
    # 13.5, 11 and 45 times 10 stand; the third hour was withdrawn: 474.5 / 47
    assert (claim.figure, claim.count) == ("10.095745", 47)
    assert datetime.fromtimestamp(claim.start / 1e6, UTC) == datetime(2018, 12, 31, 23, tzinfo=UTC)


def test_proof_of_a_verdict_says_what_the_explanation_says(reader: Client) -> None:
    claim = checking.check(reader.get(VERDICT).content).claim
    assert isinstance(claim, VerdictClaim)
    told = reader.get(f"/api/verdicts/2019/{SERIES}/{RULE}/").json()["verdict"]
    assert {name: told[name] for name in claim.fields} == dict(claim.fields)


def test_proof_of_a_verdict_is_as_of_the_state_that_is_asked(reader: Client, made: Made) -> None:
    then = checking.check(reader.get(f"{VERDICT}?as_of={made.before_correction}").content)
    told = reader.get(f"/api/verdicts/2019/{SERIES}/{RULE}/?as_of={made.before_correction}").json()["verdict"]
    assert isinstance(then.claim, VerdictClaim)
    assert then.claim.fields["capture_num"] == told["capture_num"]
    page = reader.get(f"/oordelen/2019/{SERIES}/{RULE}/?as_of={made.before_correction}").content.decode()
    assert f'href="{VERDICT}?as_of={made.before_correction}"' in page


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (VERDICT, f"{SERIES}.2019.{RULE}.bewijs.json"),
        (VALUE, f"{SERIES}.2018-12-31T230000Z.bewijs.json"),
        (MEAN, f"{SERIES}.2019.bewijs.json"),
    ],
)
def test_file_says_in_its_name_what_it_proves(reader: Client, address: str, name: str) -> None:
    assert reader.get(address)["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize("address", PROOFS)
def test_proof_is_not_sent_again_while_the_log_stands_still(reader: Client, address: str) -> None:
    first = reader.get(address)
    assert "no-cache" in first["Cache-Control"]
    assert reader.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        (f"/bewijs/{SERIES}/1990-12-31T23:00:00Z/", 404, "query-unknown-observation"),
        (f"/bewijs/{SERIES}/jaar/1990/", 404, "query-unknown-observation"),
        (f"/bewijs/NERGENS.so2.1h/{HOUR}/", 404, "query-unknown-series"),
        (f"{VALUE}?as_of=1", 400, "web-parameter"),
        (f"{MEAN}?as_of=1", 400, "web-parameter"),
        (f"/bewijs/{SERIES}/jaar/19/", 404, "web-not-found"),
        (f"/bewijs/{SERIES}/gemiddelde/month/2019-13/", 404, "query-unknown-observation"),
        (f"/bewijs/{SERIES}/gemiddelde/week/2019-01/", 404, "query-unknown-observation"),
        (f"/bewijs/{SERIES}/percentiel/2019/0/", 404, "query-unknown-observation"),
        (f"/bewijs/{SERIES}/percentiel/2019/100/", 404, "query-unknown-observation"),
        (f"/bewijs/{SERIES}/gemiddelde/month/2019-01/?as_of=1", 400, "web-parameter"),
        (f"/bewijs/{SERIES}/oordeel/1990/{RULE}/", 404, "query-unknown-verdict"),
        (f"/bewijs/{SERIES}/oordeel/2019/eu1900.so2.hour/", 404, "rules-unknown-rule"),
        (f"/bewijs/{SERIES}/oordeel/2019/eu2008.no2.hour/", 400, "query-other-quantity"),
        (f"/bewijs/{SERIES}/gisteren/", 404, "web-not-found"),
    ],
)
def test_proof_that_is_not_there_is_said_to_people_and_to_programs(
    reader: Client, address: str, status: int, code: str
) -> None:
    page = reader.get(address)
    assert (page.status_code, page["Content-Type"].partition(";")[0]) == (status, "text/html")
    assert code in page.content.decode()
    for dutch, english in ENGLISH.items():
        address = address.replace(dutch, english)
    problem = reader.get(address)
    assert (problem.status_code, problem["Content-Type"]) == (status, "application/problem+json")
    assert problem.json()["code"] == code


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (proving.NO_BLOCKS, "Van dit cijfer is er geen bewijs"),
        (proving.STEPS_TOO_SHORT, "Van dit gemiddelde is er geen"),
        (proving_verdicts.NO_RULES, "Van dit oordeel is er geen bewijs"),
    ],
)
def test_figure_without_a_proof_is_explained(
    reader: Client, monkeypatch: pytest.MonkeyPatch, code: str, sentence: str
) -> None:
    def refuse(*_: object) -> bytes:
        raise GoedeBuurError(code, "Not this one.")

    monkeypatch.setattr(proving, "prove_mean", refuse)
    page = reader.get(MEAN)
    assert page.status_code == 404
    assert sentence in page.content.decode()


def test_two_proofs_are_made_at_a_time(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    making, go_on, most = threading.Semaphore(0), threading.Event(), []
    busy: list[str] = []

    def slow(record: object, series: str, *_: object) -> bytes:
        busy.append(series)
        most.append(len(busy))
        making.release()
        go_on.wait(30)
        busy.remove(series)
        return b"{}"

    monkeypatch.setattr(proving, "_prove_value", slow)
    monkeypatch.setattr(proving.inventory, "series", lambda *_: None)
    asked = [
        threading.Thread(target=proving.prove_value, args=(None, f"{SERIES}{n}", datetime.now(UTC))) for n in range(5)
    ]
    for one in asked:
        one.start()
    assert making.acquire(timeout=30)
    assert making.acquire(timeout=30)
    assert not making.acquire(timeout=0.2)
    go_on.set()
    for one in asked:
        one.join(30)
    assert (len(most), max(most)) == (5, 2)


# -- links ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "page"), [("", "/controle/"), ("/en", "/en/controle/#en")])
def test_explanation_of_a_verdict_leads_to_its_proof_and_to_the_checker(reader: Client, prefix: str, page: str) -> None:
    found = reader.get(f"{prefix}/oordelen/2019/{SERIES}/{RULE}/").content.decode()
    assert f'href="{prefix}{VERDICT}"' in found
    assert f'href="{page}"' in found


@pytest.mark.parametrize(("prefix", "page"), [("", "/controle/"), ("/en", "/en/controle/#en")])
def test_history_of_a_value_leads_to_its_proof_and_to_the_checker(reader: Client, prefix: str, page: str) -> None:
    found = reader.get(f"{prefix}/herkomst/{SERIES}/{HOUR}/").content.decode()
    assert f'href="{prefix}{VALUE}"' in found
    assert f'href="{page}"' in found


def test_history_as_of_an_earlier_state_offers_no_proof_of_the_present(reader: Client, made: Made) -> None:
    found = reader.get(f"/herkomst/{SERIES}/{HOUR}/?as_of={made.before_correction}").content.decode()
    assert "/bewijs/" not in found


def test_page_of_a_series_leads_to_the_proof_of_each_year(reader: Client) -> None:
    found = reader.get("/stations/NL90001/so2/").content.decode()
    assert re.findall(r'href="(/bewijs/[^"]*)"', found) == [MEAN]


# -- the checking page ------------------------------------------------------------------------------------------------


def test_witnesses_that_the_site_names_are_a_list_that_the_checkers_read_and_its_own_word(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = ((KEYS[0], "https://example.org/a"), (KEYS[1], "https://example.org/b"))
    monkeypatch.setattr(settings, "GOEDEBUUR", dataclasses.replace(settings.GOEDEBUUR, witnesses=named))
    answer = reader.get("/controle/goedebuur-getuigen.txt")
    assert answer["Content-Type"].startswith("text/plain")
    assert "haar eigen woord" in answer.content.decode()
    assert witnesses.keys(answer.content.decode()) == KEYS[:2]


@pytest.mark.parametrize("address", PAGES)
def test_checker_runs_its_own_script_and_style_and_nothing_else(reader: Client, address: str) -> None:
    answer = reader.get(address)
    found = Parts(answer.content.decode())
    assert policy(answer["Content-Security-Policy"]) == {
        "default-src": "'none'",
        "script-src": digest(found.inline["script module"]),
        "style-src": digest(found.inline["style"]),
        "connect-src": "'none'",
        "img-src": "data:",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }


def test_checker_carries_its_policy_with_it(reader: Client) -> None:
    answer = reader.get("/controle/")
    carried = policy(Parts(answer.content.decode()).meta)
    assert carried | {"frame-ancestors": "'none'"} == policy(answer["Content-Security-Policy"])


def test_checker_names_no_address_but_its_own_copy_and_the_site(reader: Client) -> None:
    found = Parts(reader.get("/controle/").content.decode())
    own = ["goedebuur-controle.html", "goedebuur-controle.pyz", "goedebuur-getuigen.txt"]
    assert found.addresses == ["data:,", *own, "../"]
    assert not re.search(r"\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|\bimport\b", found.inline["script module"])


def test_checker_to_keep_is_the_same_file(reader: Client) -> None:
    shown, kept = reader.get("/controle/"), reader.get("/controle/goedebuur-controle.html")
    assert kept.content == shown.content
    assert kept["Content-Disposition"] == 'attachment; filename="goedebuur-controle.html"'
    assert "Content-Disposition" not in shown


def test_program_for_python_alone_is_the_one_of_the_command_line(reader: Client) -> None:
    answer = reader.get("/controle/goedebuur-controle.pyz")
    assert answer.content == archive()
    assert reader.get("/en/controle/goedebuur-controle.pyz").content == archive("en") != archive("nl")
    assert answer["Content-Disposition"] == 'attachment; filename="goedebuur-controle.pyz"'
    assert reader.get("/controle/goedebuur-controle.pyz", headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_checker_is_not_sent_again_and_keeps_its_policy(reader: Client) -> None:
    first = reader.get("/controle/")
    again = reader.get("/controle/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Content-Security-Policy"] == first["Content-Security-Policy"]


def test_checker_is_there_before_anything_was_delivered(settings_without_record: Client) -> None:
    assert settings_without_record.get("/controle/").status_code == 200


def test_checker_speaks_dutch_without_script(reader: Client) -> None:
    text = reader.get("/controle/").content.decode()
    assert '<html lang="nl">' in text
    assert '<h1 data-text="title">Een cijfer zelf controleren</h1>' in text
    assert not re.search(r' data-text="\w+"[^>]*></', text)


def test_checker_has_the_sentences_and_constants_of_the_program(reader: Client) -> None:
    found = json.loads(Parts(reader.get("/controle/").content.decode()).inline["script application/json"])
    assert found["proven"] == {code: list(pair) for code, pair in sentences.PROVEN.items()}
    assert found["unproven"] == {code: list(pair) for code, pair in sentences.UNPROVEN.items()}
    assert list(found["refused"]) == list(sentences.REFUSED)
    assert found["unusable"] == UNUSABLE
    for name, quantity in QUANTITIES.items():
        assert found["quantities"][name]["unit"] == quantity.unit
        assert found["quantities"][name]["ratios"] == {unit: list(pair) for unit, pair in quantity.ratios.items()}


def test_every_word_that_the_checker_says_is_in_its_table_and_used() -> None:
    source = assembling.script() + (assembling.HERE / "page.html").read_text("utf-8")
    said = set(re.findall(r'say\("(\w+)"', source)) | set(re.findall(r'data-text="(\w+)"', source))
    assert said <= set(TEXTS)
    assert {name for name in TEXTS if not re.search(rf"\b{name}\b", source)} == set()


def test_no_module_of_the_checker_is_left_out_or_imports_a_later_one() -> None:
    assert {path.name for path in assembling.HERE.glob("*.js")} == set(assembling.SCRIPTS)
    for at, name in enumerate(assembling.SCRIPTS):
        source = (assembling.HERE / name).read_text("utf-8")
        assert set(re.findall(r'from "\./(\w+\.js)"', source)) <= set(assembling.SCRIPTS[:at])


def test_simulated_series_is_said_to_be_so_in_its_proof(simulated_reader: Client) -> None:
    report = checking.check(simulated_reader.get(VALUE).content)
    assert checking.SIMULATED in [one.code for one in report.unproven]


def test_page_of_a_value_leads_to_the_proofs_of_its_day_month_and_year(reader: Client) -> None:
    page = reader.get(f"/herkomst/{SERIES}/{HOUR}/").content.decode()
    found = re.findall(rf'href="(/bewijs/{re.escape(SERIES)}/(?:gemiddelde|percentiel)/[^"]+)"', page)
    assert [address.split("/", 3)[3] for address in found] == [
        "gemiddelde/day/2019-01-01/",
        "gemiddelde/month/2019-01/",
        "percentiel/2019/98/",
    ]
    for address in found:
        assert checking.check(reader.get(address).content).claim.kind == "average"
