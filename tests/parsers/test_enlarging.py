"""A scan in a PDF is known to be coarse however finely its page is drawn."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from parsers.enlarging import enlarged


def page_of(path: Path, dpi: int, *, width: int) -> Path:
    """A PDF page of a picture so many pixels wide, of that resolution."""
    Image.new("L", (width, width * 2 // 3), 255).save(path, "PDF", resolution=dpi)
    return path


@pytest.mark.parametrize(("dpi", "larger"), [(100, 2.0), (150, 4 / 3), (200, 1.0), (300, 2 / 3)])
def test_a_coarse_scan_is_enlarged(tmp_path: Path, dpi: int, larger: float) -> None:
    with pypdfium2.PdfDocument(page_of(tmp_path / "a.pdf", dpi, width=dpi * 6)) as document:
        assert enlarged(document[0], 1200) == pytest.approx(larger, rel=0.01)


def test_a_page_without_a_scan_is_as_it_is(tmp_path: Path) -> None:
    with pypdfium2.PdfDocument.new() as document:
        document.new_page(595, 842)
        assert enlarged(document[0], 2339) == 1.0
