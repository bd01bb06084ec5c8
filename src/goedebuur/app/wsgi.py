"""The application that the web server runs: `granian --interface wsgi goedebuur.app.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goedebuur.app.settings")

application = get_wsgi_application()
