"""Who may call, what every answer carries, and how a fault is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from service.application import create_app
from service.runtime import Runtime


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_a_page_of_another_site_cannot_write(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post("/api/v1/forms/附件4/fills", json={}, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "csrf-failed")
    assert client.get("/api/v1/forms", headers=headers).status_code == 200


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}])
def test_our_own_pages_and_programs_can(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post("/api/v1/forms/附件4/fills", json={}, headers=headers).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "[::2]"])
def test_a_name_that_is_not_ours_is_refused(client: FlaskClient, host: str) -> None:
    answer = client.get("/api/v1/forms", headers={"Host": host})
    assert (answer.status_code, answer.get_json()["code"]) == (400, "host-not-allowed")


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST"])
def test_this_machines_names_are_ours(client: FlaskClient, host: str) -> None:
    assert client.get("/api/v1/forms", headers={"Host": host}).status_code == 200


def test_names_can_be_set(make_runtime: Callable[..., Runtime]) -> None:
    client = create_app(make_runtime(host="0.0.0.0", hosts="forms.example.gov.cn")).test_client()  # noqa: S104 - a setting, not bound
    assert client.get("/healthz", headers={"Host": "forms.example.gov.cn"}).status_code == 200
    assert client.get("/healthz", headers={"Host": "other.example"}).status_code == 400


@pytest.mark.parametrize(
    "path", ["/", "/forms/attachment-4", "/api/docs", "/api/v1/forms", "/nothing", "/static/style.css"]
)
def test_every_answer_is_fenced_in(client: FlaskClient, path: str) -> None:
    answer = client.get(path, buffered=True)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("language", "shown", "lang"),
    [
        ("", "未找到", "zh-CN"),
        ("zh-CN,zh;q=0.9,en;q=0.5", "未找到", "zh-CN"),
        ("en", "Not found", "en"),
        ("fr", "未找到", "zh-CN"),
    ],
)
def test_a_problem_speaks_the_language_that_was_asked_for(
    client: FlaskClient, language: str, shown: str, lang: str
) -> None:
    answer = client.get("/api/v1/nothing", headers={"Accept-Language": language} if language else {})
    body = answer.get_json()
    assert answer.content_type == "application/problem+json"
    assert (answer.status_code, body["status"], body["code"]) == (404, 404, "not-found")
    assert (body["title"], body["detail"], body["lang"]) == (shown, shown, lang)
    assert body["type"] == "/problems/not-found"
    assert body["instance"] == "/api/v1/nothing"
    assert len(body["request_id"]) == 32
    assert (body["message_zh"], body["message_en"]) == ("未找到", "Not found")


def test_a_wrong_method_is_a_problem_too(client: FlaskClient) -> None:
    answer = client.delete("/api/v1/forms")
    assert (answer.status_code, answer.get_json()["code"]) == (405, "method-not-allowed")


@pytest.mark.parametrize("query", ["limit=x", "offset=1.5", "limit=９", "limit=" + "9" * 50])
def test_a_parameter_of_the_wrong_kind_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/v1/documents?{query}")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad-parameter")


def test_an_unknown_form_names_those_there_are(client: FlaskClient) -> None:
    answer = client.get("/api/v1/forms/附件9")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown-form")
    assert "attachment-1" in answer.get_json()["message_zh"]


def test_health_tells_what_is_weak_and_no_personal_data(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert isinstance(client.get("/readyz").get_json()["weak"], list)
    assert "# TYPE service_jobs gauge" in client.get("/metrics").get_data(as_text=True)


def test_limits_are_told(client: FlaskClient) -> None:
    body = client.get("/api/v1/limits").get_json()
    assert body["request_bytes"] == 200 * 1024 * 1024
    assert body["file"]["pdf_pages"] == 2000
