"""Accepted forms know how many people they list, so that lists need not count them one by one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_totals"
down_revision = "0010_packs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the figure, work it out for what is there, and put it into the index that lists go by."""
    op.add_column("accepted_form", sa.Column("people", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "update accepted_form set people = (select count(*) from record where record.accepted_id = accepted_form.id)"
    )
    op.drop_index("accepted_form_in_order", table_name="accepted_form")
    order = ["form", "unit", "accepted_at", "id", "state", "people"]
    op.create_index("accepted_form_in_order", "accepted_form", order, unique=False)
    op.create_index("submission_by_time", "submission", ["moved_at"], unique=False)
