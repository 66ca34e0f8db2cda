"""Work for the worker, enqueued in the same transaction as what it is about."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from charter.actions import AlreadyPublished, attach_pdf
from charter.models import Report
from charter.pdf import render_report


@app.task(name="charter.render_report_pdf", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def render_report_pdf(report_id: int) -> None:
    """Render the PDF of a report and store it; one published meanwhile keeps the PDF it was published with."""
    report = Report.objects.get(pk=report_id)
    try:
        attach_pdf(report_id=report_id, pdf=render_report(report))
    except AlreadyPublished:
        return
