"""The tables of the service's database.

Columns that may hold somebody's numbers are sealed, and whole: a number may stand in any text that was read, in a
file's name, in a finding or a reason (:class:`service.store.sealing.columns.Sealed`).
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from service.store.sealing.columns import Kind, Sealed

metadata = MetaData()

documents = Table(
    "document",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("sha256", String(64), nullable=False, index=True),
    Column("name", Sealed("document:name", "id", kind=Kind.TEXT), nullable=False),
    Column("size", Integer, nullable=False),
    Column("form_hint", String(40)),
    Column("unit", Text),
    Column("state", String(16), nullable=False),
    Column("received_at", Float, nullable=False),
    Column("job_id", String(36)),
    Column("reading", Sealed("document:reading", "id")),
    Column("campaign_id", String(36), ForeignKey("campaign.id", name="document_campaign"), index=True),
    Column("unit_from", String(8)),
    CheckConstraint("state in ('received', 'read', 'partial', 'failed')", name="document_state"),
    Index("document_in_turn", "received_at", "id", "state", "form_hint", "sha256"),
)
"""A returned file. ``reading`` is what ``service read`` prints for it, once it was read. ``unit_from`` says who named
its unit: ``sender``, the ``form`` itself or a ``person`` later."""

jobs = Table(
    "job",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("arguments", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("run_at", Float, nullable=False),
    Column("attempt", Integer, nullable=False, default=0),
    Column("lost_count", Integer, nullable=False, default=0),
    Column("lease_until", Float),
    Column("token", String(36)),
    Column("done", Integer, nullable=False, default=0),
    Column("total", Integer, nullable=False, default=0),
    Column("stage", Text, nullable=False, default=""),
    Column("problem", JSON),
    Column("result", JSON),
    Column("created_at", Float, nullable=False),
    Column("started_at", Float),
    Column("finished_at", Float),
    Column("priority", Integer, nullable=False, default=0, server_default="0"),
    Column("published_at", Float),
    CheckConstraint(
        "state in ('queued', 'running', 'retry_wait', 'done', 'failed', 'timed_out', 'dead', 'cancelled')",
        name="job_state",
    ),
    CheckConstraint(
        "(state = 'running') = (token is not null and lease_until is not null)", name="job_running_has_a_holder"
    ),
    Index("job_next", "state", "run_at"),
)
"""Long work. A running row belongs to the worker that holds ``token``, until ``lease_until`` (seconds since 1970). A
trigger refuses every change of state but those of ``service.store.jobs.EDGES``. ``published_at`` is when a broker was
last told of it."""

answers = Table(
    "answer",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Sealed("answer:body", "key"), nullable=False),
    Column("created_at", Float, nullable=False),
)
"""The first answer given under an ``Idempotency-Key``."""

imports = Table(
    "import",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("form", String(40), nullable=False),
    Column("edition", String(40), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("name", Sealed("import:name", "id", kind=Kind.TEXT), nullable=False),
    Column("records", Sealed("import:records", "id"), nullable=False),
    Column("findings", Sealed("import:findings", "id"), nullable=False),
    Column("received_at", Float, nullable=False),
)
"""An import workbook as it was read: its records and findings as ``forms.plain`` writes them. Nothing else changes."""

results = Table(
    "job_file",
    metadata,
    Column("job_id", String(36), ForeignKey("job.id"), primary_key=True),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
)
"""The file a job made."""

ledger_mappings = Table(
    "ledger_mapping",
    metadata,
    Column("unit", String(200), primary_key=True),
    Column("head", Text, primary_key=True),
    Column("columns", JSON, nullable=False),
    Column("confirmed_at", Float, nullable=False),
)
"""What a person confirmed of a unit's ledger: head row → which column holds what (head text → keys, or null)."""

issued = Table(
    "issued",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("form", String(40), nullable=False),
    Column("edition", String(40), nullable=False),
    Column("format", String(8), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("made_at", Float, nullable=False),
    Column("record", Sealed("issued:record", "id"), nullable=False),
    Column("field_map", Sealed("issued:field_map", "id")),
    Column("print_sha256", String(64)),
)
"""What was handed out under a print mark; the print is a stored PDF."""

submissions = Table(
    "submission",
    metadata,
    Column("document_id", String(36), ForeignKey("document.id"), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", Sealed("submission:content", "document_id")),
    Column("supersedes", String(36)),
    Column("superseded_by", String(36)),
    Column("merged_from", String(36)),
    Column("moved_at", Float, nullable=False),
    Column("checked_version", Integer),
    CheckConstraint("state in ('read', 'review', 'accepted', 'returned', 'superseded')", name="submission_state"),
    Index("submission_by_state", "state"),
    Index("submission_by_time", "moved_at"),
    Index("submission_as_it_is", "document_id", "state", "version"),
)
"""What people made of a returned file. ``content`` is what its ``reading`` has under ``documents``, with what was
entered since; empty while that is what was read. ``version`` counts every change of it. ``supersedes`` names the
document that the sender says this one corrects, ``merged_from`` the one whose entries were carried over.
``checked_version`` is the version that the findings are of; empty where they are always made with the content."""

changes = Table(
    "entry_history",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("document_id", String(36), ForeignKey("document.id"), nullable=False, index=True),
    Column("at", Float, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", String(16), nullable=False),
    Column("path", Text, nullable=False),
    Column("before", Sealed("entry_history:before", "document_id", "action", "path")),
    Column("after", Sealed("entry_history:after", "document_id", "action", "path")),
    Column("reason", Sealed("entry_history:reason", "document_id", "action", "path", kind=Kind.TEXT), nullable=False),
)
"""What happened to a document and to each value of it; rows are added and never changed."""

notices = Table(
    "notice",
    metadata,
    Column("document_id", String(36), ForeignKey("document.id"), primary_key=True),
    Column("made_at", Float, nullable=False),
    Column("name", Sealed("notice:name", "document_id", kind=Kind.TEXT), nullable=False),
    Column("docx_sha256", String(64), nullable=False),
    Column("pdf_sha256", String(64)),
    Column("marked_sha256", String(64)),
    Column("findings", Sealed("notice:findings", "document_id"), nullable=False),
    Column("deadline", String(10)),
)
"""The 补正通知书 of a document that was returned, and the findings that were told with it. ``deadline`` is the last day
for the correction (``YYYY-MM-DD``), empty for notices of before it was kept."""

accepted = Table(
    "accepted_form",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("document_id", String(36), ForeignKey("document.id"), nullable=False, index=True),
    Column("item", Integer, nullable=False),
    Column("form", String(40), nullable=False),
    Column("edition", String(40), nullable=False),
    Column("unit", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("header", Sealed("accepted_form:header", "id"), nullable=False),
    Column("marks", Sealed("accepted_form:marks", "id"), nullable=False),
    Column("accepted_at", Float, nullable=False),
    Column("accepted_by", Text, nullable=False),
    Column("reason", Sealed("accepted_form:reason", "id", kind=Kind.TEXT), nullable=False),
    Column("people", Integer, nullable=False, server_default="0"),
    CheckConstraint("state in ('accepted', 'superseded')", name="accepted_state"),
    Index("accepted_form_in_order", "form", "unit", "accepted_at", "id", "state", "people"),
    Index("accepted_form_of_unit", "unit", "form", "state", "people"),
)
"""A form of a document that was accepted, also one that lists nobody; ``people`` are listed. ``reason`` is why open
faults were let stand."""

records = Table(
    "record",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("accepted_id", String(36), ForeignKey("accepted_form.id"), nullable=False),
    Column("line", Integer, nullable=False),
    Column("name", Text, nullable=False, index=True),
    Column("id_index", String(32), nullable=False, index=True),
    Column("entries", Sealed("record:entries", "accepted_id", "line"), nullable=False),
    Index("record_of_form", "accepted_id", "line", "name", postgresql_include=["id"]),
)
"""One person of an accepted form: its normal values and their codes by key.

``id_index`` is the blind index of the identity number, empty without one (:class:`service.store.sealing.vault.Vault`).
"""

findings = Table(
    "finding",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("document_id", String(36), ForeignKey("document.id"), nullable=False, index=True),
    Column("item", Integer, nullable=False),
    Column("form", String(40), nullable=False),
    Column("unit", Text, nullable=False),
    Column("severity", String(8), nullable=False),
    Column("code", String(60), nullable=False, index=True),
    Column("path", Text, nullable=False),
    Column("body", Sealed("finding:body", "document_id", "item", "code", "path"), nullable=False),
    Index("finding_by_unit", "form", "unit"),
)
"""The findings of each document as they stand now; ``body`` is one finding as ``forms.plain`` writes it."""

disclosures = Table(
    "disclosure",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("filters", JSON, nullable=False),
    Column("people", Integer, nullable=False),
    Column("reason", Text, nullable=False),
)
"""Who saw whole identity numbers and telephone numbers of how many people, and what for; rows are only added."""
