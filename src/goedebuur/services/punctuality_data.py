"""What came late or is missing, in plain fields: for the API and for `--json`. Times are aware and in UTC."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from goedebuur.core.expectations.expected import Term
from goedebuur.core.expectations.reasons import Reason
from goedebuur.services.punctuality import Row, SeriesPunctuality, ToldGap, ToldPeriod, Why


def row(one: Row) -> dict[str, Any]:
    """Return the fields of one series in the list."""
    return {
        "series": one.series,
        "expectation": one.term.expectation.id,
        "submitter": one.term.expectation.submitter,
        "periods": one.past,
        "on_time": one.on_time,
        "late": one.late,
        "incomplete": one.incomplete,
        "perhaps_closed": one.perhaps_closed,
        "missing_steps": one.missing,
        "gaps": one.gaps,
        "gaps_without_reason": one.unexplained,
        "last_gap": None if one.last_gap is None else gap(one.last_gap),
        "last_late": None if one.last_late is None else {"start": one.last_late.start, "end": one.last_late.end},
    }


def series(found: Sequence[SeriesPunctuality]) -> list[dict[str, Any]]:
    """Return the fields of one series, one item an expectation."""
    return [
        {
            "expectation": term(one.term),
            "periods_past": one.past,
            "on_time": one.on_time,
            "missing_steps": one.missing,
            "periods": [period(told) for told in one.periods],
            "gaps": [gap(told) for told in one.gaps],
        }
        for one in found
    ]


def term(one: Term) -> dict[str, Any]:
    """Return what is expected, when it holds, and where it stands."""
    return one.expectation.body() | {
        "leaf": one.leaf,
        "entered": one.entered,
        "holds_from": one.start,
        "holds_until": one.end,
    }


def period(told: ToldPeriod) -> dict[str, Any]:
    """Return the fields of one period."""
    one = told.standing
    return {
        "start": one.period.start,
        "end": one.period.end,
        "due": one.due,
        "late_from": one.late_from,
        "state": one.state.value,
        "steps": one.expected,
        "steps_on_time": one.on_time,
        "steps_late": one.late,
        "steps_by_others": one.others,
        "steps_missing": one.missing,
        "received_last": one.last,
        "seconds_late": one.late_by,
        "leaves": list(one.leaves),
        "corrected_by": list(one.corrected),
        "closed_leaves": list(one.closed),
        "expectation_entered_later": one.entered_later,
        **_why(told.why),
    }


def gap(told: ToldGap) -> dict[str, Any]:
    """Return the fields of one gap."""
    one = told.gap
    return {
        "start": one.period.start,
        "end": one.period.end,
        "steps": one.steps,
        "withdrawn_by": list(one.withdrawn),
        "closed_leaves": list(one.closed),
        **_why(told.why),
    }


def _why(why: Why) -> dict[str, Any]:
    return {"stated": [reason(one) for one in why.stated], "known": list(why.known), "differ": why.differ}


def reason(one: Reason) -> dict[str, Any]:
    """Return the fields of one statement."""
    return {
        "code": one.code,
        "start": one.period.start,
        "end": one.period.end,
        "submitter": one.submitter,
        "stated": one.stated,
        "leaf": one.leaf,
        "signed": one.signed,
    }
