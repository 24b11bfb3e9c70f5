"""Multipart bodies, streamed part by part to the disk.

The framework's own form parser drops a file whose name is not UTF-8 and answers as if nothing had been sent; old
Chinese clients send GBK. This one decodes such names, counts while it reads, and refuses a body that ends too early.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from flask import Request, request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from service.api.access import CSRF_FIELD, confirm_csrf
from service.api.errors import BadRequestError, NoFileReceivedError, TooManyPartsError, UnknownFieldError
from service.operations.antivirus import scanned
from service.operations.arrivals import Received, look_over
from service.operations.documents import UploadRequest, take_upload
from service.operations.photographed import kept_together
from service.runtime import Runtime
from service.store.blobs import Staging
from service.store.errors import TooLargeUploadError

MIB = 1024 * 1024
CHUNK = 64 * 1024
MOST_FIELD_BYTES = 500_000
LONGEST_NAME = 60
LONE_BACKSLASH = re.compile(r'\\(?!["\\])')
"""Part of a path of Windows; the framework would take it for the escape of the next character and drop it."""
HEADER_ENCODINGS = ("utf-8", "gb18030")


@dataclass(frozen=True, slots=True)
class Upload:
    """A whole multipart body."""

    files: tuple[Received, ...]
    fields: dict[str, str] = field(default_factory=dict)


def take_request(parts: Runtime, key: str | None = None) -> tuple[int, dict[str, Any]]:
    """The returned files of the current request, entered. Returns the answer's status and body.

    Raises:
        FormServiceError: the request as a whole cannot be used; nothing of it was kept.
    """
    limit = parts.settings.request_limit_mib * MIB
    with parts.blobs.staging() as staging:
        upload = receive(
            request,
            staging,
            file_limit=limit,
            most_files=parts.settings.upload_files,
            fields=frozenset({"form", "unit", "supersedes", "campaign", "together"}),
        )
        hint = upload.fields.get("form", "").strip()
        asked = UploadRequest(
            parts.catalogue.readable(hint).form if hint else None,
            upload.fields.get("unit", "").strip() or None,
            key,
            upload.fields.get("supersedes", "").strip() or None,
            upload.fields.get("campaign", "").strip() or None,
        )
        looked = look_over(upload.files, staging, parts.fence, limit)
        if _is_wished(upload.fields.get("together", "")):
            looked = iter(kept_together(looked, staging, limit))
        arrivals = list(scanned(looked, staging, parts.settings, parts.database))
        staging.keep()
    return take_upload(parts.database, arrivals, asked, parts.settings)


def _is_wished(said: str) -> bool:
    """What a field that is a tick says.

    Raises:
        BadRequestError: it is neither yes nor no.
    """
    if said not in ("", "0", "1", "true", "false", "on"):
        raise BadRequestError(name="together", reason_zh="须为 1 或 0", reason_en="must be 1 or 0")
    return said in ("1", "true", "on")


class _Decoder(MultipartDecoder):
    """The sans-IO decoder, with part headers in UTF-8 or GB 18030."""

    def _parse_headers(self, data: bytes | bytearray) -> Headers:
        for encoding in HEADER_ENCODINGS:
            try:
                text = bytes(data).decode(encoding)
            except UnicodeDecodeError:
                continue
            return super()._parse_headers(LONE_BACKSLASH.sub(r"\\\\", text).encode())
        raise NoFileReceivedError


def receive(
    source: Request, staging: Staging, *, file_limit: int, most_files: int, fields: frozenset[str] = frozenset()
) -> Upload:
    """Write every file of the request to the disk and return what came.

    Raises:
        NoFileReceivedError: not multipart, cut short, or without any file.
        TooManyPartsError: more files or larger fields than the limits.
        UnknownFieldError: a text field that is none of ``fields``.
        StorageFullError: no room.
    """
    boundary = parse_options_header(source.headers.get("Content-Type", ""))[1].get("boundary", "")
    if source.mimetype != "multipart/form-data" or not boundary:
        raise NoFileReceivedError
    decoder = _Decoder(boundary.encode("latin-1", "replace"), max_parts=most_files + 20)
    events = _events(decoder, source.stream)
    files: list[Received] = []
    texts: dict[str, str] = {}
    for event in events:
        if isinstance(event, File):
            received = _stage_file(event, events, staging, file_limit)
            if received.name or (received.blob and received.blob.size):
                files.append(received)
            if len(files) > most_files:
                raise TooManyPartsError
        elif isinstance(event, Field):
            name = str(event.name or "")  # a part may come without a name, whatever its type says
            if name == CSRF_FIELD:
                confirm_csrf(_read_field(events))
                continue
            if name not in fields:
                raise UnknownFieldError(name=name[:LONGEST_NAME])
            texts[name] = _read_field(events)
    confirm_csrf(None)
    if not files:
        raise NoFileReceivedError
    return Upload(tuple(files), texts)


def _events(decoder: MultipartDecoder, stream: IO[bytes]) -> Iterator[Event]:
    try:
        while True:
            event = decoder.next_event()
            if isinstance(event, Epilogue):
                return
            if isinstance(event, NeedData):
                decoder.receive_data(stream.read(CHUNK) or None)
                continue
            yield event
    except RequestEntityTooLarge as fault:
        raise TooManyPartsError from fault
    except (ValueError, OSError) as fault:
        # The body ended, or the connection broke, before the last boundary.
        raise NoFileReceivedError from fault


def _parts(events: Iterator[Event]) -> Iterator[bytes]:
    for event in events:
        if isinstance(event, Data):
            if event.data:
                yield event.data
            if not event.more_data:
                return


def _stage_file(event: File, events: Iterator[Event], staging: Staging, limit: int) -> Received:
    parts = _parts(events)
    try:
        return Received(event.filename, staging.put(parts, limit))
    except TooLargeUploadError as fault:
        for _ in parts:  # the other files of the batch still follow
            pass
        return Received(event.filename, None, fault)


def _read_field(events: Iterator[Event]) -> str:
    content = bytearray()
    for part in _parts(events):
        content += part
        if len(content) > MOST_FIELD_BYTES:
            raise TooManyPartsError
    return content.decode("utf-8", "replace")
