"""Why a file is not taken: each refusal tells the person what is wrong with which file and what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class FileRefused(Exception):
    """The file is not taken and nothing of it is stored; `message` is for the person who sent it."""

    text: "str | Promise" = ""

    def __init__(self, **facts: object) -> None:
        super().__init__()
        self.facts: dict[str, object] = {"name": "", **facts}

    @property
    def message(self) -> str:
        """What is wrong with this file and what to do, in the language of the reader."""
        return str(self.text) % self.facts

    def __str__(self) -> str:
        return self.message


class Empty(FileRefused):
    """There is not one byte in it."""

    text = _("„%(name)s“ е празен файл. Проверете дали се отваря при Вас и го приложете отново.")


class TooLarge(FileRefused):
    """It has more bytes than one file may have; `megabytes` is how many it may."""

    text = _("„%(name)s“ е по-голям от %(megabytes)s MB. Намалете го или го разделете на части и ги приложете.")


class NotAccepted(FileRefused):
    """Its content is of no kind that we take, or its name is that of a program or a web page."""

    text = _(
        "„%(name)s“ е от вид, който не приемаме. Запишете го като PDF, JPEG, PNG, WebP, HEIC, DOCX, XLSX, ODT, ODS или "
        "обикновен текст (UTF-8) и го приложете отново."
    )


class Damaged(FileRefused):
    """It cannot be read to its end as what it says it is."""

    text = _("„%(name)s“ е повреден или непълен. Отворете го при Вас, запишете го наново и го приложете отново.")


class Encrypted(FileRefused):
    """A password, or a restriction of what may be done with it, stands before its content."""

    text = _("„%(name)s“ е защитен с парола. Запишете го без защита, например с „Печат в PDF“, и го приложете отново.")


class HasMacros(FileRefused):
    """There is a program inside an office document."""

    text = _("„%(name)s“ съдържа макроси. Запишете го без макроси или като PDF и го приложете отново.")


class HasActiveContent(FileRefused):
    """Something inside would be run or fetched when it is opened, and cannot be taken out without loss."""

    text = _(
        "„%(name)s“ съдържа вградени файлове, програмен код или външни връзки. Запишете го като обикновен PDF, "
        "например с „Печат в PDF“, а вградените файлове приложете поотделно."
    )


class ImageTooLarge(FileRefused):
    """Its pixels are more than a camera makes; `megapixels` is how many millions are taken."""

    text = _(
        "„%(name)s“ е изображение с твърде много пиксели. Приемаме до %(megapixels)s милиона. Намалете размерите му и "
        "го приложете отново."
    )


class TooHeavy(FileRefused):
    """Opening it would take more memory or time than a stranger's file may."""

    text = _(
        "„%(name)s“ е твърде сложен за обработване. Разделете го на части или го запишете като PDF и го приложете."
    )


class Infected(FileRefused):
    """The scanner knows it; `signature` is what the scanner calls it."""

    text = _(
        "„%(name)s“ съдържа зловреден код (%(signature)s) и не е запазен. Проверете устройството си с антивирусна "
        "програма и приложете чист файл."
    )


class TooMany(FileRefused):
    """There are as many files as one form may have; `most` is how many."""

    text = _("„%(name)s“ не е приет: може най-много %(most)s файла. Махнете някой от другите и го приложете отново.")


class Busy(FileRefused):
    """Too many files are being opened at this moment."""

    text = _(
        "В момента приемаме много файлове и „%(name)s“ не можа да бъде обработен. Приложете го отново след минута."
    )


@contextmanager
def untrusted_input() -> Iterator[None]:
    """Inside, whatever a parser throws at untrusted bytes is the refusal Damaged, with its cause.

    Parsers promise no closed list of exceptions for hostile input. Writing what is kept stays outside: a full disk is
    our failure, not a damaged file.
    """
    try:
        yield
    except (FileRefused, MemoryError):
        raise
    except Exception as error:
        raise Damaged from error
