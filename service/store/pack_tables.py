"""The tables of packs: what was asked for, and the finished parts that the next run takes up again."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, Float, Integer, String, Table, Text

from service.store.tables import metadata

packs = Table(
    "pack",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("job_id", String(36), nullable=False, unique=True),
    Column("kind", String(12), nullable=False),
    Column("unit_id", String(36), index=True),
    Column("unit", Text, nullable=False),
    Column("recipient", String(16), nullable=False),
    Column("campaign_id", String(36)),
    Column("options", JSON, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("made_by", Text, nullable=False),
    CheckConstraint("kind in ('submission', 'prefilled')", name="pack_kind"),
)
"""A pack that was asked for. ``unit_id`` is the unit over whose subtree, empty for the whole district; ``options`` are
those of :class:`service.operations.packs.asked.Asked`. The file is its job's."""

pack_parts = Table(
    "pack_part",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("made_at", Float, nullable=False),
)
"""Finished parts of packs by what they were made from: ``key`` is a hash of all that decides their content."""
