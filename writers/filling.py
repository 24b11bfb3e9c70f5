"""Records into filled official files: completed, printed, proved, and handed out only then."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from forms.definition import Field, FormDefinition, Layout
from forms.fieldmap import FieldMap
from forms.finding import Finding, Severity
from forms.record import Entry, Record, Row
from writers.blaming import words_not_carried
from writers.completing import complete
from writers.docx import WordTemplate
from writers.errors import FormatUnsupportedError, OutputCheckFailedError, WordsNotCarriedError, WriterError
from writers.fitting import CONTINUED
from writers.mapping import field_map
from writers.moving import moved_to
from writers.printing import mark_pdf, new_document_id
from writers.proving import prove, prove_pdf
from writers.rendering import page_count, to_pdf
from writers.sheetproving import LONG, FullProof, LongProof
from writers.spreading import spread
from writers.template import Template, compile_template
from writers.values import Content, Purpose, content_of
from writers.wordproving import card_prover
from writers.xlsx import ExcelTemplate

__all__ = ["FillJob", "FilledForm", "Purpose", "fill", "fill_many", "formats_of"]

PDF = "pdf"
BATCH = 200
"""PDFs made together: enough for LibreOffice to forget its start, few enough to be held in memory."""

OVERFLOWS = "page-overflow"
"""Finding code of a card that takes more than its one page as a PDF."""

_FEWEST_PDFS = 8

_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f\s]+')
_LONGEST_NAME = 40
_LONGEST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A filled official file. ``document_id`` is that of its print mark (given without a mark, too).

    ``record`` is what stands in it; ``field_map`` says where, for a PDF, whose pages are known.
    """

    name: str
    content: bytes
    format: str
    document_id: str
    findings: tuple[Finding, ...] = ()
    record: Record | None = None
    field_map: FieldMap | None = None


@dataclass(frozen=True, slots=True)
class FillJob:
    """One file to be made. ``blank_rows`` is for a blank roster; ``None`` fills the first page.

    On a prefilled roster so many numbered rows follow those that are known (``None``: none), and its figures stay open.
    ``document_id`` is drawn at random when it is not given; packs give one made from their content.
    """

    definition: FormDefinition
    record: Record
    purpose: Purpose = Purpose.FINAL
    as_format: str = ""
    print_mark: bool = True
    blank_rows: int | None = None
    document_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Made:
    """A proved Office file on its way out."""

    job: FillJob
    asked: Record
    content: bytes
    document_id: str
    findings: tuple[Finding, ...]


def formats_of(definition: FormDefinition) -> tuple[str, ...]:
    """The formats a form can be made in: that of its official file, and PDF."""
    return (definition.file_format, PDF)


def fill(  # noqa: PLR0913 - the options of a job, by name
    definition: FormDefinition,
    record: Record,
    *,
    purpose: Purpose = Purpose.FINAL,
    as_format: str = "",
    print_mark: bool = True,
    blank_rows: int | None = None,
    document_id: str | None = None,
) -> FilledForm:
    """One filled form. See :class:`FillJob` for the options; an empty ``as_format`` is the form's own.

    Raises:
        FormatUnsupportedError: the form is not made in that format.
        IllegalCharacterError: a value holds what XML cannot carry; nothing was written.
        TemplateUnsafeError, TemplateInvalidError: the official file cannot be used.
        WordsNotCarriedError: the data has words that would be read as part of the form.
        OutputCheckFailedError: the file does not read back as what was asked.
        DocumentError: the conversion to PDF failed.
    """
    job = FillJob(definition, record, purpose, as_format, print_mark, blank_rows, document_id)
    return next(iter(fill_many((job,))))


def fill_many(jobs: Iterable[FillJob]) -> Iterator[FilledForm]:
    """The forms of many jobs in order; PDFs are converted in batches. Raises as :func:`fill` does."""
    for is_pdf, group in itertools.groupby(jobs, key=lambda job: _format_of(job) == PDF):
        if not is_pdf:
            yield from spread(_finished, group)
            continue
        while batch := tuple(itertools.islice(group, BATCH)):
            yield from _as_pdf(list(spread(_make, batch)))


def _finished(job: FillJob) -> FilledForm:
    return _hand_out(_make(job))


def _format_of(job: FillJob) -> str:
    wanted = (job.as_format or job.definition.file_format).lower()
    available = formats_of(job.definition)
    if wanted not in available:
        raise FormatUnsupportedError(form=job.definition.title, asked=wanted, available="、".join(available))
    return wanted


def _make(job: FillJob) -> _Made:
    """Complete, print and prove one Office file."""
    definition = job.definition
    template = compile_template(definition)
    record, left_out = moved_to(definition, job.record)
    asked, noticed = _asked(replace(job, record=record), template)
    content = content_of(definition, asked, template.tags, numeric=_has_numbers(definition))
    printed = _printed(asked, content)
    prove_it = _prover(template, content, printed)
    document_id = job.document_id or new_document_id()
    mark = document_id if job.print_mark and _format_of(job) != PDF else None
    data, fitted = template.render(content, mark)
    try:
        prove_it(data, mark, fitted)
    except OutputCheckFailedError as fault:
        raise _blamed(fault, template, asked) from fault
    return _Made(job, printed, data, document_id, (*left_out, *noticed, *content.findings, *fitted))


def _has_numbers(definition: FormDefinition) -> bool:
    """Whether numbers are written as such: in the workbook of a roster, whose columns are added up."""
    return definition.file_format == "xlsx" and definition.layout is Layout.ROSTER


def _blamed(fault: OutputCheckFailedError, template: Template, asked: Record) -> WriterError:
    """The fault of the data, where words of it made the difference; else the fault as it was."""
    definition = template.definition

    def carries(record: Record) -> bool:
        content = content_of(definition, record, template.tags, numeric=_has_numbers(definition))
        data, _ = template.render(content, None)
        try:
            prove(definition, _printed(record, content), data, definition.file_format)
        except OutputCheckFailedError:
            return False
        return True

    found = words_not_carried(definition, asked, carries)
    if not found:
        return fault
    name = asked.rows[0].get("name") if definition.layout is Layout.CARD and asked.rows else None
    whose = f"({name.text})" if name is not None and name.text else ""
    places = "、".join(f"{place.path}“{place.text[:_LONGEST_SHOWN]}”" for place in found)
    return WordsNotCarriedError(places=f"{whose}{places}")


def _prover(
    template: Template, content: Content, printed: Record
) -> Callable[[bytes, str | None, Sequence[Finding]], None]:
    """How the file to be made will be proved: in full, or by what has been proved of its template."""
    definition, file_format = content.definition, content.definition.file_format
    expected = replace(content, record=printed)
    is_whole = len(printed.rows) == content.row_count

    def prove_fully(asked: Record, made: bytes) -> None:
        prove(definition, asked, made, file_format)

    quick: Callable[[bytes, str | None, FullProof], None] | None = None
    if is_whole and isinstance(template, ExcelTemplate) and content.row_count >= LONG:
        quick = LongProof(template, expected).prove
    elif is_whole and isinstance(template, WordTemplate) and definition.layout is Layout.CARD:
        quick = partial(card_prover(template).prove, expected)

    def prove_it(data: bytes, mark: str | None, fitted: Sequence[Finding]) -> None:
        if quick is None or any(finding.code == CONTINUED for finding in fitted):
            prove_fully(printed, data)
        else:
            quick(data, mark, prove_fully)

    return prove_it


def _asked(job: FillJob, template: Template) -> tuple[Record, tuple[Finding, ...]]:
    """The record to be printed: as given, completed, or with blank rows."""
    definition, record = job.definition, job.record
    if job.purpose is Purpose.BLANK:
        return _blank(definition, record, job.blank_rows, template), ()
    if definition.layout is Layout.CARD and not record.rows:
        record = replace(record, rows=({},))
    completed, findings = complete(definition, record)
    if job.purpose is Purpose.PREFILLED and job.blank_rows is not None and definition.layout is Layout.ROSTER:
        return _with_blank_rows(definition, completed, job.blank_rows), findings
    return completed, findings


def _with_blank_rows(definition: FormDefinition, record: Record, rows: int) -> Record:
    """The rows known, numbered ones to write on behind them, and no figure that these would make wrong."""
    figures = {item.key for item in definition.header if item.calculated} | {item.key for item in definition.totals}
    header = {key: entry for key, entry in record.header.items() if key not in figures}
    header |= {item.key: Entry("", "") for item in definition.totals if definition.header_field(item.key) is None}
    return replace(record, header=header, rows=(*record.rows, *_numbered(definition, len(record.rows), rows)))


def _numbered(definition: FormDefinition, after: int, count: int) -> tuple[Row, ...]:
    ordinals = [item.key for item in definition.fields if item.calculated == "ordinal"]
    return tuple(
        {key: Entry(after + number, str(after + number)) for key in ordinals} for number in range(1, count + 1)
    )


def _blank(definition: FormDefinition, record: Record, rows: int | None, template: Template) -> Record:
    """Labels alone, with the names of units where given, and numbered rows to write on."""
    header = {item.key: record.header[item.key] for item in definition.header if _is_given_unit(item, record.header)}
    if definition.layout is Layout.CARD:
        given: Row = record.rows[0] if record.rows else {}
        units = {item.key: given[item.key] for item in definition.fields if _is_given_unit(item, given)}
        return replace(record, header=header, rows=(units,), marks=())
    count = template.blank_rows() if rows is None else rows
    return replace(record, header=header, rows=_numbered(definition, 0, count), marks=())


def _is_given_unit(field: Field, entries: Row) -> bool:
    entry = entries.get(field.key)
    return field.type.name == "unit" and entry is not None and not entry.is_blank


def _printed(asked: Record, content: Content) -> Record:
    """What must be read back: what was asked but for what the form has no place for, and rows with a number alone."""
    unprinted = {finding.path for finding in content.findings}
    ordinals = {item.key for item in content.definition.fields if item.calculated == "ordinal"}
    rows = list(asked.rows)
    if unprinted and rows:
        rows[0] = {key: entry for key, entry in rows[0].items() if f"records[0].{key}" not in unprinted}
    if content.definition.layout is Layout.ROSTER:
        rows = [row for row in rows if _says_something(row, ordinals)]
    marks = tuple(mark for mark in asked.marks if f"marks.{mark.key}.{mark.kind}" not in unprinted)
    return replace(asked, rows=tuple(rows), marks=marks)


def _says_something(row: Row, ordinals: set[str]) -> bool:
    return any(entry.value not in (None, "") and key not in ordinals for key, entry in row.items())


def _as_pdf(made: Sequence[_Made]) -> Iterator[FilledForm]:
    """The files as PDF, each page with its own mark."""
    contents = to_pdf([(item.content, item.job.definition.file_format) for item in made])
    converted = [replace(item, content=content) for item, content in zip(made, contents, strict=True)]
    yield from spread(_proved_pdf, converted, least=_FEWEST_PDFS)


def _proved_pdf(made: _Made) -> FilledForm:
    """A converted file with its print mark, proved by its text layer."""
    definition, content = made.job.definition, made.content
    if made.job.print_mark:
        content = mark_pdf(content, made.document_id, definition.form, definition.edition)
    proof = prove_pdf(definition, made.asked, content)
    done = replace(made, content=content, findings=(*made.findings, *_overflow(made, content)))
    return replace(_hand_out(done), field_map=field_map(definition, made.document_id, made.asked, proof))


def _overflow(made: _Made, content: bytes) -> Iterator[Finding]:
    """A card is one page, and one more only for texts that were moved there."""
    is_moved = any(finding.code == CONTINUED for finding in made.findings)
    if made.job.definition.layout is Layout.CARD and not is_moved and page_count(content) > 1:
        message = "审批表打印超过一页,请检查模板或精简内容"
        yield Finding(OVERFLOWS, "", message, Severity.WARNING)


def _hand_out(made: _Made) -> FilledForm:
    wanted = _format_of(made.job)
    return FilledForm(_name_of(made, wanted), made.content, wanted, made.document_id, made.findings, made.asked)


def _name_of(made: _Made, file_format: str) -> str:
    """``附件4_借用人员审批表_张明远.docx``: the form, then the unit of a roster or the person of a card."""
    definition = made.job.definition
    short = definition.aliases[0] if definition.aliases else definition.title
    source: Mapping[str, Entry] = made.asked.header
    key = "unit"
    if definition.layout is Layout.CARD and made.asked.rows:
        source, key = made.asked.rows[0], "name"
    entry = source.get(key)
    whose = _UNFIT.sub("", str(entry.value or ""))[:_LONGEST_NAME] if entry is not None else ""
    words = [f"附件{definition.number}", short, *([whose] if whose else [])]
    if made.job.purpose is Purpose.BLANK:
        words.append("空白")
    return f"{'_'.join(words)}.{file_format}"
