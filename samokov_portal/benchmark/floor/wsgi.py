"""Bare Django on the same database, with the same way of keeping connections as the portal."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from psycopg.conninfo import conninfo_to_dict

from samokov_portal.launcher.processes import end_with_parent

parts = conninfo_to_dict(os.environ["DATABASE_URL"])
settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts["dbname"],
            "USER": parts["user"],
            "HOST": parts["host"],
            "PORT": str(parts["port"]),
            "CONN_MAX_AGE": 600,
        }
    },
    DATA_UPLOAD_MAX_NUMBER_FIELDS=200,
    INSTALLED_APPS=["samokov_portal.benchmark.floor"],
    MIDDLEWARE=[],
    ROOT_URLCONF="samokov_portal.benchmark.floor.views",
    SECRET_KEY="of nothing that is kept",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    TIME_ZONE="Europe/Sofia",
    USE_I18N=False,
    USE_TZ=True,
)

application = get_wsgi_application()
end_with_parent()
