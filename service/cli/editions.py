"""``service admin adopt`` and ``service admin editions``: new official files without code."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from parsers.errors import DocumentError
from service.cli.installation import data_option, settings_of
from service.opening import open_database
from service.operations.adopting import AdoptRequest, adopt, draw, draw_original
from service.operations.editions import (
    catalogue_of,
    install,
    remove,
    require_free,
    states_of,
    use_edition,
    withdraw,
)
from service.problems import Exit
from service.settings import Settings
from writers.adopting.describing import report_lines, report_of
from writers.adopting.proposing import Proposal, look_again
from writers.errors import EditionRefusedError

PROPOSALS = "adopting"
PICTURES = "pictures"


@click.command("adopt")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--form", default="", help="which form the blank is; not needed for a proposal's folder")
@click.option("--edition", default="", help="name of the new edition; the next free one by default")
@click.option("--base", default="", help="the edition whose fields are looked for; the one in use by default")
@click.option("--label", "labels", multiple=True, metavar="LABEL=KEY", help="what a printed label means")
@click.option("--extra", "extras", multiple=True, metavar="LABEL[=TYPE]", help="a new field of that label")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=None, help="folder of the proposal")
@click.option("--pictures/--no-pictures", default=True, help="draw the blank and both filled forms")
@click.option("--json", "as_json", is_flag=True, help="the report as JSON on standard output")
@click.option("--confirm", is_flag=True, help="install the edition; else only propose it, or ask on a terminal")
@click.option("--use", is_flag=True, help="fill the form in the new edition from now on")
@data_option
def adopt_command(  # noqa: PLR0913  # one argument an option
    file: Path,
    data: Path | None,
    *,
    form: str,
    edition: str,
    base: str,
    labels: Sequence[str],
    extras: Sequence[str],
    out: Path | None,
    pictures: bool,
    as_json: bool,
    confirm: bool,
    use: bool,
) -> int:
    """Make a new edition of a form from a blank official FILE (docx, doc, wps, xlsx, xls).

    FILE may also be the folder of a proposal that was made before and changed by hand.
    """
    settings = settings_of(data)
    if file.is_dir():
        proposal = _proposal_in(settings, file)
    else:
        if not form:
            raise click.UsageError("请用 --form 指明是哪张表 / name the form with --form")
        request = AdoptRequest(form, edition, base, dict(map(_pair, labels)), dict(map(_pair, extras)))
        root = (out or settings.data_dir / PROPOSALS).resolve()
        proposal = adopt(settings, file, file.name, request, root)
    if as_json:
        click.echo(json.dumps(report_of(proposal), ensure_ascii=False))
    else:
        for line in report_lines(proposal):
            click.echo(line)
    if pictures:
        _draw(proposal, file)
    click.echo(f"建议在 {proposal.folder}", err=True)
    if not proposal.is_usable:
        raise EditionRefusedError(reason=f"试填后读回不一致:{proposal.trial.faults[0]}")
    if confirm or (sys.stdin.isatty() and click.confirm("启用这一版吗?", default=False, err=True)):
        return _install(settings, proposal, use=use)
    click.echo("没有启用;看过以后加 --confirm,或对该文件夹再运行一次", err=True)
    return Exit.DONE


def _pair(text: str) -> tuple[str, str]:
    """``标签=键``; the last equals sign parts them."""
    label, sign, key = text.rpartition("=")
    return (label.strip(), key.strip()) if sign else (text.strip(), "")


def _proposal_in(settings: Settings, folder: Path) -> Proposal:
    folder = folder.resolve()
    require_free(settings, folder.parent.name, folder.name)
    others = [item for item in catalogue_of(settings).editions if item.form == folder.parent.name]
    return look_again(folder, others)


def _draw(proposal: Proposal, file: Path) -> None:
    """The pictures beside the proposal; without them the proposal is as good."""
    folder = proposal.folder / PICTURES
    try:
        paths = [*(draw_original(file, folder) if file.is_file() else ()), *draw(proposal, folder)]
    except DocumentError as fault:
        click.echo(f"没有画出图片:{fault.message_zh}", err=True)
        return
    for path in paths:
        click.echo(str(path), err=True)


def _install(settings: Settings, proposal: Proposal, *, use: bool) -> int:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings)
    try:
        target = install(settings, database, proposal, use=use)
    finally:
        database.close()
    click.echo(str(target))
    name = f"{proposal.definition.form} {proposal.definition.edition}"
    click.echo(f"已启用 {name}" + ("" if use else f";填表改用它:service admin editions use {name}"), err=True)
    return Exit.DONE


@click.group("editions")
def editions() -> None:
    """The editions of the forms: which there are, and which one is filled."""


@editions.command("list")
@data_option
def list_editions(data: Path | None) -> None:
    """Every edition, a line each."""
    for state in states_of(settings_of(data)):
        item = state.definition
        line = {
            "form": item.form,
            "edition": item.edition,
            "used": state.is_used,
            "withdrawn": state.is_withdrawn,
            "own": state.is_own,
            "title": item.title,
            "file": str(item.template_path),
        }
        click.echo(json.dumps(line, ensure_ascii=False))


@editions.command("use")
@click.argument("form")
@click.argument("edition")
@data_option
def use_command(form: str, edition: str, data: Path | None) -> None:
    """Fill FORM in EDITION from now on; returned files of every edition are read."""
    _change(settings_of(data), "use", form, edition)


@editions.command("withdraw")
@click.argument("form")
@click.argument("edition")
@data_option
def withdraw_command(form: str, edition: str, data: Path | None) -> None:
    """Offer EDITION no longer; its documents are still read."""
    _change(settings_of(data), "withdraw", form, edition)


@editions.command("restore")
@click.argument("form")
@click.argument("edition")
@data_option
def restore_command(form: str, edition: str, data: Path | None) -> None:
    """Offer a withdrawn EDITION again."""
    _change(settings_of(data), "restore", form, edition)


@editions.command("remove")
@click.argument("form")
@click.argument("edition")
@data_option
def remove_command(form: str, edition: str, data: Path | None) -> None:
    """Take an EDITION away of which there is no document at all."""
    _change(settings_of(data), "remove", form, edition)


def _change(settings: Settings, what: str, form: str, edition: str) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings)
    try:
        match what:
            case "use":
                found = use_edition(settings, database, form, edition)
            case "remove":
                found = remove(settings, database, form, edition)
            case _:
                found = withdraw(settings, database, form, edition, back=what == "restore")
    finally:
        database.close()
    click.echo(json.dumps({"form": found.form, "edition": found.edition, "done": what}))
