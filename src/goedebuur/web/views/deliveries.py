"""What was delivered: the log, newest first, one leaf, and what reads differently between two tree sizes."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from goedebuur.services import closed, queries, submitting
from goedebuur.web import asking, closing_words, errors, late_rows, words
from goedebuur.web.page import Reading, reads

A_PAGE = 50
CHANGES = 100
NEW = "new"


@reads
def deliveries(reading: Reading) -> HttpResponse:
    """Answer with the newest leaves below a position, or below the tree size that is asked."""
    before = asking.whole(reading.request, "before", 0, reading.size)
    top = min(n for n in (before, reading.as_of, reading.size) if n is not None)
    asked = reading.request.GET.get("kind", "")
    kind = asked if asked in words.TABLES["kind"] else None
    found = queries.deliveries(reading.record, A_PAGE, top, kind, as_of=reading.as_of, today=reading.today)
    shut = closed.every(reading.record, reading.as_of, reading.today)
    refused = submitting.refusals(reading.record, reading.as_of)
    return reading.page(
        "deliveries.html",
        found=found,
        refused=[(errors.sentence(code), number) for code, number in refused.items()],
        shut=[closing_words.told(view) for view in shut if view.state == closed.CLOSED],
        kinds=list(words.TABLES["kind"]),
        kind=kind or "",
        older=found[-1].leaf if len(found) == A_PAGE and found[-1].leaf > 0 else None,
    )


@reads
def delivery(reading: Reading, leaf: int) -> HttpResponse:
    """Answer with one leaf, and for a correction with what it changed."""
    found = queries.delivery(reading.record, leaf, as_of=reading.as_of, today=reading.today)
    changes = None
    if found.kind == "correction" and leaf < reading.size:
        changes = _changes(reading, leaf, leaf + 1, reverse("delivery", args=[leaf]))
    expects, stated = late_rows.told_in(found.inputs if found.kind == "catalogue" else None)
    return reading.page(
        "delivery.html",
        found=found,
        expects=expects,
        stated=stated,
        told=closing_words.told(found.standing) if found.standing is not None else None,
        changes=changes,
        counts=[(words.look_up("count", name), number) for name, number in sorted(found.counts.items())],
        series=found.series[:100],
        more_series=max(0, len(found.series) - 100),
    )


@reads
def difference(reading: Reading) -> HttpResponse:
    """Answer with what reads differently at one tree size than at an earlier one, and with what came in between."""
    first = reading.asked_size("from")
    last = reading.asked_size("to")
    a, b = sorted((first if first is not None else reading.top, last if last is not None else reading.top))
    came = [one for one in queries.deliveries(reading.record, A_PAGE, b) if one.leaf >= a] if first is not None else []
    return reading.page(
        "difference.html",
        first=first,
        a=a,
        b=b,
        changes=_changes(reading, a, b, f"{reverse('difference')}?from={a}&to={b}") if first is not None else None,
        came=came,
        more_came=b - a - len(came),
        from_day=_day(reading, "from"),
        to_day=_day(reading, "to"),
    )


def _day(reading: Reading, name: str) -> str:
    """Return the day in a part of the address, for a form to show again; empty where it is a number or a moment."""
    text = reading.request.GET.get(name, "")
    return text if len(text) == 10 and text.count("-") == 2 else ""


def _changes(reading: Reading, a: int, b: int, address: str) -> dict[str, object]:
    """Return the first changes of the kind that is asked, and how many there are of each kind.

    Without a kind, all but new values: there are so many of those that no correction would be seen among them.
    """
    kinds = asking.among(reading.request, "kind", queries.CHANGE_KINDS)
    wanted = kinds or [kind for kind in queries.CHANGE_KINDS if kind != NEW]
    found = queries.counted_difference(reading.record, a, b, kinds=wanted, limit=CHANGES)
    counts = [
        (kind, number, kind in wanted, f"{address}{'&' if '?' in address else '?'}kind={kind}")
        for kind, number in found.counts.items()
    ]
    return {"found": found, "counts": counts, "kinds": ",".join(wanted)}
