"""The proof: what our own reader finds in a filled file must be what was asked for, or nothing is handed out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from forms.catalogue import Catalogue
from forms.definition import Field, FormDefinition
from forms.record import Entry, Extraction, Mark, MarkKind, Record, Row, Value
from parsers.document import Document
from parsers.extracting import extract
from parsers.readers import docx as docx_reader
from parsers.readers import pdf as pdf_reader
from parsers.readers import xlsx as xlsx_reader
from writers.errors import OutputCheckFailedError

_SHOWN = 10
_LONGEST = 60
_Equality = Callable[[Field, Value, Value], bool]


def prove(definition: FormDefinition, asked: Record, content: bytes, file_format: str) -> None:
    """Read a filled docx or xlsx back and compare it field by field with what was asked.

    Raises:
        OutputCheckFailedError: naming the first differences.
    """
    read = docx_reader.read_bytes if file_format == "docx" else xlsx_reader.read_bytes
    prove_document(definition, asked, read(content))


def prove_pdf(definition: FormDefinition, asked: Record, content: bytes) -> tuple[Document, Extraction]:
    """The same for a PDF that we made: its text layer is what gets read.

    Returns:
        The PDF as our reader sees it and what it found there: where everything was printed.

    Raises:
        OutputCheckFailedError: naming the first differences.
    """
    document = pdf_reader.read_bytes(content)
    return document, prove_document(definition, asked, document, are_lines_kept=False)


def prove_document(
    definition: FormDefinition, asked: Record, document: Document, *, are_lines_kept: bool = True
) -> Extraction:
    """The same for a file that has been read already; returns what was found in it.

    Where lines are not kept (a printed page wraps where it must) blanks inside a text cannot be told from the end of
    a line; texts are then compared without blanks. The Office file that was printed has been proved with them.

    Raises:
        OutputCheckFailedError: naming the first differences.
    """
    found = extract(document, _catalogue(_Same(definition)), form=definition.form)
    differences = (
        [f"读出 {len(found)} 份文档"]
        if len(found) != 1
        else list(differences_of(definition, asked, found[0], are_lines_kept=are_lines_kept))
    )
    if differences:
        more = f" 等 {len(differences)} 处" if len(differences) > _SHOWN else ""
        raise OutputCheckFailedError(differences=";".join(differences[:_SHOWN]) + more)
    return found[0]


def differences_of(
    definition: FormDefinition, asked: Record, found: Extraction, *, are_lines_kept: bool = True
) -> Iterator[str]:
    """Every place where what was read is not what was asked, as a sentence."""
    record = found.record
    same = _same if are_lines_kept else _same_but_blanks
    yield from _entries("header", definition.header, (asked.header, record.header), same)
    blank: dict[str, Entry] = {}
    for index in range(max(len(asked.rows), len(record.rows))):
        wanted = asked.rows[index] if index < len(asked.rows) else blank
        given = record.rows[index] if index < len(record.rows) else blank
        yield from _entries(f"records[{index}]", definition.fields, (wanted, given), same)
    yield from _marks(asked.marks, record.marks)


def _entries(path: str, fields: tuple[Field, ...], sides: tuple[Row, Row], same: _Equality) -> Iterator[str]:
    asked, found = sides
    for item in fields:
        wanted, given = asked.get(item.key), found.get(item.key)
        one = "" if wanted is None or wanted.value is None else wanted.value
        other = "" if given is None or given.value is None else given.value
        if one is not other and one != other and not same(item, one, other):
            yield f"{path}.{item.key}: 应为“{_short(one)}”,读回“{_short(other)}”"


def _same(field: Field, one: Value, other: Value) -> bool:
    """Equal as values of the field's type: blanks at the ends and the like are not part of a value."""
    return field.type.read(one).value == field.type.read(other).value and type(one) is type(other)


def _same_but_blanks(field: Field, one: Value, other: Value) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return _squeezed(one) == _squeezed(other) or _same(field, one, other)
    return _same(field, one, other)


def _marks(asked: tuple[Mark, ...], found: tuple[Mark, ...]) -> Iterator[str]:
    """Opinions and dates that were printed must be read; nothing may be read into a box that was left open."""
    wanted = {(mark.key, mark.kind): mark for mark in asked}
    given = {(mark.key, mark.kind): mark for mark in found}
    for key, kind in sorted(wanted.keys() | given.keys()):
        if kind not in (MarkKind.OPINION, MarkKind.DATE):
            continue
        one, other = wanted.get((key, kind)), given.get((key, kind))
        is_date = kind is MarkKind.DATE
        first = "" if one is None else (one.value or "") if is_date else _squeezed(one.text)
        second = "" if other is None else (other.value or "") if is_date else _squeezed(other.text)
        if first != second:
            yield f"marks.{key}.{kind}: 应为“{_short(first)}”,读回“{_short(second)}”"


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _short(value: Value) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


class _Same:
    """A definition as a cache key by identity (definitions are immutable and shared)."""

    def __init__(self, definition: FormDefinition) -> None:
        self.definition = definition

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.definition is other.definition

    def __hash__(self) -> int:
        return id(self.definition)


@lru_cache(maxsize=32)
def _catalogue(same: _Same) -> Catalogue:
    return Catalogue((same.definition,))
