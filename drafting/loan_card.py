"""附件4: the approval form of one borrowed person, one page, upright."""

from __future__ import annotations

from typing import Final

from drafting.paper import BALLOT, LABEL, SIZE_6, SIZE_SMALL_5, TEXT, Face, points
from drafting.parts import SEAL_HERE, box_of, field_of, heading, notes, tag, tick
from drafting.worddoc import Margins, document
from drafting.wordxml import Cell, Row, Setting, line_break, paragraph, run, spacer, table, text_cell
from forms.definition import FormDefinition

MARGINS: Final = Margins(top=10, right=20, bottom=10, left=20)
WIDTH: Final = 170.0
PHOTO: Final = 28.0
LABEL_WIDTH: Final = 26.0
HALF: Final = WIDTH / 2 - LABEL_WIDTH

IDENTITY_ROW: Final = 7.5
DATA_ROW: Final = 7.2
REASON_ROW: Final = 12.8
OPINION_ROW: Final = 37.0
LEADER_ROW: Final = 15.0
"""Least heights in millimetres, chosen so that five lines of the data may wrap before the page is full."""

REASONS: Final = {"1": "区委区政府临时性重要任务", "2": "重点工作", "3": "阶段性季节性工作"}
"""The plan's three reasons as the form prints them; the codes are those of the table ``loan-reason``."""

OFFICES: Final = ("区委组织部", "区人社局")
"""Who may review, according to who has charge of the person; one of the two is ticked."""

_BREAKS: Final = ("（", "主管部门", "区分管", "审核")
"""Where a label of two lines is best broken."""

_SMALL_LABEL: Final = Face(LABEL.font, SIZE_SMALL_5)
_LEFT: Final = Setting("left")
_LINE: Final = 13.0
_OPINION_LINES: Final = 3
"""Lines kept for an opinion; a longer one pushes the foot down."""


def draw(definition: FormDefinition) -> bytes:
    """The official ``附件4.docx``."""
    rows = [
        *_identity(definition),
        *_posting(definition),
        *_reason(definition),
        _staffing(definition),
        _applicant(definition),
        _opinions(definition, "lending_unit", "lending_supervisor"),
        _opinions(definition, "borrowing_unit", "borrowing_supervisor"),
        *_only_if("options.leader_layer", _leaders(definition)),
        *_decision(definition),
        _return(definition),
    ]
    body = [
        *heading(definition, gap=4),
        table([_top_line(definition)], ruled=False),
        spacer(2),
        table(rows),
        notes(definition, SIZE_6),
    ]
    return document(body, definition.title, MARGINS, landscape=False, numbered=False)


def _top_line(definition: FormDefinition) -> Row:
    cells = (
        text_cell(_labelled(definition, "filled_on"), WIDTH / 2, TEXT, _LEFT),
        text_cell(_labelled(definition, "serial"), WIDTH / 2, TEXT, Setting("right")),
    )
    return Row(cells, 5.5)


def _labelled(definition: FormDefinition, key: str) -> str:
    return f"{field_of(definition, key).label}：{tag('record', key)}"


def _label(text: str, width_mm: float) -> Cell:
    """A label; one that does not fit on a line is set smaller, closer and on two lines."""
    room = points(width_mm - 1.6)
    if len(text) * LABEL.size <= room:
        return text_cell(text, width_mm, LABEL)
    content = [run(text, _SMALL_LABEL)]
    if len(text) * _SMALL_LABEL.size > room:
        middle = next((text.index(word) for word in _BREAKS if word in text), -(-len(text) // 2))
        halves = (text[:middle], text[middle:])
        if max(len(half) for half in halves) * _SMALL_LABEL.size <= room:
            content = [run(halves[0], _SMALL_LABEL), line_break(), run(halves[1], _SMALL_LABEL)]
    return Cell((paragraph(Setting("center", 10.0), *content),), width_mm)


def _value(text: str, width_mm: float, *, centred: bool = False) -> Cell:
    return text_cell(text, width_mm, TEXT, Setting("center" if centred else "left"))


def _pair(definition: FormDefinition, key: str, label_mm: float, value_mm: float) -> tuple[Cell, Cell]:
    label = field_of(definition, key).label
    return _label(label, label_mm), _value(tag("record", key), value_mm, centred=value_mm < HALF)


def _identity(definition: FormDefinition) -> list[Row]:
    def pairs(*columns: tuple[str, float, float]) -> tuple[Cell, ...]:
        return tuple(cell for column in columns for cell in _pair(definition, *column))

    birth = definition.combined[0]
    age = f"{tag('record', 'birth_month')}（{tag('record', 'age')}岁）"
    first = (*pairs(("name", 26, 22), ("sex", 14, 14)), _label(birth.label, 22), _value(age, 44, centred=True))
    second = pairs(("ethnicity", 26, 20), ("political_status", 18, 24), ("work_start", 22, 32))
    third = pairs(("education", 26, 42), ("school_major", 24, 50))
    fourth = pairs(("id_number", 26, 42), ("phone", 24, 50))
    photo = Cell((paragraph(Setting("center"), run("照片", LABEL)),), PHOTO, merge="start")
    below = Cell((paragraph(Setting("center")),), PHOTO, merge="continue")
    return [Row((*cells, photo if cells is first else below), IDENTITY_ROW) for cells in (first, second, third, fourth)]


def _posting(definition: FormDefinition) -> list[Row]:
    def halves(left: str, right: str) -> Row:
        cells = (*_pair(definition, left, LABEL_WIDTH, HALF), *_pair(definition, right, LABEL_WIDTH, HALF))
        return Row(cells, DATA_ROW)

    period = f"自 {tag('record', 'start_date')} 至 {tag('record', 'end_date')}，共 {tag('record', 'months')} 个月"
    return [
        halves("lending_unit", "post"),
        halves("lending_supervisor", "establishment_type"),
        halves("borrowing_unit", "borrowing_supervisor"),
        Row(_pair(definition, "borrowed_post", LABEL_WIDTH, WIDTH - LABEL_WIDTH), DATA_ROW),
        Row((_label(definition.combined[1].label, LABEL_WIDTH), _value(period, WIDTH - LABEL_WIDTH)), DATA_ROW),
    ]


def _reason(definition: FormDefinition) -> list[Row]:
    category, reason = field_of(definition, "reason_category"), field_of(definition, "reason")
    ticks = [
        piece
        for code, words in REASONS.items()
        for piece in (run(tick("reason_category", code), BALLOT), run(f"{words}  ", TEXT))
    ]
    head = Cell((paragraph(Setting("center"), run(category.group, LABEL)),), LABEL_WIDTH, merge="start")
    below = Cell((paragraph(Setting("center")),), LABEL_WIDTH, merge="continue")
    rest = WIDTH - LABEL_WIDTH - 20
    return [
        Row((head, _label(category.label, 20), Cell((paragraph(_LEFT, *ticks),), rest)), DATA_ROW),
        Row((below, _label(reason.label, 20), _value(tag("record", "reason"), rest)), REASON_ROW),
    ]


def _staffing(definition: FormDefinition) -> Row:
    cells = [_label(field_of(definition, "posts_approved").group, LABEL_WIDTH)]
    for key in ("posts_approved", "posts_filled", "posts_borrowed"):
        field = field_of(definition, key)
        cells += [_label(f"{field.label}（{field.suffix}）", 28), _value(tag("record", key), 20, centred=True)]
    return Row(tuple(cells), DATA_ROW)


def _applicant(definition: FormDefinition) -> Row:
    box = box_of(definition, "applicant")
    content = (
        paragraph(_LEFT, run(tag("box", box.key, "opinion"), TEXT)),
        paragraph(
            Setting("right", right=6),
            run(f"签字：{tag('box', box.key, 'signature')}        {tag('box', box.key, 'date')}", TEXT),
        ),
    )
    return Row((_label(box.label, LABEL_WIDTH), Cell(content, WIDTH - LABEL_WIDTH)), 9.0)


def _opinion_cell(definition: FormDefinition, key: str, height_mm: float) -> Cell:
    """The opinion at the top; signature, 盖章 and date at the foot, where the seal goes."""
    box = box_of(definition, key)
    signature, date = tag("box", key, "signature"), tag("box", key, "date")
    right = Setting("right", _LINE, right=6)
    if "seal" not in box.parts:
        foot = [paragraph(right, run(f"签字：{signature}        {date}", TEXT))]
    else:
        foot = [paragraph(right, run(SEAL_HERE, TEXT)), paragraph(right, run(date, TEXT))]
        if "signature" in box.parts:
            foot.insert(0, paragraph(Setting("left", _LINE), run(f"负责人签字：{signature}", TEXT)))
    space = max(0.0, points(height_mm) - _LINE * (len(foot) + _OPINION_LINES))
    opinion = paragraph(Setting("left", _LINE, after=space), run(tag("box", key, "opinion"), TEXT))
    return Cell((opinion, *foot), HALF, valign="top")


def _opinions(definition: FormDefinition, left: str, right: str, height_mm: float = OPINION_ROW) -> Row:
    cells: list[Cell] = []
    for key in (left, right):
        cells += [_label(box_of(definition, key).label, LABEL_WIDTH), _opinion_cell(definition, key, height_mm)]
    return Row(tuple(cells), height_mm)


def _leaders(definition: FormDefinition) -> Row:
    return _opinions(definition, "lending_leader", "borrowing_leader", LEADER_ROW)


def _only_if(condition: str, row: Row) -> list[Row]:
    """The row between the two rows of an ``if``, which the filling takes away."""
    marks = (f"{{%tr if {condition} %}}", "{%tr endif %}")
    before, after = (Row((text_cell(mark, WIDTH, TEXT),), 5.0) for mark in marks)
    return [before, row, after]


def _decision(definition: FormDefinition) -> list[Row]:
    """Review and approval side by side; below the first label stand the two offices to choose from."""
    review, approval = box_of(definition, "hr_review"), box_of(definition, "final_approval")
    offices = tuple(paragraph(Setting("center", _LINE), run("□", BALLOT), run(name, TEXT)) for name in OFFICES)
    upper, lower = OPINION_ROW * 0.6, OPINION_ROW * 0.4
    left, right = (_opinion_cell(definition, box.key, OPINION_ROW) for box in (review, approval))
    head = Cell(_label(review.label, LABEL_WIDTH).content, LABEL_WIDTH, open_sides=("bottom",))
    end = Cell(_label(approval.label, LABEL_WIDTH).content, LABEL_WIDTH, merge="start")
    first = (head, _merged(left, "start"), end, _merged(right, "start"))
    empty = Cell((paragraph(Setting()),), HALF, merge="continue")
    second = (
        Cell(offices, LABEL_WIDTH, open_sides=("top",)),
        empty,
        Cell(empty.content, LABEL_WIDTH, merge="continue"),
        empty,
    )
    return [Row(first, upper), Row(second, lower)]


def _merged(cell: Cell, merge: str) -> Cell:
    return Cell(cell.content, cell.width_mm, cell.valign, merge)


def _return(definition: FormDefinition) -> Row:
    field, note = field_of(definition, "returned_on"), field_of(definition, "note")
    cells = (
        _label(field.group, LABEL_WIDTH),
        _label(field.label, 20),
        _value(tag("record", "returned_on"), 34, centred=True),
        _label(note.label, 16),
        _value(tag("record", "note"), WIDTH - LABEL_WIDTH - 70),
    )
    return Row(cells, DATA_ROW)
