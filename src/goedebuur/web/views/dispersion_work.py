"""Dispersion studies for people who work here: a new one, a scenario, stop or go on, and results of another model."""

from __future__ import annotations

import re
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goedebuur.core.base.errors import BAD_NUMBER, GoedeBuurError
from goedebuur.services import dispersion_imports, dispersion_study, dispersion_study_emissions
from goedebuur.services.dispersion_study import OWN, Basis
from goedebuur.services.reported_beside_measured import STACKS
from goedebuur.web import asking, dispersion_form, errors, finding_names
from goedebuur.web import dispersion_words as words
from goedebuur.web.dispersion_form import Typed
from goedebuur.web.record import opened
from goedebuur.web.views.dispersion import studies
from goedebuur.web.working import Work, works

MOST: Final = 5
"""Largest table of another model. [MiB]"""
NO_TABLE: Final = gettext_noop(
    "This table cannot be drawn: give x and y in RD (m) and one column with values, each place once, at most 5 MB."
)
MISFITS: Final = {
    dispersion_imports.SAME: gettext_noop(
        "This table stands beside the study already, as: %(value)s. Withdraw it first."
    ),
    dispersion_imports.FULL: gettext_noop("There is no room for more results: %(value)s stand beside this study."),
    dispersion_imports.SHAPE: gettext_noop(
        "This table cannot be drawn: give one column with values, and at most 50,000 places in rows and columns, or "
        "10,000 without."
    ),
    dispersion_imports.NOWHERE: gettext_noop("The study says nothing at any place of this table that has a value."),
}
"""What is said to whom brings a table that does not fit."""
WHOSE: Final = gettext_noop("Choose for which organisation this is.")
NO_NUMBER: Final = gettext_noop(
    "It stops at %(value)s (%(place)s). A concentration is not below 0; where there is none leave the cell empty, or "
    "write -9999, -999 or -99. A number has no marks between thousands."
)


def _require(work: Work) -> None:
    """Let in who works for an authority: a study is public from the moment it is made."""
    if not work.person.authorities:
        raise GoedeBuurError(errors.FORBIDDEN, "Only people of an authority make dispersion studies.")


def _behalf(work: Work) -> tuple[list[str], str]:
    """Return the authorities that someone works for, and the one for which it is now; empty where that is not said."""
    known = sorted(work.person.authorities)
    said = work.request.POST.get("for", known[0] if len(known) == 1 else "")
    return known, said if said in known else ""


def _named(known: list[str]) -> list[tuple[str, str]]:
    called = finding_names.authorities(opened())
    return [(one, called.get(one, one)) for one in known]


def _offer() -> dict[str, Any]:
    return {
        "bases": [(one.value, words.said(one)) for one in Basis],
        "stacks": [(name, words.said(name), words.mouth(told)) for name, told in STACKS.items()],
        "own": OWN,
    }


@works
def new(work: Work) -> HttpResponse:
    """Choose substance and years, then facilities, weather and square; and queue the study."""
    _require(work)
    record, request = opened(), work.request
    known = dispersion_form.substances(record)
    asked = request.POST if work.posted else request.GET
    substance = asked.get("substance", "")
    if substance not in known:
        substance = "so2" if "so2" in known else (known[0] if known else "")
    years = dispersion_form.years(record, substance) if substance else []
    chosen = dispersion_form.running(years, asked.get("year", ""), asked.get("until", "")) if years else ()
    offered = dispersion_study_emissions.offered(record, substance, chosen) if chosen else []
    at, typed = dispersion_form.middle(offered), Typed(request.POST) if work.posted else None
    choices = dispersion_form.choices(offered, at, typed)
    if typed is not None:
        found = dispersion_form.study(record, typed, substance, chosen, [one.id for one in choices])
        if found is not None:
            return redirect("dispersion-study", dispersion_study.make(studies(), found, work.now).id)
        choices = dispersion_form.choices(offered, at, typed)
    filled: dict[str, Any] = dispersion_form.usual(record, at) if typed is None else typed.post.dict()
    if typed is not None:
        filled["statistics"] = typed.post.getlist("statistics")
    return work.page(
        "dispersion_new.html",
        status=422 if typed is not None else 200,
        substances=known,
        substance=substance,
        years=years,
        year=chosen[0] if chosen else None,
        until=chosen[-1] if chosen else None,
        chosen=words.years(chosen),
        choices=choices,
        hidden=max(0, len(offered) - len(choices)),
        winds=dispersion_form.winds(record),
        clouds=dispersion_form.clouds(record),
        statistics=dispersion_form.names(),
        filled=filled,
        wrong=typed.wrong if typed is not None else {},
        **_offer(),
    )


@works
def scenario(work: Work, name: str) -> HttpResponse:
    """Change emissions and stacks of a study, and queue that as a scenario beside it."""
    _require(work)
    record = opened()
    base = dispersion_study.find(studies(), name)
    typed = Typed(work.request.POST) if work.posted else None
    if typed is not None:
        found = dispersion_form.scenario(record, typed, base)
        if found is not None:
            return redirect("dispersion-study", dispersion_study.make(studies(), found, work.now).id)
    return work.page(
        "dispersion_scenario.html",
        status=422 if typed is not None else 200,
        base=base,
        choices=dispersion_form.of_base(record, base, typed),
        filled=typed.post.dict() if typed is not None else {},
        wrong=typed.wrong if typed is not None else {},
        **_offer(),
    )


@works
def change(work: Work, name: str) -> HttpResponse:
    """Stop a study, or put one that was stopped in the queue again."""
    _require(work)
    found = dispersion_study.find(studies(), name)
    stop = (work.request.POST if work.posted else work.request.GET).get("do") == "stop"
    if not work.posted:
        return work.page("dispersion_change.html", study=found, stop=stop)
    (dispersion_study.cancel if stop else dispersion_study.again)(studies(), name, work.now)
    return redirect("dispersion-study", name)


@works
def bring(work: Work, name: str) -> HttpResponse:
    """Take in results of another model, to be drawn beside a study."""
    _require(work)
    study, post = dispersion_study.find(studies(), name), work.request.POST
    known, by = _behalf(work)
    statistic = (
        asking.one_of(work.request, "statistic", study.statistics) if not work.posted else post.get("statistic", "")
    )
    context: dict[str, Any] = {
        "study": study,
        "statistics": [(one, words.statistic(one, len(study.years))) for one in study.statistics],
        "statistic": statistic,
        "most": MOST,
        "filled": post.get("name", "")[: dispersion_imports.LONGEST],
        "authorities": _named(known),
        "authority": by,
    }
    if not work.posted:
        return work.page("dispersion_bring.html", **context)
    sent = work.request.FILES.get("file")
    if not by or sent is None or sent.size is None or sent.size > MOST * 2**20:
        said = _(WHOSE) if not by else _("Choose a file first.") if sent is None else _(NO_TABLE)
        return work.page("dispersion_bring.html", status=422, problem=said, **context)
    try:
        table = sent.read(), sent.name or ""
        dispersion_imports.put(studies(), study, statistic, post.get("name", ""), table, work.now, by=by)
    except GoedeBuurError as error:
        if not error.code.startswith(("input-", "dispersion-", "query-levels")):
            raise
        return work.page("dispersion_bring.html", status=422, problem=_problem(error), error=error, **context)
    return _at(study.id, statistic)


def _problem(error: GoedeBuurError) -> str:
    """Return why a table is not taken, in the language of the page."""
    place = re.sub(r", line (\d+), column ", lambda at: _(", line %(n)s, column ") % {"n": at[1]}, error.place)
    about = {"place": place, "value": error.value}
    if error.message in MISFITS:
        return _(MISFITS[error.message]) % about
    if error.code == BAD_NUMBER:
        return f"{_(NO_TABLE)} {_(NO_NUMBER) % about}"
    told = {
        dispersion_study.BAD_STUDY: _("Give a name, and a statistic of this study."),
        dispersion_study.NOT_DONE: _("The study is not ready yet."),
    }
    return told.get(error.code, _(NO_TABLE))


@works
def withdraw(work: Work, name: str) -> HttpResponse:
    """Withdraw results of another model, with a reason that is public."""
    _require(work)
    study, told = dispersion_study.find(studies(), name), work.request.POST if work.posted else work.request.GET
    statistic, digest = told.get("statistic", ""), told.get("of", "")
    known, by = _behalf(work)
    if work.posted and by and told.get("why", "").strip():
        why = told["why"][: dispersion_imports.LONGEST_WHY]
        dispersion_imports.withdraw(studies(), study, statistic, digest, why, work.now, by=by)
        return _at(study.id, statistic)
    held = dispersion_imports.of_study(studies(), study, statistic)
    found = next((one for one in held if one.digest == digest), None)
    if found is None:
        raise GoedeBuurError(dispersion_imports.NONE, "There are no such results beside the study.", value=digest[:16])
    most = dispersion_imports.LONGEST_WHY
    status = 422 if work.posted else 200
    wrong = "" if not work.posted else _("Say why these results go.") if by else _(WHOSE)
    return work.page(
        "dispersion_withdraw.html",
        status=status,
        study=study,
        found=found,
        most=most,
        wrong=wrong,
        why=told.get("why", "")[:most],
        authorities=_named(known),
        authority=by,
    )


def _at(name: str, statistic: str) -> HttpResponse:
    response = redirect("dispersion-study", name)
    response["Location"] += f"?statistic={statistic}"
    return response
