"""Photos of one paper's pages, kept together as they arrive: what was sent as many files is entered as one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

from parsers.gate import photoset
from parsers.together import is_photo
from service.operations.arrivals import Arrival
from service.store.blobs import Blob, Staging

CHUNK = 1 << 20


def kept_together(arrivals: Iterable[Arrival], staging: Staging, limit: int) -> list[Arrival]:
    """The arrivals, their photos as one in the place of the first; those of a bundle by themselves.

    What is no photo, or was refused, stays an arrival of its own, and so does a lone photo.

    Raises:
        TooLargeUploadError: the photos have more than ``limit`` bytes together.
        StorageFullError: no room.
    """
    found = list(arrivals)
    sets: dict[int | None, list[int]] = {}
    for index, arrival in enumerate(found):
        if arrival.blob is not None and arrival.fault is None and _is_photo(arrival.name, arrival.blob, staging):
            sets.setdefault(arrival.bundle, []).append(index)
    joined = {places[0]: places for places in sets.values() if len(places) >= photoset.FEWEST}
    gone = {place for places in joined.values() for place in places[1:]}
    return [
        _joined([found[place] for place in joined[index]], staging, limit) if index in joined else arrival
        for index, arrival in enumerate(found)
        if index not in gone
    ]


def _is_photo(name: str, blob: Blob, staging: Staging) -> bool:
    with staging.opened(blob) as path:
        return is_photo(path, name)


def _joined(photos: Sequence[Arrival], staging: Staging, limit: int) -> Arrival:
    blobs = [photo.blob for photo in photos if photo.blob is not None]
    names = [Path(photo.name).name for photo in photos]
    with tempfile.TemporaryFile(prefix="forms-photos-") as target:
        contents = (_content(blob, staging) for blob in blobs)
        photoset.write(zip(names, contents, strict=True), target)
        target.seek(0)
        blob = staging.put(iter(lambda: target.read(CHUNK), b""), limit)
    for single in blobs:
        staging.drop(single)
    return replace(photos[0], name=photoset.name_of(names[0], len(photos)), blob=blob)


@contextmanager
def _content(blob: Blob, staging: Staging) -> Iterator[IO[bytes]]:
    with staging.opened(blob) as path, path.open("rb") as content:
        yield content
