"""The pages of drafts at the desk of an editor, the same for every kind: one draft, its steps, and what stops them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from samokov_portal.editing.drafts import Draft
from samokov_portal.editing.forms import ScheduleForm
from samokov_portal.editing.life import AlreadyDrafted, Document, DraftRefused, Life
from samokov_portal.editing.refusals import REFUSALS, typed_again
from samokov_portal.history import newest_change
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest, seen_of

Differences = Callable[[Document | None, Document], Sequence[Any]]


class DraftPages(ABC):
    """The course of a draft at the desk; a kind says what its forms are, how it would look and who asks its links."""

    life: Life
    permission: str
    template: str
    # What the addresses of its pages are called, without and with their namespace.
    name: str
    namespace: str
    already_drafted: Any

    @abstractmethod
    def forms(self, row: Any, data: Any) -> Any:
        """The forms of a draft: as it stands, or with what was typed."""

    @abstractmethod
    def differences(self, before: Document | None, after: Document) -> Sequence[Any]:
        """What one document says otherwise than another."""

    @abstractmethod
    def look(self, request: StaffRequest, row: Any) -> HttpResponse:
        """The public page as the draft would make it."""

    @abstractmethod
    def order_link_check(self, draft_id: int) -> None:
        """Have the worker ask the links of a draft."""

    def urls(self, at: str) -> list[URLPattern]:
        """The addresses of a draft and of its steps, below `at`."""
        steps = {
            "preview": (require_safe, self._preview),
            "schedule": (require_POST, self._schedule),
            "publish": (require_POST, self._publish),
            "withdraw": (require_POST, self._withdraw),
            "rebase": (require_POST, self._rebase),
            "check": (require_POST, self._check),
        }
        own = f"{at}<int:pk>/"
        pages = [(own, self.name, require_http_methods(["GET", "POST"]), self._draft)]
        pages += [(f"{own}{step}/", f"{self.name}_{step}", *of) for step, of in steps.items()]
        return [path(route, by(self._guarded(name, page)), name=name) for route, name, by, page in pages]

    def begin(self, request: StaffRequest, form: Any, store: Callable[[], Any]) -> HttpResponse | int:
        """Store the draft that was sent and lead to it; else the status of the page that says what is wrong."""
        if not form.is_valid:
            return 422
        try:
            row = store()
        except DraftRefused as refused:
            self._say(request, refused)
            return 409
        self.order_link_check(row.pk)
        messages.success(request, _("Черновата е записана. Вижда се само тук."))
        return redirect(row)

    def _guarded(self, name: str, page: Callable[..., HttpResponse]) -> Any:
        # A function, because a bound method takes no mark of the permission it needs.
        def view(request: StaffRequest, pk: int) -> HttpResponse:
            return page(request, pk)

        view.__name__ = name
        return at_desk(self.permission)(view)

    @property
    def _rows(self) -> Any:
        return self.life.model._default_manager

    def _row(self, pk: int) -> Any:
        return get_object_or_404(self._rows.newest_first(), pk=pk)

    def _draft(self, request: StaffRequest, pk: int) -> HttpResponse:
        """One draft: what it changes, what was found, how to publish it, and its forms."""
        row = self._row(pk)
        form = self.forms(row, request.POST if request.method == "POST" else None)
        if request.method != "POST":
            return self._page(request, row, form)
        if not form.is_valid:
            return self._page(request, row, form, status=422)
        said = form.why.cleaned_data
        try:
            row = self.life.change(
                draft_id=pk, document=form.document(), why=said["why"], by=request.user, seen=said["seen"]
            )
        except DraftRefused as refused:
            return self._conflict(request, pk, refused)
        if self.life.unasked_links(row):
            self.order_link_check(pk)
        messages.success(request, _("Черновата е записана. Вижда се само тук."))
        return redirect(row)

    def _page(
        self, request: StaffRequest, row: Draft, form: Any, schedule: ScheduleForm | None = None, status: int = 200
    ) -> HttpResponse:
        published = self.life.published(row)
        is_outdated = row.is_open and published != row.base
        context = {
            "draft": row,
            "form": form,
            "schedule": schedule or ScheduleForm(),
            "seen": newest_change(row),
            "findings": self.life.found(row, timezone.localdate()) if row.is_open else [],
            "differences": self.differences(row.base, row.document),
            "is_outdated": is_outdated,
            "meanwhile": self.differences(row.base, published) if is_outdated and published else [],
        }
        return render(request, self.template, context, status=status)

    def _conflict(self, request: StaffRequest, pk: int, refused: DraftRefused) -> HttpResponse:
        """The draft as it stands now, why the change was not made, and what was typed, to be sent once more."""
        row = self._row(pk)
        self._say(request, refused)
        return self._page(request, row, self.forms(row, typed_again(request, newest_change(row))), status=409)

    def _say(self, request: StaffRequest, refused: DraftRefused) -> None:
        is_there = isinstance(refused, AlreadyDrafted)
        messages.error(request, self.already_drafted if is_there else REFUSALS[type(refused)])

    def _preview(self, request: StaffRequest, pk: int) -> HttpResponse:
        """For editors only, and no robot keeps it."""
        response = self.look(request, get_object_or_404(self._rows.all(), pk=pk))
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def _schedule(self, request: StaffRequest, pk: int) -> HttpResponse:
        row = self._row(pk)
        form = ScheduleForm(request.POST)
        if not form.is_valid():
            return self._page(request, row, self.forms(row, None), form, status=422)
        at = form.cleaned_data["publish_at"]
        done = _("Черновата е насрочена.")
        return self._step(request, pk, self.life.schedule, done, publish_at=at, now=timezone.now())

    def _publish(self, request: StaffRequest, pk: int) -> HttpResponse:
        done = _("Публикувано. Промяната вече се вижда от всички.")
        return self._step(request, pk, self.life.publish, done, now=timezone.now())

    def _withdraw(self, request: StaffRequest, pk: int) -> HttpResponse:
        return self._step(request, pk, self.life.withdraw, _("Черновата е оттеглена."), now=timezone.now())

    def _rebase(self, request: StaffRequest, pk: int) -> HttpResponse:
        done = _("Черновата е съобразена с публикуваното сега. Прегледайте разликите още веднъж.")
        return self._step(request, pk, self.life.rebase, done)

    def _check(self, request: StaffRequest, pk: int) -> HttpResponse:
        """Have the links asked once more; the worker does it."""
        row = get_object_or_404(self._rows.open(), pk=pk)
        self.order_link_check(pk)
        messages.success(request, _("Връзките се проверяват. Презаредете страницата след малко."))
        return redirect(row)

    def _step(self, request: StaffRequest, pk: int, action: Any, done: str, **more: Any) -> HttpResponse:
        """One change of the life of a draft; what stands in its way is said on its page, with 409."""
        try:
            action(draft_id=pk, by=request.user, seen=seen_of(request), **more)
        except self.life.model.DoesNotExist:
            raise Http404 from None
        except DraftRefused as refused:
            return self._conflict(request, pk, refused)
        messages.success(request, done)
        return redirect(f"{self.namespace}:{self.name}", pk=pk)
