"""References: what a page looked like when somebody looked at it, and how far it is from that now."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page

REFERENCES = Path(__file__).parent / "references"
SIZES = ((1366, 768), (1920, 1080))
COLOURS = 32
CELL = 8
"""Pixels of one side of the squares that are compared by their mean: what shifts by a pixel is the same."""
FAR = 26.0
"""Levels of 255 from which on a square counts as another."""
MOST_OTHER = 0.02
"""Share of squares that may be another."""

STILL = """() => {
  const clock = /20\\d\\d-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d(:\\d\\d)?/g, hash = /\\b[0-9a-f]{8,}(-[0-9a-f]{4,})*\\b/g;
  const short = /\\b\\d\\d-\\d\\d \\d\\d:\\d\\d\\b/g, now = new Date(), two = (n) => String(n).padStart(2, "0");
  const today = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const plain = node.data.replace(clock, "2026-09-12 08:00").replaceAll(today, "2026-09-12");
    const still = plain.replace(short, "09-12 08:00");
    node.data = still.replace(hash, (all) => "0".repeat(all.length)).replace(/\\d+( ?)天/g, "30$1天");
  }
  for (const count of document.querySelectorAll(".deadline strong")) {
    if (/^\\d+$/.test(count.textContent)) count.textContent = "30";
  }
  for (const field of document.querySelectorAll("input[type=date]")) {
    if (field.value >= today.slice(0, 7)) field.value = "2026-09-12";
  }
  for (const list of document.querySelectorAll("[data-changing=few]")) list.replaceChildren(list.firstElementChild);
  for (const item of document.querySelectorAll("[data-changing], progress")) item.style.visibility = "hidden";
  window.scrollTo(0, 0);
  document.activeElement?.blur();
}"""
"""Makes a page stand still: times, days that count from today, random ids, what depends on the machine."""


SETTLE = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  await frame();
  const seen = [...document.images].filter((one) => one.getBoundingClientRect().top < innerHeight);
  await Promise.all(seen.map((one) => one.decode().catch(() => undefined)));
  await frame();
}"""
"""Waits until a page was drawn anew, with the pictures that are in sight."""


def picture_of(page: Page, size: tuple[int, int]) -> Image.Image:
    """What is seen of a page in a window of that size."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(SETTLE)
    return Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")


def path_of(name: str, size: tuple[int, int]) -> Path:
    """Where the reference of a page lies."""
    return REFERENCES / f"{name}-{size[0]}.png"


def is_as_seen(picture: Image.Image, path: Path) -> bool:
    """Whether a reference that is there shows the same: then it need not be looked at again."""
    with Image.open(path) as reference:
        return distance(picture, reference) <= MOST_OTHER / 10


def keep(picture: Image.Image, path: Path) -> None:
    """Write a reference, small."""
    path.parent.mkdir(exist_ok=True)
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def distance(one: Image.Image, other: Image.Image) -> float:
    """Share of squares in which two pictures of one size differ."""
    first, second = (_squares(picture) for picture in (one, other))
    return float((np.abs(first - second).max(axis=2) > FAR).mean())


def _squares(picture: Image.Image) -> np.ndarray:
    width, height = (side // CELL for side in picture.size)
    small = picture.convert("RGB").resize((width, height), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32)
