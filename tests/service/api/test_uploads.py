"""``POST /documents``: what arrives, under which names, and what is said of what cannot be read."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from service.application import create_app
from service.runtime import Runtime
from service.store.jobs import claim, finish
from service.store.tables import documents
from tests.service.making import another, filled, zip_of

URL = "/api/v1/documents"
BOUNDARY = "----abc123"


def send(
    client: FlaskClient, *files: tuple[bytes, str], headers: dict[str, str] | None = None, **fields: str
) -> TestResponse:
    data: dict[str, Any] = {"file": [(io.BytesIO(content), name) for content, name in files], **fields}
    return client.post(URL, data=data, headers=headers, content_type="multipart/form-data")


def raw(client: FlaskClient, body: bytes, **more: Any) -> TestResponse:
    return client.post(URL, data=body, content_type=f"multipart/form-data; boundary={BOUNDARY}", **more)


def part(name: bytes, content: bytes = b"%PDF-1.4 x") -> bytes:
    head = b'Content-Disposition: form-data; name="file"; filename="' + name + b'"\r\nContent-Type: a/b\r\n\r\n'
    return f"--{BOUNDARY}\r\n".encode() + head + content + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()


def rows(runtime: Runtime) -> int:
    with runtime.database.transaction() as connection:
        return int(connection.execute(select(func.count()).select_from(documents)).scalar_one())


def test_a_returned_form_is_read_and_its_original_comes_back_unchanged(
    client: FlaskClient, work: Callable[[], None]
) -> None:
    content = filled("attachment-4")
    answer = send(client, (content, "附件4_退回.docx"), unit="海州区民政局")
    assert answer.status_code == 202
    (entry,) = answer.get_json()["documents"]
    assert entry["file"] == "附件4_退回.docx"
    assert entry["problem"] is None
    assert client.get(entry["href"]).get_json()["state"] == "received"
    work()
    body = client.get(entry["href"]).get_json()
    assert body["state"] == body["status"] == "read"
    assert body["file"] == "附件4_退回.docx"
    assert body["unit"] == "海州区民政局"
    assert body["documents"][0]["form"] == "attachment-4"
    assert body["documents"][0]["records"][0]["name"]["value"]
    original = client.get(f"{entry['href']}/original", buffered=True)
    assert original.data == content
    assert original.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in original.headers["Content-Security-Policy"]
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"/api/v1/jobs/{entry['job']}").get_json()["state"] == "done"


def test_a_document_whose_job_was_cancelled_says_so_and_stays_so(
    client: FlaskClient, work: Callable[[], None], shared_runtime: Runtime
) -> None:
    work()  # what other tests left
    (entry,) = send(client, (another(filled("attachment-4")), "附件4.docx")).get_json()["documents"]
    with shared_runtime.database.transaction() as connection:
        claimed = claim(connection)
    stopped = client.delete(f"/api/v1/jobs/{entry['job']}").get_json()
    assert (stopped["state"], stopped["problem"]["code"]) == ("cancelled", "job-cancelled")
    assert claimed is not None
    with shared_runtime.database.transaction() as connection:
        assert not finish(connection, claimed, "done")  # a worker that had it under way changes nothing any more
    work()
    document = client.get(entry["href"]).get_json()
    assert (document["state"], document["problem"]["code"]) == ("failed", "job-cancelled")
    assert document["documents"] == []
    assert client.get(f"{entry['href']}/original", buffered=True).status_code == 200
    assert client.get(f"/documents/{entry['id']}").status_code == 200


def test_a_job_that_has_ended_cannot_be_cancelled(client: FlaskClient, work: Callable[[], None]) -> None:
    (entry,) = send(client, (another(filled("attachment-4")), "附件4.docx")).get_json()["documents"]
    work()
    assert client.delete(f"/api/v1/jobs/{entry['job']}").get_json()["state"] == "done"
    assert client.get(entry["href"]).get_json()["state"] == "read"


def test_a_file_that_is_no_form_is_a_result_and_the_others_of_the_batch_are_read(
    client: FlaskClient, work: Callable[[], None]
) -> None:
    answer = send(client, (b"just text", "说明.docx"), (filled("attachment-2"), "附件2.xlsx"), (b"", "空.pdf"))
    assert answer.status_code == 202
    wrong, good, empty = answer.get_json()["documents"]
    assert wrong["problem"]["code"] == "content-mismatch"
    assert empty["problem"]["code"] == "empty-file"
    assert good["problem"] is None
    work()
    assert client.get(good["href"]).get_json()["state"] == "read"
    refused = client.get(wrong["href"]).get_json()
    assert refused["state"] == "failed"
    assert refused["problem"]["code"] == "content-mismatch"
    assert client.get(f"{wrong['href']}/original", buffered=True).data == b"just text"


@pytest.mark.parametrize(
    ("content", "name", "status", "code"),
    [
        (b"", "空.docx", 422, "empty-file"),
        (b"\xef\xbb\xbf", "只有BOM.docx", 422, "empty-file"),
        (b"hello", "文字.docx", 415, "content-mismatch"),
        (b"MZ\x90\x00" + b"x" * 100, "程序.pdf", 415, "content-mismatch"),
        (b"<html><body>x</body></html>", "网页.doc", 415, "content-mismatch"),
        (b"PK\x03\x04 broken", "坏.docx", 422, "file-damaged"),
        (b"%PDF-1.4", "报表\u202exfdp.pdf", 422, "bad-filename"),
        (b"%PDF-1.4", "a\u200bb.pdf", 422, "bad-filename"),
    ],
)
def test_a_single_file_that_is_refused_is_answered_with_its_problem(
    client: FlaskClient, content: bytes, name: str, status: int, code: str
) -> None:
    answer = send(client, (content, name))
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    body = answer.get_json()
    assert body["code"] == code
    assert body["message_zh"]
    assert body["message_en"]
    assert body["documents"][0]["state"] == "rejected"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("C:\\报表\\a.pdf", "a.pdf"),
        ("%2e%2e%2fx.pdf", "%2e%2e%2fx.pdf"),
        ("干部任免审批表.pdf", "干部任免审批表.pdf"),
        ("=?utf-8?Q?=2E=2E=2Fx?=.pdf", "=?utf-8?Q?=2E=2E=2Fx?=.pdf"),
    ],
)
def test_a_name_is_shown_and_never_a_path(client: FlaskClient, sent: str, shown: str) -> None:
    (entry,) = raw(client, part(sent.encode()) + END).get_json()["documents"]
    assert entry["file"] == shown
    disposition = client.get(f"{entry['href']}/original", buffered=True).headers["Content-Disposition"]
    assert "\n" not in disposition
    assert disposition.isascii()


def test_a_name_in_gbk_is_understood(client: FlaskClient) -> None:
    answer = raw(client, part("借用人员审批表.pdf".encode("gbk")) + END)
    assert answer.status_code == 202
    assert answer.get_json()["documents"][0]["file"] == "借用人员审批表.pdf"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        END,
        part(b"a.pdf"),
        part(b"a.pdf", b"x" * 100_000)[:50_000],
        part(b"a.pdf") + part(b"b.pdf")[:60],
        b"--" + BOUNDARY.encode() + b"\r\nno header",
    ],
    ids=["nothing", "only-the-end", "no-end", "cut-in-a-file", "cut-in-a-head", "no-head"],
)
def test_a_body_that_is_cut_short_is_an_error_and_leaves_nothing(
    client: FlaskClient, shared_runtime: Runtime, body: bytes
) -> None:
    before = rows(shared_runtime)
    answer = raw(client, body)
    assert answer.status_code == 400
    assert answer.get_json()["code"] == "no-file-received"
    assert rows(shared_runtime) == before
    assert not list((shared_runtime.settings.data_dir / "blobs" / "incoming").iterdir())


def test_a_body_that_is_no_multipart_is_refused(client: FlaskClient) -> None:
    answer = client.post(URL, data=b"{}", content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "no-file-received")


def test_too_many_files_and_too_large_fields_are_refused(make_runtime: Callable[..., Runtime]) -> None:
    client = create_app(make_runtime(upload_files=3)).test_client()
    many = send(client, *[(b"%PDF-1.4 x", f"{number}.pdf") for number in range(4)])
    assert (many.status_code, many.get_json()["code"]) == (413, "too-many-parts")
    field = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="unit"\r\n\r\n{"x" * 600_000}\r\n'
    large = raw(client, part(b"a.pdf") + field.encode() + END)
    assert (large.status_code, large.get_json()["code"]) == (413, "too-many-parts")


def test_a_body_over_the_limit_is_refused_before_it_is_read(make_runtime: Callable[..., Runtime]) -> None:
    client = create_app(make_runtime(request_limit_mib=1)).test_client()
    answer = raw(client, part(b"a.pdf", b"%PDF-1.4" + b"x" * 2_000_000) + END)
    assert (answer.status_code, answer.get_json()["code"]) == (413, "too-large")
    assert "1 MiB" in answer.get_json()["message_zh"]


def test_a_field_nobody_asked_for_and_a_form_nobody_knows_are_refused(client: FlaskClient) -> None:
    unknown = send(client, (b"%PDF-1.4 x", "a.pdf"), unit_id="7")
    assert (unknown.status_code, unknown.get_json()["code"]) == (422, "unknown-field")
    nameless = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="%0A"\r\n\r\nx\r\n'
    assert raw(client, nameless.encode() + part(b"a.pdf") + END).get_json()["code"] == "unknown-field"
    form = send(client, (b"%PDF-1.4 x", "a.pdf"), form="附件9")
    assert (form.status_code, form.get_json()["code"]) == (404, "unknown-form")


def test_a_bundle_gives_a_document_for_each_entry_and_a_bad_entry_is_reported_alone(
    client: FlaskClient, work: Callable[[], None]
) -> None:
    bundle = zip_of(
        **{
            "退回/附件2.xlsx": filled("attachment-2"),
            "退回/内层.zip": zip_of(**{"a.pdf": b"%PDF-1.4 x"}),
            "../逃逸.docx": filled("attachment-4"),
            "空.docx": b"",
            "__MACOSX/._x": b"x",
            "退回/附件4.docx": filled("attachment-4"),
        }
    )
    answer = send(client, (bundle, "全部.zip"))
    assert answer.status_code == 202
    found = {entry["file"]: (entry["problem"] or {}).get("code") for entry in answer.get_json()["documents"]}
    assert found == {
        "附件2.xlsx": None,
        "内层.zip": "nested-archive",
        "逃逸.docx": "archive-invalid",
        "空.docx": "empty-file",
        "附件4.docx": None,
    }
    work()
    for entry in answer.get_json()["documents"]:
        if entry["problem"] is None:
            assert client.get(entry["href"]).get_json()["state"] == "read"


def test_the_same_key_twice_happens_once_and_another_body_is_a_conflict(
    client: FlaskClient, shared_runtime: Runtime
) -> None:
    key = {"Idempotency-Key": "upload-1"}
    first = send(client, (b"%PDF-1.4 x", "a.pdf"), headers=key)
    before = rows(shared_runtime)
    again = send(client, (b"%PDF-1.4 x", "a.pdf"), headers=key)
    assert (again.status_code, again.get_json()) == (first.status_code, first.get_json())
    assert rows(shared_runtime) == before
    other = send(client, (b"%PDF-1.4 y", "a.pdf"), headers=key)
    assert (other.status_code, other.get_json()["code"]) == (409, "idempotency-conflict")
    assert rows(shared_runtime) == before
    assert send(client, (b"%PDF", "a.pdf"), headers={"Idempotency-Key": "k" * 151}).status_code == 422


def test_the_same_key_at_the_same_moment_happens_once(app: Flask, shared_runtime: Runtime) -> None:
    before = rows(shared_runtime)
    answers: list[Any] = []
    start = threading.Barrier(6)

    def click() -> None:
        start.wait()
        answers.append(
            send(app.test_client(), (b"%PDF-1.4 z", "z.pdf"), headers={"Idempotency-Key": "双击"}).get_json()
        )

    threads = [threading.Thread(target=click) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows(shared_runtime) == before + 1
    assert len({answer["documents"][0]["id"] for answer in answers}) == 1


def test_a_full_disk_is_said_and_nothing_of_the_request_is_kept(make_runtime: Callable[..., Runtime]) -> None:
    runtime = make_runtime(reserve_mib=10**9)  # more than any disk has
    client = create_app(runtime).test_client()
    answer = send(client, (b"%PDF-1.4 x", "a.pdf"), (b"%PDF-1.4 y", "b.pdf"))
    assert (answer.status_code, answer.get_json()["code"]) == (507, "storage-full")
    assert rows(runtime) == 0
    left = [path for path in (runtime.settings.data_dir / "blobs").rglob("*") if path.is_file()]
    assert left == []
    assert client.get(URL).status_code == 200


def test_pages_are_counted_from_one_and_end_with_the_file(client: FlaskClient, work: Callable[[], None]) -> None:
    (entry,) = send(client, (filled("attachment-4", "pdf"), "附件4.pdf")).get_json()["documents"]
    work()
    picture = client.get(f"{entry['href']}/pages/1.png")
    assert picture.status_code == 200
    assert picture.content_type == "image/png"
    assert picture.data.startswith(b"\x89PNG")
    assert client.get(f"{entry['href']}/pages/2.png").status_code == 404
    assert client.get(f"{entry['href']}/pages/0.png").status_code == 404
    assert client.get(f"{entry['href']}/pages/1.png").data == picture.data


def test_a_picture_is_shown_without_where_and_with_what_it_was_taken(client: FlaskClient) -> None:
    photo, kept = Image.new("RGB", (120, 160), "white"), Image.Exif()
    kept[0x010F] = "CAMERA-OF-SOMEBODY"
    kept.get_ifd(0x8825)[2] = (34.0, 35.0, 36.0)
    whole = io.BytesIO()
    photo.save(whole, "JPEG", exif=kept)
    (entry,) = send(client, (whole.getvalue(), "手机.jpg")).get_json()["documents"]
    shown = client.get(f"{entry['href']}/pages/1.png")
    assert shown.status_code == 200
    with Image.open(io.BytesIO(shown.data)) as picture:
        assert not picture.getexif()
        assert set(picture.info) <= {"dpi"}
    assert b"CAMERA" not in shown.data


def test_a_name_with_markup_stays_a_name(client: FlaskClient) -> None:
    name = "<img src=x onerror=alert(1)>'\"&.pdf"
    answer = send(client, (b"%PDF-1.4 x", name), unit="<script>1</script>")
    href = answer.get_json()["documents"][0]["href"]
    for path in ("/", "/documents", href.replace("/api/v1", "")):
        page = client.get(path, headers={"Accept": "text/html"}).get_data(as_text=True)
        assert "<img src=x" not in page
        assert "<script>1" not in page
    given = client.get(f"{href}/original", buffered=True).headers["Content-Disposition"]
    assert given.startswith("attachment")
    assert "\n" not in given


def test_an_office_file_is_drawn_only_if_it_passed_the_gate(client: FlaskClient, work: Callable[[], None]) -> None:
    buffer = io.BytesIO(filled("attachment-4"))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"macro")
    sent = (buffer.getvalue(), "宏.docx"), (another(filled("attachment-4")), "好.docx")
    bad, good = send(client, *sent).get_json()["documents"]
    assert client.get(f"{good['href']}/pages/1.png").status_code == 404, "nothing is drawn before it was read"
    work()
    assert client.get(bad["href"]).get_json()["problem"]["code"] == "macro-not-allowed"
    assert client.get(f"{bad['href']}/pages/1.png").status_code == 404
    assert client.get(f"{good['href']}/pages/1.png").data.startswith(b"\x89PNG")


def test_an_unknown_document_is_not_found(client: FlaskClient) -> None:
    for place in ("", "/original", "/pages/1.png"):
        answer = client.get(f"{URL}/00000000-0000-4000-8000-000000000000{place}")
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not-found")
