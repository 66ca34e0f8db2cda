"""Files made to do harm to whoever verifies them."""

import io
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

from charter import inspection
from charter.inspection import verify_apart
from charter.verification import Check
from samokov_portal.files.cell import CellFailed

# files made to do harm


def bomb() -> bytes:
    """A page whose content unpacks to two gigabytes."""
    squeezer = zlib.compressobj(9)
    block = b" " * 1024**2
    packed = b"".join(squeezer.compress(block) for _ in range(2048)) + squeezer.flush()
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.pages[0].Contents = pikepdf.Stream(made, packed, Filter=pikepdf.Name.FlateDecode)
        made.save(out, compress_streams=False)
    return out.getvalue()


def encrypted(password: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out, encryption=pikepdf.Encryption(owner="владетел", user=password))
    return out.getvalue()


def many_pages() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(600):
            made.add_blank_page()
        made.save(out)
    return out.getvalue()


def deep() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        inner = pikepdf.Array([])
        for _ in range(400):
            inner = pikepdf.Array([made.make_indirect(inner)])
        made.pages[0].Resources = pikepdf.Dictionary(Deep=inner)
        made.save(out)
    return out.getvalue()


def strange_objects() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.Root.Names = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=pikepdf.Array([1, 2, 3, 4])))
        made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda: b"", "not_pdf"),
        (lambda: "Доклад".encode(), "not_pdf"),
        (lambda: b"%PDF-1.7 and nothing else", "damaged"),
        (lambda: encrypted("тайна"), "encrypted"),
        (lambda: encrypted(""), "encrypted"),
        (bomb, "too_heavy"),
        (many_pages, "too_heavy"),
        (deep, "too_heavy"),
        (strange_objects, "damaged"),
    ],
)
def test_harmful_file_is_a_plain_verdict(make: Callable[[], bytes], found: str) -> None:
    assert verify_apart(make(), {}) == [Check("file", found)]


def test_child_that_is_killed_is_a_verdict_and_one_that_fails_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(code: int) -> Any:
        return lambda *args, **kwargs: inspection.subprocess.CompletedProcess(args, code, b"", b"Traceback\nreason")

    monkeypatch.setattr(inspection.subprocess, "run", ended(-9))
    assert verify_apart(b"%PDF-", {}) == [Check("file", "too_heavy")]

    monkeypatch.setattr(inspection.subprocess, "run", ended(1))
    with pytest.raises(CellFailed, match="reason"):
        verify_apart(b"%PDF-", {})
