"""What an editor is told where a change of a draft is refused, and the forms that keep what was typed."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy

from samokov_portal.editing.life import (
    DraftChanged,
    DraftEnded,
    DraftRefused,
    NothingChanged,
    NotReady,
    PublishedChanged,
    TooEarly,
)

# Of a draft of any kind; that there is one already is said by each kind itself.
REFUSALS: dict[type[DraftRefused], Any] = {
    NothingChanged: gettext_lazy("Черновата казва същото като публикуваното. Променете нещо или я оттеглете."),
    DraftEnded: gettext_lazy("Черновата вече е публикувана или оттеглена."),
    DraftChanged: gettext_lazy("Междувременно колега промени черновата. Прочетете я, както стои сега, и опитайте пак."),
    PublishedChanged: gettext_lazy(
        "Публикуваното е променено, след като черновата е започната. Вижте разликите и я съобразете с него."
    ),
    NotReady: gettext_lazy("Черновата не може да се публикува, докато не се поправи отбелязаното."),
    TooEarly: gettext_lazy("Този момент е минал. Изберете бъдещ."),
}


def typed_again(request: HttpRequest, newest: int | None) -> QueryDict | None:
    """What was typed into a draft's forms, to be sent once more by who has now seen the change `newest`."""
    if "why" not in request.POST:
        return None
    typed = request.POST.copy()
    typed["seen"] = str(newest)
    return typed
