"""Photos kept together: pages one after the other, each as it would be alone."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from parsers.errors import DamagedFileError
from parsers.readers import image, photos
from tests.parsers.building import kept_photos as kept


def photo(shade: int, turn: int = 1) -> bytes:
    """A photo lying on its side as its metadata say."""
    target = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = turn
    Image.new("L", (60, 40), shade).save(target, "JPEG", exif=exif)
    return target.getvalue()


def test_pages_are_those_of_each_photo_alone(tmp_path: Path) -> None:
    contents = [photo(10), photo(120, turn=6), photo(230)]
    pages = list(photos.read(kept(tmp_path / "a.zip", *contents)))
    assert [page.index for page in pages] == [0, 1, 2]
    for page, content in zip(pages, contents, strict=True):
        (alone,) = image.read(io.BytesIO(content))
        assert np.array_equal(page.pixels, alone.pixels)
    assert pages[1].pixels.shape[:2] == (60, 40), "turned as its metadata say"


def test_a_photo_that_cannot_be_read_costs_no_other_and_stays_a_page(tmp_path: Path) -> None:
    path = kept(tmp_path / "a.zip", photo(10), b"\xff\xd8\xff broken", photo(230))
    pages = list(photos.read(path))
    assert [(page.index, page.notes) for page in pages] == [(0, ()), (1, (image.UNREAD,)), (2, ())]
    found = [photos.page(path, index) for index in (2, 1, 3)]
    assert [page and (page.index, page.notes) for page in found] == [(2, ()), (1, (image.UNREAD,)), None]
    with pytest.raises(DamagedFileError):
        list(photos.read(kept(tmp_path / "b.zip", b"broken", b"broken")))
