"""Sign in and out. Too many wrong passwords close it for an hour, as everywhere (`errors.locked_out`)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse

from goedebuur.web.record import present


class SignIn(LoginView):
    """The page on which people who work here sign in."""

    template_name = "web/werk/sign_in.html"
    next_page = "work"
    redirect_authenticated_user = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page shows, with the label of simulated data."""
        return super().get_context_data(**kwargs) | {"overview": present()}


class SignOut(LogoutView):
    """Signs out, on a press of a button alone."""

    next_page = "home"
    http_method_names = ["post", "options"]

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Answer, and let the browser forget what it kept of the pages for work."""
        response = super().dispatch(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response
