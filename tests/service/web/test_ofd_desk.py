"""The review desk of an OFD file: the page is drawn, and what is read has its place in the picture."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pdfplumber
from flask.testing import FlaskClient
from PIL import Image

from tests.parsers import hostile
from tests.parsers.readers.test_ofd import line, page_part, parts_of
from tests.service.making import data_of, filled

FORM = "attachment-2"
MM = 25.4 / 72
POINTS = 72.0


def as_ofd(content: bytes, path: Path) -> Path:
    """The characters and rules of a PDF as an OFD that an office program might write."""
    bodies = []
    with pdfplumber.open(io.BytesIO(content)) as file:
        size = f"0 0 {float(file.pages[0].width) * MM:.3f} {float(file.pages[0].height) * MM:.3f}"
        for page in file.pages:
            texts = [_character(one) for one in page.chars if one["text"].strip()]
            rules = [
                line(*(round(float(one[key]) * MM, 2) for key in ("x0", "top", "x1", "bottom"))) for one in page.edges
            ]
            bodies.append(page_part("".join([*rules, *texts])))
    parts = parts_of(*bodies)
    parts["Doc_0/Document.xml"] = str(parts["Doc_0/Document.xml"]).replace("0 0 210 297", size)
    return hostile.zip_of(parts, path)


def _character(one: dict[str, float | str]) -> str:
    left, top, right, bottom = (float(one[key]) * MM for key in ("x0", "top", "x1", "bottom"))
    size = float(one["size"]) * MM
    code = f'<ofd:TextCode X="0" Y="{size * 0.85:.3f}">{one["text"]}</ofd:TextCode>'
    boundary = f"{left:.3f} {top:.3f} {right - left:.3f} {bottom - top:.3f}"
    return f'<ofd:TextObject Boundary="{boundary}" Size="{size:.3f}" Font="1">{code}</ofd:TextObject>'


def test_an_ofd_is_gone_through_beside_its_drawn_page(
    client: FlaskClient, work: Callable[[], None], tmp_path: Path
) -> None:
    path = as_ofd(filled(FORM, "pdf"), tmp_path / "附件2.ofd")
    sent = {"file": (io.BytesIO(path.read_bytes()), path.name), "form": FORM}
    taken = client.post("/api/v1/documents", data=sent).get_json()["documents"][0]
    work()
    name = data_of(FORM)["records"][0]["name"]
    at = "documents[0].records[0].name"
    desk = client.get(f"/review/{taken['id']}?at={at}").get_data(as_text=True)
    assert name in desk
    assert 'id="paper-picture"' in desk
    found = client.get(f"/api/v1/documents/{taken['id']}").get_json()["documents"][0]["records"][0]["name"]
    assert found["value"] == name
    size = client.get(f"/api/v1/documents/{taken['id']}/pages/1").get_json()
    picture = Image.open(io.BytesIO(client.get(f"/api/v1/documents/{taken['id']}/pages/1.jpg").data)).convert("L")
    assert picture.size == (size["width"], size["height"])
    left, top, right, bottom = (round(side * size["scale"]) for side in found["box"])
    inside = np.asarray(picture)[top + 3 : bottom - 3, left + 3 : right - 3]
    assert (inside < 128).any(), "the name stands where its box says"
