"""What is late or missing: a page of all series, a file of it, and the same questions as an API."""

from __future__ import annotations

import csv
import io
from typing import Final

from django.http import HttpResponse, QueryDict

from goedebuur.core.base.periods import iso
from goedebuur.core.base.spreadsheets import harmless
from goedebuur.services import expectations, punctuality, punctuality_data, queries
from goedebuur.services.punctuality import Row
from goedebuur.web import asking, late_rows
from goedebuur.web.page import Reading, reads

FEW_ROWS, MOST_ROWS = 50, 100_000
A_PAGE = 1_000
COLUMNS: Final = (
    *("series", "expectation", "submitter", "periods", "on_time", "late", "incomplete", "perhaps_closed"),
    *("missing_steps", "gaps", "gaps_without_reason", "last_gap_start", "last_gap_end", "last_gap_stated"),
    "last_gap_known",
)


def _every(reading: Reading) -> tuple[Row, ...]:
    return punctuality.overview(reading.record, reading.moment, reading.as_of)


def _chosen(reading: Reading) -> tuple[Row, ...]:
    get, every = reading.request.GET, _every(reading)
    punctuality.require_station(reading.record, every, get.get("station"), reading.as_of)
    return punctuality.chosen(every, get.get("submitter", ""), get.get("station", ""), get.get("quantity", ""))


@reads
def late(reading: Reading) -> HttpResponse:
    """Answer with the series that are late or have gaps, of one supplier, station or quantity if asked."""
    get, every = reading.request.GET, _every(reading)
    rows = _chosen(reading)
    shown = asking.whole(reading.request, "rows", 1, MOST_ROWS) or FEW_ROWS
    names = {one.id: one.name for one in queries.stations(reading.record, reading.as_of)}
    terms = expectations.terms(reading.record, reading.as_of)
    listed = [
        {
            "row": row,
            "station": row.series.rsplit(".", 2)[0],
            "name": names.get(row.series.rsplit(".", 2)[0], ""),
            "quantity": row.series.rsplit(".", 2)[1],
            "last": late_rows.gap(row.last_gap) if row.last_gap is not None else None,
        }
        for row in rows[:shown]
    ]
    return reading.page(
        "late.html",
        moment=punctuality.moment(reading.record, reading.as_of, reading.moment),
        rows=listed,
        total=len(rows),
        next_rows=_further(get.copy(), shown, len(rows)),
        terms=[(term, late_rows.sentence(term), late_rows.basis(term)) for term in terms],
        submitters=late_rows.asked(every, "submitter"),
        stations=[(code, names.get(code, code)) for code in late_rows.asked(every, "station")],
        quantities=late_rows.asked(every, "quantity"),
        wanted={name: get.get(name, "") for name in ("submitter", "station", "quantity")},
        query=_query(get, reading.as_of),
    )


@reads
def late_csv(reading: Reading) -> HttpResponse:
    """Answer with the same rows as a file, all of them."""
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in _chosen(reading):
        told = punctuality_data.row(row)
        last = row.last_gap
        told |= {
            "last_gap_start": iso(last.gap.period.start) if last else "",
            "last_gap_end": iso(last.gap.period.end) if last else "",
            "last_gap_stated": " ".join(one.code for one in last.why.stated) if last else "",
            "last_gap_known": " ".join(last.why.known) if last else "",
        }
        writer.writerow([harmless(str(told[name])) for name in COLUMNS])
    response = HttpResponse(sink.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="te-laat_as-of-{reading.top}.csv"'
    return response


@reads
def api_late(reading: Reading) -> HttpResponse:
    """Answer with the series that are late or have gaps, in parts."""
    rows = _chosen(reading)
    offset = asking.whole(reading.request, "offset", 0, 10**9) or 0
    limit = asking.whole(reading.request, "limit", 1, 10_000) or A_PAGE
    last = offset + limit
    return reading.data(
        {
            "moment": punctuality.moment(reading.record, reading.as_of, reading.moment),
            "total": len(rows),
            "offset": offset,
            "next": last if last < len(rows) else None,
            "series": [punctuality_data.row(row) for row in rows[offset:last]],
        }
    )


@reads
def api_series(reading: Reading, series_id: str) -> HttpResponse:
    """Answer with the periods and gaps of one series, for each expectation of it."""
    found = punctuality.of_series(reading.record, series_id, reading.moment, reading.as_of)
    if not found:
        queries.series(reading.record, series_id, reading.as_of)
    return reading.data(
        {
            "series": series_id,
            "moment": punctuality.moment(reading.record, reading.as_of, reading.moment),
            "expectations": punctuality_data.series(found),
        }
    )


@reads
def api_expectations(reading: Reading) -> HttpResponse:
    """Answer with what is expected of whom."""
    terms = expectations.terms(reading.record, reading.as_of)
    return reading.data({"expectations": [punctuality_data.term(one) for one in terms]})


def _further(asked: QueryDict, shown: int, total: int) -> str:
    """Return the query of the page with more rows; empty where all are shown."""
    if shown >= total:
        return ""
    asked["rows"] = str(min(shown + FEW_ROWS, MOST_ROWS))
    return asked.urlencode()


def _query(asked: QueryDict, as_of: int | None) -> str:
    """Return the query of the file with the same rows."""
    kept = asked.copy()
    kept.pop("rows", None)
    if as_of is not None:
        kept["as_of"] = str(as_of)
    return kept.urlencode()
