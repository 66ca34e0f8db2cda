"""Who floods the portal with forms is slowed down; a person is asked for a moment at most, and keeps what they typed.

    pause = pause_before(form, model=Case, address=client_address(request), now=now)  # after form.is_valid()
    if pause:
        return pause.render(request, "feedback/new.html", context)

Forms are counted, not presses: the first time that a form is sent counts, every further time only looks. A form that
was registered already passes without a question, because a retry must get its receipt.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from math import ceil
from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from samokov_portal.office.forms import OnceForm
from samokov_portal.office.limits import Asked, Limit, Standing, network_of, peek_all, subscriber_of, take, take_all
from samokov_portal.office.once import form_digest, issued_at
from samokov_portal.office.proof import is_proof, new_challenge
from samokov_portal.questions import question

HOUR = timedelta(hours=1)
# Sending one form again is no offence; the log says it of a form that is sent as often as no person sends it.
PRESSES = Limit("presses of one form", 200, HOUR)
# How many times a limit must be exceeded until forms come back even with a proof.
FLOOD = 10
UNPROCESSABLE, TOO_MANY = 422, 429
HIDDEN_FIELD = _(
    "Беше попълнено скрито поле, което хората не виждат – понякога го прави самият браузър. Изчистихме го. "
    "Другото, което написахте, е запазено – изпратете го отново."
)
TOO_QUICK = _(
    "Формулярът пристигна веднага след отварянето му, а от Вашата мрежа са подадени и други. Написаното е запазено – "
    "прегледайте го и го изпратете отново."
)


class SpamGuard(OnceForm):
    """A form that strangers may send: a field that people do not see, and room for a proof of work.

    Neither stands in a layout: `includes/proof.html` shows both.
    """

    website = forms.CharField(
        label=_("Уебсайт – оставете това поле празно"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    proof = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_website(self) -> str:
        """Empty. What stood there is removed, so that a person whose browser filled it in only sends again."""
        if self.cleaned_data["website"]:
            data: Any = self.data.copy()  # type: ignore[attr-defined]
            data[self.add_prefix("website")] = ""
            self.data = data
            self.add_error(None, HIDDEN_FIELD)
        return ""

    @property
    def issued_at(self) -> datetime:
        """When this form was opened; only for a form whose token was accepted."""
        return issued_at(self.data[self.add_prefix("token")])


class Verdict(Enum):
    """What becomes of a form that is filled in well."""

    PASS = "pass"
    TOO_QUICK = "too quick"
    CROWDED = "crowded"
    FLOODED = "flooded"


@dataclass(frozen=True)
class Pause:
    """A form that is not taken yet: the reason stands among its errors, here is what opens the way."""

    status: int
    challenge: str = ""
    retry_after: timedelta = timedelta(0)

    def render(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        """The page of the form again, with everything typed; the template finds this in `pause`."""
        response = render(request, template, {**context, "pause": self}, status=self.status)
        if self.retry_after:
            response["Retry-After"] = str(ceil(self.retry_after.total_seconds()))
        return response


def decide(
    *, pace: Standing, hour: Iterable[Standing], age: timedelta, is_proved: bool, least: timedelta, wait: timedelta
) -> Verdict:
    """The verdict about a form sent `age` after it was opened.

    `pace` counts the last minutes, `hour` the last hour; `least` is as quick as a person may be when there were many,
    and `wait` is what spares a person the proof.
    """
    standings = list(hour)
    if any(standing.is_beyond(FLOOD) for standing in standings):
        return Verdict.FLOODED
    if is_proved:
        return Verdict.PASS
    if any(standing.is_over for standing in standings) and age < wait:
        return Verdict.CROWDED
    if pace.is_over and age < least:
        return Verdict.TOO_QUICK
    return Verdict.PASS


def pause_before(form: SpamGuard, *, model: type[models.Model], address: str, now: datetime) -> Pause | None:
    """None when a valid form may be registered; else what to show instead, with the reason added to the form.

    `model` is where the form would be registered; its rows keep the `form_digest`. Call it outside a transaction.
    """
    nonce = form.cleaned_data["token"]
    if _registered(model)(form_digest(nonce)):
        return None
    pace, *hour = _count(nonce, address, now)
    age, wait = now - form.issued_at, timedelta(seconds=settings.FILING_WAIT_SECONDS)
    verdict = decide(
        pace=pace,
        hour=hour,
        age=age,
        is_proved=is_proof(form.cleaned_data["proof"], nonce),
        least=timedelta(seconds=settings.FILING_LEAST_SECONDS),
        wait=wait,
    )
    if verdict is Verdict.PASS:
        return None
    if verdict is Verdict.FLOODED:
        return _flooded(form, hour, now)
    if verdict is Verdict.CROWDED:
        return _crowded(form, nonce, min(wait, wait - age))
    form.add_error(None, TOO_QUICK)
    return Pause(UNPROCESSABLE)


def _count(nonce: str, address: str, now: datetime) -> list[Standing]:
    """The pace of the address, then the hours of the address and of its network."""
    pace = Limit("filing pace", settings.FILINGS_UNTIMED, timedelta(minutes=10))
    asked = [(pace, subscriber_of(address)), *hour_limits(address)]
    is_first_press = take(PRESSES, nonce, now).count == 1
    return take_all(asked, now) if is_first_press else peek_all(asked, now)


def hour_limits(address: str) -> list[Asked]:
    """What is counted of an hour, whichever way a case is filed: of the address, then of its network."""
    return [
        (Limit("filings of an address", settings.FILINGS_AN_HOUR_PER_ADDRESS, HOUR), subscriber_of(address)),
        (Limit("filings of a network", settings.FILINGS_AN_HOUR_PER_NETWORK, HOUR), network_of(address)),
    ]


def _crowded(form: SpamGuard, nonce: str, remaining: timedelta) -> Pause:
    seconds = ceil(remaining.total_seconds())
    text = ngettext(
        "За кратко време от Вашата мрежа са подадени много формуляри. Написаното е запазено. "
        "Изчакайте %(seconds)s секунда и го изпратете отново.",
        "За кратко време от Вашата мрежа са подадени много формуляри. Написаното е запазено. "
        "Изчакайте %(seconds)s секунди и го изпратете отново.",
        seconds,
    )
    form.add_error(None, text % {"seconds": seconds})
    return Pause(UNPROCESSABLE, challenge=new_challenge(nonce))


@cache
def _registered(model: type[models.Model]) -> Callable[..., list[Any]]:
    """The question whether a row of `model` came with a form."""

    @question
    def by_form(digest: str) -> Any:
        return model._default_manager.filter(form_digest=digest).values_list("pk")[:1]

    return by_form


def _flooded(form: SpamGuard, hour: Iterable[Standing], now: datetime) -> Pause:
    retry_after = max(standing.retry_after for standing in hour if standing.is_beyond(FLOOD))
    text = gettext(
        "От Вашата мрежа идват необичайно много формуляри и за малко спряхме да ги приемаме. Написаното е запазено на "
        "тази страница – изпратете го отново след %(time)s ч. Можете да го подадете и на гише, по пощата или по имейл: "
        "адресите са в края на страницата."
    )
    # Rounded up to a whole minute: a time without seconds must not be too early.
    again_at = timezone.localtime(now + retry_after + timedelta(seconds=59))
    form.add_error(None, text % {"time": f"{again_at:%H:%M}"})
    return Pause(TOO_MANY, retry_after=retry_after)
