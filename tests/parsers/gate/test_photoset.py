"""Photos kept together as one file: each as it came, in their order, and within the limits of pictures."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from parsers.errors import ArchiveInvalidError, ArchiveTooBigError, ContentMismatchError, TooManyPagesError
from parsers.gate import photoset
from parsers.gate.admission import admit
from parsers.gate.bundle import iter_bundle
from parsers.limits import FileLimits
from parsers.sniffing import FileFormat, sniff
from parsers.together import together
from tests.parsers.building import kept_photos as kept


def picture(shade: int = 0, frames: int = 1, kind: str = "TIFF") -> bytes:
    target = io.BytesIO()
    pages = [Image.new("L", (40, 30), shade + place) for place in range(frames)]
    pages[0].save(target, kind, save_all=frames > 1, append_images=pages[1:])
    return target.getvalue()


@given(contents=st.lists(st.binary(max_size=300), min_size=2, max_size=12))
def test_what_was_kept_together_comes_out_as_it_was(
    contents: list[bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = kept(tmp_path_factory.mktemp("set") / "a.zip", *contents)
    with photoset.pictures_in(path) as pictures:
        assert [one.content().read() for one in pictures] == contents
    again = kept(path.with_name("b.zip"), *contents)
    assert again.read_bytes() == path.read_bytes(), "the same photos are the same file"


def test_it_is_told_by_its_content_and_its_pages_are_counted(tmp_path: Path) -> None:
    path = kept(tmp_path / "a.zip", picture(), b"no picture", picture(frames=3))
    assert sniff(path, "三张.zip") is FileFormat.PHOTOS
    assert admit(path, "三张.zip").pages == 1 + 1 + 3
    assert not admit(path, "三张.zip").notes
    with pytest.raises(ContentMismatchError):
        sniff(path, "三张.docx")


def test_another_kind_of_zip_is_none(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(photoset.KIND, "application/epub+zip")
    with pytest.raises(ContentMismatchError):
        sniff(tmp_path / "a.zip", "a.zip")


def test_limits_of_pictures_hold_for_all_of_them(tmp_path: Path) -> None:
    pages = kept(tmp_path / "a.zip", picture(frames=2), picture(frames=2))
    with pytest.raises(TooManyPagesError):
        photoset.check_photoset(pages, FileLimits(image_frames=3))
    with pytest.raises(ArchiveTooBigError):
        photoset.check_photoset(kept(tmp_path / "b.zip", *[picture()] * 5), FileLimits(image_frames=3))
    with pytest.raises(ArchiveInvalidError):
        photoset.check_photoset(kept(tmp_path / "c.zip"))
    large = kept(tmp_path / "d.zip", picture(), picture())
    with photoset.pictures_in(large, FileLimits(image_bytes=10)) as pictures:
        assert [one.frames() for one in pictures] == [1, 1], "too large to be looked at: a page that will be unread"


def test_it_comes_out_of_a_bundle_as_one_file(tmp_path: Path) -> None:
    inner = kept(tmp_path / "a.zip", picture(), picture())
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as bundle:
        bundle.write(inner, "两张照片.zip")
    (entry,) = iter_bundle(tmp_path / "b.zip", tmp_path)
    assert entry.fault is None
    assert entry.path is not None
    assert entry.path.read_bytes() == inner.read_bytes()


def test_only_pictures_are_put_together_and_never_a_lone_one(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("一.tif", "表.pdf", "二.tif", "没有.tif")]
    files[0].write_bytes(picture(1))
    files[1].write_bytes(b"%PDF-1.7")
    files[2].write_bytes(picture(2))
    named = [(path, f"包.zip/{path.name}") for path in files]
    assert together(named[:2], tmp_path) == named[:2]
    first, *others = together(named, tmp_path)
    assert (first[1], others) == ("包.zip/一等2张照片.zip", [named[1], named[3]])
    with zipfile.ZipFile(first[0]) as archive:
        assert archive.namelist() == [photoset.KIND, "0001 一.tif", "0002 二.tif"]
