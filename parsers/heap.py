"""Freed memory given back to the system: glibc keeps what lies freed amid what is in use, page after page."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """Give back what is free, some 10 ms for a reader of scans; without glibc nothing is done (malloc_trim(3))."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
