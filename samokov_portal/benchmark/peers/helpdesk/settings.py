"""django-helpdesk as its manual sets it up, on a database of its own."""

import os
from urllib.parse import unquote, urlsplit

parts = urlsplit(os.environ["DATABASE_URL"])
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["PEER_DATABASE"],
        "USER": unquote(parts.username or ""),
        # The folder of the socket stands in the question.
        "HOST": dict(pair.split("=", 1) for pair in unquote(parts.query).split("&"))["host"],
        "CONN_MAX_AGE": 600,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Ours go to an outbox: nobody's filing waits for a mail server.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
HELPDESK_ACTIVATE_API_ENDPOINT = False
HELPDESK_TEAMS_MODE_ENABLED = False
INSTALLED_APPS = [
    *("django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.humanize"),
    *("django.contrib.messages", "django.contrib.sessions", "django.contrib.sites", "django.contrib.staticfiles"),
    *("rest_framework", "helpdesk"),
]
LOGIN_URL = "helpdesk:login"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "samokov_portal.benchmark.peers.helpdesk.urls"
SECRET_KEY = "of nothing that is kept"
SITE_ID = 1
STATIC_URL = "/static/"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
TIME_ZONE = "Europe/Sofia"
USE_TZ = True
