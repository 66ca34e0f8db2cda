"""On the English pages dates are typed as everywhere else in Bulgaria, day first, never as 03/04 for 4 March."""

from samokov_portal.formats.bg.formats import DATE_INPUT_FORMATS, DATETIME_INPUT_FORMATS

__all__ = ["DATETIME_INPUT_FORMATS", "DATE_INPUT_FORMATS"]
