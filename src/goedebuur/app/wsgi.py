"""The application that the web server runs: `granian --interface wsgi goedebuur.app.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goedebuur.app.settings")

_answer = get_wsgi_application()

from goedebuur.app.serving import THREADS  # noqa: E402 - settings come first
from goedebuur.app.settings import GOEDEBUUR  # noqa: E402
from goedebuur.app.warming import warm  # noqa: E402 - what it imports needs Django to be set up
from goedebuur.web.bodies import Guard  # noqa: E402

application = Guard(_answer, most=THREADS - 1, idle=GOEDEBUUR.upload_idle_seconds, seconds=GOEDEBUUR.upload_seconds)

warm()
