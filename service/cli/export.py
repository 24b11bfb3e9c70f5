"""``service export``: people of accepted forms as a workbook, as the page 人员记录 gives them."""

from __future__ import annotations

from pathlib import Path

import click

from service.cli.installation import settings_of
from service.operations.records import Disclosure, export_records, form_of
from service.runtime import open_runtime
from service.store.records import RecordQuery

WHO = "命令行"


@click.command()
@click.option("--form", default="", help="a form, by id, number or title; all of them without it")
@click.option("--unit", default="", help="a unit's whole name")
@click.option("--name", default="", help="a part of a person's name")
@click.option("--plain", is_flag=True, help="a table, also where there is an official file")
@click.option("--unmask", is_flag=True, help="with whole identity and telephone numbers; needs --reason")
@click.option("--reason", default="", help="what whole numbers are for; written into the audit log")
@click.option("--lock", is_flag=True, help="ask for a password without which nobody opens the file")
@click.option("--store", type=click.Path(file_okay=False, path_type=Path), default=None, help="data folder")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="the workbook, .xlsx")
def export(  # noqa: PLR0913  # one argument an option
    form: str,
    unit: str,
    name: str,
    *,
    plain: bool,
    unmask: bool,
    reason: str,
    lock: bool,
    store: Path | None,
    out: Path,
) -> None:
    """Write the people of accepted forms into a workbook; prints its path.

    The password of --lock is typed, or comes twice on standard input: it stands in no list of processes and no history.
    """
    password = click.prompt("打开密码 / password", hide_input=True, confirmation_prompt=True, err=True) if lock else ""
    runtime = open_runtime(settings_of(store))
    try:
        disclosure = Disclosure(unmask, WHO, reason.strip())
        query = form_of(runtime, RecordQuery(form=form, unit=unit, name=name))
        made = export_records(runtime, query, disclosure, plain=plain, password=password)
    finally:
        runtime.close()
    part = out.with_name(f"{out.name}.part")
    try:
        part.write_bytes(made.content)
        part.replace(out)  # whole or not at all
    finally:
        part.unlink(missing_ok=True)
    click.echo(str(out))
