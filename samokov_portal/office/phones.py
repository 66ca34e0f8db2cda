"""Telephone numbers as people write them, compared by their digits."""

import re

from django.db.models import F, Func, Value

# Of a number in Bulgaria, written for calls from abroad, the country is the trunk zero that it stands for.
COUNTRY = "^(00)?359"
# Whatever else stands among the digits of a telephone; with letters it is something else, such as an e-mail.
WRITTEN = r"^[\d\s+()/.\-]*$"


def phone_digits(written: str) -> str:
    """The digits of a telephone number, the national form; empty where `written` is none: `+359 88 123` is `088123`."""
    return re.sub(COUNTRY, "0", re.sub(r"\D", "", written)) if re.match(WRITTEN, written) else ""


def phone_digits_in(column: str) -> Func:
    """The same of a column, in SQL, whatever the column holds: to be compared with digits that are not empty."""
    digits = Func(F(column), Value(r"\D"), Value(""), Value("g"), function="regexp_replace")
    return Func(digits, Value(COUNTRY), Value("0"), function="regexp_replace")
