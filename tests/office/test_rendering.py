"""Fields are rendered letter by letter as Django renders them, with their labels, hints and errors around them."""

import re
from itertools import count
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.template import Context, engines
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from samokov_portal.office.forms import plain_helper
from samokov_portal.office.rendering import KeptForm, KeptSelect, PortalRenderer, fields_of, shares_fields, whole_field

CHOICES: list[Any] = [
    ("", _("всички")),
    ("a&b", "„Кавички“ и <b>"),
    (7, format_html("<i>{}</i>", "&")),
    ("Група <1>", [("x", "X"), ("y", 'Y"')]),
]


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.Select(choices=CHOICES), "x"),
        (forms.Select(choices=CHOICES), None),
        (forms.Select(choices=CHOICES, attrs={"required": True, "disabled": False, "data-a": '"<'}), 7),
        (forms.SelectMultiple(choices=CHOICES), ["a&b", "y"]),
        (forms.NullBooleanSelect(), True),
    ],
    ids=["chosen", "nothing", "attributes", "several", "yes or no"],
)
def test_a_choice_is_rendered_as_django_renders_it(widget: forms.Widget, value: Any) -> None:
    ours = widget.render("field", value, {"id": "id_field"}, renderer=PortalRenderer())

    assert ours == widget.render("field", value, {"id": "id_field"}, renderer=DjangoTemplates())


class Stored:
    """What a field of files says of one that is there already."""

    url = "/a.pdf"

    def __str__(self) -> str:
        return "a.pdf"


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.TextInput(attrs={"maxlength": 5, "data-a": '"<'}), 'a"<b>'),
        (forms.TextInput(), None),
        (forms.NumberInput(), 0),
        (forms.EmailInput(), ""),
        (forms.HiddenInput(), "ж"),
        (forms.CheckboxInput(), True),
        (forms.ClearableFileInput(attrs={"accept": ".pdf"}), None),
        (forms.ClearableFileInput(), Stored()),
        (forms.CheckboxInput(), False),
        (forms.FileInput(attrs={"accept": ".pdf", "required": False}), None),
        (forms.DateInput(attrs={"type": "date"}), "2026-11-23"),
        (forms.Textarea(attrs={"rows": 3}), "a\n<b>"),
        (forms.Textarea(), None),
        (forms.RadioSelect(choices=[("a", "А"), ("b", "<Б>")]), "b"),
        (forms.CheckboxSelectMultiple(choices=[("a", "А"), ("b", "<Б>")]), ["a"]),
    ],
    ids=lambda given: type(given).__name__,
)
def test_an_input_is_rendered_as_django_renders_it(widget: forms.Widget, value: Any) -> None:
    ours = widget.render("field", value, {"id": "id_field"}, renderer=PortalRenderer())

    assert ours == widget.render("field", value, {"id": "id_field"}, renderer=DjangoTemplates())


@pytest.mark.parametrize("value", ["x", None, "", 7, "нещо друго"])
def test_a_kept_choice_is_the_plain_one(value: Any) -> None:
    choices = [("", _("всички")), ("x", "X & <Y>"), (7, "седем")]
    attributes = {"id": "id_field", "aria-describedby": "hint"}

    kept = KeptSelect(choices=choices, attrs={"required": True}).render("field", value, attributes)

    plain = forms.Select(choices=choices, attrs={"required": True})
    assert kept == plain.render("field", value, attributes, renderer=PortalRenderer())


class Everything(forms.Form):
    name = forms.CharField(label="Име <1>", help_text='<a href="/">Защо</a>')
    wish = forms.CharField(label="Желание", required=False)
    sure = forms.BooleanField(label="Сигурно ли е")
    one = forms.ChoiceField(label="Едно", choices=[("a", "А <a>")], widget=forms.RadioSelect, help_text="Изберете")
    secret = forms.CharField(widget=forms.HiddenInput, initial="<с>")


@pytest.mark.parametrize("given", [(), ({},)], ids=["empty", "refused"])
def test_all_fields_at_once_are_what_crispy_makes_of_them(given: Any) -> None:
    form: Any = Everything(*given)
    form.helper = plain_helper()
    engine: Any = engines["django"].engine

    made = [
        engine.from_string(f"{{% load crispy_forms_tags fields %}}{{% {tag} form %}}").render(Context({"form": form}))
        for tag in ("form_in_full", "crispy")
    ]

    ours, crispys = (re.sub(r">\s+<", "><", text).strip() for text in made)
    assert ours == crispys
    assert ("error-summary" in ours) is bool(given)


def test_a_field_has_its_label_and_hint() -> None:
    name, wish = whole_field(Everything()["name"]), whole_field(Everything()["wish"])

    assert name == (
        '<div class="field"><label for="id_name">Име &lt;1&gt;</label>'
        '<p class="hint" id="id_name_helptext"><a href="/">Защо</a></p>'
        '<input type="text" name="name" required aria-describedby="id_name_helptext" id="id_name"></div>'
    )
    assert '<label for="id_wish">Желание <span class="optional">(по желание)</span></label>' in wish


def test_a_wrong_field_says_why_unless_the_form_says_nothing() -> None:
    field = Everything({})["name"]

    said, silent = whole_field(field), whole_field(field, shows_errors=False)

    assert '<div class="field field-invalid">' in said
    assert '<div class="error" id="id_name_error"><p><span class="visually-hidden">Грешка:</span> ' in said
    assert 'id="id_name_error"' not in silent


def test_a_box_stands_before_its_label_and_a_hidden_field_alone() -> None:
    sure, secret = whole_field(Everything()["sure"], extra_class="wide"), whole_field(Everything()["secret"])

    assert sure.startswith('<div class="field wide"><div class="choice"><input type="checkbox"')
    assert sure.endswith('<div><label for="id_sure">Сигурно ли е</label></div></div></div>')
    assert secret == '<input type="hidden" name="secret" value="&lt;с&gt;" id="id_secret">'


def test_a_choice_of_one_is_a_group_with_a_legend() -> None:
    one = whole_field(Everything()["one"])

    assert one.startswith(
        '<fieldset class="field" id="id_one" aria-describedby="id_one_helptext"><legend>Едно</legend>'
    )
    assert '<label for="id_one_0">А &lt;a&gt;</label></div></div></fieldset>' in one


def test_options_of_another_template_are_left_to_it() -> None:
    class Coloured(forms.Select):
        option_template_name = "django/forms/widgets/radio_option.html"

    widget = Coloured(choices=CHOICES)

    ours = widget.render("field", "x", renderer=PortalRenderer())

    assert ours == widget.render("field", "x", renderer=DjangoTemplates())


def test_every_form_is_rendered_so() -> None:
    assert isinstance(get_default_renderer(), PortalRenderer)


LETTERS = (("a", "А"), ("b", "Б"))


class Choosing(KeptForm):
    """A form whose choices and beginnings are of each time."""

    secret = forms.CharField(widget=forms.HiddenInput)
    one = forms.ChoiceField(label=_("Едно"), widget=forms.RadioSelect)
    name = forms.CharField(label=_("Име"))

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["one"].choices = choices  # type: ignore[attr-defined]


def test_the_fields_of_an_empty_form_are_kept_for_the_same_choices_and_beginnings() -> None:
    def made(
        *args: Any, choices: Any = LETTERS, secret: str = "1", name: str = "", hint: str = "", **kwargs: Any
    ) -> Any:
        form = Choosing(*args, choices=choices, **kwargs)
        form.fields["secret"].initial = secret
        form.fields["name"].initial = name
        form.fields["name"].help_text = hint
        return form

    different = [
        made(),
        made(secret="2"),
        made(name="Мария"),
        made(hint="До 2 файла"),
        made(hint="До 10 файла"),
        made(choices=(("a", "А"),)),
        made(choices=(("a", "Друго А"), ("b", "Б"))),
        made(prefix="other"),
        made(initial={"name": "Иван"}),
        made({"one": "b", "name": "Петър", "secret": "3"}),
        made({}),
    ]
    # Twice: the second time from what the first one kept.
    for form in [*different, *different]:
        plain = [*form.visible_fields(), *form.hidden_fields()]
        assert sorted(map(str, map(whole_field, plain))) == sorted(map(str, map(whole_field, form)))
        assert all(whole_field(field) in fields_of(form) for field in plain)
        assert len(fields_of(form)) == sum(map(len, map(whole_field, plain)))


def test_a_field_is_kept_for_the_same_choices_and_the_one_that_was_made() -> None:
    class Plain(forms.Form):
        one = Choosing.base_fields["one"]
        name = Choosing.base_fields["name"]

        def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.fields["one"].choices = choices  # type: ignore[attr-defined]

    others = (("a", "А"), ("c", "В"))
    given: list[Any] = [None, {"one": "a"}, {"one": "b"}, {"one": "няма"}, {"one": "b", "name": "Мария"}, {"name": " "}]
    for data in [*given, *given]:
        for choices, prefix in ((LETTERS, None), (others, None), (LETTERS, "p")):
            sent = data and {f"{prefix}-{name}" if prefix else name: value for name, value in data.items()}
            kept, plain = (form(sent, choices=choices, prefix=prefix) for form in (Choosing, Plain))
            for name in ("one", "name"):
                for looks in ({}, {"extra_class": "wide"}, {"shows_errors": False}):
                    assert whole_field(kept[name], **looks) == whole_field(plain[name], **looks)


def test_what_is_kept_is_in_the_language_of_the_page() -> None:
    texts = set()
    for language in ("bg", "en", "bg"):
        with translation.override(language):
            texts.add(fields_of(Choosing(choices=[("", _("всички"))])))

    assert len(texts) == 2


class Hiding(KeptForm):
    """Each way in which something hidden may begin."""

    empty = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.IntegerField(widget=forms.HiddenInput, initial=7)
    text = forms.CharField(widget=forms.HiddenInput, initial='"<&>')
    made = forms.CharField(widget=forms.HiddenInput, initial=lambda: "made")
    marked = forms.CharField(widget=forms.HiddenInput(attrs={"data-a": "b"}))
    fixed = forms.CharField(widget=forms.HiddenInput, disabled=True, initial="x")
    moment = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "hidden"}), required=False)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"prefix": "answer"},
        {"initial": {"key": 8, "text": ""}},
        {"data": {"key": "<9>"}},
        {"auto_id": False},
        {"auto_id": "own_%s"},
    ],
    ids=["empty", "prefix", "initial", "sent", "no keys", "other keys"],
)
def test_what_is_hidden_is_rendered_as_django_renders_it(said: dict[str, Any]) -> None:
    plain = "".join(str(field) for field in Hiding(**said).hidden_fields())

    # The first time, and when the rest is kept.
    for _time in range(2):
        assert plain in fields_of(Hiding(**said))


tokens = count(1)


class Opened(KeptForm):
    token = forms.CharField(widget=forms.HiddenInput, initial=lambda: next(tokens))


def test_a_token_is_made_once_for_a_form() -> None:
    form = Opened()

    shown, again = fields_of(form), fields_of(form)

    assert f'value="{form["token"].value()}"' in shown
    assert again == shown


def test_forms_of_a_class_that_changes_none_have_their_fields_in_common() -> None:
    @shares_fields
    class Shared(KeptForm):
        name = forms.CharField(label="Име", max_length=5)

    one, other = Shared({"name": "дълго име"}), Shared({"name": "име"})

    assert one.fields["name"] is other.fields["name"]
    assert (one.is_valid(), other.is_valid()) == (False, True)
    assert 'value="дълго име"' in fields_of(one)
    assert 'value="име"' in fields_of(other)
    # What a form leaves out it leaves out for itself.
    del one.fields["name"]
    assert "name" in Shared().fields


def test_a_form_that_may_change_its_fields_keeps_its_own() -> None:
    class Changing(KeptForm):
        name = forms.CharField()

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.fields["name"].required = False

    with pytest.raises(AssertionError, match="Changing"):
        shares_fields(Changing)


def test_choices_in_common_are_said_in_the_language_of_the_page() -> None:
    @shares_fields
    class Shared(KeptForm):
        one = forms.ChoiceField(choices=[("", _("всички")), ("b", _("Вид"))])

    said = {}
    for language in ("bg", "en", "bg"):
        with translation.override(language):
            said.setdefault(language, []).append(str(fields_of(Shared())) + str(fields_of(Shared({"one": "b"}))))

    [first, again], [english] = said["bg"], said["en"]
    assert first == again
    assert "всички" in first
    assert "всички" not in english
    assert 'value="b" selected' in english


def test_what_is_built_on_forms_with_common_fields_says_its_own() -> None:
    @shares_fields
    class Shared(KeptForm):
        one = forms.ChoiceField(choices=[("a", "на всички")])

    class Own(Shared):
        def __init__(self, mine: str) -> None:
            super().__init__()
            self.fields["one"].choices = [("a", mine)]

    fields_of(Shared())

    assert "моето" in fields_of(Own("моето"))
    assert "нейното" in fields_of(Own("нейното"))
    assert "на всички" in fields_of(Shared())


def test_choices_that_are_asked_for_each_time_are_in_common_with_nobody() -> None:
    class Asking(KeptForm):
        one = forms.ChoiceField(choices=lambda: [("a", "А")])

    with pytest.raises(AssertionError, match="one"):
        shares_fields(Asking)
