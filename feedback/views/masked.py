"""What of a sender is shown to whom: in full with `feedback.view_sender`, else initials and that there is a contact.

The sender's name and contacts are taken out of free text too, whoever wrote it.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from feedback.changes import Change
from feedback.models import Case, Letter
from feedback.senders import without_applicant, without_sender
from samokov_portal.staff.masking import hidden, initials, masked, unnamed
from samokov_portal.staff.models import StaffUser

SENDER, APPLICANT = "feedback.view_sender", "services.view_applicant"
PERSON = frozenset({"case.name", "case.email", "case.phone", "case.address"})
WORDS = ("subject", "text", "place", "answer", "late_reason", "act_reference")


def kept_out(row: Any) -> Callable[[str], str] | None:
    """What takes the sender out of texts of a case that `shown_case` gave; None for whoever may see them."""
    how: Callable[[str], str] | None = getattr(row, "unnamed", None)
    return how


def shown_case(row: Case, user: StaffUser) -> Case:
    """The case as `user` may see it."""
    if user.has_perm(SENDER):
        return row
    how = without_sender(row)
    shown = masked(row, name=initials, email=hidden, phone=hidden, address=hidden, **dict.fromkeys(WORDS, how))
    shown.unnamed = how  # type: ignore[attr-defined]  # for what else belongs to the case
    return shown


def shown_letter(letter: Letter, user: StaffUser) -> Letter:
    """A letter of a case or an application as `user` may see it; a competent body is no secret."""
    if user.has_perm(SENDER if letter.case_id else APPLICANT):
        return letter
    about, own = without_person(letter), unnamed([letter.recipient], [letter.address])
    to_whom: dict[str, Any] = {} if letter.body_id else {"recipient": initials, "address": hidden}
    words = dict.fromkeys(("subject", "text", "last_error", "confirmation"), lambda text: about(own(text)))
    shown = masked(letter, **to_whom, **words)
    if letter.case is not None:
        shown.case = shown_case(letter.case, user)
    return shown


def without_person(letter: Letter) -> Callable[[str], str]:
    """What takes whoever the matter of `letter` is of out of free text; each letter is of one matter."""
    if letter.case is not None:
        return without_sender(letter.case)
    assert letter.application is not None
    return without_applicant(letter.application)


def shown_letters(letters: Iterable[Letter], user: StaffUser) -> list[Letter]:
    """Letters of one or more matters as `user` may see them."""
    return [shown_letter(letter, user) for letter in letters]


def shown_rows(rows: Iterable[Any], case: Case, *names: str) -> list[Any]:
    """What belongs to the shown `case`, with its sender taken out of the texts called `names`."""
    how = kept_out(case)
    return [masked(row, **dict.fromkeys(names, how)) for row in rows] if how else list(rows)


def shown_changes(changes: Iterable[Change], case: Case) -> list[Change]:
    """Changes of the shown `case`: of a name or a contact only that there was one."""
    how = kept_out(case)
    if how is None:
        return list(changes)
    return [
        replace(
            change,
            was=side_of(change, change.was, how),
            now=side_of(change, change.now, how),
            why=how(change.why),
        )
        for change in changes
    ]


def side_of(change: Change, said: str, how: Callable[[str], str]) -> str:
    """What was `said` there before or after the change, without the sender; empty of nothing."""
    return hidden(said) if said and change.field in PERSON else how(said)
