"""What may be entered: a kind of case or a service, by a few letters of its name or by its number."""

from dataclasses import dataclass

from feedback.choices import Kind
from samokov_portal.search.keyboards import readings
from samokov_portal.staff.models import StaffUser
from services.models import Service

SHORTEST = 2
MOST_OFFERED = 8
SERVICE = "service"
# What people call a kind beside its name.
ALSO: dict[str, tuple[str, ...]] = {
    Kind.SIGNAL: ("оплакване", "нередност"),
    Kind.PROPOSAL: ("идея",),
    Kind.COMPLAINT: ("обжалване",),
    Kind.ENQUIRY: ("въпрос", "питане"),
    Kind.PRAISE: ("благодарност",),
    Kind.INFORMATION: ("здои", "достъп до информация"),
}


@dataclass(frozen=True)
class Offer:
    """Something that may be entered. `code` is the kind, or SERVICE; `value` is what stands in the field for it."""

    code: str
    value: str
    about: str


def of_kind(kind: Kind) -> Offer:
    return Offer(kind.value, str(kind.label), kind.use)


def of_service(service: Service) -> Offer:
    return Offer(SERVICE, str(service), service.group.name)


def may_enter_services(user: StaffUser) -> bool:
    return user.has_perm("services.log_application")


def all_offers(user: StaffUser) -> list[Offer]:
    """Everything that `user` may enter: the kinds, then the services by name; one query."""
    services = Service.objects.with_frame().order_by("name", "pk") if may_enter_services(user) else ()
    return [*map(of_kind, Kind), *map(of_service, services)]


def offers(typed: str, user: StaffUser) -> list[Offer]:
    """The few that fit what was typed so far, best first; kinds, which are fewer, before services."""
    typed = typed.strip()
    if len(typed) < SHORTEST:
        return []
    found = [of_kind(kind) for kind in Kind if _begins(kind, typed)]
    if may_enter_services(user):
        found += map(of_service, Service.objects.matching(typed).with_frame()[:MOST_OFFERED])
    return found[:MOST_OFFERED]


def chosen(typed: str, user: StaffUser) -> Kind | Service | None:
    """What was typed in full, or is the only one that fits; None where it is to be asked."""
    said = " ".join(typed.replace("\x00", "").split()).casefold()
    kind = next((kind for kind in Kind if said in (kind.value, str(kind.label).casefold())), None)
    if kind is not None:
        return kind
    service = _service(said) if may_enter_services(user) else None
    if service is not None:
        return service
    fitting = offers(typed, user)
    if len(fitting) != 1:
        return None
    return Kind(fitting[0].code) if fitting[0].code != SERVICE else _service(fitting[0].value.casefold())


def _service(said: str) -> Service | None:
    """The service with this number or this name, as the field shows it."""
    number, _space, name = said.partition(" ")
    rows = Service.objects.with_frame()
    if number.isdecimal():
        found = rows.filter(number=number).first()
        return found if found is not None and name in ("", found.name.casefold()) else None
    return rows.filter(name__iexact=said).order_by("pk").first() if said else None


def _begins(kind: Kind, typed: str) -> bool:
    """Whether a name of the kind, or a word of it, begins so on some keyboard."""
    names = [str(kind.label).casefold(), *ALSO[kind]]
    beginnings = tuple(" ".join(words) for words in readings(typed))
    parts = [part for name in names for part in (name, *name.split())]
    return bool(beginnings) and any(part.startswith(beginnings) for part in parts)
