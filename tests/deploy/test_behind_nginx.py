"""nginx with the file of deploy/ in front of the program: what it says is what both do, also with slow senders."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import json
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.journeys.server import ROOT, Server

NAME = "forms.example.gov.cn"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin")
ALLOWED = 2.0
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed (scripts/setup --dev does)")


def certificate(folder: Path) -> None:
    """A key and a certificate for that name, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    day = dt.timedelta(days=1)
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - day)
        .not_valid_after(today + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    (folder / "chain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Server, Path]]:
    """The port of nginx, the program behind it, and the folder of both."""
    folder = tmp_path_factory.mktemp("proxied")
    settings = {"proxies": "1", "hosts": NAME, "sign_in": "always", "slow_seconds": str(ALLOWED), "slow_bytes": "1000"}
    # its own name too, for the look whether it has started
    server = Server(folder / "data", "--no-worker", **{**settings, "hosts": f"{NAME},127.0.0.1"})
    certificate(folder)
    secure, plain = free_port(), free_port()
    text = (ROOT / "deploy/nginx/forms.conf").read_text(encoding="utf-8")
    for said, here in (
        ("listen 443 ssl http2", f"listen 127.0.0.1:{secure} ssl http2"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("/etc/ssl/forms/", f"{folder}/"),
        ("/var/log/nginx/", f"{folder}/"),
        ("http://127.0.0.1:8000", server.address),
    ):
        assert said in text, said
        text = text.replace(said, here)
    own = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    paths = "".join(f"{name}_temp_path {folder}/{name};\n" for name in own)
    conf = folder / "nginx.conf"
    log = f"error_log {folder}/error.log;\npid {folder}/pid;\ndaemon off;\nmaster_process off;\n"
    conf.write_text(f"{log}events {{}}\nhttp {{\naccess_log off;\n{paths}{text}\n}}\n", encoding="utf-8")
    assert NGINX is not None
    subprocess.run([NGINX, "-t", "-q", "-c", conf, "-p", folder], check=True)
    running = subprocess.Popen([NGINX, "-c", conf, "-p", folder])
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", secure), 1):
            break
        time.sleep(0.05)
    yield secure, server, folder
    running.terminate()
    running.wait(10)
    server.stop()


def trust(folder: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(folder / "chain.pem"))


def secured(port: int, folder: Path) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", port), 10)
    return trust(folder).wrap_socket(plain, server_hostname=NAME)


def ask(port: int, folder: Path, head: str, body: bytes = b"", **headers: str) -> tuple[http.client.HTTPResponse, Any]:
    with secured(port, folder) as line:
        lines = [
            head,
            f"Host: {NAME}",
            "Connection: close",
            *(f"{name.replace('_', '-')}: {text}" for name, text in headers.items()),
        ]
        line.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        answer = http.client.HTTPResponse(line)
        answer.begin()
        return answer, answer.read()


def test_it_is_reached_by_its_name_over_tls_and_says_so(proxy: tuple[int, Server, Path]) -> None:
    port, _, folder = proxy
    answer, body = ask(port, folder, "GET /healthz HTTP/1.1")
    assert (answer.status, json.loads(body)["status"]) == (200, "ok")
    assert answer.headers["Strict-Transport-Security"]
    assert answer.headers.get_all("X-Content-Type-Options") == ["nosniff"]
    old = ssl.create_default_context(cafile=str(folder / "chain.pem"))
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError), socket.create_connection(("127.0.0.1", port), 5) as plain:
        old.wrap_socket(plain, server_hostname=NAME)


def test_nobody_is_let_in_for_coming_from_this_machine(proxy: tuple[int, Server, Path]) -> None:
    port, _, folder = proxy
    answer, body = ask(port, folder, "GET /api/v1/documents HTTP/1.1", X_Forwarded_For="127.0.0.1")
    assert (answer.status, json.loads(body)["code"]) == (401, "sign-in-needed")


def test_what_is_asked_for_stands_in_no_log(proxy: tuple[int, Server, Path]) -> None:
    port, server, folder = proxy
    answer, _ = ask(port, folder, "GET /api/v1/records?id_number=320799198001010016&name=zhangsan HTTP/1.1")
    assert answer.status == 401
    # nginx writes its line once the answer has left, which may be after it was read here
    until = time.monotonic() + 10
    while "/api/v1/records 401" not in (folder / "forms.log").read_text(encoding="utf-8"):
        assert time.monotonic() < until, "nginx wrote no line of it"
        time.sleep(0.02)
    logs = [path.read_text(encoding="utf-8") for path in (folder / "forms.log", folder / "error.log", server.log)]
    assert not any("320799198001010016" in log or "zhangsan" in log for log in logs)


def test_cookies_are_for_tls_alone(proxy: tuple[int, Server, Path]) -> None:
    port, _, folder = proxy
    command = [sys.executable, "-m", "service", "admin", "users", "token", "--data", str(folder / "data")]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    token = re.search(r"[A-Za-z0-9_-]{20,}", told)
    assert token is not None
    password = "Kx7-mutong-yaozhi"
    said = {"token": token[0], "name": "xitong", "title": "系统甲", "password": password}
    body = json.dumps(said).encode()
    kind = {"Content_Type": "application/json", "Content_Length": str(len(body)), "Origin": f"https://{NAME}"}
    made, answered = ask(port, folder, "POST /api/v1/first-account HTTP/1.1", body, **kind)
    assert made.status in (200, 201), answered
    body = json.dumps({"name": "xitong", "password": password}).encode()
    kind["Content_Length"] = str(len(body))
    answer, answered = ask(port, folder, "POST /api/v1/sign-in HTTP/1.1", body, **kind)
    assert answer.status == 200, answered
    (cookie,) = answer.headers.get_all("Set-Cookie") or []
    assert {"secure", "httponly", "samesite=lax"} <= {part.strip().lower() for part in cookie.split(";")}


def test_a_body_over_the_limit_is_answered_by_the_program_and_one_far_over_by_nginx(
    proxy: tuple[int, Server, Path],
) -> None:
    port, _, folder = proxy
    kind = f"multipart/form-data; boundary={uuid.uuid4().hex}"
    for mib, form in ((205, "application/problem+json"), (300, "text/html")):
        answer, _ = ask(
            port, folder, "POST /api/v1/documents HTTP/1.1", Content_Type=kind, Content_Length=str(mib << 20)
        )
        assert (answer.status, answer.headers.get_content_type()) == (413, form)


def test_a_slow_sender_behind_it_is_answered_and_costs_nobody_else_anything(proxy: tuple[int, Server, Path]) -> None:
    port, _, folder = proxy
    head = f"POST /api/v1/sign-in HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: application/json\r\n"
    head += "Content-Length: 5000\r\n\r\n"
    lines = [secured(port, folder) for _ in range(30)]
    try:
        for line in lines:
            line.sendall(head.encode() + b"{")
        began = time.monotonic()
        assert ask(port, folder, "GET /healthz HTTP/1.1")[0].status == 200
        assert time.monotonic() - began < 2, "thirty slow ones keep nobody waiting"
        ended = 0
        for line in lines:
            line.settimeout(ALLOWED + 10)
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                said = line.recv(65536)
                assert said == b"" or said.startswith((b"HTTP/1.1 408", b"HTTP/1.1 502", b"HTTP/1.1 400"))
            ended += 1
        assert ended == len(lines)
        assert time.monotonic() - began < ALLOWED + 10
    finally:
        for line in lines:
            line.close()
