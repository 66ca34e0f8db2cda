"""A file passes as clean only when the scanner says so in its own words."""

import io
import time
from typing import Any

import pytest

from samokov_portal.files.refusals import Infected
from samokov_portal.files.scanner import ScanState, scan
from tests.files import clamd

BAD = [
    clamd.dying,
    clamd.dying_before_its_last_word,
    clamd.hanging,
    clamd.dripping,
    clamd.babbling,
    clamd.full,
]


def test_without_a_scanner_the_file_is_unscanned(settings: Any) -> None:
    settings.CLAMAV_SOCKET = ""

    assert scan(io.BytesIO(clamd.EICAR)) == ScanState.UNSCANNED


@pytest.mark.parametrize("size", [1, 64 * 1024, 1_000_000])
def test_file_in_which_nothing_is_found_is_clean(settings: Any, size: int) -> None:
    with clamd.listening(clamd.honest) as settings.CLAMAV_SOCKET:
        assert scan(io.BytesIO(b"x" * size)) == ScanState.CLEAN


def test_virus_is_refused_by_its_name(settings: Any) -> None:
    with clamd.listening(clamd.honest) as settings.CLAMAV_SOCKET, pytest.raises(Infected) as refused:
        scan(io.BytesIO(b"x" * 100_000 + clamd.EICAR))

    assert refused.value.facts["signature"] == "Eicar-Test-Signature"


def test_whole_file_is_scanned_wherever_it_was_read_to(settings: Any) -> None:
    file = io.BytesIO(clamd.EICAR)
    file.read()

    with clamd.listening(clamd.honest) as settings.CLAMAV_SOCKET, pytest.raises(Infected):
        scan(file)


@pytest.mark.parametrize("behaviour", BAD)
def test_file_of_which_nothing_is_said_is_held(settings: Any, behaviour: clamd.Behaviour) -> None:
    settings.CLAMAV_TIMEOUT_SECONDS = 0.5
    began = time.monotonic()

    with clamd.listening(behaviour) as settings.CLAMAV_SOCKET:
        state = scan(io.BytesIO(b"x" * 3_000_000))
        waited = time.monotonic() - began

    assert (state, waited < 5) == (ScanState.QUARANTINED, True)


def test_file_is_held_when_the_scanner_is_absent(settings: Any, tmp_path: Any) -> None:
    settings.CLAMAV_SOCKET = str(tmp_path / "none")

    assert scan(io.BytesIO(b"x")) == ScanState.QUARANTINED
