"""Text of Word paragraphs as a person sees it: insertions taken, deletions left out, fields as their results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from parsers.readers.package import Element
from parsers.readers.symbols import TICKED, UNTICKED, readable, symbol

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_PICTURE_TAGS = (
    "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
_RUN = f"{W}r"
_TEXT = f"{W}t"
_TRANSPARENT = frozenset(
    f"{W}{name}"
    for name in (
        "ins",
        "moveTo",
        "hyperlink",
        "smartTag",
        "sdtContent",
        "fldSimple",
        "customXml",
        "dir",
        "bdo",
        "rubyBase",
    )
)
_DELETED = frozenset({f"{W}del", f"{W}moveFrom"})
_BREAKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": "\t"}
_OFF = frozenset({"0", "false", "off", "none"})


@dataclass(slots=True)
class Written:
    """What was gathered from some paragraphs: text that stands, text crossed out, and what else was met."""

    kept: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)
    boxes: list[Element] = field(default_factory=list)
    pictures: int = 0
    _fields: list[bool] = field(default_factory=list)
    """One entry for each open field: whether its result has begun."""

    @property
    def text(self) -> str:
        """The text that stands; the crossed out text when there is no other."""
        kept = "".join(self.kept).strip("\n")
        return kept if kept.strip() or not self.is_struck else "".join(self.struck).strip("\n")

    @property
    def is_struck(self) -> bool:
        """All there is has been crossed out."""
        return bool("".join(self.struck).strip()) and not "".join(self.kept).strip()

    def finding_codes(self) -> tuple[str, ...]:
        """The notes, with ``partly-struck`` when some of the text is crossed out."""
        codes = set(self.notes)
        if "".join(self.struck).strip() and not self.is_struck:
            codes.add("partly-struck")
        return tuple(sorted(codes))

    def put(self, text: str, *, struck: bool = False) -> None:
        """Add text, unless it belongs to a field's instruction."""
        if all(self._fields):
            (self.struck if struck else self.kept).append(text)

    def paragraph(self, paragraph: Element) -> None:
        """Add a paragraph (without a line end)."""
        self._fields.clear()
        self._walk(paragraph)

    def _walk(self, parent: Element) -> None:
        for child in parent:
            tag = child.tag
            if tag == _RUN:
                self._run(child)
            elif tag in _TRANSPARENT:
                self._walk(child)
            elif tag == f"{W}sdt":
                self._content_control(child)
            elif tag in _DELETED:
                if next(child.iter(f"{W}delText", _TEXT), None) is not None:
                    self.notes.add("tracked-deletion")
            elif tag == f"{MC}AlternateContent":
                self._walk(_alternative(child))

    def _content_control(self, control: Element) -> None:
        properties = control.find(f"{W}sdtPr")
        checkbox = None if properties is None else properties.find(f"{W14}checkbox")
        if checkbox is None and properties is not None and properties.find(f"{W}showingPlcHdr") is not None:
            return
        if checkbox is not None:
            checked = checkbox.find(f"{W14}checked")
            is_on = checked is not None and (checked.get(f"{W14}val") or "1").lower() not in _OFF
            self.put(TICKED if is_on else UNTICKED)
            return
        content = control.find(f"{W}sdtContent")
        if content is not None:
            self._walk(content)

    def _run(self, run: Element) -> None:
        struck, font = False, ""
        for child in run:
            tag = child.tag
            if tag == _TEXT:
                text = child.text or ""
                self.put(readable(font, text) if font else text, struck=struck)
            elif tag == f"{W}rPr":
                if _is_on(child.find(f"{W}vanish")):
                    if next(run.iter(_TEXT), None) is not None:
                        self.notes.add("hidden-text")
                    return
                struck = _is_on(child.find(f"{W}strike")) or _is_on(child.find(f"{W}dstrike"))
                font = _font(child)
            elif tag in _BREAKS:
                self.put(_BREAKS[tag], struck=struck)
            elif isinstance(tag, str):
                self._special(child, struck=struck)

    def _special(self, child: Element, *, struck: bool) -> None:
        tag = child.tag
        if tag == f"{W}sym":
            code = int(child.get(f"{W}char") or "0", 16)
            shown = symbol(child.get(f"{W}font") or "", code)
            self.put(shown or chr(code), struck=struck)
        elif tag == f"{W}fldChar":
            self._field_mark(child)
        elif tag == f"{MC}AlternateContent":
            for inner in _alternative(child):
                self._special(inner, struck=struck)
        elif tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
            self._drawing(child)
        elif tag == f"{W}ruby":
            base = child.find(f"{W}rubyBase")
            if base is not None:
                self._walk(base)

    def _field_mark(self, mark: Element) -> None:
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            checkbox = mark.find(f"{W}ffData/{W}checkBox")
            if checkbox is not None:
                chosen = checkbox.find(f"{W}checked")
                is_on = _is_on(chosen if chosen is not None else checkbox.find(f"{W}default"))
                self.put(TICKED if is_on else UNTICKED)
            self._drop_down(mark)
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _drop_down(self, mark: Element) -> None:
        listing = mark.find(f"{W}ffData/{W}ddList")
        if listing is None:
            return
        chosen = listing.find(f"{W}result")
        entries = listing.findall(f"{W}listEntry")
        index = int(chosen.get(f"{W}val") or "0") if chosen is not None else 0
        if 0 <= index < len(entries):
            self.put(entries[index].get(f"{W}val") or "")

    def _drawing(self, drawing: Element) -> None:
        boxes = list(_outermost(drawing, f"{W}txbxContent"))
        self.boxes.extend(boxes)
        if any(next(drawing.iter(tag), None) is not None for tag in _PICTURE_TAGS):
            self.pictures += 1


def _outermost(parent: Element, tag: str) -> Iterable[Element]:
    """The nearest descendants of a tag, by the chosen alternative alone."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag == f"{MC}AlternateContent":
            yield from _outermost(_alternative(child), tag)
        elif isinstance(child.tag, str):
            yield from _outermost(child, tag)


def _alternative(content: Element) -> Element:
    """The branch of an ``mc:AlternateContent`` that Word shows: the choice, else the fallback."""
    choice = content.find(f"{MC}Choice")
    if choice is not None:
        return choice
    fallback = content.find(f"{MC}Fallback")
    return fallback if fallback is not None else content


def _is_on(switch: Element | None) -> bool:
    return switch is not None and (switch.get(f"{W}val") or "1").lower() not in _OFF


def _font(properties: Element) -> str:
    fonts = properties.find(f"{W}rFonts")
    return "" if fonts is None else (fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or "")
