"""Packs hold whole numbers of everybody in them: who may make one, see one, and take one away."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from service.access.matrix import Role
from service.application import create_app
from service.jobs.worker import run_next
from service.operations.results import clear_results
from service.store.audit_tables import audit_events
from service.store.tables import jobs
from tests.access.world import NAMES, World, make_world

ASKED = {"with_errors": True, "pdf": False, "scans": False}
PASSWORD = "Kite-47 brook & stone"


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


def made_pack(world: World) -> tuple[str, str]:
    """A pack of one unit that the worker has made, and its job."""
    asked = ask(world, Role.DEPARTMENT, "child").get_json()
    while run_next(world.runtime):
        pass
    return asked["id"], asked["job"]


def test_a_pack_with_a_password_opens_with_that_alone_and_shows_no_name(world: World, tmp_path: Path) -> None:
    identity, job = made_pack(world)
    href = f"/api/v1/packs/{identity}/download"
    plain = world.call(Role.DEPARTMENT, "GET", href)
    answer = world.call(Role.DEPARTMENT, "POST", href, json={"password": PASSWORD})
    assert answer.status_code == 200, answer.get_json()
    assert answer.headers["Content-Disposition"] == plain.headers["Content-Disposition"]
    archive = tmp_path / "locked.zip"
    archive.write_bytes(answer.get_data())
    for password, code in ((PASSWORD, 0), (PASSWORD.lower(), 2)):  # by another program than ours
        done = subprocess.run(
            ["/usr/bin/7zz", "x", "-y", f"-p{password}", f"-o{tmp_path / str(code)}", archive],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
    (inside,) = (tmp_path / "0").iterdir()
    assert inside.read_bytes() == plain.get_data()
    assert "附件2".encode() in plain.get_data()
    assert "附件2".encode() not in answer.get_data(), "what is in it is not told without the password"
    page = world.call(
        Role.DEPARTMENT,
        "POST",
        f"/packs/{identity}/locked",
        data={"password": PASSWORD, "csrf_token": world.csrf[Role.DEPARTMENT]},
    )
    assert (page.status_code, page.get_data()[:4]) == (200, b"PK\3\4")
    for weak in ("short-1A", "晨雾 Kite-47 石桥"):
        refused = world.call(Role.DEPARTMENT, "POST", href, json={"password": weak})
        assert (refused.status_code, refused.get_json()["code"]) == (422, "password-refused")
    strict = create_app(replace(world.runtime, settings=replace(world.runtime.settings, export_lock="whole")))
    client = strict.test_client()
    cookie = world.clients[Role.DEPARTMENT].get_cookie("hzforms_session")
    assert cookie is not None
    client.set_cookie("hzforms_session", cookie.value)
    for path in (href, f"/api/v1/jobs/{job}/download"):
        assert client.get(path).get_json()["code"] == "password-refused", "a rule that knows no way round"


def test_what_a_job_made_is_given_out_for_seven_days_and_made_again(world: World) -> None:
    identity, job = made_pack(world)
    href = f"/api/v1/packs/{identity}"
    before = world.call(Role.DEPARTMENT, "GET", f"{href}/download").get_data()
    sha256 = world.call(Role.DEPARTMENT, "GET", href).get_json()["sha256"]
    assert clear_results(world.runtime) == 0
    with world.runtime.database.transaction() as connection:
        old = jobs.c.finished_at - 7 * 24 * 3600.0 - 60
        connection.execute(update(jobs).where(jobs.c.kind == "make-pack").values(finished_at=old))
    os.utime(world.runtime.blobs._local(sha256), (0, 0))
    for cleared in (False, True):
        for path in (f"{href}/download", f"/api/v1/jobs/{job}/download"):
            answer = world.call(Role.DEPARTMENT, "GET", path)
            assert (answer.status_code, answer.get_json()["code"]) == (410, "result-expired")
        told = world.call(Role.DEPARTMENT, "GET", href).get_json()
        assert (told["state"], told["expired"], told["download"]) == ("done", True, None)
        assert "重新生成" in world.call(Role.DEPARTMENT, "GET", f"/packs/{identity}").get_data(as_text=True)
        assert (clear_results(world.runtime) == 0) == cleared
        assert sha256 not in set(world.runtime.blobs.hashes())
    again, _ = made_pack(world)
    found = world.call(Role.DEPARTMENT, "GET", f"/api/v1/packs/{again}/download")
    assert found.get_data() == before
    assert sha256 == world.call(Role.DEPARTMENT, "GET", f"/api/v1/packs/{again}").get_json()["sha256"]


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
