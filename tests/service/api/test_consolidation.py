"""The consolidation over HTTP and as a page: figures alone, of units within reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from samples.records import make_records
from service.application import create_app
from service.runtime import Runtime
from service.store.documents import add_document, set_reading
from service.store.records import AcceptedForm, keep_accepted
from service.store.submissions import change_submission, open_submission
from service.store.units import Unit, UnitKind, keep_units

UNITS = (
    Unit("b", "海州区示例局", UnitKind.DEPARTMENT),
    Unit("s", "海州区示例学校", UnitKind.SUBORDINATE, "b"),
    Unit("t", "海州区示例镇人民政府", UnitKind.TOWN),
)


@pytest.fixture
def reader(make_runtime: Callable[..., Runtime]) -> FlaskClient:
    """Somebody at a desk, with accepted forms of three units in the store."""
    runtime = make_runtime()
    with runtime.database.transaction() as connection:
        keep_units(connection, UNITS, {})
        for count, unit in enumerate(UNITS, start=2):
            people = [
                {
                    key: {"value": value, "code": None, "origin": "digital"}
                    for key, value in {**row, "unit": unit.name}.items()
                }
                for row in make_records("attachment-3", count, 720 + count)["records"]
            ]
            identity = add_document(
                connection, sha256="0" * 64, name="表.xlsx", size=1, form_hint="attachment-3", unit=unit.name
            )
            set_reading(connection, identity, "read", {"status": "read", "documents": []})
            open_submission(connection, identity)
            change_submission(connection, identity, state="accepted")
            header = {"unit": {"value": unit.name, "code": None, "origin": "digital"}}
            keep_accepted(
                connection, identity, [AcceptedForm(0, "attachment-3", "r1", unit.name, header, [], people)], "甲"
            )
    return create_app(runtime).test_client()


def kept(body: dict[str, Any]) -> dict[str, Any]:
    (form,) = [item for item in body["forms"] if item["form"] == "attachment-3"]
    return dict(form)


def test_a_unit_with_all_under_it_and_the_district(reader: FlaskClient) -> None:
    under = kept(reader.get("/api/v1/consolidation?unit=海州区示例局").get_json())
    assert [(item["unit"], item["count"]) for item in under["units"]] == [("海州区示例局", 2), ("海州区示例学校", 3)]
    whole = reader.get("/api/v1/consolidation").get_json()
    form = kept(whole)
    assert form["whole"]["count"] == form["rows"] == sum(item["count"] for item in form["units"]) == 9
    wages = sum(item["sums"]["monthly_wage"] for item in form["units"])
    assert form["whole"]["sums"]["monthly_wage"] == pytest.approx(wages)
    for group in form["codes"]:
        assert sum(item["count"] for item in group["codes"]) == 9
    assert {item["key"]: item["value"] for item in whole["figures"]}["kept"] == 9


def test_nobody_is_named(reader: FlaskClient) -> None:
    text = reader.get("/api/v1/consolidation").get_data(as_text=True)
    page = reader.get("/consolidation?all=1").get_data(as_text=True)
    people = [row for count in (2, 3, 4) for row in make_records("attachment-3", count, 720 + count)["records"]]
    for row in people:
        assert row["id_number"] not in text + page


def test_who_is_not_known_is_not_found(reader: FlaskClient) -> None:
    assert reader.get("/api/v1/consolidation?unit=nobody").status_code == 404
    assert reader.get("/api/v1/consolidation?campaign=1999").status_code == 404
    assert reader.get("/api/v1/consolidation?unit=" + "长" * 300).status_code >= 400
    assert reader.get("/consolidation?unit=nobody").status_code == 404


def test_the_page_asks_first_and_then_shows(reader: FlaskClient) -> None:
    empty = reader.get("/consolidation").get_data(as_text=True)
    assert "海州区示例学校" in empty
    assert "附件3" not in empty.partition("</form>")[2]
    shown = reader.get("/consolidation?unit=海州区示例局").get_data(as_text=True)
    assert "已接收 2 份，共 5 人" in shown
    assert "/packs?unit=" in shown
