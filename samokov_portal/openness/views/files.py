"""Files for machines: robots.txt, security.txt, the feeds, and the catalogues by European vocabularies."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import conditional_page, require_safe

from samokov_portal.openness import cpsv, dcat, feeds
from samokov_portal.openness.linked import Node, as_json_ld, as_turtle
from samokov_portal.openness.publisher import Publisher, publisher

# The unit at whose counter every service may be asked for.
DESK = "cao"
LINKED: dict[str, tuple[Callable[[Iterable[Node]], str], str]] = {
    "jsonld": (as_json_ld, "application/ld+json; charset=utf-8"),
    "ttl": (as_turtle, "text/turtle; charset=utf-8"),
}
PLAIN = "text/plain; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What those who search the web leave alone: the desk and what is found for a query; a demonstration altogether."""
    if settings.DEMO:
        return HttpResponse("User-agent: *\nDisallow: /\n", content_type=PLAIN)
    closed = [prefix + path for prefix in ("", "/en") for path in ("/desk/", "/search/")]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}"]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116). Not served where nobody is named, nor after the day that was set."""
    expires = expiry(timezone.now())
    if not settings.SECURITY_CONTACT or expires is None:
        raise Http404
    lines = [f"Contact: {contact}" for contact in settings.SECURITY_CONTACT]
    lines += [f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}", "Preferred-Languages: bg, en"]
    lines += [f"Canonical: {settings.PORTAL_URL}{reverse('security')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


def expiry(now: datetime) -> datetime | None:
    """Until when the contact may be trusted: the end of the day that was set, else so many days from today.

    None when that day has passed: whoever maintains the file is to say again that it is right.
    """
    if settings.SECURITY_EXPIRES is None:
        today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return today + timedelta(days=settings.SECURITY_EXPIRES_DAYS)
    until = datetime.combine(settings.SECURITY_EXPIRES, datetime.max.time(), UTC).replace(microsecond=0)
    return until if until > now else None


def answered(request: HttpRequest, title: Any, about: Any, page: str, entries: list[feeds.Entry]) -> HttpResponse:
    """A feed as Atom. Its names do not change when the portal moves to another address."""
    feed = Atom1Feed(
        title=str(title),
        link=request.build_absolute_uri(reverse(page)),
        description=str(about),
        language=get_language() or "bg",
        feed_url=request.build_absolute_uri(),
        feed_guid=name_of(request.path),
        author_name=str(_("Община Самоков")),
    )
    for entry in entries:
        feed.add_item(
            title=entry.title,
            link=request.build_absolute_uri(entry.path),
            description=entry.about,
            unique_id=name_of(entry.name),
            pubdate=entry.at,
            updateddate=entry.at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=ATOM)


def name_of(what: str) -> str:
    """A name of `what` that holds for ever (RFC 4151)."""
    return f"tag:samokov.bg,2026:{what.strip('/')}"


def feed(title: Any, about: Any, page: str, entries: Callable[[], list[feeds.Entry]]) -> Callable[..., HttpResponse]:
    """The view of a feed."""

    @require_safe
    @conditional_page
    def view(request: HttpRequest) -> HttpResponse:
        return answered(request, title, about, page, entries())

    return view


feed_reports = feed(
    _("Доклади за спазване на стандартите"), _("Публикувани доклади и поправки."), "charter:reports", feeds.reports
)
feed_charter = feed(
    _("Промени в хартата на клиента"),
    _("Нови текстове на хартата и обсъждания на нейни проекти."),
    "charter:charter",
    feeds.charter,
)
feed_services = feed(_("Нови услуги"), _("Услуги, добавени в каталога."), "services:catalogue", feeds.services)


@require_safe
@conditional_page
def api_cpsv(request: HttpRequest, form: str) -> HttpResponse:
    """The catalogue of services by CPSV-AP, as JSON-LD or as Turtle."""
    return linked(request, form, cpsv.catalogue)


@require_safe
@conditional_page
def api_dcat(request: HttpRequest, form: str) -> HttpResponse:
    """What open data there are, by DCAT-AP, as JSON-LD or as Turtle."""
    return linked(request, form, dcat.catalogue)


def linked(request: HttpRequest, form: str, nodes: Callable[[Publisher], Iterable[Node]]) -> HttpResponse:
    """The nodes in the format that was asked for, always in Bulgarian: what they say is data and no page."""
    if form not in LINKED:
        raise Http404
    write, content_type = LINKED[form]
    with override("bg"):
        return HttpResponse(write(nodes(publisher(request.build_absolute_uri, DESK))), content_type=content_type)
