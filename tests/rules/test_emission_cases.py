"""Averages at a stack against the law: cases as rows that a lawyer can read, in `cases/emissions/averages_*.csv`.

A row is one emission point in 2026. `rules` are the rows of law that a decision says hold there, with `oxygen`; or
`regime` and `limit` give the section of law and a value outright (mg/Nm³). `site` is one condition more: its kind
(`permit`, `tailored tightens`, `tailored relaxes`), value, and `from` when. `average` is `day`, `month`, `half_hour 97`
(97 % of the half hours of a year), `half_hour`, `hour 95`, `ten_minutes 95 day`; ` abnormal` after it asks for the
limit that counts in abnormal operation, ` eu` for the directive's own. `shown` is the uncertainty that was shown of the
instrument (mg/Nm³), `mass` what is let go in each short average with a value (mg). `values` are the short averages of
so many `minutes`, in the words of `averages.py`. `asked` is the day, month or year; `outcome` and `why` what must be
said. `computation` is the sum by hand.
"""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from tests.core.permits.decisions import condition, decision
from tests.rules.averages import short

from goedebuur.core.compliance.emissions import judge, requirements
from goedebuur.core.compliance.emissions.outcomes import EmissionVerdict, PeriodOutcome
from goedebuur.core.compliance.emissions.requirements import Held, Requirement, Sets
from goedebuur.core.permits.limits import Averaging, EmissionLimit, Level, Statistic, Substance
from goedebuur.core.permits.precedence import Binding, Key, Origin
from goedebuur.core.permits.records import Permit
from goedebuur.core.permits.site_limits import site_limits
from goedebuur.core.permits.timeline import consolidate
from goedebuur.rules import emission, regimes

FOLDER = Path(__file__).parent / "cases" / "emissions"
FILES = sorted(FOLDER.glob("averages_*.csv"))
ROWS = [row for path in FILES for row in csv.DictReader(path.open(encoding="utf-8"))]
YEAR = 2026


def sets() -> Sets:
    rules = emission.book().rules
    return Sets(
        of_row={one.id: one.set for one in rules},
        questions={one.id: one.question for one in rules},
        book=regimes.book(),
        precedence=emission.book().precedence,
    )


def statistic(words: list[str]) -> dict[str, str]:
    if len(words) > 1 and words[1].isdecimal():
        return {"share": words[1], "over": words[2] if len(words) > 2 and words[2] in ("day", "month") else "year"}
    return {}


def decisions(row: dict[str, str]) -> list[Permit]:
    rules = [{"rule": name, "oxygen": row["oxygen"]} for name in row["rules"].split(";") if name]
    found = [decision("regels", "2023-01-01", general_rules=rules)]
    if row["site"]:
        *kind, value = row["site"].split()
        words = row["average"].split()
        told: dict[str, Any] = {
            "substance": {"name": row["substance"], "id": row["substance"]},
            "value": value,
            "unit": "mg/Nm³",
            "averaging": words[0],
            "reference": {"oxygen": row["oxygen"] or "11", "dry": True},
            **({"statistic": statistic(words)} if statistic(words) else {}),
            **({"tailored": kind[1]} if len(kind) > 1 else {}),
        }
        of = "tailored_conditions" if kind[0] == "tailored" else "permit"
        begins = row["from"] or "2023-01-01"
        found.append(decision("site", begins, condition("1", kind="emission_limit", form=told), kind=of))
    return found


OF_LIMIT = ("rules", "oxygen", "regime", "limit", "factor", "site", "from", "substance", "average")


def required(row: dict[str, str]) -> Requirement:
    return _required(*(row[name] for name in OF_LIMIT))


@lru_cache(maxsize=256)
def _required(*told: str) -> Requirement:
    row = dict(zip(OF_LIMIT, told, strict=True))
    words = row["average"].split()
    floor = "eu" in words
    if row["regime"]:
        return outright(row, words)
    permits = decisions(row)

    def on(day: date) -> tuple[Binding, ...]:
        found = site_limits(consolidate(permits, day), emission.book())
        return found[0].bindings if found else ()

    rows = (*emission.book().rules, *regimes.book().regimes)
    days = requirements.runs(YEAR, requirements.changes(permits, rows), on)
    told = statistic(words)
    share, during = Fraction(told.get("share", "100")), "abnormal_operation" if "abnormal" in words else ""
    for one in requirements.requirements(days, sets()):
        key = (one.key.substance, str(one.key.averaging), one.key.share, one.key.during, one.floor)
        if key == (row["substance"], words[0], share, during, floor):
            return one
    raise AssertionError("no such requirement")


def outright(row: dict[str, str], words: list[str]) -> Requirement:
    limit = EmissionLimit(
        Substance(row["substance"], id=row["substance"]),
        row["limit"],
        "mg/Nm³",
        Averaging(words[0]),
        Statistic(**statistic(words), factor=row["factor"] or "100"),  # type: ignore[arg-type]
    )
    day = date(YEAR, 3, 1)
    uncertain = regimes.book().uncertainty(row["regime"], row["substance"], day)
    low, high, question = requirements._caps(uncertain, limit.exact, limit.exact, None)  # type: ignore[arg-type]
    held = Held(
        first=date(YEAR, 1, 1),
        last=date(YEAR, 12, 31),
        source="case",
        article="",
        origin=Origin.EU_FLOOR if row["regime"].startswith("ied") else Origin.GENERAL_RULE,
        regime=row["regime"],
        low=limit.binding_value,
        high=limit.binding_value,
        reference="o2=11 dry",
        taken_low=low,
        taken_high=high,
        demonstrated=uncertain is None or uncertain.demonstrated,
        question=question,
    )
    return Requirement(Key.of(limit), (held,))


def judged(row: dict[str, str]) -> EmissionVerdict:
    requirement = required(row)
    minutes = int(row["minutes"])
    frame = short(row["values"], YEAR, minutes, mass=int(row["mass"]) if row["mass"] else None)
    reference = next(iter(requirement.references), "")
    shown = Fraction(row["shown"]) if row["shown"] else None
    shorts = judge.Shorts("s", {(minutes * 60, reference): frame}, shown)
    return judge.judge(requirement, shorts, YEAR, regimes.book())


def asked(row: dict[str, str], found: EmissionVerdict) -> PeriodOutcome:
    if row["asked"] == str(YEAR):
        return found.year
    return next(one for one in found.periods if one.start == row["asked"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["case"])
def test_case(row: dict[str, str]) -> None:
    found = asked(row, judged(row))
    assert (str(found.outcome), found.code) == (row["outcome"], row["why"])


def test_there_are_enough_cases_and_each_shows_its_sum() -> None:
    assert len({row["case"] for row in ROWS}) == len(ROWS)
    assert all(row["computation"] for row in ROWS)


def test_level_of_the_directive_is_the_floor() -> None:
    assert {one.level for one in regimes.book().regimes if one.id.startswith("ied")} == {Level.EU}
