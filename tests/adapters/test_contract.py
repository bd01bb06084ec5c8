"""What every adapter keeps to, whatever its format."""

from __future__ import annotations

import gzip
from datetime import timedelta

import polars as pl
import pytest
from tests.adapters.samples import SAMPLES, gzipped

from goedebuur import adapters  # noqa: F401 - fills the registry
from goedebuur.adapters.base import REGISTRY, FetchRequest, downloading, named, recognise
from goedebuur.core.base import quantities
from goedebuur.core.base.errors import CATALOGUE, GoedeBuurError
from goedebuur.core.base.flags import SUPPLIER_BITS, Flag
from goedebuur.core.emissions.measuring.reports import ParsedReports
from goedebuur.core.emissions.visible.sightings import ParsedSightings
from goedebuur.core.expectations.reasons import ParsedReasons
from goedebuur.core.measurements.records import KEY, OBSERVATIONS, Parsed
from goedebuur.core.measurements.releases import RELEASE_KEY, RELEASES, ParsedReleases

EVERY = pytest.mark.parametrize("what", list(SAMPLES))
HTML = b"<!DOCTYPE html>\n<html><head><title>404</title></head><body>Not found</body></html>\n"


def parse(what: str) -> Parsed | ParsedReleases | ParsedReasons | ParsedReports | ParsedSightings:
    adapter, name, data = SAMPLES[what]
    return REGISTRY[adapter].parse(data, name)


def length(parsed: Parsed | ParsedReleases | ParsedReasons | ParsedReports | ParsedSightings) -> int:
    if isinstance(parsed, ParsedReasons | ParsedSightings):
        return len(parsed.rows)
    if isinstance(parsed, ParsedReports):
        return len(parsed.reports)
    return (parsed.observations if isinstance(parsed, Parsed) else parsed.releases).height


def error_of(what: str, data: bytes) -> GoedeBuurError:
    adapter, name, _ = SAMPLES[what]
    with pytest.raises(GoedeBuurError) as raised:
        REGISTRY[adapter].parse(data, name)
    return raised.value


def plain(what: str) -> bytes:
    data = SAMPLES[what][2]
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def test_every_adapter_has_a_sample_here() -> None:
    assert {adapter for adapter, _, _ in SAMPLES.values()} == set(REGISTRY)


@EVERY
def test_a_file_is_recognised_by_its_own_adapter(what: str) -> None:
    adapter, name, data = SAMPLES[what]
    assert recognise(name, data[:65_536]).id == adapter


@EVERY
def test_a_file_is_recognised_by_one_adapter_apart_from_simulated_ones(what: str) -> None:
    adapter, name, _ = SAMPLES[what]
    if "packed" in what:
        return
    found = [other.id for other in REGISTRY.values() if other.recognises(name, plain(what))]
    assert found[0] == adapter
    assert len(found) == (2 if adapter == "simulated" else 1)


@EVERY
def test_every_value_that_goes_in_is_a_row_or_is_counted(what: str) -> None:
    parsed = parse(what)
    assert parsed.values_in == length(parsed) + sum(parsed.skipped.values())
    assert all(number > 0 for number in parsed.skipped.values())


@EVERY
def test_rows_have_the_columns_of_the_record_sorted_and_unique(what: str) -> None:
    parsed = parse(what)
    if isinstance(parsed, ParsedReleases):
        assert dict(parsed.releases.schema) == RELEASES
        assert parsed.releases.equals(parsed.releases.sort(RELEASE_KEY).unique(RELEASE_KEY, maintain_order=True))
        return
    if isinstance(parsed, ParsedReasons):
        assert list(parsed.rows) == sorted({row[:3]: row for row in parsed.rows}.values())
        return
    if isinstance(parsed, ParsedReports):
        assert len({one.id for one in parsed.reports}) == len(parsed.reports)
        return
    if isinstance(parsed, ParsedSightings):
        assert [row.id for row in parsed.rows] == sorted({row.id for row in parsed.rows})
        return
    rows = parsed.observations
    assert dict(rows.schema) == OBSERVATIONS
    assert rows.equals(rows.sort(KEY).unique(KEY, maintain_order=True))
    assert rows.drop("remark").null_count().sum_horizontal().item() == 0


@EVERY
def test_flags_are_the_suppliers_and_a_remark_has_its_flag(what: str) -> None:
    parsed = parse(what)
    if not isinstance(parsed, Parsed):
        return
    rows = parsed.observations
    assert rows.filter(pl.col("flags") & ~SUPPLIER_BITS != 0).is_empty()
    assert rows.filter((pl.col("flags") & int(Flag.REMARK) != 0) != pl.col("remark").is_not_null()).is_empty()
    simulated = SAMPLES[what][0] == "simulated"
    assert (rows["flags"] & int(Flag.SIMULATED) != 0).all() is simulated or rows.is_empty()


@EVERY
def test_every_series_is_described_and_its_unit_is_known(what: str) -> None:
    parsed = parse(what)
    if not isinstance(parsed, Parsed):
        return
    described = {record.id: record.body for record in parsed.catalogue if record.kind == "series"}
    for series, unit, step in parsed.observations.select("series", "unit", "step").unique().iter_rows():
        body = described[series]
        assert (body["unit"], body["step"]) == (unit, step)
        quantities.ratio(body["quantity"], unit)
    for start, step in parsed.observations.select("start", "step").iter_rows():
        assert start.timestamp() % step == 0


@EVERY
def test_what_a_file_covers_holds_all_its_rows(what: str) -> None:
    parsed = parse(what)
    if not isinstance(parsed, Parsed) or parsed.covers is None:
        return
    starts = parsed.observations["start"]
    assert starts.min() >= parsed.covers.start
    assert starts.max() + timedelta(hours=1) <= parsed.covers.end


@EVERY
def test_the_same_bytes_give_the_same_records(what: str) -> None:
    first, second = parse(what), parse(what)
    if isinstance(first, Parsed) and isinstance(second, Parsed):
        assert first.observations.equals(second.observations)
        assert first.catalogue == second.catalogue


@EVERY
def test_packing_changes_nothing(what: str) -> None:
    adapter, name, _ = SAMPLES[what]
    if "packed" in what:
        return
    packed, bare = REGISTRY[adapter].parse(gzipped(plain(what)), name), parse(what)
    if isinstance(packed, Parsed) and isinstance(bare, Parsed):
        assert packed.observations.equals(bare.observations)


WRONG = {
    "empty": b"",
    "blank": b"\r\n\r\n",
    "html": HTML,
    "utf-16": "Component;Bep.periode".encode("utf-16"),
    "binary": bytes(range(256)) * 8,
    "one endless line": b"1;" * 2**20,
    "cut gzip": gzipped(HTML * 100)[:40],
    "damaged zip": b"PK\x03\x04" + b"\0" * 60,
}


@EVERY
@pytest.mark.parametrize("wrong", list(WRONG))
def test_a_wrong_file_ends_in_an_error_that_a_person_can_act_on(what: str, wrong: str) -> None:
    error = error_of(what, WRONG[wrong])
    assert error.code in CATALOGUE
    assert error.place
    assert len(error.hint) > 10


@EVERY
def test_another_formats_file_ends_in_an_error(what: str) -> None:
    adapter, _, _ = SAMPLES[what]
    for other, (its_adapter, _, _) in SAMPLES.items():
        if its_adapter != adapter:
            assert error_of(what, plain(other)).code.startswith("input-")


@EVERY
def test_a_file_cut_short_inside_a_line_ends_in_an_error(what: str) -> None:
    data = SAMPLES[what][2]
    for length in range(1, len(data), 3):
        part = data[:length]
        if part.endswith(b"\n") or data[length:].strip() == b"":
            continue  # at the end of a line: the next test, for formats that say how long they are
        assert error_of(what, part).hint


@pytest.mark.parametrize(
    "what", [what for what in SAMPLES if SAMPLES[what][0] in ("rivm_lml", "luchtmeetnet", "stack_csv")]
)
def test_a_file_that_says_its_length_is_never_taken_in_part(what: str) -> None:
    data = SAMPLES[what][2]
    for length in range(1, len(data), 3):
        if data[length:].strip():
            error_of(what, data[:length])


def test_a_web_page_is_told_apart_from_an_unknown_file() -> None:
    with pytest.raises(GoedeBuurError) as page:
        recognise("2019_PM10.csv", HTML)
    assert page.value.code == "input-not-this-format"
    with pytest.raises(GoedeBuurError) as unknown:
        recognise("notes.txt", b"just some words\n")
    assert unknown.value.code == "input-unknown-format"


def test_an_unknown_adapter_is_told_with_those_there_are() -> None:
    with pytest.raises(GoedeBuurError) as raised:
        named("rivm_lmx")
    assert "rivm_lml" in raised.value.hint


def test_name_that_no_supplier_has_is_answered_with_those_that_can_be_asked() -> None:
    with pytest.raises(GoedeBuurError) as raised:
        downloading("nobody")
    assert raised.value.hint == "These can download: rivm_lml, knmi_uurgeg, luchtmeetnet."
    assert {name for name, adapter in REGISTRY.items() if not adapter.downloads} == set(DELIVERED_ONLY)


DELIVERED_ONLY = (
    "knmi_stations",
    "hollandse_luchten",
    "eprtr",
    "gap_reasons",
    "gas_turbine",
    "measurement_report",
    "stack_csv",
    "simulated",
    "visible_emissions",
)


@pytest.mark.parametrize("adapter", DELIVERED_ONLY)
def test_an_adapter_without_a_download_says_so(adapter: str) -> None:
    class Nobody:
        def get(self, url: str, params: object = None, *, name: str) -> None:
            raise AssertionError("nothing may be asked")

    with pytest.raises(GoedeBuurError) as raised:
        list(named(adapter).fetch(Nobody(), FetchRequest()))  # type: ignore[arg-type]
    assert raised.value.code == "adapter-no-download"
