"""Dispersion studies for people who work here: a new one, a scenario, stop or go on, and results of another model."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import dispersion_imports, dispersion_study, dispersion_study_emissions
from goedebuur.services.dispersion_study import OWN, Basis
from goedebuur.services.reported_beside_measured import STACKS
from goedebuur.web import asking, dispersion_form, errors
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


def _require(work: Work) -> None:
    """Let in who works for an authority: a study is public from the moment it is made."""
    if not work.person.authorities:
        raise GoedeBuurError(errors.FORBIDDEN, "Only people of an authority make dispersion studies.")


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
    statistic = (
        asking.one_of(work.request, "statistic", study.statistics) if not work.posted else post.get("statistic", "")
    )
    context: dict[str, Any] = {
        "study": study,
        "statistics": [(one, words.statistic(one, len(study.years))) for one in study.statistics],
        "statistic": statistic,
        "most": MOST,
        "filled": post.get("name", "")[: dispersion_imports.LONGEST],
    }
    if not work.posted:
        return work.page("dispersion_bring.html", **context)
    sent = work.request.FILES.get("file")
    if sent is None or sent.size is None or sent.size > MOST * 2**20:
        said = _("Choose a file first.") if sent is None else _(NO_TABLE)
        return work.page("dispersion_bring.html", status=422, problem=said, **context)
    try:
        dispersion_imports.put(
            studies(), study, statistic, post.get("name", ""), (sent.read(), sent.name or ""), work.now
        )
    except GoedeBuurError as error:
        if not error.code.startswith(("input-", "dispersion-", "query-levels")):
            raise
        told = {
            dispersion_study.BAD_STUDY: _("Give a name, and a statistic of this study."),
            dispersion_study.NOT_DONE: _("The study is not ready yet."),
        }
        return work.page(
            "dispersion_bring.html", status=422, problem=told.get(error.code, _(NO_TABLE)), error=error, **context
        )
    return _at(study.id, statistic)


@works
def withdraw(work: Work, name: str) -> HttpResponse:
    """Withdraw results of another model, with a reason that is public."""
    _require(work)
    study, told = dispersion_study.find(studies(), name), work.request.POST if work.posted else work.request.GET
    statistic, digest = told.get("statistic", ""), told.get("of", "")
    if work.posted and told.get("why", "").strip():
        dispersion_imports.withdraw(
            studies(), study, statistic, digest, told["why"][: dispersion_imports.LONGEST_WHY], work.now
        )
        return _at(study.id, statistic)
    held = dispersion_imports.of_study(studies(), study, statistic)
    found = next((one for one in held if one.digest == digest), None)
    if found is None:
        raise GoedeBuurError(dispersion_imports.NONE, "There are no such results beside the study.", value=digest[:16])
    most = dispersion_imports.LONGEST_WHY
    status = 422 if work.posted else 200
    return work.page("dispersion_withdraw.html", status=status, study=study, found=found, most=most, wrong=work.posted)


def _at(name: str, statistic: str) -> HttpResponse:
    response = redirect("dispersion-study", name)
    response["Location"] += f"?statistic={statistic}"
    return response
