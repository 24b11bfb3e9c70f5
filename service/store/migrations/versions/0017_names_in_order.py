"""On PostgreSQL names are read in the order of the list from an index alone, which now has the people's rows, too.

SQLite's indexes have them anyway.
"""

from __future__ import annotations

from alembic import op

revision = "0017_names_in_order"
down_revision = "0016_by_unit"
branch_labels = None
depends_on = None

COLUMNS = ["accepted_id", "line", "name"]


def upgrade() -> None:
    """The index anew."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("record_of_form", "record")
        op.create_index("record_of_form", "record", COLUMNS, unique=False, postgresql_include=["id"])
