"""One contract for both stores of files: a folder, and a store that speaks S3 in a process of its own, over HTTP."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest

from service.opening import open_blobs, open_database
from service.settings import Settings
from service.store.blobs import BlobStore
from service.store.database import Database
from service.store.errors import (
    BlobAddressError,
    BlobDamagedError,
    BlobStoreAwayError,
    NotFoundError,
    StorageFullError,
    TooLargeUploadError,
)
from service.store.s3_blobs import S3Address, S3BlobStore
from service.store.sealing.files import FileKeys

BUCKET = "papers"
Make = Callable[[], BlobStore]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A running S3 server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(address)
            client(address).create_bucket(Bucket=BUCKET)
            yield address
        finally:
            server.terminate()


def wait_for(address: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)


def client(address: str) -> Any:
    return boto3.client(
        "s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s"
    )


def s3(root: Path, address: str, prefix: str, keys: FileKeys | None = None) -> S3BlobStore:
    place = S3Address(f"s3://{BUCKET}/{prefix}", address, "us-east-1", "k", "s")
    return S3BlobStore(root, place, reserve=0, keys=keys)


@pytest.fixture(params=["folder", "folder-sealed", "s3", "s3-sealed"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Opens the same store anew, as another process would."""
    kind, _, is_sealed = str(request.param).partition("-")
    database = Database(tmp_path / "data" / "service.db")
    keys = FileKeys(database.vault, database.look_again, seals=True) if is_sealed else None
    roots = iter(range(100))
    if kind == "folder":
        yield lambda: BlobStore(tmp_path / "blobs", reserve=0, keys=keys)
    else:
        address = request.getfixturevalue("endpoint")
        yield lambda: s3(tmp_path / f"local{next(roots)}", address, tmp_path.name, keys)
    database.close()


def damage(store: BlobStore, sha256: str, tmp_path: Path, content: bytes) -> None:
    """Change the stored bytes behind the store's back."""
    if isinstance(store, S3BlobStore):
        store._client.put_object(Bucket=BUCKET, Key=store._name(sha256), Body=content)
        store._local(sha256).unlink(missing_ok=True)
    else:
        store.path(sha256).write_bytes(content)


def test_what_is_put_is_there_for_every_other_process(make: Make) -> None:
    blob = make().put([b"ab", b"c"], 10)
    other = make()
    assert blob.sha256 == hashlib.sha256(b"abc").hexdigest()
    assert other.has(blob.sha256)
    assert other.read(blob.sha256) == b"abc"
    assert other.path(blob.sha256).is_file()
    assert list(other.hashes()) == [blob.sha256]


def test_the_same_bytes_are_one_file(make: Make) -> None:
    first, second = make().put([b"same"], 10), make().put([b"same"], 10)
    assert first == second
    assert len(list(make().hashes())) == 1


def test_an_empty_file_is_a_file(make: Make) -> None:
    blob = make().put([], 10)
    assert make().read(blob.sha256) == b""


def test_what_is_not_kept_is_not_there(make: Make, tmp_path: Path) -> None:
    store = make()
    with store.staging() as staging:
        staged = staging.put([b"left"], 10)
    assert not make().has(staged.sha256)
    with pytest.raises(TooLargeUploadError):
        store.put([b"x" * 11], 10)
    assert list(make().hashes()) == []


def test_a_file_that_is_not_there_is_said_to_be(make: Make) -> None:
    store = make()
    absent = "0" * 64
    assert not store.has(absent)
    assert not store.path(absent).is_file()
    with pytest.raises(NotFoundError):
        store.open(absent)
    store.remove(absent)


@pytest.mark.parametrize("content", [b"abd", b"ab", b""], ids=["changed", "cut", "emptied"])
def test_damaged_bytes_are_never_given_out(make: Make, tmp_path: Path, content: bytes) -> None:
    store = make()
    good, bad = store.put([b"good"], 10), store.put([b"abc"], 10)
    damage(store, bad.sha256, tmp_path, content)
    with pytest.raises(BlobDamagedError):
        store.open(bad.sha256)
    with pytest.raises(BlobDamagedError):
        make().open(bad.sha256)
    assert list(make().damaged()) == [bad.sha256]
    assert make().read(good.sha256) == b"good"


def test_what_is_removed_is_gone(make: Make) -> None:
    store = make()
    blob, other = store.put([b"gone"], 10), store.put([b"stays"], 10)
    store.remove(blob.sha256)
    assert not make().has(blob.sha256)
    assert list(make().hashes()) == [other.sha256]


def test_an_upload_that_breaks_off_leaves_nothing(make: Make) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        make().put(broken(), 10)
    assert list(make().hashes()) == []


def test_bytes_are_synced_before_they_get_their_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    sync, replace = os.fsync, Path.replace

    def synced(number: int) -> None:
        done.append("sync")
        sync(number)

    def named(self: Path, to: Path) -> Path:
        done.append("name")
        return replace(self, to)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", named)
    BlobStore(tmp_path, reserve=0).put([b"x"], 10)
    assert done[:2] == ["sync", "name"]
    assert "sync" in done[2:], "the folder too"


def test_an_object_that_arrived_torn_is_never_given_out(tmp_path: Path, endpoint: str) -> None:
    """Neither when the disk spoilt it on the way there, nor when the store did."""
    store = s3(tmp_path / "local", endpoint, tmp_path.name)
    part, blob = store.write_part([b"whole"], 10)
    part.write_bytes(b"torn!")
    with pytest.raises(BlobDamagedError):
        store.settle(part, blob)
    assert not store.has(blob.sha256)
    client(endpoint).put_object(Bucket=BUCKET, Key=store._name(blob.sha256), Body=b"torn!")
    with pytest.raises(BlobDamagedError):
        s3(tmp_path / "other", endpoint, tmp_path.name).open(blob.sha256)


class _Full(BaseHTTPRequestHandler):
    """A store without room: it has nothing and takes nothing."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:  # the names that http.server calls
        self._answer(404, b"")

    def do_PUT(self) -> None:  # as above
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(507, b"<Error><Code>XMinioStorageFull</Code><Message>no room</Message></Error>")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as above
        pass


def test_a_full_store_is_told_as_one(tmp_path: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Full)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        store = s3(tmp_path, f"http://127.0.0.1:{server.server_port}", "x")
        with pytest.raises(StorageFullError):
            store.put([b"x"], 10)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_store_that_is_away_is_told_as_one(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(BlobStoreAwayError):
        s3(tmp_path, f"http://127.0.0.1:{port}", "x").put([b"x"], 10)


def test_the_setting_chooses_the_store(tmp_path: Path, endpoint: str) -> None:
    plain = Settings(data_dir=tmp_path)
    database = open_database(plain)
    assert type(open_blobs(plain, database)) is BlobStore
    chosen = Settings(
        data_dir=tmp_path, blobs=f"s3://{BUCKET}/{tmp_path.name}/set", s3_endpoint=endpoint, s3_key="k", s3_secret="s"
    )
    store = open_blobs(chosen, database)
    assert isinstance(store, S3BlobStore)
    assert store.put([b"x"], 10).sha256 in set(store.hashes())
    assert "s3_secret" not in repr(chosen)
    with pytest.raises(BlobAddressError):
        open_blobs(Settings(data_dir=tmp_path, blobs="ftp://x"), database)
    database.close()
