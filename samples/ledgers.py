"""Ledgers as units keep them: columns under many names, many layouts, what hands do to them, and their truth.

Everything is invented. A ledger is first a table of texts (:class:`LedgerSample`) and then written as a workbook, a
Word file, a web page or a drawn page.
"""

from __future__ import annotations

import datetime as dt
import html
import io
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import cv2
from docx import Document
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from samples.paper.drawn import Box, Drawn, Sheet, draw
from samples.records import POSTS, UNITS, People, add_months

Truth = str | int | bool
_FEWEST_TO_PART = 8
_LONGEST_FIGURE = 6


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the keys it holds (none: not ours), its head from top to bottom, and how its values are written."""

    keys: tuple[str, ...]
    path: tuple[str, ...]
    write: Callable[[Mapping[str, Truth]], str]
    width: float = 16.0


@dataclass(frozen=True, slots=True)
class Line:
    """A row below the head. ``kind`` is ``person``, ``struck`` or ``total``; ``person`` is its place in the truth."""

    kind: str
    texts: tuple[str, ...]
    person: int | None = None


@dataclass(frozen=True)
class LedgerSample:
    """A ledger, page by page. ``truth`` are the current persons by key, ``dittos`` the cells that say 同上."""

    titles: tuple[str, ...]
    unit_line: str
    columns: tuple[Column, ...]
    pages: tuple[tuple[Line, ...], ...]
    truth: tuple[Mapping[str, Truth], ...]
    struck: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unit: str = ""
    dittos: frozenset[tuple[int, str]] = field(default_factory=frozenset)

    @property
    def levels(self) -> int:
        """How many rows the head takes."""
        return max(len(column.path) for column in self.columns)


def _chance(rng: random.Random, share: float) -> bool:
    return rng.random() < share


def _day(value: Truth, style: str) -> str:
    day = dt.date.fromisoformat(str(value))
    return {
        "iso": f"{day:%Y-%m-%d}",
        "dots": f"{day.year}.{day.month}.{day.day}",
        "words": f"{day.year}年{day.month}月{day.day}日",
        "slashes": f"{day.year}/{day.month}/{day.day}",
        "plain": f"{day:%Y%m%d}",
    }[style]


def _month(value: Truth, style: str) -> str:
    year, month = str(value).split("-")
    return {"plain": f"{year}{month}", "words": f"{year}年{int(month)}月"}.get(style, f"{year}.{month}")


HEADS: Mapping[str, tuple[str, ...]] = {
    "no": ("序号", "序", "编号", "NO."),
    "name": ("姓名", "姓  名", "职工姓名", "人员姓名", "名字"),
    "sex": ("性别", "性 别", "男女"),
    "id_number": ("身份证号", "身份证号码", "公民身份号码", "证件号码", "身份证"),
    "birth_month": ("出生年月", "出生日期", "出生时间", "生日"),
    "political_status": ("政治面貌", "党派", "政治面目"),
    "education": ("学历", "文化程度", "最高学历"),
    "post": ("岗位", "工作岗位", "工种", "从事工作", "岗位名称"),
    "department": ("部门", "科室", "所在科室", "工作部门", "使用科室"),
    "employment_form": ("用工形式", "用工性质", "聘用方式", "用工方式"),
    "hired_on": ("入职时间", "到岗时间", "聘用时间", "来单位时间", "上岗日期", "入职年月日"),
    "monthly_wage": ("月工资", "月工资(元)", "月薪", "每月工资"),
    "funding": ("经费来源", "资金来源", "经费渠道"),
    "phone": ("联系电话", "手机号码", "电话", "联系方式"),
    "unit": ("用工单位", "所在单位", "单位名称"),
    "note": ("备注", "备 注", "附注"),
}
"""Heads by which a column is known for certain."""
ODD: Mapping[str, tuple[str, ...]] = {
    "id_number": ("证件编码", "公民代码", "身份识别码"),
    "birth_month": ("何时出生", "生辰"),
    "post": ("职务", "干什么活", "职责"),
    "department": ("哪个股室", "归口管理"),
    "hired_on": ("时间", "进馆日期", "哪年来的", "工作时间"),
    "monthly_wage": ("工资", "应发数", "基本工资", "待遇(元)"),
    "phone": ("手提", "号码"),
    "employment_form": ("人员类别", "招聘渠道"),
    "sex": ("男/女", "别"),
    "unit": ("单位", "用人单位"),
    "name": ("何人", "人员"),
}
"""Heads of which nobody can be certain."""
FOREIGN: Mapping[str, Callable[[random.Random], str]] = {
    "家庭住址": lambda rng: f"示例路{rng.randrange(1, 300)}号",
    "籍贯": lambda rng: rng.choice(("江苏示例", "山东示例")),
    "婚姻状况": lambda rng: rng.choice(("已婚", "未婚")),
    "银行卡号": lambda rng: f"6222{rng.randrange(10**14, 10**15)}",
    "紧急联系人": lambda rng: rng.choice(("李建国", "王桂英", "周永强")),
    "紧急联系电话": lambda rng: f"139{rng.randrange(10**7, 10**8)}",
    "配偶姓名": lambda rng: rng.choice(("张玉兰", "陈国强", "刘秀英")),
    "考核结果": lambda rng: rng.choice(("合格", "优秀")),
    "工龄": lambda rng: str(rng.randrange(1, 20)),
    "介绍人": lambda rng: rng.choice(("赵志勇", "孙海霞")),
    "介绍人/亲属关系": lambda rng: rng.choice(("赵志勇/舅舅", "无")),
    "年薪(万元)": lambda rng: f"{rng.randrange(30, 70) / 10}",
    "工号": lambda rng: f"{rng.randrange(1000, 9999)}",
    "签名": lambda _: "",
}
"""Columns that none of the forms has."""
DITTOED = ("department", "employment_form", "funding", "post")


def make_ledger(seed: int, *, rows: int = 0, plain: bool = False) -> LedgerSample:
    """A ledger of a seed. ``plain`` leaves out unclear heads, struck lines, sums and 同上."""
    rng = random.Random(f"ledger-{seed}")
    people = People(seed)
    unit = rng.choice(UNITS)
    count = rows or rng.randrange(6, 16)
    truth = [_person(people, unit, number) for number in range(1, count + 1)]
    columns = _columns(rng, plain=plain)
    lines: list[Line] = []
    dittos: set[tuple[int, str]] = set()
    for index, person in enumerate(truth):
        texts = [column.write(person) for column in columns]
        if not plain and index:
            for place, column in enumerate(columns):
                key = column.keys[0] if column.keys else ""
                if key in DITTOED and truth[index - 1].get(key) == person.get(key) and _chance(rng, 0.5):
                    texts[place] = rng.choice(("同上", "〃"))
                    dittos.add((index, key))
        lines.append(Line("person", tuple(texts), index))
    struck: list[str] = []
    if not plain and _chance(rng, 0.6):
        gone = _person(people, unit, 99)
        struck.append(str(gone["name"]))
        after = rng.randrange(1, len(lines))
        while after < len(lines) and any(key == lines[after].person for key, _ in dittos):
            after += 1
        lines.insert(after, Line("struck", tuple(column.write(gone) for column in columns)))
    pages = _paged(rng, columns, lines, truth, plain=plain)
    titles = [rng.choice((f"{unit}编外人员台账", "编外用工人员名册", f"{unit}聘用人员一览表", "人员情况登记表"))]
    if _chance(rng, 0.4):
        titles.append(rng.choice(("(2026年上半年)", "二〇二六年度")))
    unit_line = rng.choice((f"填报单位:{unit}    填表日期:2026年8月20日", f"单位名称:{unit}", ""))
    notes = ("注:本台账每季度更新一次。",) if _chance(rng, 0.5) else ()
    kept = tuple({key: value for key, value in person.items() if _is_held(key, columns)} for person in truth)
    return LedgerSample(
        tuple(titles), unit_line, tuple(columns), pages, kept, tuple(struck), notes, unit, frozenset(dittos)
    )


def _is_held(key: str, columns: Sequence[Column]) -> bool:
    return any(key in column.keys for column in columns)


def _person(people: People, unit: str, number: int) -> dict[str, Truth]:
    rng = people.rng
    person = people.person()
    hired = dt.date(rng.randrange(2018, 2026), rng.randrange(1, 13), rng.randrange(1, 28))
    start = dt.date(rng.randrange(2024, 2026), rng.randrange(1, 13), rng.randrange(1, 28))
    return {
        "no": number,
        "name": person["name"],
        "sex": person["sex"],
        "id_number": person["id_number"],
        "birth_month": person["birth_month"],
        "political_status": rng.choice(("群众", "中共党员", "共青团员")),
        "education": rng.choice(("大学本科", "大学专科", "中等专科")),
        "post": rng.choice(POSTS),
        "department": rng.choice(("办公室", "综合科", "服务大厅")),
        "employment_form": rng.choice(("单位直签劳动合同", "劳务派遣(区代理处)")),
        "hired_on": hired.isoformat(),
        "contract_start": start.isoformat(),
        "contract_end": (add_months(start, 24) - dt.timedelta(days=1)).isoformat(),
        "monthly_wage": rng.randrange(2600, 5200, 50),
        "funding": rng.choice(("财政拨款", "单位自筹")),
        "phone": f"15{rng.randrange(10**8, 10**9)}",
        "unit": unit,
        "note": rng.choice(("", "", "退役军人")),
    }


def _columns(rng: random.Random, *, plain: bool) -> list[Column]:
    day_style = rng.choice(("iso", "dots", "words", "slashes", "plain"))
    odd = frozenset() if plain else frozenset(rng.sample(sorted(ODD), rng.choice((0, 1, 2, 3))))
    keys = ["no", "name", "sex"]
    middle = ["id_number", "birth_month", "political_status", "education", "department", "post", "employment_form"]
    middle += ["hired_on", "monthly_wage", "funding", "phone", "unit"]
    chosen = rng.sample(middle, rng.randrange(5, 10))
    if "id_number" not in chosen and _chance(rng, 0.8):
        chosen[0] = "id_number"
    keys += [key for key in middle if key in chosen] if _chance(rng, 0.7) else chosen
    if _chance(rng, 0.15):
        keys.remove("no")
    columns = [_column(rng, key, day_style, is_odd=key in odd) for key in keys]
    at = rng.randrange(3, len(columns) + 1)
    columns[at:at] = _contract(rng, day_style)
    for label in rng.sample(sorted(FOREIGN), rng.choice((0, 1, 2))):
        fill = FOREIGN[label]
        place = rng.randrange(2, len(columns) + 1)
        while 0 < place < len(columns) and columns[place].path[0] == columns[place - 1].path[0]:
            place += 1
        wide = {"家庭住址": 24.0, "银行卡号": 36.0, "紧急联系电话": 24.0}.get(label, 17.0)
        columns.insert(place, Column((), (label,), lambda _person, fill=fill: fill(rng), wide))  # type: ignore[misc]  # a default is not in the signature asked for
    columns.append(_column(rng, "note", day_style, is_odd=False))
    return columns


WIDTHS = {"no": 9.0, "sex": 10.0, "id_number": 38.0, "phone": 25.0, "unit": 30.0, "post": 22.0, "employment_form": 24.0}


def _column(rng: random.Random, key: str, day_style: str, *, is_odd: bool) -> Column:
    label = rng.choice((ODD if is_odd else HEADS)[key])

    def write(person: Mapping[str, Truth]) -> str:
        value = person[key]
        if key == "hired_on":
            return _day(value, day_style)
        return _month(value, day_style) if key == "birth_month" else str(value)

    return Column((key,), (label,), write, WIDTHS.get(key, 20.0 if key == "hired_on" else 17.0))


def _contract(rng: random.Random, style: str) -> list[Column]:
    def both(person: Mapping[str, Truth]) -> str:
        return f"{_day(person['contract_start'], style)}至{_day(person['contract_end'], style)}"

    def start(person: Mapping[str, Truth]) -> str:
        return _day(person["contract_start"], style)

    def end(person: Mapping[str, Truth]) -> str:
        return _day(person["contract_end"], style)

    keys = ("contract_start", "contract_end")
    match rng.randrange(4):
        case 0:
            return []
        case 1:
            return [Column(keys, (rng.choice(("合同期限", "合同起止时间", "劳动合同期限")),), both, 44.0)]
        case 2:
            head, (first, last) = (
                rng.choice(("合同期限", "劳动合同")),
                rng.choice((("起", "止"), ("起始日期", "终止日期"))),
            )
            return [Column(keys[:1], (head, first), start, 22.0), Column(keys[1:], (head, last), end, 22.0)]
        case _:
            return [
                Column(keys[:1], ("合同起始日期",), start, 22.0),
                Column(keys[1:], (rng.choice(("合同终止日期", "合同到期日期")),), end, 22.0),
            ]


def _paged(
    rng: random.Random,
    columns: Sequence[Column],
    lines: Sequence[Line],
    truth: Sequence[Mapping[str, Truth]],
    *,
    plain: bool,
) -> tuple[tuple[Line, ...], ...]:
    wage = next((place for place, column in enumerate(columns) if column.keys == ("monthly_wage",)), None)
    with_sums = wage is not None and not plain and _chance(rng, 0.7)
    half = len(lines) // 2
    parts = [lines] if len(lines) < _FEWEST_TO_PART or _chance(rng, 0.5) else [lines[:half], lines[half:]]
    pages: list[tuple[Line, ...]] = []
    total = 0
    for number, part in enumerate(parts):
        page = list(part)
        carried = total
        total += sum(int(truth[line.person]["monthly_wage"]) for line in part if line.person is not None)
        if with_sums and wage is not None:
            if number:
                page.insert(0, _sum(columns, wage, "承前页", carried))
            page.append(_sum(columns, wage, "合计" if number == len(parts) - 1 else "过次页", total))
        pages.append(tuple(page))
    return tuple(pages)


def _sum(columns: Sequence[Column], wage: int, words: str, total: int) -> Line:
    texts = ["" for _ in columns]
    texts[1] = words
    texts[wage] = str(total)
    return Line("total", tuple(texts))


def head_rows(sample: LedgerSample) -> list[list[tuple[str, int, int]]]:
    """The head as rows of (text, columns, rows); a place taken by a span is left out."""
    rows: list[list[tuple[str, int, int]]] = [[] for _ in range(sample.levels)]
    place = 0
    while place < len(sample.columns):
        path = sample.columns[place].path
        if len(path) == 1:
            rows[0].append((path[0], 1, sample.levels))
            place += 1
            continue
        wide = 1
        while place + wide < len(sample.columns) and sample.columns[place + wide].path[:1] == path[:1]:
            wide += 1
        rows[0].append((path[0], wide, 1))
        rows[1].extend((column.path[1], 1, 1) for column in sample.columns[place : place + wide])
        place += wide
    return rows


def _head(sheet: Worksheet, sample: LedgerSample, row: int) -> None:
    """The head from a row of a sheet on, merged as it spans."""
    for level, cells in enumerate(head_rows(sample)):
        place = 1
        starts = iter(at + 1 for at, column in enumerate(sample.columns) if len(column.path) > 1)
        for text, columns, rows in cells:
            at = place if level == 0 else next(starts)
            sheet.cell(row + level, at, text)
            if columns > 1 or rows > 1:
                bottom, right = row + level + rows - 1, at + columns - 1
                sheet.merge_cells(start_row=row + level, end_row=bottom, start_column=at, end_column=right)
            place += columns


def as_xlsx(sample: LedgerSample, *, typed: bool = True) -> bytes:
    """One sheet with all pages below each other; the head again on each page."""
    book = Workbook()
    sheet = book.worksheets[0]
    thin = Side(style="thin")
    row, wide = 1, len(sample.columns)
    for text in [*sample.titles, *([sample.unit_line] if sample.unit_line else [])]:
        sheet.cell(row, 1, text)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=wide)
        row += 1
    for page in sample.pages:
        _head(sheet, sample, row)
        row += sample.levels
        for line in page:
            for at, text in enumerate(line.texts, start=1):
                cell = sheet.cell(row, at)
                is_figure = typed and text.isdecimal() and len(text) <= _LONGEST_FIGURE
                cell.value = int(text) if is_figure else text or None
                cell.number_format = "General" if is_figure else "@"
                cell.border = Border(thin, thin, thin, thin)
                cell.alignment = Alignment(wrap_text=True)
                if line.kind == "struck":
                    cell.font = Font(strike=True)
            row += 1
    for text in sample.notes:
        sheet.cell(row, 1, text)
        row += 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_docx(sample: LedgerSample) -> bytes:
    """A Word file with one table a page."""
    document = Document()
    for text in [*sample.titles, *([sample.unit_line] if sample.unit_line else [])]:
        document.add_paragraph(text)
    for number, page in enumerate(sample.pages):
        if number:
            document.add_paragraph("")
        table = document.add_table(sample.levels + len(page), len(sample.columns), style="Table Grid")
        taken: set[tuple[int, int]] = set()
        for level, cells in enumerate(head_rows(sample)):
            place = 0
            for text, columns, rows in cells:
                while (level, place) in taken:
                    place += 1
                taken |= {(level + r, place + c) for r in range(rows) for c in range(columns)}
                cell = table.cell(level, place).merge(table.cell(level + rows - 1, place + columns - 1))
                cell.text = text
        for row, line in enumerate(page, start=sample.levels):
            for at, text in enumerate(line.texts):
                run = table.cell(row, at).paragraphs[0].add_run(text)
                run.font.strike = line.kind == "struck" or None
    for text in sample.notes:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_html(sample: LedgerSample) -> bytes:
    """A web page as old programs save their tables under the name of a workbook."""
    out = ["<html><head><meta charset='utf-8'></head><body><table border='1'>"]
    wide = len(sample.columns)
    lines = [*sample.titles, *([sample.unit_line] if sample.unit_line else [])]
    out += [f"<tr><td colspan='{wide}'>{html.escape(text)}</td></tr>" for text in lines]
    for page in sample.pages:
        for cells in head_rows(sample):
            spans = (
                f"<td colspan='{columns}' rowspan='{rows}'>{html.escape(text)}</td>" for text, columns, rows in cells
            )
            out.append("<tr>" + "".join(spans) + "</tr>")
        for line in page:
            opening, closing = ("<s>", "</s>") if line.kind == "struck" else ("", "")
            out.append(
                "<tr>" + "".join(f"<td>{opening}{html.escape(text)}{closing}</td>" for text in line.texts) + "</tr>"
            )
    out.append("</table></body></html>")
    return "".join(out).encode()


def as_sheets(sample: LedgerSample, *, size: float = 9.0, row_height: float = 8.0) -> list[Sheet]:
    """The pages to be drawn, on A3 landscape scale when they are wide."""
    sheets = []
    for number, page in enumerate(sample.pages):
        boxes = [
            [Box(text, columns, rows, label=True, size=size) for text, columns, rows in cells]
            for cells in head_rows(sample)
        ]
        boxes += [[Box(text, size=size) for text in line.texts] for line in page]
        sheets.append(
            Sheet(
                columns=[column.width for column in sample.columns],
                heights=[row_height] * sample.levels + [row_height] * len(page),
                boxes=boxes,
                title=sample.titles[0] if not number else "",
                head=sample.unit_line if not number else "",
                foot=sample.notes if number == len(sample.pages) - 1 else (),
                landscape=True,
                left=12.0,
                top=32.0,
            )
        )
    return sheets


def draw_ledger(sample: LedgerSample, look: str = "song", dpi: int = 200) -> list[Drawn]:
    """The pages as pictures, ruled, with a line by hand through what is struck."""
    drawn = []
    for sheet, page in zip(as_sheets(sample), sample.pages, strict=True):
        one = draw(sheet, look, dpi)
        struck = [number for number, line in enumerate(page, start=sample.levels) if line.kind == "struck"]
        picture = one.picture.copy()
        for row in struck:
            left, top, _, bottom = one.places[row, 0]
            right = one.places[row, len(sample.columns) - 1][2]
            high, pixel = bottom - top, dpi / 72
            start, end = (left + 2, top + 0.45 * high), (right - 2, top + 0.56 * high)
            points = [(round(x * pixel), round(y * pixel)) for x, y in (start, end)]
            cv2.line(picture, points[0], points[1], (40, 40, 60), 3, cv2.LINE_AA)
        drawn.append(replace(one, picture=picture))
    return drawn
