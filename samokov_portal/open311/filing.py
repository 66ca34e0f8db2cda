"""Filing a case for a person: the very action of the citizen's form, its limits and its promise; once, however often
a program repeats it after a lost answer.
"""

import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from feedback.actions.register import SAME_WITHIN, Filed, register_case
from feedback.models import Case
from samokov_portal.audit.origin import coming_from, current_origin
from samokov_portal.office.choices import Channel
from samokov_portal.office.limits import Limit, take_all
from samokov_portal.office.once import form_digest
from samokov_portal.office.registering import registering
from samokov_portal.office.spam import FLOOD, HOUR, TOO_MANY, hour_limits
from samokov_portal.open311.documents import Refused
from samokov_portal.open311.models import ApiKey, Filing

# What tells one sender from another.
SENDER = ("first_name", "last_name", "email", "phone", "device_id", "account_id")


def nonce_of(asked: QueryDict, key: ApiKey, now: datetime) -> str:
    """What stands for the form: the same for the same words of the same person with the same key within a day.

    So a repeated request gets the receipt of the first one, with its code. Where nothing tells who sends, each request
    is one of its own.
    """
    if not any(asked.get(name) for name in SENDER):
        return secrets.token_hex(16)
    said = json.dumps([key.pk, sorted((name, asked.getlist(name)) for name in asked if name != "api_key")])
    today = timezone.localtime(now).date()
    before, nonce = (
        salted_hmac("open311.nonce", f"{day}\x1f{said}", algorithm="sha256").hexdigest()[:32]
        for day in (today - timedelta(days=1), today)
    )
    lately = Case.objects.filter(form_digest=form_digest(before), registered_at__gte=now - SAME_WITHIN)
    return before if lately.exists() else nonce


def refuse_flood(key: ApiKey, *, nonce: str, address: str, now: datetime) -> None:
    """Count one under the key, the address and its network. Raises Refused past the limit of the key, or past that of
    the address at which the citizen's form too is not taken any more. What was registered already passes uncounted.
    """
    if Case.objects.filter(form_digest=form_digest(nonce)).exists():
        return
    of_key = (Limit("filings of an Open311 key", settings.OPEN311_AN_HOUR_PER_KEY, HOUR), key.digest)
    by_key, *by_address = take_all([of_key, *hour_limits(address)], now)
    over = [standing.retry_after for standing in by_address if standing.is_beyond(FLOOD)]
    if by_key.is_over:
        over.append(by_key.retry_after)
    if over:
        reason = _("За кратко време са подадени твърде много. Опитайте по-късно.")
        raise Refused(TOO_MANY, reason, retry_after=max(over))


@registering()
def file_case(*, values: dict[str, Any], nonce: str, key: ApiKey, now: datetime) -> tuple[Filed, Filing]:
    """Register the case as if it came from the citizen's form, and with which key; its history names the key.

    Raises FormAlreadyUsed when the same words came before with other files.
    """
    with coming_from(f"{current_origin()} open311 {key.prefix}".strip()):
        filed = register_case(
            nonce=nonce, values={**values, "channel": Channel.WEB}, received_at=now, registered_at=now
        )
    filing, _is_new = Filing.objects.get_or_create(case=filed.case, defaults={"key": key})
    return filed, filing
