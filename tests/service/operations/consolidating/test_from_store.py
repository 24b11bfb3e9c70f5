"""A consolidation from the store: accepted forms of the subtree and the campaign, none that was superseded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from samples.records import make_records
from service.operations.consolidating import consolidate, consolidate_data
from service.runtime import Runtime
from service.settings import Settings
from service.store.belonging import keep_belonging
from service.store.campaigns import add_campaign, make_current
from service.store.documents import add_document, set_reading
from service.store.errors import NotFoundError
from service.store.records import AcceptedForm, keep_accepted, supersede_accepted
from service.store.submissions import change_submission, open_submission
from service.store.tables import accepted, documents
from service.store.units import Unit, UnitKind, keep_units

BUREAU = Unit("b", "海州区示例局", UnitKind.DEPARTMENT, liaison="李晓云", liaison_phone="0518-80000001")
SCHOOL = Unit("s", "海州区示例学校", UnitKind.SUBORDINATE, "b")
TOWN = Unit("t", "海州区示例镇人民政府", UnitKind.TOWN)
HR = Unit("h", "海州区人力资源和社会保障局", UnitKind.HR)
GONE = Unit("g", "海州区已撤单位", UnitKind.TOWN, ended_on="2020-01-01")


class Store:
    """An installation into which accepted forms are put."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        with runtime.database.transaction() as connection:
            keep_units(connection, (BUREAU, SCHOOL, TOWN, HR, GONE), {})
            owed = {kind.value: {"attachment-3": "always", "attachment-4": "loans"} for kind in UnitKind}
            days = {
                "self_check_on": "2026-07-20",
                "hand_in_by": "2026-08-31",
                "due": owed,
                "packs": frozenset({"F", "X"}),
            }
            self.campaign = add_campaign(connection, {"year": 2026, "title": "今年", **days})
            self.old = add_campaign(connection, {"year": 2025, "title": "去年", **days})
            make_current(connection, self.campaign)

    def accept(
        self, form: str, unit: str, count: int, *, campaign: str | None = None, unit_id: str | None = None
    ) -> str:
        """An accepted document of so many people; returns its id."""
        people = [
            {key: {"value": value, "code": None, "origin": "digital", "review": False} for key, value in row.items()}
            for row in make_records(form, max(count, 1), 700 + len(unit) + count)["records"][:count]
        ]
        for row in people:
            row["unit"] = {"value": unit, "code": None, "origin": "digital", "review": False}
        header: dict[str, Any] = {"unit": {"value": unit, "code": None, "origin": "digital", "review": False}}
        with self.runtime.database.transaction() as connection:
            identity = add_document(connection, sha256="0" * 64, name=f"{unit}.xlsx", size=1, form_hint=form, unit=unit)
            set_reading(connection, identity, "read", {"status": "read", "documents": []})
            open_submission(connection, identity)
            change_submission(connection, identity, state="accepted")
            wanted = documents.c.id == identity
            connection.execute(documents.update().where(wanted).values(campaign_id=campaign or self.campaign))
            keep_accepted(connection, identity, [AcceptedForm(0, form, "r1", unit, header, [], people)], "测试")
            if unit_id is not None:
                key = connection.execute(accepted.select().where(accepted.c.document_id == identity)).one().id
                keep_belonging(connection, "accepted", key, unit_id=unit_id, forms={form})
        return identity

    def made(self, unit: str | None = None, campaign: str | None = None, **more: str) -> Any:
        with self.runtime.database.reading() as connection:
            return consolidate(self.runtime, connection, unit, campaign, **more)


@pytest.fixture
def store(make_runtime: Callable[..., Runtime]) -> Store:
    return Store(make_runtime())


def units_of(found: Any, form: str = "attachment-3") -> list[tuple[str, int]]:
    return [(item.unit, item.count) for item in found.forms[form].of_units()]


def test_the_subtree_and_the_district_in_tree_order(store: Store) -> None:
    store.accept("attachment-3", TOWN.name, 2)
    store.accept("attachment-3", SCHOOL.name, 3)
    store.accept("attachment-3", BUREAU.name, 1)
    store.accept("attachment-3", "名录外某中心", 1)
    assert units_of(store.made("b")) == [(BUREAU.name, 1), (SCHOOL.name, 3)]
    assert units_of(store.made("s")) == [(SCHOOL.name, 3)]
    assert units_of(store.made()) == [(BUREAU.name, 1), (SCHOOL.name, 3), (TOWN.name, 2), ("名录外某中心", 1)]


def test_who_reports_and_the_day(store: Store) -> None:
    store.accept("attachment-3", SCHOOL.name, 1)
    head = store.made("b", filled_on="2026-08-30").forms["attachment-3"].record.header
    said = {key: head[key].value for key in ("unit", "contact", "contact_phone", "filled_on", "total")}
    assert said == {
        "unit": BUREAU.name,
        "contact": "李晓云",
        "contact_phone": "0518-80000001",
        "filled_on": "2026-08-30",
        "total": 1,
    }
    district = store.made().forms["attachment-3"].record.header
    assert (district["unit"].value, "filled_on" in district) == (HR.name, False)


def test_what_was_superseded_and_other_campaigns_are_left_out(store: Store) -> None:
    first = store.accept("attachment-3", SCHOOL.name, 3)
    store.accept("attachment-3", SCHOOL.name, 1)
    store.accept("attachment-3", TOWN.name, 2, campaign=store.old)
    with store.runtime.database.transaction() as connection:
        supersede_accepted(connection, first)
    found = store.made()
    assert units_of(found) == [(SCHOOL.name, 1)]
    assert not any(item.finding.code == "consolidated-two-forms" for item in found.findings)
    assert units_of(store.made(None, store.old)) == [(TOWN.name, 2)]


def test_whose_a_form_is_goes_before_the_name_on_it(store: Store) -> None:
    store.accept("attachment-3", "旧名字", 2, unit_id="s")
    found = store.made("b")
    assert found.forms["attachment-3"].homes == (SCHOOL.name,)


def test_sources_lead_back_to_the_stored_row(store: Store) -> None:
    document = store.accept("attachment-3", SCHOOL.name, 3)
    found = store.made().forms["attachment-3"]
    for number, source in enumerate(found.sources):
        assert (source.document_id, source.line, source.item) == (document, number, 0)
        with store.runtime.database.reading() as connection:
            assert (
                connection.execute(accepted.select().where(accepted.c.id == source.accepted_id)).one().unit
                == SCHOOL.name
            )
    assert found.source_forms[0].file == f"{SCHOOL.name}.xlsx"


def test_zero_reports_and_units_that_owe_a_form(store: Store) -> None:
    store.accept("attachment-3", SCHOOL.name, 0)
    found = store.made()
    assert [(item.unit, item.form) for item in found.zero_units] == [(SCHOOL.name, "attachment-3")]
    assert [(item.unit, item.form) for item in found.missing] == [
        (name, "attachment-3") for name in (BUREAU.name, TOWN.name, HR.name)
    ]


def test_nobody_there(store: Store) -> None:
    found = store.made("b")
    assert [len(item.record.rows) for item in found.forms.values()] == [0, 0, 0, 0]
    assert found.figures["kept"].value == 0
    with pytest.raises(NotFoundError):
        store.made("nobody")
    with pytest.raises(NotFoundError):
        store.made(None, "no-campaign")


def test_the_store_and_plain_data_give_the_same(store: Store) -> None:
    store.accept("attachment-3", SCHOOL.name, 4)
    found = store.made("s").forms["attachment-3"]
    rows = [{key: entry.value for key, entry in row.items() if key != "no"} for row in found.record.rows]
    data = [{"form": "attachment-3", "header": {"unit": SCHOOL.name}, "records": rows}]
    again = consolidate_data(data, store.runtime.catalogue, Settings(), name="数据").forms["attachment-3"]
    assert [{key: entry.value for key, entry in row.items()} for row in again.record.rows] == [
        {key: entry.value for key, entry in row.items()} for row in found.record.rows
    ]
    counted = [[(item.by, item.code, item.count, dict(item.sums)) for item in one.subtotals] for one in (found, again)]
    assert counted[0] == counted[1]
