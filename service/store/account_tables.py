"""The tables of accounts, their sessions and tokens, of approvals, and of whose a thing is."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from service.store.sealing.columns import Kind, Sealed
from service.store.tables import metadata

accounts = Table(
    "account",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("unit_id", String(36), ForeignKey("unit.id"), index=True),
    Column("state", String(16), nullable=False),
    Column("password_hash", Text),
    Column("password_at", Float),
    Column("must_change", Boolean, nullable=False),
    Column("totp_secret", Sealed("account:totp_secret", "id", kind=Kind.TEXT)),
    Column("totp_step", Integer, nullable=False),
    Column("certificate", Text),
    Column("made_at", Float, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("used_at", Float),
    CheckConstraint("state in ('pending', 'active', 'disabled')", name="account_state"),
)
"""A person who may sign in. ``name`` is in lower case; ``totp_step`` the last time step whose code was used."""

password_history = Table(
    "password_history",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("account_id", String(36), ForeignKey("account.id"), nullable=False, index=True),
    Column("password_hash", Text, nullable=False),
    Column("set_at", Float, nullable=False),
)
"""Passwords that an account had, as hashes, so that the latest ones are not used again."""

sessions = Table(
    "session",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("account_id", String(36), ForeignKey("account.id"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("owes", String(16)),
    Column("pending_secret", Sealed("session:pending_secret", "id", kind=Kind.TEXT)),
    Column("address", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
    Column("verified_at", Float, nullable=False),
    Column("ended_at", Float),
)
"""A session, by the hash of what the cookie holds. ``owes`` is what is still missing of signing in."""

api_tokens = Table(
    "api_token",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("account_id", String(36), ForeignKey("account.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("actions", JSON, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("used_at", Float),
    Column("revoked_at", Float),
)
"""A token of a program that acts for an account, limited to some actions."""

one_time = Table(
    "one_time_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("account_id", String(36), ForeignKey("account.id")),
    Column("made_by", Text, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("used_at", Float),
    CheckConstraint("kind in ('first', 'password')", name="one_time_kind"),
)
"""What can be used once: the token of the first start, and links with which a person sets a password."""

failures = Table(
    "sign_in_failure",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("who", String(64), nullable=False),
    Column("address", Text, nullable=False),
    Column("at", Float, nullable=False),
    Index("sign_in_failure_of", "who", "address", "at"),
)
"""Failures to sign in. ``who`` is a hash of the name that was typed: people type passwords into the wrong field."""

approvals = Table(
    "approval",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("subject", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("asked_by", String(36), ForeignKey("account.id"), nullable=False, index=True),
    Column("unit_id", String(36), ForeignKey("unit.id")),
    Column("asked_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("decided_by", String(36), ForeignKey("account.id")),
    Column("decided_at", Float),
    Column("note", Text, nullable=False),
    CheckConstraint("state in ('open', 'approved', 'refused', 'used')", name="approval_state"),
)
"""What somebody asks a second person to confirm. ``subject`` says what exactly, and nothing else is allowed by it."""

belongings = Table(
    "belonging",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("thing_id", String(36), primary_key=True),
    Column("unit_id", String(36), ForeignKey("unit.id")),
    Column("forms", Text),
    Column("account_id", String(36)),
    Index("belonging_by_unit", "kind", "unit_id"),
)
"""Whose a thing is. ``kind`` is document, accepted, job, import, unit-import or pack; ``unit_id`` the unit that its
name was resolved to, empty where no unit is known by it; ``forms`` the kinds of form in a file, sorted, with commas;
``account_id`` who made it, empty where nobody had signed in."""
