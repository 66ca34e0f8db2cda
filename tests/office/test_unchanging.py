"""What of a template never changes is put together once for each language, and says what Django's nodes say."""

from typing import Any

import pytest
from django.template import Context, Engine, engines
from django.template.loader_tags import IncludeNode
from django.urls import NoReverseMatch
from django.utils.translation import override

from samokov_portal.office.unchanging import Unchanging, is_literal, nodes_of, put_together

TEMPLATE = """
{% load i18n static %}{# a remark #}
<p>{% translate "Начало" %} <a href="{% url "home" %}">{% translate "Търсене" %}</a></p>
{% if shown %}<b>{% blocktranslate trimmed %}
  Начало
{% endblocktranslate %}</b>{{ name }}{% else %}{% translate "Услуги" %}{% endif %}
{% for one in many %}<i>{% translate "Услуги" %}{{ one }}</i>{% empty %}{% translate "Начало" %}{% endfor %}
{% blocktranslate with who=name %}Здравейте, {{ who }}{% endblocktranslate %}
{% translate "Начало" as kept %}{{ kept }}
{% url "home" as way %}{{ way }}{% url view_of_case number %}{% url "feedback:case" number %}
"""
CASE = {"view_of_case": "feedback:case", "number": "С-2026-000338"}
SHOWN = {"shown": True, "name": "<Иван>", "many": [1, 2], **CASE}


def engine() -> Engine:
    found: Engine = engines["django"].engine
    return found


def both(text: str, context: dict[str, Any]) -> tuple[str, str]:
    """What Django renders, and what we do."""
    plain, ours = engine().from_string(text), engine().from_string(text)
    put_together(ours.nodelist)
    return plain.render(Context(context)), ours.render(Context(context))


@pytest.mark.parametrize("language", ["bg", "en"])
@pytest.mark.parametrize("context", [SHOWN, CASE], ids=["shown", "nothing"])
def test_it_says_the_same(language: str, context: dict[str, Any]) -> None:
    with override(language):
        plain, ours = both(TEMPLATE, context)

    assert ours == plain


IN_BOTH_LANGUAGES = {
    "said": '{% translate "Начало" %} {% url "home" %}',
    "named": '{% translate "Начало" as word %}{% url "home" as way %}{{ word }} {{ way }}',
}


@pytest.mark.parametrize("text", IN_BOTH_LANGUAGES.values(), ids=IN_BOTH_LANGUAGES)
def test_one_template_serves_both_languages(text: str) -> None:
    template = engine().from_string("{% load i18n %}" + text)
    put_together(template.nodelist)

    said = []
    for language in ("bg", "en", "bg"):
        with override(language):
            said.append(template.render(Context()))

    assert said == ["Начало /", "Home /en/", "Начало /"]


def test_an_address_of_nothing_is_refused_as_ever() -> None:
    template = engine().from_string('{% url "feedback:case" number %}')
    put_together(template.nodelist)

    with pytest.raises(NoReverseMatch):
        template.render(Context({"number": "<b>"}))


def test_what_depends_on_the_page_stays_as_it_is() -> None:
    text = '{% load i18n %}{% url view %}{% translate word %}{% translate "a"|lower %}{% translate "a" as x %}'
    template = engine().from_string(text)
    put_together(template.nodelist)

    assert not any(isinstance(node, Unchanging) for node in template.nodelist)


def test_a_part_in_a_language_of_its_own_is_left_alone() -> None:
    text = '{% load i18n %}{% language "en" %}{% translate "Начало" %}{% endlanguage %}'

    assert both(text, {}) == ("Home", "Home")


def test_neighbours_become_one() -> None:
    template = engine().from_string('{% load i18n %}<p>{% translate "Начало" %}{# remark #}</p>{{ name }}<p>')
    put_together(template.nodelist)

    assert [type(node).__name__ for node in template.nodelist] == ["Unchanging", "VariableNode", "TextNode"]


def test_our_templates_are_put_together_when_they_are_loaded() -> None:
    nodes = list(nodes_of(engine().get_template("includes/navigation.html").nodelist))

    assert any(isinstance(node, Unchanging) for node in nodes)


def test_every_part_that_a_template_includes_is_there(settings: Any) -> None:
    """Also on pages that no test opens in that state: a name that nobody renders is not missed before a person asks."""
    root = settings.BASE_DIR / "templates"
    named = {
        (str(path.relative_to(root)), node.template.resolve(Context()))
        for path in root.rglob("*.html")
        for node in nodes_of(engine().get_template(str(path.relative_to(root))).nodelist)
        if isinstance(node, IncludeNode) and is_literal(node.template)
    }

    assert len(named) > 100
    assert [(where, part) for where, part in sorted(named) if not (root / part).exists()] == []
