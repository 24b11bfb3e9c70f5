"""A ledger as it was read prefills attachment-5: what is sure is filled in, what is not is left empty and said."""

from __future__ import annotations

from typing import Any

from forms.catalogue import Catalogue
from forms.prefill import LEFT, NOT_IN_FORM, UNCONFIRMED
from service.operations.sources import intakes_for


def entry(value: object, *, review: bool = False) -> dict[str, Any]:
    return {"value": value, "text": str(value), "review": review, "page": 1}


def taken(*records: dict[str, Any], **header: Any) -> Any:
    catalogue = Catalogue.load()
    document = {
        "form": "ledger",
        "edition": "r1",
        "header": header,
        "records": list(records),
        "columns": [],
        "history": [],
    }
    (intake,) = intakes_for(catalogue.find("attachment-5"), {"documents": [document]}, catalogue)
    return intake


def test_only_what_is_sure_is_filled_in() -> None:
    intake = taken({"name": entry("张明远"), "phone": entry("13900000001", review=True)}, unit=entry("海州区示例局"))
    (row,) = intake.record.rows
    assert intake.record.form == "attachment-5"
    assert row["name"].value == "张明远"
    assert row["phone"].value == ""
    assert row["phone"].candidates == ("13900000001",)
    assert [(one.code, one.path) for one in intake.findings] == [(UNCONFIRMED, "records[0].phone")]
    assert intake.record.header["unit"].value == "海州区示例局"


def test_an_identity_number_is_not_spelled_out_in_a_message() -> None:
    intake = taken({"name": entry("张明远"), "id_number": entry("320799198506150016", review=True)})
    assert "320799198506150016" not in intake.findings[0].message


def test_persons_who_left_and_columns_of_other_forms_are_said() -> None:
    intake = taken(
        {"name": entry("张明远"), "age": entry(30)},
        {"name": entry("李晓云"), "dismissed_on": entry("2025-03-01")},
    )
    assert [row["name"].value for row in intake.record.rows] == ["张明远"]
    assert {one.code for one in intake.findings} == {NOT_IN_FORM, LEFT}
