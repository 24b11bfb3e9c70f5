"""Picture files to pages as pixels: orientation applied, transparency on white, size bounded, truncation noted."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image, ImageFile, ImageOps

from parsers.errors import DamagedFileError
from parsers.gate.pages import PICTURE_FORMATS, check_picture
from parsers.limits import DEFAULT_LIMITS, FileLimits
from parsers.picture import Picture, Rgb

LARGEST_SIDE = 5200
"""Pixels: larger pictures are made smaller while they are decoded; A3 at 300 dpi has 4,961."""
TRUNCATED, UNREAD = "image-truncated", "page-unread"
BLANK = (297, 210, 3)
"""Pixels of the empty page that stands for a frame that cannot be read."""
UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError, IndexError, Image.DecompressionBombError)


def read(source: Path | IO[bytes], limits: FileLimits = DEFAULT_LIMITS) -> Iterator[Picture]:
    """The pages of a picture (a file, or its bytes), one a frame, made as they are taken.

    A picture that breaks off is given as far as it goes, with the note ``image-truncated``; a frame that cannot be
    read at all is an empty page with the note ``page-unread``, if there is any frame that can.

    Raises:
        ImageTooLargeError: more pixels or frames than the limits; nothing has been decoded then.
        DamagedFileError: no picture can be got out of the file.
    """
    frames = min(check_picture(source, limits), limits.image_frames)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd metadata; sizes were checked above
        try:
            with Image.open(source, formats=PICTURE_FORMATS) as image:
                lost = []
                for index in range(frames):
                    picture = _frame(image, index)
                    if picture is None:
                        lost.append(index)
                    else:
                        yield picture
        except UNREADABLE as fault:
            raise DamagedFileError from fault
        if len(lost) == frames:
            raise DamagedFileError
        yield from (Picture(np.full(BLANK, 255, np.uint8), index, notes=(UNREAD,)) for index in lost)


def _frame(image: Image.Image, index: int) -> Picture | None:
    """One frame; ``None`` when nothing of it can be read."""
    try:
        image.seek(index)
        return _picture(image, index)
    except UNREADABLE:
        return None


def _picture(frame: Image.Image, index: int) -> Picture:
    dpi = _dpi(frame)
    large = max(frame.size) / LARGEST_SIDE
    if large >= 2 and frame.format == "JPEG":
        frame.draft("RGB", (round(frame.width / large), round(frame.height / large)))
        dpi = None
    pixels, notes = _pixels(frame)
    return Picture(pixels, index, dpi=dpi, notes=notes)


def _dpi(frame: Image.Image) -> float | None:
    stated = frame.info.get("dpi")
    try:
        value = float(stated[0]) if stated else 0.0
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        return None
    return value if 50 <= value <= 2400 else None


def _pixels(frame: Image.Image) -> tuple[Rgb, tuple[str, ...]]:
    notes: tuple[str, ...] = ()
    try:
        frame.load()
    except OSError:
        with _as_far_as_it_goes():
            frame.load()
        notes = (TRUNCATED,)
    upright = ImageOps.exif_transpose(frame)
    return np.asarray(_on_white(_reduced(upright))), notes


def _reduced(image: Image.Image) -> Image.Image:
    factor = max(image.size) // LARGEST_SIDE
    return image.reduce(factor + 1) if factor >= 1 and image.mode != "P" else image


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        values = np.asarray(image, np.float32)
        low, high = float(values.min()), float(values.max())
        return Image.fromarray(((values - low) * (255.0 / max(high - low, 1.0))).astype(np.uint8)).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        return Image.alpha_composite(paper, layer).convert("RGB")
    return image.convert("RGB")


@contextmanager
def _as_far_as_it_goes() -> Iterator[None]:
    """Lets Pillow give what is there of a broken picture, for this one picture."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before
