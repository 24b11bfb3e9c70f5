"""A file that changes the matrix and the masks: what it may say, and that the whole service goes by it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from service.access.matrix import MATRIX, OF_UNIT, Action, Role
from service.access.policy import USUAL, Policy, in_force, policy, read_policy
from service.access.principal import Principal
from service.access.scope import scope_of
from service.access.second_factor import who_need
from service.operations.health import weaknesses
from service.problems import SettingsError
from service.runtime import open_runtime
from service.settings import Settings, read_settings
from service.store.belonging import Belonging
from tests.access.test_matrix import CELLS, SEEN, code, got
from tests.access.world import NAMES, PERSON, POSITIONS, World, make_world

pytestmark = pytest.mark.xdist_group("access")
CHANGED = """
[rights.export-masked]
finance = "-"
liaison = "B"
[rights.decide]
department = "-"
[rights.see-file]
finance = "A"
[rights.list-persons]
organization = "B"
[rights.export-plain]
hr = "-"
[rights.submit]
hr = "A"
[fields]
education = "hidden"
ethnicity = "political"
monthly_wage = "open"
"""
OTHERWISE = {
    (Action.EXPORT_MASKED, Role.FINANCE): "-",
    (Action.EXPORT_MASKED, Role.LIAISON): "B",
    (Action.DECIDE, Role.DEPARTMENT): "-",
    (Action.SEE_FILE, Role.FINANCE): "A",
    (Action.LIST_PERSONS, Role.ORGANIZATION): "B",
    (Action.EXPORT_PLAIN, Role.HR): "-",
    (Action.SUBMIT, Role.HR): "A",
}


@pytest.fixture
def changed(tmp_path: Path) -> Iterator[Policy]:
    path = tmp_path / "rights.toml"
    path.write_text(CHANGED, encoding="utf-8")
    chosen = read_policy(path)
    with in_force(chosen):
        yield chosen


def test_without_a_file_the_usual_rights_are_in_force() -> None:
    assert read_policy(None) is USUAL
    assert policy().matrix is MATRIX
    assert policy().changes == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rights = 1\n[fields", "TOMLDecodeError"),
        ('[right.submit]\nhr = "A"', "neither rights nor fields"),
        ('[rights.sumbit]\nhr = "A"', "no such action"),
        ('[rights]\nsubmit = "A"', "a table of roles"),
        ('[rights.submit]\nboss = "A"', "no such role"),
        ('[rights.submit]\nhr = "X"', "is no cell"),
        ('[rights.submit]\nhr = "Azz"', "is no cell"),
        ('[rights.submit]\nhr = "A^^"', "is no cell"),
        ("[rights.submit]\nhr = 3", "is no cell"),
        ('[rights.audit]\nsystem = "A"', "cannot be changed"),
        ('[rights.users-and-units]\nliaison = "A"', "cannot be changed"),
        ('[rights.list-persons]\nauditor = "A"', "no right over people"),
        ('[rights.see-file]\nsystem = "Am"', "no right over people"),
        ('[fields]\nshoe_size = "pay"', "no form has this field"),
        ('[fields]\neducation = "secret"', "is none of"),
        ('[fields]\nid_number = "open"', "numbers are always masked"),
    ],
)
def test_a_file_with_a_fault_stops_the_start_and_says_where(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "rights.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=told):
        open_runtime(Settings(data_dir=tmp_path / "data", rights_file=path))
    assert not (tmp_path / "data").exists()
    with pytest.raises(SettingsError, match=r"rights\.toml"):
        read_policy(tmp_path / "elsewhere" / "rights.toml")


@pytest.mark.parametrize("role", list(Role))
def test_the_whole_matrix_is_walked_with_the_changed_cells(world: World, changed: Policy, role: Role) -> None:
    unit = world.units["own"] if role in OF_UNIT else None
    principal = Principal(world.people[role], role.label, role, unit)
    cells = {**CELLS, **OTHERWISE}
    with world.runtime.database.reading() as connection:
        for action, place in itertools.product({action for action, _ in CELLS}, POSITIONS):
            scope = scope_of(connection, principal, action)
            thing = Belonging(world.units[place], frozenset({"attachment-1"}), "somebody else")
            kinds_differ = "k" in cells[action, role]
            wanted = place in SEEN.get(cells[action, role].split()[0], set()) and not kinds_differ
            if role is Role.ORGANIZATION and action is Action.LIST_PERSONS:
                wanted = False  # below a unit, of somebody who has none
            assert scope.covers(thing) == wanted, (action, place)


def test_calls_go_by_the_file(world: World, changed: Policy) -> None:
    export = got("/api/v1/records.xlsx?plain=1&unit={unit}")
    assert export(world, Role.FINANCE, "own").startswith("403")
    assert [export(world, Role.LIAISON, place) for place in ("own", "child", "sibling")] == [
        "200",
        "200",
        "404 nothing-to-export",
    ]
    accept = f"/api/v1/documents/{world.documents['own']}/accept"
    assert code(world.call(Role.DEPARTMENT, "POST", accept, json={})).startswith("403")
    assert Role.HR not in who_need("exporters")
    hidden = world.call(Role.HR, "GET", f"/api/v1/records?unit={NAMES['own']}")
    assert PERSON["own"] in hidden.get_data(as_text=True)


def test_the_health_page_names_what_is_loosened_and_what_is_tightened(world: World, changed: Policy) -> None:
    with world.runtime.database.reading() as connection:
        told = next(line for line in weaknesses(connection, world.runtime.settings) if "权限" in line)
    assert "改动 10 处" in told
    assert "收紧:export-masked × 区财政局 A → -" in told
    assert "放宽:export-masked × 单位联络员 O → B" in told
    assert "放宽:see-file × 区财政局 Ak → A" in told
    assert "收紧:decide × 主管部门 B → -" in told
    assert "→ hidden" in told
    assert "pay → open" in told


def test_a_unit_hands_in_what_it_looked_through(tmp_path: Path) -> None:
    place = make_world(tmp_path)
    identity = place.documents["own"]
    path = f"/api/v1/documents/{identity}"
    assert code(place.call(Role.HR, "POST", f"{path}/submit", json={})).startswith("403")
    assert code(place.call(Role.LIAISON, "POST", f"{path}/submit", json={"version": 99})) == "412 stale-version"
    button = f'action="/documents/{identity}/submit"'
    assert button in place.call(Role.LIAISON, "GET", f"/documents/{identity}").get_data(as_text=True)
    assert button not in place.call(Role.HR, "GET", f"/documents/{identity}").get_data(as_text=True)
    done = place.call(Role.LIAISON, "POST", f"{path}/submit", json={"note": "已逐人核对"})
    waits = place.call(Role.LIAISON, "GET", f"/documents/{identity}").get_data(as_text=True)
    assert button not in waits, "handed in is handed in"
    assert "正在审核" in waits
    assert (done.status_code, done.get_json()["state"]) == (200, "review")
    assert done.get_json()["open"] > 0
    again = place.call(Role.DEPARTMENT, "POST", f"{path}/submit", json={})
    assert again.get_json()["version"] == done.get_json()["version"], "handed in is handed in"
    steps = place.call(Role.LIAISON, "GET", f"{path}/history").get_json()["history"]
    assert [(step["by"], step["after"], step["reason"]) for step in steps if step["action"] == "moved"] == [
        ("单位联络员某", "review", "单位报送:已逐人核对")
    ]
    accepted = f"/api/v1/documents/{place.accepted['own']}/submit"
    assert code(place.call(Role.LIAISON, "POST", accepted, json={})) == "409 wrong-state"
    child, far = place.documents["child"], place.documents["sibling"]
    assert code(place.call(Role.LIAISON, "POST", f"/api/v1/documents/{child}/submit", json={})) == "404 not-found"
    assert place.call(Role.DEPARTMENT, "POST", f"/api/v1/documents/{child}/submit", json={}).status_code == 200
    assert code(place.call(Role.DEPARTMENT, "POST", f"/api/v1/documents/{far}/submit", json={})) == "404 not-found"
    edition = "/api/v1/forms/attachment-4/editions"
    for role in Role:
        proposed = code(place.call(role, "POST", edition, data={}, content_type="multipart/form-data"))
        used = code(place.call(role, "PATCH", f"{edition}/r1", json={"use": True}))
        if role is Role.TEMPLATES:
            assert (proposed, used) == ("400 no-file-received", "403 approval-needed")
        else:
            assert (proposed, used) == ("403 forbidden", "403 forbidden")
    place.runtime.close()


def test_administrators_work_from_where_they_may_and_nobody_else_minds(world: World) -> None:
    parts = world.runtime
    for addresses, allowed in (("10.1.2.0/24", False), ("10.1.2.0/24, 127.0.0.0/8", True), ("", True)):
        world.app.extensions["runtime"] = replace(parts, settings=replace(parts.settings, admin_addresses=addresses))
        try:
            found = code(world.call(Role.SYSTEM, "GET", "/api/v1/accounts"))
            assert found == ("200" if allowed else "403 forbidden")
            assert code(world.call(Role.HR, "GET", "/api/v1/documents")) == "200"
        finally:
            world.app.extensions["runtime"] = parts
    with pytest.raises(SettingsError, match="HZFORMS_ADMIN_ADDRESSES"):
        read_settings({"HZFORMS_ADMIN_ADDRESSES": "10.1.2.0/24,office"})
