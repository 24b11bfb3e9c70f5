"""OFD pages drawn for print: characters, lines, curves and pictures where they stand; what is not drawn is said."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from parsers.errors import PageUnreadError
from parsers.limits import FileLimits
from parsers.readers import ofddrawing
from tests.parsers import hostile
from tests.parsers.readers.test_ofd import NS, line, page_part, parts_of, ruled, text

DPI = 150.0
A_MILLIMETRE = DPI / 25.4
FOOT = 10
"""Millimetres at the foot of a page where the note stands."""


def drawn(tmp_path: Path, parts: dict[str, bytes | str], limits: FileLimits | None = None) -> list[np.ndarray]:
    path = hostile.zip_of(parts, tmp_path / "a.ofd")
    return [np.array(picture) for picture, _ in ofddrawing.draw(path, DPI, limits or FileLimits())]


def dark(page: np.ndarray, left: float, top: float, right: float, bottom: float) -> float:
    """The share of dark pixels in a box of millimetres."""
    box = [round(side * A_MILLIMETRE) for side in (left, top, right, bottom)]
    return float((page[box[1] : box[3], box[0] : box[2]].min(axis=2) < 128).mean())


def test_characters_and_ruling_stand_where_the_file_has_them(tmp_path: Path) -> None:
    page = drawn(tmp_path, parts_of(page_part(ruled(2, 3) + text(52, 26, "李四", "4"))))[0]
    assert page.shape[:2] == (1754, 1240)
    assert dark(page, 51, 21, 62, 29) > 0.05
    assert dark(page, 11, 21, 49, 29) == 0
    assert dark(page, 10, 19.5, 130, 20.5) > 0.2
    assert dark(page, 0, 297 - FOOT, 210, 297) == 0


def test_a_ring_is_round_whether_by_curves_or_by_an_arc(tmp_path: Path) -> None:
    arc = "M 40 20 A 20 20 0 1 1 0 20 A 20 20 0 1 1 40 20"
    k = 20 * 0.5523
    curves = (
        f"M 40 20 B 40 {20 + k} {20 + k} 40 20 40 B {20 - k} 40 0 {20 + k} 0 20"
        f" B 0 {20 - k} {20 - k} 0 20 0 B {20 + k} 0 40 {20 - k} 40 20 C"
    )
    for path in (arc, curves):
        ring = (
            f'<ofd:PathObject Boundary="50 50 40 40" LineWidth="1"><ofd:StrokeColor Value="200 0 0"/>'
            f"<ofd:AbbreviatedData>{path}</ofd:AbbreviatedData></ofd:PathObject>"
        )
        page = drawn(tmp_path, parts_of(page_part(ring)))[0]
        ys, xs = np.nonzero(page[..., 1] < 128)
        far = np.hypot(xs / A_MILLIMETRE - 70, ys / A_MILLIMETRE - 70)
        assert abs(far - 20).max() < 1.2
        assert {tuple(page[y, x]) for y, x in zip(ys[:50], xs[:50], strict=True)} == {(200, 0, 0)}
        assert len(np.unique(np.round(np.degrees(np.arctan2(ys - ys.mean(), xs - xs.mean())) / 10))) >= 36


def with_picture(content: bytes, matrix: str) -> dict[str, bytes | str]:
    image = f'<ofd:ImageObject Boundary="50 50 40 20" ResourceID="7"{matrix}/>'
    parts = parts_of(page_part(image))
    document = str(parts["Doc_0/Document.xml"])
    parts["Doc_0/Document.xml"] = document.replace(
        "<ofd:CommonData>", "<ofd:CommonData><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
    )
    parts["Doc_0/DocumentRes.xml"] = (
        f'<ofd:Res {NS} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="7" Type="Image">'
        "<ofd:MediaFile>seal.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    )
    parts["Doc_0/Res/seal.png"] = content
    return parts


@pytest.mark.parametrize("matrix", ["", ' CTM="40 0 0 20 0 0"'])
def test_a_picture_takes_its_place_upright(tmp_path: Path, matrix: str) -> None:
    whole = Image.new("RGB", (40, 20), "white")
    whole.paste((200, 0, 0), (0, 0, 20, 10))
    content = io.BytesIO()
    whole.save(content, "PNG")
    page = drawn(tmp_path, with_picture(content.getvalue(), matrix))[0]
    ys, xs = np.nonzero(page[..., 1] < 128)
    places = [round(float(side) / A_MILLIMETRE) for side in (xs.min(), ys.min(), xs.max(), ys.max())]
    assert places == [50, 50, 70, 60]


def test_what_is_not_drawn_is_said_at_the_foot(tmp_path: Path) -> None:
    composite = '<ofd:CompositeObject Boundary="0 0 9 9" ResourceID="2"/>'
    cases = (
        parts_of(page_part(text(10, 10, "一")), signed=True),
        parts_of(page_part(composite)),
        with_picture(b"no picture", ""),
    )
    for parts in cases:
        assert dark(drawn(tmp_path, parts)[0], 0, 297 - FOOT, 210, 297) > 0.001


def test_a_page_of_many_pixels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PageUnreadError):
        drawn(tmp_path, parts_of(page_part(line(0, 0, 10, 0))), FileLimits(page_pixels=1000))
