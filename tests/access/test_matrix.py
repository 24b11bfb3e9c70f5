"""The whole matrix: nine roles, every action, six positions; and what the routes make of it.

The table below is that of the security design, typed off it and not taken from the program.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from typing import Any

import pytest

from service.access.matrix import MATRIX, OF_UNIT, Action, Reach, Right, Role
from service.access.principal import Principal
from service.access.scope import scope_of
from service.store.belonging import Belonging
from tests.access.world import NAMES, POSITIONS, World

pytestmark = pytest.mark.xdist_group("access")  # one district for all tests of a process
DESIGN = """
| list-persons | O | B | A | A | A m | – | – | – | – |
| basic-fields | O | B | A | A | A | – | – | – | – |
| plain-ids | O ↑ | B ↑ | A ↑ | A ↑ | – | – | – | – | – |
| political-fields | O m | B m | A ↑ | – | – | – | – | – | – |
| pay-fields | O | B | A | A | A | – | – | – | – |
| totals | O s | B s | A s | A s | A s | – | – | – | – |
| upload | O | B | A | A | A | – | – | – | – |
| see-file | O | B | A | A | A k | – | – | – | – |
| edit | O | B | A | A | – | – | – | – | – |
| import | O | B | A | A | – | – | – | – | – |
| confirm-import | O ② u | B ② | A ② | A ② | – | – | – | – | – |
| submit | O | B | – | – | – | – | – | – | – |
| decide | – | B | A | A | A k | – | – | – | – |
| transfer | O p | B ② | A ② | A ② | – | – | – | – | – |
| delete | O d | B ② | A ② | A ② | – | – | – | – | – |
| fill | O | B | A | A | A | A t | – | – | – |
| publish-template | – | – | – | – | – | A ② | – | – | – |
| export-masked | O | B | A | A | A | – | – | – | – |
| export-plain | O ② ↑ | B ② ↑ | A ② ↑ | A ② ↑ | – | – | – | – | – |
| own-jobs | own | own | own | own | own | own | – | – | – |
| all-jobs | – | – | – | – | – | – | A | – | – |
| users-and-units | – | B p | – | – | – | – | A c | A ② a | – |
| roles-and-rules | – | – | – | – | – | – | – | A ② | – |
| operate | – | – | – | – | – | – | A ↑ | – | – |
| quarantine | own | own | own | own | own | – | – | A ↑ | – |
| audit | – | – | – | – | – | – | – | – | A |
"""
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in DESIGN.strip().splitlines()]
CELLS = {(Action(row[0]), role): row[1 + number] for row in ROWS for number, role in enumerate(Role)}
FLAGS = {
    "m": "masked",
    "s": "statistics",
    "②": "second",
    "u": "second_above",
    "↑": "step_up",
    "p": "proposes",
    "c": "creates",
    "a": "approves",
    "d": "drafts",
    "t": "tests",
    "k": "by_kind",
}
SEEN = {"O": {"own"}, "B": {"own", "child"}, "A": set(POSITIONS)}


def allowed(action: Action, role: Role, place: str) -> bool:
    return place in SEEN.get(CELLS[action, role].split()[0], set())


def is_given(action: Action, role: Role) -> bool:
    return CELLS[action, role] != "–"


def test_the_design_has_26_actions_for_nine_roles() -> None:
    assert len(ROWS) == 26
    assert len(CELLS) == 26 * 9


@pytest.mark.parametrize("action", [Action(row[0]) for row in ROWS])
def test_a_row_of_the_matrix_is_that_of_the_design(action: Action) -> None:
    for role in Role:
        reach, *flags = CELLS[action, role].split()
        wanted = Right() if reach == "–" else Right(Reach(reach), **{FLAGS[flag]: True for flag in flags})
        assert MATRIX[action][role] == wanted, role


@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_reaches_of_each_position_with_each_action(world: World, role: Role) -> None:
    unit = world.units["own"] if role in OF_UNIT else None
    principal = Principal(world.people[role], role.label, role, unit)
    checked = 0
    with world.runtime.database.transaction() as connection:
        for action, place in itertools.product([Action(row[0]) for row in ROWS], POSITIONS):
            scope = scope_of(connection, principal, action)
            thing = Belonging(world.units[place], frozenset({"attachment-2"}), "somebody else")
            assert scope.covers(thing) == allowed(action, role, place), (action, place)
            mine = Belonging(world.units[place], frozenset({"attachment-2"}), world.people[role])
            if CELLS[action, role] == "own":
                assert scope.covers(mine)
            assert scope.covers(Belonging(None, frozenset({"attachment-2"}))) == CELLS[action, role].startswith("A")
            checked += 1
    assert checked == 26 * 6


def code(answer: Any) -> str:
    return f"{answer.status_code} {(answer.get_json(silent=True) or {}).get('code', '')}".strip()


def _upload(world: World, role: Role, place: str) -> str:
    data = {"unit": NAMES[place], "file": (io.BytesIO(b""), "empty.xlsx")}
    return code(world.call(role, "POST", "/api/v1/documents", data=data, content_type="multipart/form-data"))


def _entries(world: World, role: Role, place: str) -> str:
    body = {"entries": [{"path": "records[9].name", "value": "x"}]}
    return code(world.call(role, "PATCH", f"/api/v1/documents/{world.documents[place]}/entries", json=body))


def _total(world: World, role: Role, path: str) -> str:
    answer = world.call(role, "GET", path)
    return f"200 {answer.get_json()['total']}" if answer.status_code == 200 else code(answer)


GET = "GET"
Try = Callable[[World, Role, str], str]


def got(path: str, things: str = "documents") -> Try:
    return lambda world, role, place: code(
        world.call(role, GET, path.format(id=getattr(world, things)[place], unit=NAMES[place]))
    )


def counted(path: str) -> Try:
    return lambda world, role, place: _total(world, role, path.format(id=world.accepted[place], unit=NAMES[place]))


# action, what is tried, what comes of it when it may be done, and when the thing is out of reach
TRIES: list[tuple[Action, Try, str, str]] = [
    (Action.SEE_FILE, got("/api/v1/documents/{id}"), "200", "404 not-found"),
    (Action.SEE_FILE, got("/api/v1/documents/{id}/original"), "200", "404 not-found"),
    (Action.SEE_FILE, got("/api/v1/documents/{id}/history"), "200", "404 not-found"),
    (Action.SEE_FILE, got("/api/v1/documents/{id}/blockers"), "200", "404 not-found"),
    (Action.SEE_FILE, got("/documents/{id}"), "200", "404"),
    (Action.SEE_FILE, got("/documents/{id}/history"), "200", "404"),
    (Action.SEE_FILE, counted("/api/v1/findings?unit={unit}"), "200 *", "200 0"),
    (Action.EDIT, _entries, "422 entry-invalid", "404 not-found"),
    (Action.EDIT, got("/documents/{id}/edit?item=0"), "200", "404"),
    (
        Action.DECIDE,
        lambda w, r, p: code(w.call(r, "POST", f"/api/v1/documents/{w.documents[p]}/accept", json={})),
        "409 open-faults",
        "404 not-found",
    ),
    (
        Action.DECIDE,
        lambda w, r, p: code(w.call(r, "POST", f"/api/v1/documents/{w.documents[p]}/return", json={"deadline": "x"})),
        "422 deadline-invalid",
        "404 not-found",
    ),
    (
        Action.SUBMIT,
        lambda w, r, p: code(w.call(r, "POST", f"/api/v1/documents/{w.documents[p]}/submit", json={"version": 99})),
        "412 stale-version",
        "404 not-found",
    ),
    (Action.UPLOAD, _upload, "422 empty-file", "404 not-found"),
    (Action.LIST_PERSONS, counted("/api/v1/records?unit={unit}"), "200 1", "200 0"),
    (Action.EXPORT_MASKED, got("/api/v1/records.xlsx?plain=1&unit={unit}"), "200", "404 nothing-to-export"),
    (Action.PLAIN_IDS, counted("/api/v1/records?unit={unit}&unmask=1&reason=x"), "200 1", "200 0"),
    (
        Action.EXPORT_PLAIN,
        got("/api/v1/records.xlsx?plain=1&unit={unit}&unmask=1&reason=x"),
        "200",
        "404 nothing-to-export",
    ),
]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("number", range(len(TRIES)), ids=lambda number: f"{TRIES[number][0]}-{number}")
def test_what_a_call_answers_in_each_position(world: World, number: int, role: Role) -> None:
    action, attempt, done, unseen = TRIES[number]
    for place in POSITIONS:
        found = attempt(world, role, place)
        if not is_given(action, role):
            assert found.startswith("403"), (place, found)
        elif allowed(action, role, place):
            assert found == done or (done.endswith("*") and found.startswith("200 ") and found != "200 0"), (
                place,
                found,
            )
        else:
            assert found == unseen, (place, found)


@pytest.mark.parametrize("role", list(Role))
def test_a_job_is_seen_by_who_made_it_and_its_state_by_who_looks_after_all(world: World, role: Role) -> None:
    for other in Role:
        answer = world.call(role, "GET", f"/api/v1/jobs/{world.jobs[other]}")
        if role is Role.SYSTEM:
            assert answer.status_code == 200
            assert answer.get_json()["result"] is None
        elif not is_given(Action.OWN_JOBS, role):
            assert code(answer) == "403 forbidden"
        else:
            assert code(answer) == ("200" if other is role else "404 not-found")


@pytest.mark.parametrize("role", list(Role))
def test_an_account_is_seen_by_who_looks_after_it(world: World, role: Role) -> None:
    for place in POSITIONS:
        found = code(world.call(role, "GET", f"/api/v1/accounts/{world.accounts[place]}"))
        if role in (Role.SYSTEM, Role.SECURITY):
            assert found == "200"
        elif role is Role.DEPARTMENT:
            assert found == ("200" if place in SEEN["B"] else "404 not-found")
        else:
            assert found == "403 forbidden"


@pytest.mark.parametrize("role", list(Role))
def test_only_the_security_administrator_changes_roles(world: World, role: Role) -> None:
    body = {"role": "liaison"}
    found = code(world.call(role, "PATCH", f"/api/v1/accounts/{world.accounts['own']}", json=body))
    assert found == ("200" if role is Role.SECURITY else "403 forbidden")


@pytest.mark.parametrize("role", [Role.LIAISON, Role.DEPARTMENT])
def test_the_unit_tree_is_seen_as_far_as_the_role_reaches(world: World, role: Role) -> None:
    seen = {unit["name"] for unit in world.call(role, "GET", "/api/v1/units").get_json()["units"]}
    wanted = SEEN["O" if role is Role.LIAISON else "B"]
    assert seen == {NAMES[place] for place in wanted}
    assert code(world.call(role, "GET", f"/api/v1/units?parent={NAMES['other']}")) == "404 not-found"
    assert code(world.call(role, "GET", "/api/v1/units?parent=nobody")) == "404 not-found"


def test_a_form_is_filled_for_a_unit_within_reach(world: World) -> None:
    for role, place in itertools.product([Role.LIAISON, Role.DEPARTMENT, Role.ORGANIZATION], POSITIONS):
        body = {"purpose": "blank", "unit": NAMES[place]}
        found = code(world.call(role, "POST", "/api/v1/forms/attachment-2/fills", json=body))
        assert found == ("200" if allowed(Action.FILL, role, place) else "404 not-found"), (role, place)
