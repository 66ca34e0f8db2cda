"""A stranger's file is opened in a process that can do no harm and is not waited for for ever."""

import io
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryFile

import pikepdf
import pytest

from samokov_portal.files import cell
from samokov_portal.files.kinds import KINDS
from samokov_portal.files.refusals import Busy, Damaged, FileRefused, ImageTooLarge, TooHeavy
from tests.files.makers import MARK, document, jpeg, pdf_bytes, png_header


def apart(content: bytes) -> tuple[str, bytes]:
    with TemporaryFile() as received, TemporaryFile() as kept:
        received.write(content)
        received.flush()
        kind = cell.clean_apart(received, kept)
        kept.seek(0)
        return kind, kept.read()


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Another program in the place of the child, as if a file had taken it over."""

    def becomes(script: str) -> None:
        program = tmp_path / "child"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o700)
        monkeypatch.setattr(sys, "executable", str(program))

    return becomes


def test_child_cleans_as_the_cleaner_does() -> None:
    kind, kept = apart(jpeg())

    assert (kind, MARK in kept, kept[:2]) == ("jpeg", False, b"\xff\xd8")


def test_server_itself_never_loads_what_reads_files_of_strangers() -> None:
    question = "import sys, samokov_portal.files.door; print({'PIL', 'pillow_heif', 'pikepdf'} & {*sys.modules})"

    answer = subprocess.run([sys.executable, "-c", question], cwd=cell.ROOT, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "set()"


def test_refusal_of_the_child_is_ours_with_its_facts() -> None:
    with pytest.raises(ImageTooLarge) as refused:
        apart(png_header(9000, 9000))

    assert refused.value.facts["megapixels"] == "50"


def bomb_of_objects() -> bytes:
    """A document whose table of objects is packed a thousandfold, to half a gigabyte."""
    packer = zlib.compressobj(9)
    zeros = b"\0" * (16 * 1024 * 1024)
    packed = b"".join([*(packer.compress(zeros) for _time in range(32)), packer.flush()])
    head = b"%PDF-1.5\n"
    table = (
        b"1 0 obj\n<< /Type /XRef /Size 9 /W [1 2 1] /Root 2 0 R /Filter /FlateDecode /Length %d >>\nstream\n"
        % len(packed)
    )
    return head + table + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(head)


def test_document_that_unpacks_to_gigabytes_is_refused() -> None:
    with pytest.raises(FileRefused):
        apart(bomb_of_objects())


def test_stream_that_unpacks_to_gigabytes_stays_packed() -> None:
    pdf = document()
    packed = zlib.compress(b"\0" * 300_000_000, 9)
    pdf.pages[0].obj.Contents = pikepdf.Stream(pdf, b"")
    pdf.pages[0].obj.Contents.write(packed, filter=pikepdf.Name.FlateDecode)

    _kind, kept = apart(pdf_bytes(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none))

    assert packed in kept


def test_child_may_not_take_more_memory_than_its_bound() -> None:
    greedy = "from samokov_portal.files.cell import *; bound_this_process(); bytearray(MEMORY_BYTES)"

    done = subprocess.run([sys.executable, "-c", greedy], cwd=cell.ROOT, capture_output=True, text=True, check=False)

    assert done.stderr.strip().endswith("MemoryError")


@pytest.mark.parametrize("signal", ["SEGV", "KILL", "XCPU", "ABRT"])
def test_file_that_kills_the_child_is_refused(child: Callable[[str], None], signal: str) -> None:
    child(f"kill -{signal} $$")

    with pytest.raises(TooHeavy):
        apart(b"x")


def test_file_that_keeps_the_child_busy_is_refused(
    child: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    child("exec sleep 30")
    monkeypatch.setattr(cell, "WALL_SECONDS", 0.2)

    with pytest.raises(TooHeavy):
        apart(b"x")


def test_child_is_given_no_secret(child: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    child("env; exit 1")

    with pytest.raises(cell.CellFailed) as failed:
        apart(b"x")

    assert "secret" not in str(failed.value)


@pytest.mark.parametrize(
    "answer", ["", "kept", "kept exe", "refused", "refused Exception", "refused SystemExit", "help"]
)
def test_child_that_was_taken_over_can_say_nothing_but_the_agreed(child: Callable[[str], None], answer: str) -> None:
    child(f"printf '{answer}'")

    with pytest.raises(cell.CellFailed):
        apart(b"x")


def test_fault_of_ours_is_not_blamed_on_the_file(child: Callable[[str], None]) -> None:
    child("echo 'No module named pikepdf' >&2; exit 1")

    with pytest.raises(cell.CellFailed, match="No module named pikepdf"):
        apart(b"x")


def test_file_that_finds_all_cells_taken_is_sent_back_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell, "PATIENCE_SECONDS", 0.05)
    for _cell in range(cell.CELLS):
        cell.free_cells.acquire()

    try:
        with pytest.raises(Busy):
            apart(b"x")
    finally:
        cell.free_cells.release(cell.CELLS)


def test_cell_is_free_again_after_a_refusal() -> None:
    for _time in range(cell.CELLS + 1):
        with pytest.raises(Damaged):
            apart(jpeg()[:300])


def test_every_kind_has_a_name_that_ends_as_it_should() -> None:
    assert sorted(kind.extension for kind in KINDS.values()) == sorted(
        ["jpg", "png", "webp", "pdf", "docx", "xlsx", "odt", "ods", "txt"]
    )


def test_writing_to_memory_is_not_asked_of_a_child() -> None:
    with pytest.raises(io.UnsupportedOperation):
        cell.clean_apart(io.BytesIO(b"x"), io.BytesIO())
