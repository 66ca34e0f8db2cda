"""Closed lists used by more than one module."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from services.choices import Notice


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


class ExportFormat(models.TextChoices):
    """As what a work list is taken out. The values end the names of the files."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel (XLSX)"


class PrintKind(models.TextChoices):
    """What is printed many at once."""

    LETTERS = "letters", _("писма на хартия")
    LABELS = "labels", _("етикети за папки")


class PaperSize(models.TextChoices):
    """On what; the values are those of `samokov_portal.printing`."""

    A4 = "a4", _("А4")
    ROLL = "80", _("ролка 80 мм")


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


class LetterKind(models.TextChoices):
    """What a letter is about; each has a template that an editor can change."""

    RECEIVED = "received", _("получено и регистрирано")
    REQUALIFIED = "requalified", _("друг вид и друг срок")
    QUESTION = "question", _("въпрос към подателя")
    FORWARDING = "forwarding", _("преписката, до компетентния орган")
    FORWARDED = "forwarded", _("препратено")
    EXTENDED = "extended", _("удължен срок")
    MOVED = "moved", _("преместен срок")
    DECIDED = "decided", _("решение или отговор")
    REOPENED = "reopened", _("отворено отново")
    ENDED = "ended", _("без производство")
    WITHDRAWN = "withdrawn", _("оттеглено")


# Whatever a letter may be about: a case, or an application for a service.
LETTER_KINDS: tuple[LetterKind | Notice, ...] = (*LetterKind, *Notice)
LETTER_CHOICES = [*LetterKind.choices, *Notice.choices]


class Means(models.TextChoices):
    """How a letter goes out."""

    EMAIL = "email", _("по имейл")
    PAPER = "paper", _("на хартия")
    PHONE = "phone", _("по телефона")


class LetterState(models.TextChoices):
    QUEUED = "queued", _("чака изпращане")
    SENT = "sent", _("изпратено")
    FAILED = "failed", _("недоставено")


class FileState(models.TextChoices):
    """What is known of an attached file; only a clean one, or one where no scanner is set up, is handed out."""

    CLEAN = "clean", _("проверен за вируси")
    UNSCANNED = "unscanned", _("непроверен за вируси")
    QUARANTINED = "quarantined", _("задържан, докато бъде проверен")
    INFECTED = "infected", _("заразен, не се отваря")


class Score(models.IntegerChoices):
    """How the sender rates an answer."""

    VERY_BAD = 1, _("никак не ми помогна")
    BAD = 2, _("не ми помогна")
    MIDDLING = 3, _("помогна ми отчасти")
    GOOD = 4, _("помогна ми")
    VERY_GOOD = 5, _("много ми помогна")


# A score up to this one offers to re-open the case.
BAD_SCORE = Score.BAD


class InvitedBy(models.TextChoices):
    """How a person got the code."""

    EMAIL = "email", _("с писмо по имейл")
    RECEIPT = "receipt", _("с разписка")


class SurveySource(models.TextChoices):
    """How a person came to the survey."""

    EMAIL = "email", _("с код от писмо по имейл")
    RECEIPT = "receipt", _("с код от разписка")
    KIOSK = "kiosk", _("на таблет в общината")


class SurveyAbout(models.TextChoices):
    """What was answered about."""

    CASE = "case", _("преписка")
    APPLICATION = "application", _("заявление за услуга")
    COUNTER = "counter", _("обслужване на гише")


class Overall(models.IntegerChoices):
    VERY_BAD = 1, _("никак не съм доволен")
    BAD = 2, _("по-скоро не съм доволен")
    MIDDLING = 3, _("нито доволен, нито недоволен")
    GOOD = 4, _("доволен съм")
    VERY_GOOD = 5, _("много съм доволен")


class Speed(models.IntegerChoices):
    VERY_BAD = 1, _("много бавно")
    BAD = 2, _("бавно")
    MIDDLING = 3, _("нито бързо, нито бавно")
    GOOD = 4, _("бързо")
    VERY_GOOD = 5, _("много бързо")


class Clarity(models.IntegerChoices):
    VERY_BAD = 1, _("никак не беше ясно")
    BAD = 2, _("по-скоро не беше ясно")
    MIDDLING = 3, _("отчасти беше ясно")
    GOOD = 4, _("беше ясно")
    VERY_GOOD = 5, _("беше напълно ясно")


class Attitude(models.IntegerChoices):
    VERY_BAD = 1, _("много лошо")
    BAD = 2, _("лошо")
    MIDDLING = 3, _("нито добро, нито лошо")
    GOOD = 4, _("добро")
    VERY_GOOD = 5, _("много добро")


class AskedKnown(models.TextChoices):
    """Whether a document was asked for that the municipality already has."""

    NO = "no", _("не")
    YES = "yes", _("да")
    FORGOTTEN = "forgotten", _("не помня")


class OralKind(models.TextChoices):
    QUESTION = "question", _("въпрос")
    PROBLEM = "problem", _("проблем")


class OralChannel(models.TextChoices):
    COUNTER = "counter", _("на гише")
    PHONE = "phone", _("по телефона")


class OralResult(models.TextChoices):
    """How it ended; which of these fits which kind is said by RESULTS."""

    ANSWERED = "answered", _("отговорено на място")
    ASKED_IN_WRITING = "asked_in_writing", _("помолен да попита писмено")
    SOLVED = "solved", _("решен на място")
    TOLD = "told_what_and_when", _("казано какво ще направим и кога")
    NONE = "none", _("без отговор")


RESULTS: dict[str, tuple[OralResult, ...]] = {
    OralKind.QUESTION: (OralResult.ANSWERED, OralResult.ASKED_IN_WRITING, OralResult.NONE),
    OralKind.PROBLEM: (OralResult.SOLVED, OralResult.TOLD, OralResult.NONE),
}
# With these it is said in how many minutes.
TIMED = (OralResult.ANSWERED, OralResult.SOLVED)
