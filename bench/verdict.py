"""How a figure is said to be as promised or not."""

from __future__ import annotations


def verdict(*, is_kept: bool) -> str:
    """``kept`` or, to be seen among them, ``MISSED``."""
    return "kept" if is_kept else "MISSED"
