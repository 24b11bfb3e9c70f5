"""The tags of a template: which there may be, and what each names.

A template is written by an office worker, so it is code by a stranger. Only names, attributes and items of the
listed roots may stand in it, with ``if`` and one ``for row in rows``: no call, no arithmetic, no filter. Whatever
passes cannot reach a Python object other than the values handed in, and cannot loop longer than there are rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from writers.errors import TemplateUnsafeError

ROOTS = frozenset({"header", "row", "rows", "record", "box", "tick", "options"})
"""What a template may name. ``row`` is the variable of ``for row in rows``."""

_DEEPEST = 2
_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Const,
    nodes.If,
    nodes.For,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Compare,
    nodes.Operand,
)


class ValuesEnvironment(ImmutableSandboxedEnvironment):
    """A sandbox in which ``a.b`` means the item ``b`` of the values ``a`` and never an attribute of an object."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
        self.globals.clear()

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - as Jinja has it
        """The value of that key, strictly."""
        try:
            return obj[attribute]
        except (LookupError, TypeError):
            return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 - as Jinja has it
        """The same for ``a['b']``."""
        return self.getattr(obj, argument)


@dataclass(frozen=True, slots=True, order=True)
class Tag:
    """One place for a value: ``header.unit`` is ``Tag("header", "unit")``, ``box.hr_review.date`` has a ``part``."""

    root: str
    key: str
    part: str = ""

    def __str__(self) -> str:
        return ".".join(piece for piece in (self.root, self.key, self.part) if piece)


Piece = str | Tag
"""Text as it stands in the template, or a tag to be replaced."""


def parse(environment: ValuesEnvironment, source: str, place: str) -> nodes.Template:
    """The checked syntax tree of a template's text. ``place`` names the part or cell in the error.

    Raises:
        TemplateUnsafeError: it holds anything that is not on the list.
    """
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        raise TemplateUnsafeError(place=place, expression=error.message or "syntax") from error
    _check(tree, place)
    return tree


def tags_of(tree: nodes.Node) -> frozenset[Tag]:
    """Every tag of a checked tree."""
    return frozenset(_walk(tree))


def pieces_of(tree: nodes.Template, place: str) -> tuple[Piece, ...]:
    """The text of one cell as literal text and tags in order.

    Raises:
        TemplateUnsafeError: the cell holds ``if`` or ``for``, which a cell of a workbook may not.
    """
    pieces: list[Piece] = []
    for part in tree.body:
        if not isinstance(part, nodes.Output):
            raise TemplateUnsafeError(place=place, expression=type(part).__name__)
        for item in part.nodes:
            if isinstance(item, nodes.TemplateData):
                pieces.append(item.data)
                continue
            tag = _tag(item)
            if tag is None:
                raise TemplateUnsafeError(place=place, expression=type(item).__name__)
            pieces.append(tag)
    return tuple(pieces)


def _check(node: nodes.Node, place: str) -> None:
    if type(node) not in _ALLOWED:
        raise TemplateUnsafeError(place=place, expression=type(node).__name__)
    match node:
        case nodes.Name(name=name) if name not in ROOTS:
            raise TemplateUnsafeError(place=place, expression=name)
        case nodes.Getattr(attr=name) if name.startswith("_"):
            raise TemplateUnsafeError(place=place, expression=name)
        case nodes.Getitem(arg=argument) if not _is_plain_key(argument):
            raise TemplateUnsafeError(place=place, expression="[…]")
        case nodes.For() if not _is_plain_loop(node):
            raise TemplateUnsafeError(place=place, expression="for")
        case nodes.Output() if not all(isinstance(item, nodes.TemplateData) or _tag(item) for item in node.nodes):
            raise TemplateUnsafeError(place=place, expression="{{ }}")
        case _:
            pass
    for child in node.iter_child_nodes():
        _check(child, place)


def _is_plain_loop(loop: nodes.For) -> bool:
    """``for row in rows`` and no loop within it."""
    return (
        isinstance(loop.iter, nodes.Name)
        and loop.iter.name == "rows"
        and isinstance(loop.target, nodes.Name)
        and loop.target.name == "row"
        and not loop.recursive
        and loop.test is None
        and loop.find(nodes.For) is None
    )


def _is_plain_key(argument: nodes.Expr) -> bool:
    return isinstance(argument, nodes.Const) and isinstance(argument.value, str) and not argument.value.startswith("_")


def _walk(node: nodes.Node) -> Iterator[Tag]:
    tag = _tag(node)
    if tag is not None:
        yield tag
        return
    for child in node.iter_child_nodes():
        yield from _walk(child)


def _tag(node: nodes.Node) -> Tag | None:
    path: list[str] = []
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        if isinstance(node, nodes.Getattr):
            path.append(node.attr)
        elif _is_plain_key(node.arg):
            path.append(str(node.arg.as_const()))
        else:
            return None
        node = node.node
    if not isinstance(node, nodes.Name) or not path or len(path) > _DEEPEST:
        return None
    path.reverse()
    return Tag(node.name, *path)
