"""Counting what readers say of a page: anonymous, without cookies, and not often from one address."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from samokov_portal.office.limits import Limit, subscriber_of, take_all
from services.models import Service

DAY = timedelta(days=1)
# A household or an office has one address, so more than one opinion of a page may be honest.
OF_A_PAGE = Limit("opinions of a page", 3, DAY)
OF_ALL_PAGES = Limit("opinions of an address", 40, DAY)
COUNT = """
    INSERT INTO services_pagevotes AS votes (service_id, month, useful, useless)
    VALUES (%(service)s, %(month)s, %(useful)s, %(useless)s)
    ON CONFLICT (service_id, month) DO UPDATE
    SET useful = votes.useful + EXCLUDED.useful, useless = votes.useless + EXCLUDED.useless
"""


def count_vote(*, service: Service, is_useful: bool, address: str, now: datetime) -> bool:
    """Count an opinion of the page of `service`; False where enough came from `address` today."""
    subscriber = subscriber_of(address)
    standings = take_all([(OF_A_PAGE, f"{service.pk} {subscriber}"), (OF_ALL_PAGES, subscriber)], now)
    if any(standing.is_over for standing in standings):
        return False
    month = timezone.localtime(now).date().replace(day=1)
    values: dict[str, Any] = {
        "service": service.pk,
        "month": month,
        "useful": int(is_useful),
        "useless": int(not is_useful),
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
    return True
