"""Indexes that hold all that a list of people is filtered and ordered by, so that no sealed value is touched for it."""

from __future__ import annotations

from alembic import op

revision = "0008_lists"
down_revision = "0007_parts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Wider indexes in the place of narrower ones."""
    op.drop_index(op.f("ix_record_accepted_id"), table_name="record")
    op.create_index("record_of_form", "record", ["accepted_id", "line", "name"], unique=False)
    op.drop_index("accepted_form_by_unit", table_name="accepted_form")
    order = ["form", "unit", "accepted_at", "id", "state"]
    op.create_index("accepted_form_in_order", "accepted_form", order, unique=False)
