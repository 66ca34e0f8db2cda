"""Translations are compiled when they have changed."""

import gettext
import os
from pathlib import Path

from samokov_portal.launcher.messages import compile_messages

TEXT = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Да"\nmsgstr "{}"\n'


def test_translation_is_compiled_when_new_and_when_changed(tmp_path: Path) -> None:
    source = tmp_path / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(TEXT.format("Yes"))
    # Younger than an hour it would not look changed within one tick of the clock.
    os.utime(source, (1, 1))

    counts = [compile_messages(tmp_path), compile_messages(tmp_path)]
    source.write_text(TEXT.format("Aye"))
    os.utime(source, (2**32, 2**32))
    counts.append(compile_messages(tmp_path))

    with source.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Да") == "Aye"
    assert counts == [1, 0, 1]


def test_no_translations_is_no_failure(tmp_path: Path) -> None:
    assert compile_messages(tmp_path / "locale") == 0
