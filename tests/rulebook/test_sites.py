"""A list of sites that breaks one rule is refused for that rule: in its form, and beside what the record has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_on_a_record import served, wiring
from tests.services.deliveries import NOW, open_record
from tests.services.test_sites import AGENCY, OPERATOR, PARTS, SITE

from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.rulebook import CHECKS
from goedebuur.core.sites import form
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import Activity, Installation, Place, Site, SiteRecord
from goedebuur.services import coordinates, sites

__all__ = ["served", "wiring"]
NAMED = [{"value": "Een"}]


def one(what: str, **fields: object) -> list[Mapping[str, object]]:
    return [{"record_kind": what, "id": "een", "names": NAMED, **fields}]


def placed(**fields: str) -> list[Mapping[str, object]]:
    return one("site", places=[fields])


def done(listed: str, code: str) -> list[Mapping[str, object]]:
    return one("site", activities=[{"list": listed, "code": code}])


AT = {"latitude": "52.1", "longitude": "4.5"}
CASES: dict[str, tuple[object, str, str]] = {
    "site-list": ({}, "", "{}"),
    "site-record-kind": (one("works"), "[0].record_kind", "works"),
    "site-value-filled": (one("site", cities=[{"value": " "}]), "[0].cities[0].value", ""),
    "site-day": (one("site", valid_from="2012-02-30"), "[0].een", "2012-02-30"),
    "site-days-in-order": (
        one("site", valid_from="2012-01-02", valid_to="2012-01-01"),
        "[0].een",
        "2012-01-02 to 2012-01-01",
    ),
    "site-place-both": (placed(latitude="52.1"), "[0].places[0].latitude and longitude", "52.1, "),
    "site-place-given": (placed(source="KvK"), "[0].places[0].place", ""),
    "site-judgement": (placed(**AT, judged="wrong"), "[0].places[0].judged", "wrong"),
    "site-number": (placed(latitude="90.1", longitude="4.5"), "[0].places[0].latitude", "90.1"),
    "site-activity-list": (done("bref", "1.1"), "[0].activities[0].list", "bref"),
    "site-activity-code": (done("ied", "ijzer"), "[0].activities[0].code", "ijzer"),
    "site-kvk": (one("operator", kvk="1234567"), "[0].operator een, kvk", "1234567"),
    "site-authority-kind": (one("authority", kind="club"), "[0].een, kind", "club"),
    "site-point-kind": (one("emission_point", site="een", kind="pipe"), "[0].een, kind", "pipe"),
    "site-id": ([{"record_kind": "site", "id": "een twee", "names": NAMED}], "[0].site", "een twee"),
    "site-name": ([{"record_kind": "site", "id": "een"}], "[0].een", ""),
}


@pytest.mark.parametrize("check", [*CASES, "site-place-agrees", "site-json"])
def test_refused(check: str, wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if check == "site-json":
        path = tmp_path / "sites.json"
        path.write_bytes(b"[{")
        assert run(["sites", "enter", str(path)], wiring) == 2
        assert "rule: site-json" in capsys.readouterr().err
        return
    if check == "site-place-agrees":
        with pytest.raises(GoedeBuurError) as raised:  # 52.1 and 4.5 lie at 84,700 and 457,300
            coordinates.complete(Place("52.1", "4.5", "94700", "457300"))
        error = raised.value
        assert (error.place, error.value) == ("place", "94700, 457300 and 52.1, 4.5")
    else:
        rows, place, value = CASES[check]
        found, (error,) = form.read_list(rows)
        assert found == ()
        assert (error.place, error.value) == (place, value)
    assert (error.check, error.code) == (check, CHECKS[check].code)
    assert error.hint


HELD = (OPERATOR, AGENCY, SITE, *PARTS)
ENTERED: dict[str, tuple[Sequence[SiteRecord], str, str]] = {
    "site-record-known": ([Installation("twee", "nergens", (Dated("Twee"),))], "installation twee", "nergens"),
    "site-record-kvk": (
        [replace(OPERATOR, id="ander")],
        "operator ander, kvk; it is that of operator voorbeeld",
        "12345678",
    ),
    "site-record-activity": (
        [Site("drie", (Dated("Drie"),), activities=(Activity("ied", "9.9"),), checked=True)],
        "site drie, activities",
        "ied:9.9",
    ),
    "site-record-reason": ([replace(SITE, names=(Dated("Anders"),))], "reason", ""),
}


@pytest.mark.parametrize("check", list(ENTERED))
def test_not_entered(check: str, tmp_path: Path) -> None:
    ones, place, value = ENTERED[check]
    record = open_record(tmp_path)
    sites.put(record, HELD, NOW)
    size = record.size
    with pytest.raises(GoedeBuurError) as raised:
        sites.put(record, ones, NOW)
    found: Any = raised.value
    assert (found.check, found.code) == (check, CHECKS[check].code)
    assert (found.place, found.value) == (place, value)
    assert record.size == size
    record.close()
