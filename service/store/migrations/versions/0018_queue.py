"""The queue of the desk is read in its order from indexes; what waits is kept of documents alone that still wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018_queue"
down_revision = "0017_names_in_order"
branch_labels = None
depends_on = None

STALE = """
DELETE FROM waiting WHERE NOT EXISTS (
    SELECT 1 FROM submission AS now WHERE now.document_id = waiting.document_id
    AND now.version = waiting.version AND now.state IN ('read', 'review'))
"""


def upgrade() -> None:
    """The indexes, and no counts of what was changed or settled since."""
    op.create_index("document_in_turn", "document", ["received_at", "id", "state", "form_hint", "sha256"], unique=False)
    op.create_index("submission_as_it_is", "submission", ["document_id", "state", "version"], unique=False)
    op.drop_index("waiting_by_what", table_name="waiting")
    op.create_index("waiting_by_what", "waiting", ["what", "document_id", "count"], unique=False)
    op.execute(sa.text(STALE))
