"""The works of the simulated region report as real ones do, and can not be taken for them."""

from __future__ import annotations

import pytest

from goedebuur.adapters.base import named, recognise
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.measurements.releases import ParsedReleases
from goedebuur.services.demo import works

DATA = works.release_file(2025)


def test_releases_are_a_year_of_the_emission_in_the_model_above_the_threshold() -> None:
    adapter = recognise(works.NAME, DATA)
    assert (adapter.id, adapter.submitter) == ("simulated", "simulatie")
    parsed = adapter.parse(DATA, works.NAME)
    assert isinstance(parsed, ParsedReleases)
    rows = {
        (row["name"].split()[0], row["pollutant"], row["year"]): row["value"] / 10 ** row["decimals"]
        for row in parsed.releases.iter_rows(named=True)
    }
    # 9.0 g/s times 31,536,000 s is 283,824 kg, reported in hundreds
    assert rows["Staalwerk", "Particulate matter (PM10)", 2025] == 283_800
    assert rows["Centrale", "Sulphur oxides (SOX)", 2025] == 819_900
    # 3.0 g/s of SO2 is 94,608 kg: below the threshold of 150,000 kg
    assert not any(name == "Slakkenkoeling" for name, _, _ in rows)
    assert {year for _, _, year in rows} == {2021, 2022, 2023, 2024, 2025}


def test_register_refuses_simulated_releases() -> None:
    with pytest.raises(GoedeBuurError) as caught:
        named("eprtr").parse(DATA, works.NAME)
    assert caught.value.code == "input-simulated"
