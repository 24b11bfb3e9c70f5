"""Texts too long for their cells in a Word file: set smaller, or moved to the 续页 at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from forms.definition import FormDefinition
from forms.finding import Finding, Severity
from parsers import continuation
from writers.fitting import CONTINUED, SHRUNK, Fit, TextOf, fit
from writers.places import label_of, path_of
from writers.tags import Tag
from writers.wordcells import Slot

_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
_TAB = '</w:t><w:tab/><w:t xml:space="preserve">'
_NEW_RUN = '</w:t></w:r><w:r>{look}<w:t xml:space="preserve">'
_SIZE = re.compile(r"<w:sz(?:Cs)? [^>]*/>")
_AFTER_SIZE = re.compile(
    r"<w:(?:highlight|u|effect|bdr|shd|fitText|vertAlign|rtl|cs|em|lang|eastAsianLayout|specVanish|oMath)\b|</w:rPr>"
)
_MOST_FITS = 20_000
_PIECE = 400
"""Characters of a 续页 row: few enough that a row never needs to break over pages."""


@dataclass(frozen=True)
class WordValues:
    """The texts of one document: by root and key, and those of the persons of a roster."""

    texts: Mapping[str, Mapping[str, Any]]
    rows: Sequence[Mapping[str, str]]

    def text_of(self, tag: Tag) -> str:
        """What a tag outside the persons prints."""
        match tag.root:
            case "tick" | "row" | "options":
                return "□"
            case "box":
                return str(self.texts["box"][tag.key][tag.part])
            case _:
                return str(self.texts[tag.root][tag.key])

    def of_person(self, row: Mapping[str, str]) -> TextOf:
        """What tags print in the row of one person."""

        def text_of(tag: Tag) -> str:
            return row[tag.key] if tag.root == "row" else self.text_of(tag)

        return text_of


@dataclass(frozen=True, slots=True)
class Placed:
    """How a cell of a document is to be printed; ``row`` is the person's, ``None`` outside the persons."""

    slot: Slot
    fit: Fit
    row: int | None = None


class Fitter:
    """Fits the texts of documents into the cells of one template; remembers what it has worked out."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        cells = [(number, slot, slot.plan.tags) for number, slot in enumerate(slots)]
        self._persons = tuple(cell for cell in cells if any(tag.root == "row" for tag in cell[2]))
        self._others = tuple(cell for cell in cells if cell not in self._persons)
        self._known: dict[tuple[object, ...], Fit] = {}

    def fits(self, values: WordValues) -> list[Placed]:
        """Every cell whose text does not fit as it is."""
        found: list[Placed] = []
        for row, cells, text_of in self._cells(values):
            for number, slot, tags in cells:
                texts = (number, *map(text_of, tags))
                known = self._known.get(texts)
                if known is None:
                    known = fit(slot.plan, text_of, number=1 + sum(bool(placed.fit.shortened) for placed in found))
                    self._remember(texts, known)
                if known.sizes:
                    found.append(Placed(slot, known, row))
        return found

    def _cells(
        self, values: WordValues
    ) -> Iterator[tuple[int | None, tuple[tuple[int, Slot, tuple[Tag, ...]], ...], TextOf]]:
        yield None, self._others, values.text_of
        if self._persons:
            for index, row in enumerate(values.rows):
                yield index, self._persons, values.of_person(row)

    def _remember(self, texts: tuple[object, ...], found: Fit) -> None:
        """A shortened text names the number of its 续页, which is of this document alone."""
        if not found.shortened:
            if len(self._known) >= _MOST_FITS:
                self._known.clear()
            self._known[texts] = found


def apply_fits(
    context: dict[str, Any], values: WordValues, fits: Sequence[Placed], definition: FormDefinition
) -> tuple[Finding, ...]:
    """Put smaller sizes and shortened texts into the context; what was moved goes to the 续页."""
    findings: list[Finding] = []
    moved: list[tuple[str, str]] = []
    for placed in fits:
        text_of = values.text_of if placed.row is None else values.of_person(values.rows[placed.row])
        label_start = "" if placed.row is None else f"第{placed.row + 1}行 "
        for tag, size in placed.fit.sizes.items():
            text = placed.fit.shortened.get(tag, text_of(tag))
            _put(context, tag, placed.row, resized(text, placed.slot.looks.get(tag, ""), size))
            label, path = f"{label_start}{label_of(definition, tag)}", path_of(tag, placed.row or 0)
            if tag in placed.fit.shortened:
                moved.append((label, text_of(tag)))
                message = f"“{label}”内容过长,表内只印开头,全文移至续页{len(moved)}"
                findings.append(Finding(CONTINUED, path, message, Severity.INFO))
            elif size < placed.slot.plan.size_of(tag):
                message = f"“{label}”内容较长,字号由 {placed.slot.plan.size_of(tag):g} 磅缩为 {size:g} 磅"
                findings.append(Finding(SHRUNK, path, message, Severity.INFO))
    if moved:
        context["pages_after"] = Markup(_pages_after(moved))  # noqa: S704 - texts are escaped, the rest is ours
    return tuple(findings)


def _put(context: dict[str, Any], tag: Tag, row: int | None, shown: Markup) -> None:
    if tag.root == "row" and row is not None:
        context["rows"][row][tag.key] = shown
    elif tag.root == "box":
        context["box"][tag.key][tag.part] = shown
    else:
        context[tag.root][tag.key] = shown


def word_text(text: str) -> Markup:
    """``text`` as it stands inside ``w:t``: escaped, line breaks and tabs as their elements."""
    if "\n" in text or "\t" in text or "\r" in text:
        lines = str(escape(text.replace("\r\n", "\n").replace("\r", "\n")))
        return Markup(lines.replace("\n", _BREAK).replace("\t", _TAB))  # noqa: S704 - texts are escaped, the rest is ours
    return escape(text)


def resized(text: str, look: str, size: float) -> Markup:
    """A text in a run of its own, set at ``size`` points; the runs around it keep their look."""
    half_points = f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
    body = _SIZE.sub("", look)
    if not body:
        smaller = f"<w:rPr>{half_points}</w:rPr>"
    elif "</w:rPr>" in body:
        smaller = _in_order(body, half_points)
    else:
        smaller = f"<w:rPr>{half_points}</w:rPr>"
    return Markup(_NEW_RUN.format(look=smaller)) + word_text(text) + Markup(_NEW_RUN.format(look=look))  # noqa: S704 - texts are escaped, the rest is ours


def _in_order(look: str, half_points: str) -> str:
    """The run properties with the size at the place the schema gives it."""
    place = _AFTER_SIZE.search(look)
    cut = len(look) if place is None else place.start()
    return look[:cut] + half_points + look[cut:]


def _pages_after(moved: Sequence[tuple[str, str]]) -> str:
    """The 续页: a page break, its title, and a table of heads and texts in pieces."""
    font = '<w:rFonts w:eastAsia="仿宋_GB2312" w:hint="eastAsia"/>'
    look = f'<w:rPr>{font}<w:sz w:val="21"/></w:rPr>'
    border = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    rows: list[str] = []
    for number, (label, text) in enumerate(moved, start=1):
        for piece, start in enumerate(range(0, len(text), _PIECE), start=1):
            cells = (2000, continuation.head(number, piece, label)), (7000, text[start : start + _PIECE])
            rows.append(
                "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
                + "".join(
                    f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:r>{look}'
                    f'<w:t xml:space="preserve">{word_text(words)}</w:t></w:r></w:p></w:tc>'
                    for width, words in cells
                )
                + "</w:tr>"
            )
    return (
        '<w:p><w:pPr><w:pageBreakBefore/><w:jc w:val="center"/></w:pPr>'
        f"<w:r>{look}<w:t>{continuation.title()}</w:t></w:r></w:p>"
        f'<w:tbl><w:tblPr><w:tblW w:w="9000" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{border}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="7000"/></w:tblGrid>'
        + "".join(rows)
        + '</w:tbl><w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
    )
