"""The tables of the keys that values and files are sealed with, each wrapped by the key that stays outside."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Float, Integer, String, Table, Text

from service.store.tables import metadata

data_keys = Table(
    "data_key",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("purpose", String(8), nullable=False),
    Column("suite", String(8), nullable=False),
    Column("state", String(8), nullable=False),
    Column("wrapped", Text, nullable=False),
    Column("made_at", Float, nullable=False),
    CheckConstraint("purpose in ('data', 'audit')", name="data_key_purpose"),
    CheckConstraint("state in ('current', 'retired')", name="data_key_state"),
)
"""A key. ``data`` seals values, ``audit`` chains what was done. A retired one still opens, and seals nothing more."""

file_keys = Table(
    "file_key",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("suite", String(8), nullable=False),
    Column("wrapped", Text, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("retired_at", Float),
)
"""A key that stored files are sealed with. The one without ``retired_at`` seals; a retired one still opens."""
