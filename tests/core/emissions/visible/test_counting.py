from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Clock, iso
from goedebuur.core.base.sourced import Status
from goedebuur.core.emissions.visible import counting
from goedebuur.core.emissions.visible.counting import Counted, Outcome, VisibleLimit, Why
from goedebuur.core.emissions.visible.mass import estimate
from goedebuur.core.emissions.visible.sightings import Means, Observer, Place, Sighting
from goedebuur.core.permits.conditions import Comparison, Requirement
from goedebuur.core.permits.limits import Averaging
from goedebuur.rules import reading, visible

DOORS, OTHER, CHARGING = visible.limits()
NOON = datetime(2026, 3, 10, 11, tzinfo=UTC)


def seen(day: int, *, place: Place = Place.OVEN_DOOR, month: int = 3, **more: object) -> Sighting:
    start = iso(datetime(2026, month, day, 11, tzinfo=UTC))
    made = {"observed": 100, "emitting": 0} if "seconds" not in more else {}
    return Sighting(
        **{  # type: ignore[arg-type]
            "site": "hoogoven-noord",
            "place": place,
            "item": "battery-1",
            "start": start,
            "method": "EPA-303",
            "means": Means.INSPECTION,
            "observer": Observer.BUREAU,
            **made,
            **more,
        }
    )


def month(limit: VisibleLimit, *sightings: Sighting) -> Counted:
    (found,) = counting.counted(limit, sightings, date(2026, 3, 1), date(2026, 3, 31), Clock.LOCAL)
    return found


def test_share_of_doors_is_of_all_rounds_of_the_month_together() -> None:
    # 4 of 40 and 6 of 60 doors: 10 of 100 is 10 %, which may be reached
    found = month(DOORS, seen(3, observed=40, emitting=4), seen(9, observed=60, emitting=6))
    assert (found.value, found.looks, found.outcome) == (10, 2, Outcome.WITHIN)
    found = month(DOORS, seen(3, observed=40, emitting=4), seen(9, observed=60, emitting=7))
    assert (found.value, found.outcome) == (11, Outcome.ABOVE)


@pytest.mark.parametrize(("today", "outcome"), [(30, Outcome.UNDETERMINED), (31, Outcome.WITHIN)])
def test_share_of_a_month_that_is_not_over_is_open(today: int, outcome: Outcome) -> None:
    told = (DOORS, [seen(3, observed=40, emitting=4)], date(2026, 3, 1), date(2026, 3, today), Clock.LOCAL)
    (found,) = counting.counted(*told, today=date(2026, 3, today))
    assert found.outcome is outcome
    assert (found.why is Why.NOT_OVER) is (today == 30)


def test_number_that_was_passed_already_is_passed_before_the_month_is_over() -> None:
    limit = replace(DOORS, measure=counting.Measure.COUNT, value=Fraction(1))
    looks = [seen(3, seconds=5), seen(4, seconds=5)]
    (found,) = counting.counted(limit, looks, date(2026, 3, 1), date(2026, 3, 5), Clock.LOCAL, today=date(2026, 3, 5))
    assert found.outcome is Outcome.ABOVE


@pytest.mark.parametrize(("begins", "outcome"), [(1, Outcome.WITHIN), (2, Outcome.UNDETERMINED)])
def test_level_that_held_for_part_of_a_period_is_not_held_against_all_of_it(begins: int, outcome: Outcome) -> None:
    found = month(replace(DOORS, valid_from=date(2026, 3, begins)), seen(3, observed=40, emitting=4))
    assert found.outcome is outcome


def test_level_that_must_not_be_reached_is_exceeded_by_being_reached() -> None:
    assert month(OTHER, seen(3, place=Place.OFFTAKE, emitting=1)).outcome is Outcome.ABOVE
    lid, offtake = seen(3, place=Place.CHARGING_LID, emitting=1), seen(3, place=Place.OFFTAKE)
    assert month(OTHER, lid, offtake).outcome is Outcome.WITHIN


def test_month_in_which_nobody_looked_is_not_clean() -> None:
    found = month(DOORS, seen(3, month=2, emitting=90), seen(3, place=Place.FLARE, seconds=9))
    assert (found.value, found.outcome, found.why) == (None, Outcome.UNDETERMINED, Why.NOTHING_SEEN)


def test_charging_is_held_by_its_mean_length_a_charge() -> None:
    def charges(*seconds: int) -> Counted:
        return month(CHARGING, *(seen(3 + k, place=Place.CHARGING, seconds=s) for k, s in enumerate(seconds)))

    assert charges(20, 40).outcome is Outcome.ABOVE
    assert charges(20, 39).value == Fraction(59, 2)
    assert charges(20, 39).outcome is Outcome.WITHIN


def test_row_that_is_not_confirmed_and_too_few_looks_decide_nothing() -> None:
    assert month(replace(DOORS, status=Status.MEMORY_HIGH), seen(3)).why is Why.NOT_CONFIRMED
    assert month(replace(DOORS, least=2), seen(3)).why is Why.TOO_FEW
    assert month(replace(DOORS, valid_to=date(2026, 3, 30)), seen(3)).why is Why.NOT_CONFIRMED


def test_levels_of_the_bat_conclusions_bind_nobody_by_themselves() -> None:
    assert not any(one.binds for one in visible.limits())


def test_condition_of_a_permit_counts_over_its_own_running_days() -> None:
    asked = Requirement("visible oven_door share 30d", Comparison.AT_MOST, "5", "%")
    limit = counting.of_requirement("bp-2020/3.1", "Ow 5.34", asked, date(2020, 1, 1), None)
    assert limit is not None
    assert limit.binds
    rounds = [seen(1, emitting=9), seen(31, emitting=4)]
    found = counting.counted(limit, rounds, date(2026, 3, 30), date(2026, 4, 1), Clock.LOCAL)
    # 30 March reaches back to 1 March; 31 March to 2 March
    assert [(one.first, one.value, one.outcome) for one in found] == [
        (date(2026, 3, 1), 9, Outcome.ABOVE),
        (date(2026, 3, 2), 4, Outcome.WITHIN),
        (date(2026, 3, 3), 4, Outcome.WITHIN),
    ]


def test_condition_without_days_has_the_averaging_of_its_requirement() -> None:
    def of(parameter: str, averaging: Averaging | None = None, at: Comparison = Comparison.AT_MOST) -> str | None:
        asked = Requirement(parameter, at, "5", "%", averaging)
        found = counting.of_requirement("x/1", "Ow 5.34", asked, date(2020, 1, 1), None)
        return None if found is None else found.window

    assert of("visible oven_door share", Averaging.MONTH) == "month"
    assert of("visible oven_door share") is None
    assert of("temperature") is None
    assert of("visible kitchen_door share 30d") is None
    assert of("visible oven_door share 30d", at=Comparison.AT_LEAST) is None


def test_number_of_events_that_was_seen_never_says_that_there_were_no_others() -> None:
    asked = Requirement("visible raw_push count 30d", Comparison.AT_MOST, "1", "-")
    limit = counting.of_requirement("x/1", "Ow 5.34", asked, date(2020, 1, 1), None)
    assert limit is not None
    pushes = [seen(1, place=Place.RAW_PUSH, seconds=60), seen(2, place=Place.RAW_PUSH, seconds=90)]
    first, second = counting.counted(limit, pushes, date(2026, 3, 1), date(2026, 3, 2), Clock.LOCAL)
    assert (first.value, first.outcome, first.why) == (1, Outcome.UNDETERMINED, Why.INCOMPLETE)
    assert (second.value, second.outcome) == (2, Outcome.ABOVE)


def test_day_is_cut_on_the_clock_that_is_given() -> None:
    late = replace(seen(31), start="2026-03-31T22:30:00Z")
    assert month(DOORS, late).looks == 0
    (cet,) = counting.counted(DOORS, [late], date(2026, 3, 1), date(2026, 3, 31), Clock.CET)
    assert cet.looks == 1


def test_days_since_a_place_was_looked_at_are_told() -> None:
    assert counting.days_since([seen(3), seen(1)], Place.OVEN_DOOR, NOON) == 7
    assert counting.days_since([seen(3), seen(20)], Place.OVEN_DOOR, NOON) == 7
    assert counting.days_since([seen(3)], Place.FLARE, NOON) is None


def test_mass_of_leaking_doors_is_a_factor_times_their_mean_number_and_the_hours() -> None:
    (factor,) = visible.factors()
    # 4 and 6 doors: 5 on average; 720 hours; 18.1 g an hour (10.4 to 36.3)
    found = estimate(factor, [seen(3, emitting=4), seen(9, emitting=6)], Fraction(720))
    assert found is not None
    assert (found.amount, found.mass, found.low, found.high) == (3600, 65_160_000, 37_440_000, 130_680_000)
    assert estimate(factor, [seen(3, place=Place.FLARE, seconds=5)], Fraction(720)) is None
    assert estimate(factor, [seen(3)]) is None
    assert factor.status is Status.MEMORY_MEDIUM
    assert factor.question.nl


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("visible_limits", b",yes,", b",maybe,"),
        ("visible_limits", b",month,", b",fortnight,"),
        ("visible_limits", b"oven_door", b"kitchen_door"),
        ("visible_factors", b",10.4,", b",20.4,"),
        ("visible_factors", b",,item_hour", b",soot,item_hour"),
    ],
)
def test_table_that_cannot_be_is_refused(table: str, old: bytes, new: bytes) -> None:
    data = reading.shipped(table)
    assert old in data
    parse = visible.parse_limits if table == "visible_limits" else visible.parse_factors
    with pytest.raises(GoedeBuurError, match="rules-table"):
        parse(data.replace(old, new, 1))


def test_sighting_on_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(GoedeBuurError, match="no such moment"):
        replace(seen(3), start="2026-02-30T11:00:00Z")
    assert seen(3, seconds=60).ended - seen(3, seconds=60).began == timedelta(minutes=1)


def test_what_was_seen_at_one_installation_is_not_counted_at_another() -> None:
    # 20 of 100 doors at the second alone; of the first nobody saw anything
    first, second = (replace(DOORS, id=name, installations=(name,), binds=True) for name in ("kf1", "kf2"))
    leaking = seen(3, item="kf2.battery-1", emitting=20)

    def told(limit: VisibleLimit, *sightings: Sighting) -> Counted:
        days = (date(2026, 3, 1), date(2026, 3, 31))
        (found,) = counting.counted(limit, sightings, *days, Clock.LOCAL, (first, second, DOORS))
        return found

    assert (told(second, leaking).value, told(second, leaking).outcome) == (20, Outcome.ABOVE)
    assert (told(first, leaking).outcome, told(first, leaking).why) == (Outcome.UNDETERMINED, Why.NOTHING_SEEN)
    assert told(first, leaking, seen(4, item="kf1", emitting=3)).outcome is Outcome.WITHIN
    assert told(DOORS, leaking).value == 20  # of all of the site
    # of an item that names neither nobody knows at which it was: neither can be said to be within or above
    nowhere = seen(5, item="battery-2", emitting=0)
    for limit in (first, second):
        assert (told(limit, leaking, nowhere).outcome, told(limit, leaking, nowhere).why) == (
            Outcome.UNDETERMINED,
            Why.NOT_PLACED,
        )


def test_level_of_the_only_installation_counts_all_that_was_seen() -> None:
    alone = replace(DOORS, id="kf1", installations=("kf1",), binds=True)
    days = (date(2026, 3, 1), date(2026, 3, 31))
    (found,) = counting.counted(alone, [seen(3, emitting=20)], *days, Clock.LOCAL, (alone, DOORS, OTHER))
    assert (found.value, found.outcome) == (20, Outcome.ABOVE)
