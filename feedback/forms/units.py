"""The units to which work is given."""

from samokov_portal.office.kept_choices import kept_options
from services.models import Unit
from services.querysets import UnitQuerySet


def units_to_choose() -> UnitQuerySet:
    """Those within the municipality, by name."""
    return Unit.objects.exclude(parent=None).order_by("name")


unit_options = kept_options(units_to_choose, "services.Unit")
