"""How staff log in."""

from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.forms import TextInput

USERNAME_LETTERS = 150


class ShortUsername(AuthenticationForm):
    """Refuses a name that no account can have, before it reaches the tables that count failures."""

    username = UsernameField(max_length=USERNAME_LETTERS, widget=TextInput(attrs={"autofocus": True}))
