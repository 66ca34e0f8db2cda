"""The door through which a server reaches the portal."""

import os

from django.core.wsgi import get_wsgi_application

from samokov_portal.intake import utf_8_only

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samokov_portal.settings")

application = utf_8_only(get_wsgi_application())
