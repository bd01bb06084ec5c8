"""Load what the first answers of a worker need, so that no reader waits for it."""

from __future__ import annotations

import logging

_log = logging.getLogger(__name__)


def warm() -> None:
    """Open the record, and make what pages have in common: addresses, templates, stations, sites, verdicts, the engine.

    What goes wrong here goes wrong again for who asks for a page, and is told there: a worker starts in any case.
    """
    try:
        _warm()
    except Exception:
        _log.warning("The worker starts without its first answers made.", exc_info=True)


def _warm() -> None:
    from django.urls import get_resolver

    from goedebuur.core.base.errors import GoedeBuurError
    from goedebuur.services import punctuality, queries, searching, site_views
    from goedebuur.web import asking, latest
    from goedebuur.web.record import NO_RECORD, opened

    _ = get_resolver().url_patterns  # imports all views
    try:
        record = opened()
    except GoedeBuurError as error:
        if error.code == NO_RECORD:
            return
        raise
    moment = queries.overview(record).last
    latest.published(record)
    punctuality.overview(record, asking.hour())
    site_views.every(record)
    searching.prepare(record)
    _ = record.observations.connection  # imports Ibis and DuckDB
    if moment is not None:
        queries.wind_now(record, moment)
