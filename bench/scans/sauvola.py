"""What img2table needs of OpenCV's contrib build, which cannot be installed beside the headless one."""

from __future__ import annotations

from types import SimpleNamespace

import cv2
import numpy as np
import numpy.typing as npt

BINARIZATION_SAUVOLA = 1
Gray = npt.NDArray[np.uint8]


def threshold(  # noqa: PLR0913, PLR0917 - the arguments of cv2.ximgproc.niBlackThreshold, in its order
    source: Gray,
    most: float,
    kind: int,
    block: int,
    k: float,
    binarizationMethod: int = BINARIZATION_SAUVOLA,  # noqa: N803 - its name there
    r: float = 128.0,
) -> Gray:
    """Sauvola's threshold (Pattern Recognition 33, 2000): mean * (1 + k * (deviation / r - 1)) around each dot.

    Raises:
        ValueError: another method or kind of threshold than img2table asks for.
    """
    if binarizationMethod != BINARIZATION_SAUVOLA or kind != cv2.THRESH_BINARY_INV:
        raise ValueError("only Sauvola's method, inverted, is here")
    values = source.astype(np.float32)
    mean = np.asarray(cv2.boxFilter(values, cv2.CV_32F, (block, block), borderType=cv2.BORDER_REPLICATE))
    square = np.asarray(cv2.sqrBoxFilter(values, cv2.CV_32F, (block, block), borderType=cv2.BORDER_REPLICATE))
    deviation = np.sqrt(np.maximum(square - mean * mean, 0))
    return np.where(values > mean * (1 + k * (deviation / r - 1)), 0, most).astype(np.uint8)


def lend() -> None:
    """Give OpenCV the function under the name that img2table calls, where the contrib build is not installed."""
    if not hasattr(cv2, "ximgproc"):
        lent = SimpleNamespace(niBlackThreshold=threshold, BINARIZATION_SAUVOLA=BINARIZATION_SAUVOLA)
        vars(cv2)["ximgproc"] = lent
