"""The proof file of a verdict: it holds for every kind of rule, and every change of it is refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.services.deliveries import NOW, A, B, open_record, station_file
from tests.services.test_assessment import DAY, HOUR, HOURS, YEAR, year_of

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.compliance.rows import Statistic
from goedebuur.core.compliance.verdicts import Outcome
from goedebuur.core.proof import checking
from goedebuur.core.proof.files import CLAIMED, VerdictClaim
from goedebuur.rules import loader
from goedebuur.services import assessment, delivery, proving_verdicts
from goedebuur.services.record import Record

RULES = [
    rule.id
    for rule in loader.book().rules
    if rule.measure.quantity == "so2" and rule.measure.statistic is not Statistic.EXPOSURE_INDEX
]


def delivered(folder: Path) -> Record:
    """A: four days above 125, the last two hundred days missing. B: three days above, everything measured."""
    found = open_record(folder / "record")
    a = year_of(4, "130")[: 165 * 24] + [""] * (200 * 24)
    delivery.deliver(found, station_file({"NL90001": a, "NL90002": year_of(3, "130")}), "2019_SO2.csv", now=NOW)
    return found


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    found = delivered(tmp_path_factory.mktemp("proven"))
    assessment.publish(found, 2019, NOW)
    yield found
    found.close()


@pytest.fixture(scope="module")
def proof(record: Record) -> bytes:
    return proving_verdicts.prove_verdict(record, B, DAY, 2019)


def fields(report: checking.Report) -> dict[str, Any]:
    assert isinstance(report.claim, VerdictClaim)
    return dict(report.claim.fields)


def proven(report: checking.Report) -> list[str]:
    return [finding.code for finding in report.proven]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("series", [A, B])
def test_verdict_on_every_rule_is_proven_as_it_was_published(record: Record, series: str, rule: str) -> None:
    report = checking.check(proving_verdicts.prove_verdict(record, series, rule, 2019), vkey=record.ledger.vkey)
    published = assessment.published(record, 2019)
    assert published is not None
    [verdict] = [v for v in published.verdicts if (v.series, v.limit_id) == (series, rule)]
    assert fields(report) == {name: verdict.as_record()[name] for name in CLAIMED}
    assert proven(report)[-3:] == ["rule", "published", "verdict"]
    unproven = ["no-witnesses", "law", "newer-rules", "reading", "instrument", "later", "others"]
    assert [finding.code for finding in report.unproven] == unproven


@pytest.mark.parametrize(
    ("series", "rule", "outcome", "reason"),
    [
        (B, DAY, Outcome.MEETS, "count-not-above"),
        (A, DAY, Outcome.EXCEEDS, "count-above-despite-gaps"),
        (A, HOUR, Outcome.UNDETERMINED, "capture-low"),
        (B, "who2021.so2.10min.aqg", Outcome.UNDETERMINED, "steps-too-long"),
        (B, YEAR, Outcome.MEETS, "mean-not-above"),
    ],
)
def test_outcome_and_its_reason_are_what_is_proven(
    record: Record, series: str, rule: str, outcome: Outcome, reason: str
) -> None:
    report = checking.check(proving_verdicts.prove_verdict(record, series, rule, 2019))
    found = fields(report)
    assert (found["outcome"], found["reason_code"]) == (outcome, reason)
    [said] = [finding.values for finding in report.proven if finding.code == "verdict"]
    assert (said["reason_nl"], said["reason_en"]) == (found["reason"], found["reason_en"])


def test_verdict_that_is_not_published_says_so(tmp_path: Path) -> None:
    with_rules = delivered(tmp_path)
    with pytest.raises(GoedeBuurError, match="query-no-rules"):
        proving_verdicts.prove_verdict(with_rules, B, DAY, 2019)
    assessment.record_rules(with_rules, NOW)
    report = checking.check(proving_verdicts.prove_verdict(with_rules, B, DAY, 2019))
    assert proven(report)[-2:] == ["rule", "verdict"]
    assert "not-published" in [finding.code for finding in report.unproven]


def test_corrected_year_is_proven_as_it_is_and_as_it_was_published(tmp_path: Path) -> None:
    record = delivered(tmp_path)
    assessment.publish(record, 2019, NOW)
    size = assessment.published(record, 2019)
    assert size is not None
    corrected = {"NL90001": year_of(4, "130"), "NL90002": year_of(5, "130")}
    delivery.deliver(record, station_file(corrected), "2019_SO2.csv", now=NOW, reason="calibrated anew")
    now = checking.check(proving_verdicts.prove_verdict(record, B, DAY, 2019))
    then = checking.check(proving_verdicts.prove_verdict(record, B, DAY, 2019, size.receipt.tree_size))
    assert (fields(now)["outcome"], fields(now)["exceedances"]) == ("EXCEEDS", 5)
    assert "published" not in proven(now)
    assert (fields(then)["outcome"], fields(then)["exceedances"]) == ("MEETS", 3)
    assert "published" in proven(then)


def test_verdict_that_nobody_can_give_has_no_proof(record: Record) -> None:
    for series, rule, year, code in (
        (B, "eu2008.no2.year", 2019, "query-other-quantity"),
        (B, "eu1900.so2.year", 2019, "rules-unknown-rule"),
        (B, DAY, 2012, "query-unknown-verdict"),
        ("NL99999.so2.1h", DAY, 2019, "query-unknown-series"),
    ):
        with pytest.raises(GoedeBuurError, match=code):
            proving_verdicts.prove_verdict(record, series, rule, year)


# -- changes ----------------------------------------------------------------------------------------------------------


def other(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, list):
        return [*value, "meer"]
    if isinstance(value, str):
        return value[:-1] + ("x" if not value.endswith("x") else "y") if value else "x"
    return 1 if value is None else value + 1


@pytest.mark.parametrize("published", [True, False])
@pytest.mark.parametrize("name", CLAIMED)
def test_any_field_of_the_claim_that_is_changed_is_refused(proof: bytes, name: str, published: bool) -> None:
    body = json.loads(proof)
    if not published:  # then only what follows from rows and rule stands against it
        body["result"] = None
        checking.check(json.dumps(body).encode())
    body["claim"]["verdict"][name] = other(body["claim"]["verdict"][name])
    with pytest.raises(GoedeBuurError) as refused:
        checking.check(json.dumps(body).encode())
    assert refused.value.code in ("proof-wrong", "proof-malformed")


@pytest.mark.parametrize("name", CLAIMED)
def test_claim_without_one_of_its_fields_is_no_proof(proof: bytes, name: str) -> None:
    body = json.loads(proof)
    del body["claim"]["verdict"][name]
    with pytest.raises(GoedeBuurError, match="proof-malformed"):
        checking.check(json.dumps(body).encode())


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a file at which a text or number stands, but for who made it."""
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inside in pairs:
            if (*path, key) != ("made_by",):
                yield from places(inside, (*path, key))
    else:
        yield path


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_single_change_of_rows_rules_and_proofs_is_refused(proof: bytes, data: st.DataObject) -> None:
    body = json.loads(proof)
    path = data.draw(st.sampled_from(list(places(body))))
    changed = copy.deepcopy(body)
    place = changed
    for key in path[:-1]:
        place = place[key]
    value = place[path[-1]]
    if isinstance(value, str) and value:
        at = data.draw(st.integers(0, len(value) - 1))
        place[path[-1]] = value[:at] + data.draw(st.sampled_from("0159abAB+/=µ \n")) + value[at + 1 :]
    else:
        place[path[-1]] = other(value)
    if changed == body:
        return
    if path[-1] == "size":  # the number of blocks beside a path is told by the path only as far as it bears on it
        return
    with pytest.raises(GoedeBuurError):
        checking.check(json.dumps(changed).encode())


@pytest.mark.parametrize("part", ["rules", "result", "sources"])
def test_file_that_lacks_a_part_is_refused_or_says_less(proof: bytes, part: str) -> None:
    body = json.loads(proof)
    if part == "result":
        body["result"] = None
        assert "not-published" in [one.code for one in checking.check(json.dumps(body).encode()).unproven]
        return
    for at in range(len(body[part])):
        less = copy.deepcopy(body)
        del less[part][at]
        with pytest.raises(GoedeBuurError, match="proof-wrong"):
            checking.check(json.dumps(less).encode())


def test_table_of_which_a_row_is_left_out_is_refused(proof: bytes) -> None:
    body = json.loads(proof)
    [table] = [one for one in body["rules"] if len(one["blocks"]) > 1]
    for at in range(len(table["blocks"])):
        less = copy.deepcopy(body)
        [found] = [one for one in less["rules"] if len(one["blocks"]) > 1]
        del found["blocks"][at]
        with pytest.raises(GoedeBuurError, match="left out"):
            checking.check(json.dumps(less).encode())


def test_file_holds_no_more_than_the_year_needs(proof: bytes) -> None:
    body = json.loads(proof)
    months = [block["text"].split("\n")[2] for source in body["sources"] for block in source["blocks"]]
    assert months == ["2018-12", *(f"2019-{month:02d}" for month in range(1, 13))]
    assert len(proof) < HOURS * 70
