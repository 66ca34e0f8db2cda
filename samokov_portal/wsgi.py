"""The door through which a server reaches the portal."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from samokov_portal.intake import utf_8_only

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samokov_portal.settings")

application = utf_8_only(get_wsgi_application())

# The map brings all views and forms with it, for which the first page would wait. What is there now stays, and the
# collector need not go through it each time while everybody in this process waits.
get_resolver().url_patterns  # noqa: B018 - asked for so that it is made
gc.collect()
gc.freeze()
