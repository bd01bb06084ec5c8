"""The table of the same figures as the chart: one row a point, made as rows of text because there can be hundreds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from goedebuur.core.base.amsterdam import AMSTERDAM
from goedebuur.core.base.periods import CET, iso
from goedebuur.services.views import SeriesView
from goedebuur.web.templatetags.figures import number

DAY: Final = 86_400
DATE: Final = "%d-%m-%Y"


@dataclass(frozen=True, slots=True)
class Row:
    """One point of the chart. `low` and `high` are empty where the point is a single value."""

    start: datetime
    label: str
    mean: str
    low: str
    high: str
    missing: bool


def decimals(series: SeriesView) -> int:
    """Return with how many decimals a series is shown: what it reports, two at most."""
    return max(0, min(series.max_decimals, 2))


def whole_days(chart: Mapping[str, Any]) -> bool:
    """Return whether the points are of whole days, which are cut at midnight CET."""
    return bool(chart["step"] % DAY == 0)


def labels(chart: Mapping[str, Any]) -> list[str]:
    """Return what each point of a chart is of: a moment in Dutch civil time, or a day or days in CET."""
    starts: Sequence[int] = chart["x"]
    if not whole_days(chart):
        moments = [datetime.fromtimestamp(x, AMSTERDAM) for x in starts]
        # the hour that comes twice when summer time ends is told apart
        times = Counter(plain := [moment.strftime("%d-%m-%Y %H:%M") for moment in moments])
        return [
            f"{label} {moment.tzname()}" if times[label] > 1 else label
            for label, moment in zip(plain, moments, strict=True)
        ]
    days = [datetime.fromtimestamp(x, CET).strftime(DATE) for x in starts]
    if chart["step"] == DAY:
        return days
    lasts = [datetime.fromtimestamp(x - DAY, CET).strftime(DATE) for x in (*starts[1:], chart["end"])]
    return [first if first == last else f"{first} – {last}" for first, last in zip(days, lasts, strict=True)]


def table(chart: Mapping[str, Any], series: SeriesView) -> list[Row]:
    """Return the rows of one series of a chart, oldest first; a single value with the decimals it was reported with."""
    found: Mapping[str, Sequence[float | None]] = chart["series"][series.id]
    single = chart["step"] <= series.step
    places = decimals(series)
    rows = []
    reported = found.get("decimals") or [None] * len(chart["x"])
    columns = (chart["x"], labels(chart), found["mean"], found["min"], found["max"], reported)
    for x, label, mean, low, high, digits in zip(*columns, strict=True):
        rows.append(
            Row(
                start=datetime.fromtimestamp(x, UTC),
                label=label,
                mean=number(mean, places if digits is None else int(digits)),
                low="" if single else number(low, places),
                high="" if single else number(high, places),
                missing=mean is None,
            )
        )
    return rows


def history(series: SeriesView, as_of: int | None) -> str:
    """Return the address of a value's history, with START where its moment goes."""
    address = reverse("provenance", args=[series.id, datetime(1970, 1, 1, tzinfo=UTC)])
    return address.replace("1970-01-01T00:00:00Z", "START") + ("" if as_of is None else f"?as_of={as_of}")


def html(rows: Sequence[Row], series: SeriesView, as_of: int | None) -> SafeString:
    """Return the rows as the body of a table; a single value leads to its history.

    A template takes five times as long for the hundreds of rows that a page can have.
    """
    pattern = history(series, as_of)
    parts = []
    for row in rows:
        cells = [row.mean]
        if row.high or row.low:
            cells += [row.low, row.high]
        elif not row.missing:
            cells = [f'<a class="nl-link" href="{pattern.replace("START", iso(row.start))}">{row.mean}</a>']
        figures = "".join(f'<td class="gb-number">{cell}</td>' for cell in cells)
        parts.append(f'<tr><th scope="row">{row.label}</th>{figures}</tr>\n')
    # every part is a number or time made here, or a series identifier that the address pattern allows
    return mark_safe("".join(parts))  # noqa: S308
