"""Photos that were kept together to pages as pixels: one after the other, each as if it had come alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from parsers.errors import DamagedFileError, DocumentError
from parsers.gate import photoset
from parsers.limits import DEFAULT_LIMITS, FileLimits
from parsers.picture import Picture
from parsers.readers import image


def read(path: Path, limits: FileLimits = DEFAULT_LIMITS) -> Iterator[Picture]:
    """The pages, made as they are taken; a photo that cannot be read is an empty page with the note ``page-unread``.

    Raises:
        DocumentError: the file is damaged or too big, or none of its photos can be read.
    """
    first, read = 0, 0
    with photoset.pictures_in(path, limits) as pictures:
        for picture in pictures:
            for page in _pages(picture, limits):
                read += image.UNREAD not in page.notes
                yield replace(page, index=first + page.index)
            first += picture.frames()
    if not read:
        raise DamagedFileError


def page(path: Path, index: int, limits: FileLimits = DEFAULT_LIMITS) -> Picture | None:
    """The page ``index`` (from zero) alone; ``None`` when there are fewer. Raises as :func:`read` does."""
    first = 0
    with photoset.pictures_in(path, limits) as pictures:
        for picture in pictures:
            count = picture.frames()
            if first <= index < first + count:
                found = (one for one in _pages(picture, limits) if one.index == index - first)
                return next((replace(one, index=index) for one in found), None)
            first += count
    return None


def _pages(picture: photoset.Picture, limits: FileLimits) -> Iterator[Picture]:
    """The pages of one photo; an empty one where nothing can be got out of it."""
    try:
        yield from image.read(picture.content(), limits)
    except DocumentError:
        yield Picture(np.full(image.BLANK, 255, np.uint8), 0, notes=(image.UNREAD,))
