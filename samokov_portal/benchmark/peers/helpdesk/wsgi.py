"""The site for the server under which the portal runs too."""

from django.core.wsgi import get_wsgi_application

from samokov_portal.launcher.processes import end_with_parent

application = get_wsgi_application()
end_with_parent()
