"""What officials write and read around a case beside its moves: notes, the beginning of an answer, what was changed."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.actions.notes import PERMISSION, add_note
from feedback.changes import all_changes
from feedback.forms.dialogue import AnswerForm
from feedback.forms.notes import NoteForm
from feedback.letters.answers import begun
from feedback.models import AnswerTemplate, Case
from feedback.views.case import case_page, seen, sent_key
from feedback.views.masked import shown_changes
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest


@require_POST
@at_desk(PERMISSION)
def case_note(request: StaffRequest, number: str) -> HttpResponse:
    """Write a note for colleagues; one that says nothing comes back."""
    row = seen(request, number)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return case_page(request, row, note=form, status=422)
    add_note(case_id=row.pk, text=form.cleaned_data["text"], by=request.user, now=timezone.now())
    messages.success(request, _("Бележката е записана."))
    return HttpResponseRedirect(f"{row.get_absolute_url()}#notes")


@require_POST
@at_desk("feedback.answer_case")
def case_fill(request: StaffRequest, number: str) -> HttpResponse:
    """The page again with the chosen text after what was typed of the answer; nothing is saved."""
    row, today = seen(request, number), timezone.localdate()
    sent = {name: request.POST.get(f"{AnswerForm.action}-{name}", "") for name in ("template", "outcome", "answer")}
    key = sent_key(sent["template"])
    template = AnswerTemplate.objects.to_choose(row.kind).filter(pk=key).first() if key else None
    if template is None:
        messages.info(request, _("Изберете образец."))
    else:
        to_several = row.decided_at is None and Case.objects.tied_to(row).exists()
        sent["answer"] = begun(template, row, typed=sent["answer"], today=today, to_several=to_several)
    # As they were on the page from which it was sent, so that what others change meanwhile is still found.
    shown = {name: sent_key(request.POST.get(f"{AnswerForm.action}-{name}")) for name in ("seen", "version")}
    form = AnswerForm(case=row, by=request.user, today=today, initial={**sent, **shown}, **shown)
    return case_page(request, row, begun=form)


@require_safe
@at_desk("feedback.view_case")
def case_history(request: StaffRequest, number: str) -> HttpResponse:
    """Every change of a field, old and new side by side; of one field when `field` names one that changed."""
    row = seen(request, number)
    changes = shown_changes(all_changes(row), row)
    fields = dict(sorted({change.field: change.label for change in changes}.items(), key=lambda item: item[1]))
    chosen = request.GET.get("field", "")
    chosen = chosen if chosen in fields else ""
    context = {
        "case": row,
        "changes": [change for change in changes if chosen in ("", change.field)],
        "fields": fields,
        "chosen": chosen,
    }
    return render(request, "feedback/case_history.html", context)
