"""Fields that several forms share."""

from typing import Any

from django import forms


class LongText(forms.CharField):
    """Text of several lines, counted as a person counts it: a new line is one character.

    Browsers cut what is pasted over `maxlength` without a word, so the limit is said and checked here only.
    """

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if isinstance(text, str) else text

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class OneLine(forms.CharField):
    """Text of one line, whatever is sent: line breaks would let it pass for text of ours in a letter."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return " ".join(text.split()) if isinstance(text, str) else text


def text_input(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs=attrs)
