"""When the rules of a campaign change, its documents are checked again: a job for each, in the order they came."""

from __future__ import annotations

from sqlalchemy import Connection, select

from service.store.campaign_tables import campaigns
from service.store.documents import find_light, set_job
from service.store.jobs import Job, add_job
from service.store.tables import documents

RECHECK_JOB = "recheck-document"
AFTER_OTHERS = -1
"""The priority of checks that nobody waits for at a page."""
CLOCKS_DIFFER = 30.0
"""Seconds that the clocks of web and database may differ; a check too many does no harm."""
CHECKED_STAGES = frozenset({"read", "partial", "review", "accepted"})
"""Stages whose findings say something still: what was returned says what its notice says."""


def check_campaign_later(connection: Connection, campaign: str) -> int:
    """Queue a check of every document of a campaign that was read and is not out of its hands; returns how many.

    One that is being read meanwhile is seen to by :func:`check_if_rules_changed`.
    """
    read = (documents.c.campaign_id == campaign, documents.c.state.in_(("read", "partial")))
    query = select(documents.c.id).where(*read).order_by(documents.c.received_at, documents.c.id)
    count = 0
    for identity in list(connection.scalars(query)):
        light = find_light(connection, identity)
        if light is not None and light.stage in CHECKED_STAGES:
            _queue(connection, identity, campaign)
            count += 1
    return count


def check_if_rules_changed(connection: Connection, identity: str, job: Job) -> None:
    """Queue a check of a document whose campaign was changed while a job read it by the rules of before."""
    joined = documents.join(campaigns, campaigns.c.id == documents.c.campaign_id)
    began = (job.started_at or 0.0) - CLOCKS_DIFFER
    changed = campaigns.c.changed_at > began, campaigns.c.version > 1
    query = select(campaigns.c.id).select_from(joined).where(documents.c.id == identity, *changed)
    campaign = connection.execute(query).scalar_one_or_none()
    if campaign is not None:
        _queue(connection, identity, campaign)


def _queue(connection: Connection, identity: str, campaign: str) -> None:
    arguments = {"document_id": identity, "campaign": campaign}
    set_job(connection, identity, add_job(connection, RECHECK_JOB, arguments, priority=AFTER_OTHERS))
