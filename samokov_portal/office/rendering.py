"""Forms as HTML: what Django's templates and those of our pack would render, written down directly.

A page of the desk has dozens of fields; each by templates within templates takes ten times as long.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

SELECT, OPTION = "django/forms/widgets/select.html", "django/forms/widgets/select_option.html"


class PortalRenderer(DjangoTemplates):
    """What Django renders, letter by letter, in a tenth of the time."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        write = WRITERS.get(template_name)
        if write is None or "widget" not in context or not _is_plain(context["widget"]):
            return super().render(template_name, context, request)
        return write(context["widget"])


def _is_plain(widget: dict[str, Any]) -> bool:
    """Whether nothing in the widget has a template of its own, stands inside a label or names a stored file."""
    groups = widget.get("optgroups", ())
    is_of_options = all(option["template_name"] == OPTION for _name, options, _index in groups for option in options)
    return is_of_options and not widget.get("wrap_label") and not widget.get("is_initial")


def select(widget: dict[str, Any]) -> SafeString:
    """What the template of a choice makes of the context of its widget."""
    parts = [f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>']
    for name, options, _index in widget["optgroups"]:
        parts += [f'\n  <optgroup label="{conditional_escape(name)}">'] if name else []
        parts += [_option(option) for option in options]
        parts += ["\n  </optgroup>"] if name else []
    parts.append("\n</select>")
    # Each part is escaped.
    return mark_safe("".join(parts))


def _option(option: dict[str, Any]) -> str:
    value, label = conditional_escape(str(option["value"])), conditional_escape(option["label"])
    return f'\n  <option value="{value}"{_attributes(option["attrs"])}>{label}</option>\n'


def one_input(widget: dict[str, Any]) -> SafeString:
    """What the template of an input makes of the context of its widget."""
    value = "" if widget["value"] is None else f' value="{conditional_escape(str(widget["value"]))}"'
    name, kind = conditional_escape(widget["name"]), conditional_escape(widget["type"])
    return mark_safe(f'<input type="{kind}" name="{name}"{value}{_attributes(widget["attrs"])}>')


def textarea(widget: dict[str, Any]) -> SafeString:
    """The same of a text of several lines."""
    text = conditional_escape(widget["value"]) if widget["value"] else ""
    name = conditional_escape(widget["name"])
    return mark_safe(f'<textarea name="{name}"{_attributes(widget["attrs"])}>\n{text}</textarea>')


def _attributes(attributes: dict[str, Any]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'
        for name, value in attributes.items()
        if value is not False
    )


INPUTS: tuple[str, ...] = (
    *("text", "number", "email", "url", "hidden", "password", "file", "date", "datetime", "time"),
    *("checkbox", "radio_option", "checkbox_option", "clearable_file_input"),
)
WRITERS: dict[str, Callable[[dict[str, Any]], SafeString]] = {
    SELECT: select,
    "django/forms/widgets/textarea.html": textarea,
    **{f"django/forms/widgets/{name}.html": one_input for name in INPUTS},
}


class KeptSelect(forms.Select):
    """A choice from options that many pages show: rendered once for the same options, name and value."""

    choices: Any

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        choices = tuple((str(key), str(label)) for key, label in self.choices)
        attributes = tuple(self.build_attrs(self.attrs, attrs).items())
        # The language too: Django's own words stand in some attributes.
        return _rendered(choices, name, "" if value is None else str(value), attributes, get_language())


@lru_cache(maxsize=500)
def _rendered(
    choices: tuple[tuple[str, str], ...], name: str, value: str, attributes: tuple[Any, ...], _language: str | None
) -> SafeString:
    return forms.Select(choices=choices).render(name, value, dict(attributes), renderer=PortalRenderer())


def whole_field(field: BoundField, *, shows_errors: Any = True, extra_class: str = "") -> SafeString:
    """A field with its label, hint and errors, as every form of the portal shows it; a hidden one alone."""
    if field.is_hidden:
        return _hidden(field.form, field.name, field.field)
    if field.errors or not isinstance(field.form, KeptForm):
        return _whole(field, shows_errors, extra_class)
    says, value = _says(field.form, field.name), field.value()
    if value not in (None, False, "") and not _is_option(value, says):
        return _whole(field, shows_errors, extra_class)
    form = field.form
    key = (type(form), form.prefix, get_language(), says, value or "", extra_class)
    return mark_safe(kept_as(key, lambda: _whole(field, shows_errors, extra_class)))


def _hidden(form: forms.BaseForm, name: str, field: forms.Field) -> SafeString:
    """As the widget renders itself; without asking it where nothing but a name, a value and a key can be said."""
    widget = field.widget
    is_plain = type(widget) is forms.HiddenInput and not widget.attrs and not field.disabled and not field.localize
    # What is made anew each time, such as the token of a form, Django makes once for a form: it may be asked for again.
    is_made = callable(form.initial.get(name, field.initial))
    if not is_plain or is_made or form.is_bound or form.auto_id != "id_%s":
        return mark_safe(str(form[name]))
    value = field.prepare_value(form.get_initial_for_field(field, name))
    sent_as = conditional_escape(form.add_prefix(name))
    said = "" if value is None or value == "" else f' value="{conditional_escape(str(value))}"'
    return mark_safe(f'<input type="hidden" name="{sent_as}"{said} id="id_{sent_as}">')


def _whole(field: BoundField, shows_errors: Any, extra_class: str) -> SafeString:
    errors = field.errors
    of_field = "".join((" ", extra_class) if extra_class else ()) + (" field-invalid" if errors else "")
    said = _errors(field) if errors and shows_errors else ""
    return mark_safe(_laid_out(field, f'class="field{conditional_escape(of_field)}"', said))


# The fields of forms and other parts of pages by all that makes a difference; then it begins anew.
MOST_KEPT = 1000
kept: dict[Hashable, str] = {}


def kept_as(key: tuple[Any, ...], render: Callable[[], str]) -> str:
    """What `render` made before for an equal key, which says all that makes a difference, the language too."""
    try:
        found = kept.get(key)
    except TypeError:
        # Choices in groups, or a beginning of several values, are lists, by which nothing can be found.
        return render()
    if found is None:
        found = render()
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = found
    return found


class KeptForm(forms.Form):
    """A form whose fields are rendered once for the same choices and beginnings: all together while nothing is filled
    in, and by themselves those that are empty, or where one of the choices was made.

    Beside them the hint may differ between two forms of a class, where it is words of that form. Nothing else may, but
    what is hidden, which is rendered each time.
    """


# A field's name, what it begins with, its choices, its hint and its attributes.
Says = tuple[str, Any, tuple[Any, ...], str, tuple[Any, ...]]


class SharedFields(dict[str, Any]):
    """The fields of a class of forms, which its forms do not copy; and what each says, by its name and the language."""

    def __init__(self, fields: dict[str, Any]) -> None:
        super().__init__(fields)
        self.said: dict[tuple[str, str | None], Says] = {}

    def __deepcopy__(self, memo: Any) -> dict[str, Any]:
        return dict(self)


def shares_fields(form: type[forms.Form]) -> type[forms.Form]:
    """For forms that stand on many pages: all of a class have their fields in common. Django gives each form copies,
    because it may change them; a form with an `__init__` of its own might, and is refused. So are choices that are
    asked for anew each time, unless they are remembered."""
    assert form.__init__ is forms.BaseForm.__init__, f"{form.__name__} may change its fields"
    for name, field in form.base_fields.items():
        is_fixed = isinstance(getattr(field, "choices", []), list)
        assert is_fixed or hasattr(field, "kept"), f"the choices of {name} may change"
    form.base_fields = SharedFields(form.base_fields)
    return form


def fields_of(form: forms.Form) -> SafeString:
    """The fields in their order, what is hidden last."""
    if form.is_bound or form.initial or not isinstance(form, KeptForm):
        return mark_safe("".join(map(whole_field, form)))
    shown = (name for name, field in form.fields.items() if not field.widget.is_hidden)
    key = (type(form), form.prefix, get_language(), tuple(_says(form, name) for name in shown))
    found = kept_as(key, lambda: "".join(map(whole_field, form.visible_fields())))
    hidden = (_hidden(form, name, field) for name, field in form.fields.items() if field.widget.is_hidden)
    return mark_safe(found + "".join(hidden))


def _is_option(value: Any, says: Says) -> bool:
    """Whether the value is one of the choices; of those in groups it is not said."""
    _name, _initial, options, _hint, _attributes = says
    return isinstance(value, str) and any(str(key) == value for key, *_label in options)


def _says(form: Any, name: str) -> Says:
    """All that a field says by itself in the language of the page."""
    field: Any = form.fields[name]
    from_tables = getattr(field, "kept", None)
    shared = type(form).base_fields
    if from_tables or not isinstance(shared, SharedFields):
        return _says_now(name, field, from_tables)
    key = name, get_language()
    if key not in shared.said:
        _name, initial, options, *others = _says_now(name, field, None)
        # As they are in this language: to compare what is translated late takes as long as to translate it.
        shared.said[key] = (name, initial, tuple((value, str(label)) for value, label in options), *others)
    return shared.said[key]


def _says_now(name: str, field: Any, from_tables: Callable[[], tuple[Any, ...]] | None) -> Says:
    options = from_tables() if from_tables else tuple(map(tuple, getattr(field, "choices", ())))
    # Words that are the same for the class are translated late and are no `str`.
    hint = field.help_text if isinstance(field.help_text, str) else ""
    return name, field.initial, options, hint, tuple(field.widget.attrs.items())


def _laid_out(field: BoundField, classes: str, errors: str) -> str:
    target = conditional_escape(field.id_for_label)
    if isinstance(field.field.widget, forms.CheckboxInput):
        label = f'<label for="{target}">{conditional_escape(field.label)}</label>'
        return f'<div {classes}>{errors}<div class="choice">{field}<div>{label}{_hint(field)}</div></div></div>'
    if not field.use_fieldset:
        return f'<div {classes}><label for="{target}">{_label(field)}</label>{_hint(field)}{errors}{field}</div>'
    said_by = field.aria_describedby
    described = f' aria-describedby="{conditional_escape(said_by)}"' if said_by else ""
    head = f'<fieldset {classes} id="{conditional_escape(field.auto_id)}"{described}><legend>{_label(field)}</legend>'
    return f"{head}{_hint(field)}{errors}{_parts(field)}</fieldset>"


def _parts(field: BoundField) -> str:
    """The options of a choice of one or of several, each with its label; else the fields of which it consists."""
    if not isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f'<div class="parts">{field}</div>'
    return f'<div class="choices">{"".join(map(_choice, field))}</div>'


def _choice(option: Any) -> str:
    target, label = conditional_escape(option.id_for_label), conditional_escape(option.choice_label)
    return f'<div class="choice">{option.tag()}<label for="{target}">{label}</label></div>'


def _label(field: BoundField) -> str:
    one, marked = field.field, ""
    if getattr(one, "is_one_of_several", False):
        marked = _("(поне едно от трите)")
    elif not one.required and not getattr(one, "is_unmarked", False):
        marked = _("(по желание)")
    said = f' <span class="optional">{conditional_escape(marked)}</span>' if marked else ""
    return f"{conditional_escape(field.label)}{said}"


def _hint(field: BoundField) -> str:
    # Hints are our own words and may hold links, as those of Django do.
    return f'<p class="hint" id="{_id_of(field)}_helptext">{field.help_text}</p>' if field.help_text else ""


def _errors(field: BoundField) -> str:
    word = conditional_escape(_("Грешка"))
    lines = "".join(
        f'<p><span class="visually-hidden">{word}:</span> {conditional_escape(str(error))}</p>'
        for error in field.errors
    )
    return f'<div class="error" id="{_id_of(field)}_error">{lines}</div>'


def _id_of(field: BoundField) -> str:
    return conditional_escape(field.auto_id)
