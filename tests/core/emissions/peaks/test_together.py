from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import polars as pl

from goedebuur.core.emissions.peaks import PEAKS
from goedebuur.core.emissions.peaks.ranking import Order, ranked
from goedebuur.core.emissions.peaks.together import events, together

T0 = datetime(2026, 3, 1, tzinfo=UTC)


def peaks(*rows: tuple[str, int, int], **columns: list[object]) -> pl.DataFrame:
    """Stream, first and last minute."""
    made = [
        dict.fromkeys(PEAKS)
        | {"stream": s, "start": T0 + timedelta(minutes=a), "end": T0 + timedelta(minutes=b)}
        | {"top_at": T0 + timedelta(minutes=a + 1), "top": 100 * (k + 1), "height": 0}
        | {name: values[k] for name, values in columns.items()}
        for k, (s, a, b) in enumerate(rows)
    ]
    return pl.DataFrame(made, schema=PEAKS).sort("stream", "start")


POINTS = {"co": "stack-1", "so2": "stack-1", "dust": "stack-2"}


def test_peaks_within_the_lag_go_together_and_say_where_the_other_stream_is() -> None:
    found = together(peaks(("co", 0, 10), ("so2", 20, 30), ("dust", 24, 40), ("dust", 60, 70)), POINTS)
    assert found.select("stream", "other", "lag", "relation").rows() == [
        ("co", "dust", 1440, "site"),
        ("co", "so2", 1200, "point"),
        ("dust", "co", -1440, "site"),
        ("dust", "so2", -240, "site"),
        ("so2", "co", -1200, "point"),
        ("so2", "dust", 240, "site"),
    ]


def test_peaks_a_quarter_of_an_hour_apart_do_not_go_together() -> None:
    assert together(peaks(("co", 0, 10), ("so2", 25, 30)), POINTS).is_empty()
    assert together(peaks(("co", 0, 10), ("so2", 24, 30)), POINTS).height == 2


def test_peaks_of_one_stream_never_see_each_other() -> None:
    assert together(peaks(("co", 0, 10), ("co", 12, 20)), POINTS).is_empty()


def test_what_goes_together_by_way_of_another_is_one_event() -> None:
    found = peaks(("co", 0, 10), ("so2", 20, 30), ("dust", 40, 50), ("dust", 200, 210))
    numbered = events(found, together(found, POINTS))
    assert numbered.select("stream", "event").rows() == [("co", 1), ("dust", 1), ("dust", 2), ("so2", 1)]


def test_unknown_extra_mass_comes_last_and_equal_peaks_keep_an_order() -> None:
    found = peaks(("a", 0, 5), ("b", 0, 9), ("c", 3, 5), extra_mass=[None, 7, 7])
    assert ranked(found, Order.MASS)["stream"].to_list() == ["b", "c", "a"]
    assert ranked(found, Order.LENGTH)["stream"].to_list() == ["b", "a", "c"]


def test_rank_against_the_limit_leaves_streams_without_one_at_the_end() -> None:
    found = peaks(("a", 0, 5), ("b", 0, 5), ("c", 0, 5))
    order = ranked(found, Order.LIMIT, {"a": Fraction(10), "b": Fraction(300)})
    assert order.select("stream", "of_limit").rows() == [("a", 10_000), ("b", 666), ("c", None)]
