"""Keeps the garbage collector from walking a large roster again and again while it is being built.

Cells, entries and findings hold no cycles; a collection in the middle of making a million of them finds nothing and
takes as long as the work itself.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No collection of cycles within; nested uses are harmless."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
