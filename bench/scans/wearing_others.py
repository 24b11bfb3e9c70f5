"""Wears pages with augraphy, for ``bench/foreign_wear.py``: runs in an environment of its own, imports nothing of ours.

    python wearing_others.py KIND,KIND FORM-SEED-PAGE.png ...

Writes ``KIND-FORM-SEED-PAGE.png`` into the present folder. The same names give the same wear.
"""

from __future__ import annotations

import random
import sys
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import augraphy as a  # type: ignore[import-not-found, unused-ignore]
import cv2
import numpy as np

warnings.filterwarnings("ignore")
KINDS: dict[str, Callable[[], Any]] = {
    "bad-copy": lambda: a.BadPhotoCopy(
        noise_side="random", noise_iteration=(1, 2), noise_size=(1, 2), noise_sparsity=(0.3, 0.6),
        noise_concentration=(0.05, 0.2), wave_pattern=0, edge_effect=0,
    ),
    "bleed-through": lambda: a.BleedThrough(intensity_range=(0.1, 0.25)),
    "bright-texture": a.BrightnessTexturize,
    "coloured-paper": a.ColorPaper,
    "double-exposure": lambda: a.DoubleExposure(offset_range=(1, 3)),
    "fold": lambda: a.Folding(fold_count=2, gradient_width=(0.1, 0.2), gradient_height=(0.005, 0.01)),
    "gamma": lambda: a.Gamma(gamma_range=(0.4, 0.6)),
    "ink-bleed": lambda: a.InkBleed(intensity_range=(0.3, 0.5), kernel_size=(3, 3)),
    "ink-mottling": a.InkMottling,
    "ink-shift": a.InkShifter,
    "jpeg": lambda: a.Jpeg(quality_range=(20, 40)),
    "letterpress": lambda: a.Letterpress(n_samples=(100, 300), n_clusters=(200, 500), std_range=(500, 2000)),
    "light": a.LightingGradient,
    "low-ink": lambda: a.LowInkRandomLines(count_range=(3, 8), use_consistent_lines=True),
    "low-ink-hairs": lambda: a.LowInkPeriodicLines(count_range=(2, 4), period_range=(30, 60)),
    "low-light": a.LowLightNoise,
    "moire": a.Moire,
    "noise": a.NoiseTexturize,
    "page-border": a.PageBorder,
    "reflection": a.ReflectedLight,
    "rollers": lambda: a.DirtyRollers(line_width_range=(8, 12)),
    "shadow": a.ShadowCast,
    "stains": a.Stains,
    "subtle-noise": a.SubtleNoise,
    "watermark": lambda: a.WaterMark(watermark_word="COPY"),
}  # fmt: skip


def worn(kind: str, page: Path) -> np.ndarray[Any, Any] | None:
    """The page in one kind of wear, ``None`` where the model fails it."""
    seed = zlib.crc32(f"{kind}-{page.name}".encode())
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - what the library draws from
    cv2.setRNGSeed(seed % (1 << 31))
    fault = KINDS[kind]()
    fault.p = 1
    try:
        found = fault(cv2.imread(str(page)))
    except Exception as problem:  # noqa: BLE001 - a fault of the library, whatever it is, is said and passed over
        print(f"{kind}, {page.name}: {problem!r}", file=sys.stderr)
        return None
    pixels = np.asarray(found[0] if isinstance(found, (list, tuple)) else found)
    return cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR) if pixels.ndim == 2 else pixels[..., :3]  # noqa: PLR2004 - grey


def main() -> None:
    """Wears all pages in all kinds."""
    for kind in sys.argv[1].split(","):
        for name in sys.argv[2:]:
            page = Path(name)
            pixels = worn(kind, page)
            if pixels is not None:
                cv2.imwrite(f"{kind}-{page.name}", pixels)


if __name__ == "__main__":
    main()
