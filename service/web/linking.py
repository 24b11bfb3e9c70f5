"""Addresses of the other pages of a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from flask import request


def linking(path: str, names: Sequence[str]) -> Callable[[int], str]:
    """Addresses of the other pages of a list: what was asked for, from another place on."""
    asked = {name: text for name in (*names, "limit") if (text := request.args.get(name))}
    return lambda offset: f"{path}?{urlencode({**asked, 'offset': offset})}"
