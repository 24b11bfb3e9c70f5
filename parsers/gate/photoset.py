"""Photos of the pages of one paper, kept as one file: a zip that says so, each picture as it came.

A clerk who photographs a roster has as many files as it has pages. Kept together they are read as the pages of one
file, whichever way they lie. The zip's first entry names its kind, as in OpenDocument (ODF 1.3 part 2, §3.3) and EPUB;
the pictures behind it are not packed and are numbered in their order, so that anyone can take them out again.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from io import BytesIO
from pathlib import Path, PurePath
from typing import IO

from parsers.errors import ArchiveInvalidError, DocumentError, TooLargeError, TooManyPagesError
from parsers.gate.archive import Archive, Part, opened
from parsers.gate.pages import check_picture
from parsers.limits import DEFAULT_LIMITS, MIB, FileLimits

KIND = "mimetype"
MIMETYPE = b"application/vnd.photographed-pages+zip"
FEWEST = 2
"""Pictures from which they are kept together."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The only time that is written: the same photos are the same file."""
_READABLE = 0o100644 << 16
_UNIX = 3


def name_of(first: str, count: int) -> str:
    """What ``count`` pictures of which the first was called ``first`` are called together."""
    return f"{PurePath(first).stem}等{count}张照片.zip"


def write(pictures: Iterable[tuple[str, AbstractContextManager[IO[bytes]]]], target: IO[bytes]) -> None:
    """Write pictures, each with its name and its bytes, into a new file."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_entry(KIND), MIMETYPE)
        for number, (name, content) in enumerate(pictures, start=1):
            with content as source, archive.open(_entry(f"{number:04d} {name}"), "w") as into:
                shutil.copyfileobj(source, into, MIB)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name.replace("/", "_"), _EPOCH)
    entry.create_system, entry.external_attr = _UNIX, _READABLE
    return entry


@contextmanager
def pictures_in(path: Path, limits: FileLimits = DEFAULT_LIMITS) -> Iterator[Sequence[Picture]]:
    """The pictures of such a file, in the order of the pages.

    Raises:
        DocumentError: the archive is damaged, dishonest or too big.
    """
    with opened(path, limits, most_entries=limits.image_frames + 1) as archive:
        parts = [part for part in archive.parts if part.name != KIND]
        yield [Picture(archive, part, limits) for part in parts]


class Picture:
    """One picture of a set."""

    def __init__(self, archive: Archive, part: Part, limits: FileLimits) -> None:
        self._archive, self._part, self._limits = archive, part, limits

    def content(self) -> BytesIO:
        """Its bytes.

        Raises:
            DocumentError: they cannot be got out, or are more than a picture may have.
        """
        if self._part.is_encrypted or self._part.is_folder:
            raise ArchiveInvalidError(pointer=self._part.name)
        if self._part.unpacked > self._limits.image_bytes:
            raise TooLargeError(limit=f"{self._limits.image_bytes // MIB} MiB")
        return BytesIO(self._archive.read(self._part))

    def frames(self) -> int:
        """How many pages it has; one where that cannot be told."""
        try:
            return check_picture(self.content(), self._limits)
        except DocumentError:
            return 1


def check_photoset(path: Path, limits: FileLimits = DEFAULT_LIMITS) -> int:
    """How many pages such a file has. Nothing is decoded; a picture that cannot be read is a page all the same.

    Raises:
        DocumentError: the archive is damaged, dishonest or too big, or has too many pages, or none.
    """
    with pictures_in(path, limits) as pictures:
        count = sum(picture.frames() for picture in pictures)
    if not count:
        raise ArchiveInvalidError
    if count > limits.image_frames:
        raise TooManyPagesError
    return count
