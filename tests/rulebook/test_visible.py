"""A file with visible emissions that breaks one rule is refused for that rule, by line, column and value."""

from __future__ import annotations

import pytest
from tests.rulebook.cases import Case, require_refused, to

SEEN = "visible emissions"
CASES = {
    "visible-columns": Case(SEEN, to("site,place", "site,spot"), ", line 1", "site,spot"),
    "visible-has-rows": Case(SEEN, lambda data: data[: data.index(b"\n") + 1]),
    "visible-once": Case(
        SEEN,
        to(
            "2026-03-01T10:12:00Z,95,,,60,camera,VIDEO,automatic\n",
            "2026-03-01T10:12:00Z,95,,,60,camera,VIDEO,automatic\n"
            "hoogoven-noord,raw_push,battery-1,2026-03-01T11:12:00+01:00,60,,,,camera,VIDEO,automatic\n",
        ),
        ", line 4, column start",
        "2026-03-01T10:12:00Z",
    ),
    "visible-moment": Case(SEEN, to("10:12:00Z", "10:12:00"), ", line 3, column start", "2026-03-01T10:12:00"),
    "visible-count": Case(SEEN, to(",95,", ",1.5,"), ", line 3, column seconds", "1.5"),
    "visible-word": Case(SEEN, to("raw_push", "roof"), ", line 3, column place", "roof"),
    "visible-whole": Case(SEEN, to("120,7", "120,121"), ", line 2, column emitting", "121"),
}


@pytest.mark.parametrize("check", list(CASES))
def test_refused(check: str) -> None:
    require_refused(check, CASES[check])


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("120,7", "120,", "emitting"),
        ("3600,120,7", ",,", "seconds"),
        ("120,7", "0,0", "observed"),
        (",95,", ",90000,", "seconds"),
        (",60,", ",101,", "opacity"),
        ("camera", "eye", "means"),
        ("hoogoven-noord,oven", "hoog oven,oven", "site"),
    ],
)
def test_what_a_sighting_cannot_be_is_refused_with_its_column(old: str, new: str, column: str) -> None:
    check = "visible-whole" if column in ("seconds", "observed", "emitting") else "visible-word"
    line = 3 if old in (",95,", ",60,", "camera") else 2
    require_refused(check, Case(SEEN, to(old, new), f", line {line}, column {column}"))


@pytest.mark.parametrize(
    ("old", "place"),
    [("bureau", "2, column observer"), ("EPA-303", "2, column method"), ("VIDEO", "3, column method")],
)
def test_name_of_a_person_is_refused_and_not_repeated(old: str, place: str) -> None:
    error = require_refused("visible-word", Case(SEEN, to(old, "Jan Jansen"), f", line {place}"))
    assert "Jan" not in error.as_text()
