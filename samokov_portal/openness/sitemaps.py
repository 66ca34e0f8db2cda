"""The map of the public pages for those who search the web."""

from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from charter.models import CharterVersion, Report, Standard
from services.models import LifeEvent, Service

PAGES = (
    "home",
    "charter:charter",
    "charter:standards",
    "charter:reports",
    "charter:verify",
    "charter:terms",
    "charter:consultations",
    "services:catalogue",
    "services:life_events",
    "feedback:choose",
    "feedback:track",
    "seals",
    "about",
    "accessibility",
    "privacy",
)


class BothLanguages(Sitemap):
    """Pages that are there in Bulgarian and in English, each naming the other."""

    i18n = True
    alternates = True
    x_default = True


class Pages(BothLanguages):
    """Pages of which there is one each."""

    def items(self) -> list[str]:
        return list(PAGES)

    def location(self, item: str) -> str:
        return reverse(item)


class Services(BothLanguages):
    def items(self) -> Any:
        return Service.objects.order_by("pk")


class LifeEvents(BothLanguages):
    def items(self) -> Any:
        return LifeEvent.objects.order_by("position", "pk")


class Standards(BothLanguages):
    def items(self) -> Any:
        return Standard.objects.in_force()


class Versions(BothLanguages):
    def items(self) -> Any:
        return CharterVersion.objects.order_by("-number")


class Reports(BothLanguages):
    def items(self) -> Any:
        return Report.objects.standing().without_pdf().newest_first()

    def lastmod(self, item: Report) -> datetime | None:
        return item.published_at


SITEMAPS: dict[str, type[Sitemap]] = {
    "pages": Pages,
    "services": Services,
    "life-events": LifeEvents,
    "standards": Standards,
    "charter": Versions,
    "reports": Reports,
}
