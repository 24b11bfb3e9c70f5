"""``service pack``: what a unit or the district hands in, in one archive; or packs to be filled in, the other way."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from service.audit.chain import record
from service.audit.events import Action, AuditEvent
from service.cli.installation import settings_of
from service.cli.users import TERMINAL
from service.operations.editions import catalogue_of
from service.operations.locking import locked_archive, require_fit_for_archive
from service.operations.packs.asked import (
    MOST_COPIES,
    SUBMISSION,
    Asked,
    Options,
    PackIncompleteError,
    recipient_called,
)
from service.operations.packs.contents import KINDS, told
from service.operations.packs.making import PackMade, PackMaker, Tell
from service.operations.packs.offices import Office, plain_marks
from service.operations.packs.parts import PassingParts
from service.operations.packs.plain import contents_of_data
from service.operations.packs.stored import pack_of_store, unit_asked
from service.operations.sources import read_json_file
from service.problems import Exit
from service.runtime import open_runtime
from service.settings import read_settings

SHOWN = 50
_WORDS = {"all": "全部", "organization": "组织部", "hr": "人社局", "finance": "财政局"}


@click.command()
@click.option("--data", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON of one or many forms")
@click.option("--unit", default="", help="a unit, by name, other name or credit code, and all under it")
@click.option("--all", "everything", is_flag=True, help="the whole district")
@click.option("--recipient", default="all", metavar="组织部|人社局|财政局|all", help="to whom it goes; all by default")
@click.option("--prefilled", is_flag=True, help="packs to be sent out and filled in, a folder for each unit")
@click.option("--with-errors", is_flag=True, help="make it though something is missing or wrong; the cover says so")
@click.option("--no-pdf", is_flag=True, help="leave out the file for printing")
@click.option("--no-scans", is_flag=True, help="leave out the stamped originals")
@click.option("--copies", type=click.IntRange(0, MOST_COPIES), default=0, help="copies told on the cover")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), default=None, help="day of the letter; blank without it")
@click.option("--campaign", default="", help="id, name or year; the current one without it")
@click.option("--lock", is_flag=True, help="ask for a password without which nobody opens the archive")
@click.option("--store", type=click.Path(file_okay=False, path_type=Path), default=None, help="data folder")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="the archive, .zip")
def pack(  # noqa: PLR0913  # one argument an option
    data: Path | None,
    unit: str,
    *,
    everything: bool,
    recipient: str,
    prefilled: bool,
    with_errors: bool,
    no_pdf: bool,
    no_scans: bool,
    copies: int,
    day: object,
    campaign: str,
    lock: bool,
    store: Path | None,
    out: Path,
) -> int:
    """Make a pack; prints the archive's path. What is missing or wrong goes to standard error.

    The password of --lock is typed, or comes twice on standard input: it stands in no list of processes and no history.
    """
    if (data is not None) + bool(unit) + everything != 1:
        raise click.UsageError("用 --data、--unit、--all 之一 / give one of --data, --unit, --all")
    wanted = recipient_called(recipient)
    if wanted is None:
        raise click.UsageError(f"--recipient 可用:{'、'.join(_WORDS.values())} / one of {', '.join(_WORDS)}")
    if prefilled and data is not None:
        raise click.UsageError("--prefilled 用于 --unit 或 --all / --prefilled goes with --unit or --all")
    options = Options(with_errors, not no_pdf, not no_scans, copies, f"{day:%Y-%m-%d}" if day else "")
    asked = Asked(SUBMISSION, None, wanted, None, options)
    password = click.prompt("打开密码 / password", hide_input=True, confirmation_prompt=True, err=True) if lock else ""
    require_fit_for_archive(read_settings() if data is not None else settings_of(store), password, "")
    try:
        with _finished_or_not(out, password) as target, _shown() as tell:
            if data is not None:
                made = _of_data(data, asked, target, tell)
            else:
                made = _of_store(store, unit, campaign, (asked, prefilled), target, tell)
    except PackIncompleteError as fault:
        for item in fault.lacks[:SHOWN]:
            click.echo(f"{KINDS[item['kind']]}:{item['message']}", err=True)
        raise
    for problem in made.problems[:SHOWN]:
        click.echo(f"未编入 {problem.code} {problem.what}:{problem.message}", err=True)
    click.echo(str(out))
    return Exit.ERRORS_FOUND if made.problems else Exit.DONE


def _of_data(data: Path, asked: Asked, target: IO[bytes], tell: Tell) -> PackMade:
    settings = read_settings()
    catalogue = catalogue_of(settings)
    contents = contents_of_data(read_json_file(data), data.name, catalogue, settings, asked)
    if contents.lacks and asked.options.with_errors:
        click.echo(told(contents.lacks), err=True)
    office = Office(PassingParts(), plain_marks if settings.print_mark else lambda _: "")
    return PackMaker(contents, office, tell).make(target)


def _of_store(  # what was asked, and where it goes
    store: Path | None, unit: str, campaign: str, wanted: tuple[Asked, bool], target: IO[bytes], tell: Tell
) -> PackMade:
    runtime = open_runtime(settings_of(store))
    try:
        asked = unit_asked(runtime, wanted[0], unit, campaign, prefilled=wanted[1])
        details = {"kind": asked.kind, "unit": asked.unit_id or "", "recipient": asked.recipient.value}
        with runtime.database.transaction() as connection:
            record(connection, AuditEvent(Action.EXPORT, "pack", details=details, who=TERMINAL))
        return pack_of_store(runtime, asked, target, tell)
    finally:
        runtime.close()


@contextmanager
def _finished_or_not(path: Path, password: str) -> Iterator[IO[bytes]]:
    """A file beside the wanted one; it takes its place once all is written, and is removed if that fails.

    With a password it is a file without a name that is then written there encrypted.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as target:
            if password:
                with tempfile.TemporaryFile() as plain:
                    yield plain
                    plain.seek(0)
                    locked_archive(plain, path.name, password, target)
            else:
                yield target
            target.flush()
            os.fsync(target.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _shown() -> Iterator[Tell]:
    """Progress on a terminal's standard error."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _done, _total, _stage: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("报送包")

        def tell(done: int, total: int, stage: str) -> None:
            progress.update(task, completed=done, total=total, description=stage)

        yield tell
