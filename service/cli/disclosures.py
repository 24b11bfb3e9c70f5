"""``service admin disclosures``: who saw or took away whole numbers, for a report of a breach."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from service.audit.chain import record
from service.audit.events import Action, AuditEvent
from service.cli.installation import data_option, settings_of
from service.opening import open_database
from service.operations.disclosed import disclosed, summed

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@data_option
@click.option("--first", type=DAY, default=None, help="from this day on")
@click.option("--last", type=DAY, default=None, help="until this day, and with it")
@click.option("--document", default="", metavar="ID", help="only people of this document")
def disclosures(data: Path | None, first: dt.datetime | None, last: dt.datetime | None, document: str) -> None:
    """Print each time whole numbers were shown or given out, one JSON object a line, and what it comes to."""
    database = open_database(settings_of(data))
    try:
        with database.transaction() as connection:
            days = (None if first is None else first.date(), None if last is None else last.date())
            found = list(disclosed(connection, *days, document))
            record(connection, AuditEvent(Action.AUDIT_READ, "disclosures", document, count=len(found)))
    finally:
        database.close()
    for one in found:
        click.echo(json.dumps(one, ensure_ascii=False))
    for sentence in summed(found):
        click.echo(sentence, err=True)
