"""A report checked by anybody: the command, the page, the qualified signature."""

import gzip
import io
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import page
import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import translation

from charter import pdf
from charter.choices import ReportStatus
from charter.freezing import Packed
from charter.inspection import verify_apart
from charter.management.commands import verify_report
from charter.models import Report
from charter.pades import BadCertificate, sign
from charter.pdf import render_report
from charter.verification import Check, first_difference, verify
from charter.views import verify as view
from charter.views.verify import said
from samokov_portal.files.cell import CellFailed
from samokov_portal.history import save_with_history
from samokov_portal.keys import as_pem, known_keys, make_key
from tests.charter.sealed import changed, flip_text, remove_attachment, replace_attachment
from tests.charter.test_pdf import stored_report

CASES = (
    "standard,row,state,extended,began_on,last_day,done_on,lasted\r\n"
    + "standard-3,1,kept,0,2024-07-01,2024-07-15,2024-07-05,\r\n" * 3
)


@pytest.fixture
def key_file(settings: Any, tmp_path: Path) -> Path:
    settings.REPORT_KEY_FILE = tmp_path / "keys" / "report.key"
    make_key(settings.REPORT_KEY_FILE)
    return Path(settings.REPORT_KEY_FILE)


@pytest.fixture
def report_pdf(db: None, key_file: Path) -> bytes:
    return render_report(stored_report())


@pytest.fixture
def with_cases(db: None, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A report of one standard with its records attached."""
    report = stored_report()
    report.figures.exclude(code="standard-3").delete()
    files, packed = pdf.data_files, Packed(gzip.compress(CASES.encode()))
    monkeypatch.setattr(pdf, "data_files", lambda *args: {**files(*args), "cases.csv": packed})
    return render_report(report)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-made certificate with its key, PKCS#12, password „тайна“."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Samokov")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, SHA256())
    )
    path = tmp_path / "seal.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(b"seal", key, made, None, BestAvailableEncryption("тайна".encode()))
    )
    return path


def command(tmp_path: Path, content: bytes, *arguments: str) -> str:
    path = tmp_path / "file.pdf"
    path.write_bytes(content)
    out = io.StringIO()
    call_command("verify_report", str(path), *arguments, stdout=out)
    return out.getvalue()


def problem(content: bytes, key_file: Path) -> tuple[str, str, dict[str, str]] | None:
    check = first_difference(verify(content, known_keys(key_file)))
    return None if check is None else (check.what, check.problem, check.facts)


# the command


def test_command_says_every_check_of_an_untouched_report(report_pdf: bytes, tmp_path: Path) -> None:
    said = command(tmp_path, report_pdf)

    assert "ok  manifest of the report for 2024-Q3, version 1\n" in said
    assert "ok  figures.csv is as it was attached\n" in said
    assert "--  no records are attached" in said
    assert said.endswith("Verified.\n")


def test_command_needs_no_database(
    report_pdf: bytes, tmp_path: Path, django_db_blocker: Any, django_assert_num_queries: Any
) -> None:
    with django_db_blocker.block():
        assert command(tmp_path, report_pdf).endswith("Verified.\n")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (replace_attachment("figures.json", b'"part": 1180', b'"part": 1190'), r"figures\.json is changed.*standard-0"),
        (replace_attachment("figures.csv", b",30512,", b",30513,"), r"figures\.csv is changed.*standard-1"),
        (remove_attachment("figures.csv"), r"figures\.csv is missing"),
        (remove_attachment("manifest.json"), "there is no manifest"),
        (remove_attachment("manifest.sig"), "not signed"),
        (flip_text(0), "page 1 is changed; standards on it: none"),
    ],
)
def test_command_names_the_first_difference_in_one_line(
    report_pdf: bytes, tmp_path: Path, change: Callable[[pikepdf.Pdf], None], said: str
) -> None:
    with pytest.raises(CommandError, match=said) as refusal:
        command(tmp_path, changed(report_pdf, change))

    assert "\n" not in str(refusal.value)


def test_command_takes_the_key_that_it_is_given(report_pdf: bytes, key_file: Path, tmp_path: Path) -> None:
    [ours] = key_file.parent.glob("*.pub")
    make_key(tmp_path / "others" / "report.key")
    [other] = (tmp_path / "others").glob("*.pub")

    assert command(tmp_path, report_pdf, "--key", str(other), "--key", str(ours)).endswith("Verified.\n")
    with pytest.raises(CommandError, match="unknown key"):
        command(tmp_path, report_pdf, "--key", str(other))
    with pytest.raises(CommandError, match="cannot be read"):
        command(tmp_path, report_pdf, "--key", str(tmp_path / "none.pub"))


def test_command_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_report", str(tmp_path / "none.pdf"))


# the records


def test_figures_come_out_the_same_from_the_attached_records(with_cases: bytes, key_file: Path) -> None:
    assert problem(with_cases, key_file) is None
    assert Check("recount", facts={"count": "1"}) in verify(with_cases, known_keys(key_file))


def test_changed_digit_in_the_records_names_the_figure(with_cases: bytes, key_file: Path) -> None:
    found = verify(changed(with_cases, replace_attachment("cases.csv", b"3,1,kept", b"3,1,late")), known_keys(key_file))

    wrong = [(check.what, check.facts) for check in found if not check.is_ok]
    assert wrong[0] == ("attachment", {"name": "cases.csv", "figures": ""})
    assert wrong[1] == ("recount", {"figure": "standard-3", "number": "part", "said": "3", "counted": "2"})


def test_records_that_cannot_be_counted_are_said_so(with_cases: bytes, key_file: Path) -> None:
    found = verify(changed(with_cases, replace_attachment("cases.csv", b"3,1,kept", b"3,1")), known_keys(key_file))

    assert Check("recount", "not_countable", {"name": "cases.csv"}) in found


# the qualified signature


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_qualified_signature_keeps_the_report_valid(
    settings: Any, key_file: Path, certificate: Path, db: None, profile: str
) -> None:
    settings.PADES_KEY_FILE, settings.PADES_PASSWORD = certificate, "тайна"

    signed = render_report(stored_report())

    assert list(page.validate_pdf_bytes(signed, profile=profile).failures) == []
    assert problem(signed, key_file) is None
    [seal] = [check for check in verify(signed, known_keys(key_file)) if check.what == "pades"]
    assert "Samokov" in seal.facts["signer"]


def test_changed_byte_breaks_the_qualified_signature(report_pdf: bytes, key_file: Path, certificate: Path) -> None:
    signed = sign(report_pdf, certificate, "тайна")
    at = signed.index(b"/Producer") if b"/Producer" in signed else signed.index(b"/CreationDate")
    other = bytearray(signed)
    other[signed.index(b"(", at) + 1] ^= 1

    assert [check.problem for check in verify(bytes(other), known_keys(key_file)) if check.what == "pades"] == [
        "broken"
    ]


def test_what_is_added_after_the_qualified_signature_breaks_it(
    report_pdf: bytes, key_file: Path, certificate: Path
) -> None:
    signed = sign(report_pdf, certificate, "тайна") + b"% more\n"

    assert problem(signed, key_file) in [("pades", "broken", {"signer": "Common Name: Samokov"})]


def test_why_a_qualified_signature_cannot_be_read_is_logged(
    report_pdf: bytes, key_file: Path, certificate: Path, caplog: pytest.LogCaptureFixture
) -> None:
    signed = bytearray(sign(report_pdf, certificate, "тайна"))
    at = signed.index(b"<3082", signed.index(b"/ByteRange") - 100_000)
    signed[at + 1 : at + 5] = b"ffff"

    checks = verify_apart(bytes(signed), known_keys(key_file))

    assert [(check.problem, check.facts) for check in checks if check.what == "pades"] == [("broken", {"signer": ""})]
    [record] = [record for record in caplog.records if record.name == "charter.inspection"]
    assert record.levelname == "WARNING"
    assert "Traceback" in record.getMessage()


def test_a_report_that_reads_well_leaves_nothing_in_the_log(
    report_pdf: bytes, key_file: Path, certificate: Path, caplog: pytest.LogCaptureFixture
) -> None:
    verify_apart(sign(report_pdf, certificate, "тайна"), known_keys(key_file))

    assert [record for record in caplog.records if record.name == "charter.inspection"] == []


def test_wrong_password_of_the_certificate_is_named(report_pdf: bytes, certificate: Path) -> None:
    with pytest.raises(BadCertificate):
        sign(report_pdf, certificate, "друга")


def test_every_cut_of_a_report_is_a_plain_verdict(report_pdf: bytes, key_file: Path) -> None:
    for twelfths in range(12):
        size = len(report_pdf) * twelfths // 12
        assert problem(report_pdf[:size], key_file) is not None


# the page


def post(client: Client, content: bytes) -> Any:
    return client.post("/reports/verify/", {"file": SimpleUploadedFile("any.pdf", content)})


def test_page_names_what_is_changed(report_pdf: bytes, client: Client) -> None:
    response = post(client, changed(report_pdf, replace_attachment("figures.json", b'"part": 1180', b'"part": 1190')))

    assert response.status_code == 200
    assert response.context["report"] is None
    assert "Приложеният файл figures.json е променен. Различни резултати: „standard-0“." in response.content.decode()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {"figure": "waiting-time", "number": "share", "said": "94.8", "counted": "93.8"},
            "Стандарт „Чакане на гише“: за „дял“ в доклада пише 94,8\u202f%, а от случаите излиза 93,8\u202f%.",
        ),
        (
            {"figure": "<b>", "number": "median", "said": "None", "counted": "1234"},
            "Стандарт „<b>“: за „половината – до“ в доклада пише няма, а от случаите излиза 1\u202f234.",
        ),
        (
            {"figure": "notify", "number": "verdict", "said": "kept", "counted": "Infinity"},
            "Стандарт „notify“: за „оценка“ в доклада пише спазен, а от случаите излиза Infinity.",
        ),
    ],
)
def test_a_difference_is_said_as_people_write_numbers(facts: dict[str, str], words: str) -> None:
    with translation.override("bg"):
        assert said(Check("recount", "differs", facts), {"waiting-time": "Чакане на гише"}) == words


def test_page_says_of_a_changed_report_of_ours_whose_it_is(report_pdf: bytes, client: Client, staff: Any) -> None:
    report = Report.objects.get()
    tampered = changed(report_pdf, replace_attachment("figures.json", b'"part": 1180', b'"part": 1190'))

    assert "Това е наш доклад, но е променен" not in post(client, tampered).content.decode()  # nobody published it
    given = {"status": ReportStatus.PUBLISHED, "pdf": report_pdf, "pdf_sha256": sha256(report_pdf).hexdigest()}
    for step in ("approved", "published"):
        given |= {f"{step}_by": staff["mayor"], f"{step}_at": datetime.now(UTC)}  # noqa: TID251
    for name, value in given.items():
        setattr(report, name, value)
    save_with_history(report, by=None, why="проба")
    said = post(client, tampered).content.decode()

    assert "Това е наш доклад, но е променен" in said
    assert f'href="{report.get_absolute_url()}"' in said
    assert "Това е наш доклад" not in post(client, report_pdf).content.decode()


def test_page_tells_a_sealed_draft_from_a_published_report(report_pdf: bytes, client: Client) -> None:
    said = post(client, report_pdf).content.decode()

    assert "файлът не е сред публикуваните" in said
    assert "Описът е подписан с ключ" in said


def test_page_says_of_a_file_that_is_none(db: None, client: Client) -> None:
    assert "Файлът не е PDF." in post(client, b"none").content.decode()


def test_page_stays_when_the_fault_is_ours(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any) -> None:
        raise CellFailed("reason")

    monkeypatch.setattr("charter.views.verify.verify_apart", fail)

    response = post(client, b"%PDF-")

    assert response.status_code == 200
    assert "заради грешка при нас" in response.content.decode()


def test_public_keys_are_published_and_the_private_one_is_not(client: Client, key_file: Path, db: None) -> None:
    [(name, key)] = known_keys(key_file).items()

    response = client.get("/reports/keys/")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == f"# {name}\n{as_pem(key)}"


def test_page_says_that_reports_are_not_signed_without_a_key(
    client: Client, settings: Any, tmp_path: Path, db: None
) -> None:
    settings.REPORT_KEY_FILE = tmp_path / "none" / "report.key"

    assert "не е зададен ключ" in client.get("/reports/verify/").content.decode()
    assert client.get("/reports/keys/").content == b""


def test_every_verdict_has_its_words() -> None:
    assert verify_report.OK.keys() == view.OK.keys()
    assert verify_report.PROBLEMS.keys() == view.PROBLEMS.keys()
