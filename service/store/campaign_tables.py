"""The tables of campaigns, of what makes two uploads one document, of long lists, and of findings across units."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from service.store.sealing.columns import Kind, Sealed
from service.store.tables import metadata

campaigns = Table(
    "campaign",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("year", Integer, nullable=False),
    Column("title", String(200), nullable=False, unique=True),
    Column("self_check_on", String(10), nullable=False),
    Column("hand_in_by", String(10), nullable=False),
    Column("due", JSON, nullable=False),
    Column("packs", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("current_mark", Integer, unique=True),
    Column("version", Integer, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("changed_at", Float, nullable=False),
    CheckConstraint("state in ('open', 'closed')", name="campaign_state"),
    CheckConstraint("current_mark = 1 and state = 'open' or current_mark is null", name="campaign_current_is_open"),
)
"""A round of handing in. Days are ``YYYY-MM-DD``. ``due`` says for each kind of unit which forms it owes, ``packs`` the
rule packs in force, separated by commas. ``current_mark`` is 1 for the one that uploads belong to, empty for others."""

arrival_keys = Table(
    "arrival_key",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("document_id", String(36), ForeignKey("document.id"), nullable=False, index=True),
)
"""What makes an upload the same document as an earlier one: a hash of its bytes, its unit and its campaign."""

cross_findings = Table(
    "cross_finding",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("document_id", String(36), ForeignKey("document.id"), nullable=False, index=True),
    Column("item", Integer, nullable=False),
    Column("form", String(40), nullable=False),
    Column("unit", Text, nullable=False),
    Column("other_document_id", String(36), ForeignKey("document.id"), nullable=False, index=True),
    Column("other_unit", Text, nullable=False),
    Column("campaign_id", String(36), ForeignKey("campaign.id")),
    Column("severity", String(8), nullable=False),
    Column("code", String(60), nullable=False),
    Column("path", Text, nullable=False),
    Column("told", Sealed("cross_finding:told", "document_id", "item", "code", "path", kind=Kind.TEXT), nullable=False),
    Column("body", Sealed("cross_finding:body", "document_id", "item", "code", "path"), nullable=False),
    Column("found_at", Float, nullable=False),
    Index("cross_finding_by_unit", "form", "unit"),
)
"""What accepted forms of different units show together: ``body`` is the finding with both sides named, for the
district; ``told`` is what the unit of the document may be told, without the other one's name."""

document_parts = Table(
    "document_part",
    metadata,
    Column("document_id", String(36), ForeignKey("document.id"), primary_key=True),
    Column("role", String(4), primary_key=True),
    Column("item", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("review", Integer, nullable=False, server_default="0"),
    Column("body", Sealed("document_part:body", "document_id", "role", "item", "number"), nullable=False),
    CheckConstraint("role in ('read', 'now')", name="document_part_role"),
)
"""The rows of a long list in pieces, so that one value can be changed without the others: ``size`` rows of one form of
a document in each, with ``review`` values to be looked at, as read (``read``) and as they stand now (``now``)."""
