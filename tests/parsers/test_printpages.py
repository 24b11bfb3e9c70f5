"""An original that is drawn for a pack leaves its foot free, where the pack's page number goes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from parsers.child import Request
from parsers.printpages import FOOT, PRINT_FILE, draw_pages


@pytest.mark.parametrize(("size", "ending"), [((620, 877), "png"), ((877, 620), "png"), ((620, 877), "pdf")])
def test_nothing_of_an_original_stands_where_the_page_number_goes(
    size: tuple[int, int], ending: str, tmp_path: Path
) -> None:
    path = tmp_path / f"original.{ending}"
    Image.new("RGB", size, "black").save(path)
    (tmp_path / "output").mkdir()
    told: list[int] = []
    assert draw_pages(Request(path, path.name, {}, told.append)) == {"pages": 1}
    with pypdfium2.PdfDocument(tmp_path / "output" / PRINT_FILE) as file:
        page = np.asarray(file[0].render(scale=1).to_pil().convert("L"))
    foot = round(FOOT)
    assert page[-foot + 2 :].min() > 250
    assert page[: -foot - 2, page.shape[1] // 2].max() < 60
