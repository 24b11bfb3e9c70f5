"""The tables that progress is counted from: what accepted forms say in figures and days, without opening anything.

The rows of accepted people are sealed. Whom they name stays so; what has to be counted for a whole district at once
(how many people, by which form of employment and funding, from when to when) is kept beside them in the clear.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table

from service.store.tables import metadata

form_figures = Table(
    "form_figure",
    metadata,
    Column("accepted_id", String(36), ForeignKey("accepted_form.id"), primary_key=True),
    Column("document_id", String(36), ForeignKey("document.id"), nullable=False, index=True),
    Column("people", Integer, nullable=False),
    Column("cards", Integer, nullable=False),
)
"""How many people an accepted form lists, and for how many of them an attachment-4 is owed. Every accepted form has
its row once it was counted, also one of nobody."""

form_counts = Table(
    "form_count",
    metadata,
    Column("accepted_id", String(36), ForeignKey("accepted_form.id"), primary_key=True),
    Column("key", String(24), primary_key=True),
    Column("code", String(8), primary_key=True),
    Column("document_id", String(36), ForeignKey("document.id"), nullable=False, index=True),
    Column("people", Integer, nullable=False),
)
"""How many people of an accepted form have that code (empty: none that is certain) in that field."""

dated_rows = Table(
    "dated_row",
    metadata,
    Column("accepted_id", String(36), ForeignKey("accepted_form.id"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("document_id", String(36), ForeignKey("document.id"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("starts_on", String(10)),
    Column("ends_on", String(10)),
    Column("term_ends_on", String(10)),
    Column("returned_on", String(10)),
    Column("partner", String(16), nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("needs_card", Boolean, nullable=False),
    Column("unsure", Boolean, nullable=False),
    Index("dated_row_by_end", "kind", "ends_on"),
)
"""The days of a person on loan (``loan``) or dispatched by an agency (``dispatch``), ``YYYY-MM-DD``, empty unless they
are certain. ``term_ends_on`` ends what a dispatched person is used for. ``partner`` tells borrowers apart and says
nothing of their names; ``closed`` is over already by the form's own word; ``needs_card`` is a loan for which an
attachment-4 is owed; ``unsure`` has a value that somebody had left open when the form was accepted."""
