"""What stands beside a worksheet's cells and is no value of theirs: comments, check boxes and other form controls.

Excel keeps comments in a part of their own and the controls in an old drawing (VML) with their captions and states; WPS
and LibreOffice do the same.
"""

from __future__ import annotations

import re

from parsers.document import TextLine
from parsers.errors import DamagedFileError, ForbiddenXmlError
from parsers.readers.package import Element, Package
from parsers.readers.sheetrows import column_letters
from parsers.readers.sheetstyles import S

_VML = "{urn:schemas-microsoft-com:vml}"
_EXCEL = "{urn:schemas-microsoft-com:office:excel}"
_KINDS = {
    "checkbox": ("☐", "☑", "复选框"),
    "radio": ("○", "◉", "单选框"),
    "drop": ("", "", "下拉框"),
    "list": ("", "", "列表框"),
    "edit": ("", "", "文本框"),
}
_MOST = 2_000
_COLUMN, _ROW = 0, 2
"""Where an anchor (left column, offset, top row, offset, …) names its first cell."""


def asides_of(package: Package, sheet: str, name: str) -> tuple[TextLine, ...]:
    """Comments and controls of a worksheet part, each with the address of its cell."""
    found: list[TextLine] = []
    for kind, target in package.relations(sheet).values():
        if not package.has(target):
            continue
        if kind == "comments":
            found += _comments(package.xml(target), name)
        elif kind == "vmlDrawing":
            found += _controls(package, target, name)
    return tuple(found[:_MOST])


def _comments(root: Element, name: str) -> list[TextLine]:
    lines = []
    for comment in root.iter(f"{S}comment"):
        text = "".join(piece.text or "" for piece in comment.iter(f"{S}t")).strip()
        if text:
            lines.append(TextLine(f"批注:{text}", address=f"{name}!{comment.get('ref') or ''}"))
    return lines


def _controls(package: Package, target: str, name: str) -> list[TextLine]:
    try:
        root = package.xml(target)
    except (DamagedFileError, ForbiddenXmlError):
        # Old programs write drawings that are no XML
        return [TextLine("控件:表中的旧式图形无法读取", address=name)]
    lines = []
    for shape in root.iter(f"{_VML}shape"):
        data = shape.find(f"{_EXCEL}ClientData")
        words = None if data is None else _KINDS.get((data.get("ObjectType") or "").lower())
        if data is None or words is None:
            continue
        caption = " ".join("".join(box.itertext()).strip() for box in shape.iter(f"{_VML}textbox")).strip()
        state = words[(data.findtext(f"{_EXCEL}Checked") or "0").strip() not in ("", "0")]
        chosen = (data.findtext(f"{_EXCEL}Sel") or "").strip() if not words[0] else ""
        said = f"{state}{caption}" + (f"第{chosen}项" if chosen not in ("", "0") else "")
        lines.append(TextLine(f"控件({words[2]}):{said}", address=f"{name}!{_address(data)}"))
    return lines


def _address(data: Element) -> str:
    numbers = re.findall(r"\d+", data.findtext(f"{_EXCEL}Anchor") or "")
    if len(numbers) <= _ROW:
        return ""
    return f"{column_letters(int(numbers[_COLUMN]))}{int(numbers[_ROW]) + 1}"
