"""Files as they arrive: named, looked at from outside, and bundles taken apart, before anything is entered."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from forms.errors import FormServiceError
from parsers.errors import DocumentError, EmptyFileError, NestedArchiveError
from parsers.fence import Fence
from parsers.filenames import INVISIBLE, display_name
from parsers.sniffing import FileFormat, sniff
from service.operations.bundles import unpack
from service.store.blobs import Blob, Staging

LONGEST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Received:
    """A file of a request: its name as sent (untrusted) and its bytes on disk, or why they were not taken."""

    name: str
    blob: Blob | None
    fault: FormServiceError | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file to enter: a name that may be shown, its bytes, and why it is refused if it is."""

    name: str
    blob: Blob | None = None
    fault: FormServiceError | None = None
    bundle: int | None = None
    """Which of the files that were sent it came in, counted from zero, if that is a bundle."""


def look_over(received: Iterable[Received], staging: Staging, fence: Fence, file_limit: int) -> Iterator[Arrival]:
    """The files that a request brought, those of a bundle one by one.

    Only the first bytes and the directory of a zip are read here; all else happens in the fenced child.
    """
    for number, item in enumerate(received):
        if item.blob is None:
            yield Arrival(harmless_name(item.name), fault=item.fault)
            continue
        for arrival, is_inner in _arrivals(item.name, item.blob, staging, fence, file_limit):
            yield replace(arrival, bundle=number) if is_inner else arrival


def _arrivals(sent: str, blob: Blob, staging: Staging, fence: Fence, file_limit: int) -> Iterator[tuple[Arrival, bool]]:
    """What a file that was sent is, or what is in it, and which of the two."""
    try:
        name = display_name(sent)
        with staging.opened(blob) as path:
            found = sniff(path, name)
    except FormServiceError as fault:
        yield Arrival(harmless_name(sent), blob, fault), False
        return
    if found is not FileFormat.ZIP:
        yield Arrival(name, blob), False
        return
    empty = True
    try:
        with staging.opened(blob) as path:
            for entry in unpack(fence, path, name, staging, file_limit):
                empty = False
                yield _of_bundle(entry.name, entry.blob, entry.fault, staging), True
    except DocumentError as fault:
        yield Arrival(name, blob, fault), False
        return
    if empty:
        yield Arrival(name, blob, EmptyFileError()), False


def _of_bundle(inner: str, blob: Blob | None, fault: FormServiceError | None, staging: Staging) -> Arrival:
    if blob is None:
        return Arrival(harmless_name(inner), fault=fault)
    try:
        name = display_name(inner)
        with staging.opened(blob) as path:
            if sniff(path, name) is FileFormat.ZIP:
                raise NestedArchiveError
    except FormServiceError as refused:
        return Arrival(harmless_name(inner), blob, refused)
    return Arrival(name, blob)


def harmless_name(sent: str) -> str:
    """The last part of a name without what cannot be seen: to speak of a file whose name is refused."""
    last = sent.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if unicodedata.category(char) not in INVISIBLE)[:LONGEST_SHOWN] or "未命名"
