"""A form goes all its ways through the service; afterwards its numbers stand nowhere in the database or the log."""

from __future__ import annotations

import io
import json
import logging
import re
from pathlib import Path

from service.application import create_app
from service.jobs.worker import run_next
from service.logs import JsonLines
from service.runtime import Runtime
from service.store.records import AcceptedForm, keep_accepted
from tests.keeping.conftest import NUMBER, hand_in
from tests.service.making import data_of, filled

BASE = "http://127.0.0.1:8000"
API = f"{BASE}/api/v1"


def numbers_of(form: str) -> set[str]:
    plain = json.dumps(data_of(form), ensure_ascii=False)
    return set(re.findall(r"\d{17}[0-9X]", plain)) | set(re.findall(r"(?<!\d)1\d{10}(?!\d)", plain))


def test_no_number_that_came_in_is_readable_afterwards(runtime: Runtime) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    numbers = numbers_of("attachment-2")
    assert len(numbers) > 3
    one = next(number for number in sorted(numbers) if len(number) == 18)
    client = create_app(runtime).test_client()
    data = {"file": (io.BytesIO(filled("attachment-2")), f"{one}.xlsx"), "unit": "第一中学"}
    headers = {"Idempotency-Key": f"key-{one}"}
    answer = client.post(f"{API}/documents", data=data, headers=headers, content_type="multipart/form-data")
    identity = answer.get_json()["documents"][0]["id"]
    while run_next(runtime):
        pass
    read = client.get(f"{API}/documents/{identity}").get_json()
    assert one in json.dumps(read), "whoever may see it does"
    entry = {"path": "records[0].note", "value": f"见 {one}", "reason": f"核对 {one}"}
    assert client.patch(f"{API}/documents/{identity}/entries", json=[entry]).status_code == 200
    assert client.post(f"{API}/documents/{identity}/accept", json={"override": True, "reason": one}).status_code == 200
    while run_next(runtime):
        pass
    listed = client.get(f"{API}/records?id_number={one}")
    assert listed.get_json()["total"] == 1
    assert one not in listed.get_data(as_text=True)
    assert client.get(f"{API}/records.xlsx").status_code == 200
    assert client.post(f"{API}/forms/attachment-2/fills", json=data_of("attachment-2")).status_code == 200
    client.get(f"{API}/documents/{one}")
    logging.getLogger().removeHandler(handler)
    runtime.close()
    folder = runtime.settings.data_dir
    kept = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    assert "第一中学".encode() in kept
    for number in numbers:
        assert number.encode() not in kept
        assert number not in written.getvalue()
    assert Path(folder, "service.db").is_file()


def test_a_number_that_is_searched_stands_in_no_address(runtime: Runtime) -> None:
    identity, _ = hand_in(runtime, b"paper")
    person = {"name": {"value": "张三", "code": None}, "id_number": {"value": NUMBER, "code": None}}
    with runtime.database.transaction() as connection:
        keep_accepted(connection, identity, [AcceptedForm(1, "attachment-1", "r1", "第二中学", {}, [], [person])], "甲")
    client = create_app(runtime).test_client()
    found = client.post(f"{API}/records/search?unit=第二中学", json={"id_number": NUMBER.lower()})
    assert found.get_json()["total"] == 1
    assert NUMBER not in found.get_data(as_text=True)
    wrong = client.post(f"{API}/records/search", json={"id_number": NUMBER, "role": "x"})
    assert (wrong.status_code, wrong.get_json()["code"]) == (422, "unknown-field")
    form = {"id_number": NUMBER, "unit": "第二中学", "q": ""}
    page = client.post(f"{BASE}/records", data=form)
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "张三" in text
    assert not [address for address in re.findall(r'(?:href|action)="([^"]*)"', text) if NUMBER in address]
    asked_with_number = re.findall(r'<form action="/records" method="(\w+)"[^>]*>[^\n]*name="id_number"', text)
    assert asked_with_number == ["post"], "to see the whole number it goes on in the body"
    shown = client.post(f"{BASE}/records", data={**form, "unmask": "1", "reason": "核对"}).get_data(as_text=True)
    assert f'<td class="tight">{NUMBER}</td>' in shown
    plain = client.post(f"{BASE}/records", data={"unit": "第二中学", "id_number": " "})
    assert (plain.status_code, plain.headers["Location"].partition("?")[0]) == (303, "/records")
