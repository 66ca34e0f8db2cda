"""What a browser sends to the page on which everything is entered."""

from typing import Any

from samokov_portal.office.once import new_form_token

LOG = "/desk/log/"
CONTACT = {"name": "Мария Стоянова", "phone": "0888 123 456", "email": ""}


def entry(what: str = "сигнал", **changes: Any) -> dict[str, Any]:
    """An entry at the counter, a minute after the person was called; the clock of the test stands at 12:00."""
    filled = {
        "token": new_form_token(),
        "what": what,
        **CONTACT,
        "text": "От седмица не светят лампите по улицата.",
        "act_reference": "Заповед № 12" if what == "жалба срещу акт" else "",
        "channel": "counter",
        "came_at": "11:48",
        "called_at": "11:55",
        "visit_number": "1",
    }
    return {**filled, **changes}
