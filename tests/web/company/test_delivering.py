"""A delivery is looked at before it is sent: the findings of the dry run, then the way to sign it; nothing is kept."""

from __future__ import annotations

import base64
import html
import re
import shlex
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.services.casework.people import OPERATOR
from tests.services.signing import KEY
from tests.services.stack_week import minutes
from tests.services.test_examining import bytes_in
from tests.web.company.conftest import to_write
from tests.web.working import Place

from goedebuur.adapters import stack_tables
from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.core.ledger import statements
from goedebuur.core.ledger.submitters import Key, Scope, Submitter
from goedebuur.services import stack_tables as tables
from goedebuur.services import submitters
from goedebuur.store import keys
from goedebuur.web.views import delivering

ADDRESS = "/werk/leveren/"
DECIMAL_SIGN = "Elke waarde heeft het decimaalteken dat het bestand noemt."
NUMBER = "Een waarde is een decimaal getal met een punt, van ten hoogste achttien cijfers."
ENTERED = datetime(2026, 1, 1, tzinfo=UTC)
COMPANY = Submitter(OPERATOR, "Hoogoven Noord BV", ("company",), scope=(Scope(("stack_csv",), ("stack_*",), ("K1*",)),))


@pytest.fixture
def company(place: Place) -> Client:
    """Return someone of the company, which may deliver raw signals of K1 signed with its key."""
    record = to_write()
    submitters.add(record, COMPANY, ENTERED)
    submitters.add_key(record, OPERATOR, Key("k1", "ed25519", "2026-01-01", vkey=KEY.vkey), ENTERED)
    record.close()
    return place.visitor("company")


def send(client: Client, data: bytes, name: str = "minuten.csv", **fields: str) -> Any:
    return client.post(ADDRESS, {"file": SimpleUploadedFile(name, data), "submitter": OPERATOR, **fields})


def rows(page: str) -> list[list[str]]:
    """Return the cells of the table of findings as text."""
    table = re.search(r"<caption[^>]*>Bevindingen</caption>(.*?)</table>", page, re.DOTALL)
    lines = re.findall(r"<tr.*?</tr>", table[1].partition("<tbody")[2], re.DOTALL) if table else []
    cells = [re.findall(r"<t[hd].*?</t[hd]>", line, re.DOTALL) for line in lines]
    return [[html.unescape(" ".join(re.sub(r"<[^>]+>", " ", one).split())) for one in line] for line in cells]


def test_good_file_may_be_sent_and_nothing_of_it_is_kept(place: Place, company: Client) -> None:
    company.get(ADDRESS)  # opens the record, which makes files beside its SQL
    before = bytes_in(place.home / "record")
    answer = send(company, minutes(0, 1))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Deze levering zou opgenomen worden" in page
    assert "Hoogoven Noord BV (hoogoven-noord)" in page
    assert {one[1] for one in rows(page)} == {"gemeld"}  # values that stand still, as an example does
    assert bytes_in(place.home / "record") == before


def test_every_finding_stands_with_its_rule_row_column_and_value(company: Client) -> None:
    data = minutes(0, 0).replace(b"00:07;95;20;", b"00:07;95;twintig;").replace(b"00:09;95;20;", b"00:09;9,5;20;")
    page = send(company, data).content.decode()
    assert "Deze levering zou geweigerd worden" in page
    # 14 lines say how to read it and the next names the columns: minute 0 stands in line 16
    assert [one[:5] for one in rows(page)] == [
        [f"{DECIMAL_SIGN} stack-decimal-sign", "geweigerd", "25", "nox", "9,5"],
        [f"{NUMBER} cell-number", "geweigerd", "23", "co", "twintig"],
    ]
    assert 'href="/regelboek/?q=cell-number#cell-number"' in page
    assert "goedebuur submit" not in page


def test_findings_are_told_in_dutch_and_no_english_is_in_sight(company: Client) -> None:
    data = minutes(0, 0).replace(b"00:07;95;20;", b"00:07;95;twintig;").replace(b"00:09;95;20;", b"00:09;9,5;20;")
    page = send(company, data).content.decode()
    assert [one[5] for one in rows(page)] == [
        "Het bestand zegt dat het een decimale punt heeft, en deze waarde heeft een komma. "
        "Schrijf `# decimal: ,` als het hele bestand zo is. Tussen duizendtallen staat geen teken.",
        "Een waarde is geen getal met een decimale punt. "
        "Lever het bestand zoals de leverancier het gaf, of vraag de leverancier naar deze cel.",
    ]


def test_mark_is_told_and_does_not_stand_in_the_way(company: Client) -> None:
    lacking = b"\n".join(line for line in minutes(0, 1).split(b"\n") if b" 00:10;" not in line)
    page = send(company, lacking).content.decode()
    (mark,) = [one for one in rows(page) if one[1].startswith("gemerkt")]
    # the minute after the one that lacks, of each of the six signals
    assert (mark[0], mark[1]) == (
        "Een waarde volgt direct op de vorige van haar reeks. value-after-gap",
        "gemerkt (6 keer)",
    )
    assert "goedebuur submit" in page


def test_command_that_is_shown_delivers_the_file(place: Place, company: Client, tmp_path: Path) -> None:
    data = minutes(0, 1)
    page = send(company, data, "min uten's.csv", reason="beter 'zo'").content.decode()
    (command,) = re.findall(r'<pre id="command-1"><code>(.*?)</code></pre>', page, re.DOTALL)
    said = shlex.split(html.unescape(command))
    assert said[:2] == ["goedebuur", "submit"]
    (tmp_path / "min uten's.csv").write_bytes(data)
    key = tmp_path / "key"
    assert keys.create(key, KEY.name, lambda n: bytes(range(1, n + 1))).vkey == KEY.vkey
    instead = {"min uten's.csv": str(tmp_path / "min uten's.csv"), "SLEUTELBESTAND": str(key)}
    filled = [instead.get(one, one) for one in said]
    there = filled.index("--url")
    assert filled[there + 1] == "http://testserver"
    here = settings.GOEDEBUUR
    wiring = Wiring(
        settings=lambda: here,
        now=lambda: datetime.now(UTC),
        open_record=lambda of, read_only: to_write(),
        serve=lambda settings, site, say: None,
        manage=lambda settings, arguments: None,
        http=lambda: nullcontext(),  # type: ignore[arg-type,return-value]
    )
    assert run([*filled[1:there], *filled[there + 2 :]], wiring) == Exit.OK
    record = to_write()
    leaf = record.ledger.leaf(record.size - 1)
    record.close()
    said_of_it = statements.decode(str(leaf.signature["statement"]).encode())  # type: ignore[index,union-attr]
    assert (said_of_it.submitter, said_of_it.name, said_of_it.reason) == (OPERATOR, "min uten's.csv", "beter 'zo'")


def test_call_that_is_shown_makes_a_statement_that_is_taken(company: Client, tmp_path: Path) -> None:
    data = minutes(0, 1)
    page = send(company, data).content.decode()
    (call,) = re.findall(r'<pre id="call"><code>(.*?)</code></pre>', page, re.DOTALL)
    script = html.unescape(call).split("<<'PY'\n")[1].split("\nPY\n")[0]
    made = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, cwd=tmp_path).stdout
    headers = {
        "Goedebuur-Statement": base64.b64encode(made).decode(),
        "Goedebuur-Signature": base64.b64encode(KEY.sign(statements.message(made))).decode(),
    }
    assert "/api/deliveries/" in html.unescape(call).splitlines()[-1]
    answer = company.post("/api/deliveries/", data, content_type="application/octet-stream", headers=headers)
    assert answer.status_code in (201, 202), answer.content


def test_place_outside_the_scope_is_told_and_nobody_named_is_told_too(place: Place, company: Client) -> None:
    record = to_write()
    submitters.add(record, replace(COMPANY, scope=(Scope(("stack_csv",), ("stack_*",), ("K2*",)),)), ENTERED, "anders")
    record.close()
    assert [one[0].split()[-1] for one in rows(send(company, minutes(0, 0)).content.decode())] == ["submitter-own-site"]
    page = send(company, minutes(0, 0), submitter="").content.decode()
    assert "is niet nagekeken" in page
    assert "--submitter LEVERANCIER --key SLEUTELBESTAND" in page


def test_table_set_has_its_faults_by_sheet_row_and_column(place: Place, company: Client) -> None:
    record = to_write()
    held = tables.export(record, "werk")
    record.close()
    page = send(company, stack_tables.as_workbook(held), "werk.xlsx").content.decode()
    assert "goedebuur stack import werk.xlsx" in page
    assert "goedebuur submit" not in page
    header, lines = held["streams"]
    wrong = [dict(one) | ({"role": "rol"} if one["id"] == "K1-nox" else {}) for one in lines]
    page = send(company, stack_tables.as_zip(held | {"streams": (header, wrong)}), "werk.zip").content.decode()
    (fault,) = rows(page)
    number = [one["id"] for one in lines].index("K1-nox") + 2
    assert fault[2:5] == [str(number), "role streams", "rol"]
    assert "goedebuur stack import" not in page


@pytest.mark.parametrize(
    "data",
    [b"\x00" * 100_000, b"PK\x03\x04" + b"\xff" * 1000, b"{" * 100_000, b"# goedebuur-stack: 1\n" + b"#" * 100_000],
    ids=["zeros", "broken archive", "deep", "endless line"],
)
def test_hostile_file_is_told_and_kept_nowhere(place: Place, company: Client, data: bytes) -> None:
    company.get(ADDRESS)
    before = bytes_in(place.home / "record")
    answer = send(company, data, "<script>alert(1)</script>.csv")
    assert answer.status_code == 200
    assert b"zou geweigerd worden" in answer.content
    assert b"<script>alert" not in answer.content
    assert bytes_in(place.home / "record") == before


def test_large_file_and_none_at_all_are_told(company: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert company.post(ADDRESS, {"submitter": ""}).status_code == 422
    monkeypatch.setattr(delivering, "MOST", 1)
    answer = send(company, b"x" * (2**20 + 1))
    assert (answer.status_code, "groter dan 1 MB" in answer.content.decode()) == (413, True)


def test_second_large_file_waits_for_the_first(company: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivering, "PATIENCE", 0.01)
    with delivering.TURN:
        answer = send(company, minutes(0, 0))
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert send(company, minutes(0, 0)).status_code == 200


def test_who_has_no_role_sees_nothing_and_who_is_not_signed_in_signs_in_first(place: Place, company: Client) -> None:
    assert place.visitor("administrator").get(ADDRESS).status_code == 403
    answer = place.visitor().get(ADDRESS)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/werk/inloggen/")
    page = company.get(ADDRESS)
    assert page["Cache-Control"] == "no-store, private"
    assert '<option value="hoogoven-noord" selected>' in page.content.decode()


@pytest.mark.parametrize("fields", [{"adapter": "rivm_lml"}, {"method": "x" * 201}, {"reason": "x" * 201}])
def test_what_the_form_does_not_offer_is_refused(company: Client, fields: dict[str, str]) -> None:
    assert send(company, minutes(0, 0), **fields).status_code == 400
