"""Addresses of the published log. Which names a publication has is decided where it is read."""

from django.urls import path, re_path

from goedebuur.web.views import log

urlpatterns = [
    path("", log.readme, name="log-readme"),
    path("README.md", log.readme),
    path("checkpoint", log.checkpoint, name="log-checkpoint"),
    path("log.vkey", log.key, name="log-key"),
    path("tile/<path:name>", log.tile, name="log-tile"),
    re_path(r"", log.nothing),
]
