"""What progress is counted from, and until when a returned form is to be corrected."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_progress"
down_revision = "0008_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, empty: accepted forms are counted when progress is first looked at."""
    op.create_table(
        "form_figure",
        *_of_form(),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("cards", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("accepted_id"),
    )
    op.create_table(
        "form_count",
        *_of_form(),
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("accepted_id", "key", "code"),
    )
    op.create_table(
        "dated_row",
        *_of_form(),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        *(sa.Column(name, sa.String(length=10)) for name in ("starts_on", "ends_on", "term_ends_on", "returned_on")),
        sa.Column("partner", sa.String(length=16), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("closed", "needs_card", "unsure")),
        sa.PrimaryKeyConstraint("accepted_id", "line"),
    )
    for table in ("form_figure", "form_count", "dated_row"):
        op.create_index(op.f(f"ix_{table}_document_id"), table, ["document_id"], unique=False)
    op.create_index("dated_row_by_end", "dated_row", ["kind", "ends_on"], unique=False)
    op.add_column("notice", sa.Column("deadline", sa.String(length=10)))


def _of_form() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("accepted_id", sa.String(length=36), nullable=False),
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["accepted_id"], ["accepted_form.id"]),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
    )
