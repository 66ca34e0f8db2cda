"""Personal data with so much left out that only who knows them already tells whose they are."""

from samokov_portal.office.phones import phone_digits

HIDDEN = "…"
SHOWN_DIGITS = 3
FEW_DIGITS = 6


def masked_name(name: str) -> str:
    """The first name and the initials of the others: Мария И. С."""
    first, *others = name.split() or [""]
    return " ".join([first, *(f"{other[0]}." for other in others)])


def masked_phone(phone: str) -> str:
    """The last digits of a telephone: …456; nothing of one so short that they would tell it."""
    digits = phone_digits(phone)
    if not digits:
        return ""
    return HIDDEN + digits[-SHOWN_DIGITS:] if len(digits) >= FEW_DIGITS else HIDDEN


def masked_email(email: str) -> str:
    """The first letter and the provider of an address: м…@example.bg."""
    box, at, host = email.rpartition("@")
    return f"{box[:1]}{HIDDEN}@{host}" if at else ""
