"""The manifest of a report, its signature, and what is found when anything of it is changed."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import page
import pikepdf
import pytest

from charter.manifest import parse
from charter.models import Report
from charter.pdf import render_report
from charter.verification import Check, first_difference, verify
from samokov_portal.keys import PublicKeys, known_keys, make_key
from tests.charter.sealed import changed, flip_text, remove_attachment, replace_attachment, swap_pages
from tests.charter.test_pdf import attachments, stored_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys(settings: Any, tmp_path: Path) -> PublicKeys:
    settings.REPORT_KEY_FILE = tmp_path / "keys" / "report.key"
    make_key(settings.REPORT_KEY_FILE)
    return known_keys(settings.REPORT_KEY_FILE)


@pytest.fixture
def pdf(keys: PublicKeys) -> bytes:
    return render_report(stored_report())


def wrong(pdf: bytes, keys: PublicKeys) -> list[tuple[str, str, dict[str, str]]]:
    return [(check.what, check.problem, check.facts) for check in verify(pdf, keys) if not check.is_ok]


def test_untouched_report_passes_every_check(pdf: bytes, keys: PublicKeys) -> None:
    [key] = keys

    assert wrong(pdf, keys) == []
    assert Check("signature", facts={"key": key}) in verify(pdf, keys)


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_signed_report_is_pdf_a_3a_and_pdf_ua_1(pdf: bytes, profile: str) -> None:
    assert list(page.validate_pdf_bytes(pdf, profile=profile).failures) == []


def test_two_runs_give_one_file(pdf: bytes) -> None:
    assert render_report(Report.objects.get()) == pdf


def test_manifest_says_the_figures_and_where_they_stand(pdf: bytes) -> None:
    files = attachments(pdf)
    manifest = parse(files["manifest.json"])
    records = {record.pop("code"): record for record in json.loads(files["figures.json"])["figures"]}

    assert (manifest.period, manifest.version) == ("2024-Q3", 1)
    assert manifest.figures == records
    assert {code for sheet in manifest.pages for code in sheet.figures} == set(records)
    assert manifest.pages[0].figures == []


def test_same_pages_written_anew_are_the_same(pdf: bytes, keys: PublicKeys) -> None:
    again = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(
            again,
            fix_metadata_version=False,
            recompress_flate=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )

    assert wrong(again.getvalue(), keys) == []


def test_changed_digit_on_a_page_names_the_page_and_its_standards(pdf: bytes, keys: PublicKeys) -> None:
    manifest = parse(attachments(pdf)["manifest.json"])
    place = next(place for place, sheet in enumerate(manifest.pages) if sheet.figures)

    [found, *others] = wrong(changed(pdf, flip_text(place)), keys)

    assert found == ("page", "changed", {"page": str(place + 1), "figures": ", ".join(manifest.pages[place].figures)})
    assert others == []


def test_swapped_pages_are_called_moved(pdf: bytes, keys: PublicKeys) -> None:
    found = wrong(changed(pdf, swap_pages(-2, -1)), keys)
    count = len(parse(attachments(pdf)["manifest.json"]).pages)

    assert [(what, problem, facts["page"]) for what, problem, facts in found] == [
        ("page", "moved", str(count - 1)),
        ("page", "moved", str(count)),
    ]


def test_removed_and_added_pages_are_named(pdf: bytes, keys: PublicKeys) -> None:
    def remove(opened: pikepdf.Pdf) -> None:
        del opened.pages[1]

    def add(opened: pikepdf.Pdf) -> None:
        opened.add_blank_page()

    [removed, added] = [first_difference(verify(changed(pdf, change), keys)) for change in (remove, add)]

    count = len(parse(attachments(pdf)["manifest.json"]).pages)
    assert removed is not None
    assert added is not None
    assert (removed.what, removed.problem, removed.facts["page"]) == ("page", "removed", "2")
    assert (added.what, added.problem, added.facts["page"]) == ("page", "added", str(count + 1))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            replace_attachment("figures.json", b'"part": 1180', b'"part": 1190'),
            ("attachment", "changed", {"name": "figures.json", "figures": "standard-0"}),
        ),
        (
            replace_attachment("figures.csv", b",30512,", b",30513,"),
            ("attachment", "changed", {"name": "figures.csv", "figures": "standard-1"}),
        ),
        (remove_attachment("figures.csv"), ("attachment", "missing", {"name": "figures.csv"})),
        (remove_attachment("manifest.json"), ("manifest", "missing", {})),
        (remove_attachment("manifest.sig"), ("signature", "missing", {})),
        (replace_attachment("manifest.json", b'"2024-Q3"', b'"2024-Q2"'), ("signature", "wrong", {})),
        (replace_attachment("manifest.json", b'"format": 1', b'"format": 9'), ("manifest", "unreadable", {})),
    ],
)
def test_changed_attachment_is_found_and_named(
    pdf: bytes, keys: PublicKeys, change: Callable[[pikepdf.Pdf], None], found: tuple[str, str, dict[str, str]]
) -> None:
    assert wrong(changed(pdf, change), keys)[0] == found


def test_changed_figure_of_the_manifest_is_named_too(pdf: bytes, keys: PublicKeys) -> None:
    found = wrong(changed(pdf, replace_attachment("manifest.json", b'"part": 1180', b'"part": 1181')), keys)

    assert found == [
        ("signature", "wrong", {}),
        ("attachment", "changed", {"name": "figures.csv", "figures": "standard-0"}),
        ("attachment", "changed", {"name": "figures.json", "figures": "standard-0"}),
    ]


def test_changed_title_and_alternative_text_are_found(pdf: bytes, keys: PublicKeys) -> None:
    def title(opened: pikepdf.Pdf) -> None:
        opened.docinfo["/Title"] = "Друг доклад"

    def spoken(opened: pikepdf.Pdf) -> None:
        [figure] = [one for one in opened.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
        figure.Alt = "Спазени са всички."

    assert wrong(changed(pdf, title), keys) == [("document", "title", {})]
    assert wrong(changed(pdf, spoken), keys) == [("document", "text", {})]


def test_what_happens_on_opening_is_part_of_the_document(pdf: bytes, keys: PublicKeys) -> None:
    def act(opened: pikepdf.Pdf) -> None:
        opened.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")

    assert wrong(changed(pdf, act), keys) == [("document", "frame", {})]


def test_signature_of_a_stranger_is_not_known(pdf: bytes, tmp_path: Path) -> None:
    make_key(tmp_path / "others" / "report.key")

    found = wrong(pdf, known_keys(tmp_path / "others" / "report.key"))

    assert [(what, problem) for what, problem, _facts in found] == [("signature", "unknown_key")]


def test_report_made_without_a_key_is_unsigned(settings: Any, tmp_path: Path) -> None:
    settings.REPORT_KEY_FILE = tmp_path / "none.key"

    pdf = render_report(stored_report())

    assert wrong(pdf, {}) == [("signature", "missing", {})]


def test_file_that_is_only_associated_is_called_added(pdf: bytes, keys: PublicKeys) -> None:
    def add(opened: pikepdf.Pdf) -> None:
        stream = opened.make_stream(b"{}")
        files = pikepdf.Dictionary(F=stream)
        opened.Root.AF.append(opened.make_indirect(pikepdf.Dictionary(UF="figures.json", EF=files)))

    assert wrong(changed(pdf, add), keys) == [("attachment", "added", {"name": "figures.json (/AF)"})]
