"""The tables of the service's database."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

documents = Table(
    "document",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("sha256", String(64), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("form_hint", String(40)),
    Column("unit", Text),
    Column("state", String(16), nullable=False),
    Column("received_at", Float, nullable=False),
    Column("job_id", String(36)),
    Column("reading", JSON),
    CheckConstraint("state in ('received', 'read', 'partial', 'failed')", name="document_state"),
)
"""A returned file. ``reading`` is what ``service read`` prints for it, once it was read."""

jobs = Table(
    "job",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("arguments", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("run_at", Float, nullable=False),
    Column("attempt", Integer, nullable=False, default=0),
    Column("lost_count", Integer, nullable=False, default=0),
    Column("lease_until", Float),
    Column("token", String(36)),
    Column("done", Integer, nullable=False, default=0),
    Column("total", Integer, nullable=False, default=0),
    Column("stage", Text, nullable=False, default=""),
    Column("problem", JSON),
    Column("result", JSON),
    Column("created_at", Float, nullable=False),
    Column("started_at", Float),
    Column("finished_at", Float),
    CheckConstraint("state in ('queued', 'running', 'done', 'failed', 'dead', 'cancelled')", name="job_state"),
    Index("job_next", "state", "run_at"),
)
"""Long work. A running row belongs to the worker that holds ``token``, until ``lease_until`` (seconds since 1970)."""

answers = Table(
    "answer",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("created_at", Float, nullable=False),
)
"""The first answer given under an ``Idempotency-Key``."""

imports = Table(
    "import",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("form", String(40), nullable=False),
    Column("edition", String(40), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("records", JSON, nullable=False),
    Column("findings", JSON, nullable=False),
    Column("received_at", Float, nullable=False),
)
"""An import workbook as it was read: its records and findings as ``forms.plain`` writes them. Nothing else changes."""

results = Table(
    "job_file",
    metadata,
    Column("job_id", String(36), ForeignKey("job.id"), primary_key=True),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
)
"""The file a job made."""

ledger_mappings = Table(
    "ledger_mapping",
    metadata,
    Column("unit", String(200), primary_key=True),
    Column("head", Text, primary_key=True),
    Column("columns", JSON, nullable=False),
    Column("confirmed_at", Float, nullable=False),
)
"""What a person confirmed of a unit's ledger: head row → which column holds what (head text → keys, or null)."""

issued = Table(
    "issued",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("form", String(40), nullable=False),
    Column("edition", String(40), nullable=False),
    Column("format", String(8), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("made_at", Float, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("field_map", LargeBinary),
    Column("print_sha256", String(64)),
)
"""What was handed out under a print mark. ``record`` and ``field_map`` are packed JSON, the print is a stored PDF."""
