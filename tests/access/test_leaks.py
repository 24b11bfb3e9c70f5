"""What might tell of a foreign unit, with that unit's data there: every way of §3 of the security design."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest

from service.access.matrix import Role
from service.jobs.worker import run_next
from service.operations.belonging import is_of_same_unit
from tests.access.world import NAMES, NUMBERS, PERSON, World, make_world
from tests.service.making import ImportWorkbook

pytestmark = pytest.mark.xdist_group("leaks")  # one district for all tests of a process
API = "/api/v1"
RANDOM = "00000000-0000-4000-8000-0000000000ff"
FOREIGN = ("sibling", "parent", "other", "moved")
SECRETS = tuple(text for place in FOREIGN for text in (PERSON[place], NUMBERS[place]))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A district in which a second person is asked for."""
    made = make_world(tmp_path_factory.mktemp("leaks"))
    yield made
    made.runtime.close()


def told(answer: Any, foreign_id: str, asked_id: str) -> tuple[Any, ...]:
    """All that an answer tells, but for the id that was asked for and the number of the request."""
    text = answer.get_data(as_text=True).replace(foreign_id, asked_id)
    body = json.loads(text) if answer.is_json or "problem+json" in answer.content_type else text
    if isinstance(body, dict):
        body.pop("request_id", None)
    headers = {name: value for name, value in answer.headers.items() if name not in ("Content-Length", "Date")}
    return answer.status_code, body, headers


PATHS = (
    ("GET", "/api/v1/documents/{}"),
    ("GET", "/api/v1/documents/{}/original"),
    ("GET", "/api/v1/documents/{}/pages/1.png"),
    ("GET", "/api/v1/documents/{}/history"),
    ("GET", "/api/v1/documents/{}/blockers"),
    ("GET", "/api/v1/documents/{}/notice.docx"),
    ("GET", "/api/v1/documents/{}/notice.pdf"),
    ("GET", "/api/v1/documents/{}/marked"),
    ("PATCH", "/api/v1/documents/{}/entries"),
    ("PATCH", "/api/v1/documents/{}/mapping"),
    ("POST", "/api/v1/documents/{}/accept"),
    ("POST", "/api/v1/documents/{}/return"),
    ("GET", "/api/v1/documents/{}/review"),
    ("GET", "/api/v1/documents/{}/pages/1"),
    ("GET", "/api/v1/documents/{}/pages/1.jpg"),
    ("GET", "/api/v1/documents/{}/pages/1/crop.jpg?box=1,1,9,9"),
    ("POST", "/api/v1/documents/{}/attachment-5"),
    ("GET", "/review/{}"),
    ("POST", "/review/{}"),
    ("POST", "/review/{}/undo"),
    ("POST", "/review/{}/accept"),
    ("GET", "/review/{}/return"),
    ("POST", "/review/{}/return"),
    ("POST", "/review/kinds/text/{}"),
    ("GET", "/ledgers/{}"),
    ("GET", "/ledgers/{}/rows"),
    ("POST", "/ledgers/{}/columns"),
    ("POST", "/ledgers/{}/attachment-5"),
    ("GET", "/documents/{}"),
    ("GET", "/documents/{}/edit"),
    ("GET", "/documents/{}/history"),
)


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_a_foreign_file_is_answered_as_a_random_id(place: World, method: str, path: str) -> None:
    body: dict[str, Any] = {} if method == "GET" else {"json": {}}
    for position in ("sibling", "moved"):
        foreign = place.documents[position]
        first = place.call(Role.DEPARTMENT, method, path.format(foreign), **body)
        second = place.call(Role.DEPARTMENT, method, path.format(RANDOM), **body)
        assert first.status_code == 404
        assert told(first, foreign, RANDOM) == told(second, RANDOM, RANDOM)
        assert "ETag" not in first.headers


LISTS = (
    "/api/v1/documents",
    "/api/v1/records",
    "/api/v1/records?state=all&limit=500",
    "/api/v1/records?q={secret}",
    "/api/v1/records?name={secret}",
    "/api/v1/records?id_number={secret}",
    "/api/v1/review",
    "/review",
    "/review/kinds/text",
    "/ledgers",
    "/api/v1/findings",
    "/api/v1/units",
    "/api/v1/units?tree=true",
    "/api/v1/approvals",
    "/",
    "/records",
    "/findings",
    "/units",
)


@pytest.mark.parametrize("role", [Role.LIAISON, Role.DEPARTMENT])
@pytest.mark.parametrize("path", LISTS)
def test_no_list_tells_of_a_foreign_person_file_or_unit(place: World, path: str, role: Role) -> None:
    for secret in (PERSON["sibling"], NUMBERS["other"]):
        answer = place.call(role, "GET", path.format(secret=secret))
        assert answer.status_code == 200
        page = answer.get_data(as_text=True)
        asked = secret if "secret" in path else ""
        for hidden in (*SECRETS, *(place.documents[position] for position in FOREIGN)):
            assert hidden == asked or hidden not in page, hidden
        for position in ("sibling", "other", "moved"):
            assert f"{position}.txt" not in page
            assert NAMES[position] not in page


def test_the_queue_leads_nobody_to_a_foreign_file(place: World) -> None:
    for position in FOREIGN:
        foreign = place.documents[position]
        value = f"/review/kinds/text?document={foreign}&path=documents[0].records[0].post"
        for path in (value, f"/review/next?after={foreign}"):
            page = place.call(Role.LIAISON, "GET", path, follow_redirects=True).get_data(as_text=True)
            assert not [hidden for hidden in (*SECRETS, foreign) if hidden in page], path
        kinds = place.call(Role.LIAISON, "GET", f"{API}/review").get_json()
        assert kinds["total"] == 1
        assert {one["kind"]: one["waiting"] for one in kinds["kinds"]}["text"] == 1


def test_counts_are_of_what_is_within_reach(place: World) -> None:
    totals = {
        role: place.call(role, "GET", f"{API}/records").get_json()["total"]
        for role in (Role.LIAISON, Role.DEPARTMENT, Role.ORGANIZATION)
    }
    assert totals == {Role.LIAISON: 1, Role.DEPARTMENT: 2, Role.ORGANIZATION: 6}
    for query in ("?limit=1", "?offset=5", f"?unit={NAMES['other']}", "?form=attachment-2"):
        found = place.call(Role.LIAISON, "GET", f"{API}/records{query}").get_json()
        assert found["total"] == (0 if "unit" in query else 1)
    documents = place.call(Role.LIAISON, "GET", f"{API}/documents?limit=500").get_json()["documents"]
    assert {item["file"] for item in documents} == {"own.txt"}


def upload(place: World, role: Role, content: bytes, name: str, **fields: str) -> Any:
    data = {**fields, "file": (io.BytesIO(content), name)}
    return place.call(role, "POST", f"{API}/documents", data=data, content_type="multipart/form-data")


def test_the_bytes_of_a_foreign_file_are_a_new_file(place: World) -> None:
    content = b"\xd0\xcf\x11\xe0 no office file"
    first = upload(place, Role.ORGANIZATION, content, "a.doc", unit=NAMES["other"])
    second = upload(place, Role.LIAISON, content, "a.doc")
    one, two = (answer.get_json()["documents"][0] for answer in (first, second))
    assert one["id"] != two["id"]
    assert "duplicate" not in two
    assert place.call(Role.LIAISON, "GET", f"{API}/documents/{one['id']}").status_code == 404
    assert place.call(Role.LIAISON, "GET", f"{API}/documents/{two['id']}").status_code == 200


def test_nobody_gets_the_answer_that_was_given_to_another(place: World) -> None:
    def send(role: Role) -> Any:
        data = {"file": (io.BytesIO(b""), "empty.xlsx")}
        headers = {"Idempotency-Key": "one"}
        path = f"{API}/documents"
        return place.call(role, "POST", path, data=data, content_type="multipart/form-data", headers=headers)

    first, again, other = send(Role.ORGANIZATION), send(Role.ORGANIZATION), send(Role.LIAISON)
    ids = [answer.get_json()["documents"][0]["id"] for answer in (first, again, other)]
    assert ids[0] == ids[1] != ids[2]


def test_no_file_takes_the_place_of_a_foreign_one(place: World) -> None:
    content = ImportWorkbook("attachment-2").content()
    for identity in (place.accepted["other"], RANDOM):
        answer = upload(place, Role.LIAISON, content, "a.xlsx", supersedes=identity)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not-found")
    with place.runtime.database.transaction() as connection:
        assert is_of_same_unit(connection, place.documents["own"], place.accepted["own"])
        assert not is_of_same_unit(connection, place.documents["own"], place.accepted["other"])


def test_a_job_tells_nothing_to_others(place: World) -> None:
    job = place.jobs[Role.ORGANIZATION]
    for role in (Role.LIAISON, Role.DEPARTMENT, Role.HR):
        for path in ("", "/events", "/download"):
            first = place.call(role, "GET", f"{API}/jobs/{job}{path}")
            second = place.call(role, "GET", f"{API}/jobs/{RANDOM}{path}")
            assert told(first, job, RANDOM) == told(second, RANDOM, RANDOM)
        assert place.call(role, "DELETE", f"{API}/jobs/{job}").status_code == 404


def test_numbers_are_masked_unless_there_is_a_right_a_proof_and_a_purpose(place: World) -> None:
    path = f"{API}/records?unit={NAMES['own']}"
    number = NUMBERS["own"]
    for role in (Role.LIAISON, Role.DEPARTMENT, Role.ORGANIZATION, Role.HR, Role.FINANCE):
        assert number not in place.call(role, "GET", path).get_data(as_text=True)
    finance = place.call(Role.FINANCE, "GET", f"{path}&unmask=1&reason=x")
    assert finance.get_json()["code"] == "forbidden"
    assert place.call(Role.HR, "GET", f"{path}&unmask=1").get_json()["code"] == "reason-needed"
    assert number in place.call(Role.HR, "GET", f"{path}&unmask=1&reason=x").get_data(as_text=True)


def test_the_finance_office_sees_files_of_pay_without_numbers(place: World) -> None:
    page = place.call(Role.FINANCE, "GET", f"{API}/documents/{place.documents['own']}")
    assert page.status_code == 200
    assert NUMBERS["own"] not in page.get_data(as_text=True)
    assert PERSON["own"] in page.get_data(as_text=True)
    html = place.call(Role.FINANCE, "GET", f"/documents/{place.documents['own']}").get_data(as_text=True)
    assert NUMBERS["own"] not in html


def test_an_export_holds_nothing_foreign_not_even_out_of_sight(place: World) -> None:
    answer = place.call(Role.DEPARTMENT, "GET", f"{API}/records.xlsx?plain=1")
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible"] * len(book.worksheets)
    cells = [str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert PERSON["own"] in cells
    assert not [text for text in cells if text in SECRETS]
    assert book.properties.creator in (None, "", "openpyxl")


def test_whole_numbers_leave_only_with_a_second_person(place: World) -> None:
    path = f"{API}/records.xlsx?plain=1&unit={NAMES['own']}&unmask=1&reason=x"
    assert place.call(Role.LIAISON, "GET", path).get_json()["code"] == "approval-needed"
    body = {"kind": "export-plain", "subject": {"plain": "1", "unit": NAMES["own"]}, "reason": "核对"}
    asked = place.call(Role.LIAISON, "POST", f"{API}/approvals", json=body)
    identity = asked.get_json()["id"]

    def decide(role: Role) -> str:
        decided = place.call(role, "POST", f"{API}/approvals/{identity}/decide", json={"approve": True})
        return f"{decided.status_code} {decided.get_json().get('code', '')}".strip()

    assert place.call(Role.LIAISON, "GET", f"{path}&approval={identity}").get_json()["code"] == "approval-invalid"
    assert decide(Role.LIAISON) == "403 forbidden"
    assert decide(Role.FINANCE) == "404 not-found"
    assert decide(Role.SYSTEM) == "404 not-found"
    assert decide(Role.DEPARTMENT) == "200"
    assert decide(Role.ORGANIZATION) == "409 approval-invalid"
    other = path.replace(NAMES["own"], NAMES["child"])
    assert place.call(Role.LIAISON, "GET", f"{other}&approval={identity}").get_json()["code"] == "approval-invalid"
    assert place.call(Role.DEPARTMENT, "GET", f"{path}&approval={identity}").get_json()["code"] == "approval-invalid"
    done = place.call(Role.LIAISON, "GET", f"{path}&approval={identity}")
    assert done.status_code == 200
    assert place.call(Role.LIAISON, "GET", f"{path}&approval={identity}").get_json()["code"] == "approval-invalid"


def test_many_rows_are_confirmed_by_two(place: World) -> None:
    workbook = ImportWorkbook("attachment-2", count=101).content()
    data = {"file": (io.BytesIO(workbook), "导入.xlsx")}
    path = f"{API}/forms/attachment-2/imports"
    made = place.call(Role.LIAISON, "POST", path, data=data, content_type="multipart/form-data").get_json()
    confirm = f"{path}/{made['id']}/confirm"
    assert place.call(Role.LIAISON, "POST", confirm, json={"take": "all"}).get_json()["code"] == "approval-needed"
    assert place.call(Role.DEPARTMENT, "POST", confirm, json={"take": "all"}).get_json()["code"] == "not-found"
    body = {"kind": "confirm-import", "subject": {"import": made["id"]}, "reason": "年度核对"}
    identity = place.call(Role.LIAISON, "POST", f"{API}/approvals", json=body).get_json()["id"]
    approved = place.call(Role.DEPARTMENT, "POST", f"{API}/approvals/{identity}/decide", json={"approve": True})
    assert approved.status_code == 200
    done = place.call(Role.LIAISON, "POST", confirm, json={"take": "all", "approval": identity})
    assert done.status_code == 200
    assert len(done.get_json()["records"]) == 101


def test_a_worker_does_not_do_what_its_submitter_may_no_longer_do(place: World) -> None:
    content = ImportWorkbook("attachment-2").content()
    taken = upload(place, Role.HR, content, "导入.xlsx", unit=NAMES["own"]).get_json()["documents"][0]
    body = {"state": "disabled"}
    path = f"{API}/accounts/{place.people[Role.HR]}"
    assert place.call(Role.SYSTEM, "PATCH", path, json=body).status_code == 200
    for role in Role:
        place.call(role, "DELETE", f"{API}/jobs/{place.jobs[role]}")
    while run_next(place.runtime):
        pass
    job = place.call(Role.SYSTEM, "GET", f"{API}/jobs/{taken['job']}").get_json()
    assert (job["state"], job["problem"]) == ("failed", {"code": "forbidden"})
    read = place.call(Role.ORGANIZATION, "GET", f"{API}/documents/{taken['id']}").get_json()
    assert (read["state"], read["problem"]["code"]) == ("failed", "forbidden")
    kept = place.call(Role.ORGANIZATION, "GET", f"{API}/documents/{taken['id']}/original")
    assert kept.get_data() == content, "nothing that was accepted is lost"


@pytest.mark.parametrize(
    "path", ["documents/{}", "documents/{}/original", "documents/{}/history", "records", "records.xlsx?plain=1"]
)
def test_nothing_that_was_given_out_stays_in_a_cache(place: World, path: str) -> None:
    answer = place.call(Role.LIAISON, "GET", f"{API}/{path.format(place.documents['own'])}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
