"""What a file holds beside its forms: hidden sheets, pages of no form, pages with nothing on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forms.finding import Region, Severity
from forms.record import Extraction
from parsers.document import Document, Page
from parsers.leaves import is_blank
from parsers.locating.parts import Part
from parsers.paging import PAGED
from parsers.valuing import Gathered

PAGE_DOUBTS = {
    "page-unread": "此页无法读取,请对照原件",
    "image-truncated": "此页的图片不完整,只读到一部分,请对照原件",
    "page-skimmed": "此页是成段文字,没有表格,只读了标题和短行",
    "page-shaded": "此页的表有一片被黑影、污迹盖住,那里可能有行、格没有读到,请对照原件",
    "ocr-crashed": "此页有字迹识别出错,相应的格没有读到,请对照原件",
    "ocr-timeout": "此页识别超时,后面的格没有读到,请对照原件",
    "tracked-deletion": "文件中有未接受的修订,已删除的内容未计入,请确认",
    "hidden-text": "文件中有隐藏文字,未计入,请确认",
    "nested-too-deep": "文件的表格嵌套过深,有内容没有读到",
    "ink-on-print": "此页印好的文字(不是填写栏)上有添加的笔迹,请对照原件",
    "print-mark-mismatch": "此页内容与其打印标识所对应的底稿不符,已按扫描内容读取,请核对来源",
    "page-join-uncertain": "此页没有表头和编号可以对照,按位置接在这份表之后,请确认",
    "pages-missing": "这份表的序号或页码不连续,可能缺页,请核对",
    "pages-reordered": "这份表的各页放置的顺序不对,已按页码、序号重新排列",
}
"""What a reader noted of a page, as a clerk reads it."""


def page_path(page: Page) -> str:
    """The path of a finding of a whole page: findings of one code and path are said once."""
    return f"pages[{page.index}]"


def with_outside(extraction: Extraction, document: Document, unknown: Sequence[Part]) -> Extraction:
    """The first extraction of a file with what is in the file and in no form."""
    gathered = Gathered(list(extraction.findings), list(extraction.unplaced))
    _hidden(document, gathered)
    is_stack = document.format in PAGED and len(document.pages) > 1
    if is_stack:
        _blank(document, gathered)
    for page in {part.page.index: part.page for part in unknown}.values():
        for code in page.notes:
            if code in PAGE_DOUBTS:
                gathered.find(code, page_path(page), PAGE_DOUBTS[code], region=Region(page.index))
    for part in unknown:
        _stray(part, gathered, is_stack=is_stack)
    return replace(extraction, findings=tuple(gathered.findings), unplaced=tuple(gathered.unplaced))


def _hidden(document: Document, gathered: Gathered) -> None:
    for page in document.pages:
        texts = [cell.text for grid in page.grids for cell in grid.cells if cell.text.strip()]
        if page.hidden and texts:
            message = f"工作表“{page.name}”是隐藏的,未读取,请确认"
            gathered.find("sheet-hidden", "", message, region=Region(page.index, None, page.name))
            gathered.leave(" ".join(texts[:40]), page.name, Region(page.index, None, page.name))


def _blank(document: Document, gathered: Gathered) -> None:
    for page in document.pages:
        if is_blank(page):
            message = f"第{page.index + 1}页没有可读的内容,未收入"
            gathered.find("page-blank", page_path(page), message, Severity.INFO, Region(page.index))


def _stray(part: Part, gathered: Gathered, *, is_stack: bool) -> None:
    texts = [line.text for line in part.lines] + [cell.text for cell in part.cells() if cell.text.strip()]
    shown = " ".join(text.strip() for text in texts if text.strip())
    name = part.page.name or f"第{part.page.index + 1}页"
    region = Region(part.page.index, None, part.page.name or None)
    if is_stack:
        message = f"{name}不属于任何一份表,未收入,请确认:{shown[:60]}"
        gathered.find("page-stray", page_path(part.page), message.removesuffix(":"), region=region)
        gathered.list_left(shown, name, region)
    elif shown:
        gathered.leave(shown, name, region)
