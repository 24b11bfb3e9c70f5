"""What somebody is typing into a form and has not handed in yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015_drafts"
down_revision = "0014_file_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "draft",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("page", sa.String(length=32), nullable=False),
        sa.Column("saved_at", sa.Float(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "form"),
    )
