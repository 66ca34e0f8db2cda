"""A choice is rendered letter by letter as Django renders it."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from samokov_portal.office.rendering import PortalRenderer

CHOICES: list[Any] = [
    ("", _("всички")),
    ("a&b", "„Кавички“ и <b>"),
    (7, format_html("<i>{}</i>", "&")),
    ("Група <1>", [("x", "X"), ("y", 'Y"')]),
]


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.Select(choices=CHOICES), "x"),
        (forms.Select(choices=CHOICES), None),
        (forms.Select(choices=CHOICES, attrs={"required": True, "disabled": False, "data-a": '"<'}), 7),
        (forms.SelectMultiple(choices=CHOICES), ["a&b", "y"]),
        (forms.NullBooleanSelect(), True),
    ],
    ids=["chosen", "nothing", "attributes", "several", "yes or no"],
)
def test_a_choice_is_rendered_as_django_renders_it(widget: forms.Widget, value: Any) -> None:
    ours = widget.render("field", value, {"id": "id_field"}, renderer=PortalRenderer())

    assert ours == widget.render("field", value, {"id": "id_field"}, renderer=DjangoTemplates())


def test_options_of_another_template_are_left_to_it() -> None:
    class Coloured(forms.Select):
        option_template_name = "django/forms/widgets/radio_option.html"

    widget = Coloured(choices=CHOICES)

    ours = widget.render("field", "x", renderer=PortalRenderer())

    assert ours == widget.render("field", "x", renderer=DjangoTemplates())


def test_every_form_is_rendered_so() -> None:
    assert isinstance(get_default_renderer(), PortalRenderer)
