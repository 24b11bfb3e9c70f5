"""The normalised store: people of accepted forms and all findings, listed with numbers masked, and as workbooks."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import xlsxwriter
from sqlalchemy import Connection

from forms.definition import Field, FormDefinition
from forms.errors import FormServiceError
from forms.illegal import without_illegal
from forms.record import Entry, Record
from service.access.scope import EVERYTHING, Scope
from service.access.sight import HIDDEN
from service.audit.events import Action
from service.audit.noting import note_look
from service.masking import hide, hide_text
from service.operations.disclosed import ROWS, rows_named
from service.operations.filling import FillOptions
from service.operations.locking import locked, require_fit
from service.operations.making import Made, fill_now
from service.operations.rereading import catch_up
from service.operations.reviewing import ReasonNeededError
from service.operations.watermark import marked, words_of
from service.runtime import Runtime
from service.store.errors import NotFoundError
from service.store.record_pages import page_of_records
from service.store.records import (
    FindingQuery,
    RecordQuery,
    accepted_forms,
    find_findings,
    find_person,
    find_records,
    keep_disclosure,
)
from service.store.submissions import never_opened
from writers.filling import Purpose

_LEADING = ("no", "unit", "name")
_SHEET = 31
_BAD_SHEET = re.compile(r"[\[\]:*?/\\']")
EXCEL = "xlsx"


class NothingToExportError(FormServiceError):
    """No accepted record fits the filters."""

    code = "nothing-to-export"
    zh = "没有符合条件的记录可以导出"
    en = "No record fits; there is nothing to export"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Whether whole numbers are asked for, by whom and what for; ``hidden`` are keys of fields that are not shown."""

    unmask: bool = False
    who: str = "人工"
    reason: str = ""
    hidden: frozenset[str] = frozenset()

    def require(self) -> None:
        """Stop when numbers are asked for without a reason.

        Raises:
            ReasonNeededError: no reason was given.
        """
        if self.unmask and not self.reason:
            raise ReasonNeededError(what_zh="查看完整的身份证号、电话", what_en="seeing whole ID and telephone numbers")


MOST_PLAIN = 100
"""So many people's whole numbers are shown at once; more need a second person's approval, as an export."""


def list_records(
    runtime: Runtime, query: RecordQuery, disclosure: Disclosure, page: tuple[int, int], scope: Scope = EVERYTHING
) -> dict[str, Any]:
    """One page (how many, from where) of the people of accepted forms within somebody's reach.

    Raises:
        ReasonNeededError: whole numbers without a reason.
    """
    disclosure.require()
    limit, offset = min(page[0], MOST_PLAIN) if disclosure.unmask else page[0], page[1]
    is_told = disclosure.unmask or bool(query.id_number)
    with runtime.database.transaction() if is_told else runtime.database.reading() as connection:
        found = page_of_records(connection, query, limit, offset, scope.within("accepted"))
        if disclosure.unmask and found.rows:
            _record(connection, "records", query, disclosure, found.rows)
        if query.id_number:
            note_look(connection, Action.SEARCH_ID, "records", _told(query), len(found.rows), who=disclosure.who)
    return {
        "total": found.total,
        "total_is_least": found.is_least,
        "limit": limit,
        "offset": offset,
        "masked": not disclosure.unmask,
        "records": [_shown(runtime, row, disclosure) for row in found.rows],
    }


def person_of(runtime: Runtime, identity: str, item: int, line: int, disclosure: Disclosure) -> dict[str, Any]:
    """One person of an accepted form, by document, form in it and row.

    Raises:
        NotFoundError: there is no such row in the store.
        ReasonNeededError: whole numbers without a reason.
    """
    disclosure.require()
    with runtime.database.transaction() if disclosure.unmask else runtime.database.reading() as connection:
        rows = find_person(connection, identity, item, line)
        if not rows:
            raise NotFoundError(pointer=identity)
        if disclosure.unmask:
            _record(connection, "records", RecordQuery(document=identity), disclosure, rows[:1])
    return _shown(runtime, rows[0], disclosure)


def _record(
    connection: Connection, what: str, query: RecordQuery, disclosure: Disclosure, rows: Sequence[Mapping[str, Any]]
) -> None:
    filters, reason, people = _told(query), hide_text(disclosure.reason), len(rows)
    named = {**filters, ROWS: rows_named(rows)}
    keep_disclosure(connection, who=disclosure.who, what=what, filters=named, people=people, reason=reason)
    note_look(connection, Action.PLAIN_ID, what, filters, people, reason=reason, who=disclosure.who)


def _told(query: RecordQuery) -> dict[str, str]:
    return {key: hide_text(value) for key, value in asdict(query).items() if value}


def _shown(runtime: Runtime, row: Mapping[str, Any], disclosure: Disclosure) -> dict[str, Any]:
    definition = runtime.catalogue.readable(row["form"], row["edition"])
    types = {field.key: field.type.name for field in (*definition.header, *definition.fields)}

    def values(entries: Mapping[str, Any]) -> dict[str, Any]:
        beside = {key for key, item in entries.items() if item["value"]}

        def shown(key: str, value: Any) -> Any:  # noqa: ANN401  # a normal value
            return _seen(key, value if disclosure.unmask else hide(types.get(key, ""), value, beside), disclosure)

        return {key: shown(key, item["value"]) for key, item in entries.items()}

    return {
        "id": row["id"],
        "form": row["form"],
        "edition": row["edition"],
        "unit": row["unit"],
        "state": row["state"],
        "document": row["document_id"],
        "item": row["item"],
        "row": row["line"],
        "accepted_at": row["accepted_at"],
        "accepted_by": row["accepted_by"],
        "reason": row["reason"] if disclosure.unmask else hide_text(row["reason"]),
        "header": values(row["header"]),
        "values": values(row["entries"]),
        "codes": {
            key: item["code"] for key, item in row["entries"].items() if item["code"] and key not in disclosure.hidden
        },
    }


def _seen(key: str, value: Any, disclosure: Disclosure) -> Any:  # noqa: ANN401  # a normal value
    return HIDDEN if key in disclosure.hidden and value not in (None, "") else value


def list_findings(
    runtime: Runtime, query: FindingQuery, limit: int, offset: int, scope: Scope = EVERYTHING
) -> dict[str, Any]:
    """One page of the findings of documents within somebody's reach as they stand now, the newest documents first."""
    with runtime.database.reading() as connection:
        is_behind = bool(never_opened(connection))
    if is_behind:  # who only looks waits for no writer, and no writer for them
        with runtime.database.transaction() as connection:
            catch_up(connection)
    with runtime.database.reading() as connection:
        total, rows = find_findings(connection, query, limit, offset, scope.within("document"))
    shown = [
        {
            "document": row["document_id"],
            "file": row["file"],
            "state": row["state"],
            "item": row["item"],
            "form": row["form"],
            "unit": row["unit"],
            **row["body"],
            "message": hide_text(row["body"]["message"]),
        }
        for row in rows
    ]
    return {"total": total, "limit": limit, "offset": offset, "findings": shown}


def export_records(
    runtime: Runtime,
    query: RecordQuery,
    disclosure: Disclosure,
    scope: Scope = EVERYTHING,
    *,
    plain: bool,
    password: str = "",
) -> Made:
    """Records as a workbook: one Excel form in its official file, else (or if ``plain``) a table, a sheet a form.

    With a ``password`` nobody opens it without; it is kept nowhere.

    Raises:
        NothingToExportError: there are none.
        PasswordRefusedError: the password does not do, or there must be one.
        ReasonNeededError: whole numbers without a reason.
        FormServiceError: the official file could not be filled or proved.
    """
    disclosure.require()
    require_fit(runtime.settings, password, disclosure.who, whole=disclosure.unmask)
    with runtime.database.reading() as connection:
        _, rows = find_records(connection, query, within=scope.within("accepted"))
        forms = accepted_forms(connection, query, scope.within("accepted"))
    with runtime.database.transaction() as connection:  # short: others wait for it
        if disclosure.unmask and rows:
            _record(connection, "records.xlsx", query, disclosure, rows)
        how = {"numbers": "whole" if disclosure.unmask else "masked", "password": "yes" if password else "no"}
        note_look(connection, Action.EXPORT, "records", _told(query), len(rows), **how, who=disclosure.who)
    if not rows:
        raise NothingToExportError
    forms = [item for item in forms if item["id"] in {row["accepted_id"] for row in rows}]
    return locked(_workbook(runtime, rows, forms, disclosure, plain=plain), password)


def _workbook(
    runtime: Runtime,
    rows: Sequence[Mapping[str, Any]],
    forms: Sequence[Mapping[str, Any]],
    disclosure: Disclosure,
    *,
    plain: bool,
) -> Made:
    mark = words_of(disclosure.who, len(rows), whole=disclosure.unmask)
    kinds = list(dict.fromkeys((row["form"], row["edition"]) for row in rows))
    definition = runtime.catalogue.readable(*kinds[0])
    if plain or len(kinds) > 1 or not definition.number or definition.file_format != EXCEL:
        return Made("记录.xlsx", marked(_plain_workbook(runtime, rows, disclosure), mark), ())
    record = _whole_record(definition, rows, [item["header"] for item in forms])
    record = _masked(definition, record, disclosure)
    made = fill_now(definition, [record], FillOptions(Purpose.FINAL, EXCEL, print_mark=False))
    return replace(made, content=marked(made.content, mark))


def _masked(definition: FormDefinition, record: Record, disclosure: Disclosure) -> Record:
    types = {field.key: field.type.name for field in (*definition.header, *definition.fields)}

    def entry(key: str, given: Entry, beside: Collection[str] = ()) -> Entry:
        hidden = given.value if disclosure.unmask else hide(types.get(key, ""), given.value, beside)
        hidden = _seen(key, hidden, disclosure)
        return given if hidden == given.value else Entry(hidden, str(hidden))

    header = {key: entry(key, given) for key, given in record.header.items()}
    rows = tuple({key: entry(key, given, row.keys()) for key, given in row.items()} for row in record.rows)
    return replace(record, header=header, rows=rows)


def _whole_record(
    definition: FormDefinition, rows: Sequence[Mapping[str, Any]], headers: Sequence[Mapping[str, Any]]
) -> Record:
    """The people of one form in one record; of several returned forms the head is what all of them say.

    Running numbers and totals are then left to be worked out anew.
    """
    is_one = len(headers) == 1 and len(rows) == len({row["line"] for row in rows})
    people = [_entries(definition.fields, row["entries"], skip=not is_one) for row in rows]
    header = _entries(definition.header, headers[0], skip=not is_one)
    totals = {total.key for total in definition.totals}
    if not is_one:
        same = {key for key in header if all(other.get(key, {}).get("value") == header[key].value for other in headers)}
        header = {key: entry for key, entry in header.items() if key in same and key not in totals}
    return Record(definition.form, definition.edition, header, tuple(people))


def _entries(fields: Iterable[Field], given: Mapping[str, Any], *, skip: bool) -> dict[str, Entry]:
    """The entries of a row; ``skip`` leaves out what the program works out."""
    return {
        field.key: Entry(
            item["value"],
            field.type.write(item["value"]),
            item["code"],
        )
        for field in fields
        if (item := given.get(field.key)) and item["value"] is not None and not (skip and field.calculated)
    }


def _plain_workbook(runtime: Runtime, rows: Sequence[Mapping[str, Any]], disclosure: Disclosure) -> bytes:
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    head = book.add_format({"bold": True, "text_wrap": True})
    by_form: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        by_form.setdefault((row["form"], row["edition"]), []).append(row)
    for (form, edition), found in by_form.items():
        definition = runtime.catalogue.readable(form, edition)
        name = _BAD_SHEET.sub("", f"附件{definition.number}_{edition}" if definition.number else definition.title)
        sheet = book.add_worksheet(name[:_SHEET])
        _write_sheet(sheet, head, definition, [_shown(runtime, row, disclosure) for row in found])
    book.close()
    return buffer.getvalue()


def _write_sheet(sheet: Any, head: Any, definition: FormDefinition, rows: Sequence[Mapping[str, Any]]) -> None:  # noqa: ANN401  # xlsxwriter has no types
    fields = definition.fields
    labels = ["填报单位", "状态", *(f"{field.group} {field.label}".strip() for field in fields), "来源文件"]
    for column, label in enumerate(labels):
        sheet.write_string(0, column, label, head)
    for line, row in enumerate(rows, start=1):
        values = [row["unit"], "已接收" if row["state"] == "accepted" else "已被替代"]
        values += [row["values"].get(field.key, "") for field in fields]
        for column, value in enumerate([*values, row["document"]]):
            _write_cell(sheet, line, column, value)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(rows)), len(labels) - 1)


def _write_cell(sheet: Any, line: int, column: int, value: Any) -> None:  # noqa: ANN401  # as above
    """A text is always a text: nothing in it becomes a formula or a number."""
    if isinstance(value, bool):
        sheet.write_string(line, column, "是" if value else "否")
    elif isinstance(value, int | float):
        sheet.write_number(line, column, value)
    elif value:
        sheet.write_string(line, column, without_illegal(str(value)))


def form_of(runtime: Runtime, query: RecordQuery) -> RecordQuery:
    """The query with the id of the form that it names by id, number or title.

    Raises:
        UnknownFormError: there is no such form.
    """
    return replace(query, form=runtime.catalogue.readable(query.form).form) if query.form else query
