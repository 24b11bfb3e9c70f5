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
