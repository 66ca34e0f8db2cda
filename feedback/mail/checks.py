"""What `manage.py check --deploy` says of the settings by which letters leave."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

# What takes mail without sending it, so that a letter would count as sent.
PRETENDING = ("console", "dummy", "filebased", "locmem")


@checks.register(checks.Tags.security, deploy=True)
def check_mail_settings(**_arguments: Any) -> list[checks.CheckMessage]:
    """Whether letters can leave a real server, and name it as the world knows it."""
    found: list[checks.CheckMessage] = []
    backend = settings.EMAIL_BACKEND.split(".")[-2]
    if not settings.MAIL_IS_SET:
        hint = "Set EMAIL_URL, for example smtp+tls://user:password@mail.example.bg:587."
        found.append(checks.Warning("No mail server is set: letters would not leave.", hint=hint, id="feedback.W001"))
    elif backend in PRETENDING:
        hint = "Letters would count as sent; set EMAIL_URL to a real mail server."
        found.append(checks.Warning(f"EMAIL_URL keeps mail here ({backend}).", hint=hint, id="feedback.W002"))
    if urlsplit(settings.PORTAL_URL).hostname in ("127.0.0.1", "localhost", "::1", None):
        hint = "Set PORTAL_URL, for example https://example.bg: letters tell people to open it."
        found.append(checks.Warning("PORTAL_URL names this machine only.", hint=hint, id="feedback.W003"))
    return found
