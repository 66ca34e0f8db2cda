"""The one form for everything that comes: its fields, what each kind needs of them, and what follows from them."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.choices import NAMED_KINDS, Kind
from feedback.forms.fields import LongText, OneLine, text_input
from feedback.forms.matter import ANY_MATTER, CONTACT, EARLIEST, MATTER, NAMELESS_KINDS, REACHED_BY, standards
from feedback.forms.uploads import UploadForm
from feedback.models import Case
from samokov_portal.frontdesk.people import Person, person_of
from samokov_portal.frontdesk.wanted import SERVICE, chosen
from samokov_portal.office.choices import Channel
from samokov_portal.office.forms import DESK_CHANNELS, MomentField, ReceiptForm, plain_helper
from samokov_portal.office.once import BadToken, issued_at
from samokov_portal.staff.models import StaffUser
from services.actions import NotOffered, offer_of
from services.choices import Speed
from services.models import Service, Settlement, Visit

LONGEST_COUNTER = Visit._meta.get_field("counter").max_length
LONGEST_WAIT_MINUTES = 600
MOST_VISITS = 20
LONGEST_SUBJECT = Case._meta.get_field("subject").max_length or 0
LONGEST_PHONE = Case._meta.get_field("phone").max_length or 0
HOURS = ["%H:%M", "%H.%M", "%H%M", "%H:%M:%S"]
# What stands closed until it is needed.
SELDOM = ("email", "address", "nameless", *sorted(ANY_MATTER - {"text"}))
# A complaint is written (АПК, чл. 84, ал. 1).
WRITTEN_KINDS = frozenset({Kind.COMPLAINT})
# Which key beside Alt leads to which field.
KEYS = {
    "what": "1",
    "name": "2",
    "phone": "3",
    "text": "4",
    "attachments": "5",
    "channel": "6",
    "came_at": "7",
    "counter": "8",
    "received_at": "9",
}


def clock_field(label: Any, **attrs: str) -> forms.TimeField:
    """An hour as people write it: 9:48, 9.48 or 0948."""
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short", **attrs})
    said = {"invalid": _("Напишете часа така: 9:48.")}
    return forms.TimeField(label=label, required=False, input_formats=HOURS, widget=widget, error_messages=said)


class RadiosWithAKey(forms.RadioSelect):
    """A choice whose access key leads to its first option: the same key on each of them would lead nowhere for sure."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        if option["index"] != "0":
            option["attrs"].pop("accesskey", None)
        return option


class EntryForm(UploadForm, ReceiptForm):
    """Whatever comes in person, by phone, post or e-mail: what, from whom, what they say, how and when it came."""

    what = OneLine(
        label=_("Какво постъпва"),
        max_length=350,
        help_text=_("Две букви от името или номерът на услугата: си – сигнал, 2052 – удостоверение за раждане."),
    )
    speed = forms.ChoiceField(
        label=_("Поръчка"), choices=Speed.choices, initial=Speed.ORDINARY, required=False, widget=forms.RadioSelect
    )
    name = OneLine(label=_("Име и фамилия"), max_length=150, required=False, widget=text_input())
    phone = OneLine(label=_("Телефон"), max_length=150, required=False, widget=text_input(type="tel"))
    text = LongText(
        label=_("Какво казва или иска"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Без ЕГН и здравни данни."),
    )
    email = forms.EmailField(label=_("Имейл"), max_length=150, required=False)
    address = OneLine(label=_("Адрес за писма"), max_length=250, required=False, widget=text_input())
    nameless = forms.BooleanField(label=_("Не иска да се назове"), required=False)
    subject = OneLine(
        label=_("Накратко"),
        max_length=LONGEST_SUBJECT,
        required=False,
        help_text=_("Празно: първите думи от текста."),
    )
    act_reference = OneLine(label=_("Кой акт се оспорва"), max_length=200, required=False)
    happened_on = forms.DateField(label=_("Кога се е случило или е съобщен актът"), required=False)
    settlement = forms.ModelChoiceField(
        label=_("Населено място"),
        required=False,
        queryset=Settlement.objects.in_order(),
        empty_label=_("не е посочено"),
    )
    place = OneLine(label=_("Улица, номер или ориентир"), max_length=200, required=False)
    service = forms.ModelChoiceField(
        label=_("За коя услуга е"),
        required=False,
        queryset=Service.objects.order_by("name", "pk"),
        empty_label=_("не се отнася за услуга"),
    )
    standard: Any = forms.ModelChoiceField(
        label=_("Кое обещание от хартата"), required=False, queryset=None, empty_label=_("не може да се прецени")
    )
    channel = forms.ChoiceField(
        label=_("Как постъпи"), choices=DESK_CHANNELS, initial=Channel.COUNTER, widget=RadiosWithAKey
    )
    is_oral = forms.BooleanField(
        label=_("Казано устно – пише се протокол"), required=False, help_text=_("По телефона е винаги устно.")
    )
    came_at = clock_field(_("Дойде в"))
    called_at = clock_field(_("Повикан в"))
    counter = forms.CharField(label=_("Гише"), max_length=LONGEST_COUNTER, required=False)
    visit_number = forms.IntegerField(
        label=_("Кое идване е"),
        required=False,
        min_value=1,
        max_value=MOST_VISITS,
        initial=1,
        help_text=_("2, ако вече е бил върнат веднъж."),
    )
    due_told = forms.BooleanField(label=_("Казах крайния срок"), required=False)
    received_at = MomentField(
        label=_("Кога постъпи"),
        required=False,
        help_text=_("Празно – сега. Иначе например 23.11.2026 14:05."),
        error_messages={"invalid": _("Напишете деня и часа така: 23.11.2026 14:05.")},
    )
    # From whose case or application the contact is copied; never the data themselves.
    person = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    # Counted from the two hours.
    waited_minutes = None  # type: ignore[assignment]
    # As they stand on the page, so that the summary names what is wrong in the order in which it is found.
    field_order = (
        *("token", "person", "what", "name", "phone", "text", "attachments", "email", "address", "nameless"),
        *("subject", "act_reference", "happened_on", "settlement", "place", "service", "standard", "channel"),
        *("is_oral", "came_at", "called_at", "counter", "visit_number", "received_at", "late_reason", "speed"),
        "due_told",
    )

    def __init__(self, *args: Any, now: datetime, by: StaffUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.by = now, by
        promises: Any = self.fields["standard"]
        promises.queryset = standards()
        self.chosen: Kind | Service | None = None
        self.is_now = False
        self.fields["what"].widget.attrs["list"] = "what-offers"
        if not self.is_bound:
            # Where it is known what comes, the next key is of the name.
            first = "name" if self.initial.get("what") else "what"
            self.fields[first].widget.attrs["autofocus"] = True
        self.fields["late_reason"].widget.attrs["list"] = "late-reasons"
        for name in ("what", *CONTACT, "counter", "subject", "place"):
            # The browser must not offer the clerk's own data, or somebody else's.
            self.fields[name].widget.attrs["autocomplete"] = "off"
        for name, key in KEYS.items():
            self.fields[name].widget.attrs["accesskey"] = key
        self.helper = plain_helper()

    @property
    def code(self) -> str:
        """The kind that is entered, or SERVICE; empty while it is not known."""
        said = str(self["what"].value() or "")
        found = self.chosen or (chosen(said, self.by) if said else None)
        return SERVICE if isinstance(found, Service) else str(found.value) if found else ""

    @property
    def more_is_open(self) -> bool:
        """Whether something of what is seldom needed is filled in, or wrong."""
        return any(self[name].value() or (self.is_bound and self[name].errors) for name in SELDOM)

    @property
    def person_before(self) -> Person | None:
        """Whose contact was chosen, to be shown masked."""
        number = str(self["person"].value() or "")
        return person_of(number, self.by) if number else None

    def clean_what(self) -> str:
        """The thing itself goes into `chosen`; where several fit, the page asks which."""
        said: str = self.cleaned_data["what"]
        self.chosen = chosen(said, self.by)
        if self.chosen is None:
            raise forms.ValidationError(_("Изберете от предложените: няма точно такъв вид или услуга."))
        kind = isinstance(self.chosen, Kind)
        # Each register has its own permission to date back.
        self.may_backdate = self.by.has_perm("feedback.backdate_case" if kind else "services.backdate_application")
        return said

    def clean_received_at(self) -> datetime:
        """Empty is now; `moments` still says that it was empty, so that a second press says the same."""
        self.is_now = self.cleaned_data["received_at"] is None
        return self.now if self.is_now else super().clean_received_at()

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if "://" in name or "www." in name.lower():
            raise forms.ValidationError(_("Напишете само името, без адреси на страници."))
        return name

    def clean_happened_on(self) -> Any:
        happened_on = self.cleaned_data["happened_on"]
        if happened_on is not None and not EARLIEST <= happened_on <= timezone.localtime(self.now).date():
            raise forms.ValidationError(_("Проверете датата: тя трябва да е отминала и след 1990 г."))
        return happened_on

    def clean_person(self) -> str:
        number: str = self.cleaned_data["person"]
        if number and person_of(number, self.by) is None:
            raise forms.ValidationError(_("Този човек вече не може да се вземе оттам. Напишете данните му."))
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._copy_person(cleaned)
        self._say_how(cleaned)
        if isinstance(self.chosen, Service):
            self._check_application(self.chosen, cleaned)
        elif self.chosen is not None:
            self._check_case(self.chosen, cleaned)
        return cleaned

    def _copy_person(self, cleaned: dict[str, Any]) -> None:
        """What is not typed comes from the chosen person."""
        person = person_of(cleaned["person"], self.by) if cleaned.get("person") else None
        for name in CONTACT if person else ():
            if not cleaned.get(name) and name not in self.errors:
                cleaned[name] = getattr(person, name)

    def _say_how(self, cleaned: dict[str, Any]) -> None:
        """Of the counter only what came there; how long the person waited; whether it was said or written."""
        channel = cleaned.get("channel")
        said = cleaned.get("is_oral") if channel == Channel.COUNTER else channel == Channel.PHONE
        cleaned["is_oral"] = bool(said) and self.chosen not in WRITTEN_KINDS
        if channel != Channel.COUNTER:
            # Offered from the entry before, so it is no mistake of the clerk's.
            cleaned |= {"counter": "", "visit_number": None, "waited_minutes": None}
        else:
            cleaned["waited_minutes"] = self._waited(cleaned.get("came_at"), cleaned.get("called_at"))

    def _waited(self, came_at: time | None, called_at: time | None) -> int | None:
        """How many minutes passed from the ticket to the call, by default that of the opened page; None unknown."""
        if came_at is None:
            return None
        minutes = minute_of(called_at or self._opened_at()) - minute_of(came_at)
        if not 0 <= minutes <= LONGEST_WAIT_MINUTES:
            self.add_error("came_at", _("Човекът е дошъл, преди да бъде повикан. Проверете часовете."))
            return None
        return minutes

    def _opened_at(self) -> time:
        try:
            return timezone.localtime(issued_at(str(self["token"].value()))).time()
        except BadToken:
            return timezone.localtime(self.now).time()

    def _check_application(self, service: Service, cleaned: dict[str, Any]) -> None:
        cleaned["speed"] = cleaned.get("speed") or Speed.ORDINARY
        try:
            offer_of(service, cleaned["speed"])
        except NotOffered:
            self.add_error("speed", _("За тази услуга общината не е обявила по-бърз срок."))
        if not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", self._required("name"))
        if cleaned.get("phone") and cleaned.get("email") and not cleaned.get("person"):
            self.add_error("email", _("За заявление се пази едно: телефон или имейл."))

    def _check_case(self, kind: Kind, cleaned: dict[str, Any]) -> None:
        for name in ("text", *(["act_reference"] if kind == Kind.COMPLAINT else [])):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, self._required(name))
        if len(cleaned.get("phone") or "") > LONGEST_PHONE:
            self.add_error("phone", _("Телефонът е твърде дълъг."))
        if cleaned.get("nameless"):
            self._check_nameless(kind, cleaned)
            return
        if kind in NAMED_KINDS and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", self._required("name"))
        if kind in NAMED_KINDS and not any(cleaned.get(name) or name in self.errors for name in REACHED_BY):
            self.add_error("phone", _("Напишете поне едно: телефон, имейл или адрес, за да може да се отговори."))

    def _check_nameless(self, kind: Kind, cleaned: dict[str, Any]) -> None:
        if kind not in NAMELESS_KINDS:
            self.add_error("nameless", _("Без име се регистрират само сигнал и предложение."))
        elif any(cleaned.get(name) for name in CONTACT):
            self.add_error("nameless", _("Махнете отметката или изтрийте името и данните за връзка."))

    def _required(self, name: str) -> Any:
        return self.fields[name].error_messages["required"]

    def take_files(self, *, now: datetime, by: StaffUser | None = None) -> bool:
        """As for every form; the register of applications keeps none, so nothing is lost without a word."""
        super().take_files(now=now, by=by)
        if isinstance(self.chosen, Service) and self.kept():
            self.add_error("attachments", _("Към заявление не се прилагат файлове: отбележете ги и ги махнете."))
        return self.is_valid()

    def moments(self) -> dict[str, Any]:
        """For the actions: `received_at` is None for what comes now."""
        return {"received_at": None if self.is_now else self.cleaned_data["received_at"], "registered_at": self.now}

    def _entered(self) -> dict[str, Any]:
        names = ("channel", "waited_minutes", "late_reason", "is_oral", "visit_number")
        return {name: self.cleaned_data[name] for name in names}

    def case_values(self, kind: Kind) -> dict[str, Any]:
        """The values of Case that belong to this kind."""
        cleaned = self.cleaned_data
        values = {name: cleaned[name] for name in (*MATTER[kind], *CONTACT)}
        values["subject"] = cleaned["subject"] or first_words(cleaned["text"])
        return {"kind": kind.value, **values, **self._entered()}

    def application_values(self, service: Service) -> dict[str, Any]:
        """The values of Application, with the counter and whether the last day was told."""
        cleaned = self.cleaned_data
        contact = {"applicant_name": cleaned["name"], "applicant_contact": cleaned["phone"] or cleaned["email"]}
        asked = {name: cleaned[name] for name in ("text", "speed", "counter", "due_told")}
        return {"service": service, **contact, **asked, **self._entered()}


def minute_of(hour: time) -> int:
    """Which minute of its day it is."""
    return hour.hour * 60 + hour.minute


def first_words(text: str) -> str:
    """What a text is about, for a list: its first line without its full stop, cut after a word."""
    line = " ".join(text.strip().partition("\n")[0].split())
    line = line[:-1] if line.endswith(".") and not line.endswith("..") else line
    if len(line) <= LONGEST_SUBJECT:
        return line
    whole_words = line[: LONGEST_SUBJECT - 1].rpartition(" ")[0]
    return whole_words.rstrip(",;:–-") + "…" if whole_words else line[:LONGEST_SUBJECT]
