"""A moment as people write it, by the clock of Europe/Sofia, also in the nights in which that is changed."""

from datetime import UTC, datetime

import pytest
from django import forms

from samokov_portal.office.forms import MomentField


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("28.03.2026 03:30", datetime(2026, 3, 28, 1, 30, tzinfo=UTC)),
        ("29.03.2026 02:59", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("29.03.2026 04:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("25.10.2026 02:59", datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        # Struck twice, at 00:30 and 01:30 by UTC: the first.
        ("25.10.2026 03:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("25.10.2026 04:00", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_is_that_of_the_clock_in_sofia(written: str, moment: datetime) -> None:
    assert MomentField().clean(written) == moment


@pytest.mark.parametrize("written", ["29.03.2026 03:00", "29.03.2026 03:59"])
def test_an_hour_that_the_clock_leapt_over_is_told(written: str) -> None:
    with pytest.raises(forms.ValidationError, match="Напишете 04:00"):
        MomentField().clean(written)


@pytest.mark.parametrize("written", ["30.02.2026 10:00", "29.03.2026 24:00", "вчера"])
def test_what_is_no_moment_is_refused(written: str) -> None:
    with pytest.raises(forms.ValidationError, match="валидна дата"):
        MomentField().clean(written)
