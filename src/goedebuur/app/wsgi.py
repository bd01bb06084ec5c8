"""The application that the web server runs: `granian --interface wsgi goedebuur.app.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goedebuur.app.settings")

application = get_wsgi_application()

from goedebuur.app.warming import warm  # noqa: E402 - what it imports needs Django to be set up

warm()
