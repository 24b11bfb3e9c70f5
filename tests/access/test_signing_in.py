"""Signing in: the first start, lockout, the second factor, sessions, tokens, one-time links, policies."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from service.access import lockout, sessions
from service.access.errors import PasswordRefusedError
from service.access.managing import NewAccount, first_token, make_first
from service.access.matrix import Role
from service.access.passwords import _NOBODY, PROFILES, _common, hash_password, is_password, refuse_weak
from service.access.second_factor import STEP_SECONDS, step_of
from service.application import create_app
from service.problems import SettingsError
from service.runtime import Runtime
from service.settings import Settings, read_settings
from service.store.account_tables import accounts
from service.store.account_tables import sessions as session_rows
from service.store.accounts import account_named, add_account, find_account, set_password
from service.store.sealing.suites import Suite
from tests.access.world import PASSWORD, World, make_world

pytestmark = pytest.mark.xdist_group("signing")  # one district for all tests of a process
API = "/api/v1"
OTHER = "Qing-shan-88-lv"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A district of these tests' own: they lock people out."""
    made = make_world(tmp_path_factory.mktemp("signing"), second_factor="off")
    yield made
    made.runtime.close()


def account(place: World, name: str, role: Role = Role.ORGANIZATION, **more: Any) -> str:
    with place.runtime.database.transaction() as connection:
        known = find_account(connection, place.people[Role.SYSTEM])
        assert known is not None
        values = {"name": name, "title": name, "role": role.value, "unit_id": None, "state": "active", "made_by": "x"}
        identity = add_account(connection, **{**values, **more})
        set_password(connection, identity, known.password_hash or "")
    return identity


def sign_in(client: FlaskClient, name: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(f"{API}/sign-in", json={"name": name, "password": password, **more})


def signed_in(place: World, name: str, **more: Any) -> tuple[FlaskClient, dict[str, str]]:
    client = place.app.test_client()
    answer = sign_in(client, name, **more)
    assert answer.status_code == 200, answer.get_json()
    return client, {"X-CSRF-Token": answer.get_json()["csrf"]}


def code(answer: Any) -> str:
    return f"{answer.status_code} {(answer.get_json(silent=True) or {}).get('code', '')}".strip()


# The first start


def test_the_printed_token_makes_the_first_administrator_once(make_runtime: Callable[..., Runtime]) -> None:
    runtime = make_runtime()
    client = create_app(runtime).test_client()
    assert client.get(f"{API}/documents").status_code == 200, "the desk is open while there is no account"
    earlier = first_token(runtime.database)
    token = first_token(runtime.database)
    body = {"name": "guanli", "title": "管理员", "password": PASSWORD}
    for wrong in ("", "x", earlier):
        assert code(client.post(f"{API}/first-account", json={**body, "token": wrong})) == "422 link-invalid"
    weak = client.post(f"{API}/first-account", json={**body, "token": token, "password": "Password123"})
    assert code(weak) == "422 password-refused"
    assert client.post(f"{API}/first-account", json={**body, "token": token}).status_code == 201
    again = client.post(f"{API}/first-account", json={**body, "name": "second", "token": token})
    assert code(again) == "422 link-invalid"
    assert first_token(runtime.database) is None
    assert code(client.get(f"{API}/documents")) == "401 sign-in-needed"
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").get_json() == {"status": "ok"}


def test_without_an_account_only_this_machine_is_let_in(make_runtime: Callable[..., Runtime]) -> None:
    runtime = make_runtime()
    cases: list[tuple[dict[str, Any], dict[str, str], str, str]] = [
        ({}, {}, "127.0.0.1", "200"),
        ({}, {}, "::1", "200"),
        ({"sign_in": "always"}, {}, "127.0.0.1", "401 sign-in-needed"),
        ({"host": "0.0.0.0", "hosts": "localhost"}, {}, "127.0.0.1", "401 sign-in-needed"),  # noqa: S104  # not bound
        ({}, {}, "10.1.2.3", "401 sign-in-needed"),
        ({}, {"X-Forwarded-For": "10.1.2.3"}, "127.0.0.1", "401 sign-in-needed"),
        ({"proxies": 1}, {}, "127.0.0.1", "401 sign-in-needed"),
    ]
    for settings, headers, address, wanted in cases:
        client = create_app(replace(runtime, settings=replace(runtime.settings, **settings))).test_client()
        answer = client.get(f"{API}/documents", headers=headers, environ_base={"REMOTE_ADDR": address})
        assert code(answer) == wanted, (settings, headers, address)


# Lockout and enumeration


def test_five_failures_lock_the_name_for_that_address_and_nobody_else(place: World) -> None:
    account(place, "suo")
    client = place.app.test_client()
    for name in ("suo", "there-is-no-such"):
        for _ in range(lockout.MOST_FAILURES):
            assert code(sign_in(client, name, "wrong")) == "401 sign-in-failed"
        for password in ("wrong", PASSWORD):
            answer = sign_in(client, name, password)
            assert code(answer) == "429 too-many-attempts"
            assert 0 < int(answer.headers["Retry-After"]) <= lockout.SECONDS
    elsewhere = place.app.test_client()
    body = {"name": "suo", "password": PASSWORD}
    from_elsewhere = elsewhere.post(f"{API}/sign-in", json=body, environ_base={"REMOTE_ADDR": "127.0.0.9"})
    assert from_elsewhere.status_code == 200
    with place.runtime.database.transaction() as connection:
        identity = account_named(connection, "suo")
    assert identity is not None
    unlocked = place.call(Role.SYSTEM, "POST", f"{API}/accounts/{identity.id}/unlock")
    assert unlocked.status_code == 200
    assert sign_in(client, "SUO ").status_code == 200


def test_unknown_wrong_disabled_and_pending_are_answered_alike(place: World) -> None:
    account(place, "ting", state="disabled")
    account(place, "daipi", state="pending")
    account(place, "you")
    bodies = []
    for name, password in (("nobody", PASSWORD), ("you", "wrong"), ("ting", PASSWORD), ("daipi", PASSWORD)):
        answer = sign_in(place.app.test_client(), name, password)
        body = answer.get_json()
        body.pop("request_id")
        bodies.append((answer.status_code, body, answer.headers.get("Set-Cookie")))
    assert all(body == bodies[0] for body in bodies)


def test_an_unknown_name_takes_as_long_as_a_known_one(place: World) -> None:
    """The same work is done: the medians differ by less than what one of them scatters."""
    hashed = hash_password(PASSWORD)
    known: list[float] = []
    unknown: list[float] = []
    for _ in range(9):
        for kept, times in ((hashed, known), (None, unknown)):
            began = time.process_time()
            assert not is_password(kept, "wrong")
            times.append(time.process_time() - began)
    difference = abs(statistics.median(known) - statistics.median(unknown))
    assert difference < 0.5 * statistics.median(known)
    assert hashed.rpartition("$")[0].rpartition("$")[0] == _NOBODY.rpartition("$")[0].rpartition("$")[0], "same figures"


# The second factor


def enrol(client: FlaskClient, csrf: dict[str, str]) -> tuple[pyotp.TOTP, dict[str, str]]:
    begun = client.post(f"{API}/me/second-factor", headers=csrf)
    totp = pyotp.TOTP(begun.get_json()["secret"])
    answer = client.put(f"{API}/me/second-factor", json={"code": totp.now()}, headers=csrf)
    assert answer.status_code == 200, answer.get_json()
    return totp, {"X-CSRF-Token": answer.get_json()["csrf"]}


def test_a_code_is_taken_once_and_the_password_alone_is_half_the_way(place: World) -> None:
    account(place, "erci")
    client, csrf = signed_in(place, "erci")
    totp, csrf = enrol(client, csrf)
    used = totp.now()
    half = sign_in(place.app.test_client(), "erci")
    assert half.get_json()["owes"] == "code"
    other = place.app.test_client()
    assert sign_in(other, "erci").get_json()["owes"] == "code"
    assert code(other.get(f"{API}/documents")) == "403 sign-in-unfinished"
    assert other.get("/documents/00000000-0000-4000-8000-0000000000ff").headers["Location"] == "/sign-in/code"
    replay = other.post(f"{API}/sign-in", json={"code": used})
    assert code(replay) == "401 sign-in-failed", "it was used to enrol"
    nearby = totp.at(time.time() + STEP_SECONDS)
    done = other.post(f"{API}/sign-in", json={"code": nearby})
    assert done.get_json()["owes"] is None
    assert other.get(f"{API}/documents").status_code == 200
    third = place.app.test_client()
    assert code(sign_in(third, "erci", code=nearby)) == "401 sign-in-failed", "the same code again"
    assert code(sign_in(third, "erci", code=totp.at(time.time() + 90 * STEP_SECONDS))) == "401 sign-in-failed"


def test_guessing_codes_is_locked_like_guessing_passwords(place: World) -> None:
    account(place, "caima")
    client, csrf = signed_in(place, "caima")
    enrol(client, csrf)
    guesser = place.app.test_client()
    sign_in(guesser, "caima")
    found = [code(guesser.post(f"{API}/sign-in", json={"code": f"{number:06}"})) for number in range(6)]
    assert found[-1] == "429 too-many-attempts"


@pytest.mark.parametrize("text", ["", "abc", "12345", "1234567", "１２３４５６"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert step_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", text) is None


def test_an_administrator_must_enrol_before_anything_else(make_runtime: Callable[..., Runtime]) -> None:
    runtime = make_runtime(second_factor="admins")
    token = first_token(runtime.database) or ""
    make_first(runtime.database, runtime.settings, token, NewAccount("guanli", "管理员", Role.SYSTEM), PASSWORD)
    client = create_app(runtime).test_client()
    answer = sign_in(client, "guanli")
    assert answer.get_json()["owes"] == "enrol"
    assert code(client.get(f"{API}/accounts")) == "403 sign-in-unfinished"
    assert client.get("/accounts").headers["Location"] == "/account/second-factor"
    enrol(client, {"X-CSRF-Token": answer.get_json()["csrf"]})
    assert client.get(f"{API}/accounts").status_code == 200


# Sessions


def test_a_session_is_renewed_when_more_is_proved_and_the_old_cookie_ends(place: World) -> None:
    account(place, "huan")
    client, csrf = signed_in(place, "huan")
    before = client.get_cookie("hzforms_session")
    assert before is not None
    answer = client.post(f"{API}/me/step-up", json={"password": PASSWORD}, headers=csrf)
    after = client.get_cookie("hzforms_session")
    assert answer.status_code == 200
    assert after is not None
    assert after.value != before.value
    old = place.app.test_client()
    old.set_cookie("hzforms_session", before.value)
    assert code(old.get(f"{API}/me")) == "401 sign-in-needed"


def test_the_cookie_is_closed_to_scripts_and_other_sites(place: World) -> None:
    plain = sign_in(place.app.test_client(), Role.AUDITOR.value).headers["Set-Cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    assert "Secure" not in plain
    body = {"name": Role.AUDITOR.value, "password": PASSWORD}
    safe = place.app.test_client().post(f"{API}/sign-in", json=body, base_url="https://localhost")
    assert "; Secure" in safe.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("column", "ago"), [("seen_at", sessions.IDLE_SECONDS + 1), ("made_at", sessions.LONGEST_SECONDS + 1)]
)
def test_a_session_ends_by_itself(place: World, column: str, ago: float) -> None:
    account(place, f"guo-{column[:4]}")
    client, _ = signed_in(place, f"guo-{column[:4]}")
    mine = session_rows.c.account_id == client.get(f"{API}/me").get_json()["id"]
    with place.runtime.database.transaction() as connection:
        connection.execute(update(session_rows).where(mine).values({column: time.time() - ago}))
    assert code(client.get(f"{API}/me")) == "401 sign-in-needed"


def test_only_two_sessions_hold_and_each_can_be_ended_by_its_owner_alone(place: World) -> None:
    account(place, "duo")
    first, second, third = (signed_in(place, "duo") for _ in range(3))
    assert code(first[0].get(f"{API}/me")) == "401 sign-in-needed", "the oldest ended"
    listed = third[0].get(f"{API}/me/sessions").get_json()["sessions"]
    assert [item["this_one"] for item in listed] == [True, False]
    other = listed[1]["id"]
    stranger = place.call(Role.SYSTEM, "DELETE", f"{API}/me/sessions/{other}")
    assert code(stranger) == "404 not-found"
    assert third[0].delete(f"{API}/me/sessions/{other}", headers=third[1]).status_code == 200
    assert code(second[0].get(f"{API}/me")) == "401 sign-in-needed"


def test_disabling_and_a_new_password_end_what_was_open(place: World) -> None:
    identity = account(place, "guan")
    client, csrf = signed_in(place, "guan")
    kept, _ = signed_in(place, "guan")
    made = client.post(f"{API}/me/tokens", json={"name": "x", "actions": ["see-file"]}, headers=csrf).get_json()
    bearer = {"Authorization": f"Bearer {made['token']}"}
    program = place.app.test_client()
    assert program.get(f"{API}/documents", headers=bearer).status_code == 200
    wrong = client.post(f"{API}/me/password", json={"password": "x", "new_password": OTHER}, headers=csrf)
    assert code(wrong) == "401 sign-in-failed"
    body = {"password": PASSWORD, "new_password": OTHER}
    assert client.post(f"{API}/me/password", json=body, headers=csrf).status_code == 200
    assert code(kept.get(f"{API}/me")) == "401 sign-in-needed"
    assert code(program.get(f"{API}/documents", headers=bearer)) == "401 sign-in-needed"
    assert client.get(f"{API}/me").status_code == 200
    disabled = place.call(Role.SYSTEM, "PATCH", f"{API}/accounts/{identity}", json={"state": "disabled"})
    assert disabled.status_code == 200
    assert code(client.get(f"{API}/me")) == "401 sign-in-needed"


def test_another_role_counts_from_the_next_request_on(place: World) -> None:
    identity = account(place, "jiaose", Role.HR)
    client, _ = signed_in(place, "jiaose")
    assert client.get(f"{API}/records").status_code == 200
    body = {"role": "templates"}
    assert place.call(Role.SECURITY, "PATCH", f"{API}/accounts/{identity}", json=body).status_code == 200
    assert code(client.get(f"{API}/records")) == "403 forbidden"
    own = place.call(Role.SECURITY, "PATCH", f"{API}/accounts/{place.people[Role.SECURITY]}", json={"role": "hr"})
    assert code(own) == "403 forbidden", "nobody changes the own role"


@pytest.mark.parametrize("suite", list(Suite))
def test_a_password_is_kept_by_the_algorithm_of_the_installation(suite: Suite) -> None:
    kept = hash_password(PASSWORD, suite)
    assert kept.startswith("$argon2id$" if suite is Suite.INTL else "pbkdf2-sm3$600000$")
    assert kept != hash_password(PASSWORD, suite), "each with a salt of its own"
    assert is_password(kept, PASSWORD, suite)
    assert is_password(kept, PASSWORD), "also when the setting was changed since"
    assert not is_password(kept, f"{PASSWORD}x", suite)
    assert not is_password(None, PASSWORD, suite)


def test_where_there_are_two_security_administrators_the_other_one_agrees_to_another_role(place: World) -> None:
    path = f"{API}/accounts/{account(place, 'jiaose-er', Role.HR)}"
    body: dict[str, Any] = {"role": "finance"}
    account(place, "anquan-er", Role.SECURITY)
    other, csrf = signed_in(place, "anquan-er")
    assert code(place.call(Role.SECURITY, "PATCH", path, json=body)) == "403 approval-needed"
    subject = {"account": path.rpartition("/")[2], "role": "finance"}
    asked = {"kind": "change-role", "subject": subject, "reason": "轮岗"}
    made = place.call(Role.SECURITY, "POST", f"{API}/approvals", json=asked).get_json()["id"]
    body["approval"] = made
    assert code(place.call(Role.SECURITY, "PATCH", path, json=body)) == "409 approval-invalid"
    decision = {"json": {"approve": True, "note": ""}, "headers": csrf}
    assert other.post(f"{API}/approvals/{made}/decide", **decision).status_code == 200
    wrong = {**body, "role": "organization"}
    assert code(place.call(Role.SECURITY, "PATCH", path, json=wrong)) == "409 approval-invalid"
    assert place.call(Role.SECURITY, "PATCH", path, json=body).get_json()["role"] == "finance"
    assert code(place.call(Role.SECURITY, "PATCH", path, json={**body, "role": "hr"})) == "409 approval-invalid"


def test_an_account_that_nobody_used_for_ninety_days_is_closed(place: World) -> None:
    identity = account(place, "jiu")
    with place.runtime.database.transaction() as connection:
        old = time.time() - 91 * 86400
        connection.execute(update(accounts).where(accounts.c.id == identity).values(used_at=old, made_at=old))
    assert code(sign_in(place.app.test_client(), "jiu")) == "401 sign-in-failed"
    assert place.call(Role.SYSTEM, "GET", f"{API}/accounts/{identity}").get_json()["state"] == "disabled"
    body = {"state": "active"}
    assert place.call(Role.SYSTEM, "PATCH", f"{API}/accounts/{identity}", json=body).status_code == 200
    assert sign_in(place.app.test_client(), "jiu").status_code == 200


# Tokens


def test_a_token_does_what_it_was_made_for_until_it_is_revoked(place: World) -> None:
    account(place, "ling", Role.HR)
    client, csrf = signed_in(place, "ling")
    for actions in (["operate"], ["own-account"], []):
        refused = client.post(f"{API}/me/tokens", json={"name": "程序", "actions": actions}, headers=csrf)
        assert code(refused) == "422 account-invalid", actions
    body = {"name": "程序", "actions": ["see-file", "see-units"]}
    token = client.post(f"{API}/me/tokens", json=body, headers=csrf).get_json()
    program, bearer = place.app.test_client(), {"Authorization": f"Bearer {token['token']}"}
    assert program.get(f"{API}/documents", headers=bearer).status_code == 200
    assert code(program.get(f"{API}/records", headers=bearer)) == "403 forbidden"
    assert code(program.get(f"{API}/me/tokens", headers=bearer)) == "403 forbidden"
    assert code(program.get(f"{API}/documents", headers={"Authorization": "Bearer hzf_x"})) == "401 sign-in-needed"
    with place.runtime.database.transaction() as connection:
        rows = str(connection.exec_driver_sql("select * from api_token").all())
    assert token["token"] not in rows, "only its hash is kept"
    assert client.delete(f"{API}/me/tokens/{token['id']}", headers=csrf).status_code == 200
    assert code(program.get(f"{API}/documents", headers=bearer)) == "401 sign-in-needed"


def test_no_token_shows_whole_numbers(place: World) -> None:
    account(place, "lingsi", Role.HR)
    client, csrf = signed_in(place, "lingsi")
    body = {"name": "程序", "actions": ["list-persons", "plain-ids"]}
    token = client.post(f"{API}/me/tokens", json=body, headers=csrf).get_json()["token"]
    asked = f"{API}/records?unmask=1&reason=x"
    answer = place.app.test_client().get(asked, headers={"Authorization": f"Bearer {token}"})
    assert code(answer) == "403 step-up-needed"


# One-time links and administration


def test_whoever_makes_an_account_never_knows_its_password(place: World) -> None:
    body = {"name": "xinren", "title": "新人", "role": "liaison", "unit": "测试中心"}
    made = place.call(Role.SYSTEM, "POST", f"{API}/accounts", json=body)
    assert (made.get_json()["state"], made.get_json()["link"]) == ("pending", None), (
        "the security administrator decides"
    )
    assert code(place.call(Role.SYSTEM, "POST", f"{API}/accounts/{made.get_json()['id']}/approve")) == "403 forbidden"
    approved = place.call(Role.SECURITY, "POST", f"{API}/accounts/{made.get_json()['id']}/approve")
    link = approved.get_json()["link"]["token"]
    client = place.app.test_client()
    assert code(sign_in(client, "xinren", "")) == "401 sign-in-failed"
    short = client.post(f"{API}/password-link", json={"token": link, "password": "Ab1-"})
    assert code(short) == "422 password-refused"
    assert client.post(f"{API}/password-link", json={"token": link, "password": OTHER}).status_code == 200
    assert code(client.post(f"{API}/password-link", json={"token": link, "password": OTHER})) == "422 link-invalid"
    assert sign_in(client, "xinren", OTHER).status_code == 200
    reset = place.call(Role.SYSTEM, "POST", f"{API}/accounts/{made.get_json()['id']}/reset").get_json()["link"]["token"]
    assert code(client.get(f"{API}/me")) == "401 sign-in-needed", "a reset ends what was open"
    assert code(sign_in(client, "xinren", OTHER)) == "401 sign-in-failed"
    reused = client.post(f"{API}/password-link", json={"token": reset, "password": OTHER})
    assert code(reused) == "422 password-refused", "one of the last five"
    assert client.post(f"{API}/password-link", json={"token": reset, "password": OTHER + "2"}).status_code == 200


def test_a_department_proposes_liaisons_of_its_own_units_only(place: World) -> None:
    def propose(**more: str) -> str:
        body = {"name": "tiyi", "title": "提", "role": "liaison", **more}
        return code(place.call(Role.DEPARTMENT, "POST", f"{API}/accounts", json=body))

    assert propose(unit="别处管理局") == "404 not-found"
    assert propose(unit="测试中心一站", role="department") == "403 forbidden"
    assert propose(unit="测试中心一站") == "201"
    listed = place.call(Role.DEPARTMENT, "GET", f"{API}/accounts").get_json()["accounts"]
    assert {item["unit_id"] for item in listed} <= {place.units["own"], place.units["child"]}
    assert next(item for item in listed if item["name"] == "tiyi")["state"] == "pending"


# Policies


@pytest.mark.parametrize(
    ("profile", "password", "taken"),
    [
        ("dengbao2", "Kx7-mutong-yz", True),
        ("dengbao2", "Kx7-mut", False),
        ("dengbao2", "kxmutongyaozhi", False),
        ("dengbao2", "Password123!", False),
        ("dengbao2", "Zhangsan2026", False),
        ("dengbao2", "测试中心Aa1", False),
        ("asvs", "correct horse battery", True),
        ("asvs", "牧童遥指杏花村边的酒家", True),
        ("asvs", "iloveyou", False),
        ("asvs", "x" * 300, False),
        ("dengbao2", "清明时节雨纷纷路上行人欲断魂" * 6 + "Aa1", True),
    ],
)
def test_which_passwords_a_policy_takes(profile: str, password: str, taken: bool) -> None:  # noqa: FBT001  # a case
    words = ["zhangsan", "张三", "测试中心"]
    if taken:
        refuse_weak(PROFILES[profile], password, words)
    else:
        with pytest.raises(PasswordRefusedError):
            refuse_weak(PROFILES[profile], password, words)


def test_common_passwords_are_many_and_none_is_cut_off() -> None:
    assert len(_common()) >= 3000
    long = "长" * 100
    assert not is_password(hash_password(long + "a"), long + "b")


def test_a_password_of_ninety_days_must_be_changed_first(place: World) -> None:
    identity = account(place, "laomima")
    with place.runtime.database.transaction() as connection:
        old = time.time() - 91 * 86400
        connection.execute(update(accounts).where(accounts.c.id == identity).values(password_at=old))
    client, csrf = signed_in(place, "laomima")
    assert code(client.get(f"{API}/documents")) == "403 sign-in-unfinished"
    body = {"password": PASSWORD, "new_password": OTHER}
    changed = client.post(f"{API}/me/password", json=body, headers=csrf)
    assert changed.get_json()["owes"] is None
    assert client.get(f"{API}/documents").status_code == 200


def test_a_trusted_proxy_may_name_the_holder_of_a_certificate(
    tmp_path: Path, make_runtime: Callable[..., Runtime]
) -> None:
    runtime = make_runtime(second_factor="all", proxies=1, certificate_header="X-Client-Cert")
    with runtime.database.transaction() as connection:
        values = {"title": "甲", "role": "hr", "state": "active", "made_by": "x", "certificate": "CN=jia"}
        set_password(connection, add_account(connection, name="jia", **values), hash_password(PASSWORD))
    client = create_app(runtime).test_client()
    body = {"name": "jia", "password": PASSWORD}
    right = client.post(f"{API}/sign-in", json=body, headers={"X-Client-Cert": "CN=jia"})
    assert right.get_json()["owes"] is None


def test_settings_of_access_are_of_known_values() -> None:
    for name in ("SIGN_IN", "AUTH_PROFILE", "SECOND_FACTOR"):
        with pytest.raises(SettingsError):
            read_settings({f"HZFORMS_{name}": "whatever"})
    assert Settings().sign_in == "auto"
    assert Settings().second_person
