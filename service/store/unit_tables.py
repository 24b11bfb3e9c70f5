"""The tables of the district's units: the tree, their other names, and lists of units that were handed in."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Float, ForeignKey, Integer, String, Table, Text

from service.store.sealing.columns import Kind, Sealed
from service.store.tables import metadata

units = Table(
    "unit",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("parent_id", String(36), ForeignKey("unit.id", deferrable=True, initially="DEFERRED"), index=True),
    Column("credit_code", String(18), unique=True),
    Column("posts_approved", Integer),
    Column("posts_filled", Integer),
    Column("posts_borrowed", Integer),
    Column("liaison", Text),
    Column("liaison_phone", Sealed("unit:liaison_phone", "id", kind=Kind.TEXT)),
    Column("ended_on", String(10)),
    Column("changed_at", Float, nullable=False),
    CheckConstraint("parent_id <> id", name="unit_not_its_own_parent"),
)
"""A unit. ``position`` is its place in lists; ``ended_on`` (YYYY-MM-DD) the first day on which it is no more."""

unit_aliases = Table(
    "unit_alias",
    metadata,
    Column("unit_id", String(36), ForeignKey("unit.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("valid_from", String(10)),
    Column("valid_to", String(10)),
)
"""Another name of a unit, short or former, from day to day (both YYYY-MM-DD and included; null is open)."""

unit_imports = Table(
    "unit_import",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("name", Sealed("unit_import:name", "id", kind=Kind.TEXT), nullable=False),
    Column("content", Sealed("unit_import:content", "id"), nullable=False),
    Column("plan_hash", String(64), nullable=False),
    Column("received_at", Float, nullable=False),
    Column("taken_at", Float),
)
"""A list of units as it was read. ``plan_hash`` tells what its preview promised; ``taken_at`` when it was confirmed."""
