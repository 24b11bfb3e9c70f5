"""How big a file may be before it is refused. Each number is shown by the API and documented in docs/errors.md."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class FileLimits:
    """Bounds on one uploaded file. Sizes in bytes, pictures in pixels.

    ``part_ratio`` counts only for parts over ``ratio_floor``: an honest sheet of equal rows packs to 1:100 and better.
    """

    office_bytes: int = 50 * MIB
    pdf_bytes: int = 200 * MIB
    image_bytes: int = 50 * MIB
    bundle_bytes: int = 200 * MIB
    bundle_entries: int = 2_000
    zip_entries: int = 10_000
    part_bytes: int = 300 * MIB
    unpacked_bytes: int = 500 * MIB
    part_ratio: int = 200
    ratio_floor: int = 100 * MIB
    sheet_rows: int = 200_000
    sheet_columns: int = 1_000
    sheet_cells: int = 5_000_000
    image_pixels: int = 80_000_000
    image_side: int = 30_000
    image_frames: int = 200
    pdf_pages: int = 2_000
    page_pixels: int = 40_000_000
    name_characters: int = 200
    name_bytes: int = 255
    xml_depth: int = 1_000


DEFAULT_LIMITS = FileLimits()
