"""Which of the files that came at once are photos of one paper's pages, and the one file that they become."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parsers.errors import DocumentError
from parsers.gate import photoset
from parsers.sniffing import FileFormat, sniff

Named = tuple[Path, str]
"""Where a file is, and what its sender called it."""


def is_photo(path: Path, name: str) -> bool:
    """Whether a file is a picture, by its first bytes; what is wrong with another is said when it is read."""
    try:
        return sniff(path, name) is FileFormat.IMAGE
    except (DocumentError, OSError):
        return False


def together(files: Sequence[Named], folder: Path) -> list[Named]:
    """The files, those that are pictures as one in the place of the first; a lone one stays as it is.

    The file that they become is written into ``folder``, which has none of its name.
    """
    photos = [index for index, file in enumerate(files) if is_photo(*file)]
    if len(photos) < photoset.FEWEST:
        return list(files)
    joined = folder / "photos.zip"
    with joined.open("xb") as target:
        photoset.write(((Path(files[index][1]).name, files[index][0].open("rb")) for index in photos), target)
    first = files[photos[0]][1]
    name = photoset.name_of(Path(first).name, len(photos))
    named = (joined, str(Path(first).with_name(name)))
    return [named if index == photos[0] else file for index, file in enumerate(files) if index not in photos[1:]]
