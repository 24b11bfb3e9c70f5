"""附件1: the roster of the borrowed persons of one unit, lying, the head on every page."""

from __future__ import annotations

from typing import Final

from drafting.paper import BALLOT, LABEL, SIZE_6, SIZE_SMALL_5, TEXT, Face
from drafting.parts import SEAL_HERE, box_of, column_head, has_totals, header_of, heading, notes, tag
from drafting.worddoc import Margins, document
from drafting.wordxml import Cell, Element, Row, Setting, line_break, paragraph, run, spacer, table, text_cell
from forms.definition import Field, FormDefinition, OpinionBox

MARGINS: Final = Margins(top=13, right=12, bottom=15, left=12)
ROW: Final = 9.5
SEAL_ROW: Final = 46.0

_HEAD: Final = Face(LABEL.font, SIZE_6)
_SMALL: Final = Face(TEXT.font, SIZE_6, TEXT.latin)
_SMALL_SETTING: Final = Setting("center", line=9.5)
_LABEL_WIDTH: Final = 30.0
_OFFICES: Final = ("区委组织部", "区人社局")
_SIGNATORIES: Final = (
    ("principal", "principal_signature", "分管负责人签字"),
    ("filled_by", "contact", "contact_phone"),
)


def draw(definition: FormDefinition) -> bytes:
    """The official ``附件1.docx``."""
    width = sum(field.width_mm or 0.0 for field in definition.fields)
    body = [
        *heading(definition),
        table([_top_line(definition, width)], ruled=False),
        spacer(2, keep_next=True),
        table(_grid(definition, width), padding_mm=0.4),
        spacer(6, keep_next=True),
        table(_sign_off(definition, width)),
        notes(definition, SIZE_6),
    ]
    return document(body, definition.title, MARGINS, landscape=True, numbered=True)


def _top_line(definition: FormDefinition, width: float) -> Row:
    unit, day = header_of(definition, "unit"), header_of(definition, "filled_on")
    cells = (
        text_cell(f"{unit.label}（盖章）：{tag('header', 'unit')}", width * 0.5, TEXT, Setting("left")),
        text_cell(f"{day.label}：{tag('header', 'filled_on')}", width * 0.3, TEXT, Setting("left")),
        text_cell("计量单位：人", width * 0.2, TEXT, Setting("right")),
    )
    return Row(cells, 7.0)


def _width(field: Field) -> float:
    return field.width_mm or 0.0


def _grid(definition: FormDefinition, width: float) -> list[Row]:
    head = tuple(_head_cell(field) for field in definition.fields)
    person = tuple(
        text_cell(tag("row", field.key), _width(field), _SMALL, _SMALL_SETTING) for field in definition.fields
    )
    rows = [
        Row(head, 11.0, repeats=True),
        Row((text_cell("{%tr for row in rows %}", width, _SMALL),), 5.0),
        Row(person, ROW),
        Row((text_cell("{%tr endfor %}", width, _SMALL),), 5.0),
    ]
    if has_totals(definition):
        rows.append(_totals(definition))
    return rows


def _head_cell(field: Field) -> Cell:
    first, *more = column_head(field.label, _HEAD.size, _width(field)).split("\n")
    pieces = [run(first, _HEAD), *(piece for line in more for piece in (line_break(), run(line, _HEAD)))]
    return Cell((paragraph(_SMALL_SETTING, *pieces),), _width(field))


def _totals(definition: FormDefinition) -> Row:
    """合计 before the name, the number of persons under it, a stroke in every other column."""
    total = header_of(definition, "total")
    texts = {"no": total.label, "name": f"{tag('header', 'total')}{total.suffix}"}
    cells = tuple(
        text_cell(texts.get(field.key, "/"), _width(field), _HEAD if field.key == "no" else _SMALL, _SMALL_SETTING)
        for field in definition.fields
    )
    return Row(cells, 7.0)


def _sign_off(definition: FormDefinition, width: float) -> list[Row]:
    unit, filing = box_of(definition, "unit_seal"), box_of(definition, "filing_seal")
    half = width / 2 - _LABEL_WIDTH
    boxes = (
        Cell(_head(unit.label), _LABEL_WIDTH),
        Cell(_opinion(unit), half, valign="top"),
        Cell((*_head(filing.label), *(_office(name) for name in _OFFICES)), _LABEL_WIDTH),
        Cell(_opinion(filing), half, valign="top"),
    )
    return [*(_signatories(definition, names, width) for names in _SIGNATORIES), Row(boxes, SEAL_ROW)]


def _head(text: str) -> tuple[Element, ...]:
    return (paragraph(Setting("center", 14, keep_next=True), run(text, LABEL)),)


def _office(name: str) -> Element:
    return paragraph(Setting("center", 14, keep_next=True), run("□", BALLOT), run(name))


def _opinion(box: OpinionBox) -> tuple[Element, ...]:
    """The opinion at the top, 盖章 and date at the foot: in between is the room for the seal."""
    space = SEAL_ROW * 72 / 25.4 - 14 * 5
    return (
        paragraph(Setting("left", 14, after=space, keep_next=True), run(tag("box", box.key, "opinion"))),
        paragraph(Setting("right", 14, right=24, keep_next=True), run(SEAL_HERE)),
        paragraph(Setting("right", 14, right=12), run(tag("box", box.key, "date"))),
    )


def _signatories(definition: FormDefinition, names: tuple[str, ...], width: float) -> Row:
    small = Face(LABEL.font, SIZE_SMALL_5)
    cells: list[Cell] = []
    for name in names:
        label, value = _signatory(definition, name)
        cells.append(Cell((paragraph(Setting("center", keep_next=True), run(label, small)),), _LABEL_WIDTH))
        cells.append(Cell((paragraph(Setting("center", keep_next=True), run(value)),), width / 3 - _LABEL_WIDTH))
    return Row(tuple(cells), 9.0)


def _signatory(definition: FormDefinition, name: str) -> tuple[str, str]:
    """Label and tag of one who answers for the form; a label without a tag is signed by hand only."""
    if definition.header_field(name) is not None:
        return header_of(definition, name).label, tag("header", name)
    box = next((box for box in definition.boxes if box.key == name), None)
    return (box.label, tag("box", box.key, "signature")) if box is not None else (name, "")
