"""How staff log in."""

from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.forms import TextInput
from django.utils.translation import gettext_lazy as _

USERNAME_LETTERS = 150


class ShortUsername(AuthenticationForm):
    """Refuses a name that no account can have, before it reaches the tables that count failures."""

    # Django's own words read in Bulgarian as if small and capital letters were the same.
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("Грешен потребител или парола. Малките и главните букви са различни."),
    }

    username = UsernameField(max_length=USERNAME_LETTERS, widget=TextInput(attrs={"autofocus": True}))
