"""What a condition says in plain words: written down by hand for every kind of the documented example."""

from __future__ import annotations

from pathlib import Path

import pytest

from goedebuur.core.permits import form, wording
from goedebuur.core.permits.conditions import FORMS

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "methods" / "permit-example.json"
SAID = {
    "3.1.2": "In het afgas mag gemiddeld over een dag hoogstens 120 mg/Nm³ stikstofoxiden (als NO2) zitten. Dat is "
    "gerekend bij 11 % zuurstof en droog gas. Het geldt niet bij opstarten en stilleggen. Dit is soepeler dan de "
    "algemene regel.",
    "3.2.1": "Per kalenderjaar mag hoogstens 40 t zwaveldioxide worden uitgestoten, alles samen.",
    "3.3.1": "Deze techniek moet in gebruik zijn: naverbranding. Daarbij geldt: temperatuur ten minste 850 °C en "
    "verblijftijd ten minste 2 s.",
    "3.4.1": "Dit moet ten minste 2 keer in een jaar gemeten worden: kwik. Dat gebeurt volgens NEN-EN 13211. De "
    "uitkomst "
    "is er binnen 90 dagen.",
    "3.5.1": "Uiterlijk op 2021-01-01 is onderzocht: hoe de emissie van ammoniak verder omlaag kan. Daarna "
    "opnieuw, elke "
    "60 maanden.",
    "3.6.1": "Uiterlijk op 2020-07-01 is dit gedaan: de tweede doekfilter is in bedrijf.",
    "4.1.1": "Bij geurgevoelige gebouwen mag de geur in 98 % van de uren van een jaar hoogstens 0,5 ouE/m³ zijn.",
    "5.1.1": "Op Z1 mag het geluid van het bedrijf gemiddeld over langere tijd (LAr,LT) hoogstens dit zijn: 50 "
    "dB(A) van "
    "07:00 tot 19:00, 45 dB(A) van 19:00 tot 23:00 en 40 dB(A) van 23:00 tot 07:00.",
    "6.1.1": "In het water dat geloosd wordt op Voorbeeldkanaal: onopgeloste stoffen hoogstens 30 mg/l, gemiddeld "
    "over een "
    "dag, in een monster naar de afvoer.",
}


@pytest.mark.parametrize("number", SAID)
def test_condition_is_said_in_plain_words(number: str) -> None:
    permit = form.loads(EXAMPLE.read_bytes()).require()
    (found,) = [one.form for one in permit.conditions if one.number == number]
    assert found is not None
    said = wording.sentences(found)
    assert said.nl == SAID[number]
    assert said.en


def test_every_form_has_words() -> None:
    assert set(wording._BY_FORM) == set(FORMS.values())


def test_value_with_a_factor_is_worked_out() -> None:
    faults: list[Exception] = []
    found = form.computable(
        "emission_limit",
        {
            "substance": {"name": "NOx"},
            "value": "70",
            "unit": "mg/Nm³",
            "averaging": "hour",
            "statistic": {"share": "95", "factor": "200", "over": "year"},
        },
        faults,  # type: ignore[arg-type]
    )
    assert found is not None
    assert wording.sentences(found).nl == (
        "In het afgas mag gemiddeld over een uur, voor 95 % van die gemiddelden in een kalenderjaar "
        "hoogstens 140 mg/Nm³ "
        "(200 % van 70 mg/Nm³) NOx zitten."
    )
