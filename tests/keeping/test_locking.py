"""An exported list with a password: it opens with that alone, and nothing keeps the password."""

from __future__ import annotations

import io
import json
import logging
from dataclasses import replace
from pathlib import Path

import msoffcrypto
import openpyxl
import pytest
import pyzipper
from click.testing import CliRunner
from flask.testing import FlaskClient
from msoffcrypto.exceptions import InvalidKeyError
from openpyxl.workbook import Workbook
from sqlalchemy import text

from parsers.errors import EncryptedFileError
from parsers.gate.admission import admit
from service.access.errors import PasswordRefusedError
from service.application import create_app
from service.cli.main import service
from service.runtime import Runtime, open_runtime
from service.store.records import AcceptedForm, keep_accepted
from tests.keeping.conftest import NUMBER, hand_in
from tests.service.making import data_of

API = "http://127.0.0.1:8000/api/v1"
PASSWORD = "晨雾 Kite-47 石桥"


@pytest.fixture
def client(runtime: Runtime) -> FlaskClient:
    identity, _ = hand_in(runtime, b"paper")
    person = {"name": {"value": "张三", "code": None}, "id_number": {"value": NUMBER, "code": None}}
    with runtime.database.transaction() as connection:
        connection.execute(text("delete from record"))
        keep_accepted(connection, identity, [AcceptedForm(1, "attachment-1", "r1", "第二中学", {}, [], [person])], "甲")
    return create_app(runtime).test_client()


def opened(content: bytes, password: str) -> Workbook:
    """The workbook, by a library that decrypts it and compares its HMAC."""
    file, plain = msoffcrypto.OfficeFile(io.BytesIO(content)), io.BytesIO()
    file.load_key(password=password, verify_password=True)
    file.decrypt(plain, verify_integrity=True)
    return openpyxl.load_workbook(plain)


def test_a_file_with_a_password_opens_with_that_alone(client: FlaskClient, tmp_path: Path) -> None:
    answer = client.post(f"{API}/records.xlsx?plain=1&unmask=1&reason=上报", json={"password": PASSWORD})
    assert answer.status_code == 200, answer.get_json()
    content = answer.get_data()
    values = {cell for row in opened(content, PASSWORD).worksheets[0].iter_rows(values_only=True) for cell in row}
    assert {"张三", NUMBER} <= values
    assert NUMBER.encode() not in content
    for wrong in (PASSWORD[:-1], PASSWORD.lower()):
        with pytest.raises(InvalidKeyError):
            opened(content, wrong)
    path = tmp_path / "locked.xlsx"
    path.write_bytes(content)
    with pytest.raises(EncryptedFileError):
        admit(path, path.name)


def test_a_password_is_kept_nowhere(
    runtime: Runtime, client: FlaskClient, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = client.post("http://127.0.0.1:8000/records/export?plain=1", data={"password": PASSWORD})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert opened(answer.get_data(), PASSWORD).worksheets
    assert PASSWORD not in caplog.text
    with runtime.database.reading() as connection:
        (details,) = connection.scalars(text("select details from audit_event where action = 'export'"))
    assert (json.loads(details) if isinstance(details, str) else details)["password"] == "yes"
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()]
    assert kept == []


@pytest.mark.parametrize(
    "password", ["short-1A", "password1234", "a\u0007Bc-12345678", "\ud800Bc-12345678", "Ab-1" * 64]
)
def test_a_password_that_protects_nothing_is_refused(client: FlaskClient, password: str) -> None:
    body = json.dumps({"password": password})
    answer = client.post(f"{API}/records.xlsx?plain=1", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "password-refused")


@pytest.mark.parametrize(
    ("lock", "masked", "whole"), [("optional", 200, 200), ("whole", 200, 422), ("always", 422, 422)]
)
def test_a_password_is_demanded_where_that_is_set(
    runtime: Runtime, client: FlaskClient, lock: str, masked: int, whole: int
) -> None:
    assert client is not None
    other = open_runtime(replace(runtime.settings, export_lock=lock))
    try:
        asking = create_app(other).test_client()
        assert asking.get(f"{API}/records.xlsx?plain=1").status_code == masked
        assert asking.get(f"{API}/records.xlsx?plain=1&unmask=1&reason=上报").status_code == whole
        page = asking.get("http://127.0.0.1:8000/records").get_data(as_text=True)
        assert "导出并设打开密码" in page
        assert ('href="/api/v1/records.xlsx' in page) == (masked == 200)
    finally:
        other.close()


def test_the_command_line_asks_for_the_password_and_takes_it_from_no_argument(
    runtime: Runtime, client: FlaskClient, tmp_path: Path
) -> None:
    assert client is not None
    out = tmp_path / "记录.xlsx"
    where = ["--store", str(runtime.settings.data_dir), "--out", str(out)]
    done = CliRunner().invoke(service, ["export", "--plain", "--lock", *where], input=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    assert opened(out.read_bytes(), PASSWORD).worksheets
    assert CliRunner().invoke(service, ["export", "--plain", *where]).exit_code == 0
    assert openpyxl.load_workbook(out).worksheets


def test_a_pack_of_the_command_line_is_locked_too_and_the_same_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HZFORMS_DATA_DIR", str(tmp_path / "data"))
    data = tmp_path / "data.json"
    data.write_text(json.dumps(data_of("attachment-2")), encoding="utf-8")
    words = ["pack", "--data", str(data), "--no-pdf", "--out"]
    plain, locked = tmp_path / "open.zip", tmp_path / "locked.zip"
    assert CliRunner().invoke(service, [*words, str(plain)]).exit_code == 0
    typed = "Kite-47 brook\n" * 2
    done = CliRunner().invoke(service, [*words, str(locked), "--lock"], input=typed)
    assert done.exit_code == 0, done.output
    assert "Kite" not in done.output
    with pyzipper.AESZipFile(locked) as archive:
        archive.setpassword(b"Kite-47 brook")
        (entry,) = archive.infolist()
        assert (entry.filename, archive.read(entry)) == ("locked.zip", plain.read_bytes())
    monkeypatch.setenv("HZFORMS_EXPORT_LOCK", "whole")
    assert isinstance(CliRunner().invoke(service, [*words, str(plain)]).exception, PasswordRefusedError)
