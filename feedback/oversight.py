"""What the Secretary watches: the one table of heaps, each with its definition in words and the records in it.

The number on the page and the list behind it are the same question, so they cannot differ. No heap is about a person or
a unit, and none is ordered by either: a sign says where to look, not who did wrong.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.db.models import Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models import Case
from samokov_portal.legal.workdays import add_workdays
from samokov_portal.office.calendar import calendar_known
from samokov_portal.office.queue import NO_DAY, Place, counted_by, kept
from samokov_portal.staff.models import StaffUser
from services.models import Application

# So far ahead the Secretary is warned.
WORKDAYS_AHEAD = 5
# Nobody reads more of a heap one by one; counting further would cost as much as the heap is large.
MOST_COUNTED = 10_000


@dataclass(frozen=True)
class Frame:
    """The days that the heaps are asked about: today, the last day of the warning, and the running quarter."""

    today: date
    until: date
    start: datetime
    end: datetime

    @classmethod
    def at(cls, now: datetime) -> "Frame":
        """The frame at the aware moment `now`, by the working calendar known then. One query."""
        today = timezone.localtime(now).date()
        first = date(today.year, today.month - (today.month - 1) % 3, 1)
        end = date(first.year + (first.month == 10), (first.month + 2) % 12 + 1, 1)
        return cls(today, add_workdays(today, WORKDAYS_AHEAD, calendar_known()), _midnight(first), _midnight(end))

    @property
    def quarter(self) -> tuple[datetime, datetime]:
        return self.start, self.end


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class Heap:
    """Records that need the Secretary's eye: by what they are counted, and what it does and does not mean.

    `find` narrows all that a person may see; `by_day` says that the list is ordered by the day awaited next.
    """

    title: Any
    words: Any
    means: Any
    find: Callable[[Any, Frame], Any]
    by_day: bool = False
    of: Any = Case

    @property
    def is_of_applications(self) -> bool:
        return self.of is Application


PROMISES: dict[str, Heap] = {
    "breaking": Heap(
        _("Преписки със срок до пет работни дни"),
        _(
            "Отворени преписки, чийто следващ срок – за отговор, препращане, уведомяване или нов отговор – изтича днес "
            "или до края на петия работен ден от днес. Тези, чийто срок е спрял, докато подателят отговори, не са тук."
        ),
        _("Ако нищо не се направи, тези обещания ще бъдат нарушени."),
        lambda cases, frame: cases.awaiting_us(frame.today, frame.until),
        by_day=True,
    ),
    "services-breaking": Heap(
        _("Заявления със срок до пет работни дни"),
        _(
            "Заявления за услуги, които не са готови и чийто последен ден е днес или до петия работен ден от днес. "
            "Тези, чийто срок е спрял, докато заявителят отстранява недостатъци, не са тук."
        ),
        _("Ако нищо не се направи, тези обещания ще бъдат нарушени."),
        lambda rows, frame: rows.open().running().due_between(frame.today, frame.until + timedelta(days=1)),
        by_day=True,
        of=Application,
    ),
    "overdue": Heap(
        _("Преписки с вече изтекъл срок"),
        _("Отворени преписки, чийто следващ срок е минал. Тези, които чакат подателя със спрян срок, не са тук."),
        _("Обещанието вече е нарушено, а човекът още чака. Изтекъл срок порталът не допуска да се удължи."),
        lambda cases, frame: cases.awaiting_us(None, frame.today - timedelta(days=1)),
        by_day=True,
    ),
    "services-overdue": Heap(
        _("Заявления с вече изтекъл срок"),
        _("Заявления за услуги, които не са готови и чийто последен ден е минал. Тези със спрян срок не са тук."),
        _("Обещанието вече е нарушено, а човекът още чака."),
        lambda rows, frame: rows.open().running().filter(due_on__lt=frame.today),
        by_day=True,
        of=Application,
    ),
    "extensions": Heap(
        _("Поискани удължавания без отговор"),
        _("Преписки без решение, за които служител е поискал по-дълъг срок, а още няма отговор."),
        _(
            "Удължава само органът, който законът посочва, преди срокът да изтече (АПК, чл. 118, ал. 2 и чл. 121 – за "
            "проверка). Докато няма отговор, тече първоначалният срок."
        ),
        lambda cases, _frame: cases.awaiting_extension(),
        by_day=True,
    ),
    "unsent": Heap(
        _("Препращания, които не са тръгнали"),
        _("Преписки, за които поне едно писмо до компетентния орган още чака или не е доставено."),
        _("Преписката се брои за препратена едва когато писмото тръгне (АПК, чл. 112 – за проверка)."),
        lambda cases, _frame: cases.with_undelivered_forwarding(),
        by_day=True,
    ),
}
SIGNS: dict[str, Heap] = {
    "last-tenth": Heap(
        _("Приключени в последната десета от срока"),
        _(
            "Решени, препратени или оставени без производство през тримесечието, когато са изминали поне девет десети "
            "от дните между постъпването и последния ден, но не след него. Оттеглените от подателя не са тук."
        ),
        _(
            "Законът позволява да се решава до последния ден. Ако обаче много преписки чакат до края, вижте дали "
            "отговорите са по същество, или само спасяват срока."
        ),
        lambda cases, frame: cases.left_in_the_last_tenth(*frame.quarter),
    ),
    "reopened": Heap(
        _("Отворени отново до 14 дни"),
        _(
            "Подателят е поискал ново разглеждане през тримесечието, най-късно на четиринадесетия ден след деня, в "
            "който е уведомен за предишния отговор."
        ),
        _("Човек може и просто да не е доволен. Но може и да му е отговорено набързо, за да се спази срокът."),
        lambda cases, frame: cases.reopened_soon(*frame.quarter),
    ),
    "requalified": Heap(
        _("Определени за вид с по-дълъг срок"),
        _(
            "През тримесечието видът е сменен и от това последният ден за отговор се е отдалечил или е отпаднал "
            "(похвалата няма срок)."
        ),
        _(
            "Видът се определя по съдържанието, а не по името, което му е дал подателят. Прочетете причината: тя "
            "трябва да произтича от текста. Изтекъл срок остава пропуснат и под новия вид."
        ),
        lambda cases, frame: cases.requalified_longer(*frame.quarter),
    ),
    "entered-later": Heap(
        _("Въведени със задна дата"),
        _("Регистрирани през тримесечието като постъпили в по-ранен ден от деня на регистрацията."),
        _(
            "Срокът тече от постъпването, затова истинската дата трябва да се запише. Регистрирането обаче е "
            "задължително (АПК, чл. 111, ал. 2): вижте защо не е станало същия ден и дали не е чакано отговорът да е "
            "готов."
        ),
        lambda cases, frame: cases.entered_later(*frame.quarter),
    ),
    "suspended": Heap(
        _("Със срок, спрян малко преди края"),
        _(
            "През тримесечието на подателя е зададен въпрос, който спира срока, в последната десета от него или когато "
            "до последния ден остават най-много три дни."
        ),
        _(
            "Срокът спира само на основание от закона (ЗДОИ, чл. 29 – за проверка). Вижте дали неяснотата не е личала "
            "още при постъпването."
        ),
        lambda cases, frame: cases.suspended_at_the_end(*frame.quarter),
    ),
    "services-last-tenth": Heap(
        _("Заявления, приключени в последната десета от срока"),
        _(
            "Готови, отказани или оставени без производство през тримесечието, когато са изминали поне девет десети от "
            "дните между постъпването и последния ден, но не след него. Оттеглените от заявителя не са тук."
        ),
        _(
            "Законът позволява документът да е готов и в последния ден. Ако обаче много заявления чакат до края, вижте "
            "дали се работи по тях, или само се спасява срокът."
        ),
        lambda rows, frame: rows.left_in_the_last_tenth(*frame.quarter),
        of=Application,
    ),
    "services-entered-later": Heap(
        _("Заявления, въведени със задна дата"),
        _("Регистрирани през тримесечието като постъпили в по-ранен ден от деня на регистрацията."),
        _(
            "Срокът тече от постъпването, затова истинската дата трябва да се запише. Вижте защо не е станало същия "
            "ден и дали не е чакано документът да е готов."
        ),
        lambda rows, frame: rows.entered_later(*frame.quarter),
        of=Application,
    ),
    "services-suspended": Heap(
        _("Заявления със срок, спрян малко преди края"),
        _(
            "През тримесечието на заявителя са съобщени недостатъци, с което срокът е спрял, в последната десета от "
            "него или когато до последния ден остават най-много три дни."
        ),
        _("Вижте дали недостатъкът не е личал още при приемането на заявлението."),
        lambda rows, frame: rows.suspended_at_the_end(*frame.quarter),
        of=Application,
    ),
}
HEAPS: dict[str, Heap] = {**PROMISES, **SIGNS}


def found(code: str, *, user: StaffUser, frame: Frame) -> Any:
    """The records of the heap that `user` may see: never a case that is directed against them."""
    heap = HEAPS[code]
    rows = heap.find(heap.of.objects.seen_by(user), frame)
    if not heap.by_day:
        return rows.order_by("-pk")
    return rows.by_due_date() if heap.of is Application else rows.by_awaited_day()


@dataclass(frozen=True)
class Size:
    """How many records a heap has; where there are more than `MOST_COUNTED`, that many and more."""

    code: str
    heap: Heap
    count: int
    is_more: bool


# By what a person sees more or fewer records.
SEEING = (
    "feedback.view_case",
    "feedback.view_all_cases",
    "services.view_application",
    "services.view_all_applications",
)


def sizes(codes: Iterable[str], *, user: StaffUser, frame: Frame) -> dict[str, Size]:
    """The sizes of heaps by their codes; one query, which reads no more than `MOST_COUNTED` records of each."""
    may = tuple(user.has_perm(name) for name in SEEING)
    asked = {
        code: [kept(("heap", code, user.pk, may, frame), partial(_to_count, code, user, frame), ())] for code in codes
    }
    return {
        code: Size(code, HEAPS[code], min(count, MOST_COUNTED), count > MOST_COUNTED)
        for code, count in counted_by(asked, ()).items()
    }


def size_of(code: str, *, user: StaffUser, frame: Frame) -> Size:
    """The size of one heap; one query."""
    return sizes([code], user=user, frame=frame)[code]


def _to_count(code: str, user: StaffUser, frame: Frame) -> Any:
    rows = found(code, user=user, frame=frame).order_by()
    return rows.annotate(one=Value(1)).values("one")[: MOST_COUNTED + 1]


def following(heap: Heap, rows: Any, day: Any, key: int) -> Any:
    """What of the heap follows the record with this day and key."""
    if not heap.by_day:
        return rows.filter(pk__lt=key)
    if heap.of is Case:
        return rows.after(Place(day or NO_DAY, rows.letter, key))
    return rows.filter(Q(due_on__gt=day) | Q(due_on=day, pk__gt=key)) if day else rows


def place_of(heap: Heap, row: Any) -> str:
    """Where the record stands in its heap, for the address of the next page."""
    if not heap.by_day:
        return f"~{row.pk}"
    day = row.next_on if heap.of is Case else row.due_on
    return f"{day.isoformat() if day else ''}~{row.pk}"
