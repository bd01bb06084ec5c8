"""Every address of the site. Dutch pages have no prefix, English ones live under `/en/`, the API has one language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from goedebuur.web import errors

urlpatterns = [
    path("api/", include("goedebuur.web.api_urls")),
    path("log/", include("goedebuur.web.log_urls")),
    path("beheer/", admin.site.urls),
    *i18n_patterns(path("", include("goedebuur.web.urls")), prefix_default_language=False),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
