"""What a citizen sends, and what is said and done by that."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a citizen sends. The values stand in addresses of pages."""

    SIGNAL = "signal", _("сигнал")
    PROPOSAL = "proposal", _("предложение")
    COMPLAINT = "complaint", _("жалба срещу акт")
    ENQUIRY = "enquiry", _("запитване")
    PRAISE = "praise", _("похвала")
    INFORMATION = "information", _("искане за достъп до информация")

    @property
    def heading(self) -> str:
        """What the page on which it is filed is called."""
        return str(WORDING[self].heading)

    @property
    def use(self) -> str:
        """When to choose this kind."""
        return str(WORDING[self].use)

    @property
    def send(self) -> str:
        """What the button of the form says."""
        return str(WORDING[self].send)

    @property
    def registered(self) -> str:
        """What the receipt says first."""
        return str(WORDING[self].registered)


@dataclass(frozen=True)
class Wording:
    """How a kind is spoken of where its grammatical gender or its use matters."""

    heading: Any
    use: Any
    send: Any
    registered: Any


WORDING: dict[str, Wording] = {
    Kind.SIGNAL: Wording(
        heading=_("Подайте сигнал"),
        use=_("Нещо не е наред: повреда, нередност, бездействие, злоупотреба, лошо или бавно обслужване."),
        send=_("Изпратете сигнала"),
        registered=_("Сигналът е регистриран"),
    ),
    Kind.PROPOSAL: Wording(
        heading=_("Направете предложение"),
        use=_("Имате идея как общината да работи по-добре или как да се реши въпрос, който зависи от нея."),
        send=_("Изпратете предложението"),
        registered=_("Предложението е регистрирано"),
    ),
    Kind.COMPLAINT: Wording(
        heading=_("Подайте жалба срещу акт"),
        use=_("Не сте съгласни с акт на общината, който засяга Вас: заповед, отказ, разрешение."),
        send=_("Изпратете жалбата"),
        registered=_("Жалбата е регистрирана"),
    ),
    Kind.ENQUIRY: Wording(
        heading=_("Изпратете запитване"),
        use=_("Искате да научите нещо за работата на общината или за нейна услуга."),
        send=_("Изпратете запитването"),
        registered=_("Запитването е регистрирано"),
    ),
    Kind.PRAISE: Wording(
        heading=_("Изпратете похвала"),
        use=_("Някой Ви е помогнал добре и искате да се знае."),
        send=_("Изпратете похвалата"),
        registered=_("Похвалата е регистрирана"),
    ),
    Kind.INFORMATION: Wording(
        heading=_("Поискайте достъп до информация"),
        use=_("Искате документ или сведения, които общината пази (ЗДОИ)."),
        send=_("Изпратете искането"),
        registered=_("Искането е регистрирано"),
    ),
}

# The letter of each register in a number such as С-2026-000123.
REGISTER_LETTERS: dict[str, str] = {
    Kind.SIGNAL: "С",
    Kind.PROPOSAL: "П",
    Kind.COMPLAINT: "Ж",
    Kind.ENQUIRY: "З",
    Kind.PRAISE: "Б",
    Kind.INFORMATION: "И",
}

# The legal term by which each kind is answered; praise has none.
ANSWER_TERMS: dict[str, str] = {
    Kind.SIGNAL: "signal-decision",
    Kind.PROPOSAL: "proposal-decision",
    Kind.COMPLAINT: "act-review",
    Kind.ENQUIRY: "enquiry-answer",
    Kind.INFORMATION: "information-decision",
}

# Kinds in which nothing can be done for somebody who cannot be answered (signals, proposals: АПК, чл. 111, ал. 4).
NAMED_KINDS = frozenset(Kind) - {Kind.PRAISE}

# Kinds of which several may be handled as one: what is answered is a question that many may ask. A complaint or a
# request for information is about its sender's own right, and is decided for that sender alone.
MERGED_KINDS = (Kind.SIGNAL, Kind.PROPOSAL, Kind.ENQUIRY)

# Kinds whose decision must be made known within seven days (АПК, чл. 118, ал. 1; чл. 123, ал. 1).
NOTIFIED_KINDS = (Kind.SIGNAL, Kind.PROPOSAL)
