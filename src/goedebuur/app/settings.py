"""Django's settings, all derived from the one settings object. Only this module reads the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

from goedebuur.app.databases import from_url
from goedebuur.services.settings import Settings

GOEDEBUUR = Settings.from_environment(os.environ)
SECRET_KEY_FILE = GOEDEBUUR.home / "secret_key"
WEB = Path(__file__).resolve().parent.parent / "web"


def _secret_key() -> str:
    # app/prepare.py makes the file before the workers start; a process without it (a test) signs for itself alone
    if GOEDEBUUR.secret_key:
        return GOEDEBUUR.secret_key
    return SECRET_KEY_FILE.read_text("ascii") if SECRET_KEY_FILE.is_file() else get_random_secret_key()


SECRET_KEY = _secret_key()
DEBUG = GOEDEBUUR.debug
ALLOWED_HOSTS = list(GOEDEBUUR.hosts)

INSTALLED_APPS = [
    "goedebuur.store.accounts",
    "goedebuur.store.casework",
    "goedebuur.web",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "goedebuur.web.headers.HeadersMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "goedebuur.web.errors.ErrorsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "goedebuur.app.urls"
WSGI_APPLICATION = "goedebuur.app.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["goedebuur.web.templatetags.addresses"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "goedebuur.web.context.site",
            ],
        },
    },
]

DATABASES = {"default": from_url(GOEDEBUUR.database_url, GOEDEBUUR.home)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "work-sign-in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1  # [h]
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_CALLABLE = "goedebuur.web.errors.locked_out"
AXES_VERBOSE = False
# of whoever signs in nothing is kept; of who fails to, until the first attempt after the cool-off (privacy.html)
AXES_DISABLE_ACCESS_LOG = True

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [WEB / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

STATIC_URL = "/static/"
STATIC_ROOT = GOEDEBUUR.home / "static"
HASHED_STATIC_FILES = {"BACKEND": "goedebuur.app.static_files.HashedModules"}
"""Names with a digest, so that a browser keeps them for good; made by app/prepare.py."""
COLLECTED = (STATIC_ROOT / "staticfiles.json").is_file() and not DEBUG
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": (
        HASHED_STATIC_FILES if COLLECTED else {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    ),
}
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_AUTOREFRESH = not COLLECTED
# a compressed tile archive cannot answer range requests
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("jpg", "jpeg", "png", "gif", "webp", "woff", "woff2", "gz", "br", "pmtiles")
WHITENOISE_MIMETYPES = {".pmtiles": "application/octet-stream", ".mjs": "text/javascript"}

_tiles = [GOEDEBUUR.tile_host] if GOEDEBUUR.tile_host else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "worker-src": [SELF],
        "connect-src": [SELF, *_tiles],
        "img-src": [SELF, "data:", "blob:", *_tiles],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_SSL_REDIRECT = GOEDEBUUR.https
SECURE_HSTS_SECONDS = 31_536_000 if GOEDEBUUR.https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if GOEDEBUUR.behind_proxy else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = GOEDEBUUR.https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 43_200  # [s]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576  # [byte]
FILE_UPLOAD_HANDLERS = [
    "goedebuur.web.form_files.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # whoever scans the internet asks under names that are not ours: no news
    "loggers": {"django.security.DisallowedHost": {"handlers": [], "propagate": False}},
    "root": {"handlers": ["stderr"], "level": GOEDEBUUR.log_level},
}
