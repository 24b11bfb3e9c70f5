"""Packs hold whole numbers of everybody in them: who may make one, see one, and take one away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.access.matrix import Role
from service.jobs.worker import run_next
from service.store.audit_tables import audit_events
from tests.access.world import NAMES, World, make_world

ASKED = {"with_errors": True, "pdf": False, "scans": False}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = make_world(tmp_path_factory.mktemp("packs"), second_person=False)
    yield made
    made.runtime.close()


def ask(world: World, role: Role, place: str = "", **more: Any) -> Any:
    unit = {"unit": NAMES[place]} if place else {"all": True}
    return world.call(role, "POST", "/api/v1/packs", json={**ASKED, **unit, **more})


@pytest.mark.parametrize(
    ("role", "place", "status"),
    [
        (Role.DEPARTMENT, "own", 202),
        (Role.DEPARTMENT, "child", 202),
        (Role.DEPARTMENT, "sibling", 404),
        (Role.DEPARTMENT, "parent", 404),
        (Role.DEPARTMENT, "other", 404),
        (Role.DEPARTMENT, "", 404),
        (Role.LIAISON, "own", 404),  # a station stands under it, which is not the liaison's
        (Role.LIAISON, "child", 404),
        (Role.HR, "other", 202),
        (Role.HR, "", 202),
        (Role.FINANCE, "own", 403),
        (Role.SYSTEM, "own", 403),
        (Role.AUDITOR, "", 403),
    ],
)
def test_who_may_make_a_pack_of_whom(world: World, role: Role, place: str, status: int) -> None:
    assert ask(world, role, place).status_code == status
    query = {"unit": NAMES[place]} if place else {"all": "1"}
    answer = world.call(role, "GET", "/api/v1/packs/missing", query_string=query)
    assert answer.status_code == (200 if status == 202 else status)


def test_a_pack_is_seen_and_taken_away_within_reach_alone_and_that_is_written_down(world: World) -> None:
    district = ask(world, Role.HR).get_json()["id"]
    own = ask(world, Role.DEPARTMENT, "own").get_json()["id"]
    while run_next(world.runtime):
        pass
    for identity, may in ((district, (Role.HR, Role.ORGANIZATION)), (own, (Role.HR, Role.DEPARTMENT))):
        for role in Role:
            for path in (f"/api/v1/packs/{identity}", f"/api/v1/packs/{identity}/download"):
                status = world.call(role, "GET", path).status_code
                if role in may:
                    assert status == 200, (role, path)
                elif role in {Role.LIAISON, Role.DEPARTMENT}:
                    assert status == 404, (role, path)
                elif role is not Role.ORGANIZATION:
                    assert status == 403, (role, path)
    seen = [item["id"] for item in world.call(Role.DEPARTMENT, "GET", "/api/v1/packs").get_json()["packs"]]
    assert own in seen
    assert district not in seen
    assert world.call(Role.LIAISON, "GET", "/api/v1/packs").get_json()["packs"] == []
    with world.runtime.database.reading() as connection:
        query = select(audit_events.c.object_id).where(audit_events.c.object_type == "pack")
        noted = connection.execute(query.where(audit_events.c.action == "export")).scalars().all()
    assert {district, own} <= set(noted)


def test_a_second_person_is_asked_for_where_the_matrix_says_so(tmp_path: Path) -> None:
    made = make_world(tmp_path)
    try:
        assert ask(made, Role.HR, "own").get_json()["code"] == "approval-needed"
    finally:
        made.runtime.close()


def test_the_page_says_what_is_missing_before_anything_is_made(world: World) -> None:
    page = world.clients[Role.HR].get("/packs", query_string={"unit": NAMES["own"]}).get_data(as_text=True)
    assert "尚未审结" in page
    form = {"unit": NAMES["own"], "csrf": world.csrf[Role.HR], "pdf": "0"}
    refused = world.clients[Role.HR].post("/packs", data=form)
    assert refused.status_code == 409
    assert "未审结" in refused.get_data(as_text=True)
    made = world.clients[Role.HR].post("/packs", data={**form, "with_errors": "1"})
    assert made.status_code == 303
    assert world.clients[Role.HR].get(made.headers["Location"]).status_code == 200


def test_a_page_with_nothing_chosen_asks_for_a_choice(world: World) -> None:
    assert world.clients[Role.HR].get("/packs", query_string={"unit": "", "kind": "submission"}).status_code == 200
