"""The tally of what people ask and report at the counter or by phone."""

from datetime import datetime
from typing import Any

from django.db import transaction

from feedback.models import OralEnquiry
from samokov_portal.office.once import store_once
from samokov_portal.staff.models import StaffUser


def log_enquiry(*, nonce: str, values: dict[str, Any], by: StaffUser, now: datetime) -> tuple[OralEnquiry, bool]:
    """Store a question or problem, once for each form; returns it and whether it is new.

    Without `asked_at` it was raised just now. Raises FormAlreadyUsed.
    """

    @transaction.atomic
    def store(digests: dict[str, str]) -> OralEnquiry:
        facts = {**values, "asked_at": values["asked_at"] or now}
        return OralEnquiry.objects.create(**facts, **digests, recorded_by=by, recorded_at=now)

    return store_once(OralEnquiry, nonce=nonce, values=values, store=store)
