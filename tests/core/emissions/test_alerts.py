from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.emissions import alerts
from goedebuur.core.emissions.alerts import Alert, Check, Result, Version
from goedebuur.core.emissions.peaks import PEAKS, Cut
from goedebuur.core.emissions.peaks.together import SEEN
from goedebuur.core.emissions.tables import SHORT, Lost

T0 = datetime(2026, 3, 1, tzinfo=UTC)
HALF = timedelta(minutes=30)
PEAK = {name: None for name in PEAKS} | {  # noqa: C420
    "stream": "K1-nox",
    "start": T0 + 4 * HALF,
    "end": T0 + 6 * HALF,
    "missing": 0,
    "cut": 0,
}
ALERT = Alert(
    id="K1-nox:20260301T020000Z",
    number=1,
    version=Version.ISSUED,
    site="werk",
    emission_point="K1",
    stream="K1-nox",
    start="2026-03-01T02:00:00Z",
    end="2026-03-01T03:00:00Z",
    substance="stikstofoxiden (als NO2)",
    reference="o2=11 dry",
    top="500000000",
    level="80000000",
    cause="normal",
    checks=tuple(Check),
)


def short(lost: dict[int, Lost] | None = None, invalid: int | None = None, **more: Any) -> pl.DataFrame:
    rows = [
        dict.fromkeys(SHORT)
        | {"stream": "K1-nox", "start": T0 + HALF * k, "length": 1800, "calibrated": 5, "valid": k != invalid}
        | {"lost": int((lost or {}).get(k, Lost.NONE))}
        | more
        for k in range(12)
    ]
    return pl.DataFrame(rows, schema=SHORT)


def peaks(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=PEAKS)


SAME = peaks(PEAK)
BESIDE = pl.DataFrame(
    [dict.fromkeys(SEEN) | {"stream": "K1-nox", "start": PEAK["start"], "other": "K1-co"}], schema=SEEN
)
NOBODY = pl.DataFrame(schema=SEEN)


def checked(**given: Any) -> alerts.Results:
    told = {"peak": PEAK, "short": short(), "calibrated": SAME, "seen": BESIDE, "of_limit": 2000} | given
    return alerts.checks(**told)


def test_peak_that_passes_every_check_makes_an_alert() -> None:
    assert checked() == dict.fromkeys(Check, Result.PASSED)
    assert alerts.passes(checked())


@pytest.mark.parametrize(
    ("given", "check", "result"),
    [
        ({"short": short(invalid=5)}, Check.COMPLETE, Result.FAILED),
        ({"peak": PEAK | {"cut": int(Cut.AFTER)}}, Check.COMPLETE, Result.FAILED),
        ({"peak": PEAK | {"missing": 1}}, Check.COMPLETE, Result.FAILED),
        ({"short": short({4: Lost.MALFUNCTION})}, Check.NO_FAULT, Result.FAILED),
        ({"short": short({3: Lost.CALIBRATING})}, Check.NO_FAULT, Result.FAILED),
        ({"short": short({6: Lost.MAINTENANCE})}, Check.NO_FAULT, Result.FAILED),
        ({"short": short({4: Lost.SUPPLIER_INVALID})}, Check.NO_FAULT, Result.FAILED),
        ({"short": short({5: Lost.OUTSIDE_RANGE})}, Check.IN_RANGE, Result.FAILED),
        ({"calibrated": SAME.clear()}, Check.MEASURED, Result.FAILED),
        ({"short": short(calibrated=None)}, Check.MEASURED, Result.CANNOT_TELL),
        ({"seen": NOBODY}, Check.SEEN_BESIDE, Result.CANNOT_TELL),
        ({"of_limit": 999}, Check.HIGH, Result.FAILED),
        ({"of_limit": None}, Check.HIGH, Result.CANNOT_TELL),
    ],
)
def test_one_check_that_does_not_pass_holds_the_alert_back(given: dict[str, Any], check: Check, result: Result) -> None:
    results = checked(**given)
    assert results[check] is result
    assert not alerts.passes(results)
    assert [one for one, said in results.items() if said is not Result.PASSED] == [check]


def test_fault_two_steps_away_and_value_beyond_the_function_hold_nothing_back() -> None:
    assert alerts.passes(checked(short=short({2: Lost.MALFUNCTION, 7: Lost.CALIBRATING, 4: Lost.BEYOND_FUNCTION})))


def test_peak_of_the_calibrated_signal_elsewhere_is_not_this_one() -> None:
    other = peaks(PEAK | {"start": T0 + 8 * HALF, "end": T0 + 9 * HALF})
    assert checked(calibrated=other)[Check.MEASURED] is Result.FAILED
    stranger = peaks(PEAK | {"stream": "K1-co"})
    assert checked(calibrated=stranger)[Check.MEASURED] is Result.FAILED


def test_check_that_was_not_done_makes_no_alert() -> None:
    results = dict(checked())
    del results[Check.MEASURED]
    assert not alerts.passes(results)


def test_alert_is_read_as_it_was_written() -> None:
    gone = replace(ALERT, number=2, version=Version.RETRACTED, reason="De analysator was verstopt.")
    assert [alerts.read(alerts.body(one)) for one in (ALERT, gone)] == [ALERT, gone]


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "K1-nox:20260301T023000Z"},
        {"number": 2},
        {"version": "retracted"},
        {"reason": "because"},
        {"checks": ["complete"]},
        {"end": "2026-03-01T02:00:00Z"},
        {"top": "5.1"},
    ],
)
def test_alert_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(GoedeBuurError, match="alert-record"):
        alerts.read(alerts.body(ALERT) | wrong)
