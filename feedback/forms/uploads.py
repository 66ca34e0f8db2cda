"""Files in a form: several at once, kept while the rest of the form is mended."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from feedback.attachments import drop_files, take_files
from feedback.models import Attachment
from samokov_portal.office.forms import OnceForm, plain_helper
from samokov_portal.office.once import form_digest, read_form_token
from samokov_portal.staff.models import StaffUser

MEGABYTE = 1024 * 1024
# What the browser offers to choose; what a file really is, is found by its content.
ACCEPT = ".jpg,.jpeg,.png,.webp,.heic,.heif,.pdf,.docx,.xlsx,.odt,.ods,.txt"


class SeveralFiles(forms.ClearableFileInput):
    """A file input in which several files may be chosen."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; what they are is for the door to judge, when the rest of the form has been read."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        if isinstance(data, list | tuple):
            return list(data)
        return [data] if data else []


class UploadForm(OnceForm):
    """A form that takes files; `take_files` keeps them also when something else in the form is wrong."""

    attachments: Any = FilesField(label=_("Изберете файлове"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["attachments"]
        field.widget.attrs["accept"] = ACCEPT
        limits = {"most": settings.ATTACHMENTS_MAX, "megabytes": settings.ATTACHMENT_MAX_BYTES // MEGABYTE}
        field.help_text = (
            _(
                "До %(most)s файла, всеки до %(megabytes)s MB: JPEG, PNG, WebP, HEIC, PDF, DOCX, XLSX, ODT, ODS или "
                "обикновен текст. Премахваме скритите данни, например къде е направена снимката."
            )
            % limits
        )

    @property
    def digest(self) -> str:
        """By what the files of this form are known until it is sent; of a bound form whose token was cleaned."""
        token: str = self.data[self.add_prefix("token")]
        return form_digest(read_form_token(token))

    def take_files(self, *, now: datetime, by: StaffUser | None = None) -> bool:
        """Keep what came, forget what is not wanted any more; a refusal becomes an error. Whether the form is valid."""
        data: Any = self.data
        unwanted = data.getlist(self.add_prefix("drop"))
        if unwanted:
            drop_files(unwanted, form_digest=self.digest)
        uploads = self.files.getlist(self.add_prefix("attachments")) if self.files else []
        if uploads:
            for refusal in take_files(uploads, form_digest=self.digest, now=now, by=by):
                self.add_error("attachments", refusal)
        return self.is_valid()

    def kept(self) -> list[Attachment]:
        """The files that wait for this form to be sent; none for a form that was just opened."""
        return list(Attachment.objects.waiting(self.digest).in_order()) if self.is_bound else []


class AttachForm(UploadForm):
    """Files only, for a case that is registered already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def take_files(self, *, now: datetime, by: StaffUser | None = None) -> bool:
        """As for every form, and nothing at all is a mistake."""
        if super().take_files(now=now, by=by) and not self.kept():
            self.add_error("attachments", _("Изберете поне един файл."))
        return self.is_valid()
