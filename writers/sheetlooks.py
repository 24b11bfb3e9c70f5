"""What a worksheet's looks mean for text: widths of columns, sizes of fonts, wrapping, room on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lxml import etree

from writers.fitting import em, lines_of
from writers.references import column_number

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TALLEST = 150.0
"""The tallest row of a person in points; a text that needs more goes to the 续页 (Excel and WPS end at 409.5)."""

WHOLE, CENTS = "1", "2"
"""Built-in number formats: ``0`` and ``0.00`` (ECMA-376 part 1, 18.8.30)."""

WIDEST_DAY = "2028年12月28日"
_MONTH_AND_DAY = "12月28日"
_DAY_SHRUNK, _DAY_SMALLEST, _DAY_STEP = 0.8, 6.5, 0.5
"""A day is set smaller by a fifth at most for one line; one that needs two lines is no smaller than so many points."""
_SIDE = 0.2
"""Ems of a cell that its own margins take."""
_LINE = 1.3
_PIXEL = 0.75
_DEFAULT_COLUMN = 8.43
_DEFAULT_ROW = 14.25
_PAPER = {"8": (842.0, 1191.0), "9": (595.3, 841.9), "11": (419.5, 595.3)}
_INCH = 72.0

Element = etree._Element  # noqa: SLF001 - the only name lxml has for the type of an element


@dataclass(frozen=True, slots=True)
class CellLook:
    """How a cell style sets text: size in points, wrapped at the cell's width, shrunk to it, or neither."""

    size: float = 11.0
    wraps: bool = False
    shrinks: bool = False


class StyleSheet:
    """The part ``xl/styles.xml``: reads looks, and adds a shrinking twin of a style where one is needed."""

    def __init__(self, data: bytes) -> None:
        self._root = etree.fromstring(data)
        fonts = self._root.findall(f"{S}fonts/{S}font")
        self._sizes = [_font_size(font) for font in fonts]
        found = self._root.find(f"{S}cellXfs")
        self._formats = etree.SubElement(self._root, f"{S}cellXfs") if found is None else found
        self._twins: dict[tuple[int, str], int] = {}
        self._smaller: dict[tuple[int, float], int] = {}
        self._wrapping: dict[int, int] = {}

    def look(self, style: int) -> CellLook:
        """The looks of a cell style by its number."""
        if style >= len(self._formats):
            return CellLook()
        form = self._formats[style]
        font = int(form.get("fontId") or 0)
        alignment = form.find(f"{S}alignment")
        size = self._sizes[font] if font < len(self._sizes) else 11.0
        if alignment is None:
            return CellLook(size)
        return CellLook(size, _is_on(alignment.get("wrapText")), _is_on(alignment.get("shrinkToFit")))

    def shrinking(self, style: int, number_format: str = "") -> int:
        """The number of a style that looks the same and shrinks its text to the cell's width.

        ``number_format`` (:data:`WHOLE`, :data:`CENTS`) has a number written out: left to itself (General) a program
        rounds what is wider than its cell.
        """
        twin = self._twins.get((style, number_format))
        if twin is None:
            form = self._aligned(style, "shrinkToFit", instead_of="wrapText")
            if number_format:
                form.set("numFmtId", number_format)
                form.set("applyNumberFormat", "1")
            twin = self._twins[style, number_format] = self._added(form)
        return twin

    def wrapping(self, style: int) -> int:
        """The number of a style that looks the same and breaks its text over lines."""
        twin = self._wrapping.get(style)
        if twin is None:
            twin = self._wrapping[style] = self._added(self._aligned(style, "wrapText", instead_of="shrinkToFit"))
        return twin

    def _aligned(self, style: int, how: str, *, instead_of: str) -> Element:
        """A copy of a style in which one way of treating long texts is on and the other off."""
        form = etree.fromstring(etree.tostring(self._formats[style]))
        alignment = form.find(f"{S}alignment")
        if alignment is None:
            alignment = etree.Element(f"{S}alignment")
            form.insert(0, alignment)
        alignment.attrib.pop(instead_of, None)
        alignment.set(how, "1")
        form.set("applyAlignment", "1")
        return form

    def _added(self, form: Element) -> int:
        self._formats.append(form)
        self._formats.set("count", str(len(self._formats)))
        return len(self._formats) - 1

    def smaller(self, style: int, size: float) -> int:
        """The number of a style that looks the same in a font of ``size`` points."""
        twin = self._smaller.get((style, size))
        if twin is None:
            form = etree.fromstring(etree.tostring(self._formats[style]))
            fonts = self._root.find(f"{S}fonts")
            if fonts is None:
                return style
            font = etree.fromstring(etree.tostring(fonts[int(form.get("fontId") or 0)]))
            stated = font.find(f"{S}sz")
            (etree.SubElement(font, f"{S}sz") if stated is None else stated).set("val", f"{size:g}")
            fonts.append(font)
            fonts.set("count", str(len(fonts)))
            self._sizes.append(size)
            form.set("fontId", str(len(fonts) - 1))
            form.set("applyFont", "1")
            twin = self._smaller[style, size] = self._added(form)
        return twin

    def for_days(self, style: int, room: Room) -> tuple[int, Room] | None:
        """The style and room in which a day of a wrapping cell leaves no ``日`` alone on a line.

        Days that nearly fit are set smaller, in one line; a narrower cell takes year and day in two, set smaller where
        it must be. ``None`` where the cell's own style does it, or is too narrow for either.
        """
        if not room.look.wraps or room.ems >= _digits_narrow(WIDEST_DAY):
            return None
        scale = room.ems / _digits_narrow(WIDEST_DAY)
        if scale >= _DAY_SHRUNK:
            size = round(room.look.size * scale / _DAY_STEP) * _DAY_STEP
            return self.shrinking(self.smaller(style, size)), replace(room, look=CellLook(size, shrinks=True))
        size = room.look.size
        while size > _DAY_SMALLEST and room.width / size - _SIDE < _digits_narrow(_MONTH_AND_DAY):
            size -= _DAY_STEP
        if size == room.look.size or room.width / size - _SIDE < _digits_narrow(_MONTH_AND_DAY):
            return None
        return self.smaller(style, size), replace(room, look=replace(room.look, size=size))

    def xml(self) -> bytes:
        """The part, twins included."""
        return etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)


@dataclass(frozen=True, slots=True)
class Room:
    """The inner width of a cell in points and its looks."""

    width: float
    look: CellLook

    def height_of(self, text: str) -> float:
        """The height in points that a wrapped text needs."""
        return lines_of(text, self.look.size, self.width) * self.look.size * _LINE + 2

    def lines(self, height: float) -> int:
        """How many lines fit into that height."""
        return max(int((height - 2) / (self.look.size * _LINE)), 1)

    @property
    def ems(self) -> float:
        """How many full-width characters fit into one line."""
        return max(self.width / self.look.size - _SIDE, 1.0)

    def scale_of(self, text: str) -> float:
        """By how much the widest line must shrink to fit into the width; 1.0 when it fits."""
        widest = max((sum(map(em, line)) for line in text.split("\n")), default=0.0)
        return min(1.0, self.ems / widest) if widest else 1.0


def column_widths(sheet: Element) -> Mapping[str, float]:
    """Widths of the columns that state one, in points, by number as text; ``""`` is the default."""
    form = sheet.find(f"{S}sheetFormatPr")
    default = float((None if form is None else form.get("defaultColWidth")) or _DEFAULT_COLUMN)
    widths = {"": _column_points(default)}
    for column in sheet.iterfind(f"{S}cols/{S}col"):
        stated = column.get("width")
        if stated is not None:
            for number in range(int(column.get("min") or 1), min(int(column.get("max") or 1), 1000) + 1):
                widths[str(number)] = 0.0 if _is_on(column.get("hidden")) else _column_points(float(stated))
    return widths


def width_between(widths: Mapping[str, float], first: str, last: str) -> float:
    """Points from the left of column ``first`` to the right of ``last`` (letters)."""
    return sum(widths.get(str(number), widths[""]) for number in range(column_number(first), column_number(last) + 1))


def default_height(sheet: Element) -> float:
    """Height in points of a row that states none."""
    form = sheet.find(f"{S}sheetFormatPr")
    return float((None if form is None else form.get("defaultRowHeight")) or _DEFAULT_ROW)


def rows_on_first_page(sheet: Element, widths: Mapping[str, float], last_column: str, other: float, row: float) -> int:
    """How many rows of ``row`` points fit on one page beside ``other`` points of fixed rows; at least one."""
    return max(int((points_down(sheet, widths, last_column) - other) / row), 1)


def points_down(sheet: Element, widths: Mapping[str, float], last_column: str) -> float:
    """How many points of rows fit on one page, by paper, margins and scale."""
    setup, margins = sheet.find(f"{S}pageSetup"), sheet.find(f"{S}pageMargins")
    paper = _PAPER["9"] if setup is None else _PAPER.get(setup.get("paperSize") or "9", _PAPER["9"])
    wide, high = paper if setup is None or setup.get("orientation") != "landscape" else (paper[1], paper[0])

    def margin(name: str, default: float) -> float:
        return _INCH * float((None if margins is None else margins.get(name)) or default)

    across = wide - margin("left", 0.7) - margin("right", 0.7)
    down = high - margin("top", 0.75) - margin("bottom", 0.75)
    used = width_between(widths, "A", last_column)
    fits = sheet.find(f"{S}sheetPr/{S}pageSetUpPr")
    if fits is not None and _is_on(fits.get("fitToPage")):
        scale = min(1.0, across / used) if used else 1.0
    else:
        scale = float((None if setup is None else setup.get("scale")) or 100) / 100
    return down / scale * 0.98


def _digits_narrow(text: str) -> float:
    """The width of a day in ems: figures of the fonts that forms are set in are half an em."""
    return sum(0.5 if char.isdecimal() else em(char) for char in text)


def _column_points(characters: float) -> float:
    return (int(characters * 7 + 5) - 4) * _PIXEL if characters else 0.0


def _font_size(font: Element) -> float:
    size = font.find(f"{S}sz")
    return float((None if size is None else size.get("val")) or 11)


def _is_on(value: str | None) -> bool:
    return value in ("1", "true")
