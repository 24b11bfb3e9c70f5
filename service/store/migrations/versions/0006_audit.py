"""What was done: events that are only added, guarded by triggers, and the head of their chain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_audit"
down_revision = "0005_accounts"
branch_labels = None
depends_on = None

SQLITE = tuple(
    f"create trigger audit_event_no_{verb} before {verb} on audit_event begin"
    " select raise(abort, 'audit_event is append-only'); end"
    for verb in ("update", "delete")
)
REFUSAL = "begin raise exception 'audit_event is append-only'; end"
REFUSE = "execute function audit_event_refuse()"
POSTGRESQL = (
    f"create function audit_event_refuse() returns trigger language plpgsql as $$ {REFUSAL} $$",
    f"create trigger audit_event_no_change before update or delete on audit_event for each row {REFUSE}",
    f"create trigger audit_event_no_truncate before truncate on audit_event for each statement {REFUSE}",
)
TEXTS = ("who", "role", "unit", "address", "request_id", "object_type", "object_id")


def upgrade() -> None:
    """Make both tables and the triggers."""
    op.create_table(
        "audit_event",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index(op.f("ix_audit_event_action"), "audit_event", ["action"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    connection = op.get_bind()
    for words in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(words)
