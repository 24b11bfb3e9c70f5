"""Deleting, transferring, and files that were refused: who may, who must agree, and what is left."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.access.matrix import Role
from service.audit.chain import verify
from service.store.audit_tables import audit_events
from service.store.jobs import add_job
from service.store.tables import jobs, records
from tests.access.test_matrix import code
from tests.access.world import NAMES, NUMBERS, PERSON, World, make_world, read_document

pytestmark = pytest.mark.xdist_group("access")
API = "/api/v1"
WHY = {"reason": "重复上报"}


@pytest.fixture
def place(tmp_path: Path) -> World:
    """A district of one's own: what is deleted in it is gone."""
    return make_world(tmp_path)


def agreed(world: World, asker: Role, decider: Role, kind: str, subject: dict[str, str]) -> str:
    """The id of a request to which another person has agreed."""
    made = world.call(asker, "POST", f"{API}/approvals", json={"kind": kind, "subject": subject, "reason": "须办"})
    assert made.status_code == 201, made.get_json()
    identity = str(made.get_json()["id"])
    said = world.call(decider, "POST", f"{API}/approvals/{identity}/decide", json={"approve": True, "note": ""})
    assert said.status_code == 200, said.get_json()
    return identity


def delete(world: World, role: Role, identity: str, **more: Any) -> Any:
    return world.call(role, "POST", f"{API}/documents/{identity}/delete", json={**WHY, **more})


def events(world: World, action: str) -> list[Any]:
    with world.runtime.database.reading() as connection:
        assert verify(connection).fault == ""
        return list(connection.execute(select(audit_events).where(audit_events.c.action == action)).mappings())


def test_a_liaison_deletes_an_own_draft_and_nothing_that_is_settled(place: World) -> None:
    draft, accepted = place.documents["own"], place.accepted["own"]
    assert code(delete(place, Role.LIAISON, place.documents["sibling"])) == "404 not-found"
    assert code(delete(place, Role.LIAISON, accepted)) == "403 forbidden"
    assert code(delete(place, Role.LIAISON, draft, reason="")) == "422 reason-needed"
    assert code(delete(place, Role.LIAISON, draft, version=99)) == "412 stale-version"
    with place.runtime.database.transaction() as connection:
        job = add_job(connection, "read-document", {"document_id": draft})
        connection.exec_driver_sql(f"update document set job_id = '{job}' where id = '{draft}'")  # noqa: S608  # our ids
    done = delete(place, Role.LIAISON, draft)
    assert (done.status_code, done.get_json()) == (200, {"id": draft, "state": "deleted"})
    left = place.call(Role.LIAISON, "GET", f"{API}/documents/{draft}").get_json()
    assert (left["state"], left["documents"], left["sha256"]) == ("deleted", [], "")
    assert PERSON["own"] not in str(left)
    with place.runtime.database.reading() as connection:
        assert connection.scalar(select(jobs.c.state).where(jobs.c.id == job)) == "cancelled"
    (event,) = events(place, "delete")
    assert (event["object_id"], event["who"]) == (draft, "单位联络员某")
    assert code(delete(place, Role.LIAISON, draft)) == "409 wrong-state"
    entries = {"entries": [{"path": "records[0].name", "value": "某"}]}
    patched = place.call(Role.LIAISON, "PATCH", f"{API}/documents/{draft}/entries", json=entries)
    assert code(patched) == "409 wrong-state"
    assert code(place.call(Role.HR, "POST", f"{API}/documents/{draft}/accept", json={})) == "409 wrong-state"
    assert code(place.call(Role.LIAISON, "GET", f"{API}/documents/{draft}/original")) == "404 not-found"


def test_what_is_accepted_is_deleted_with_a_second_person_and_its_people_go(place: World) -> None:
    identity = place.accepted["own"]
    assert code(delete(place, Role.HR, identity)) == "403 approval-needed"
    approval = agreed(place, Role.HR, Role.ORGANIZATION, "delete-document", {"document": identity})
    other = place.accepted["sibling"]
    assert code(delete(place, Role.HR, other, approval=approval)) == "409 approval-invalid"
    assert delete(place, Role.HR, identity, approval=approval).status_code == 200
    shown = place.call(Role.HR, "GET", f"{API}/records?unit={NAMES['own']}").get_json()
    assert shown["total"] == 0
    with place.runtime.database.reading() as connection:
        assert len(connection.execute(select(records.c.id)).all()) == len(place.accepted) - 1
    for role in (Role.FINANCE, Role.SYSTEM, Role.SECURITY, Role.AUDITOR, Role.TEMPLATES):
        assert code(delete(place, role, other)) == "403 forbidden"


def transfer(world: World, role: Role, identity: str, unit: str, **more: Any) -> Any:
    body = {"unit": unit, "reason": "机构调整", **more}
    return world.call(role, "POST", f"{API}/documents/{identity}/transfer", json=body)


def test_a_transfer_is_agreed_to_and_takes_the_people_along(place: World) -> None:
    identity, target = place.accepted["own"], NAMES["sibling"]
    assert code(transfer(place, Role.HR, place.documents["own"], target)) == "409 wrong-state"
    assert code(transfer(place, Role.HR, identity, "没有的单位")) == "422 entry-invalid"
    assert code(transfer(place, Role.HR, identity, target)) == "403 approval-needed"
    subject = {"document": identity, "unit": NAMES["sibling"]}
    approval = agreed(place, Role.HR, Role.ORGANIZATION, "transfer-document", subject)
    assert code(transfer(place, Role.HR, identity, NAMES["other"], approval=approval)) == "409 approval-invalid"
    assert transfer(place, Role.HR, identity, target, approval=approval).get_json()["unit"] == target
    found = place.call(Role.HR, "GET", f"{API}/records?id_number={NUMBERS['own']}").get_json()["records"]
    assert [row["unit"] for row in found] == [target]
    assert code(place.call(Role.LIAISON, "GET", f"{API}/documents/{identity}")) == "404 not-found"
    assert place.call(Role.LIAISON, "GET", f"{API}/records").get_json()["total"] == 0
    (event,) = events(place, "transfer")
    assert event["object_id"] == identity
    assert code(transfer(place, Role.HR, identity, target, version=0)) == "412 stale-version"


def test_a_liaison_proposes_a_transfer_that_a_department_agrees_to_within_its_reach(place: World) -> None:
    identity = place.accepted["own"]
    assert code(transfer(place, Role.LIAISON, identity, NAMES["child"])) == "403 approval-needed"
    for unit, answer in (("other", "404 not-found"), ("child", "200")):
        subject = {"document": identity, "unit": NAMES[unit]}
        approval = agreed(place, Role.LIAISON, Role.DEPARTMENT, "transfer-document", subject)
        assert code(transfer(place, Role.LIAISON, identity, NAMES[unit], approval=approval)) == answer


def test_a_department_keeps_to_its_own_units(place: World) -> None:
    identity = place.accepted["own"]
    subject = {"document": identity, "unit": NAMES["other"]}
    approval = agreed(place, Role.DEPARTMENT, Role.HR, "transfer-document", subject)
    assert code(transfer(place, Role.DEPARTMENT, identity, NAMES["other"], approval=approval)) == "404 not-found"


def refused(world: World, role: Role) -> str:
    data = {"unit": NAMES["own"], "file": (io.BytesIO(b"MZ program"), "表.xlsx")}
    answer = world.call(role, "POST", f"{API}/documents", data=data, content_type="multipart/form-data")
    assert answer.status_code == 415
    return str(answer.get_json()["documents"][0]["id"])


def test_a_refused_file_is_given_back_to_its_sender_alone(place: World) -> None:
    identity = refused(place, Role.LIAISON)
    for way in (f"{API}/quarantine/{identity}/original", f"{API}/documents/{identity}/original"):
        assert place.call(Role.LIAISON, "GET", way).data == b"MZ program"
        assert code(place.call(Role.DEPARTMENT, "GET", way)) in {"403 forbidden", "404 not-found"}
        assert code(place.call(Role.AUDITOR, "GET", way)) == "403 forbidden"
    assert place.call(Role.SECURITY, "GET", f"{API}/quarantine/{identity}/original").status_code == 200
    for role, count in ((Role.LIAISON, 1), (Role.DEPARTMENT, 0), (Role.SECURITY, 1)):
        shown = place.call(role, "GET", f"{API}/quarantine").get_json()["documents"]
        assert [item["id"] for item in shown] == [identity] * count
    read = read_document(place.runtime, "own")
    assert code(place.call(Role.SECURITY, "GET", f"{API}/quarantine/{read}/original")) == "404 not-found"


def test_a_page_deletes_what_the_call_would(place: World) -> None:
    draft = place.documents["own"]
    page = place.call(Role.LIAISON, "GET", f"/documents/{draft}").get_data(as_text=True)
    assert f'action="/documents/{draft}/delete"' in page
    assert f'action="/documents/{draft}/transfer"' not in page
    form = {"csrf": place.csrf[Role.LIAISON], **WHY, "version": "1"}
    assert place.call(Role.LIAISON, "POST", f"/documents/{draft}/delete", data=form).status_code == 303
    left = place.call(Role.LIAISON, "GET", f"/documents/{draft}").get_data(as_text=True)
    assert "已删除" in left
    assert "/delete" not in left
    accepted = place.accepted["own"]
    form |= {"unit": NAMES["sibling"]}
    form |= {"csrf": place.csrf[Role.HR], "version": "", "document": accepted, "kind": "transfer-document"}
    assert place.call(Role.HR, "POST", f"/documents/{accepted}/transfer", data=form).status_code == 403
    assert place.call(Role.HR, "POST", "/approvals", data=form).status_code == 303
    (asked,) = place.call(Role.ORGANIZATION, "GET", f"{API}/approvals").get_json()["approvals"]
    assert asked["subject"] == {"document": accepted, "unit": NAMES["sibling"]}
    place.call(Role.ORGANIZATION, "POST", f"{API}/approvals/{asked['id']}/decide", json={"approve": True, "note": ""})
    form["approval"] = asked["id"]
    assert place.call(Role.HR, "POST", f"/documents/{accepted}/transfer", data=form).status_code == 303
