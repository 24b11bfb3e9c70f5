"""Photos of one paper's pages over HTTP: sent as many files, entered and shown as one, and nothing of them lost."""

from __future__ import annotations

import hashlib
import io
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from PIL import Image, PngImagePlugin
from sqlalchemy import func, select

from service.runtime import Runtime
from service.store.tables import documents
from tests.service.making import filled, photographed, zip_of

URL = "/api/v1/documents"
HEIC = b"\0\0\0\x18ftypheic" + b"\0" * 40


def photo() -> bytes:
    """A small picture like no other."""
    target, said = io.BytesIO(), PngImagePlugin.PngInfo()
    said.add_text("Comment", uuid.uuid4().hex)
    Image.new("L", (30, 20), 200).save(target, "PNG", pnginfo=said)
    return target.getvalue()


def send(client: FlaskClient, *files: tuple[str, bytes], **fields: str) -> list[dict[str, Any]]:
    data = {"file": [(io.BytesIO(content), name) for name, content in files], "together": "1", **fields}
    answer = client.post(URL, data=data, content_type="multipart/form-data")
    assert answer.status_code == 202, answer.get_json()
    entries: list[dict[str, Any]] = answer.get_json()["documents"]
    return entries


def inside(client: FlaskClient, entry: dict[str, Any]) -> list[bytes]:
    """The photos that an original holds."""
    original = client.get(f"{entry['href']}/original", buffered=True).data
    with zipfile.ZipFile(io.BytesIO(original)) as archive:
        return [archive.read(name) for name in archive.namelist()[1:]]


def test_a_photographed_roster_is_one_document_with_its_pages_in_order(
    client: FlaskClient, work: Callable[[], None]
) -> None:
    pages = photographed("attachment-3")
    shots = list(enumerate(pages))[::-1]
    (entry,) = send(client, *((f"IMG_{number}.png", page) for number, page in shots))
    work()
    body = client.get(entry["href"]).get_json()
    assert body["state"] == "read"
    (document,) = body["documents"]
    assert document["pages"] == [number + 1 for number, _ in shots]
    assert [record["no"]["value"] for record in document["records"]] == [1, 2, 3, 4, 5]
    for number in document["pages"]:
        shown = client.get(f"{entry['href']}/pages/{number}.png")
        assert Image.open(io.BytesIO(shown.data)).size[0] > 1000
    assert client.get(f"{entry['href']}/pages/{len(pages) + 1}.png").status_code == 404
    assert inside(client, entry) == [page for _, page in shots]


def test_only_photos_are_put_together_those_of_each_zip_by_themselves(
    client: FlaskClient, shared_runtime: Runtime
) -> None:
    loose, packed = [photo(), photo()], [photo(), photo(), photo()]
    office, lone = filled("attachment-4"), photo()
    entries = send(
        client,
        ("一.png", loose[0]),
        ("卡片.docx", office),
        ("手机.heic", HEIC),
        ("包.zip", zip_of(**{"a.png": packed[0], "b.png": packed[1], "c.png": packed[2], "说明.docx": b"no form"})),
        ("二.png", loose[1]),
        ("独.zip", zip_of(**{"独.png": lone})),
    )
    names = ["一等2张照片.zip", "卡片.docx", "手机.heic", "a等3张照片.zip", "说明.docx", "独.png"]
    assert [entry["file"] for entry in entries] == names
    codes = [entry["problem"] and entry["problem"]["code"] for entry in entries]
    assert codes == [None, None, "format-unsupported", None, "content-mismatch", None]
    assert inside(client, entries[0]) == loose
    assert inside(client, entries[3]) == packed
    singles = {hashlib.sha256(content).hexdigest() for content in (*loose, *packed)}
    assert not singles & set(shared_runtime.blobs.hashes()), "no photo is kept a second time by itself"


def test_the_same_photos_again_are_no_second_document(client: FlaskClient, shared_runtime: Runtime) -> None:
    shots = [("一.png", photo()), ("二.png", photo())]
    (first,) = send(client, *shots)
    (again,) = send(client, *shots)
    assert (again["id"], again["duplicate"]) == (first["id"], True)
    with shared_runtime.database.transaction() as connection:
        asked = select(func.count()).select_from(documents).where(documents.c.sha256 == first["sha256"])
        assert connection.execute(asked).scalar_one() == 1


def test_without_the_wish_each_photo_is_a_document_and_another_word_is_refused(client: FlaskClient) -> None:
    assert len(send(client, ("一.png", photo()), ("二.png", photo()), together="0")) == 2
    data = {"file": [(io.BytesIO(photo()), "一.png")], "together": "ja"}
    answer = client.post(URL, data=data, content_type="multipart/form-data")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad-parameter")
