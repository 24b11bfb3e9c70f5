"""The import workbook back in: read in the fenced child, previewed, returned with its faults marked, or taken.

The workbook is read as any returned file is, for its heads are the official labels. Nothing that was stored before is
changed by an import: what it says is kept beside it until somebody takes the rows.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from forms.catalogue import TEMPLATES
from forms.checking import check_document, merge_findings
from forms.definition import FormDefinition, Layout
from forms.errors import UnusableDataError
from forms.finding import Finding, Severity
from forms.intake import Intake
from forms.plain import (
    extraction_from_plain,
    finding_from_plain,
    finding_to_plain,
    record_from_plain,
    record_to_plain,
)
from forms.record import Entry, Extraction, Record, Row
from forms.rules.base import CheckedDocument
from parsers.child_tasks import READ
from parsers.errors import ContentMismatchError, ParseCrashedError
from parsers.fence import Answer, Fence
from service.operations.belonging import made_by_caller
from service.operations.checking import check_settings
from service.operations.filling import FillOptions
from service.operations.making import Made, fill_now
from service.operations.placing import ROW_PATH, address_of, placed
from service.operations.units import names_known, office_day, units_of
from service.runtime import Runtime
from service.settings import PROJECT, Settings
from service.store.blobs import Blob
from service.store.errors import NotFoundError
from service.store.imports import add_import, find_import
from writers import annotating
from writers.filling import Purpose
from writers.workbook import ENTRY_SHEET, EXAMPLE

OWN_SHEETS = frozenset({annotating.FAULT_SHEET, "填表说明", "码表"})
NOT_OF_AN_IMPORT = frozenset({"sheet-hidden", "form-uncertain", "row-example"})
"""What a reader notices of the workbook itself: its list of codes is hidden, and it has an example."""


@dataclass(frozen=True)
class Import:
    """A workbook that was handed in, row by row.

    ``records`` are one for a roster; for a card one a person. ``findings`` are parallel to ``records``, each path as
    in its own record, each with the cell it is about where one can be named.
    """

    definition: FormDefinition
    records: tuple[Record, ...]
    findings: tuple[tuple[Finding, ...], ...]
    name: str = ""
    id: str = ""
    sha256: str = ""

    @property
    def rows(self) -> int:
        """How many persons the workbook holds."""
        return sum(len(record.rows) for record in self.records)

    @cached_property
    def faulty(self) -> frozenset[tuple[int, int]]:
        """The rows with an error, as record and row."""
        return frozenset(
            (number, int(match[1]))
            for number, found in enumerate(self.findings)
            for finding in found
            if finding.severity is Severity.ERROR and (match := ROW_PATH.match(finding.path))
        )

    def all_findings(self) -> Iterator[Finding]:
        """Findings with a path that counts the persons over the whole workbook."""
        before = 0
        for record, found in zip(self.records, self.findings, strict=True):
            for finding in found:
                match = ROW_PATH.match(finding.path)
                path = f"records[{before + int(match[1])}]{finding.path[match.end(1) + 1 :]}" if match else finding.path
                yield replace(finding, path=path)
            before += len(record.rows)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The rows that are taken."""

    definition: FormDefinition
    records: tuple[Record, ...]

    @property
    def data(self) -> dict[str, Any]:
        """The rows as data of contract §3, ready for ``service fill``."""
        header = _values(self.records[0].header) if self.records else {}
        rows = [_values(row) for record in self.records for row in record.rows]
        return {"form": self.definition.form, "header": header, "records": rows}

    def filled(self, as_format: str, *, print_mark: bool = True) -> Made:
        """The official form with the rows in it, or a zip of forms for a card.

        Raises:
            UnusableDataError: there is no row to take.
        """
        if not any(record.rows for record in self.records):
            raise UnusableDataError(pointer_text="rows", reason_zh="没有可以使用的行", reason_en="no row can be taken")
        return fill_now(self.definition, self.records, FillOptions(Purpose.FINAL, as_format, print_mark))


def take_import(runtime: Runtime, definition: FormDefinition, name: str, blob: Blob) -> Import:
    """Read a stored workbook, check each row, and keep what it says under an id.

    Raises:
        DocumentError: the file cannot be read, or is no workbook.
        UnusableDataError: it has no rows of this form.
    """
    with runtime.blobs.opened(blob.sha256) as path:
        answer = _read(runtime.fence, path, name, definition)
    units = names_known(units_of(runtime.database), office_day())
    records = _records(answer, definition)
    taken = replace(_checked(definition, records, runtime.settings, units), name=name, sha256=blob.sha256)
    with runtime.database.transaction() as connection:
        identity = add_import(
            connection,
            form=definition.form,
            edition=definition.edition,
            sha256=blob.sha256,
            name=name,
            records=[record_to_plain(record) for record in taken.records],
            findings=[[finding_to_plain(finding) for finding in found] for found in taken.findings],
        )
        made_by_caller(connection, "import", identity)
    return replace(taken, id=identity)


def import_of(runtime: Runtime, definition: FormDefinition, identity: str) -> Import:
    """The import of that id, as it was read.

    Raises:
        NotFoundError: there is none of that form.
    """
    with runtime.database.reading() as connection:
        stored = find_import(connection, identity)
    if stored is None or stored.form != definition.form:
        raise NotFoundError
    return Import(
        runtime.catalogue.find(stored.form, stored.edition),
        tuple(record_from_plain(item) for item in stored.records),
        tuple(tuple(finding_from_plain(item) for item in found) for found in stored.findings),
        stored.name,
        stored.id,
        stored.sha256,
    )


def read_workbook(path: Path, definition: FormDefinition) -> tuple[Intake, ...]:
    """The rows of an import workbook for the command line, as intake gives those of JSON.

    Raises:
        DocumentError: the file cannot be read, or is no workbook.
        UnusableDataError: it has no rows of this form.
    """
    added = _editions_of(definition)
    with Fence(see=(PROJECT / "writers", *([added] if added is not None else []))) as fence:
        records = _records(_read(fence, path, path.name, definition), definition)
    return tuple(Intake(definition, record, placed(record, findings)) for record, findings in records)


def preview(taken: Import) -> dict[str, Any]:
    """What an import would take: how many rows are good, what is wrong with the others, and the values."""
    bad = len(taken.faulty)
    return {
        "id": taken.id,
        "form": taken.definition.form,
        "file": taken.name,
        "rows": taken.rows,
        "good": taken.rows - bad,
        "bad": bad,
        "findings": [finding_to_plain(finding) for finding in taken.all_findings()],
        "header": _values(taken.records[0].header) if taken.records else {},
        "records": [_values(row) for record in taken.records for row in record.rows],
    }


def confirm(taken: Import, *, only_good: bool) -> Confirmed:
    """The rows of an import, all of them or those without an error."""
    if not only_good:
        return Confirmed(taken.definition, taken.records)
    kept = []
    for number, record in enumerate(taken.records):
        rows = tuple(row for index, row in enumerate(record.rows) if (number, index) not in taken.faulty)
        if rows or taken.definition.layout is Layout.ROSTER:
            kept.append(replace(record, rows=rows))
    return Confirmed(taken.definition, tuple(kept))


def marked_return(runtime: Runtime, taken: Import) -> bytes:
    """The same workbook with its faults marked in it, made in the fenced child.

    Raises:
        NotFoundError: the store has lost the workbook.
        DocumentError: the file is not one that can be marked (an old .xls).
    """
    findings = [finding_to_plain(finding) for finding in taken.all_findings()]
    with runtime.blobs.opened(taken.sha256) as path, tempfile.TemporaryDirectory(prefix="forms-marked-") as folder:
        task = runtime.fence.submit(annotating.TASK, path, taken.name, {"findings": findings}, collect=Path(folder))
        return Path(folder, str(_plain(task.result())["file"])).read_bytes()


def _read(fence: Fence, path: Path, name: str, definition: FormDefinition) -> Mapping[str, Any]:
    added = _editions_of(definition)
    options = {"form": definition.form, "checked": False, "editions": None if added is None else str(added)}
    answer = _plain(fence.submit(READ, path, name, options).result())
    if "reading" not in answer:
        raise ContentMismatchError(pointer=name)
    reading: Mapping[str, Any] = answer["reading"]
    return reading


def _editions_of(definition: FormDefinition) -> Path | None:
    """The folder of added editions that a definition is from; ``None`` for the program's own."""
    return None if definition.folder.is_relative_to(TEMPLATES) else definition.folder.parent.parent.resolve()


def _plain(answer: Answer) -> Mapping[str, Any]:
    if answer.fault is not None:
        raise answer.fault
    if answer.plain is None:
        raise ParseCrashedError
    return answer.plain


def _records(reading: Mapping[str, Any], definition: FormDefinition) -> tuple[tuple[Record, tuple[Finding, ...]], ...]:
    """The rows that a reader found in the workbook, without the example and the workbook's own sheets."""
    found = [extraction_from_plain(item) for item in reading["documents"]]
    own = [item for item in found if item.record.form == definition.form and _sheet_of(item) not in OWN_SHEETS]
    typed = tuple(item for extraction in own if (item := _without_example(extraction))[0].rows)
    if not typed:
        raise UnusableDataError(
            pointer_text=ENTRY_SHEET,
            reason_zh=f"没有找到“{definition.title}”的数据行,请用本表的导入表填写",
            reason_en=f"no rows of {definition.form} were found; use its import workbook",
        )
    return typed


def _without_example(extraction: Extraction) -> tuple[Record, tuple[Finding, ...]]:
    """What was typed: the record without the example row, if a reader took that for a person, and its findings."""
    record = replace(extraction.record, marks=())
    kept = [index for index, row in enumerate(record.rows) if not _is_example(row)]
    numbers = {old: new for new, old in enumerate(kept)}
    example = {_place(item) for item in extraction.findings if item.code == "row-example"}
    findings = []
    for finding in extraction.findings:
        match = ROW_PATH.match(finding.path)
        if _is_of_workbook(finding) or _place(finding) in example or (match and int(match[1]) not in numbers):
            continue
        path = f"records[{numbers[int(match[1])]}]{finding.path[match.end(1) + 1 :]}" if match else finding.path
        findings.append(replace(finding, path=path))
    return replace(record, rows=tuple(record.rows[index] for index in kept)), tuple(findings)


def _sheet_of(extraction: Extraction) -> str:
    """The sheet that a record stands on; empty when none of its values names one."""
    entries = (*extraction.record.header.values(), *(item for row in extraction.record.rows for item in row.values()))
    return next((match["sheet"].strip("'") for entry in entries if (match := address_of(entry))), "")


def _place(finding: Finding) -> str | None:
    return finding.region.address if finding.region else None


def _is_example(row: Row) -> bool:
    return any(entry.text.strip() == EXAMPLE or entry.value == EXAMPLE for entry in row.values())


def _is_of_workbook(finding: Finding) -> bool:
    """Whether a finding speaks of what every import workbook is like, not of what was typed into it."""
    address = (finding.region.address or "") if finding.region else ""
    return finding.code in NOT_OF_AN_IMPORT or address.partition("!")[0].strip("'") in OWN_SHEETS


def _checked(
    definition: FormDefinition,
    records: Sequence[tuple[Record, tuple[Finding, ...]]],
    settings: Settings,
    units: Sequence[str],
) -> Import:
    rules = check_settings(settings, [record for record, _ in records], units=units)
    findings = []
    for record, found in records:
        checked = check_document(CheckedDocument(record, definition), rules)
        findings.append(placed(record, merge_findings(found, checked)))
    return Import(definition, tuple(record for record, _ in records), tuple(findings))


def _values(entries: Mapping[str, Entry]) -> dict[str, Any]:
    return {key: entry.value for key, entry in entries.items()}
