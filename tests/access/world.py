"""A small district with a person of each role, and a file, a record, a job and an account in each position.

Positions are seen from the unit ``mid``, to which the liaison and the department belong: ``own`` is it, ``child`` under
it, ``sibling`` beside it under ``parent``, ``other`` in another tree, ``moved`` was under it until yesterday.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection

from forms.finding import Finding, Severity
from forms.plain import extraction_to_plain
from forms.record import Entry, Extraction, Record
from service.access.managing import NewAccount, first_token, make_first
from service.access.matrix import OF_UNIT, Role
from service.application import create_app
from service.operations.belonging import place_accepted, place_upload
from service.operations.rereading import take_reading
from service.runtime import Runtime, open_runtime
from service.settings import Settings
from service.store.accounts import add_account, find_account, set_password
from service.store.belonging import keep_belonging
from service.store.documents import add_document
from service.store.handing_in import set_unit_of
from service.store.jobs import add_job
from service.store.records import AcceptedForm, keep_accepted
from service.store.submissions import change_submission
from service.store.units import Unit, UnitKind, all_units, keep_units

PASSWORD = "Kx7-mutong-yaozhi"
POSITIONS = ("own", "child", "sibling", "parent", "other", "moved")
NAMES = {
    "parent": "测试总局",
    "own": "测试中心",
    "child": "测试中心一站",
    "sibling": "测试中心乙",
    "other": "别处管理局",
    "moved": "测试中心二站",
}
FOUND = Finding("X-1", "records[0].post", "岗位不清", Severity.WARNING)
PERSON = {"own": "王一", "child": "王二", "sibling": "王三", "parent": "王四", "other": "王五", "moved": "王六"}
NUMBERS = {
    "own": "320799199001011234",
    "child": "320799199001011250",
    "sibling": "320799199001011277",
    "parent": "320799199001011293",
    "other": "320799199001011314",
    "moved": "32079919900101133X",
}


@dataclass
class World:
    """The installation, and ids by position."""

    runtime: Runtime
    app: Flask
    units: dict[str, str]
    documents: dict[str, str]
    accepted: dict[str, str]
    jobs: dict[Role, str]
    accounts: dict[str, str]
    people: dict[Role, str]
    clients: dict[Role, FlaskClient]
    csrf: dict[Role, str]

    def call(self, role: Role, method: str, path: str, **more: Any) -> Any:
        """A call of the API as the person of that role."""
        headers = {"X-CSRF-Token": self.csrf[role], **more.pop("headers", {})}
        return self.clients[role].open(path, method=method, headers=headers, buffered=True, **more)


def make_world(folder: Path, **settings: Any) -> World:
    """Make it, with everybody signed in."""
    chosen = replace(Settings(data_dir=folder / "data", reserve_mib=1, second_factor="off"), **settings)
    runtime = open_runtime(chosen)
    with runtime.database.transaction() as connection:
        units = _units(connection)
    documents = {position: read_document(runtime, position) for position in POSITIONS}
    accepted = {position: _accepted(runtime, position) for position in POSITIONS}
    app = create_app(runtime)
    token = first_token(runtime.database)
    assert token is not None
    first = make_first(runtime.database, chosen, token, NewAccount("xitong", "系统甲", Role.SYSTEM), PASSWORD)
    people = {Role.SYSTEM: first.id}
    jobs: dict[Role, str] = {}
    with runtime.database.transaction() as connection:
        kept = find_account(connection, first.id)
        assert kept is not None
        hashed = kept.password_hash or ""
        for role in Role:
            if role is not Role.SYSTEM:
                people[role] = _account(connection, role, role.value, units["own"] if role in OF_UNIT else None, hashed)
            jobs[role] = add_job(connection, "fill-forms", {})
            keep_belonging(connection, "job", jobs[role], account_id=people[role])
        accounts = {
            place: _account(connection, Role.LIAISON, f"lianluo-{place}", units[place], hashed) for place in POSITIONS
        }
    clients, csrf = {}, {}
    for role in Role:
        clients[role] = app.test_client()
        name = "xitong" if role is Role.SYSTEM else role.value
        answer = clients[role].post("/api/v1/sign-in", json={"name": name, "password": PASSWORD})
        assert answer.status_code == 200, answer.get_json()
        csrf[role] = answer.get_json()["csrf"]
    return World(runtime, app, units, documents, accepted, jobs, accounts, people, clients, csrf)


def _account(connection: Connection, role: Role, name: str, unit_id: str | None, hashed: str) -> str:
    values = {"name": name, "title": f"{role.label}某", "role": role.value, "unit_id": unit_id}
    identity = add_account(connection, **values, state="active", made_by="test")
    set_password(connection, identity, hashed)
    return identity


def _units(connection: Connection) -> dict[str, str]:
    ids = {place: f"00000000-0000-4000-8000-00000000000{number}" for number, place in enumerate(NAMES)}
    parents = {"parent": None, "own": "parent", "child": "own", "sibling": "parent", "other": None, "moved": "own"}
    tree = [
        Unit(
            ids[place],
            NAMES[place],
            UnitKind.SUBORDINATE if above else UnitKind.DEPARTMENT,
            ids[above] if above else None,
        )
        for place, above in parents.items()
    ]
    keep_units(connection, tree, {})
    known = {unit.id: unit for unit in all_units(connection)}
    gone = replace(known[ids["moved"]], parent_id=ids["other"])  # yesterday's reorganisation
    keep_units(connection, [gone], known)
    return ids


def _entry(value: Any) -> Entry:
    return Entry(value, str(value))


def extraction(place: str) -> Extraction:
    """附件2 of the unit in that position, with one person."""
    row = {
        "name": _entry(PERSON[place]),
        "id_number": _entry(NUMBERS[place]),
        "post": replace(_entry("保洁"), review=True),
    }
    return Extraction(Record("attachment-2", "r1", {"unit": _entry(NAMES[place])}, (row,)), 1.0, findings=(FOUND,))


def read_document(runtime: Runtime, place: str) -> str:
    """A file of that unit, read, with a value to be looked at."""
    with runtime.database.transaction() as connection:
        blob = runtime.blobs.put([f"file of {place}".encode()], 1000)
        identity = add_document(
            connection, sha256=blob.sha256, name=f"{place}.txt", size=blob.size, form_hint=None, unit=NAMES[place]
        )
        place_upload(connection, identity, None)
        set_unit_of(connection, identity, NAMES[place], "sender")
        reading = {
            "file": f"{place}.txt",
            "sha256": blob.sha256,
            "format": "xlsx",
            "status": "read",
            "seconds": 0.1,
            "problem": None,
            "documents": [extraction_to_plain(extraction(place))],
        }
        take_reading(runtime, connection, identity, reading)
    return identity


def _accepted(runtime: Runtime, place: str) -> str:
    """A file of that unit whose person stands in the store of records."""
    identity = read_document(runtime, place)
    person = {
        "name": {"value": PERSON[place], "code": None, "origin": "digital", "review": False},
        "id_number": {"value": NUMBERS[place], "code": None, "origin": "digital", "review": False},
    }
    header = {"unit": {"value": NAMES[place], "code": None, "origin": "digital", "review": False}}
    with runtime.database.transaction() as connection:
        form = AcceptedForm(0, "attachment-2", "r1", NAMES[place], header, [], [person])
        keep_accepted(connection, identity, [form], "甲")
        place_accepted(connection, identity)
        change_submission(connection, identity, state="accepted")
    return identity
