"""Pages travel compressed, unless what stands on them is somebody's own."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# Files are compressed in themselves or too long to be compressed while somebody waits.
TEXTS = (
    "text/html",
    "application/json",
    "application/ld+json",
    "application/xml",
    "text/xml",
    "application/atom+xml",
    "text/turtle",
)


class PublicPagesAreCompressed(GZipMiddleware):
    """Compresses what anybody may read.

    The length of a compressed page tells a little of what is on it (BREACH). So the pages of whoever has a session,
    and the answers to a form, go as they are: names and access codes stand on these only.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        has_session = (
            settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies
        )
        kind = response.get("Content-Type", "").partition(";")[0]
        if request.method != "GET" or has_session or response.streaming or kind not in TEXTS:
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
