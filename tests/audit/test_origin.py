"""Each change says which request or which piece of work it comes from."""

from typing import Any

import pytest

from feedback.models import Case
from samokov_portal.audit.origin import coming_from, current_origin
from tests.frontdesk.entering import LOG, entry


@pytest.mark.django_db
def test_a_change_names_the_request_that_the_answer_names(as_role: Any, clock: Any) -> None:
    client = as_role("clerk")

    first = client.post(LOG, entry())
    second = client.get("/", headers={"X-Request-ID": "mine"})

    assert Case.objects.get().history.get().history_origin == f"request {first['X-Request-ID']}"
    assert len(first["X-Request-ID"]) == 32
    # Nobody outside chooses what is written.
    assert second["X-Request-ID"] not in ("mine", first["X-Request-ID"])


def test_work_inside_other_work_has_its_own_origin() -> None:
    with coming_from("command prepare"):
        with coming_from("task charter.render_report_pdf 7"):
            assert current_origin() == "task charter.render_report_pdf 7"
        assert current_origin() == "command prepare"
    assert current_origin() == ""


def test_an_origin_ends_also_with_an_error() -> None:
    with pytest.raises(ValueError, match="nothing"), coming_from("command x"):
        raise ValueError("nothing")

    assert current_origin() == ""
