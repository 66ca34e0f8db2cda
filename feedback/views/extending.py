"""What the page of a case says of requests for a longer term, and what may be done with them."""

from datetime import date
from typing import Any

from feedback.actions.desk import SUPERIOR_PERMISSION, longest_due_on
from feedback.actions.extensions import ASKING_PERMISSION, ground_to_ask
from feedback.forms.changes import article
from feedback.forms.extensions import AskExtensionForm, RefuseExtensionForm
from feedback.life import MOVES
from feedback.models import Case
from samokov_portal.staff.models import StaffUser


def extension_of(row: Case, user: StaffUser, today: date, bound: Any = None) -> dict[str, Any]:
    """The requests of the case, and the form with which `user` may ask or refuse now; `bound` is one that came back."""
    requests = list(row.present("extension_requests").in_order())
    told: dict[str, Any] = {"requests": requests, "form": bound}
    waits = any(asked.answered_at is None for asked in requests)
    if bound is not None:
        told["verb"] = "ask" if isinstance(bound, AskExtensionForm) else "refuse"
    if row.status not in MOVES["extend"].begins:
        return told
    if user.has_perm(SUPERIOR_PERMISSION):
        return {**told, "verb": "refuse", "form": bound or RefuseExtensionForm()} if waits else told
    latest = None if waits else may_ask_until(row, user, today)
    if latest is None:
        return told
    ground = ground_to_ask(row)
    assert ground is not None
    form = bound or AskExtensionForm()
    return {**told, "verb": "ask", "form": form, "latest": latest, "article": article(ground)}


def may_ask_until(row: Case, user: StaffUser, today: date) -> date | None:
    """The last day for which `user` may ask; None where it is sure to be refused."""
    ground = ground_to_ask(row)
    if ground is None or not user.has_perm(ASKING_PERMISSION) or row.is_anonymous:
        return None
    if row.due_on is None or row.due_on < today:
        return None
    latest = longest_due_on(row, ground)
    return latest if latest > row.due_on else None
