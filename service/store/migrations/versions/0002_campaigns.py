"""Campaigns, and what belongs to one; long lists in pieces; findings across units."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_campaigns"
down_revision = "0001_baseline"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and the columns that point to them."""
    _campaign()
    _cross_finding()
    op.create_table(
        "arrival_key",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(op.f("ix_arrival_key_document_id"), "arrival_key", ["document_id"], unique=False)
    op.create_table(
        "document_part",
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=4), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint("role in ('read', 'now')", name="document_part_role"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.PrimaryKeyConstraint("document_id", "role", "item", "number"),
    )
    with op.batch_alter_table("document") as document:
        document.add_column(sa.Column("campaign_id", sa.String(length=36)))
        document.add_column(sa.Column("unit_from", sa.String(length=8)))
        document.create_foreign_key("document_campaign", "campaign", ["campaign_id"], ["id"])
        document.create_index(op.f("ix_document_campaign_id"), ["campaign_id"], unique=False)
    op.add_column("submission", sa.Column("checked_version", sa.Integer()))


def _campaign() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("self_check_on", sa.String(length=10), nullable=False),
        sa.Column("hand_in_by", sa.String(length=10), nullable=False),
        sa.Column("due", sa.JSON(), nullable=False),
        sa.Column("packs", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("current_mark", sa.Integer()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.Float(), nullable=False),
        sa.Column("changed_at", sa.Float(), nullable=False),
        sa.CheckConstraint("state in ('open', 'closed')", name="campaign_state"),
        sa.CheckConstraint(
            "current_mark = 1 and state = 'open' or current_mark is null", name="campaign_current_is_open"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("title"),
        sa.UniqueConstraint("current_mark"),
    )


def _cross_finding() -> None:
    op.create_table(
        "cross_finding",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("other_document_id", sa.String(length=36), nullable=False),
        sa.Column("other_unit", sa.Text(), nullable=False),
        sa.Column("campaign_id", sa.String(length=36)),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("found_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["other_document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("cross_finding_by_unit", "cross_finding", ["form", "unit"], unique=False)
    op.create_index(op.f("ix_cross_finding_document_id"), "cross_finding", ["document_id"], unique=False)
    op.create_index(op.f("ix_cross_finding_other_document_id"), "cross_finding", ["other_document_id"], unique=False)
