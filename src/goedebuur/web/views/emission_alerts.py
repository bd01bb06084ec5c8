"""Public alerts of high emissions: all of them with what became of each, a feed, and the same as data.

Read from the record alone: who was told is in the database, and nowhere here.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from goedebuur.core.emissions import alerts as form
from goedebuur.services import emission_alerts
from goedebuur.services.emission_alerts import Told
from goedebuur.web import finding_names
from goedebuur.web.page import Reading, reads

IN_FEED = 100
"""Changes that the feed holds, the newest."""


@reads
def alerts(reading: Reading) -> HttpResponse:
    """Answer with all alerts, or those of one site; one that was retracted says so and why."""
    site = reading.request.GET.get("site", "")
    every = emission_alerts.every(reading.record, as_of=reading.as_of)
    return reading.page(
        "alerts.html",
        alerts=[row(versions) for versions in every if site in ("", versions[0].alert.site)],
        sites=sorted({versions[0].alert.site for versions in every}),
        site=site,
        names=finding_names.names(reading.record, reading.as_of),
    )


@reads
def feed(reading: Reading) -> HttpResponse:
    """Answer with every alert and retraction as an Atom feed, the newest first."""
    site = reading.request.GET.get("site", "")
    changes = emission_alerts.changes(reading.record, site, reading.as_of)[:IN_FEED]
    context = {
        "changes": [
            {"told": one, "became": form.told(one.alert.version), "said": emission_alerts.sentence(one.alert)}
            for one in changes
        ],
        "root": reading.request.build_absolute_uri("/")[:-1],
        "here": reading.request.build_absolute_uri(),
        "updated": changes[0].received if changes else None,
    }
    text = render_to_string("web/alerts.atom", context, reading.request)
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


@reads
def api_alerts(reading: Reading) -> HttpResponse:
    """Answer with all alerts as data, each with its versions from the first on."""
    site = reading.request.GET.get("site", "")
    every = emission_alerts.every(reading.record, site, reading.as_of)
    return reading.data({"alerts": [[_data(one) for one in versions] for versions in every]})


def _data(one: Told) -> dict[str, Any]:
    return form.body(one.alert) | {
        "kind": form.KIND,
        "leaf": one.leaf,
        "received": one.received,
        "address": reverse("alerts"),
    }


def row(versions: tuple[Told, ...]) -> dict[str, Any]:
    """Return an alert as a template shows it."""
    last = versions[-1]
    return {
        "alert": last.alert,
        "became": form.told(last.alert.version),
        "said": emission_alerts.sentence(versions[0].alert),
        "top": emission_alerts.milligrams(last.alert.top),
        "level": emission_alerts.milligrams(last.alert.level),
        "start": emission_alerts.moment(last.alert.start),
        "end": emission_alerts.moment(last.alert.end),
        "leaf": last.leaf,
        "received": last.received,
    }
