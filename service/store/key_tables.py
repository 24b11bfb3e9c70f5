"""The table of the keys that values are sealed with, each wrapped by the key that stays outside of the database."""

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
