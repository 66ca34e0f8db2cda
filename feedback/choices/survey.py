"""How senders rate an answer, what the survey asks, and how oral enquiries end."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
