"""Work for the worker: what is kept only for a while."""

from django.utils import timezone
from procrastinate.contrib.django import app

from feedback.tracking import forget_failures


@app.periodic(cron="17 3 * * *")
@app.task(name="feedback.forget_tracking_failures")
def forget_tracking_failures(timestamp: int) -> None:
    """Each night, remove the wrong attempts that no longer slow anybody down. `timestamp` is when it was due."""
    forget_failures(now=timezone.now())
