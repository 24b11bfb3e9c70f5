"""Word templates: joined and checked once, then rendered as often as needed.

docxtpl's way of tags is kept, for office workers know it: a tag may be scattered over runs, ``{%tr for row in rows %}``
repeats table rows. Its joining of runs is used once, when the template is compiled; rendering is Jinja alone, and
every part of the file that holds no tag is copied as compressed bytes.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Template as JinjaTemplate
from lxml import etree
from markupsafe import Markup

from forms.definition import FormDefinition, Layout
from forms.finding import Finding
from writers import lastrows
from writers.archive import Part, deflate, write_archive
from writers.errors import TemplateInvalidError, TemplateUnsafeError
from writers.printing import PICTURE_PART, PLACEHOLDER, add_word_mark, word_picture
from writers.tags import Tag, ValuesEnvironment, parse, tags_of
from writers.values import Content
from writers.wordcells import SPACE, Slot, Styles, W, rows_on_first_page, slots_of
from writers.wordfit import Fitter, WordValues, apply_fits, resized, word_text

BODY = "word/document.xml"
_TAGGED = re.compile(r"word/(?:document|header\d*|footer\d*)\.xml$")
_OPENING = re.compile(r"\{\s*[{%]")


class WordTemplate:
    """A compiled Word template of a form."""

    def __init__(self, definition: FormDefinition, parts: Mapping[str, bytes]) -> None:
        self.definition = definition
        self._raw = dict(parts)
        self._environment = ValuesEnvironment()
        refuse_active_parts(self._raw)
        self._plain = self._compile(self._raw)
        self.tags = self._plain.tags
        self._slots = self._measure()
        self._fitter = Fitter(self._slots)

    @cached_property
    def _marked(self) -> _Compiled:
        return self._compile(add_word_mark(self._raw, self.definition.form, self.definition.edition))

    @cached_property
    def shared_tags(self) -> frozenset[Tag]:
        """Tags that stand in a cell or line together with other words or tags."""
        shared: set[Tag] = set()
        for slot in self._slots:
            pieces = [piece for part in slot.plan.paragraphs for piece, _ in part.pieces]
            if len([piece for piece in pieces if isinstance(piece, Tag) or piece.strip()]) > 1:
                shared.update(slot.plan.tags)
        return frozenset(shared)

    def render(self, content: Content, document_id: str | None) -> tuple[bytes, tuple[Finding, ...]]:
        """The filled docx and what had to be shrunk or moved; ``document_id`` is for the print mark, if any."""
        context, values = self._context(content)
        findings = apply_fits(context, values, self._fitter.fits(values), self.definition)
        compiled = self._plain if document_id is None else self._marked
        return compiled.write(context, document_id, self.definition), findings

    def sizes(self, content: Content) -> tuple[tuple[Tag, float], ...] | None:
        """What is set smaller on this document; ``None`` when a text has to be moved to the 续页."""
        _, values = self._context(content)
        fits = [placed.fit for placed in self._fitter.fits(values)]
        if any(found.shortened for found in fits):
            return None
        return tuple(sorted(item for found in fits for item in found.sizes.items()))

    def body_with(self, content: Content, names: Mapping[Tag, str], *, is_marked: bool) -> str:
        """The text of the body with ``names`` in place of some values of the header or the card."""
        context, values = self._context(content)
        fits = self._fitter.fits(values)
        apply_fits(context, values, fits, self.definition)
        for tag, name in names.items():
            context[tag.root][tag.key] = Markup(name)  # noqa: S704 - names of our own, not data
        for placed in fits:
            for tag, size in placed.fit.sizes.items():
                if tag in names:
                    context[tag.root][tag.key] = resized(names[tag], placed.slot.looks.get(tag, ""), size)
        compiled = self._marked if is_marked else self._plain
        return compiled.sources[BODY].render(context)

    def _context(self, content: Content) -> tuple[dict[str, Any], WordValues]:
        """The values as the template takes them, and as plain texts."""
        rows = [{key: str(value) for key, value in row.items()} for row in content.rows()]
        is_card = self.definition.layout is Layout.CARD
        record = rows[0] if is_card and rows else {}
        context = {
            "header": {key: word_text(str(value)) for key, value in content.header.items()},
            "rows": [] if is_card else _rows(rows),
            "record": {key: word_text(value) for key, value in record.items()},
            "box": {key: {part: word_text(text) for part, text in box.items()} for key, box in content.boxes.items()},
            "tick": content.ticks,
            "options": self.definition.options,
            "pages_after": Markup(""),
        }
        texts = {"header": content.header, "record": record, "box": content.boxes}
        return context, WordValues(texts, () if is_card else rows)

    def _compile(self, parts: Mapping[str, bytes]) -> _Compiled:
        joiner = DocxTemplate("")
        sources: dict[str, JinjaTemplate] = {}
        tags: set[Tag] = set()
        for name, data in parts.items():
            if _TAGGED.match(name) and (name == BODY or "{" in data.decode()):
                source = joiner.patch_xml(data.decode())
                tree = parse(self._environment, source, name)
                refuse_misplaced(source, name)
                tags |= tags_of(tree)
                if name == BODY:
                    source = _with_pages_after(lastrows.kept_together(source))
                sources[name] = self._environment.from_string(source)
        ready = {name: deflate(name, data, 9) for name, data in parts.items() if name not in sources}
        return _Compiled(frozenset(tags), tuple(parts), sources, ready)

    def blank_rows(self) -> int:
        """How many rows of persons fill the first page."""
        return rows_on_first_page(etree.fromstring(self._raw[BODY]), self._styles)

    @cached_property
    def _styles(self) -> Styles:
        styles = self._raw.get("word/styles.xml")
        return Styles(None if styles is None else etree.fromstring(styles))

    def _measure(self) -> tuple[Slot, ...]:
        source = DocxTemplate("").patch_xml(self._raw[BODY].decode())
        is_card = self.definition.layout is Layout.CARD
        return tuple(slots_of(etree.fromstring(source.encode()), self._styles, self._environment, is_card=is_card))


@dataclass(frozen=True)
class _Compiled:
    """The package of a template: parts that hold tags as Jinja templates, the others ready."""

    tags: frozenset[Tag]
    names: tuple[str, ...]
    sources: Mapping[str, JinjaTemplate]
    ready: Mapping[str, Part]

    def write(self, context: Mapping[str, Any], document_id: str | None, definition: FormDefinition) -> bytes:
        parts: list[Part] = []
        for name in self.names:
            source = self.sources.get(name)
            if source is not None:
                parts.append(
                    deflate(name, self._named(source.render(context), None if name == BODY else document_id), 5)
                )
            elif document_id is not None and name in self._footers:
                parts.append(deflate(name, self._named(self._footers[name], document_id), 5))
            else:
                parts.append(self.ready[name])
        if document_id is not None:
            parts.append(deflate(PICTURE_PART, word_picture(document_id, definition.form, definition.edition), 1))
        return write_archive(parts)

    @cached_property
    def _footers(self) -> dict[str, str]:
        """Parts without tags that hold the place of the document id."""
        footers = {name: inflate(part).decode() for name, part in self.ready.items() if name.endswith(".xml")}
        return {name: text for name, text in footers.items() if PLACEHOLDER in text}

    @staticmethod
    def _named(text: str, document_id: str | None) -> bytes:
        return (text if document_id is None else text.replace(PLACEHOLDER, document_id)).encode()


def _rows(rows: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """The persons as the template takes them; the last one's row stays with what is printed below."""
    made: list[dict[str, Any]] = [
        {**{key: word_text(value) for key, value in row.items()}, lastrows.KEY: Markup("")} for row in rows
    ]
    if made:
        made[-1][lastrows.KEY] = lastrows.KEPT
    return made


def inflate(part: Part) -> bytes:
    """The bytes of a ready part."""
    return zlib.decompress(part.deflated, -15)


def _with_pages_after(source: str) -> str:
    """The source with the place of the 续页 before the last section's properties."""
    place = source.rfind("<w:sectPr")
    if place < 0:
        place = source.rfind("</w:body>")
    return f"{source[:place]}{{{{ pages_after }}}}{source[place:]}"


def refuse_active_parts(parts: Mapping[str, bytes]) -> None:
    """Tags belong into the text, page headers and page footers of a form and nowhere else.

    Raises:
        TemplateUnsafeError: another part (properties, notes, comments) holds what looks like a tag.
        TemplateInvalidError: the file is no form at all, or declares a document type.
    """
    if BODY not in parts and "xl/workbook.xml" not in parts:
        raise TemplateInvalidError(faults="不是 Word 或 Excel 文件")
    for name, data in parts.items():
        if not name.endswith((".xml", ".rels")):
            continue
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise TemplateInvalidError(faults=f"{name}: 含文档类型声明")
        if not _TAGGED.match(name) and not name.startswith("xl/") and (b"{{" in data or b"{%" in data):
            raise TemplateUnsafeError(place=name, expression="{{ }}")


def refuse_misplaced(source: str, name: str) -> None:
    """Values are inserted as text runs, so a tag must stand in one.

    Raises:
        TemplateUnsafeError: a tag in an attribute.
        TemplateInvalidError: the joined text is not well formed, or a value would stand outside a text run.
    """
    try:
        root = etree.fromstring(source.encode())
    except etree.XMLSyntaxError as error:
        raise TemplateInvalidError(faults=f"{name}: {error.msg}") from error
    for element in root.iter():
        for value in element.attrib.values():
            if _OPENING.search(str(value)):
                raise TemplateUnsafeError(place=name, expression=str(value))
        texts = (element.text if element.tag != f"{W}t" else None, element.tail)
        if any(text and "{{" in text for text in texts):
            raise TemplateInvalidError(faults=f"{name}: 标签不在文字中:{element.text or element.tail}")
        if element.tag == f"{W}t" and "{{" in (element.text or "") and element.get(SPACE) != "preserve":
            raise TemplateInvalidError(faults=f"{name}: 标签处未保留空格:{element.text}")
