"""The citizen's form as GeoReport v2 fills it in: the same fields and the same checks under the names of Open311."""

import math
from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import URLValidator
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from feedback.forms.matter import MATTER, MatterForm
from samokov_portal.office.once import form_token
from samokov_portal.open311.documents import Refused

# Fields of the form for which GeoReport has no parameter of its own: asked for by the service's definition.
ATTRIBUTES = ("subject", "act_reference", "happened_on", "settlement", "service", "standard", "address")
# By what rows are chosen; keys of the database are nobody's business.
CHOSEN_BY = {"settlement": "ekatte", "service": "slug", "standard": "code"}
# What the specification calls the other fields.
PARAMETERS = {
    "text": "description",
    "name": "first_name, last_name",
    "place": "address_string",
    "attachments": "media",
}
LONGEST_SUBJECT = 120
is_web_address = URLValidator(schemes=["http", "https"])


class OpenForm(MatterForm):
    """What a program sends for a person; unbound it says what a service's definition asks for."""

    def __init__(
        self,
        asked: QueryDict | None = None,
        media: list[Any] | None = None,
        *,
        kind: str,
        now: datetime,
        nonce: str = "",
    ) -> None:
        bound: tuple[Any, ...] = ()
        if asked is not None:
            values = {**filled_in(asked, kind), "token": form_token(nonce)}
            bound = (
                MultiValueDict({name: [value] for name, value in values.items()}),
                MultiValueDict({"attachments": media or []}),
            )
        super().__init__(*bound, kind=kind, now=now)
        for name, key in CHOSEN_BY.items():
            if name in self.fields:
                chosen: Any = self.fields[name]
                chosen.to_field_name = key

    def reasons(self) -> list[str]:
        """Why this cannot be registered, each with the name of the parameter; empty where it can."""
        return [
            f"{called(name)}: {text}" if name != NON_FIELD_ERRORS else str(text)
            for name, texts in self.errors.items()
            for text in texts
        ]


def called(name: str) -> str:
    """The parameter of a field."""
    return f"attribute[{name}]" if name in ATTRIBUTES else PARAMETERS.get(name, name)


def filled_in(asked: QueryDict, kind: str) -> dict[str, str]:
    """The fields of the form as the parameters say them. Raises Refused."""
    values = {name: asked.get(f"attribute[{name}]", "") for name in ATTRIBUTES}
    text, place = asked.get("description", "").strip(), place_of(asked)
    # Without a text the form comes back anyway, and says so once.
    values["subject"] = values["subject"] or first_line(text) or "–"
    values["happened_on"] = day_of(values["happened_on"])
    if "place" not in MATTER[kind]:
        text, place = (f"{text}\n\nМясто: {place}" if text and place else text), ""
    elif not place:
        raise Refused(400, _("Липсва място: изпратете lat и long, или address_string, или address_id."))
    return {
        **values,
        "text": with_media(text, asked.get("media_url", "").strip()),
        "place": place,
        "name": f"{asked.get('first_name', '')} {asked.get('last_name', '')}".strip(),
        "email": asked.get("email", ""),
        "phone": asked.get("phone", ""),
    }


def first_line(text: str) -> str:
    """What the text is about, where nobody says it: its first line, cut where it is too long."""
    line = " ".join(text.partition("\n")[0].split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1].rstrip()}…"


def day_of(said: str) -> str:
    """The day in Sofia of a moment in ISO 8601; any other text as it is, for the form to judge."""
    try:
        moment = datetime.fromisoformat(said)
        return timezone.localtime(moment).date().isoformat() if timezone.is_aware(moment) else moment.date().isoformat()
    except (ValueError, OverflowError):
        return said


def with_media(text: str, address: str) -> str:
    """The text with the address of a picture. Nobody opens it from here: it could lead into our own network."""
    if not address:
        return text
    try:
        is_web_address(address)
    except ValidationError:
        raise Refused(400, _("media_url: адресът трябва да започва с http:// или https://.")) from None
    return f"{text}\n\nАдрес на снимка от подателя (не е отварян): {address}" if text else text


def place_of(asked: QueryDict) -> str:
    """Where it is, in words and by coordinates (WGS84), as far as it is said. Raises Refused."""
    address_id = asked.get("address_id", "").strip()
    parts = [asked.get("address_string", "").strip(), f"address_id {address_id}" if address_id else "", point_of(asked)]
    return ", ".join(part for part in parts if part)


def point_of(asked: QueryDict) -> str:
    said = [asked.get(name, "").strip() for name in ("lat", "long")]
    if not any(said):
        return ""
    try:
        lat, long = (float(number) for number in said)
    except ValueError:
        raise Refused(400, _("lat и long: изпратете и двете като числа с десетична точка.")) from None
    if not (math.fabs(lat) <= 90 and math.fabs(long) <= 180):
        raise Refused(400, _("lat и long: няма такова място."))
    return f"{lat:.6f}, {long:.6f}"
