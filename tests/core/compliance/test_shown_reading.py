"""An explanation shows the reading on which the outcome turns, beside the others; its lists are of that reading."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from tests.core.compliance.test_edges import cet, days, explained, table

from goedebuur.core.compliance.verdicts import Explanation, Outcome


def parts_of_days(first: date, *stretches: tuple[int, int, int]) -> Iterable[tuple[datetime, int]]:
    """So many days on end, of each the first so many hours, at a value."""
    begin = cet(first.year, first.month, first.day)
    for number, hours, value in stretches:
        for _ in range(number):
            for k in range(hours):
                yield begin + timedelta(hours=k), value
            begin += timedelta(days=1)


def said(told: Explanation, code: str) -> list[str]:
    return [line.value or line.text.en for line in told.lines if line.code.startswith(code)]


def test_lists_are_of_the_part_of_a_day_that_is_shown() -> None:
    # 2020 has 366 days: 299 whole, 46 of 19 hours (79%, between the 75 and 85% that are open), 19 of 10, 2 of none
    observations = table(
        "pm25", parts_of_days(date(2020, 1, 1), (1, 24, 60), (298, 24, 10), (46, 19, 10), (19, 10, 10))
    )
    told = explained(observations, "eu2024.pm25.alert", 2020)
    assert (told.verdict.outcome, told.verdict.reason_code) == (Outcome.EXCEEDS, "count-above-despite-gaps")
    assert (told.verdict.capture_num, told.verdict.capture_den) == (299, 366)
    assert sorted({item.n for item in told.left_out}) == [10, 19]
    assert len(told.left_out) == 46 + 19
    assert said(told, "left-out") == ["65"]
    assert said(told, "absent") == ["2"]
    shown, other = sorted(said(told, "reading-"), key=lambda text: "shown" not in text)
    assert "85%" in shown
    assert "299 of 366" in shown
    assert "75%" in other
    assert "345 of 366" in other


def test_season_is_shown_in_the_reading_in_which_rounding_matters() -> None:
    # January has 4 days of 66: at 75% January to June counts (154 of 181 days, 66.0), at 90% February to July does not
    # reach 60.5: (150·66 + 61.75 + 30·32) / 181 = 60.34, with (7·66 + 32) / 8 = 61.75 on 1 July
    observations = table(
        "o3", days((date(2019, 1, 1), 4, 66), (date(2019, 2, 1), 150, 66), (date(2019, 7, 1), 184, 32))
    )
    told = explained(observations, "who2021.o3.peak_season.aqg", 2019)
    assert (told.verdict.outcome, told.verdict.reason_code) == (Outcome.UNDETERMINED, "readings-differ")
    assert "round" in told.verdict.question_en
    assert (told.verdict.value_text, told.verdict.capture_num, told.verdict.capture_den) == ("60.3", 181, 181)
    texts = said(told, "reading-")
    assert any("75%" in text and "66.00" in text and "154 of 181" in text for text in texts)
    assert any("90%" in text and "60.34" in text and "shown" in text for text in texts)


def test_days_without_any_value_are_counted() -> None:
    # 2021 has 365 days: 360 valid, 4 of 10 hours, 1 of none
    observations = table("pm10", parts_of_days(date(2021, 1, 1), (360, 24, 10), (4, 10, 10)))
    told = explained(observations, "eu2008.pm10.day", 2021)
    assert (told.verdict.capture_num, said(told, "left-out"), said(told, "absent")) == (360, ["4"], ["1"])


def test_one_reading_alone_is_not_set_beside_itself() -> None:
    told = explained(table("no2", days((date(2019, 1, 1), 365, 30))), "eu2008.no2.year", 2019)
    assert said(told, "reading-") == []
    assert said(told, "absent") == ["0"]
