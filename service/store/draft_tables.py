"""The table of what somebody is typing into a form and has not handed in yet."""

from __future__ import annotations

from sqlalchemy import Column, Float, String, Table

from service.store.sealing.columns import Sealed
from service.store.tables import metadata

drafts = Table(
    "draft",
    metadata,
    Column("account_id", String(36), primary_key=True),
    Column("form", String(40), primary_key=True),
    Column("page", String(32), nullable=False),
    Column("saved_at", Float, nullable=False),
    Column("content", Sealed("draft:content", "account_id", "form"), nullable=False),
)
"""One draft for each person and form; ``account_id`` is ``desk`` where nobody signs in. ``page`` is the browser's page
that kept it last: of two that are open at once the other one is told. ``content`` is text by place."""
