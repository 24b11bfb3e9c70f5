"""Pieces of long lists say how many of their values are to be looked at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_parts"
down_revision = "0006_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the count."""
    op.add_column("document_part", sa.Column("review", sa.Integer(), nullable=False, server_default="0"))
