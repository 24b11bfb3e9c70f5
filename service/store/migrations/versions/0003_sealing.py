"""Keys, and columns whose values are sealed: what stood there in plain is sealed in place, all of it or nothing."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from service.store.sealing.keyring import load
from service.store.sealing.vault import Vault, vault_of

revision = "0003_sealing"
down_revision = "0002_campaigns"
branch_labels = None
depends_on = None

TOGETHER = 500
OF_CHANGES = ("document_id", "action", "path")
OF_FINDINGS = ("document_id", "item", "code", "path")
TABLES: dict[str, tuple[str, tuple[str, ...], dict[str, bool]]] = {
    "document": ("id", ("id",), {"name": False, "reading": True}),
    "answer": ("key", ("key",), {"body": False}),
    "import": ("id", ("id",), {"name": False, "records": False, "findings": False}),
    "issued": ("id", ("id",), {"record": False, "field_map": True}),
    "submission": ("document_id", ("document_id",), {"content": True}),
    "entry_history": ("number", OF_CHANGES, {"before": True, "after": True, "reason": False}),
    "notice": ("document_id", ("document_id",), {"name": False, "findings": False}),
    "accepted_form": ("id", ("id",), {"header": False, "marks": False, "reason": False}),
    "record": ("id", ("accepted_id", "line"), {"entries": False}),
    "finding": ("id", OF_FINDINGS, {"body": False}),
    "unit": ("id", ("id",), {"liaison_phone": True}),
    "unit_import": ("id", ("id",), {"name": False, "content": False}),
}
"""Table: its primary key, the columns that name a row, and the columns to seal (whether they may be empty)."""
WAS_TEXT = frozenset({"name", "reason", "liaison_phone"})
PACKED = "issued"


def upgrade() -> None:
    """Make the table of keys, turn the columns into text, and seal what stands in them."""
    op.create_table(
        "data_key",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("suite", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("wrapped", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Float(), nullable=False),
        sa.CheckConstraint("purpose in ('data', 'audit')", name="data_key_purpose"),
        sa.CheckConstraint("state in ('current', 'retired')", name="data_key_state"),
        sa.PrimaryKeyConstraint("id"),
    )
    connection = op.get_bind()
    vault = vault_of(connection.dialect)
    load(connection, vault)
    if connection.dialect.name == "sqlite":
        _encode_packed(connection)
    for name in TABLES:
        _to_text(name)
        _seal(connection, vault, name)
    _index_numbers(connection, vault)


def _encode_packed(connection: sa.Connection) -> None:
    """What PostgreSQL does on its way from bytes to text."""
    columns = TABLES[PACKED][2]
    table = sa.table(PACKED, sa.column("id"), *(sa.column(name) for name in columns))
    for rows in _in_pieces(connection, table, "id"):
        for row in rows:
            encoded = {name: row[name] and base64.b64encode(row[name]).decode() for name in columns}
            connection.execute(sa.update(table).where(table.c.id == row["id"]).values(encoded))


def _to_text(name: str) -> None:
    with op.batch_alter_table(name) as table:
        for column, nullable in TABLES[name][2].items():
            if column not in WAS_TEXT:
                using = f"encode(\"{column}\", 'base64')" if name == PACKED else f'"{column}"::text'
                old = sa.LargeBinary() if name == PACKED else sa.JSON()
                table.alter_column(
                    column, type_=sa.Text(), existing_type=old, existing_nullable=nullable, postgresql_using=using
                )


def _seal(connection: sa.Connection, vault: Vault, name: str) -> None:
    key, keys, columns = TABLES[name]
    table = sa.table(name, *(sa.column(one) for one in dict.fromkeys((key, *keys, *columns))))
    for rows in _in_pieces(connection, table, key):
        for row in rows:
            named = "|".join(str(row[one]) for one in keys)
            sealed = {
                column: vault.seal(f"{name}:{named}:{column}", plain)
                for column in columns
                if (plain := _plain(name, row[column])) is not None
            }
            empty = {column: None for column, may_be in columns.items() if may_be and column not in sealed}
            connection.execute(sa.update(table).where(table.c[key] == row[key]).values({**sealed, **empty}))


def _in_pieces(connection: sa.Connection, table: sa.TableClause, key: str) -> Iterator[list[Mapping[str, Any]]]:
    """All rows, so many at a time, in the order of their keys."""
    query = sa.select(table).order_by(table.c[key]).limit(TOGETHER)
    rows = connection.execute(query).mappings().all()
    while rows:
        yield [dict(row) for row in rows]
        rows = connection.execute(query.where(table.c[key] > rows[-1][key])).mappings().all()


def _plain(name: str, value: Any) -> bytes | None:  # noqa: ANN401  # a text
    """What is sealed: the text, or the JSON as it stands; ``null`` is nothing."""
    if value is None or value == "null":
        return None
    if name == PACKED:
        return zlib.decompress(base64.b64decode(value))
    return str(value).encode("utf-8", "surrogatepass")


def _index_numbers(connection: sa.Connection, vault: Vault) -> None:
    """Instead of the identity number its blind index."""
    table = sa.table("record", sa.column("id"), sa.column("id_number"))
    for rows in _in_pieces(connection, table, "id"):
        for row in rows:
            index = vault.index("id_number", row["id_number"].strip().upper())
            connection.execute(sa.update(table).where(table.c.id == row["id"]).values(id_number=index))
    op.drop_index(op.f("ix_record_id_number"), table_name="record")
    with op.batch_alter_table("record") as record:
        record.alter_column(
            "id_number",
            new_column_name="id_index",
            type_=sa.String(length=32),
            existing_type=sa.Text(),
            existing_nullable=False,
        )
    op.create_index(op.f("ix_record_id_index"), "record", ["id_index"], unique=False)
