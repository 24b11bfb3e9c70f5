"""A unit's own Word file back, its faults marked in it: shaded cells and a comment in each.

The file stays one that can be corrected and sent again: marks of an earlier round are taken off first. A cell is found
by the address under which our reader knows it (``表2 第3行 第5列``), counted by the reader itself.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import docx
from docx.comments import Comments
from docx.document import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree

from forms.finding import Finding, Severity
from forms.illegal import without_illegal
from forms.plain import finding_from_plain
from parsers.child import Request
from parsers.errors import ContentMismatchError
from parsers.gate.admission import admit
from parsers.readers.docx import cell_places
from parsers.sniffing import FileFormat

TASK = f"{__name__}:annotate_word_file"
"""The name under which the fenced child finds :func:`annotate_word_file`."""
MARKED_FILE = "marked.docx"
AUTHOR = "核对"
_FILLS = {Severity.ERROR: "FFC7CE", Severity.WARNING: "FFEB9C", Severity.INFO: "DDEBF7"}
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
_AFTER_SHADING = tuple(
    qn(f"w:{name}") for name in ("noWrap", "tcMar", "textDirection", "tcFitText", "vAlign", "hideMark", "cellIns")
)

Element = etree._Element  # noqa: SLF001  # the only name lxml has for the type of an element


def annotate_word(content: bytes, findings: Sequence[Finding]) -> bytes:
    """The document with each finding marked where it stands; one without a cell is a comment at the beginning.

    ``content`` comes from outside: call this in the fenced child only.
    """
    document = docx.Document(io.BytesIO(content))
    _take_off_earlier_marks(document)
    elements = list(document.element.body.iter(qn("w:tc")))
    cells = {address: elements[number] for address, number in cell_places(content).items()}
    by_cell: dict[str, list[Finding]] = {}
    for finding in findings:
        address = (finding.region.address if finding.region else None) or ""
        by_cell.setdefault(address if address in cells else "", []).append(finding)
    for address, found in by_cell.items():
        if address:
            _shade(cells[address], _FILLS[min(found, key=lambda one: _RANK[one.severity]).severity])
            _comment(document, _run_in(cells[address]), found)
        elif (run := _first_run(document)) is not None:
            _comment(document, run, found)
    result = io.BytesIO()
    document.save(result)
    return result.getvalue()


def annotate_word_file(request: Request) -> dict[str, Any]:
    """:func:`annotate_word` as a task of the fenced child: ``findings`` are an option, the result is an output file.

    Raises:
        DocumentError: the file may not be opened, or is no Word document.
    """
    if admit(request.path, request.name).format is not FileFormat.DOCX:
        raise ContentMismatchError(pointer=request.name)
    findings = [finding_from_plain(item) for item in request.options["findings"]]
    (request.output / MARKED_FILE).write_bytes(annotate_word(request.path.read_bytes(), findings))
    return {"file": MARKED_FILE}


def _run_in(cell: Element) -> Run:
    """The first run of a cell, made where the cell is empty: what a comment can be hung on."""
    paragraph = next(cell.iter(qn("w:p")), None)
    if paragraph is None:
        paragraph = etree.SubElement(cell, qn("w:p"))
    run = next(paragraph.iter(qn("w:r")), None)
    if run is None:
        run = etree.SubElement(paragraph, qn("w:r"))
    return Run(run, Paragraph(paragraph, None))  # type: ignore[arg-type]  # the classes of python-docx, made from lxml's


def _first_run(document: Document) -> Run | None:
    paragraph = next((item for item in document.paragraphs if item.runs), None)
    if paragraph is None:
        paragraph = next(iter(document.paragraphs), None)
        return None if paragraph is None else paragraph.add_run()
    return paragraph.runs[0]


def _comment(document: Document, run: Run, found: Sequence[Finding]) -> None:
    lines = [without_illegal(_sentence(finding)) for finding in found]
    document.add_comment(run, text="\n".join(lines), author=AUTHOR, initials=AUTHOR)


def _sentence(finding: Finding) -> str:
    advice = f";建议:{finding.suggestion}" if finding.suggestion else ""
    clause = f"(依据:{finding.clause})" if finding.clause else ""
    return f"{finding.code} {finding.message}{advice}{clause}"


def _shade(cell: Element, fill: str) -> None:
    properties = cell.find(qn("w:tcPr"))
    if properties is None:
        properties = etree.Element(qn("w:tcPr"))
        cell.insert(0, properties)
    for old in properties.findall(qn("w:shd")):
        properties.remove(old)
    shading = etree.Element(qn("w:shd"), {qn("w:val"): "clear", qn("w:color"): "auto", qn("w:fill"): fill})
    after = next((item for item in properties if item.tag in _AFTER_SHADING), None)
    if after is None:
        properties.append(shading)
    else:
        after.addprevious(shading)


def _take_off_earlier_marks(document: Document) -> None:
    body = document.element.body
    for shading in list(body.iter(qn("w:shd"))):
        parent = shading.getparent()
        is_ours = (shading.get(qn("w:fill")) or "").upper() in _FILLS.values()
        if is_ours and parent is not None and parent.tag == qn("w:tcPr"):
            parent.remove(shading)
    ours = dict(_own_comments(document.comments))
    for name in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        for mark in list(body.iter(qn(f"w:{name}"))):
            if mark.get(qn("w:id")) in ours:
                _remove(mark)
    for comment in ours.values():
        _remove(comment)


def _own_comments(comments: Comments) -> Iterator[tuple[str, Element]]:
    for comment in comments:
        if comment.author == AUTHOR:
            yield str(comment.comment_id), comment._comment_elm  # noqa: SLF001  # python-docx removes none by itself


def _remove(element: Element) -> None:
    """Take an element out; a run that only held a comment's reference goes with it."""
    parent = element.getparent()
    if parent is None:
        return
    parent.remove(element)
    if parent.tag == qn("w:r") and not [item for item in parent if item.tag != qn("w:rPr")]:
        holder = parent.getparent()
        if holder is not None:
            holder.remove(parent)
