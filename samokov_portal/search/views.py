"""The page that finds, and what is offered while somebody types."""

from functools import partial

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from samokov_portal.pagestore import each_time, public_page
from samokov_portal.search.finding import LONGEST_QUERY, Hit, find
from samokov_portal.search.sources import NAMES
from samokov_portal.search.zero_results import note_zero_results

MOST_OFFERED = 8
SHORTEST_OFFERED = 2


class SearchForm(forms.Form):
    """What is sought; whatever is longer is cut by the browser and refused here."""

    q = forms.CharField(
        label=_("Какво търсите?"),
        required=False,
        max_length=LONGEST_QUERY,
        help_text=_("Например: раждане, скица, кофа за боклук. Може и с номера на услугата."),
    )


@require_safe
@public_page
def search(request: HttpRequest) -> HttpResponse:
    """Everything that fits, by groups; the group with the best page comes first."""
    form = SearchForm(request.GET)
    query = form.cleaned_data["q"].strip() if form.is_valid() else ""
    found = find(query)
    if query and not found.hits:
        each_time(partial(_note_zero_results, query))
    groups: dict[str, list[Hit]] = {}
    for hit in found.hits:
        groups.setdefault(hit.source, []).append(hit)
    context = {
        "form": form,
        "query": query,
        "found": found,
        "groups": [(NAMES[source], hits) for source, hits in groups.items()],
    }
    return render(request, "search/search.html", context)


def _note_zero_results(query: str) -> None:
    note_zero_results(query, timezone.localdate())


@require_safe
@cache_control(max_age=300, public=True)
def suggest(request: HttpRequest) -> JsonResponse:
    """The best few pages for what is typed so far, as `{"results": [{"title", "lang", "about", "path"}]}`."""
    form = SearchForm(request.GET)
    query = form.cleaned_data["q"].strip() if form.is_valid() else ""
    hits = find(query, limit=MOST_OFFERED).hits if len(query) >= SHORTEST_OFFERED else []
    offered = [
        {
            "title": hit.title_en if language_of(hit) == "en" else hit.title,
            "lang": language_of(hit),
            "about": hit.about,
            "path": path_of(hit),
        }
        for hit in hits
    ]
    return JsonResponse({"results": offered}, json_dumps_params={"ensure_ascii": False})


def language_of(hit: Hit) -> str:
    """In which language the title of a hit is shown: that of the page where it has been translated."""
    return "en" if get_language() == "en" and hit.title_en else "bg"


def path_of(hit: Hit) -> str:
    """The address of the page in the language of this one."""
    return hit.path if get_language() == "bg" else f"/{get_language()}{hit.path}"
