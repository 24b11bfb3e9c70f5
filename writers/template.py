"""An official file, compiled: checked against its definition once, ready to be filled any number of times."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from lxml import etree

from forms.definition import FormDefinition, Layout
from forms.finding import Finding
from forms.record import MarkKind
from writers.archive import read_parts
from writers.docx import WordTemplate, refuse_active_parts
from writers.errors import TemplateInvalidError
from writers.tags import Tag
from writers.values import Content
from writers.xlsx import ExcelTemplate

_MOST_KEPT = 64
_PARTS = frozenset(kind.value for kind in MarkKind)

_compiled: dict[int, tuple[FormDefinition, int, Template]] = {}
"""Templates by the identity of their definition, which is kept with them; definitions are immutable."""


class Template(Protocol):
    """A compiled template of either kind."""

    definition: FormDefinition
    tags: frozenset[Tag]

    def render(self, content: Content, document_id: str | None) -> tuple[bytes, tuple[Finding, ...]]:
        """The filled file and what had to be shrunk or moved."""
        ...

    def blank_rows(self) -> int:
        """How many rows of persons fill the first page of a blank roster."""
        ...


def compile_template(definition: FormDefinition) -> Template:
    """The template of a definition; compiled anew only when the file has changed.

    Raises:
        TemplateUnsafeError: a forbidden expression.
        TemplateInvalidError: no such file, not an Office file, or tags and fields that do not match (all at once).
    """
    path = definition.template_path
    try:
        stamp = path.stat().st_mtime_ns
    except OSError as error:
        raise TemplateInvalidError(faults=f"{path.name}: 文件不存在") from error
    known = _compiled.get(id(definition))
    if known is not None and known[0] is definition and known[1] == stamp:
        return known[2]
    template = _compile(definition)
    if len(_compiled) >= _MOST_KEPT:
        _compiled.clear()
    _compiled[id(definition)] = (definition, stamp, template)
    return template


def _compile(definition: FormDefinition) -> Template:
    parts = _parts_of(definition.template_path)
    refuse_active_parts(parts)
    kind = WordTemplate if definition.file_format == "docx" else ExcelTemplate
    try:
        template: Template = kind(definition, parts)
    except (etree.XMLSyntaxError, KeyError, IndexError, ValueError) as error:
        raise TemplateInvalidError(faults=f"{definition.template}: {error}") from error
    faults = tuple(_faults(definition, template.tags))
    if faults:
        raise TemplateInvalidError(faults="\n".join(f"{definition.template}: {fault}" for fault in faults))
    return template


def _parts_of(path: Path) -> dict[str, bytes]:
    try:
        return read_parts(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise TemplateInvalidError(faults=f"{path.name}: 不是 Office 文件") from error


def _faults(definition: FormDefinition, tags: frozenset[Tag]) -> Iterable[str]:
    """Every tag must name a field, every field must have a tag."""
    header = {item.key for item in definition.header} | {item.key for item in definition.totals}
    fields = {item.key for item in definition.fields}
    person = "record" if definition.layout is Layout.CARD else "row"
    known = {
        "header": header,
        person: fields,
        "box": {box.key for box in definition.boxes},
        "tick": fields | header,
        "options": set(definition.options),
    }
    for tag in sorted(tags):
        if tag.key not in known.get(tag.root, set()):
            yield f"标签 {tag} 没有对应的字段"
        elif tag.root == "box" and tag.part not in _PARTS:
            yield f"标签 {tag} 应以 opinion、signature 或 date 结尾"
        elif tag.root in ("header", "row", "record") and tag.part:
            yield f"标签 {tag} 多了一段"
    printed = {(tag.root, tag.key) for tag in tags}
    for item in definition.header:
        if not {("header", item.key), ("tick", item.key)} & printed:
            yield f"字段 header.{item.key}({item.label})在模板中没有标签"
    for item in definition.fields:
        if not {(person, item.key), ("tick", item.key)} & printed:
            yield f"字段 {person}.{item.key}({item.label})在模板中没有标签"
