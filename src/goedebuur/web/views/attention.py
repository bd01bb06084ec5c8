"""Which sites an officer looks at first, and what stands out at one of them: for people who work for an authority."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse

from goedebuur.core.emissions.attention import LEVELS, Level, Signal
from goedebuur.services import attention, casework, paging
from goedebuur.services.attention import Standing
from goedebuur.web import asking, attention_rows, finding_names, stack_verdict_rows
from goedebuur.web import paging as web_paging
from goedebuur.web.record import opened
from goedebuur.web.stack_words import CONTROL_SIDES as SIDES
from goedebuur.web.templatetags.figures import upfirst
from goedebuur.web.views import emission_alerts
from goedebuur.web.working import Work, works


@works
def sites(work: Work) -> HttpResponse:
    """Answer with the sites of the authorities that someone works for, what stands out most first."""
    get = work.request.GET
    signal = asking.one_of(work.request, "signal", ["", *Signal])
    found = attention.listing(opened(), work.person, work.now)
    chosen = _chosen(found.sites, get.get("q", "")[:200], signal)
    page = paging.of(chosen, web_paging.number(work.request))
    return work.page(
        "attention.html",
        rows=[attention_rows.row(one) for one in page.rows],
        paging=web_paging.links(work.request, page),
        total=len(found.sites),
        quiet=sum(one.counts.quiet for one in found.sites),
        made=max((one.made_at for one in found.sites if one.made_at), default=None),
        waiting=found.waiting,
        without=found.without,
        levels=[attention_rows.level(one) for one in Level],
        signals=attention_rows.signals(),
        signal=signal,
        q=get.get("q", ""),
    )


def _chosen(found: Iterable[Standing], text: str, signal: str) -> Iterable[Standing]:
    words = text.casefold().split()
    return (
        one
        for one in found
        if (not signal or one.counts.of(Signal(signal))) and all(word in one.name.casefold() for word in words)
    )


@works
def site(work: Work, site_id: str) -> HttpResponse:
    """Answer with what stands out at one site, each thing by itself."""
    record = opened()
    found = attention.site(record, work.person, site_id, work.now)
    return work.page(
        "attention_site.html",
        found=found,
        one=found.standing,
        told={signal: attention_rows.said(found.standing, signal) for signal in LEVELS},
        alerts=[emission_alerts.row((each,)) for each in found.standing.alerts],
        controls=[(each, _substance(each.substance), SIDES[each.verdict]) for each in found.detail.controls],
        coverage=[(each.emission_point, _substance(each.substance), each.findings) for each in found.detail.coverage],
        cases=[(each, casework.days_left(each.case, work.now)) for each in found.cases],
        names=finding_names.names(record),
    )


def _substance(name: str) -> str:
    return upfirst(stack_verdict_rows.substance(name, None))
