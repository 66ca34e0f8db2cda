"""Work for the worker: drafts of services whose moment has come, and the links in drafts."""

from django.utils import timezone
from procrastinate.contrib.django import app

from services.actions.drafts import LIFE
from services.models import ServiceDraft


@app.periodic(cron="* * * * *")
@app.task(name="services.publish_scheduled", queueing_lock="services.publish_scheduled")
def publish_scheduled(timestamp: int) -> None:
    """Each minute, publish the drafts whose moment has come, each in a transaction of its own.

    `timestamp` is when it was due.
    """
    for draft_id in list(ServiceDraft.objects.due(timezone.now()).values_list("pk", flat=True)):
        LIFE.publish_due(draft_id, timezone.now())


@app.task(name="services.check_links")
def check_links(draft_id: int) -> None:
    """Ask every address in a draft whether it answers, and store what was found."""
    LIFE.check_links(draft_id, timezone.now())


def order_link_check(draft_id: int) -> None:
    """Have the links of a draft asked, in the transaction of the change that it is about."""
    check_links.defer(draft_id=draft_id)
