"""What was sent lately in like words, offered before a form is sent; never more of it than anybody may know."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from feedback.likeness import are_alike, stems
from feedback.models import Case
from services.models import Settlement

LATELY = timedelta(days=30)
MOST = 3
# The newest ones are read; a settlement has not so many in a month.
READ = 200


class SimilarQuery(forms.Form):
    """What is typed so far; whatever makes no sense finds nothing."""

    settlement = forms.ModelChoiceField(queryset=Settlement.objects.all())
    subject = forms.CharField(required=False)
    text = forms.CharField()


@never_cache
@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """A fragment for the form: kind, day, settlement and state of what is alike; no text and no number."""
    query = SimilarQuery(request.POST)
    found = alike(query.cleaned_data) if query.is_valid() else []
    return render(request, "feedback/similar.html", {"cases": found})


def alike(typed: dict[str, Any]) -> list[Case]:
    """Open cases of the last thirty days about the same settlement in like words, the newest first."""
    mine = stems(f"{typed['subject']} {typed['text']}")
    lately = Case.objects.lately_about(typed["settlement"], since=timezone.now() - LATELY).with_frame()[:READ]
    return [case for case in lately if are_alike(mine, stems(f"{case.subject} {case.text}"))][:MOST]
