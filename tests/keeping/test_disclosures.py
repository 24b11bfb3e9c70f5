"""Who saw whole numbers of which people is told, for a report of a breach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from service.operations.disclosed import rows_named
from service.operations.records import Disclosure, export_records, list_records
from service.runtime import Runtime
from service.store.documents import add_document
from service.store.records import AcceptedForm, RecordQuery, keep_accepted
from service.store.sealing.columns import Sealed
from service.store.submissions import open_submission
from service.store.tables import metadata
from tests.keeping.conftest import NUMBER, Done


def accepted(runtime: Runtime, unit: str, people: int) -> str:
    entry = {"code": None, "origin": "digital", "review": False}
    row = {"name": {**entry, "value": "张某"}, "id_number": {**entry, "value": NUMBER}}
    form = AcceptedForm(0, "attachment-2", "r1", unit, {"unit": {**entry, "value": unit}}, [], [row] * people)
    with runtime.database.transaction() as connection:
        document = add_document(connection, sha256="0" * 64, name="表", size=1, form_hint=None, unit=unit)
        open_submission(connection, document)
        keep_accepted(connection, document, [form], "甲")
    return document


def test_each_person_whose_number_was_seen_is_named_by_place(runtime: Runtime, admin: Callable[..., Done]) -> None:
    first, second = accepted(runtime, "一中", 5), accepted(runtime, "二中", 3)
    seen = Disclosure(unmask=True, who="乙", reason="核对")
    list_records(runtime, RecordQuery(unit="一中"), seen, (2, 0))
    list_records(runtime, RecordQuery(unit="一中"), Disclosure(who="丁"), (2, 0))
    export_records(runtime, RecordQuery(), Disclosure(unmask=True, who="丙", reason="上报"), plain=True)
    done = admin("disclosures")
    assert [(one["who"], one["what"], one["people"], one["reason"]) for one in done.lines] == [
        ("乙", "records", 2, "核对"),
        ("丙", "records.xlsx", 8, "上报"),
    ]
    assert done.lines[0]["rows"] == f"{first}/0:0-1"
    assert set(done.lines[1]["rows"].split()) == {f"{first}/0:0-4", f"{second}/0:0-2"}
    assert "丙:1 次,8 人次" in done.told
    assert [one["who"] for one in admin("disclosures", "--document", second).lines] == ["丙"]
    yesterday = (dt.datetime.now().astimezone() - dt.timedelta(days=1)).date().isoformat()
    assert admin("disclosures", "--last", yesterday).lines == []
    assert len(admin("disclosures", "--first", yesterday).lines) == 2
    assert NUMBER not in str(done.lines)


def test_lines_without_a_gap_are_one() -> None:
    lines = [{"document_id": "a", "item": 0, "line": line} for line in (0, 1, 2, 5, 7, 8)]
    assert rows_named([*lines, {"document_id": "b", "item": 1, "line": 4}]) == "a/0:0-2,5,7-8 b/1:4"


def test_every_table_with_sealed_values_stands_in_the_statement() -> None:
    """What a customer is told of personal data leaves no table out."""
    said = (Path(__file__).parents[2] / "docs" / "privacy.zh.md").read_text(encoding="utf-8")
    sealed = {
        table.name for table in metadata.sorted_tables for column in table.columns if isinstance(column.type, Sealed)
    }
    assert len(sealed) > 10
    assert {name for name in sealed if f"`{name}`" not in said} == set()
