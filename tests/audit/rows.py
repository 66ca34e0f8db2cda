"""A new row of each audited table, not stored yet, and a change of it."""

from collections.abc import Callable
from copy import copy
from datetime import date
from itertools import count
from typing import Any

from django.db import models

from charter.actions.drafts import charter_in_force
from charter.choices import Method
from charter.models import (
    CharterDraft,
    CharterVersion,
    Comment,
    Consultation,
    DraftPassage,
    Observation,
    Passage,
    Remark,
    Report,
    Section,
    Standard,
)
from feedback.choices import EventKind, FileState, Kind, LetterKind, Means
from feedback.models import (
    AnswerTemplate,
    Attachment,
    Body,
    Case,
    CaseEvent,
    ExtensionRequest,
    InternalNote,
    Letter,
    LetterTemplate,
    Question,
    Rating,
    Reopening,
)
from samokov_portal.office.models import WorkingDayOverride
from samokov_portal.open311.models import ApiKey
from samokov_portal.search.models import Synonym
from samokov_portal.staff.models import StaffUser
from services.documents import document_of
from services.models import (
    Application,
    ApplicationEvent,
    Authority,
    CatalogueImport,
    LifeEvent,
    LifeEventService,
    RepealedAct,
    Service,
    ServiceDetail,
    ServiceDraft,
    ServiceGroup,
    ServiceOffer,
    Settlement,
    Tenure,
    Unit,
    UnitMember,
    Visit,
)
from tests.factories import ApplicationFactory, CaseFactory, at

NOW = at("2026-11-23")


def twin(model: type[models.Model], **others: Any) -> models.Model:
    """A loaded row once more, under another key and with other unique values."""
    row = copy(model._default_manager.order_by("pk").first())
    assert row is not None
    row.pk, row._state.adding = None, True
    for name, value in others.items():
        setattr(row, name, value)
    return row


def version() -> CharterVersion:
    return twin(CharterVersion, number=9)  # type: ignore[return-value]


SERIAL = count(1)


def person() -> StaffUser:
    return StaffUser(username=f"nova{next(SERIAL)}", password="!")


def case() -> Case:
    return CaseFactory()


def event() -> CaseEvent:
    row = case()
    return CaseEvent.objects.create(case=row, kind=EventKind.REGISTERED, at=row.registered_at)


def application_event() -> ApplicationEvent:
    row = ApplicationFactory()
    return ApplicationEvent.objects.create(application=row, kind="received", at=row.registered_at)


def letter() -> Letter:
    told = event()
    return Letter(
        case=told.case, event=told, kind=LetterKind.RECEIVED, means=Means.PAPER, recipient="Мария Стоянова",
        address="ул. „Македония“ № 34", subject="Получихме", text="…", created_at=NOW,
    )  # fmt: skip


def stored(row: Any) -> Any:
    row.save()
    return row


def attachment() -> Attachment:
    return Attachment(
        case=case(), added_at=NOW, name="снимка.png", content_type="image/png", size=3, received_sha256="0" * 64,
        sha256="0" * 64, stored="2026/11/x", state=FileState.CLEAN,
    )  # fmt: skip


def visit() -> Visit:
    application = ApplicationFactory(is_sample=True)
    return Visit(
        application=application, at=application.received_at, counter="1", purpose="apply",
        recorded_at=application.received_at,
    )  # fmt: skip


def consultation() -> Consultation:
    return Consultation(title="Проект", why="?", opens_on=date(2026, 11, 1), closes_on=date(2026, 12, 1))


def comment() -> Comment:
    return Comment(
        consultation=stored(consultation()), number=1, words="Добре е.", at=NOW, form_digest="0" * 64,
        content_digest="0" * 64,
    )  # fmt: skip


def draft() -> ServiceDraft:
    """Of a service by another name."""
    service = Service.objects.get(number="2016")
    base = document_of(service)
    document = {**base, "name": "Ново име"}
    return ServiceDraft(
        service=service, slug=service.slug, document=document, base=base, why="проба", author=stored(person()),
        created_at=NOW,
    )  # fmt: skip


def charter_draft() -> CharterDraft:
    base = charter_in_force() or {}
    return CharterDraft(
        document={**base, "note": "Друго"}, base=base, why="проба", author=stored(person()), created_at=NOW
    )


BUILD: dict[type[models.Model], Callable[[], models.Model]] = {
    CharterVersion: version,
    CharterDraft: charter_draft,
    Synonym: lambda: Synonym(said="лодка", means="кораб", stems=["лодк"]),
    Section: lambda: twin(Section, position=99),
    Passage: lambda: twin(Passage, position=99),
    Remark: lambda: twin(Remark, position=99),
    Standard: lambda: twin(Standard, version=stored(version())),
    Consultation: consultation,
    DraftPassage: lambda: DraftPassage(
        consultation=stored(consultation()), position=1, heading="Чакане", proposed="15 минути"
    ),
    Comment: comment,
    Observation: lambda: Observation(
        standard=Standard.objects.earliest("pk"), on=NOW.date(), method=Method.MYSTERY, is_kept=True, recorded_at=NOW
    ),
    Report: lambda: Report(
        period="2026-Q1", period_start=date(2026, 1, 1), period_end=date(2026, 4, 1), as_of=NOW, prepared_at=NOW
    ),
    Attachment: attachment,
    Body: lambda: Body(name="Нов орган"),
    AnswerTemplate: lambda: AnswerTemplate(title="Нов образец", text="По преписка {number}: […]"),
    Case: lambda: unstored(case()),
    ExtensionRequest: lambda: ExtensionRequest(
        case=case(), ground="signal", due_on=NOW.date(), reason="Чакаме оглед.", asked_at=NOW, asked_by=stored(person())
    ),
    InternalNote: lambda: InternalNote(case=case(), text="Обадих се на ЕРП.", by=stored(person()), at=NOW),
    Letter: letter,
    LetterTemplate: lambda: removed_first(LetterTemplate),
    Question: lambda: Question(case=case(), text="Къде точно?", asked_at=NOW, asked_by=stored(person())),
    Rating: lambda: Rating(case=CaseFactory(decided=True), score=4, at=NOW),
    Reopening: lambda: Reopening(
        case=CaseFactory(decided=True),
        asked_at=NOW,
        reason="Не свети",
        term_code=Kind.SIGNAL,
        term_version="x",
        due_on=NOW.date(),
    ),
    WorkingDayOverride: lambda: WorkingDayOverride(
        day=date(2026, 12, 28), is_working=False, source="проба", gazette="ДВ, бр. 1", learnt_at=NOW
    ),
    ApiKey: lambda: ApiKey(name="Чист град", prefix="12345678", digest="0" * 64, created_at=NOW),
    Visit: visit,
    LifeEvent: lambda: LifeEvent(code="novo", name="Ново", about="Ново", position=99),
    LifeEventService: lambda: LifeEventService(
        event=LifeEvent.objects.get(code="birth"), service=Service.objects.get(number="1999"), position=99
    ),
    Application: lambda: unstored(ApplicationFactory()),
    ServiceGroup: lambda: twin(ServiceGroup, code="nova"),
    Service: lambda: twin(Service, slug="nova", number="9999"),
    ServiceOffer: lambda: ServiceOffer(service=Service.objects.earliest("pk"), speed="ordinary", source="проба"),
    ServiceDetail: lambda: twin(ServiceDetail, provider="друг"),
    Settlement: lambda: twin(Settlement, ekatte="99999"),
    Unit: lambda: twin(Unit, code="novo", kind="department", parent_id=Unit.objects.earliest("pk").pk),
    Authority: lambda: removed_first(Authority, kind="chair"),
    ServiceDraft: draft,
    CatalogueImport: lambda: CatalogueImport(
        name="регистър.csv",
        content=[[1, ["номер"]], [2, ["2016"]]],
        is_table=True,
        uploaded_by=stored(person()),
        uploaded_at=NOW,
    ),
    RepealedAct: lambda: RepealedAct(called="ЗОЗ", until_on=date(2020, 1, 1), source="проба"),
    Tenure: lambda: Tenure(authority=Authority.objects.get(kind="chair"), holder="Нов председател", source="проба"),
    UnitMember: lambda: UnitMember(user=stored(person()), unit=Unit.objects.earliest("pk")),
    StaffUser: person,
}
CHANGES: dict[type[models.Model], tuple[str, Any]] = {
    Synonym: ("means", "яхта"),
    CharterDraft: ("why", "Друго"),
    CharterVersion: ("title", "Друга харта"),
    Section: ("title", "Друг раздел"),
    Passage: ("text", "Друго"),
    Remark: ("text", "Друго"),
    Standard: ("text", "Друго обещание"),
    Consultation: ("why", "Друго"),
    DraftPassage: ("heading", "Друго"),
    Comment: ("answer", "Друго"),
    Observation: ("note", "Друго"),
    Report: ("period", "2026-Q2"),
    Attachment: ("name", "друга.png"),
    Body: ("name", "Друг орган"),
    AnswerTemplate: ("text", "Друго"),
    Case: ("subject", "Друго"),
    ExtensionRequest: ("reason", "Друго"),
    InternalNote: ("text", "Друго"),
    Letter: ("subject", "Друго"),
    LetterTemplate: ("subject", "Друго"),
    Question: ("text", "Друго?"),
    Rating: ("score", 1),
    Reopening: ("reason", "Друго"),
    WorkingDayOverride: ("source", "друго"),
    ApiKey: ("is_active", False),
    Visit: ("counter", "9"),
    LifeEvent: ("name", "Друго събитие"),
    LifeEventService: ("position", 98),
    Application: ("applicant_name", "Друг човек"),
    ServiceGroup: ("name", "Друга група"),
    Service: ("name", "Друга услуга"),
    ServiceOffer: ("source", "Друго"),
    ServiceDetail: ("text", "Друго"),
    Settlement: ("name", "Другаде"),
    Unit: ("name", "Друго звено"),
    Authority: ("note", "Друго"),
    ServiceDraft: ("why", "Друго"),
    CatalogueImport: ("name", "друг.csv"),
    RepealedAct: ("source", "друго"),
    Tenure: ("holder", "Друг председател"),
    UnitMember: ("unit_id", -1),
    StaffUser: ("last_name", "Друга"),
}


def unstored(row: Any) -> Any:
    """The row of a factory once more, under another number."""
    again = copy(row)
    again.pk, again._state.adding = None, True
    again.number = row.number[:-1] + "X"
    return again


def removed_first(model: type[models.Model], **others: Any) -> models.Model:
    """A loaded row as if it had not been loaded; its removal leaves its history."""
    row = model._default_manager.filter(**others).order_by("pk").first()
    assert row is not None
    again = copy(row)
    again.pk, again._state.adding = None, True
    row.delete()
    return again
