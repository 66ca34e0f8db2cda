"""Where a case stands, what happens to it, and how it ends."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.choices.kinds import Kind


class Status(models.TextChoices):
    """Where a case stands. What came through the portal is received and registered at once."""

    REGISTERED = "registered", _("регистрирана")
    ASSIGNED = "assigned", _("възложена")
    CLARIFICATION = "clarification", _("чака уточнение")
    FORWARDING = "forwarding", _("препраща се")
    FORWARDED = "forwarded", _("препратена")
    DECIDED = "decided", _("с отговор")
    NOTIFIED = "notified", _("подателят е уведомен")
    CLOSED = "closed", _("приключена")
    REOPENED = "reopened", _("отворена отново")
    NO_PROCEEDINGS = "no_proceedings", _("без производство")
    WITHDRAWN = "withdrawn", _("оттеглена")


# On these somebody of the municipality still has something to do.
OPEN_STATUSES = (
    Status.REGISTERED,
    Status.ASSIGNED,
    Status.CLARIFICATION,
    Status.FORWARDING,
    Status.DECIDED,
    Status.REOPENED,
)
# On these the decision is still to be given for the first time.
UNDECIDED_STATUSES = (Status.REGISTERED, Status.ASSIGNED, Status.CLARIFICATION)


class Outcome(models.TextChoices):
    """How a case was decided; which of these fits which kind is said by OUTCOMES."""

    UPHELD = "upheld", _("уважен")
    PARTLY_UPHELD = "partly_upheld", _("частично уважен")
    NOT_UPHELD = "not_upheld", _("неоснователен")
    ACCEPTED = "accepted", _("прието")
    PARTLY_ACCEPTED = "partly_accepted", _("частично прието")
    NOT_ACCEPTED = "not_accepted", _("неприето")
    ANSWERED = "answered", _("отговорено")
    REFUSED = "refused", _("отказан достъп")
    NOTED = "noted", _("благодарим")


JUDGED = (Outcome.UPHELD, Outcome.PARTLY_UPHELD, Outcome.NOT_UPHELD)
OUTCOMES: dict[str, tuple[Outcome, ...]] = {
    Kind.SIGNAL: JUDGED,
    Kind.COMPLAINT: JUDGED,
    Kind.PROPOSAL: (Outcome.ACCEPTED, Outcome.PARTLY_ACCEPTED, Outcome.NOT_ACCEPTED),
    Kind.ENQUIRY: (Outcome.ANSWERED,),
    Kind.INFORMATION: (Outcome.ANSWERED, Outcome.REFUSED),
    Kind.PRAISE: (Outcome.NOTED,),
}
# „Жалба“ is feminine, the labels of Outcome agree with „сигнал“ and „предложение“.
FEMININE_OUTCOMES: dict[str, Any] = {
    Outcome.UPHELD: _("уважена"),
    Outcome.PARTLY_UPHELD: _("частично уважена"),
    Outcome.NOT_UPHELD: _("неоснователна"),
}


def outcome_in_words(kind: str, outcome: str) -> str:
    """The outcome in the grammatical gender of the kind; empty when there is none yet."""
    if not outcome:
        return ""
    words = FEMININE_OUTCOMES.get(outcome) if kind == Kind.COMPLAINT else None
    return str(words or Outcome(outcome).label)


class EventKind(models.TextChoices):
    """What can happen to a case; the citizen sees these in order of time."""

    REGISTERED = "registered", _("Регистрирана")
    ASSIGNED = "assigned", _("Възложена на звено")
    REQUALIFIED = "requalified", _("Определена е за друг вид")
    ASKED = "asked", _("Зададен е въпрос на подателя")
    REPLIED = "replied", _("Подателят отговори на въпроса")
    LAPSED = "lapsed", _("Няма отговор на въпроса")
    ADDED = "added", _("Подателят добави сведения")
    ATTACHED = "attached", _("Приложени са файлове")
    FORWARDING = "forwarding", _("Решено е да се препрати на компетентен орган")
    FORWARDED = "forwarded", _("Препратена на компетентен орган")
    CONFIRMED = "confirmed", _("Органът потвърди, че я е получил")
    EXTENDED = "extended", _("Срокът е удължен")
    MOVED = "moved", _("Срокът е преместен заради разместени почивни дни")
    DECIDED = "decided", _("Дадено е решение или отговор")
    NOTIFIED = "notified", _("Подателят е уведомен")
    CLOSED = "closed", _("Преписката е приключена")
    RATED = "rated", _("Подателят оцени отговора")
    REOPENED = "reopened", _("Отворена отново по искане на подателя")
    ENDED = "ended", _("Не се образува производство")
    MERGED = "merged", _("Разглежда се заедно с друга преписка по същия въпрос")
    JOINED = "joined", _("С нея се разглежда и друга преписка по същия въпрос")
    SEPARATED = "separated", _("Разглежда се отново самостоятелно")
    WITHDRAWN = "withdrawn", _("Оттеглена от подателя")


class DecreedDay(models.TextChoices):
    """Which last day of a case a decree moved; stored with the event, except of the answer, which is its own field."""

    ANSWER = "answer", _("срокът за отговор")
    LOOK = "look", _("срокът за новия отговор")
    QUESTION = "question", _("срокът, в който подателят може да отговори на въпроса")
    NOTICE = "notice", _("срокът за уведомяване на подателя")
    FORWARD = "forward", _("срокът за препращане")


class EndReason(models.TextChoices):
    """Why a case is ended without a decision; which of these fits which kind, and by which article: legal.grounds."""

    ANONYMOUS = "anonymous", _("подателят не е посочил име и данни за връзка")
    TOO_OLD = "too-old", _("нарушението е отпреди повече от две години")
    REPEATED = "repeated", _("по същия въпрос вече има решение и няма нови факти")
    LATE = "late", _("жалбата е подадена след срока")
    NO_INTEREST = "no-interest", _("актът не засяга права или интереси на подателя")
    NOT_CLARIFIED = "not-clarified", _("искането не е уточнено в срока за това")


class Extension(models.TextChoices):
    """On what ground a term is extended; for whom, how far and by which article: legal.grounds."""

    SIGNAL = "signal", _("особено важни причини")
    PROPOSAL = "proposal", _("нужно е повече време за проучване")
    VOLUME = "information-volume", _("голям обем на исканата информация")
    CONSENT = "information-consent", _("нужно е съгласие на трето лице")


class FileState(models.TextChoices):
    """What is known of an attached file; only a clean one, or one where no scanner is set up, is handed out."""

    CLEAN = "clean", _("проверен за вируси")
    UNSCANNED = "unscanned", _("непроверен за вируси")
    QUARANTINED = "quarantined", _("задържан, докато бъде проверен")
    INFECTED = "infected", _("заразен, не се отваря")
