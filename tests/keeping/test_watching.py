"""What an administrator sees: logs without numbers, figures without names, weaknesses named, a scanner asked."""

from __future__ import annotations

import io
import json
import logging
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from service.application import create_app
from service.audit.events import Action
from service.logs import JsonLines, in_request, log_fields
from service.masking import hide
from service.operations.antivirus import ScanFailedError, is_answering, scan
from service.operations.health import last_time
from service.runtime import Runtime, open_runtime
from service.settings import Settings
from tests.keeping.conftest import NUMBER, Done, hand_in

BASE = "http://127.0.0.1:8000"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture
def client(runtime: Runtime) -> FlaskClient:
    return create_app(runtime).test_client()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged, as it would be written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def upload(client: FlaskClient, content: bytes, name: str = "a.pdf") -> Any:
    data = {"file": (io.BytesIO(content), name)}
    return client.post("/api/v1/documents", base_url=BASE, data=data, content_type="multipart/form-data")


def test_an_event_is_one_line_and_no_number_is_in_it(log: io.StringIO) -> None:
    logger = logging.getLogger("x")
    in_request("r1")
    logger.warning("名 %s\n2026 admin login ok", NUMBER)
    try:
        int(f"13900000017 {NUMBER}")
    except ValueError:
        logger.exception("broken")
    log_fields(logger, "done", file=f"{NUMBER}.pdf", seconds=1.5)
    in_request("")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["message"].split()[0] for line in lines] == ["名", "broken", "done"]
    assert {line["request_id"] for line in lines} == {"r1"}
    assert lines[2]["seconds"] == 1.5
    assert "ValueError" in lines[1]["trace"]
    assert NUMBER not in log.getvalue()
    assert "13900000017" not in log.getvalue()


def test_requests_are_logged_by_route_and_with_the_id_of_their_answer(client: FlaskClient, log: io.StringIO) -> None:
    answer = client.get(f"/api/v1/records?id_number={NUMBER}&form=none", base_url=BASE)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    told = next(line for line in lines if line["message"] == "request")
    assert (told["route"], told["method"], told["status"]) == ("/api/v1/records", "GET", answer.status_code)
    assert told["request_id"] == answer.get_json()["request_id"]
    assert NUMBER not in log.getvalue()


def test_figures_name_routes_states_and_kinds_and_nobody(runtime: Runtime, client: FlaskClient) -> None:
    hand_in(runtime, b"paper")
    upload(client, PDF, f"{NUMBER}.pdf")
    client.get("/api/v1/nothing", base_url=BASE)
    figures = client.get("/metrics", base_url=BASE).get_data(as_text=True)
    assert 'service_requests_total{method="POST",route="/api/v1/documents",status="202"} 1.0' in figures
    assert 'service_requests_total{method="GET",route="-",status="404"} 1.0' in figures
    assert 'service_request_seconds_count{route="/api/v1/documents"} 1.0' in figures
    assert 'service_jobs{kind="read-document",state="queued"} 1.0' in figures
    assert 'service_documents{state="accepted"} 1.0' in figures
    assert "service_disk_free_bytes" in figures
    assert "service_queue_age_seconds" in figures
    for secret in (NUMBER, "张三", "第一中学"):
        assert secret not in figures


def test_what_is_weak_is_told_until_it_is_mended(
    runtime: Runtime, client: FlaskClient, admin: Callable[..., Done], tmp_path: Path
) -> None:
    before = client.get("/readyz", base_url=BASE).get_json()["weak"]
    assert {"从未做过备份", "没有启用病毒扫描(HZFORMS_AV=off)"} <= set(before)
    assert admin("backup", tmp_path / "backup").code == 0
    assert admin("verify-store").code == 0
    after = client.get("/readyz", base_url=BASE).get_json()["weak"]
    assert not [line for line in after if "从未做过" in line]
    page = client.get("/health", base_url=BASE).get_data(as_text=True)
    assert "没有启用病毒扫描" in page
    assert "LibreOffice" in page
    with runtime.database.transaction() as connection:
        assert last_time(connection, Action.BACKUP) is not None
        connection.execute(text("drop trigger audit_event_no_update"))
        connection.execute(text("update audit_event set at = '2020-01-01T00:00:00.000+00:00' where action = 'backup'"))
    old = client.get("/readyz", base_url=BASE).get_json()["weak"]
    assert [line for line in old if line.startswith("上次备份是")]


def test_beside_a_birth_date_nothing_of_a_number_is_shown() -> None:
    assert hide("id_number", NUMBER) == "3***************16"
    assert hide("id_number", NUMBER, {"name", "birth_month"}) == "已隐藏"
    assert hide("phone", "13900000017", {"birth_month"}) == "1******0017"
    assert hide("text", f"见 {NUMBER}") != f"见 {NUMBER}"
    assert hide("id_number", "") == ""


@pytest.mark.parametrize("sex_known", [False, True])
def test_a_masked_number_leaves_a_thousand_candidates_at_least(sex_known: bool) -> None:  # noqa: FBT001  # a case
    """A row without a birth date: district known, all days of forty years, sequence numbers, the check character."""
    shown = hide("id_number", NUMBER)
    days = 40 * 365
    sequences = [number for number in range(1000) if not sex_known or number % 2 == int(NUMBER[16]) % 2]
    fitting = [number for number in sequences if str(number % 10) == shown[-2]]
    assert days * len(fitting) // 11 >= 1000
    assert shown[1:-2] == "*" * 15


class _Clamd(socketserver.BaseRequestHandler):
    """A daemon that speaks what ``man clamd`` documents of PING and INSTREAM."""

    def handle(self) -> None:
        line = self.request.makefile("rb")
        command = b"".join(iter(lambda: line.read(1), b"\0"))
        if command == b"zPING":
            self.request.sendall(b"PONG\0")
            return
        content = b""
        while size := struct.unpack(">I", line.read(4))[0]:
            content += line.read(size)
        if b"TOO-LARGE" in content:
            self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        elif EICAR in content:
            self.request.sendall(b"stream: Eicar-Test-Signature FOUND\0")
        else:
            self.request.sendall(b"stream: OK\0")


@pytest.fixture(params=["unix", "tcp"])
def clamd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a running scanner."""
    place = str(tmp_path / "clamd.ctl")
    server: socketserver.TCPServer | socketserver.UnixStreamServer = (
        socketserver.ThreadingUnixStreamServer(place, _Clamd)
        if request.param == "unix"
        else socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Clamd)
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield place if request.param == "unix" else f"127.0.0.1:{server.socket.getsockname()[1]}"
    server.shutdown()
    server.server_close()


def test_the_scanner_is_asked_over_its_socket(clamd: str, tmp_path: Path) -> None:
    paper = tmp_path / "paper"
    paper.write_bytes(b"x" * 200_000)
    assert is_answering(clamd)
    assert scan(paper, clamd) == ""
    paper.write_bytes(b"x" * 100_000 + EICAR)
    assert scan(paper, clamd) == "Eicar-Test-Signature"
    paper.write_bytes(b"TOO-LARGE")
    with pytest.raises(ScanFailedError):
        scan(paper, clamd)


def test_a_scanner_that_is_away_is_no_clean_verdict(tmp_path: Path) -> None:
    paper = tmp_path / "paper"
    paper.write_bytes(b"x")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
    for place in (address, str(tmp_path / "none.ctl")):
        assert not is_answering(place)
        with pytest.raises(ScanFailedError):
            scan(paper, place)


def runtime_with(settings: Settings, **changed: str) -> Runtime:
    return open_runtime(replace(settings, **changed))  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize("clamd", ["unix"], indirect=True)
@pytest.mark.parametrize(("mode", "status"), [("block", 422), ("flag", 202), ("off", 202)])
def test_a_found_file_is_refused_flagged_or_not_looked_at(
    settings: Settings, clamd: str, mode: str, status: int
) -> None:
    runtime = runtime_with(settings, av=mode, av_socket=clamd)
    client = create_app(runtime).test_client()
    assert upload(client, PDF).status_code == 202
    answer = upload(client, PDF + EICAR)
    assert answer.status_code == status
    if mode == "block":
        assert answer.get_json()["code"] == "malware-found"
    with runtime.database.transaction() as connection:
        query = text("select result, details from audit_event where action = 'malware'")
        noted = connection.execute(query).all()
    assert [row.result for row in noted] == {"block": ["refused"], "flag": ["failed"], "off": []}[mode]
    assert all("Eicar" in row.details for row in noted)
    runtime.close()


def test_without_a_verdict_blocking_takes_nothing(settings: Settings, tmp_path: Path) -> None:
    runtime = runtime_with(settings, av="block", av_socket=str(tmp_path / "none.ctl"))
    answer = upload(create_app(runtime).test_client(), PDF)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "virus-scan-failed")
    runtime.close()
