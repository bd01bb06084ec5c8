"""The Django app with the pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages and the JSON API."""

    name = "goedebuur.web"
    label = "web"
