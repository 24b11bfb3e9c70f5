"""Files under their hash: kept whole or not at all."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.store.blobs import STALE_SECONDS, BlobStore
from service.store.errors import StorageFullError, TooLargeUploadError


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path, reserve=0)


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


@given(chunks=st.lists(st.binary(max_size=100), max_size=5))
def test_what_is_put_is_found_under_its_hash(tmp_path_factory: pytest.TempPathFactory, chunks: list[bytes]) -> None:
    store = BlobStore(tmp_path_factory.mktemp("blobs"), reserve=0)
    blob = store.put(chunks, 1000)
    content = b"".join(chunks)
    assert blob.sha256 == hashlib.sha256(content).hexdigest()
    assert (blob.size, store.path(blob.sha256).read_bytes()) == (len(content), content)
    assert store.put([content], 1000) == blob
    assert list(store.damaged()) == []


def test_a_file_over_the_limit_is_read_no_further_and_leaves_nothing(store: BlobStore, tmp_path: Path) -> None:
    read = []

    def endless() -> Iterator[bytes]:
        while True:
            read.append(1)
            yield b"x" * 10

    with pytest.raises(TooLargeUploadError):
        store.put(endless(), 35)
    assert len(read) == 4
    assert files(tmp_path) == []


def test_without_room_nothing_is_left(tmp_path: Path) -> None:
    store = BlobStore(tmp_path, reserve=1 << 60)
    with pytest.raises(StorageFullError):
        store.put([b"x"], 10)
    assert files(tmp_path) == []


def test_files_that_are_not_kept_together_are_not_kept_at_all(store: BlobStore, tmp_path: Path) -> None:
    with store.staging() as staging:
        staging.put([b"a"], 10)
        staging.put([b"b"], 10)
        assert len(files(tmp_path)) == 2
    assert files(tmp_path) == []


def test_a_changed_file_is_found(store: BlobStore) -> None:
    blob = store.put([b"x"], 10)
    store.path(blob.sha256).write_bytes(b"y")
    assert list(store.damaged()) == [blob.sha256]


def test_old_remains_of_uploads_are_swept_and_fresh_ones_are_not(store: BlobStore, tmp_path: Path) -> None:
    old, fresh = tmp_path / "incoming" / "old", tmp_path / "incoming" / "fresh"
    for path in (old, fresh):
        path.write_bytes(b"x")
    os.utime(old, (0, time.time() - STALE_SECONDS - 10))
    assert store.sweep() == 1
    assert files(tmp_path) == [fresh]
