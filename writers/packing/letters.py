"""The pages around the forms of a pack: 封面, 目录, 报送函, and 填表说明 for packs that are sent out."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from docx.document import Document
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Mm, Pt

from forms.definition import FormDefinition
from forms.illegal import without_illegal
from writers.archive import Part, deflate, write_archive
from writers.officialpage import (
    CENTER,
    FANG,
    HEI,
    KAI,
    RIGHT,
    SONG,
    TEXT_SIZE,
    TITLE_SIZE,
    content_of,
    line,
    new_document,
    write,
)
from writers.packing.fixed import fixed_office
from writers.packing.printsource import BODY

SUBJECT = "借用人员和编外用工专项清理规范"
_ENCLOSED = 5
"""Characters before the number of an enclosure: two, and 附件： (GB/T 9704-2012, 7.3.4)."""
_COVER_SIZE, _COVER_LINE = 36.0, 18.0
_COVER_INDENT = Mm(10)
_LIST_SIZE = 14.0
_TEXT_WIDTH = Mm(156)
_UNIT, _KNOWN, _NOTHING = "@@UNIT@@", "@@KNOWN@@", "尚无已知内容,各表均为空白。"
_KNOWN_PARAGRAPH = re.compile(rf"<w:p>(?:(?!</w:p>).)*?{_KNOWN}.*?</w:p>", re.DOTALL)
_NO_DAY = "    年    月    日"


@dataclass(frozen=True, slots=True)
class Sending:
    """Who sends what to whom.

    ``recipients`` are full names of offices; ``day`` is that of the letter, left to be written in where it is ``None``;
    ``units`` is how many units the forms are of. ``warnings`` stand on the cover in a box: what is wrong or missing;
    ``whole`` says that it is the district's.
    """

    unit: str
    recipients: tuple[str, ...]
    year: int
    title: str = ""
    copies: int = 1
    day: dt.date | None = None
    units: int = 1
    contact: str = ""
    phone: str = ""
    warnings: tuple[str, ...] = ()
    whole: bool = False

    @property
    def others(self) -> tuple[str, ...]:
        """The recipients without the sender: no office writes to itself."""
        return tuple(name for name in self.recipients if name != self.unit) or self.recipients


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the 目录: a part of the pack, its note (``共 12 人``), its copies, and its page in the print."""

    name: str
    note: str = ""
    copies: int | None = None
    page: int | None = None
    is_attachment: bool = False


def cover(sending: Sending) -> bytes:
    """The 封面 as .docx."""
    document = new_document(numbered=False)
    if sending.warnings:
        _warning(document, sending.warnings)
    for _ in range(1 if sending.warnings else 4):
        line(document)
    line(document, "海州区机关事业单位", size=TITLE_SIZE, font=SONG, align=CENTER)
    line(document, SUBJECT, size=TITLE_SIZE + 4, font=SONG, align=CENTER)
    line(document, "报 送 材 料", size=_COVER_SIZE, font=SONG, align=CENTER)
    for _ in range(2 if sending.warnings else 4):
        line(document)
    rows = (
        ("报送单位", _with_seal(sending.unit)),
        ("报送对象", "、".join(sending.others)),
        ("工作批次", sending.title or f"{sending.year}年"),
        ("年　　度", f"{sending.year}年"),
        ("印制份数", f"一式{sending.copies}份"),
        ("报送日期", _day(sending.day)),
    )
    for label, value in rows:
        paragraph = line(document)
        paragraph.paragraph_format.first_line_indent = Pt(-5 * _COVER_LINE)
        paragraph.paragraph_format.left_indent = _COVER_INDENT + Pt(5 * _COVER_LINE)
        write(paragraph, f"{label}：", size=_COVER_LINE, font=HEI)
        write(paragraph, value, size=_COVER_LINE)
    return fixed_office(content_of(document))


def _with_seal(unit: str) -> str:
    """A name and the words for its seal, which never run over the end of a line."""
    seal = "（盖章）"
    room = int((_TEXT_WIDTH - _COVER_INDENT) / Pt(_COVER_LINE)) - 5
    used = len(unit) % room or room
    return unit + seal if used + len(seal) <= room else f"{unit}\n{seal}"


def _warning(document: Document, warnings: Sequence[str]) -> None:
    table = document.add_table(rows=1, cols=1, style="Table Grid")
    cell = table.rows[0].cells[0]
    write(cell.paragraphs[0], "【注意】本报送包不完整，不作为正式报送材料", size=_LIST_SIZE, font=HEI, bold=True)
    for words in warnings:
        write(cell.add_paragraph(), words, size=12)
    for paragraph in cell.paragraphs:
        paragraph.paragraph_format.space_after = Pt(4)


def contents(items: Sequence[Item], sending: Sending) -> bytes:
    """The 目录 as .docx: a line for each part, with its copies, and the page on which it begins."""
    document = new_document()
    line(document, "目  录", size=TITLE_SIZE, font=SONG, align=CENTER)
    line(document)
    for number, item in enumerate(items, start=1):
        paragraph = line(document)
        stops = paragraph.paragraph_format.tab_stops
        stops.add_tab_stop(_TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        paragraph.paragraph_format.right_indent = Mm(12)
        paragraph.paragraph_format.left_indent = Pt(2 * _LIST_SIZE)
        paragraph.paragraph_format.first_line_indent = Pt(-2 * _LIST_SIZE)
        write(paragraph, f"{number}. {item.name}", size=_LIST_SIZE, font=HEI if item.is_attachment else FANG)
        if item.note:
            write(paragraph, f"({item.note})", size=_LIST_SIZE - 2, font=KAI)
        write(paragraph, f"\t{item.page if item.page is not None else ''}", size=_LIST_SIZE)
    line(document)
    line(document, f"本报送包一式{sending.copies}份。页码为打印版的连续页码。", size=12, font=KAI)
    return fixed_office(content_of(document))


def letter(items: Sequence[Item], sending: Sending) -> bytes:
    """The 报送函 as .docx: to whom, what is sent, and what is enclosed."""
    document = new_document()
    for words in ("关于报送借用人员和编外用工", "专项清理规范材料的函"):
        line(document, words, size=TITLE_SIZE, font=SONG, align=CENTER)
    line(document)
    line(document, f"{'、'.join(sending.others)}：")
    below = f"我单位及所属单位（共{sending.units}个）" if sending.units > 1 else "我单位"
    who = f"全区各单位（共{sending.units}个）" if sending.whole else below
    line(
        document,
        f"根据区委、区政府关于{SUBJECT}工作的部署，{who}已按要求完成自查清理和表格的填写、审核、汇总。"
        "现将有关材料报送给你们，请予审核备案。",
        indent=2,
    )
    attached = [item for item in items if item.is_attachment]
    for number, item in enumerate(attached, start=1):
        note = f"（{item.note}）" if item.note else ""
        paragraph = line(document, f"附件：{number}.\t" if number == 1 else f"{number}.\t")
        write(paragraph, f"{item.name}{note}")
        begin = 2 if number == 1 else _ENCLOSED
        paragraph.paragraph_format.left_indent = Pt((_ENCLOSED + 1) * TEXT_SIZE)
        paragraph.paragraph_format.first_line_indent = Pt((begin - _ENCLOSED - 1) * TEXT_SIZE)
    for words in sending.warnings:
        line(document, f"说明：{words}", indent=2)
    for paragraph in (document.paragraphs[-1], line(document), line(document, f"{sending.unit}（盖章）", align=RIGHT)):
        paragraph.paragraph_format.keep_with_next = True
    line(document, _day(sending.day), align=RIGHT)
    if sending.contact or sending.phone:
        line(document)
        line(document, f"（联系人：{sending.contact}  联系电话：{sending.phone}）", indent=2)
    return fixed_office(content_of(document))


def filling_notes(unit: str, definitions: Sequence[FormDefinition], deadline: str, known: Sequence[str]) -> bytes:
    """The 填表说明 of a pack that a unit is to fill in, as .docx; ``known`` says what is prefilled, one a line.

    All but the unit and what is known of it is the same for units that owe the same forms, and is made once.
    """
    key = (deadline, *(id(definition) for definition in definitions))
    made = _notes.get(key)
    if made is None or made[0] != tuple(definitions):
        made = _notes[key] = (tuple(definitions), _notes_for(definitions, deadline))
    return write_archive(
        part if isinstance(part, Part) else deflate(BODY, _told(part, unit, known)) for part in made[1]
    )


_notes: dict[tuple[object, ...], tuple[tuple[FormDefinition, ...], tuple[Part | str, ...]]] = {}
"""Finished notes by what they are for; definitions are immutable and kept beside. The body is text, to be completed."""


def _told(body: str, unit: str, known: Sequence[str]) -> bytes:
    before, paragraph, after = body.partition(_KNOWN_PARAGRAPH.search(body)[0])  # type: ignore[index]  # made below
    lines = "".join(paragraph.replace(_KNOWN, escape(without_illegal(text))) for text in known or (_NOTHING,))
    return f"{before}{lines}{after}".replace(_UNIT, escape(without_illegal(unit))).encode()


def _notes_for(definitions: Sequence[FormDefinition], deadline: str) -> tuple[Part | str, ...]:
    document = new_document()
    line(document, "填 表 说 明", size=TITLE_SIZE, font=SONG, align=CENTER)
    line(document, f"{_UNIT}:", size=14)
    due = f"请于{deadline}前" if deadline else "请按时"
    steps = (
        "所附各表已按单位名录和此前报送的材料预填,请逐项核对;有变化的在电子表中改正,空白行用于补填。",
        "没有应填人员的,也须报送:在表上注明“无”,签字盖章后报送(零报告)。",
        "打印后由单位主要负责人签字并加盖单位公章,按各表注明的份数报送。页边的小方块(二维码)请勿涂改、遮挡。",
        f"{due}将盖章扫描件(或拍照)连同电子表一并报送主管部门汇总。",
    )
    for number, text in enumerate(steps, start=1):
        line(document, f"{number}.{text}", size=12, indent=2)
    line(document, "已预填的内容", size=12, font=HEI).paragraph_format.keep_with_next = True
    line(document, _KNOWN, size=12, indent=2)
    for definition in definitions:
        name = f"附件{definition.number} {definition.title}(一式{definition.copies}份)"
        line(document, name, size=12, font=HEI).paragraph_format.keep_with_next = True
        for number, note in enumerate(definition.notes, start=1):
            line(document, f"({number}){note}", size=12, indent=2)
    with zipfile.ZipFile(io.BytesIO(fixed_office(content_of(document)))) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    return tuple(data.decode() if name == BODY else deflate(name, data) for name, data in parts)


def _day(day: dt.date | None) -> str:
    return _NO_DAY if day is None else f"{day.year}年{day.month}月{day.day}日"
