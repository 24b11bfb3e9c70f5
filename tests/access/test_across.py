"""What forms of several units show only together, and what each side may know of the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from forms.catalogue import Catalogue
from forms.intake import take_in
from samples.records import make_records
from service.access.matrix import Role
from service.access.sight import blurred, blurred_steps
from service.jobs.tasks import TASKS
from service.operations.belonging import place_accepted
from service.operations.cross_units import CROSS_JOB
from service.store.cross import forget_findings
from service.store.jobs import add_job, find_job
from service.store.records import AcceptedForm, keep_accepted, supersede_accepted
from service.store.submissions import change_submission
from tests.access.world import NAMES, World, make_world, read_document

ACROSS = "/api/v1/findings/across"
STAFF = [record["id_number"] for record in make_records("attachment-2", 8, 77)["records"]]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A district of these tests' own."""
    made = make_world(tmp_path_factory.mktemp("across"), second_person=False)
    yield made
    made.runtime.close()


def handed_in(world: World, place: str, form: str, *people: dict[str, Any], **header: str) -> str:
    """An accepted form of the unit in that position that lists those people; the id of its document."""
    identity = read_document(world.runtime, place)
    base = make_records(form, len(people), 77)
    rows = [{**row, **person, "unit": NAMES[place]} for row, person in zip(base["records"], people, strict=True)]
    if form == "attachment-1":
        rows = [{key: value for key, value in row.items() if key != "unit"} for row in rows]
    data = {**base, "header": {**base["header"], "unit": NAMES[place], **header}, "records": rows}
    record = take_in(data, Catalogue.load())[0].record

    def plain(row: Any) -> dict[str, Any]:
        return {
            key: {"value": entry.value, "code": entry.code, "origin": entry.origin.value, "review": False}
            for key, entry in row.items()
        }

    accepted = AcceptedForm(0, form, record.edition, NAMES[place], plain(record.header), [], [*map(plain, record.rows)])
    with world.runtime.database.transaction() as connection:
        keep_accepted(connection, identity, [accepted], "甲")
        place_accepted(connection, identity)
        change_submission(connection, identity, state="accepted")
    return identity


def checked(world: World, document: str | None = None) -> int:
    """Run the job that compares; how many findings it entered."""
    task = TASKS[CROSS_JOB]
    with world.runtime.database.transaction() as connection:
        identity = add_job(connection, CROSS_JOB, {"document_id": document} if document else {})
        job = find_job(connection, identity)
    assert job is not None
    made = json.loads(json.dumps(task.run(world.runtime, job, lambda *_: None)))
    with world.runtime.database.transaction() as connection:
        return int(task.store(world.runtime, connection, job, made)["finding_count"])


def seen(world: World, role: Role, **query: str) -> list[dict[str, Any]]:
    answer = world.call(role, "GET", ACROSS, query_string={"limit": "500", **query})
    assert answer.status_code == 200, answer.get_json()
    found: list[dict[str, Any]] = answer.get_json()["findings"]
    return found


def test_each_side_is_told_and_only_who_sees_both_learns_of_the_other(district: World) -> None:
    one, two = {"name": "周同一", "id_number": STAFF[0]}, {"name": "吴别人", "id_number": STAFF[1]}
    mine = handed_in(district, "own", "attachment-3", one)
    theirs = handed_in(district, "other", "attachment-3", two, {**one, "note": ""})
    assert checked(district) >= 2
    whole = [item for item in seen(district, Role.HR) if item["code"] == "X-13"]
    assert {(item["document"], item["other"]["document"]) for item in whole} == {(mine, theirs), (theirs, mine)}
    assert all(NAMES["own"] in item["message"] and NAMES["other"] in item["message"] for item in whole)
    there = next(item for item in whole if item["document"] == theirs)
    assert there["path"].startswith("records[1]."), "the row of the person in that form"
    told = [item for item in seen(district, Role.LIAISON) if item["code"] == "X-13"]
    assert [item["document"] for item in told] == [mine]
    assert "周同一" in told[0]["message"]
    assert told[0]["other"] is None
    for role in (Role.LIAISON, Role.DEPARTMENT):
        text = json.dumps(seen(district, role), ensure_ascii=False)
        assert NAMES["other"] not in text
        assert theirs not in text
        assert "吴别人" not in text
    listed = district.call(Role.LIAISON, "GET", "/findings/across").get_data(as_text=True)
    assert "周同一" in listed
    assert NAMES["other"] not in listed
    assert NAMES["other"] in district.call(Role.HR, "GET", "/findings/across").get_data(as_text=True)
    page = district.call(Role.LIAISON, "GET", f"/documents/{mine}").get_data(as_text=True)
    assert "与其他表对照" in page
    assert NAMES["other"] not in page


def test_a_department_sees_both_sides_where_both_are_under_it(district: World) -> None:
    person = {"name": "郑下属", "id_number": STAFF[2]}
    mine = handed_in(district, "own", "attachment-5", person, as_of="2026-08-31")
    child = handed_in(district, "child", "attachment-5", person, as_of="2026-08-31")
    checked(district, child)
    found = [item for item in seen(district, Role.DEPARTMENT) if item["document"] == mine]
    assert [item["other"]["unit"] for item in found if item["code"] == "X-13"] == [NAMES["child"]]
    alone = [item for item in seen(district, Role.LIAISON) if item["document"] == mine and item["code"] == "X-13"]
    assert [item["other"] for item in alone] == [None]


def test_dismissed_here_and_kept_there_and_both_sides_of_a_loan(district: World) -> None:
    person = {"name": "冯两处", "id_number": STAFF[3], "dismissed_on": "2026-08-01"}
    gone = handed_in(district, "sibling", "attachment-2", person)
    kept = handed_in(district, "other", "attachment-3", {"name": "冯两处", "id_number": STAFF[3]})
    loan = {"start_date": "2026-07-25", "end_date": "2026-12-31", "lending_unit": NAMES["other"]}
    lent = {**loan, "name": "陈借出", "id_number": STAFF[4], "borrowing_unit": NAMES["sibling"]}
    other = {**loan, "name": "褚另借", "id_number": STAFF[5], "borrowing_unit": NAMES["sibling"]}
    borrower = handed_in(district, "sibling", "attachment-1", {**lent, "name": "陈借出"})
    lender = handed_in(district, "other", "attachment-1", lent, other)
    checked(district)
    found = seen(district, Role.HR)
    assert {(item["document"], item["other"]["document"]) for item in found if item["code"] == "X-01"} == {
        (gone, kept),
        (kept, gone),
    }
    loans = [item for item in found if item["code"] == "X-08"]
    assert {item["document"] for item in loans} == {borrower, lender}
    assert any("褚另借" in item["message"] for item in loans)
    assert not any("陈借出" in item["message"] for item in loans), "both sides report that one"


def test_what_is_superseded_says_nothing_any_more(district: World) -> None:
    person = {"name": "卫撤回", "id_number": STAFF[6]}
    first = handed_in(district, "own", "attachment-3", person)
    second = handed_in(district, "other", "attachment-3", person)
    checked(district)
    assert {item["document"] for item in seen(district, Role.HR, document=first)} == {first}
    with district.runtime.database.transaction() as connection:
        supersede_accepted(connection, first)
        forget_findings(connection, first)
    assert seen(district, Role.HR, document=second) == []
    checked(district)
    assert seen(district, Role.HR, document=second) == []


def test_people_without_a_number_are_only_likely_the_same(district: World) -> None:
    number = STAFF[7]
    handed_in(district, "own", "attachment-3", {"name": "蒋无号", "id_number": number})
    born = {"name": "蒋无号", "id_number": "", "birth_month": f"{number[6:10]}-{number[10:12]}"}
    likely = handed_in(district, "other", "attachment-5", born, as_of="2026-08-31")
    foreign = handed_in(district, "sibling", "attachment-5", {**born, "birth_month": "1950-01"}, as_of="2026-08-31")
    checked(district)
    found = seen(district, Role.HR, document=likely)
    assert {(item["code"], item["severity"]) for item in found} == {("X-13", "warning")}
    assert seen(district, Role.HR, document=foreign) == []


def test_only_who_sees_the_whole_district_compares_it_anew(district: World) -> None:
    assert district.call(Role.HR, "POST", ACROSS).status_code == 202
    for role in (Role.LIAISON, Role.DEPARTMENT, Role.AUDITOR):
        assert district.call(role, "POST", ACROSS).status_code == 403


def test_a_row_taken_out_shows_in_the_history_only_what_its_reader_may_see() -> None:
    person = {"name": "沈被删", "id_number": STAFF[0], "funding": "财政拨款"}
    steps: list[dict[str, Any]] = [
        {"action": "row-removed", "path": "documents[0].records[0]", "before": {}, "after": None}
    ]
    steps[0]["before"] = {key: {"value": text, "text": text, "code": None} for key, text in person.items()}
    (shown,) = blurred_steps(steps, frozenset({"id_number", "funding"}))
    assert shown["before"]["name"]["value"] == "沈被删"
    assert STAFF[0] not in str(shown)
    assert "财政拨款" not in str(shown)
    assert shown["after"] is None
    assert blurred({"state": "review"}, frozenset({"id_number"})) == {"state": "review"}
