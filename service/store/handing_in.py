"""The columns and rows that say whose a returned file is, for which campaign, and which uploads are one document."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import Connection, delete, insert, select, update

from service.store.belonging import keep_belonging
from service.store.campaign_tables import arrival_keys
from service.store.tables import documents
from service.store.unit_tables import units


def set_unit_of(connection: Connection, identity: str, name: str, source: str) -> None:
    """Whose a document is, and who said so; who may see it follows from that."""
    values = {"unit": name, "unit_from": source}
    connection.execute(update(documents).where(documents.c.id == identity).values(values))
    unit_id = connection.scalar(select(units.c.id).where(units.c.name == name))
    if unit_id is not None:
        keep_belonging(connection, "document", identity, unit_id=unit_id)


def set_campaign_of(connection: Connection, identity: str, campaign: str) -> None:
    """Which campaign a document belongs to."""
    connection.execute(update(documents).where(documents.c.id == identity).values(campaign_id=campaign))


def arrival_key(sha256: str, unit: str, campaign: str | None, *, refused: str = "") -> str:
    """What two uploads of one document have in common.

    ``unit`` is the unit's id, else the name that was sent, empty where nobody named one. ``refused`` is the name of a
    file that is not read at all: another name may make the same bytes readable.
    """
    text = json.dumps([sha256, unit, campaign or "", refused], ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def find_arrival(connection: Connection, key: str) -> str | None:
    """The document that came under that key."""
    found: str | None = connection.scalar(select(arrival_keys.c.document_id).where(arrival_keys.c.key == key))
    return found


def keep_arrival(connection: Connection, key: str, identity: str) -> None:
    """From now on an upload under that key is that document, unless another one came first."""
    if find_arrival(connection, key) is None:
        add_arrival(connection, key, identity)


def add_arrival(connection: Connection, key: str, identity: str) -> None:
    """The same for a key under which nothing came before, as the caller has just seen."""
    connection.execute(insert(arrival_keys).values(key=key, document_id=identity))


def forget_arrivals(connection: Connection, identity: str) -> None:
    """The document is no longer found by the unit and campaign that it had."""
    connection.execute(delete(arrival_keys).where(arrival_keys.c.document_id == identity))
