"""Received files in a store that speaks S3, read through a local folder.

A file is written beside the local folder first, then sent with its SHA-256, which the store compares before the object
appears: half an object is never seen. What is read comes into the local folder once and is compared with its name.
"""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from service.store.blobs import RESERVE, SHOWN_HASH, Blob, BlobStore, hash_of
from service.store.errors import BlobAddressError, BlobDamagedError, BlobStoreAwayError, StorageFullError
from service.store.sealing.files import HEAD_BYTES, FileKeys, key_number, key_of

FULL = frozenset({"InsufficientStorage", "QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "507"})
ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
EMPTY = frozenset({"416", "InvalidRange"})
KEPT_SECONDS = 7 * 24 * 3600.0
"""A local copy that was not read for so long is removed; it is fetched again when it is needed."""
CONNECT_SECONDS = 5
READ_SECONDS = 60
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class S3Address:
    """Where the store is: ``place`` is ``s3://bucket/prefix``."""

    place: str
    endpoint: str = ""
    region: str = "us-east-1"
    key: str = ""
    secret: str = field(default="", repr=False)

    @property
    def bucket(self) -> str:
        """The bucket.

        Raises:
            BlobAddressError: ``place`` names none.
        """
        parts = urlsplit(self.place)
        if parts.scheme != "s3" or not parts.netloc:
            raise BlobAddressError
        return parts.netloc

    @property
    def prefix(self) -> str:
        """What stands before each name, empty or with a slash at its end."""
        path = urlsplit(self.place).path.strip("/")
        return f"{path}/" if path else ""


class S3BlobStore(BlobStore):
    """Objects named by their hash. ``root`` is the local folder for what comes in and what was read."""

    def __init__(self, root: Path, address: S3Address, reserve: int = RESERVE, keys: FileKeys | None = None) -> None:
        super().__init__(root, reserve, keys)
        self._bucket, self._prefix = address.bucket, address.prefix
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=address.endpoint or None,
            region_name=address.region,
            aws_access_key_id=address.key or None,
            aws_secret_access_key=address.secret or None,
            config=Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"max_attempts": ATTEMPTS, "mode": "standard"},
                s3={"addressing_style": "path" if address.endpoint else "auto"},
            ),
        )

    def _name(self, sha256: str) -> str:
        return f"{self._prefix}{sha256[:2]}/{sha256}"

    def path(self, sha256: str) -> Path:
        """The local copy of the file; it is brought here, and compared with its hash, where it is not here yet."""
        local = self._local(sha256)
        if not local.is_file() or self._is_outdated(local):
            self._bring(sha256)
        return local

    def _is_outdated(self, local: Path) -> bool:
        """Whether a copy is sealed with a key that is gone: the object was sealed anew since."""
        number = key_of(local)
        return self.keys is not None and number is not None and self.keys.find(number) is None

    def _bring(self, sha256: str) -> None:
        try:
            with _faults():
                answer = self._client.get_object(Bucket=self._bucket, Key=self._name(sha256))
                part = self.write_raw(answer["Body"].iter_chunks(1 << 20))
        except FileNotFoundError:
            return
        if not self.is_whole(part, sha256):
            part.unlink()
            raise BlobDamagedError(sha256=sha256[:SHOWN_HASH])
        super()._name_part(part, sha256)

    def has(self, sha256: str) -> bool:
        """Whether the store has an object of that name."""
        try:
            with _faults():
                self._client.head_object(Bucket=self._bucket, Key=self._name(sha256))
        except FileNotFoundError:
            return False
        return True

    def settle(self, part: Path, blob: Blob) -> None:
        """Send a written part to the store; its copy stays here."""
        if self.has(blob.sha256):
            part.unlink()  # brought here again when somebody reads it
        else:
            self._name_part(self._as_of_now(part, blob), blob.sha256)

    def _name_part(self, part: Path, sha256: str) -> None:
        if not self.is_whole(part, sha256):
            part.unlink()
            raise BlobDamagedError(sha256=sha256[:SHOWN_HASH])
        checksum = b64encode(bytes.fromhex(hash_of(part))).decode()
        with part.open("rb") as body, _faults():
            where = {"Bucket": self._bucket, "Key": self._name(sha256)}
            length = part.stat().st_size
            self._client.put_object(**where, Body=body, ContentLength=length, ChecksumSHA256=checksum)
        super()._name_part(part, sha256)

    def key_number(self, sha256: str) -> int | None:
        """With which key the object is sealed; ``None``: it is plain, or not there."""
        try:
            with _faults():
                where = {"Bucket": self._bucket, "Key": self._name(sha256)}
                answer = self._client.get_object(**where, Range=f"bytes=0-{HEAD_BYTES - 1}")
                return key_number(answer["Body"].read())
        except FileNotFoundError:
            return None

    def hashes(self) -> Iterator[str]:
        """The hashes of all objects, in their order."""
        pages = self._client.get_paginator("list_objects_v2")
        with _faults():
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix):
                yield from (item["Key"].rpartition("/")[2] for item in page.get("Contents", ()))

    def damaged(self) -> Iterator[str]:
        """The hashes whose objects no longer have that content; each is fetched anew."""
        for sha256 in self.hashes():
            self._local(sha256).unlink(missing_ok=True)
            try:
                self.path(sha256).unlink(missing_ok=True)
            except BlobDamagedError:
                yield sha256

    def kept_at(self, sha256: str) -> float:
        """When the store says that the object came; of one that is not there, now."""
        try:
            with _faults():
                found = self._client.head_object(Bucket=self._bucket, Key=self._name(sha256))
        except FileNotFoundError:
            return time.time()
        return float(found["LastModified"].timestamp())

    def remove(self, sha256: str) -> None:
        """Take the object and its local copy away."""
        with _faults():
            self._client.delete_object(Bucket=self._bucket, Key=self._name(sha256))
        super().remove(sha256)

    def sweep(self) -> int:
        """Remove what was interrupted, and local copies that nobody has read for long."""
        oldest = time.time() - KEPT_SECONDS
        unread = [path for path in self._root.glob("??/??/*") if path.stat().st_atime < oldest]
        for path in unread:
            path.unlink(missing_ok=True)
        return super().sweep() + len(unread)


@contextmanager
def _faults() -> Iterator[None]:
    """The store's errors as ours; an object that is not there as :class:`FileNotFoundError`."""
    try:
        yield
    except ClientError as fault:
        answer = fault.response
        codes = {str(answer.get("Error", {}).get("Code")), str(answer["ResponseMetadata"].get("HTTPStatusCode"))}
        if codes & FULL:
            raise StorageFullError from fault
        if codes & (ABSENT | EMPTY) and "NoSuchBucket" not in codes:
            raise FileNotFoundError from fault
        raise BlobStoreAwayError from fault
    except BotoCoreError as fault:
        raise BlobStoreAwayError from fault
