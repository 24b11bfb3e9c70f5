"""A document goes back to its unit: with a 补正通知书, and with the unit's own file with the faults marked in it."""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from forms.definition import FormDefinition, Layout
from forms.errors import FormServiceError
from forms.fieldtypes.registry import make_type
from forms.finding import Finding, Severity
from forms.plain import finding_to_plain
from forms.record import Extraction, Row
from parsers.errors import ParseCrashedError
from parsers.sniffing import FileFormat, sniff
from service.operations.documents import document_of, original_of
from service.operations.documents import told as told_of
from service.operations.holding import (
    Held,
    hold,
    hold_apart,
    index_findings,
    move,
    rechecked,
    require_same,
    unit_named,
)
from service.operations.placing import ROW_PATH, placed
from service.operations.reviewing import ReasonNeededError
from service.runtime import Runtime
from service.store.documents import StoredDocument
from service.store.errors import NotFoundError
from service.store.submissions import Change, Notice, find_notice, keep_notice, set_notice_file
from writers import annotating, wordannotating
from writers.notice import Notice as Letter
from writers.notice import NoticeFault, make_notice
from writers.rendering import to_pdf

DAYS = 7
"""Days that a unit has to correct a form, where the sender names no day."""
LARGEST = 64 * 1024 * 1024
_WORDS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
_KINDS = {"opinion": "意见", "signature": "签字", "seal": "盖章", "date": "日期"}
_TASKS = {FileFormat.XLSX: annotating.TASK, FileFormat.DOCX: wordannotating.TASK}


class NotMarkableError(FormServiceError):
    """A file in which faults cannot be marked: only workbooks (xlsx) and Word files (docx) can carry them."""

    code = "not-markable"
    zh = "只有 xlsx、docx 文件可以标注后退回,这份是 {format};请用补正通知书"
    en = "Only xlsx and docx files can be marked; this one is {format}. Use the notice"


class DeadlineInvalidError(FormServiceError):
    """A deadline that is no day, or one that has passed."""

    code = "deadline-invalid"
    zh = "补正期限应为今天或以后的日期(YYYY-MM-DD)"
    en = "The deadline is to be a day (YYYY-MM-DD) not before today"


@dataclass(frozen=True, slots=True)
class Sending:
    """What the person who sends a document back says: until when, a word of their own, whether warnings are told."""

    who: str
    note: str = ""
    deadline: str = ""
    warnings: bool = True
    version: int | None = None


def send_back(runtime: Runtime, identity: str, asked: Sending, today: dt.date | None = None) -> dict[str, Any]:
    """Return a document: its notice is made and kept, and it waits for the corrected one.

    Raises:
        NotFoundError: there is no such document.
        WrongStateError: it cannot be returned from where it is.
        StaleVersionError: it was changed since the caller saw it.
        ReasonNeededError: nothing is wrong with it and no note says why it goes back.
        DeadlineInvalidError: the deadline is no day, or has passed.
    """
    held, steps, draft = _drafted(runtime, identity, asked, today)
    if not draft.letter.faults and not asked.note:
        raise ReasonNeededError(what_zh="没有发现问题而退回", what_en="returning it though nothing is wrong")
    letter, deadline, faults = draft.letter, draft.letter.deadline, draft.letter.faults
    blob = runtime.blobs.put([make_notice(letter)], LARGEST)
    shown = [{**finding_to_plain(finding), "document": number} for number, finding in draft.told]
    stem = held.document.name.rpartition(".")[0] or held.document.name
    notice = Notice(identity, time.time(), f"补正通知书_{stem}", blob.sha256, None, None, shown, deadline.isoformat())
    with runtime.database.transaction() as connection:
        require_same(connection, held)
        keep_notice(connection, notice)
        reason = f"期限 {deadline.isoformat()};{len(faults)} 处{f';{asked.note}' if asked.note else ''}"
        steps[-1:] = [replace(steps[-1], reason=reason)]
        move(connection, held, asked.who, steps, checked_version=None)
        if not held.document.is_checked:
            index_findings(connection, held.document, held.now)
    return {
        **told_of(runtime.database, identity),
        "deadline": deadline.isoformat(),
        "faults": len(faults),
        "notice": f"/api/v1/documents/{identity}/notice.docx",
    }


@dataclass(frozen=True, slots=True)
class _Draft:
    """A notice before it is sent, and the findings that it tells, each with the number of its form."""

    letter: Letter
    told: list[tuple[int, Finding]]


def preview(runtime: Runtime, identity: str, asked: Sending, today: dt.date | None = None) -> Letter:
    """What the notice would say if the document were returned now; nothing is kept.

    Raises:
        NotFoundError, WrongStateError, StaleVersionError, DeadlineInvalidError: as :func:`send_back`.
    """
    return _drafted(runtime, identity, asked, today)[2].letter


def _drafted(
    runtime: Runtime, identity: str, asked: Sending, today: dt.date | None
) -> tuple[Held, list[Change], _Draft]:
    day = today or dt.date.today()  # noqa: DTZ011  # the office's own calendar day decides
    deadline = _deadline(asked.deadline, day)
    held = hold_apart(runtime.database, identity)
    steps = held.require_edge("returned", "退回", "returned")
    held.require(asked.version)
    if not held.document.is_checked:
        held.now = [rechecked(held, number, runtime) for number in range(len(held.now))]
    told = list(_told(held, warnings=asked.warnings))
    faults = [_fault(held, number, finding, runtime) for number, finding in told]
    problem = (held.document.reading or {}).get("problem")
    if problem is not None:
        faults.insert(0, NoticeFault("整份文件", "", "", "错误", f"文件有内容未能读取:{problem['message']}"))
    return held, steps, _Draft(_letter(held, runtime, faults, asked, (day, deadline)), told)


def _deadline(text: str, today: dt.date) -> dt.date:
    if not text:
        return today + dt.timedelta(days=DAYS)
    reading = make_type("day").read(text)
    if not reading.settled or not isinstance(reading.value, str) or reading.faults:
        raise DeadlineInvalidError
    try:
        day = dt.date.fromisoformat(reading.value)
    except ValueError as fault:
        raise DeadlineInvalidError from fault
    if day < today:
        raise DeadlineInvalidError
    return day


def _told(held: Held, *, warnings: bool) -> Iterator[tuple[int, Finding]]:
    """The findings that the unit is told: every error, and what a rule warns of. A reader's doubts are the clerk's."""
    for number, item in enumerate(held.now):
        workbook = any(entry.region and "!" in (entry.region.address or "") for entry in _entries(item))
        found = placed(item.record, item.findings) if workbook else item.findings
        chosen = [one for one in found if one.severity is Severity.ERROR or (warnings and _is_rule_warning(one))]
        yield from ((number, one) for one in sorted(chosen, key=lambda one: _RANK[one.severity]))


def _entries(found: Extraction) -> Iterator[Any]:
    for row in (found.record.header, *found.record.rows):
        yield from row.values()


def _is_rule_warning(finding: Finding) -> bool:
    return finding.severity is Severity.WARNING and not finding.code.islower()


def _fault(held: Held, number: int, finding: Finding, runtime: Runtime) -> NoticeFault:
    found = held.now[number]
    definition = runtime.catalogue.readable(found.record.form, found.record.edition)
    several = f"第{number + 1}份 " if len(held.now) > 1 else ""
    person, label = _whose(found, definition, finding.path)
    return NoticeFault(
        several + _place(found, finding, held.document),
        person,
        label,
        _WORDS[finding.severity],
        finding.message,
        finding.suggestion or "",
        finding.clause or "",
    )


def _place(found: Extraction, finding: Finding, document: StoredDocument) -> str:
    """The page, or the cell in the words of the file's own program."""
    region = finding.region or _region_near(found, finding.path)
    if region is None:
        pages = found.pages
        return f"第{pages[0] + 1}页" if len(pages) == 1 else f"第{pages[0] + 1}至{pages[-1] + 1}页"
    if region.address and region.box is None:
        return f"第{region.page + 1}页 {region.address}" if document.name.lower().endswith("pdf") else region.address
    return f"第{region.page + 1}页"


def _region_near(found: Extraction, path: str) -> Any:  # noqa: ANN401  # a Region or None
    match = ROW_PATH.match(path)
    if match is None or int(match[1]) >= len(found.record.rows):
        return None
    return next((entry.region for entry in found.record.rows[int(match[1])].values() if entry.region), None)


def _whose(found: Extraction, definition: FormDefinition, path: str) -> tuple[str, str]:
    """The person and the field that a path speaks of, in a clerk's words."""
    match = ROW_PATH.match(path)
    alone = _name(found.record.rows[0]) if definition.layout is Layout.CARD and found.record.rows else ""
    if match is not None and int(match[1]) < len(found.record.rows):
        field = definition.field(match[2] or "")
        who = alone or _person(found.record.rows[int(match[1])], int(match[1]))
        return who, field.label if field else ""
    head, _, key = path.rpartition(".")
    if head == "header":
        header = definition.header_field(key)
        return alone, header.label if header else ""
    if head.startswith("marks."):
        box = next((item for item in definition.boxes if item.key == head[6:]), None)
        return alone, f"{box.label}({_KINDS.get(key, key)})" if box else ""
    return alone, ""


def _person(row: Row, number: int) -> str:
    line = row.get("no")
    place = f"序号{line.value}" if line is not None and not line.is_blank else f"第{number + 1}行"
    return f"{place} {_name(row)}".strip()


def _name(row: Row) -> str:
    name = row.get("name")
    return str(name.value) if name is not None and not name.is_blank else ""


def _letter(
    held: Held, runtime: Runtime, faults: Sequence[NoticeFault], asked: Sending, days: tuple[dt.date, dt.date]
) -> Letter:
    titles = dict.fromkeys(
        f"附件{found.number} {found.title}" if found.number else found.title
        for found in (runtime.catalogue.readable(item.record.form, item.record.edition) for item in held.now)
    )
    units = dict.fromkeys(unit_named(held.document, item) for item in held.now)
    unit = held.document.unit or next((name for name in units if name), "")
    received = dt.datetime.fromtimestamp(held.document.received_at).date()  # noqa: DTZ006  # the office's own day
    return Letter(
        unit,
        tuple(titles),
        held.document.name,
        received,
        days[0],
        days[1],
        held.identity[:8].upper(),
        tuple(faults),
        asked.note,
    )


def notice_file(runtime: Runtime, identity: str, as_format: str) -> tuple[str, bytes]:
    """The notice of a document as ``docx`` or ``pdf``: its name and content. The PDF is made once.

    Raises:
        NotFoundError: there is no such document, or it was not returned.
        DocumentError: the conversion failed.
    """
    notice = _notice(runtime, identity)
    if as_format == "docx":
        return f"{notice.name}.docx", _kept(runtime, notice.docx_sha256)
    if notice.pdf_sha256 is None:
        (pdf,) = to_pdf([(_kept(runtime, notice.docx_sha256), "docx")])
        blob = runtime.blobs.put([pdf], LARGEST)
        with runtime.database.transaction() as connection:
            set_notice_file(connection, identity, pdf_sha256=blob.sha256)
        return f"{notice.name}.pdf", pdf
    return f"{notice.name}.pdf", _kept(runtime, notice.pdf_sha256)


def marked_file(runtime: Runtime, identity: str) -> tuple[str, bytes]:
    """The unit's own file with the faults of its notice marked in it: its name and content. It is made once.

    Raises:
        NotFoundError: there is no such document, it was not returned, or the store has lost it.
        NotMarkableError: it is neither a workbook nor a Word file.
        DocumentError: the file may not be opened.
    """
    document = document_of(runtime.database, identity)
    notice = _notice(runtime, identity)
    name = f"标注_{document.name}"
    if notice.marked_sha256 is not None:
        return name, _kept(runtime, notice.marked_sha256)
    with original_of(runtime.blobs, document) as original:
        content = _marked(runtime, original, document.name, notice)
    blob = runtime.blobs.put([content], LARGEST)
    with runtime.database.transaction() as connection:
        set_notice_file(connection, identity, marked_sha256=blob.sha256)
    return name, content


def _marked(runtime: Runtime, original: Path, name: str, notice: Notice) -> bytes:
    found = sniff(original, name)
    if found not in _TASKS:
        raise NotMarkableError(format=found.value)
    findings = [{key: value for key, value in item.items() if key != "document"} for item in notice.findings]
    with tempfile.TemporaryDirectory(prefix="forms-marked-") as folder:
        task = runtime.fence.submit(_TASKS[found], original, name, {"findings": findings}, collect=Path(folder))
        answer = task.result()
        if answer.fault is not None:
            raise answer.fault
        plain: Mapping[str, Any] | None = answer.plain
        if plain is None:
            raise ParseCrashedError
        return Path(folder, str(plain["file"])).read_bytes()


def was_returned(runtime: Runtime, identity: str) -> bool:
    """Whether there is a notice of that document."""
    with runtime.database.reading() as connection:
        return find_notice(connection, identity) is not None


def _notice(runtime: Runtime, identity: str) -> Notice:
    with runtime.database.transaction() as connection:
        hold(connection, identity)
        notice = find_notice(connection, identity)
    if notice is None:
        raise NotFoundError
    return notice


def _kept(runtime: Runtime, sha256: str) -> bytes:
    return runtime.blobs.read(sha256)
