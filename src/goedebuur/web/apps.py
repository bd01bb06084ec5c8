"""The Django app with the pages."""

from django.apps import AppConfig

from goedebuur.web import converters


class WebConfig(AppConfig):
    """Pages and the JSON API."""

    name = "goedebuur.web"
    label = "web"

    def ready(self) -> None:
        """Make the parts of our addresses known before any address is read."""
        converters.register()
