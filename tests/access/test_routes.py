"""Every route says what it asks for, every page that writes carries a token, and nobody is let past the hook."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from service.access.matrix import Action, Role
from service.access.routes import ROUTES
from service.application import create_app
from tests.access.world import World

pytestmark = pytest.mark.xdist_group("access")  # one district for all tests of a process
TEMPLATES = Path(__file__).parents[2] / "service" / "web" / "templates"
ANY = "00000000-0000-4000-8000-0000000000ff"
WORDS = {"uuid": ANY, "int": "1", "path": "style.css", "default": "attachment-2"}


def endpoints(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules()}


def test_every_route_is_declared_and_every_declaration_has_its_route(world: World) -> None:
    found = endpoints(world.app)
    assert found - set(ROUTES) == set(), "routes that service/access/routes.py does not know"
    assert set(ROUTES) - found == set(), "declared routes that are gone"


def test_every_route_is_public_or_names_an_action() -> None:
    for name, guard in ROUTES.items():
        assert guard.public != bool(guard.actions), name
        assert not (guard.thing and guard.lists), name


def addresses(world: World) -> list[tuple[str, str, str]]:
    """Every route as method, address with some values in it, and name."""
    found = []
    for rule in world.app.url_map.iter_rules():
        address = re.sub(r"<(?:(\w+):)?\w+>", lambda match: WORDS[match[1] or "default"], rule.rule)
        found += [(method, address, rule.endpoint) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}]
    return found


def test_without_a_session_nothing_but_what_is_public_answers(world: World) -> None:
    client = world.app.test_client()
    for method, address, name in addresses(world):
        answer = client.open(address, method=method, buffered=True)
        if ROUTES[name].public:
            assert b"sign-in-needed" not in answer.get_data(), (method, address)
            assert answer.status_code != 403, (method, address)
        elif answer.status_code == 303:
            assert answer.headers["Location"].startswith("/sign-in"), (method, address)
        else:
            assert answer.status_code == 401, (method, address, answer.status_code)


def test_no_write_with_a_cookie_goes_without_its_token(world: World) -> None:
    client = world.clients[Role.SYSTEM]
    for method, address, name in addresses(world):
        if method == "GET" or ROUTES[name].public:
            continue
        for headers in ({}, {"X-CSRF-Token": "wrong"}):
            answer = client.open(address, method=method, headers=headers, json={}, buffered=True)
            assert answer.status_code == 403, (method, address, answer.status_code)
        page = client.open(address, method=method, data={"csrf": "wrong", "do": "x"}, buffered=True)
        assert page.status_code == 403, (method, address)


def test_a_multipart_form_is_refused_unless_its_token_comes_with_it(world: World) -> None:
    client, csrf = world.clients[Role.DEPARTMENT], world.csrf[Role.DEPARTMENT]

    def send(**fields: Any) -> int:
        data = {**fields, "file": (io.BytesIO(b""), "empty.xlsx")}
        return client.post("/upload", data=data, content_type="multipart/form-data", buffered=True).status_code

    assert send() == 403
    assert send(csrf="wrong") == 403
    assert send(csrf=csrf) == 422  # an empty file, and no longer a foreign request


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
def test_another_site_cannot_write_even_with_the_token(world: World, headers: dict[str, str]) -> None:
    answer = world.call(Role.SYSTEM, "POST", "/api/v1/me/second-factor", headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "csrf-failed")


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_every_form_that_writes_begins_with_the_token(template: Path) -> None:
    for form in re.findall(r"<form [^>]*method=\"post\"[^>]*>(.{0,12})", template.read_text(encoding="utf-8")):
        assert form.startswith("{{ csrf() }}"), form


def test_the_hook_refuses_a_route_that_nobody_declared(world: World) -> None:
    app = create_app(world.runtime)
    app.add_url_rule("/undeclared", "undeclared", lambda: "secret")
    client = app.test_client()
    client.set_cookie("hzforms_session", world.clients[Role.SYSTEM].get_cookie("hzforms_session").value)  # type: ignore[union-attr]  # it is there
    assert client.get("/undeclared").status_code == 403


def test_a_list_that_does_not_ask_for_its_scope_is_not_sent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(world.runtime)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "documents.list_documents", lambda: "everybody's")
    client = app.test_client()
    client.set_cookie("hzforms_session", world.clients[Role.LIAISON].get_cookie("hzforms_session").value)  # type: ignore[union-attr]  # as above
    answer = client.get("/api/v1/documents")
    assert answer.status_code == 500
    assert "everybody's" not in answer.get_data(as_text=True)


def test_unknown_fields_change_nothing(world: World) -> None:
    for path, body in (
        ("/api/v1/me/step-up", {"password": "x", "role": "system"}),
        ("/api/v1/approvals", {"kind": "export-plain", "subject": {}, "reason": "x", "state": "approved"}),
    ):
        answer = world.call(Role.DEPARTMENT, "POST", path, json=body)
        assert (answer.status_code, answer.get_json()["code"]) == (422, "unknown-field")
    body = {"state": "active", "unit_id": world.units["other"]}
    answer = world.call(Role.SYSTEM, "PATCH", f"/api/v1/accounts/{world.accounts['own']}", json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "unknown-field")


def test_every_action_of_a_route_is_one_of_the_matrix() -> None:
    assert {action for guard in ROUTES.values() for action in guard.actions} <= set(Action)
