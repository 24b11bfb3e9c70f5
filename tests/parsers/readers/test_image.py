"""Picture files of every kind: what they show, and what of a broken one is left."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from parsers.errors import DamagedFileError, FormatUnsupportedError, ImageTooLargeError
from parsers.gate.admission import admit
from parsers.readers import image


def drawn() -> Image.Image:
    """White paper with a black square."""
    picture = Image.new("RGB", (200, 300), "white")
    picture.paste((0, 0, 0), (50, 60, 150, 160))
    return picture


def with_ink_in_its_alpha() -> Image.Image:
    pixels = np.zeros((300, 200, 4), np.uint8)
    pixels[..., 3] = 255 - np.asarray(drawn().convert("L"))
    return Image.fromarray(pixels)


KINDS = {
    "cmyk.jpg": drawn().convert("CMYK"),
    "cmyk.tif": drawn().convert("CMYK"),
    "sixteen.png": Image.fromarray(np.asarray(drawn().convert("L")).astype(np.uint16) * 257),
    "palette.png": drawn().convert("P", palette=Image.Palette.ADAPTIVE),
    "alpha.png": with_ink_in_its_alpha(),
    "grey-alpha.png": drawn().convert("LA"),
    "bits.tif": drawn().convert("1"),
    "still.gif": drawn().convert("P"),
    "web.webp": drawn(),
}


@pytest.mark.parametrize("name", KINDS)
def test_ink_is_black_on_white_paper_in_every_kind(name: str, tmp_path: Path) -> None:
    KINDS[name].save(tmp_path / name)
    (page,) = image.read(tmp_path / name)
    assert page.pixels.shape == (300, 200, 3)
    assert page.pixels[100, 100].max() < 60
    assert page.pixels[20, 20].min() > 230


def test_frames_may_differ_in_size_colours_and_stated_resolution(tmp_path: Path) -> None:
    frames = [drawn().resize((100, 150)), drawn().convert("1"), drawn().convert("L").resize((400, 600))]
    frames[0].save(tmp_path / "a.tif", save_all=True, append_images=frames[1:], dpi=(100, 100))
    assert [page.pixels.shape[:2] for page in image.read(tmp_path / "a.tif")] == [(150, 100), (300, 200), (600, 400)]


def test_a_frame_that_cannot_be_read_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    drawn().save(path, save_all=True, append_images=[drawn(), drawn()], compression="tiff_lzw")
    data = bytearray(path.read_bytes())
    with Image.open(path) as frames:
        assert isinstance(frames, TiffImageFile)
        frames.seek(1)
        start, length = frames.tag_v2[273][0], frames.tag_v2[279][0]
    data[start : start + length] = b"\xff" * length
    path.write_bytes(data)
    pages = {page.index: page for page in image.read(path)}
    assert [pages[index].notes for index in (0, 2)] == [(), ()]
    assert pages[1].notes in ((image.UNREAD,), (image.TRUNCATED,))


def test_no_size_and_too_much_of_it_are_told_before_anything_is_decoded(tmp_path: Path) -> None:
    Image.new("1", (20_000, 15_000)).save(tmp_path / "large.png")
    with pytest.raises(ImageTooLargeError):
        admit(tmp_path / "large.png", "large.png")
    header = struct.pack(">IIBBBBB", 0, 0, 8, 2, 0, 0, 0)
    (tmp_path / "none.png").write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header + b"\0\0\0\0")
    with pytest.raises(DamagedFileError):
        admit(tmp_path / "none.png", "none.png")


def test_a_telephones_own_format_is_named_as_one_that_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.heic").write_bytes(struct.pack(">I", 24) + b"ftypheic" + b"\0\0\0\0mif1heic" + b"\0" * 64)
    with pytest.raises(FormatUnsupportedError, match="HEIC"):
        admit(tmp_path / "a.heic", "a.heic")
