"""The form of a draft, sent as a browser does."""

from typing import Any


def sent(page: Any, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the forms that a page shows."""
    form = page.context["form"]
    forms = [
        form.why,
        form.frame,
        form.details.management_form,
        *form.details,
        form.offers.management_form,
        *form.offers,
    ]
    values = {field.html_name: field.value() for part in forms for field in part}
    return {name: value for name, value in values.items() if value is not None and value is not False} | changes
