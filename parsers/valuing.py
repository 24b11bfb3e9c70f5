"""Located cells → entries: the field type reads, what is doubtful is marked for a person, faults become findings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from forms.cleaning import squeeze
from forms.definition import Field
from forms.fieldtypes.base import Raw, Reading
from forms.finding import Finding, Region, Severity
from forms.record import Entry, Origin, Unplaced, Value
from parsers.continuation import is_shortened
from parsers.decoder import CellDecoder, Decoded
from parsers.document import PRINT_CHANGED, PRINT_UNCLEAR, Cell, Document, Page
from parsers.making import region as place_at
from parsers.making import settled_entry

DITTOS = frozenset({"同上", "〃", "″", '"', "''", "“", "”", "“”", "〝", "々", "同前", "上同", "同 上"})
_LEAST_CONFIDENCE = 0.9
_LONGEST_NAME = 4
"""Characters of a Chinese name, two of them its surname; one that was transcribed has a dot."""
_DAY = re.compile(r"\d月\s*\d{1,2}日")
_AS_PRINTED = 0.999
"""Confidence of a text whose ink is that of our own print."""
_BOXES = frozenset("□☐☑☒■▢")
"""Boxes to tick: in a value that has no options they are something else, misread (a corner of a blurred seal)."""
DOUBTS: dict[str, tuple[str, Severity]] = {
    "tracked-deletion": ("此处有未接受的修订(已删除的文字未计入),请确认", Severity.WARNING),
    "partly-struck": ("格内有划掉的文字,只取未划掉的部分,请确认", Severity.WARNING),
    "hidden-text": ("格内有隐藏文字,未计入,请确认", Severity.WARNING),
    "text-box": ("内容写在浮动的文本框里,请确认属于此格", Severity.WARNING),
    "formula-without-value": ("公式没有保存计算结果,无法取值", Severity.ERROR),
    "cell-error": ("单元格是公式错误值,无法取值", Severity.ERROR),
    "character-unreadable": ("有字符无法识别(文件没有写明是什么字),请对照原件", Severity.ERROR),
    "cell-struck": ("格内文字整体划掉,未取值,请确认", Severity.WARNING),
    "value-shortened": ("格内只有开头,全文所在的续页没有找到", Severity.ERROR),
    "label-near": ("栏目名称与本表略有不同,按相近的栏目取值,请确认", Severity.WARNING),
    "label-ambiguous": ("栏目名称可能指不同的内容,请确认", Severity.WARNING),
    "label-duplicate": ("同一内容出现在两处,请确认以哪处为准", Severity.WARNING),
    "column-hidden": ("此列在文件中被隐藏,请确认", Severity.WARNING),
    "combined-split": ("一格两项内容按分隔处拆开,请确认", Severity.WARNING),
    "combined-unsplit": ("一格应有两项内容,未能拆开", Severity.WARNING),
    "period-unclear": ("起止日期未能拆开,请确认", Severity.ERROR),
    "period-end-missing": ("只写了起始日期,截止日期待补", Severity.WARNING),
    "period-start-missing": ("只写了截止日期,起始日期待补", Severity.WARNING),
    "ditto": ("写的是“同上”,按上一行取值,请确认", Severity.WARNING),
    "ditto-unresolved": ("写的是“同上”,但上面没有可取的值", Severity.ERROR),
    "merged-over": ("合并单元格下面还藏有内容,打印时看不到,未计入,请确认", Severity.WARNING),
    "person-merged": ("姓名或身份证号的格子跨了几行,请确认是一人还是几人", Severity.WARNING),
    "seal-over": ("有非红色的印章(复印件)压在此格上,请对照原件", Severity.WARNING),
    "crossed-out": ("格内文字上有划线,可能已划掉,请对照原件", Severity.WARNING),
    "cell-shaded": ("此格有一部分被黑影、污迹盖住,可能漏读,请对照原件", Severity.WARNING),
    "pale-ink": ("格内字迹旁另有很淡的笔画,可能漏读,请对照原件", Severity.WARNING),
    "over-border": ("字迹压在格线上或写出了格外,请对照原件", Severity.WARNING),
    "border-missing": ("此格有一边的框线没有印出,请确认", Severity.WARNING),
    "grid-irregular": ("此行的格线与上下各行不一致,请对照原件", Severity.WARNING),
    "rows-merged": ("此行几格各有几个值,可能是几个人的行之间格线没有印出,请对照原件", Severity.ERROR),
    "place-uncertain": ("此值按位置推定,请确认", Severity.WARNING),
    PRINT_CHANGED: ("此处与我方所印的不同,请对照原件", Severity.WARNING),
    "grid-missing": ("此页没有找到表格线,此值按文字推定,请确认", Severity.WARNING),
    "page-join-uncertain": ("此页按位置接在这份表之后,请确认", Severity.WARNING),
}
"""What may be doubtful of a value, by the code of docs/errors.md: its sentence, and how much it matters."""
_SAID_ONCE = frozenset({"label-near", "label-ambiguous", "label-duplicate", "column-hidden", "page-join-uncertain"})
"""Doubts of a whole column or page: their finding is made once, where it is found."""
_READ_AGAINST_PRINT = frozenset({PRINT_CHANGED, PRINT_UNCLEAR})
_UNREAD = frozenset({"formula-without-value", "cell-error", "cell-struck"})


@dataclass(slots=True)
class Gathered:
    """What extraction collects beside the values."""

    findings: list[Finding] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)

    def find(
        self, code: str, path: str, message: str, severity: Severity = Severity.WARNING, region: Region | None = None
    ) -> None:
        """Add a finding."""
        self.findings.append(Finding(code, path, message, severity, None, region))

    def leave(self, text: str, label: str, region: Region | None, *, path: str = "") -> None:
        """Something found no place: it is listed, and a finding says so."""
        shown = self.list_left(text, label, region)
        said = f"“{label}”下的内容“{shown[:60]}”" if label else f"“{shown[:60]}”"
        self.findings.append(
            Finding("unplaced", path, f"文件中的{said}在本表没有对应的栏目,未收入", Severity.INFO, None, region)
        )

    def list_left(self, text: str, label: str, region: Region | None) -> str:
        """List what found no place, of which another finding tells; the text as listed."""
        shown = " ".join(text.split())[:200]
        self.unplaced.append(Unplaced(shown, label, region))
        return shown


def region_of(page: Page, cell: Cell) -> Region:
    """Where a cell stands."""
    return Region(page.index, cell.box, cell.address)


def note_message(code: str) -> str:
    """The sentence a clerk reads for a note of a reader or a locator."""
    return DOUBTS[code][0] if code in DOUBTS else code


class Valuer:
    """Reads located cells by their field types."""

    def __init__(self, document: Document, gathered: Gathered, decoder: CellDecoder | None = None) -> None:
        self._document = document
        self._gathered = gathered
        self._decoder = decoder

    def reporting_to(self, gathered: Gathered) -> Valuer:
        """The same reader with another place for its findings."""
        return Valuer(self._document, gathered, self._decoder)

    def is_scanned(self, page: Page) -> bool:
        """Whether the text of a page comes from OCR."""
        return self._document.scanned or page.scanned

    def entry(self, item: Field, page: Page, cell: Cell, path: str, doubts: tuple[str, ...] = ()) -> Entry:
        """The entry of a cell. ``doubts`` are codes of what was uncertain in finding it."""
        codes = [*cell.notes, *doubts]
        if cell.struck and cell.text.strip():
            codes.append("cell-struck")
        if is_shortened(cell.text):
            codes.append("value-shortened")
        region = region_of(page, cell)
        if _UNREAD.intersection(codes):
            entry = Entry(None, cell.text, candidates=(cell.text,) if cell.text else (), region=region, review=True)
            entry = replace(entry, origin=Origin.OCR) if self.is_scanned(page) else entry
        elif self.is_scanned(page):
            entry = self._recognised(item, page, cell, region, path)
        else:
            entry = self._digital(item, cell, region, path, codes)
        for code in dict.fromkeys(codes):
            if code in DOUBTS:
                message, severity = DOUBTS[code]
                if code == PRINT_CHANGED:
                    message = f"我方所印为“{cell.printed}”,现读作“{entry.text}”,可能有改动,请对照原件"
                if code not in _SAID_ONCE:
                    self._gathered.find(code, path, f"{item.label}:{message}", severity, region)
                entry = entry if entry.review else entry.doubted()
        return entry

    def digital(self, item: Field, page: Page, cell: Cell, path: str) -> Entry:
        """The entry of a cell of which nothing is known to be uncertain."""
        if "续页" in cell.text or self._document.scanned or page.scanned:
            return self.entry(item, page, cell, path)
        place = place_at(page.index, cell.box, cell.address)
        raw = cell.raw
        reading = item.type.read(cell.text if raw is None or isinstance(raw, str) else raw)
        if reading.faults:
            self._report(reading, path, place)
        if reading.settled and not reading.candidates:
            return settled_entry(reading.value, cell.text, reading.code, place)
        return Entry(
            reading.value,
            cell.text,
            reading.code,
            Origin.DIGITAL,
            None,
            not reading.settled,
            place,
            reading.candidates,
        )

    def _digital(self, item: Field, cell: Cell, region: Region, path: str, codes: list[str]) -> Entry:
        raw: Raw = cell.raw
        if raw is None or "date-parts-hidden" in codes or isinstance(raw, str):
            raw = cell.text
        reading = item.type.read(raw)
        if reading.faults:
            self._report(reading, path, region)
        review = not reading.settled
        candidates = reading.candidates
        if review and "date-parts-hidden" in codes and reading.value != "":
            candidates = (*candidates, str(cell.raw)[:10])
        return Entry(reading.value, cell.text, reading.code, Origin.DIGITAL, None, review, region, candidates)

    def _recognised(self, item: Field, page: Page, cell: Cell, region: Region, path: str) -> Entry:
        if cell.ink is False and not cell.text.strip():
            return Entry("", origin=Origin.OCR, confidence=cell.confidence, region=region)
        is_as_printed = cell.printed is not None and not _READ_AGAINST_PRINT.intersection(cell.notes)
        decoded = Decoded(cell.text, _AS_PRINTED, review=False) if is_as_printed else self._decoded(item, page, cell)
        if PRINT_UNCLEAR in cell.notes:
            decoded = _held_against_print(decoded, cell.printed or "")
        origin = Origin.PREFILLED if is_as_printed else Origin.OCR
        reading = item.type.read(decoded.text)
        self._report(reading, path, region)
        value = reading.value
        is_boxed = not item.type.choices() and not _BOXES.isdisjoint(decoded.text)
        review = decoded.review or not reading.settled or is_boxed or _is_unlike(item, value)
        if not decoded.text.strip() and cell.ink:
            value, review = None, True
            self._gathered.find("cell-unread", path, f"{item.label}:格内有字迹,未能识别", Severity.WARNING, region)
        candidates = tuple(dict.fromkeys((*decoded.candidates, *reading.candidates)))
        return Entry(value, decoded.text, reading.code, origin, decoded.confidence, review, region, candidates)

    def _decoded(self, item: Field, page: Page, cell: Cell) -> Decoded:
        if self._decoder is not None and cell.box is not None:
            return self._decoder.decode(page.index, cell, item.type)
        confidence = cell.confidence
        others = tuple(text for text, _ in cell.candidates if text != cell.text)
        return Decoded(cell.text, confidence, confidence is None or confidence < _LEAST_CONFIDENCE, others)

    def _report(self, reading: Reading, path: str, region: Region) -> None:
        for fault in reading.faults:
            self._gathered.findings.append(
                Finding(fault.code, path, fault.message, fault.severity, None, region, fault.suggestion)
            )


def _held_against_print(decoded: Decoded, printed: str) -> Decoded:
    """What was read where we printed something: with its spaces if it says the same, else for a person to see."""
    if squeeze(decoded.text) != squeeze(printed):
        return replace(decoded, review=True, candidates=(*decoded.candidates, printed))
    return replace(decoded, text=printed)


def _is_unlike(item: Field, value: Value) -> bool:
    """Whether what was read is unlike its field.

    A name is too long for one person's where several persons' or labels ran together; a unit is a day where the label
    of the day was lost.
    """
    if not isinstance(value, str):
        return False
    if item.type.name == "name":
        return len(value) > _LONGEST_NAME and value.isalpha()
    return item.type.name == "unit" and _DAY.search(value) is not None
