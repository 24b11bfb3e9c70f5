"""The keys that stored files are sealed with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_file_keys"
down_revision = "0013_waiting"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, unless sealing the rows of an old database did; the first key is made when it is opened."""
    if sa.inspect(op.get_bind()).has_table("file_key"):
        return
    op.create_table(
        "file_key",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("suite", sa.String(length=8), nullable=False),
        sa.Column("wrapped", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Float(), nullable=False),
        sa.Column("retired_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
