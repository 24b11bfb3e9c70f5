"""Progress, lists and letters tell nobody of a unit that is out of reach."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest

from service.access.matrix import Role
from service.jobs.worker import run_next
from service.operations.campaigns import CampaignAsked, new_campaign
from tests.access.world import NAMES, PERSON, World, make_world

pytestmark = pytest.mark.xdist_group("leaks-of-progress")  # one district for all tests of a process
API = "/api/v1"
FOREIGN = ("sibling", "parent", "other", "moved")
DAY = "2027-01-01"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = make_world(tmp_path_factory.mktemp("progress"), year=2026)
    new_campaign(made.runtime, CampaignAsked(2026))
    yield made
    made.runtime.close()


PATHS = (
    "/api/v1/progress",
    f"/api/v1/progress?day={DAY}&state=late",
    "/api/v1/progress/figures",
    "/api/v1/progress/reminders",
    "/api/v1/progress/reminders/overdue",
    "/progress",
    f"/progress?day={DAY}",
    "/progress/charts",
    "/progress/reminders/assessment",
)


@pytest.mark.parametrize("role", [Role.LIAISON, Role.DEPARTMENT])
@pytest.mark.parametrize("path", PATHS)
def test_no_page_names_a_foreign_unit(place: World, path: str, role: Role) -> None:
    answer = place.call(role, "GET", path)
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    for position in FOREIGN:
        assert NAMES[position] not in page.replace(NAMES["child"], "").replace(NAMES["own"], ""), position
        assert place.units[position] not in page
        assert PERSON[position] not in page


def test_each_role_counts_its_own_units(place: World) -> None:
    counted = {
        role: place.call(role, "GET", f"{API}/progress").get_json()["figures"]["units"]
        for role in (Role.LIAISON, Role.DEPARTMENT, Role.ORGANIZATION, Role.FINANCE)
    }
    assert counted == {Role.LIAISON: 1, Role.DEPARTMENT: 2, Role.ORGANIZATION: 6, Role.FINANCE: 6}
    sums = place.call(Role.LIAISON, "GET", f"{API}/progress").get_json()["sums"]
    assert sum(sums["attachment-2"].values()) == 1


def test_accepted_people_are_counted_within_reach(place: World) -> None:
    def people(role: Role) -> int:
        charts = place.call(role, "GET", f"{API}/progress/figures").get_json()["charts"]
        by_kind = next(chart for chart in charts if chart["key"] == "kind")
        return sum(by_kind["series"]["清退"])

    assert (people(Role.LIAISON), people(Role.DEPARTMENT), people(Role.ORGANIZATION)) == (1, 2, 6)


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_the_list_of_who_is_late_names_units_within_reach(place: World, ending: str) -> None:
    answer = place.call(Role.DEPARTMENT, "GET", f"{API}/progress/late.{ending}?day={DAY}")
    assert answer.status_code == 200
    if ending == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).worksheets[0]
        named = {row[1] for row in sheet.iter_rows(min_row=2, values_only=True)}
        assert named == {NAMES["own"], NAMES["child"]}


@pytest.mark.parametrize("position", FOREIGN)
def test_a_letter_to_a_foreign_unit_is_answered_as_one_to_nobody(place: World, position: str) -> None:
    random = "00000000-0000-4000-8000-0000000000ff"
    for path in (
        "/api/v1/progress/units/{}/letter.docx?day=" + DAY,
        "/api/v1/progress/reminders/overdue/units/{}/letter.docx?day=" + DAY,
        "/progress/units/{}?day=" + DAY,
    ):
        answers = [
            place.call(Role.DEPARTMENT, "GET", path.format(identity)) for identity in (place.units[position], random)
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert _told(answers[0], place.units[position]) == _told(answers[1], random)


def _told(answer: Any, identity: str) -> str:
    body = answer.get_json(silent=True)
    if isinstance(body, dict):
        body.pop("request_id", None)
        return str(body).replace(identity, "")
    return str(answer.get_data(as_text=True)).replace(identity, "")


def test_under_a_foreign_unit_there_is_nothing(place: World) -> None:
    for named in (place.units["parent"], NAMES["other"], "没有的单位"):
        answer = place.call(Role.LIAISON, "GET", f"{API}/progress?under={named}")
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not-found")


def test_letters_to_all_are_to_units_within_reach_and_their_maker_s_alone(place: World) -> None:
    answer = place.call(Role.DEPARTMENT, "POST", f"{API}/progress/letters", json={"day": DAY})
    assert answer.status_code == 202
    job = answer.get_json()["job"]
    while run_next(place.runtime):
        pass
    result = place.call(Role.DEPARTMENT, "GET", f"{API}/jobs/{job}").get_json()["result"]
    assert result["letters"] == 2
    for role in (Role.LIAISON, Role.ORGANIZATION):
        for path in (f"{API}/jobs/{job}/download", f"/progress/letters/{job}"):
            assert place.call(role, "GET", path).status_code == 404


def test_roles_without_figures_see_none(place: World) -> None:
    for role in (Role.SYSTEM, Role.SECURITY, Role.AUDITOR, Role.TEMPLATES):
        for path in ("/api/v1/progress", "/progress", "/api/v1/progress/reminders/ending"):
            assert place.call(role, "GET", path).status_code == 403
