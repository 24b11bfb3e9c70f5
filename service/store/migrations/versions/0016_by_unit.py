"""A unit's accepted forms are found by the unit alone, which is what people ask for most."""

from __future__ import annotations

from alembic import op

revision = "0016_by_unit"
down_revision = "0015_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The index."""
    op.create_index("accepted_form_of_unit", "accepted_form", ["unit", "form", "state", "people"], unique=False)
