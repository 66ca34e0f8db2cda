"""Registration numbers in addresses."""

from django.urls import register_converter

from samokov_portal.office.numbers import NUMBER_IN_ADDRESS


class NumberConverter:
    """A number exactly as it stands on the receipt; anything else is not found."""

    regex = NUMBER_IN_ADDRESS

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "number")
