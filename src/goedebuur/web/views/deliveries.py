"""What was delivered: the log, newest first, one leaf, and what reads differently between two tree sizes."""

from __future__ import annotations

from django.http import HttpResponse

from goedebuur.services import closed, queries, submitting
from goedebuur.web import asking, closing_words, errors, words
from goedebuur.web.page import Reading, reads

A_PAGE = 50
CHANGES = 100


@reads
def deliveries(reading: Reading) -> HttpResponse:
    """Answer with the newest leaves below a position, or below the tree size that is asked."""
    before = asking.whole(reading.request, "before", 0, reading.size)
    top = min(n for n in (before, reading.as_of, reading.size) if n is not None)
    asked = reading.request.GET.get("kind", "")
    kind = asked if asked in words.TABLES["kind"] else None
    found = queries.deliveries(reading.record, A_PAGE, top, kind, as_of=reading.as_of, today=reading.today)
    shut = closed.every(reading.record, reading.as_of, reading.today)
    return reading.page(
        "deliveries.html",
        found=found,
        refused=[(errors.sentence(code), number) for code, number in submitting.refusals(reading.record).items()],
        shut=[closing_words.told(view) for view in shut if view.state == closed.CLOSED],
        kinds=list(words.TABLES["kind"]),
        kind=kind or "",
        older=found[-1].leaf if len(found) == A_PAGE and found[-1].leaf > 0 else None,
    )


@reads
def delivery(reading: Reading, leaf: int) -> HttpResponse:
    """Answer with one leaf, and for a correction with what it changed."""
    found = queries.delivery(reading.record, leaf, as_of=reading.as_of, today=reading.today)
    changes = []
    if found.kind == "correction" and leaf < reading.size:
        changes = queries.difference(reading.record, leaf, leaf + 1, limit=CHANGES + 1)
    return reading.page(
        "delivery.html",
        found=found,
        told=closing_words.told(found.standing) if found.standing is not None else None,
        changes=changes[:CHANGES],
        more=len(changes) > CHANGES,
        changes_from=leaf,
        changes_to=leaf + 1,
        counts=[(words.look_up("count", name), number) for name, number in sorted(found.counts.items())],
        series=found.series[:100],
        more_series=max(0, len(found.series) - 100),
    )


@reads
def difference(reading: Reading) -> HttpResponse:
    """Answer with what reads differently at one tree size than at an earlier one."""
    first = reading.asked_size("from")
    last = reading.asked_size("to")
    a, b = sorted((first if first is not None else reading.size, last if last is not None else reading.size))
    changes, came = [], []
    if first is not None:
        changes = queries.difference(reading.record, a, b, limit=CHANGES + 1)
        came = [one for one in queries.deliveries(reading.record, A_PAGE, b) if one.leaf >= a] if b else []
    return reading.page(
        "difference.html",
        first=first,
        a=a,
        b=b,
        changes=changes[:CHANGES],
        more=len(changes) > CHANGES,
        changes_from=a,
        changes_to=b,
        came=came,
        more_came=b - a - len(came),
    )
