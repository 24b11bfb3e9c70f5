"""Who took people's data away, when, and of how many people: in the footer of every sheet of an exported workbook.

Source: requirement E5 of the security design. It is printed with every page, and stands in the file itself.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

from lxml import etree

from parsers.readers.package import parse_xml
from writers.sheet import AFTER_BREAKS

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_FOLLOWING = ("rowBreaks", *AFTER_BREAKS)
"""What comes after ``headerFooter`` in a worksheet (ECMA-376, 18.3.1.99)."""
LONGEST = 255
"""Characters of a footer."""


def words_of(who: str, count: int, *, whole: bool) -> str:
    """The mark: who, when, how many people, and whether with whole numbers."""
    now = dt.datetime.now().astimezone()
    numbers = "含完整证件号" if whole else "证件号已遮盖"
    return f"导出:{who} {now:%Y-%m-%d %H:%M} 共{count}人 {numbers}"


def marked(workbook: bytes, words: str) -> bytes:
    """The workbook with these words at the left of each sheet's footer, before what is there already."""
    source, target = io.BytesIO(workbook), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            new.writestr(item, _footed(content, words) if _SHEET.fullmatch(item.filename) else content)
    return target.getvalue()


def _footed(content: bytes, words: str) -> bytes:
    sheet = parse_xml(content)
    holder = sheet.find(f"{{{_MAIN}}}headerFooter")
    if holder is None:
        holder = etree.Element(f"{{{_MAIN}}}headerFooter")
        after = next((child for child in sheet if etree.QName(child).localname in _FOLLOWING), None)
        if after is None:
            sheet.append(holder)
        else:
            after.addprevious(holder)
    said = "&L&8" + words.replace("&", "&&")
    for name in ("oddFooter", "evenFooter", "firstFooter"):
        footer = holder.find(f"{{{_MAIN}}}{name}")
        if footer is None and name == "oddFooter":
            footer = etree.SubElement(holder, f"{{{_MAIN}}}{name}")
            header = holder.find(f"{{{_MAIN}}}oddHeader")
            holder.insert(0 if header is None else 1, footer)
        if footer is not None:
            footer.text = _joined(said, footer.text or "")
    return etree.tostring(sheet, xml_declaration=True, encoding="UTF-8", standalone=True)


def _joined(said: str, before: str) -> str:
    """Our words as the left part; what stood at the left follows them. Too long in all, what was there stays whole."""
    left, rest = (before[2:], "") if before.startswith("&L") else ("", before)
    cut = re.search(r"&[CR]", left)
    if cut:
        left, rest = left[: cut.start()], left[cut.start() :]
    elif rest and not rest.startswith(("&C", "&R")):
        rest = f"&C{rest}"  # without a place it stands in the middle
    room = LONGEST - len(left) - len(rest) - 1
    return f"{said[:room]} {left}{rest}" if left else f"{said[:room]}{rest}"
