"""What waits for a person's eyes, by field."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013_waiting"
down_revision = "0012_name_parts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; it fills itself as the queue is looked at."""
    op.create_table(
        "waiting",
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.PrimaryKeyConstraint("document_id", "what"),
    )
    op.create_index("waiting_by_what", "waiting", ["what", "document_id"], unique=False)
