"""The running program over the district, with everybody signed in: what the tests of the pages walk through."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from forms.ledger import LEDGER
from service.access.matrix import Role
from tests.desk.district import DAY, DEPARTMENT, NAMES, PASSWORD, SCHOOL, SERVER, District, doubtful, make, returned
from tests.journeys.server import Server
from tests.service.api.test_ledger_mapping import workbook

COOKIE = "hzforms_session"
API = "/api/v1"
NO_FORM = b"MZ\x90\x00" + bytes(500)
"""A program under the name of a form: refused as it comes."""
FAR_DAY = "2099-12-31"
"""A deadline that has not passed, whenever the tests run."""
MENDED = "documents[0].records[1].education"
"""A value that was read wrong and that a person set right."""
SETTLED = frozenset({"read", "partial", "failed"})


@dataclass
class Desk:
    """The server, what stands in the district, and a session of each role: its cookie and its token for writes."""

    server: Server
    district: District
    sessions: dict[Role, tuple[str, str]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def call(self, role: Role | None, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        """A call as the person of that role; status and body of the answer, whatever it is."""
        headers = {"Content-Type": "application/json"}
        if role is not None:
            cookie, csrf = self.sessions[role]
            headers |= {"Cookie": f"{COOKIE}={cookie}", "X-CSRF-Token": csrf}
        data = None if body is None else json.dumps(body).encode()
        address = self.server.address + quote(path, safe="/?&=%")
        return self._sent(urllib.request.Request(address, data, headers, method=method))

    def upload(self, role: Role, content: bytes, name: str, **fields: str) -> dict[str, Any]:
        """Hand a file in as that person; its entry in the answer, empty where it was refused."""
        boundary = uuid.uuid4().hex
        cookie, csrf = self.sessions[role]
        parts = [f'name="{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()]
        parts.append(f'name="file"; filename="{name}"\r\n\r\n'.encode() + content)
        body = b"".join(f"--{boundary}\r\nContent-Disposition: form-data; ".encode() + part + b"\r\n" for part in parts)
        headers = {"Cookie": f"{COOKIE}={cookie}", "X-CSRF-Token": csrf}
        headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
        address = f"{self.server.address}{API}/documents"
        _, answer = self._sent(urllib.request.Request(address, body + f"--{boundary}--\r\n".encode(), headers))
        entry: dict[str, Any] = json.loads(answer).get("documents", [{}])[0]
        return entry

    def wait(self, role: Role, path: str, states: frozenset[str] | set[str], seconds: float = 400) -> dict[str, Any]:
        """Ask until the thing at a path is in one of the states."""
        until = time.monotonic() + seconds
        found: dict[str, Any] = {}
        while time.monotonic() < until:
            found = json.loads(self.call(role, "GET", path)[1])
            if found.get("state") in states:
                return found
            time.sleep(0.2)
        raise AssertionError(f"{path} is {found.get('state')}\n{self.server.log.read_text(encoding='utf-8')[-2000:]}")

    @staticmethod
    def _sent(request: urllib.request.Request) -> tuple[int, bytes]:
        try:
            with urllib.request.build_opener(_Stay).open(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as fault:
            return fault.code, fault.read()


class _Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are answers of their own."""

    def redirect_request(self, *_arguments: Any, **_more: Any) -> None:
        return None


def open_desk(folder: Path) -> Desk:
    """The district made, the program started over it, everybody signed in, and some files on their way."""
    district = make(folder / "data")
    desk = Desk(Server(folder / "data", **SERVER), district)
    try:
        for role, (name, _) in NAMES.items():
            desk.sessions[role] = _signed_in(desk.server, name)
        desk.words = _hand_in(desk)
    except BaseException:
        desk.server.stop()
        raise
    return desk


def _signed_in(server: Server, name: str) -> tuple[str, str]:
    body = json.dumps({"name": name, "password": PASSWORD}).encode()
    request = urllib.request.Request(f"{server.address}{API}/sign-in", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        csrf = json.load(answer)["csrf"]
        cookie = answer.headers["Set-Cookie"].partition(";")[0].partition("=")[2]
    return cookie, csrf


def _hand_in(desk: Desk) -> dict[str, str]:
    """Files of the school: to be looked at, full of doubts, accepted, returned, refused; and a pack."""
    sent = {
        "document": desk.upload(
            Role.HR,
            returned("attachment-4", SCHOOL, "pdf", end_date="2028-12-31", ethnicity=""),
            "附件4_待核对.pdf",
            unit=SCHOOL,
        ),
        "accepted": desk.upload(Role.HR, returned("attachment-5", SCHOOL), "附件5_已接收.xlsx", unit=SCHOOL),
        "returned": desk.upload(Role.HR, returned("attachment-3", SCHOOL), "附件3_退回.xlsx", unit=SCHOOL),
        "roster": desk.upload(Role.HR, returned("attachment-2", SCHOOL), "附件2_待核对.xlsx", unit=SCHOOL),
        "unsure": desk.upload(Role.HR, doubtful("attachment-3", SCHOOL), "附件3_有疑问.xlsx", unit=SCHOOL),
    }
    sent["ledger"] = desk.upload(Role.HR, workbook(), "名册.xlsx", form=LEDGER, unit=SCHOOL)
    desk.upload(Role.HR, NO_FORM, "来历不明的文件.docx")
    ids = {word: str(entry["id"]) for word, entry in sent.items()}
    for identity in ids.values():
        desk.wait(Role.HR, f"{API}/documents/{identity}", SETTLED)
    mended = {"entries": [{"path": MENDED, "value": "大学本科"}]}
    _expect(desk.call(Role.HR, "PATCH", f"{API}/documents/{ids['unsure']}/entries", mended))
    accepted = {"override": True, "reason": "已电话核实"}
    _expect(desk.call(Role.HR, "POST", f"{API}/documents/{ids['accepted']}/accept", accepted))
    _expect(desk.call(Role.HR, "POST", f"{API}/documents/{ids['returned']}/return", {"deadline": FAR_DAY}))
    pack = {"unit": SCHOOL, "with_errors": True, "pdf": False, "scans": False}
    ids["pack"] = str(json.loads(_expect(desk.call(Role.HR, "POST", f"{API}/packs", pack)))["id"])
    desk.wait(Role.HR, f"{API}/packs/{ids['pack']}", {"done"})
    district = desk.district
    return {
        **ids,
        "unit": district.units[SCHOOL],
        "department": district.units[DEPARTMENT],
        "account": district.accounts[Role.LIAISON],
        "day": DAY,
        "unit_name": SCHOOL,
        "department_name": DEPARTMENT,
    }


def _expect(answer: tuple[int, bytes]) -> bytes:
    status, body = answer
    assert status < 300, (status, body.decode())
    return body


def cookie_of(desk: Desk, role: Role) -> Mapping[str, str]:
    """The session of a role as a browser keeps it."""
    return {"name": COOKIE, "value": desk.sessions[role][0], "url": desk.server.address}
