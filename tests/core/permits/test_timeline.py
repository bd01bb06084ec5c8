"""What holds on a day: each rule on both sides of its edge, worked out by hand."""

from __future__ import annotations

from datetime import date

from tests.core.permits.decisions import condition, decision, limit

from goedebuur.core.permits.records import Permit
from goedebuur.core.permits.timeline import Standing, consolidate, events

BASE = decision("oud", "2015-01-01", condition("1"), condition("2"), condition("10"))


def held(on: str, *permits: Permit) -> list[str]:
    return [one.id for one in consolidate(permits, date.fromisoformat(on)).in_force]


def how(name: str, on: str, *permits: Permit) -> tuple[Standing, str, str]:
    found = consolidate(permits, date.fromisoformat(on))
    stands = {one.id: stands for one, stands in found.conditions}[name]
    return stands.standing, stands.by, stands.since.isoformat() if stands.since else ""


def test_permit_holds_from_its_first_day() -> None:
    assert held("2014-12-31", BASE) == []
    assert held("2015-01-01", BASE) == ["oud/1", "oud/2", "oud/10"]
    assert how("oud/1", "2014-12-31", BASE) == (Standing.NOT_YET, "", "2015-01-01")


def test_permit_holds_on_its_last_day() -> None:
    base = decision("tijdelijk", "2015-01-01", condition("1"), valid_to="2016-12-31")
    assert held("2016-12-31", base) == ["tijdelijk/1"]
    assert how("tijdelijk/1", "2017-01-01", base) == (Standing.EXPIRED, "", "2017-01-01")


def test_amendment_replaces_and_adds_from_its_first_day() -> None:
    change = decision(
        "nieuw", "2018-07-01", condition("2", replaces=["oud/2"]), condition("11"), kind="amendment", amends="oud"
    )
    assert held("2018-06-30", BASE, change) == ["oud/1", "oud/2", "oud/10"]
    assert held("2018-07-01", BASE, change) == ["oud/1", "oud/10", "nieuw/2", "nieuw/11"]
    assert how("oud/2", "2018-07-01", BASE, change) == (Standing.REPLACED, "nieuw/2", "2018-07-01")


def test_condition_that_starts_later_replaces_later() -> None:
    change = decision(
        "nieuw",
        "2018-07-01",
        condition("2", replaces=["oud/2"], valid_from="2019-01-01"),
        kind="amendment",
        amends="oud",
    )
    assert "oud/2" in held("2018-12-31", BASE, change)
    assert "nieuw/2" not in held("2018-12-31", BASE, change)
    assert held("2019-01-01", BASE, change) == ["oud/1", "oud/10", "nieuw/2"]


def test_condition_that_replaced_for_good_does_not_give_the_earlier_back() -> None:
    change = decision(
        "nieuw",
        "2018-07-01",
        condition("2", replaces=["oud/2"], valid_to="2018-12-31"),
        kind="amendment",
        amends="oud",
    )
    assert held("2019-01-01", BASE, change) == ["oud/1", "oud/10"]


def test_condition_that_suspends_gives_the_earlier_back() -> None:
    crisis = decision(
        "crisis",
        "2026-08-01",
        condition(
            "2",
            suspends=["oud/2"],
            valid_to="2026-10-31",
            derogation={"basis": "crisis", "article": "IED 15(7)", "reason": "tekort aan gas"},
        ),
        kind="amendment",
        amends="oud",
    )
    assert held("2026-07-31", BASE, crisis) == ["oud/1", "oud/2", "oud/10"]
    assert held("2026-10-31", BASE, crisis) == ["oud/1", "oud/10", "crisis/2"]
    assert how("oud/2", "2026-10-31", BASE, crisis) == (Standing.SUSPENDED, "crisis/2", "2026-08-01")
    assert held("2026-11-01", BASE, crisis) == ["oud/1", "oud/2", "oud/10"]


def test_withdrawn_condition_ends_the_day_before() -> None:
    change = decision("weg", "2020-03-01", kind="amendment", amends="oud", withdraws=["oud/10"])
    assert "oud/10" in held("2020-02-29", BASE, change)
    assert how("oud/10", "2020-03-01", BASE, change) == (Standing.WITHDRAWN, "weg", "2020-03-01")


def test_revoked_permit_takes_its_amendments_with_it_and_not_tailored_conditions() -> None:
    change = decision("wijziging", "2018-07-01", condition("11"), kind="amendment", amends="oud")
    tailored = decision("maatwerk", "2018-07-01", limit("1", "5"), kind="tailored_conditions")
    end = decision("einde", "2021-01-01", kind="revocation", revokes=["oud"])
    assert held("2020-12-31", BASE, change, tailored, end) == ["oud/1", "oud/2", "oud/10", "maatwerk/1", "wijziging/11"]
    assert held("2021-01-01", BASE, change, tailored, end) == ["maatwerk/1"]
    assert how("wijziging/11", "2021-01-01", BASE, change, end) == (Standing.REVOKED, "einde", "2021-01-01")


def test_new_permit_that_revokes_the_old_one_takes_its_place() -> None:
    new = decision("revisie", "2022-01-01", condition("1"), revokes=["oud"])
    assert held("2021-12-31", BASE, new) == ["oud/1", "oud/2", "oud/10"]
    assert held("2022-01-01", BASE, new) == ["revisie/1"]


def test_what_a_later_revoked_amendment_replaced_stays_replaced() -> None:
    change = decision("nieuw", "2018-07-01", condition("2", replaces=["oud/2"]), kind="amendment", amends="oud")
    end = decision("einde", "2019-01-01", kind="revocation", revokes=["nieuw"])
    assert held("2019-01-01", BASE, change, end) == ["oud/1", "oud/10"]


def test_annulled_amendment_never_replaced_anything() -> None:
    change = decision("nieuw", "2018-07-01", condition("2", replaces=["oud/2"]), kind="amendment", amends="oud")
    annulled = decision("vernietigd", "2018-07-01", kind="revocation", revokes=["nieuw"], decided_on="2019-03-01")
    for day in ("2018-07-01", "2019-03-01"):
        assert held(day, BASE, change, annulled) == ["oud/1", "oud/2", "oud/10"]
    assert [one.decision for one in events([BASE, change, annulled])] == ["vernietigd", "oud"]


def test_two_decisions_that_revoke_each_other_end_in_an_answer() -> None:
    # publishing refuses this: a decision can only name those that are published before it
    one = decision("een", "2020-01-01", condition("1"), revokes=["twee"])
    two = decision("twee", "2020-01-01", condition("1"), revokes=["een"])
    assert len(consolidate([one, two], date(2020, 1, 1)).decisions) == 2


def test_events_count_what_each_decision_changed() -> None:
    change = decision(
        "nieuw",
        "2018-07-01",
        condition("2", replaces=["oud/2"]),
        condition("11"),
        kind="amendment",
        amends="oud",
        withdraws=["oud/1"],
    )
    found = [(one.day.isoformat(), one.decision, one.added, one.ended) for one in events([change, BASE])]
    assert found == [("2018-07-01", "nieuw", 2, 2), ("2015-01-01", "oud", 3, 0)]
