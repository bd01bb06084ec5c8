"""Pages for people who work here: who asks, with which roles, and nothing of it in a cache."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_http_methods

from goedebuur.core.casework.roles import Person
from goedebuur.services import people
from goedebuur.services.case_mail_placing import may_place
from goedebuur.web.page import Reading, asked
from goedebuur.web.record import present

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Work:
    """One question of someone who is signed in."""

    request: HttpRequest
    person: Person
    now: datetime

    def page(self, template: str, *, status: int = 200, reading: Reading | None = None, **context: Any) -> HttpResponse:
        """Return a page; of the state of the record that `reading` asks for, where it asks for one."""
        state = {"overview": present()} if reading is None else reading.state
        return render(
            self.request,
            f"web/werk/{template}",
            {"person": self.person, "may_place": may_place(self.person), **state, **context},
            status=status,
        )

    def reading(self) -> Reading:
        """Return the same question as one to the record, in the state that the address names."""
        return asked(self.request)

    @property
    def posted(self) -> bool:
        """Return whether something is sent, and not only asked for."""
        return self.request.method == "POST"


def works(
    view: Callable[Concatenate[Work, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Return a Django view around one for people who are signed in; whoever is not is asked to sign in first."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def answered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user = request.user
        if not user.is_authenticated or user.pk is None:
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        now = datetime.now(UTC)
        response = view(Work(request, people.person(user.pk, now), now), *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        return response

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", answered)
