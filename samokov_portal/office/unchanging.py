"""What of a template is the same on every page of a language is put together once: words, addresses, names of files.

`{% translate "…" %}`, `{% url "…" %}` and `{% static "…" %}` without variables stand between pieces of text on every
page, hundreds of them; each is found anew for every reader, though only the language makes a difference. Templates
are compiled as ever; then neighbours that never change become one node that remembers its text by the language.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.template import Context, Node, NodeList, Template
from django.template.base import FilterExpression, TextNode, TokenType, Variable
from django.template.defaulttags import AutoEscapeControlNode, CommentNode, IfNode, LoadNode, URLNode
from django.template.loaders.cached import Loader as CachedLoader
from django.templatetags.i18n import BlockTranslateNode, LanguageNode, TranslateNode
from django.templatetags.static import StaticNode
from django.utils.translation import get_language

from samokov_portal.office.addresses import escaped_address

# Inside them it is not the page alone that says the language, or how letters are escaped.
LEFT_ALONE = (AutoEscapeControlNode, LanguageNode)


class Loader(CachedLoader):
    """Django's loader that keeps compiled templates, with what is unchanging in each put together."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        template: Template = super().get_template(template_name, skip)
        if template_name.endswith(".html") and not hasattr(template, "is_put_together"):
            put_together(template.nodelist)
            template.is_put_together = True  # type: ignore[attr-defined]
        return template


class Unchanging(Node):
    """Neighbours of which each says the same on every page of a language."""

    def __init__(self, parts: list[Node]) -> None:
        self.parts = parts
        self.token = parts[0].token
        self.texts: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        text = self.texts.get(language)
        if text is None:
            text = self.texts[language] = "".join(str(part.render(context)) for part in self.parts)
        return text


class Named(Node):
    """A text that stands in the template, translated or an address, by the name under which the page uses it."""

    def __init__(self, node: TranslateNode | URLNode) -> None:
        self.node = node
        self.name = str(node.asvar)
        self.token = node.token
        self.values: dict[str | None, Any] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        if language not in self.values:
            self.node.render(context)
            self.values[language] = context[self.name]
        context[self.name] = self.values[language]
        return ""


class Address(Node):
    """`{% url %}` with one argument: of a registration number it is looked up once for all numbers."""

    def __init__(self, node: URLNode) -> None:
        self.view, self.argument = node.view_name, node.args[0]
        self.token = node.token

    def render(self, context: Context) -> str:
        return escaped_address(self.view.resolve(context), self.argument.resolve(context))


def put_together(nodes: NodeList) -> None:
    """Replace what is unchanging in `nodes`, and in all that is inside them."""
    found: list[Node] = []
    run: list[Node] = []
    for node in nodes:
        if is_silent(node):
            continue
        if is_unchanging(node):
            run.append(node)
            continue
        found += [*ended(run), instead_of(node)]
        run = []
        for inner in inside(node):
            put_together(inner)
    # The same list: blocks and parents hold on to it.
    nodes[:] = [*found, *ended(run)]


def instead_of(node: Node) -> Node:
    """What says the same as `node` with less to do; itself, where there is nothing."""
    match node:
        case TranslateNode() if node.asvar and node.message_context is None and is_literal(node.filter_expression):
            return Named(node)
        case URLNode() if node.asvar and all(map(is_literal, (node.view_name, *node.args, *node.kwargs.values()))):
            return Named(node)
        case URLNode() if not node.asvar and len(node.args) == 1 and not node.kwargs:
            return Address(node)
    return node


def ended(run: list[Node]) -> list[Node]:
    """What stands for a run of unchanging nodes."""
    if not run:
        return []
    return run if len(run) == 1 and isinstance(run[0], TextNode) else [Unchanging(run)]


def inside(node: Node) -> Iterator[NodeList]:
    """The lists of nodes that `node` renders."""
    if isinstance(node, LEFT_ALONE):
        return
    if isinstance(node, IfNode):
        yield from (nodes for _condition, nodes in node.conditions_nodelists)
        return
    for name in node.child_nodelists:
        nodes = getattr(node, name, None)
        if isinstance(nodes, NodeList):
            yield nodes


def is_silent(node: Node) -> bool:
    """Whether it says nothing at all."""
    return isinstance(node, CommentNode | LoadNode)


def is_unchanging(node: Node) -> bool:
    """Whether the language alone says what it renders."""
    match node:
        case TextNode():
            return True
        case TranslateNode():
            return not node.asvar and node.message_context is None and is_literal(node.filter_expression)
        case BlockTranslateNode():
            has_choice = node.countervar or node.asvar or node.message_context or node.extra_context
            return not has_choice and all(token.token_type == TokenType.TEXT for token in node.singular)
        case URLNode():
            return not node.asvar and all(map(is_literal, (node.view_name, *node.args, *node.kwargs.values())))
        case StaticNode():
            return not node.varname and is_literal(node.path)
    return False


def is_literal(expression: Any) -> bool:
    """Whether it is a text that stands in the template, passed through no filter."""
    if not isinstance(expression, FilterExpression) or expression.filters:
        return False
    found = expression.var
    return not isinstance(found, Variable) or found.literal is not None


def nodes_of(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every node, with all that is inside."""
    for node in nodes:
        yield node
        for inner in inside(node):
            yield from nodes_of(inner)
